"""A caseload beside the trials: change from start to end, its uncertainty, and its limits."""
