"""Measures of a course: enter a form by items or by total, correct a total."""
