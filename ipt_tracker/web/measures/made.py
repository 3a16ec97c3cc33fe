"""When and how an administration was made, and who entered it."""

from typing import Any
from uuid import UUID

from ipt_tracker.clinical.course.due import LATE_DAYS
from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.services.given import LATE_ENTRY_DAYS
from ipt_tracker.services.measure_page import OneMeasure
from ipt_tracker.services.measures import PLANNED
from ipt_tracker.web.measures.words import blind_words, moment, point_words
from ipt_tracker.web.page import day_year

Row = Any
"""A row of a table: this room works with rows and does not know the tables."""
Fact = tuple[str, str]
NOT_STATED = "not stated"


def made(found: OneMeasure) -> tuple[Fact, ...]:
    """Say when it was made, at which point, and by whom an interview was."""
    measure, form = found.measure, INSTRUMENTS.get(found.measure.instrument)
    interview = form is not None and not form.self_report
    asked = measure.assessor or measure.blind is not None or interview
    return _facts(
        ("Date", day_year(measure.taken_on)),
        ("Point", point_words(measure.point)),
        ("Due", _due_words(measure)),
        ("Assessor", (measure.assessor or NOT_STATED) if asked else ""),
        ("Blinding", (blind_words(measure.blind) or NOT_STATED).capitalize() if asked else ""),
        ("Unblinded", measure.unblinding or ""),
        ("Remark", measure.reason or ""),
    )


def _due_words(measure: Row) -> str:
    if measure.due_on is None:
        return ""
    late = (measure.taken_on - measure.due_on).days
    words = f", {late} days late" if measure.total is not None and late > LATE_DAYS else ""
    return f"{day_year(measure.due_on)}{words}"


def entered(found: OneMeasure) -> tuple[Fact, ...]:
    """Say who entered it and when, and how late that was."""
    measure = found.measure
    if measure.status == PLANNED:
        return ()
    if measure.recorded_by is None:
        return _facts(("Entered", f"imported from a file, {moment(measure.recorded_at)}"))
    days = (measure.recorded_at.astimezone().date() - measure.taken_on).days
    late = f"{days} days after the date on the form" if days > LATE_ENTRY_DAYS else ""
    return _facts(
        ("Entered by", name_of(found, measure.recorded_by)),
        ("When", moment(measure.recorded_at)),
        ("Late", late),
    )


def _facts(*pairs: Fact) -> tuple[Fact, ...]:
    return tuple(pair for pair in pairs if pair[1])


def name_of(found: OneMeasure, person: UUID | None) -> str:
    """Name somebody who entered or changed something."""
    return found.names.get(person, NOT_STATED) if person else NOT_STATED
