"""The timeline of a course: symptoms and life events on one axis with the scores."""
