"""Commands that put records into an instance: a course bundle, or invented patients."""

import json
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy import select

from ipt_tracker.cli.house import House, opened
from ipt_tracker.exchange import course_bundle
from ipt_tracker.exchange.bundle_reader import parse
from ipt_tracker.exchange.caseload_generator import generate
from ipt_tracker.persistence.engine import Database
from ipt_tracker.persistence.models import Patient
from ipt_tracker.services.bundles.reading import ReadFile, is_second, read_second
from ipt_tracker.services.bundles.taking_in import take_in
from ipt_tracker.services.imports import ImportReport, Options, PersonDetails, import_bundle
from ipt_tracker.services.unit_of_work import writing

INVENTED = "GEN"
"""How the codes of invented patients begin."""
LARGEST_FILE = 512_000_000
"""Bytes; the file of a whole clinic of a thousand courses has about two hundred million."""


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.pass_obj
def import_command(house: House, file: Path, *, as_json: bool) -> None:
    """Take in a course bundle: all of it, or nothing and the reason."""
    database = opened(house.load())
    if file.stat().st_size > LARGEST_FILE:
        raise click.ClickException(f"{file} is larger than {LARGEST_FILE // 1_000_000} MB.")
    try:
        raw = parse(file.read_bytes())
        bundle = read_second(raw) if is_second(raw) else course_bundle.read_parsed(raw)
    except course_bundle.BrokenBundle as broken:
        raise click.ClickException(f"Nothing was imported from {file}. {broken}") from broken
    with writing(database, None, datetime.now(UTC)) as work:
        if isinstance(bundle, ReadFile):
            report = take_in(work, bundle)
        else:
            report = import_bundle(work, bundle)
    _print(report, as_json=as_json)


def _print(report: ImportReport, *, as_json: bool) -> None:
    if as_json:
        click.echo(
            json.dumps(
                {
                    "added": report.added,
                    "unchanged": report.unchanged,
                    "warnings": report.warnings,
                }
            )
        )
        return
    added = f": {', '.join(report.added)}" if report.added else ""
    click.echo(f"Added {len(report.added)} courses{added}.")
    if report.unchanged:
        click.echo(f"Here already, unchanged: {', '.join(report.unchanged)}.")
    if report.warnings:
        click.echo(f"{len(report.warnings)} warnings; what they name was kept as text:")
    for warning in report.warnings:
        click.echo(f"  {warning}")


@click.command("generate")
@click.option("--patients", default=60, show_default=True, type=click.IntRange(1, 20_000))
@click.option("--seed", default=1, show_default=True, type=int)
@click.pass_obj
def generate_command(house: House, patients: int, seed: int) -> None:
    """Add invented patients with believable courses, over two therapists and one supervisor."""
    config = house.load()
    database = opened(config)
    now = datetime.now(UTC)
    if not config.is_demo and _holds_real_patients(database):
        raise click.ClickException(
            "This instance holds a clinic's own patients. Invented ones go into a demo instance, "
            "or into an empty one: name its folder in IPT_INSTANCE."
        )
    raw, people = generate(patients, seed, now.astimezone().date(), prefix=f"{INVENTED}{seed}")
    bundle = course_bundle.read(json.dumps(raw))
    named = {case_id: details_of(person) for case_id, person in people.items()}
    with writing(database, None, now) as work:
        report = import_bundle(work, bundle, Options(people=named))
    database.close()
    click.echo(f"Added {len(report.added)} invented courses.")


def _holds_real_patients(database: Database) -> bool:
    """Tell whether anybody is here whom this command did not invent."""
    others = select(Patient.id).where(Patient.code.not_like(f"{INVENTED}%")).limit(1)
    with database.read() as session:
        return session.scalar(others) is not None


def details_of(person: object) -> PersonDetails:
    """Take over what the generator invented of a person."""
    names = PersonDetails.__dataclass_fields__
    return PersonDetails(**{name: getattr(person, name) for name in names})
