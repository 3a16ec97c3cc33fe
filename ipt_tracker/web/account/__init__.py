"""A person's own account, and setting a password with a one-time code."""
