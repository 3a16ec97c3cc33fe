"""Reports of a course: looked at first, then taken as files."""
