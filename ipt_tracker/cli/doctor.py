"""One page that says what is right, what is wrong, and what to do."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime

import click
from sqlalchemy.exc import SQLAlchemyError

from ipt_tracker.cli.doctor_check import Check, State, bad
from ipt_tracker.cli.doctor_machine import machine_checks
from ipt_tracker.cli.doctor_records import record_checks
from ipt_tracker.cli.house import Configuration, House
from ipt_tracker.persistence.connection import UnsafeDatabase
from ipt_tracker.persistence.engine import open_database

HEADINGS = ((State.BAD, "Wrong"), (State.WARN, "To do"), (State.OK, "Right"))


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="For a watch on the machine.")
@click.pass_obj
def doctor_command(house: House, *, as_json: bool) -> None:
    """Say what is right, what is wrong and what to do. Exit code 1 when something is wrong."""
    found = checks(house.load())
    ok = not any(check.state is State.BAD for check in found)
    if as_json:
        click.echo(json.dumps({"ok": ok, "checks": [asdict(check) for check in found]}, indent=2))
    else:
        click.echo(page(found))
    click.get_current_context().exit(0 if ok else 1)


def checks(config: Configuration, now: datetime | None = None) -> tuple[Check, ...]:
    """Look at everything. What cannot even be opened is one of the findings."""
    moment = now or datetime.now(UTC)
    return (*machine_checks(config, moment), *_records(config, moment))


def _records(config: Configuration, now: datetime) -> Iterator[Check]:
    try:
        database = open_database(config.database_url, config.database_key, audit=config.audit)
        try:
            yield from record_checks(database, config.audit, now)
        finally:
            database.close()
    except UnsafeDatabase as error:
        yield bad("records", str(error), "Nothing else could be looked at.")
    except SQLAlchemyError as error:
        yield bad(
            "records",
            f"They could not be read to the end ({type(error).__name__}).",
            "Is the disk full, the key another one, the file damaged, the server away? "
            "A damaged file is brought back with: python3 -m ipt_tracker restore FILE",
        )


def page(found: tuple[Check, ...]) -> str:
    """Write the findings, the worst first, each with what to do."""
    blocks = []
    for state, heading in HEADINGS:
        lines = [_lines(check) for check in found if check.state is state]
        if lines:
            blocks.append(f"{heading}\n" + "\n".join(lines))
    return "\n\n".join(blocks)


def _lines(check: Check) -> str:
    do = f"\n{'':20}-> {check.do}" if check.do else ""
    return f"  {check.name:17} {check.says}{do}"
