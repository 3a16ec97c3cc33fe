"""Reading the audit: what was done, by whom, and who has seen a patient's record."""
