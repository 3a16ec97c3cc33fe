"""Reading a record in an emergency, and the notices of it."""
