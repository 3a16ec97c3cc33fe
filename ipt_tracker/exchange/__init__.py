"""Formats in and out: values in, bytes out."""
