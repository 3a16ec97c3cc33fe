"""Bringing records back from a backup: on a new machine, or in place of what is there."""

from datetime import UTC, datetime
from pathlib import Path

import click

from ipt_tracker.cli.backup import tell
from ipt_tracker.cli.house import Configuration, House, opened, there
from ipt_tracker.persistence import backup_file, placing, restoring
from ipt_tracker.persistence.keys import Keys
from ipt_tracker.persistence.placing import Place, Placed
from ipt_tracker.persistence.recovery_key import decode


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Put it in place of the records that are there.")
@click.option(
    "--recovery-key-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file with the recovery key, instead of typing it.",
)
@click.pass_obj
def restore_command(
    house: House, file: Path, recovery_key_file: Path | None, *, replace: bool
) -> None:
    """Bring the records of a backup back.

    On a new machine it asks for the recovery key and makes the instance. With --replace it takes
    the place of the records that are there, which are kept beside it.
    """
    config, file = there(house), file.resolve()
    if config is None:
        config, placed = _on_a_new_machine(house, file, _typed(recovery_key_file))
    elif replace:
        placed = _in_place(config, file)
    else:
        raise click.ClickException(
            f"There is an instance in {config.instance} already; nothing was changed. To put the "
            "backup in place of its records, say --replace: the old ones are kept beside it."
        )
    _anchor(config, placed)
    _say(config, placed)


def _typed(file: Path | None) -> Keys:
    if file is not None:
        return Keys(decode(file.read_text(encoding="utf-8")))
    return Keys(decode(click.prompt("Recovery key (13 groups)", hide_input=True)))


def _on_a_new_machine(house: House, file: Path, keys: Keys) -> tuple[Configuration, Placed]:
    kind, placed = backup_file.proved(file, keys.backup).kind, []

    def fill(url: str, key: bytes | None) -> None:
        placed.append(placing.restore(file, keys, Place(url, key), datetime.now(UTC), tell))

    config = house.adopt_instance(kind, keys.root, fill)
    return config, placed[0]


def _in_place(config: Configuration, file: Path) -> Placed:
    place = Place(config.database_url, config.database_key)
    return placing.restore(file, config.keys, place, datetime.now(UTC), tell)


def _anchor(config: Configuration, placed: Placed) -> None:
    """Write down outside the database that the audit went back, and say so where it did."""
    database = opened(config)
    try:
        newer = restoring.anchor(database, placed.ready, datetime.now(UTC))
    finally:
        database.close()
    if newer:
        click.echo(
            f"The audit had gone on to row {newer} after this backup was made, and now ends at "
            f"row {placed.ready.head_id}. `audit verify` knows of this restore and says so."
        )


def _say(config: Configuration, placed: Placed) -> None:
    manifest = placed.ready.manifest
    click.echo(
        f"Restored {sum(manifest.counts.values()):,} rows as they were at {manifest.made_at} into "
        f"{config.instance}. Counts, references and audit are right."
    )
    click.echo(f"{placed.ready.sign_ins_ended} sign-ins were ended; everybody signs in again.")
    click.echo("Look through the accounts: who was disabled since then is enabled again.")
    if placed.aside:
        click.echo(f"The records that were there are kept as {placed.aside}.")
        click.echo("To go back to them, stop the application and run:")
        click.echo(f"  mv {placed.aside} {placed.target}")
