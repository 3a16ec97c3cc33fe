"""Records that are older than the clinic keeps any, and removing those of one patient."""

import json
from datetime import UTC, datetime

import click

from ipt_tracker.cli.backup import make_scheduled
from ipt_tracker.cli.house import House, opened
from ipt_tracker.services.retention import read_kept, remove_records, require_removable
from ipt_tracker.services.unit_of_work import reading, writing


@click.group("retention")
def retention_command() -> None:
    """List records that are past the clinic's period, or remove those of one patient."""


@retention_command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
@click.pass_obj
def list_command(house: House, *, as_json: bool) -> None:
    """List the patients, by code, whose records are past the period."""
    database = opened(house.load())
    with reading(database, None, datetime.now(UTC)) as work:
        kept = read_kept(work)
    database.close()
    if as_json:
        past = [
            {"code": each.code, "last_day": each.last_day.isoformat(), "held": each.held}
            for each in kept.past
        ]
        click.echo(json.dumps({"years": kept.years, "past": past}))
        return
    if kept.years is None:
        click.echo("No period is chosen. An administrator chooses one under Records.")
        return
    click.echo(f"{len(kept.past)} patients are past the period of {kept.years} years.")
    for each in kept.past:
        click.echo(f"  {each.code}, newest day {each.last_day}{', HELD' if each.held else ''}")


@retention_command.command("remove")
@click.argument("code")
@click.option("--yes", is_flag=True, help="Do not ask; for scripts.")
@click.pass_obj
def remove_command(house: House, code: str, *, yes: bool) -> None:
    """Remove all records of one patient, after a backup. It cannot be undone here."""
    config = house.load()
    database = opened(config)
    try:
        with reading(database, None, datetime.now(UTC)) as work:
            require_removable(work, code)
        if not yes and click.prompt("Type the code again to remove the records") != code:
            raise click.ClickException("The codes differ. Nothing was removed.")
        made, _ = make_scheduled(config, datetime.now(UTC))
        with writing(database, None, datetime.now(UTC)) as work:
            removed = remove_records(work, code)
    finally:
        database.close()
    click.echo(f"Removed {sum(removed.values())} rows of {code}. The audit stays.")
    click.echo(f"They are still in {made.path} and in earlier backups, until these expire.")
