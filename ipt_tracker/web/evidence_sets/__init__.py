"""Trials that a clinic collects itself: the sets, one of them, and the forms that change it."""
