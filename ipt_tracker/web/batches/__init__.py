"""Reports of a whole caseload, made while a page shows how far they are."""
