"""The audit in words, for auditors; and who has seen a record, for those in charge of it."""
