"""How people reach it; the only room that knows Flask."""
