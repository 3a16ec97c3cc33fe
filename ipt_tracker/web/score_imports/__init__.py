"""Scores taken in from a spreadsheet: hand in, say what the columns are, look, take in, undo."""
