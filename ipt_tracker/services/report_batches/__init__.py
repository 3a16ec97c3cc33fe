"""Reports of a whole caseload: asked for, made one by one, taken away as one file."""
