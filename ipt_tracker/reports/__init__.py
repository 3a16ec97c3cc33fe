"""Printable documents made of charts and tables."""
