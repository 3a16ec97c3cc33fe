"""What is written down about one meeting of a group, as values, and refusals by member."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from ipt_tracker.clinical.course.attendance import took_place
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.services.session_entries import RiskEntry

NAMES_MEANT = "names"
"""The question that is asked when a text seems to name another member."""
SECOND_MEETING = "another_that_day"
"""The question that is asked when the group has a record of that day already."""


@dataclass(frozen=True, slots=True)
class MemberEntry:
    """What is written down about one member. `seen_version` is of a record that is there."""

    member_id: UUID
    attendance: str
    minutes_late: int = 0
    mood: int | None = None
    linked_event: str | None = None
    note: str | None = None
    plan: str | None = None
    risk: RiskEntry | None = None
    confirmed: frozenset[str] = frozenset()
    seen_version: int | None = None

    @property
    def was_there(self) -> bool:
        """Whether the member was seen."""
        return took_place(self.attendance)

    @property
    def texts(self) -> dict[str, str | None]:
        """What is read in the member's own record, by field."""
        detail = self.risk.detail if self.risk else None
        return {
            "note": self.note,
            "linked_event": self.linked_event,
            "risk_detail": detail,
            "plan": self.plan,
        }


@dataclass(frozen=True, slots=True)
class MeetingEntry:
    """What is written down about the group. Its names are those of the columns, save the last.

    `not_asked` is why risk was not asked of the members who have no answer of their own.
    """

    held_on: date
    starts_at: time | None = None
    duration_minutes: int | None = None
    modality: str | None = None
    theme: str | None = None
    tasks: tuple[str, ...] = ()
    techniques: tuple[str, ...] = ()
    note: str | None = None
    plan: str | None = None
    not_asked: str | None = None
    confirmed: frozenset[str] = frozenset()

    @property
    def columns(self) -> dict[str, object]:
        """The columns of the group's record."""
        return {
            "held_on": self.held_on,
            "starts_at": self.starts_at,
            "duration_minutes": self.duration_minutes,
            "modality": self.modality,
            "theme": self.theme,
            "tasks": list(self.tasks),
            "techniques": list(self.techniques),
            "note": self.note,
            "plan": self.plan,
        }


@dataclass(frozen=True, slots=True)
class CancelledEntry:
    """A meeting that was cancelled for the whole group."""

    held_on: date
    starts_at: time | None
    cancel_reason: str | None
    confirmed: frozenset[str] = frozenset()

    @property
    def columns(self) -> dict[str, object]:
        """The columns of the group's record."""
        return {
            "held_on": self.held_on,
            "starts_at": self.starts_at,
            "cancel_reason": self.cancel_reason,
        }


class RowsRefused(RuleBroken):
    """Everything that is wrong: about the group, and about members by the id of the membership."""

    def __init__(
        self, rows: Mapping[UUID, Iterable[RuleBroken]], own: Iterable[RuleBroken] = ()
    ) -> None:
        super().__init__("Nothing was saved: look at the members below.")
        self.rows = {key: tuple(each) for key, each in rows.items()}
        self.own = tuple(own)
