"""The caseload: who is in treatment, how they are doing, what is due."""
