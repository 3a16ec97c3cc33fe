"""Why the database did not do what it was asked, where the reason lies outside the program."""

from enum import StrEnum

from sqlalchemy.exc import DBAPIError, OperationalError


class Trouble(StrEnum):
    """What keeps the records from being read or written."""

    BUSY = "busy"
    """Another program holds the lock for longer than a save waits."""
    FULL = "full"
    """There is no room left on the disk."""
    DISK = "disk"
    """The disk refuses: it is damaged, or may only be read."""
    GONE = "gone"
    """The connection broke: whether the last thing was saved is not certain."""
    AUDIT = "audit"
    """The audit row could not be written, so nothing was done."""


SQLITE = {
    "database is locked": Trouble.BUSY,
    "database table is locked": Trouble.BUSY,
    "database or disk is full": Trouble.FULL,
    "disk i/o error": Trouble.DISK,
    "attempt to write a readonly database": Trouble.DISK,
    "unable to open database file": Trouble.DISK,
}
"""What SQLite says; the driver for encrypted files gives no code of the error beside it."""

POSTGRESQL = {
    "55P03": Trouble.BUSY,  # the lock was not to be had in time
    "57014": Trouble.BUSY,  # the statement took too long
    "40001": Trouble.BUSY,  # two transactions that exclude each other
    "40P01": Trouble.BUSY,  # a deadlock
    "53100": Trouble.FULL,
    "53300": Trouble.BUSY,  # too many connections
    "25006": Trouble.DISK,  # a server that may only be read
    "58030": Trouble.DISK,
}


def trouble_of(error: DBAPIError) -> Trouble | None:
    """Say what is wrong outside the program; None when the program itself is at fault."""
    if error.connection_invalidated:
        return Trouble.GONE
    known = POSTGRESQL.get(getattr(error.orig, "sqlstate", None) or "") or _of_sqlite(error)
    if known is not None:
        return known
    if (error.statement or "").startswith("INSERT INTO audit_entry"):
        return Trouble.AUDIT
    is_ours = hasattr(error.orig, "sqlstate") and isinstance(error, OperationalError)
    return Trouble.GONE if is_ours else None


def _of_sqlite(error: DBAPIError) -> Trouble | None:
    said = str(error.orig).lower()
    return next((trouble for words, trouble in SQLITE.items() if said.startswith(words)), None)
