"""The schedule of a course: which measure is given when."""
