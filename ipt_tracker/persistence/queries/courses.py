"""A whole course in rows: every slot with its mood, tasks and risk check, in one statement."""

from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ipt_tracker.persistence.models import RiskCheck, SessionRecord
from ipt_tracker.persistence.queries.records import SlotRow

_SLOT = tuple(field.name for field in fields(SlotRow))
_MORE = ("modality", "minutes_late", "mood", "linked_event", "tasks", "note_state")


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One slot as the overview of its course shows it; `risk_asked` is None without a check."""

    slot: SlotRow
    modality: str | None
    minutes_late: int
    mood: int | None
    linked_event: str | None
    tasks: tuple[str, ...]
    note_state: str | None
    risk_asked: bool | None
    risk_result: str | None
    risk_band: str | None


def session_lines(session: Session, course_id: UUID) -> tuple[SessionLine, ...]:
    """Give the slots of a course, in order."""
    rows = session.execute(
        select(
            *(getattr(SessionRecord, name) for name in (*_SLOT, *_MORE)),
            RiskCheck.asked.label("risk_asked"),
            RiskCheck.result.label("risk_result"),
            RiskCheck.band.label("risk_band"),
        )
        .outerjoin(RiskCheck, RiskCheck.session_id == SessionRecord.id)
        .where(SessionRecord.course_id == course_id)
        .order_by(SessionRecord.slot)
    )
    return tuple(_line(dict(row)) for row in rows.mappings())


def _line(row: dict[str, Any]) -> SessionLine:
    slot = SlotRow(**{name: row.pop(name) for name in _SLOT})
    return SessionLine(slot=slot, **row | {"tasks": tuple(row["tasks"] or ())})
