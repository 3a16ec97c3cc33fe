"""Emergency access to the record of one patient: opening it, reading under it, telling of it."""
