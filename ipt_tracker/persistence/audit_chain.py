"""The sealed audit: each row carries a keyed digest of itself and of the seal before it.

Whoever changes the table without the key leaves a place where the seals no longer fit; `verify`
names it. Rows are added here and nowhere else, under the writer's lock, numbered without gaps.
"""

from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.orm import Session, SessionTransaction

from ipt_tracker.persistence.audit_anchors import (
    RESTORE,
    Anchor,
    Head,
    newest_anchor,
    read_anchors,
    write_anchor,
    write_when_due,
)
from ipt_tracker.persistence.audit_check import Report, verify
from ipt_tracker.persistence.audit_findings import Finding, Kind
from ipt_tracker.persistence.audit_seal import FIRST, SEALED, AuditChain, as_stored, seal
from ipt_tracker.persistence.base import Base
from ipt_tracker.persistence.models.audit import AuditEntry

__all__ = [
    "RESTORE",
    "Anchor",
    "AuditChain",
    "Finding",
    "Head",
    "Kind",
    "Report",
    "anchor",
    "anchor_when_due",
    "append",
    "newest_anchor",
    "read_anchors",
    "seal_earlier",
    "verify",
]

_HEAD = "ipt_audit_head"
"""Where a session remembers the head: with the transaction in which it is true."""
NO_CHAIN = "a database without the key of its audit is for reading alone"
CHUNK = 2000
LOWEST = -(2**62)
_Remembered = tuple[SessionTransaction | None, Head]


def append(session: Session, chain: AuditChain | None, entry: AuditEntry) -> None:
    """Number and seal a new row, and add it to the session's transaction, which holds the lock.

    The head is read once in a transaction, whatever the number of rows.
    """
    if chain is None:
        raise RuntimeError(NO_CHAIN)
    head = _head(session)
    entry.id, entry.details = head.id + 1, as_stored(entry.details)
    entry.seal = seal(chain.key, head.seal, [getattr(entry, c.key) for c in SEALED])
    session.add(entry)
    session.info[_HEAD] = (_transaction(session), Head(entry.id, entry.seal))


def _head(session: Session) -> Head:
    remembered: _Remembered | None = session.info.get(_HEAD)
    present = _transaction(session)
    if remembered and present is not None and remembered[0] is present:
        return remembered[1]
    return newest_row(session)


def newest_row(session: Session) -> Head:
    """Read the newest row of the audit."""
    newest = select(AuditEntry.id, AuditEntry.seal).order_by(AuditEntry.id.desc()).limit(1)
    with session.no_autoflush:
        row = session.execute(newest).first()
    return Head(row.id, row.seal or FIRST) if row else Head(0, FIRST)


def _transaction(session: Session) -> SessionTransaction | None:
    return session.get_nested_transaction() or session.get_transaction()


def anchor(session: Session, chain: AuditChain | None, why: str, now: datetime) -> bool:
    """Anchor the newest row as the database has it now: at start, stop, backup, restore, verify."""
    return chain is not None and write_anchor(chain, newest_row(session), why, now)


def anchor_when_due(session: Session, chain: AuditChain | None, now: datetime) -> None:
    """Anchor what this session has just committed, at no more than one line a minute."""
    remembered: _Remembered | None = session.info.pop(_HEAD, None)
    if chain is not None and remembered is not None:
        write_when_due(chain, remembered[1], now)


def seal_earlier(connection: Connection, key: bytes | None) -> None:
    """Seal the rows of before the chain, numbered anew without gaps, while no trigger stands.

    Once, by the migration that brings the seals. Raises RuntimeError when there are rows and no
    key.
    """
    table, before, last, number = Base.metadata.tables["audit_entry"], FIRST, LOWEST, 0
    columns = [table.c[each.key] for each in SEALED]
    found = select(*columns).order_by(table.c.id).limit(CHUNK)
    sealed = (
        update(table)
        .where(table.c.id == bindparam("old"))
        .values(id=bindparam("number"), seal=bindparam("made"))
    )
    while rows := connection.execute(found.where(table.c.id > last)).all():
        if key is None:
            raise RuntimeError(NO_CHAIN)
        changes = []
        for row in rows:
            number += 1
            before = seal(key, before, (number, *row[1:]))
            changes.append({"old": row.id, "number": number, "made": before})
        connection.execute(sealed, changes)
        last = rows[-1].id
