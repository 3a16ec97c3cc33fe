"""Moving all records to another database: from the file to PostgreSQL, or back."""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from ipt_tracker.cli.backup import tell
from ipt_tracker.cli.house import Configuration, House, opened
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence import audit_chain, backup, copying, moved, placing, restoring, schema
from ipt_tracker.persistence.copying import Content
from ipt_tracker.persistence.engine import Database, open_database


@click.command("move")
@click.option("--to", "target", required=True, help="URL of an empty database.")
@click.pass_obj
def move_command(house: House, target: str) -> None:
    """Move all records to another database, which must be empty.

    They are copied row by row and compared: counts, digests, the chain of the audit. What was
    left stays as it is, marked so that nobody works on it by mistake.
    """
    config = house.load()
    url = _understood(config, target)
    key = config.keys.database if placing.file_of(url) else None
    copied = _copy(config, url, key)
    moved.mark_moved(config.instance, config.database_url, url)
    rows = sum(content.rows for content in copied.values())
    click.echo(f"Moved {rows:,} rows in {len(copied)} tables; counts, digests and audit are equal.")
    if url == f"sqlite:///{config.instance / 'records.db'}":
        click.echo("Next: take IPT_DATABASE_URL away, then start the application again.")
    else:
        click.echo(f"Next: set IPT_DATABASE_URL={moved.place_of(url)}, then start it again.")
    click.echo("The old records stay as they were. Remove them once you have made a backup here.")


def _understood(config: Configuration, target: str) -> str:
    """Give the URL of the target, or say why it cannot be one."""
    try:
        wanted = make_url(target)
    except ArgumentError as error:
        raise click.ClickException(f"{target} is not the URL of a database.") from error
    if moved.place_of(target) == moved.place_of(config.database_url):
        raise click.ClickException("The records are there already; nothing was done.")
    path = placing.file_of(target)
    if path is None:
        return wanted.render_as_string(hide_password=False)
    path = path.resolve()
    if path.exists() and path.stat().st_size:
        raise click.ClickException(
            f"{path} is there already; nothing was done. If nothing in it is needed, move it away "
            "and run this again."
        )
    return f"sqlite:///{path}"


def _copy(config: Configuration, url: str, key: bytes | None) -> dict[str, Content]:
    """Copy and compare; a target that did not become equal is left empty."""
    if placing.file_of(config.database_url):
        restoring.refuse_while_used(config.database_url, config.database_key)
    with closing(opened(config)) as source:
        _require_whole(source, "The audit of these records is broken, so nothing was moved.")
        if key is None:
            placing.refuse_records(url, key)
        else:
            _private(Path(url.removeprefix("sqlite:///")))
        schema.upgrade(url, key)
        to = {"from": moved.place_of(config.database_url), "to": moved.place_of(url)}
        now = datetime.now(UTC)
        backup.write_down(source, Event.RECORDS_MOVED, "all records", now, to)
        with closing(open_database(url, key, audit=config.audit)) as target:
            tell("Copying the records, then reading them again.")
            copied = copying.copy(source, target, tell)
            _require_whole(target, "The audit did not arrive whole; do not use the copy.")
    return copied


def _require_whole(database: Database, otherwise: str) -> None:
    if database.audit is None:
        raise RuntimeError("this needs the key of the audit")
    with database.read() as session:
        report = audit_chain.verify(session, database.audit)
    if report.findings:
        raise click.ClickException(f"{otherwise} Run: python3 -m ipt_tracker audit verify")


def _private(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
