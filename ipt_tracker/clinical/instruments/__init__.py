"""The rating instruments: one small engine and one file for each instrument."""
