"""The published evidence, read critically: effects, trials, and what does not add up."""
