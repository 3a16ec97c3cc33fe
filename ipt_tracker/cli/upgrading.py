"""Bringing records to the newest schema, with a checked backup of them made first."""

from contextlib import closing
from datetime import UTC, datetime

import click

from ipt_tracker.cli.backup import about, folder_of, tell
from ipt_tracker.cli.house import Configuration
from ipt_tracker.persistence import backup, copying, schema
from ipt_tracker.persistence.backup import Made
from ipt_tracker.persistence.backup_file import ENDING
from ipt_tracker.persistence.engine import open_database


def upgrade_records(config: Configuration, *, with_backup: bool) -> None:
    """Back up, then migrate: all of it or nothing. Refuses to skip a clinic's backup."""
    now = datetime.now(UTC)
    with closing(open_database(config.database_url, config.database_key)) as database:
        with database.engine.connect() as connection:
            found = schema.current(connection)
            has_records = not copying.is_empty(connection)
        if found == schema.newest():
            click.echo(f"{config.instance} is at the schema of this version already.")
            return
        made = None
        if has_records and not with_backup and not config.is_demo:
            raise click.ClickException(
                "This instance holds a clinic's records: they are backed up before they are "
                "changed. Run it without --no-backup."
            )
        if has_records and with_backup:
            name = f"before-upgrade-of-{found}-{now:%Y%m%dT%H%M%SZ}{ENDING}"
            target = folder_of(config) / name
            made = backup.make(database, config.keys, target, about(config, now), tell)
            click.echo(f"Backed up into {made.path}, and checked it.")
    _migrate(config, found, made)
    if made is not None:
        with closing(
            open_database(config.database_url, config.database_key, audit=config.audit)
        ) as upgraded:
            backup.write_down_made(upgraded, made, now)
    click.echo(f"{config.instance} is at the schema of this version.")


def _migrate(config: Configuration, found: str | None, made: Made | None) -> None:
    try:
        schema.upgrade(config.database_url, config.database_key, audit=config.keys.audit)
    except Exception as error:
        kept = f" A backup of them is {made.path}." if made else ""
        raise click.ClickException(
            f"The upgrade failed ({type(error).__name__}). The records are whole and as they were, "
            f"at schema {found}; the version that made them still runs.{kept}"
        ) from error
