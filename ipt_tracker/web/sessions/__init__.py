"""Sessions of a course: log one, read one, change one that is not signed."""
