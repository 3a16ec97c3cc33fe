"""Scores of earlier times taken in from a spreadsheet: read, matched, checked, kept, undone."""
