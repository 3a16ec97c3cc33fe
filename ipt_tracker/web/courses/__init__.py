"""A course: its overview, its patient, its contract, its focal areas."""
