"""How long records are kept, and which must be kept whatever their age."""
