"""What a proxy or a watch on the machine asks: is it ready for work."""
