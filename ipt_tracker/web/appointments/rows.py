"""Appointments in words: the list of a course, and what a booking says."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from ipt_tracker.clinical.course.codes import label_of
from ipt_tracker.clinical.course.records import Modality
from ipt_tracker.services.booking import left_to_book
from ipt_tracker.services.outline import Outline
from ipt_tracker.web.courses.changes import Row
from ipt_tracker.web.page import day


@dataclass(frozen=True, slots=True)
class BookedLine:
    """One appointment of the list."""

    id: UUID
    day: str
    time: str
    minutes: str
    place: str
    remark: str


def lines(appointments: Iterable[Row]) -> tuple[BookedLine, ...]:
    """Put appointments into words."""
    return tuple(
        BookedLine(
            each.id,
            f"{each.planned_on:%a} {day(each.planned_on)}",
            f"{each.starts_at:%H:%M}" if each.starts_at else "–",
            str(each.minutes or "–"),
            label_of(Modality, each.modality) if each.modality else "–",
            each.remark or "",
        )
        for each in appointments
    )


def summary(facts: Outline, ahead: int) -> str:
    """Say how much of the contract is booked."""
    left = left_to_book(facts, ahead)
    booked = "Nothing is booked" if not ahead else f"{ahead} booked"
    if facts.course.ended_on is not None:
        return f"{booked}. The course has ended."
    if not left:
        return f"{booked}."
    sessions = "session" if left == 1 else "sessions"
    return f"{booked}, {left} {sessions} of the contract without an appointment."


def booked_words(rows: Iterable[Row]) -> str:
    """Say what was booked: "Booked: Mon 16 Mar, 10:00."."""
    said = [_one(each) for each in rows]
    return (
        f"Booked: {'; '.join(said)}." if len(said) < MANY else f"{len(said)} appointments booked."
    )


MANY = 4
"""From so many on a booking is counted, not listed."""


def _one(each: Row) -> str:
    at = f", {each.starts_at:%H:%M}" if each.starts_at else ""
    return f"{each.planned_on:%a} {day(each.planned_on)}{at}"
