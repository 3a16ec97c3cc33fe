"""Reads for a page, each with a fixed number of statements."""
