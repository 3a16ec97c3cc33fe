"""How records are kept; knows SQLAlchemy, not Flask."""
