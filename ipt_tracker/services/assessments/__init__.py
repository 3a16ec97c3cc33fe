"""Assessments by somebody who knows nothing of the treatment: asking for them, making them."""
