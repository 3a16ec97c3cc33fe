"""The sheets of a course: what each one asks, by whose account, and what it says in one line."""
