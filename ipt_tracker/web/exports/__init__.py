"""Tables taken out of the building: choose, look, say why, download."""
