"""Writing one course, or the whole clinic, into a file that another instance takes in."""

import os
import tempfile
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy import or_, select

from ipt_tracker import __version__
from ipt_tracker.cli.house import House, opened
from ipt_tracker.persistence.models import Course, Patient
from ipt_tracker.services.bundles.clinic_file import clinic_bundle
from ipt_tracker.services.bundles.course_file import course_bundle
from ipt_tracker.services.unit_of_work import UnitOfWork, reading


@click.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--course", "course", help="The patient's code, or the id of an imported course.")
@click.option("--clinic", is_flag=True, help="Every course, and all that is around them.")
@click.pass_obj
def export_command(house: House, file: Path, *, course: str | None, clinic: bool) -> None:
    """Write a course or the whole clinic to FILE, for `import` of another instance.

    The file holds names and notes: it is made readable for you alone, and is not encrypted.
    """
    if clinic == (course is not None):
        raise click.ClickException("Say either --course and which one, or --clinic.")
    if file.exists():
        raise click.ClickException(f"{file} is there already. Name a file that is not.")
    with (
        closing(opened(house.load())) as database,
        reading(database, None, datetime.now(UTC)) as work,
    ):
        pieces = clinic_bundle(work, __version__) if clinic else _one(work, course or "")
        size = _write(file, pieces)
    click.echo(f"Wrote {file}, {size} bytes. Keep it as you keep the records themselves.")


def _one(work: UnitOfWork, name: str) -> Iterable[bytes]:
    named = select(Course).join(Patient, Patient.id == Course.patient_id)
    found = work.session.scalars(
        named.where(or_(Patient.code == name, Course.case_id == name)).order_by(Course.started_on)
    ).all()
    if not found:
        raise click.ClickException(f"There is no course of {name}.")
    if len(found) > 1:
        raise click.ClickException(
            f"{name} has {len(found)} courses. Take them with --clinic, or from their own pages."
        )
    return [course_bundle(work, found[0], __version__)]


def _write(file: Path, pieces: Iterable[bytes]) -> int:
    """Write a file beside and move it into place: it is whole or not there, and its owner's."""
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")  # mode 0600
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as into:
            size = sum(into.write(piece) for piece in pieces)
            into.flush()
            os.fsync(into.fileno())
        beside.replace(file)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    return size
