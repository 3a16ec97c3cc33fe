"""Making, checking and practising backups from the command line."""

import json
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from ipt_tracker import __version__
from ipt_tracker.cli.house import Configuration, House, opened
from ipt_tracker.persistence import backup, backup_folder, restoring
from ipt_tracker.persistence.backup import About, Made

SPECIAL = ("--help", "-h")
INTO_A_FILE = "into-a-file"
MINUTE = 60


class FileOrCommand(click.Group):
    """A group whose first word may also be the file to make, as in `backup FILE`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take what is no command as what to make."""
        if args and args[0] not in self.commands and args[0] not in SPECIAL:
            args = [INTO_A_FILE, *args]
        return super().parse_args(ctx, args)


@click.group("backup", cls=FileOrCommand, subcommand_metavar="FILE | --scheduled | COMMAND FILE")
def backup_command() -> None:
    """Make an encrypted backup of all records, checked before it gets its name.

    `backup FILE` makes one. `backup --scheduled` makes one in the folder of backups and removes
    those that are no longer needed. It can be opened with this instance's recovery key alone.
    """


@backup_command.command(INTO_A_FILE, hidden=True)
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--scheduled", is_flag=True, help="Into the folder of backups, under a dated name.")
@click.option("--json", "as_json", is_flag=True, help="Print what was made as JSON.")
@click.pass_obj
def make_command(house: House, file: Path | None, *, scheduled: bool, as_json: bool) -> None:
    """Make a backup."""
    if (file is None) is not scheduled:
        raise click.UsageError("Name one file, or say --scheduled.")
    config, removed = house.load(), 0
    if file is None:
        made, removed = make_scheduled(config, datetime.now(UTC))
    else:
        made = make(config, file.resolve(), datetime.now(UTC))
    if as_json:
        facts = {"file": str(made.path), "bytes": made.bytes, "removed": removed}
        click.echo(json.dumps(facts | asdict(made.manifest)))
        return
    click.echo(f"Backed up {_rows(made.manifest.counts)} into {made.path} ({_size(made.bytes)}).")
    click.echo("It was checked: pages, cipher, references, audit, counts.")
    if removed:
        click.echo(f"Removed {removed} older backups that are no longer needed.")


@backup_command.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print what it holds as JSON.")
@click.pass_obj
def verify_command(house: House, file: Path, *, as_json: bool) -> None:
    """Open a backup with this instance's key and check all that is in it."""
    checked = restoring.verify(file.resolve(), house.load().keys, tell)
    if as_json:
        click.echo(json.dumps({"file": str(checked.path)} | asdict(checked.manifest)))
        return
    made_at = checked.manifest.made_at
    click.echo(f"{file} is whole: made {made_at}, {_rows(checked.manifest.counts)}.")


@backup_command.command("drill")
@click.argument(
    "file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.pass_obj
def drill_command(house: House, file: Path | None) -> None:
    """Practise a restore: the newest backup into a passing folder, with every check, timed."""
    config = house.load()
    if file is None:
        newest = backup_folder.newest(backup_folder.listed(config.backups))
        if newest is None:
            raise click.ClickException(f"There is no backup in {config.backups} to practise with.")
        file = newest.path
    began = time.monotonic()
    with (
        TemporaryDirectory(prefix="ipt-drill-") as folder,
        restoring.made_ready(file, config.keys, Path(folder), datetime.now(UTC), tell) as ready,
    ):
        took = time.monotonic() - began
        size = _size(file.stat().st_size)
        click.echo(
            f"Restored {_rows(ready.manifest.counts)} from {file.name} ({size}) with every check "
            f"in {_minutes(took)}. Nothing here was changed."
        )


def make(config: Configuration, file: Path, now: datetime) -> Made:
    """Make a backup of the instance's records in a file."""
    database = opened(config)
    try:
        return backup.make(database, config.keys, file, about(config, now), tell)
    finally:
        database.close()


def make_scheduled(config: Configuration, now: datetime) -> tuple[Made, int]:
    """Make a backup in the folder of backups, then remove those that are no longer needed."""
    made = make(config, folder_of(config) / backup_folder.dated_name(now), now)
    return made, len(backup_folder.tidy(config.backups, now))


def folder_of(config: Configuration) -> Path:
    """Give the folder of backups, made where it is missing."""
    try:
        config.backups.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise click.ClickException(
            f"The folder of backups {config.backups} cannot be made ({error.strerror}). "
            "Name another one in IPT_BACKUPS."
        ) from error
    return config.backups


def about(config: Configuration, now: datetime) -> About:
    """Say what a backup of this instance is of."""
    return About("demo" if config.is_demo else "clinic", __version__, now)


def tell(line: str) -> None:
    """Show one line to the person who waits; stdout is for the result."""
    click.echo(line, err=True)


def _rows(counts: dict[str, int]) -> str:
    return f"{sum(counts.values()):,} rows in {len(counts)} tables"


def _size(size: int) -> str:
    return f"{size / 1_000_000:,.1f} MB"


def _minutes(seconds: float) -> str:
    minutes, rest = divmod(seconds, MINUTE)
    return f"{minutes:.0f} min {rest:.0f} s" if minutes else f"{rest:.1f} s"
