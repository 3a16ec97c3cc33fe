"""What trials have in common: the words they save, what is looked at afterwards, a full disk."""

import json
from contextlib import contextmanager

from sqlalchemy import event, select, text

from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import AuditEntry, Measure, SessionRecord

NO_LIMIT = 1_073_741_823
NAMES = {"sqlcipher": "SQLCipher", "sqlite": "SQLite", "postgresql": "PostgreSQL"}
WITH_AUDIT = {SessionRecord: Event.SESSION_LOGGED, Measure: Event.MEASURE_RECORDED}
LONG = "She said that the quarrel was about more than the keys. " * 150
"""A note that does not fit into what is left of a page of the database."""


def autosave(client, address, form):
    """Send a draft as the page's script does."""
    pairs = [(n, v) for n, given in form.items() for v in _each(given)]
    sent = {name: form[name] for name in ("csrf_token", "draft_key")}
    return client.post("/drafts", data={**sent, "address": address, "fields": json.dumps(pairs)})


def _each(given):
    return given if isinstance(given, list) else [given]


def integrity(database):
    """Give what the engine says about its file: "ok" when it is whole."""
    with database.engine.connect() as connection:
        if connection.dialect.name != "sqlite":
            return "ok"
        return connection.execute(text("PRAGMA integrity_check")).scalar_one()


def half_written(database):
    """Give the ids that are a record without its audit row, or the other way round."""
    with database.read() as session:
        there = {str(id_) for record in WITH_AUDIT for id_ in session.scalars(select(record.id))}
        told = select(AuditEntry.subject_id).where(AuditEntry.event.in_(WITH_AUDIT.values()))
        return there ^ set(session.scalars(told))


@contextmanager
def full_disk(database):
    """Let the file of a database grow no further until the block ends."""
    room = [1]  # less than there is: SQLite takes the present size

    def limit(connection, *_):
        connection.execute(f"PRAGMA max_page_count = {room[0]}").close()

    event.listen(database.engine, "checkout", limit)
    try:
        yield
    finally:
        room[0] = NO_LIMIT
