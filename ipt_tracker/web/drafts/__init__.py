"""Drafts of forms: what was typed is kept on the server until it is saved."""
