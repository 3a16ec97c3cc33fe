"""What a change in scores means: named thresholds, reliable change, the verdict in words."""
