"""Amendments: the old value, the new one, who, when and why, beside the record that changes."""

from datetime import date, time
from typing import Any

from ipt_tracker.persistence.models import (
    Amendment,
    Course,
    Goal,
    InventoryPerson,
    LifeEvent,
    Measure,
    MedicationChange,
    Patient,
    RiskCheck,
    SessionRecord,
    Worksheet,
)
from ipt_tracker.services.unit_of_work import UnitOfWork

WITHDRAWN, MOVED_AWAY, MOVED_HERE = "withdrawn", "moved_away", "moved_here"
"""Fields of amendments that say what was done with a whole measure."""

Record = (
    Measure
    | Course
    | Patient
    | SessionRecord
    | RiskCheck
    | MedicationChange
    | InventoryPerson
    | LifeEvent
    | Goal
    | Worksheet
)


def amend(  # noqa: PLR0913 -- what was changed, where, from what to what, why
    work: UnitOfWork,
    course: Course,
    record: Record,
    field: str,
    change: tuple[Any, Any],
    *,
    reason: str | None,
    note_state: str | None = None,
) -> None:
    """Keep one change of one field of a record, under the course to which it belongs."""
    old, new = change
    work.session.add(
        Amendment(
            course_id=course.id,
            subject_kind=record.__tablename__,
            subject_id=record.id,
            field=field,
            old=_plain(old),
            new=_plain(new),
            reason=reason,
            author=work.person.display_name,
            author_id=work.person.id,
            amended_on=work.today,
            note_state=note_state,
            recorded_at=work.now,
        )
    )


def _plain(value: object) -> object:
    """Give a value that JSON can hold."""
    return value.isoformat() if isinstance(value, date | time) else value
