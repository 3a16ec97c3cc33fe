"""Tables that are taken out of the building: chosen, looked at, taken, and written down."""
