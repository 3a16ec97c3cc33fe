"""What may be done: one call, one transaction, one audit entry."""
