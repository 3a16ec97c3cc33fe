"""How sessions are rated, blind to each other, and what the ratings add up to."""
