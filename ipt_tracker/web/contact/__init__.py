"""Same-day contact after a missed visit: the numbers, the attempts, how it ended."""
