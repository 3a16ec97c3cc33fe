"""A whole course in rows: every slot with its mood, tasks and risk check, in one statement."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ipt_tracker.persistence.models import RiskCheck, SessionRecord
from ipt_tracker.persistence.queries.records import SLOT_COLUMNS, SlotRow


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One slot as the overview of its course shows it."""

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
            *SLOT_COLUMNS,
            SessionRecord.modality,
            SessionRecord.minutes_late,
            SessionRecord.mood,
            SessionRecord.linked_event,
            SessionRecord.tasks,
            SessionRecord.note_state,
            RiskCheck.asked,
            RiskCheck.result,
            RiskCheck.band,
        )
        .outerjoin(RiskCheck, RiskCheck.session_id == SessionRecord.id)
        .where(SessionRecord.course_id == course_id)
        .order_by(SessionRecord.slot)
    )
    return tuple(_line(tuple(row)) for row in rows)
