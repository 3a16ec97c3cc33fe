"""The goals of a course: added, reworded, reviewed."""
