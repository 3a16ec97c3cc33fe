"""Everything that can be taken from one course, on one page."""
