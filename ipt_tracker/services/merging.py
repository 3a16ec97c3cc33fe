"""Two people changed one record: what the other one saved, and the text that was not taken."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from ipt_tracker.persistence.models import Amendment, Course
from ipt_tracker.services.amendments import Record, amend
from ipt_tracker.services.unit_of_work import UnitOfWork

NOT_TAKEN = "two versions were saved at the same time; this text was not taken"
LOOKED_BACK = 400


@dataclass(frozen=True, slots=True)
class Meeting:
    """Who saved the other version and when, as far as the record's corrections say.

    `before` gives the values of the fields that were changed since, as they were before that; of
    the `tracked` fields no change is missing there. `version` is the one that was met.
    """

    version: int
    tracked: frozenset[str] = frozenset()
    by: str | None = None
    by_id: UUID | None = None
    at: datetime | None = None
    before: Mapping[str, Any] = field(default_factory=dict)


def meeting_of(
    work: UnitOfWork,
    record_ids: Collection[UUID],
    seen: int,
    version: int,
    tracked: Collection[str] = (),
) -> Meeting:
    """Read what happened to records since a version; rather too far back than not far enough.

    Each version has one moment at most, so the newest moments, as many, hold every change.
    """
    met = Meeting(version, frozenset(tracked))
    rows = work.session.scalars(
        select(Amendment)
        .where(Amendment.subject_id.in_(record_ids))
        .order_by(Amendment.recorded_at.desc())
        .limit(LOOKED_BACK)
    ).all()
    if not rows:
        return met
    moments = sorted({row.recorded_at for row in rows}, reverse=True)[: max(version - seen, 1)]
    before = {row.field: row.old for row in rows if row.recorded_at >= moments[-1]}
    newest = rows[0]
    return replace(
        met, by=newest.author, by_id=newest.author_id, at=newest.recorded_at, before=before
    )


def keep_not_taken(
    work: UnitOfWork,
    course: Course,
    record: Record,
    texts: Mapping[str, str],
    note_state: str | None = None,
) -> None:
    """Keep texts that lost against another version beside the record, with what stands instead."""
    for name, text in texts.items():
        change = (text, getattr(record, name))
        amend(work, course, record, name, change, reason=NOT_TAKEN, note_state=note_state)
