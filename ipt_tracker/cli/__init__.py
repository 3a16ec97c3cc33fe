"""How operators reach it: set-up, demo, import, generate, score, report, bench."""
