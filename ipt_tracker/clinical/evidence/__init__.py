"""The published trials as data with sources, and a patient's change beside them."""
