"""Asking a blinded assessor, and the assessor's own pages."""
