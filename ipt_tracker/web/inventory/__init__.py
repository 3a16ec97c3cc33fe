"""The interpersonal inventory of a course: people, how close they are, and the closeness circle."""
