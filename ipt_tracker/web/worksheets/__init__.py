"""The sheets of a course and its page of formulation and contract."""
