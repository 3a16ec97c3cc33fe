"""Who may see what, and what is written down about it; as pure as clinical."""
