"""What `doctor` looks at inside the records: engine, schema, pages, keys, the audit, people."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select, text
from sqlalchemy.orm import Session

from ipt_tracker.cli.doctor_check import Check, bad, right, warn
from ipt_tracker.governance.access import Role
from ipt_tracker.persistence.audit_chain import AuditChain, read_anchors, verify
from ipt_tracker.persistence.durability import faults, server_settings
from ipt_tracker.persistence.engine import Database
from ipt_tracker.persistence.models import Account, AuditEntry, SecondFactor
from ipt_tracker.persistence.postgres_role import can_change_the_audit
from ipt_tracker.persistence.schema import SchemaTooOld, require_newest

SLACK = timedelta(minutes=5)
"""Clocks of two machines differ by less."""
RESTORE = "Stop the server and bring back the newest backup: python3 -m ipt_tracker restore FILE"
_ENCRYPTED, _VERSION = text("PRAGMA cipher_version"), text("SELECT sqlite_version()")


def record_checks(database: Database, chain: AuditChain, now: datetime) -> Iterator[Check]:
    """Look at everything in an open database."""
    yield _schema(database)
    with database.engine.execution_options(ipt_access="read").connect() as connection:
        server = connection.dialect.name == "postgresql"
        yield from _server(connection) if server else _file(connection)
    if _is_newest(database):
        with database.read() as session:
            yield from _work(session, chain, now)


def _is_newest(database: Database) -> bool:
    try:
        require_newest(database)
    except SchemaTooOld:
        return False
    return True


def _schema(database: Database) -> Check:
    try:
        require_newest(database)
    except SchemaTooOld as error:
        return bad("schema", str(error), "Run: python3 -m ipt_tracker upgrade")
    return right("schema", "It is the schema of this version.")


def _file(connection: Connection) -> Iterator[Check]:
    """Ask the engine about itself and about every page. Its settings were read on opening."""
    version, cipher = connection.scalar(_VERSION), _cipher(connection)
    what = f"SQLCipher {cipher} on SQLite {version}" if cipher else f"SQLite {version}"
    yield right("engine", f"{what}. Every setting was read back as it must be.")
    damaged = [str(row[0]) for row in connection.execute(text("PRAGMA integrity_check"))]
    if cipher:
        damaged += [str(r[0]) for r in connection.execute(text("PRAGMA cipher_integrity_check"))]
    damaged = [said for said in damaged if said != "ok"]
    yield (
        bad("integrity", f"The file is damaged: {damaged[0]}.", RESTORE)
        if damaged
        else right("integrity", "Every page is whole.")
    )
    broken = connection.execute(text("PRAGMA foreign_key_check")).first()
    yield (
        bad("foreign keys", f"A row of {broken[0]} points at nothing.", RESTORE)
        if broken
        else right("foreign keys", "No row points at nothing.")
    )


def _cipher(connection: Connection) -> str | None:
    """Give the version of SQLCipher; plain SQLite does not even answer the question."""
    asked = connection.execute(_ENCRYPTED)
    return str(asked.scalar_one()) if asked.returns_rows else None


def _server(connection: Connection) -> Iterator[Check]:
    yield right("engine", f"PostgreSQL {connection.scalar(text('SHOW server_version'))}.")
    off = faults(server_settings(connection))
    yield (
        bad(
            "server settings",
            f"{', '.join(off)} is off: acknowledged saves can be lost.",
            "Set it on in postgresql.conf and restart the server.",
        )
        if off
        else right("server settings", "The server waits for the disk before it acknowledges.")
    )
    yield (
        warn(
            "database role",
            "The role of the application could change the audit.",
            "Give it a role of its own: python3 -m ipt_tracker postgres-role ROLE",
        )
        if can_change_the_audit(connection)
        else right("database role", "The role of the application cannot change the audit.")
    )


def _work(session: Session, chain: AuditChain, now: datetime) -> Iterator[Check]:
    looks: tuple[Callable[[], Check], ...] = (
        lambda: _audit(session, chain),
        lambda: _anchor(chain),
        lambda: _factors(session),
        lambda: _administrators(session),
        lambda: _clock(session, now),
    )
    for look in looks:
        yield look()


def _audit(session: Session, chain: AuditChain) -> Check:
    report = verify(session, chain)
    if report.findings:
        return bad(
            "audit",
            f"{len(report.findings)} findings: somebody has changed the audit.",
            "Keep a copy of everything, then run: python3 -m ipt_tracker audit verify",
        )
    return right("audit", f"{report.counted} rows, each sealed to the one before it.")


def _anchor(chain: AuditChain) -> Check:
    anchors = read_anchors(chain.anchor) if chain.anchor and chain.anchor.exists() else ()
    if not anchors:
        return warn(
            "anchor",
            f"There is no anchor of the audit in {chain.anchor}.",
            "Run: python3 -m ipt_tracker audit anchor",
        )
    return right("anchor", f"{len(anchors)} anchors in {chain.anchor}.")


def _factors(session: Session) -> Check:
    confirmed = select(SecondFactor.account_id).where(SecondFactor.confirmed_at.is_not(None))
    missing = session.scalar(
        select(func.count()).where(Account.enabled, Account.id.not_in(confirmed))
    )
    if missing:
        return warn(
            "second factor",
            f"{missing} accounts that can sign in have no second factor.",
            "Ask them to set one up on their own account's page.",
        )
    return right("second factor", "Everybody who can sign in has one.")


def _administrators(session: Session) -> Check:
    found = session.scalar(
        select(func.count()).where(Account.enabled, Account.role == Role.ADMINISTRATOR)
    )
    if not found:
        return bad("administrators", "There is none.", "Run: python3 -m ipt_tracker admin EMAIL")
    if found == 1:
        return warn(
            "administrators",
            "There is one: nobody could help if that person lost the telephone.",
            "Make a second one: python3 -m ipt_tracker admin EMAIL",
        )
    return right("administrators", f"There are {found}.")


def _clock(session: Session, now: datetime) -> Check:
    newest = session.scalar(select(func.max(AuditEntry.at)))
    if newest is not None and newest > now + SLACK:
        return bad(
            "clock",
            "The newest row of the audit lies in the future.",
            "Set the machine's clock right and keep it so (timedatectl set-ntp true).",
        )
    return right("clock", "Nothing was written later than now.")
