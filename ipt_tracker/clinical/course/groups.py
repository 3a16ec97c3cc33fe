"""Group IPT: who is a member on a day, what a meeting may say, and whose name must not be in it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from ipt_tracker.clinical.course.attendance import Attendance
from ipt_tracker.clinical.course.codes import Code
from ipt_tracker.clinical.course.kinds import Kind
from ipt_tracker.clinical.course.phases import PhaseMap
from ipt_tracker.clinical.course.protocols import PROTOCOLS, Format, Protocol, custom_phase_map
from ipt_tracker.clinical.course.session_rules import check_minutes
from ipt_tracker.clinical.rules import RuleBroken

GROUP_PROTOCOLS: Mapping[str, Protocol] = MappingProxyType(
    {key: each for key, each in PROTOCOLS.items() if each.format is Format.GROUP}
)
"""The protocols that a group can follow."""

OF_A_MEMBER = (
    Attendance.ATTENDED,
    Attendance.ATTENDED_LATE,
    Attendance.LEFT_EARLY,
    Attendance.CANCELLED_BY_PATIENT,
    Attendance.LATE_CANCELLATION,
    Attendance.NO_SHOW,
    Attendance.CANCELLED_BY_THERAPIST,
    Attendance.CANCELLED_BY_SERVICE,
)
"""What can become of one member at a session that the group held. A cancellation of the whole
group is a meeting of its own, and a group does not move for one member."""

MARKS: Mapping[str, str] = MappingProxyType(
    {
        Attendance.ATTENDED: "✓",
        Attendance.ATTENDED_LATE: "late",
        Attendance.LEFT_EARLY: "early",
        Attendance.CANCELLED_BY_PATIENT: "canc",
        Attendance.LATE_CANCELLATION: "late canc",
        Attendance.NO_SHOW: "no",
        Attendance.CANCELLED_BY_THERAPIST: "ther",
        Attendance.CANCELLED_BY_SERVICE: "serv",
        Attendance.GROUP_CANCELLED: "–",
    }
)
"""Short marks for the grid of members and sessions; a legend beside it says what each means."""

AROUND_A_GROUP = (Kind.PRE_GROUP, Kind.MID_GROUP, Kind.POST_GROUP)
"""The individual meetings of each member, in their own course, in order."""

ENTERED_IN_ERROR = "entered in error: "
"""Begins the reason of a record that should not be there; why follows. It has no number."""

SHORTEST_NAME = 3
"""Letters: shorter parts of a name are particles and initials, found in any sentence."""


class GroupRole(Code):
    """What a leader is in a group; both may record."""

    LEADER = "leader", "Leader"
    CO_LEADER = "co_leader", "Co-leader"


@dataclass(frozen=True, slots=True)
class Named:
    """A member as texts could name them."""

    code: str
    name: str | None

    @property
    def words(self) -> frozenset[str]:
        """The code, the parts of the name that stand out, in lower case."""
        parts = (self.name or "").replace("-", " ").split()
        told = {p.lower() for p in parts if len(p) >= SHORTEST_NAME and not p[0].islower()}
        return frozenset({self.code.lower(), *told})


def in_error(cancel_reason: str | None) -> bool:
    """Say whether the record of a meeting was entered in error, from its reason."""
    return (cancel_reason or "").startswith(ENTERED_IN_ERROR)


def is_member(joined_on: date, left_on: date | None, day: date) -> bool:
    """Say whether somebody belongs on a day; the day of leaving is the first without."""
    return joined_on <= day and (left_on is None or day < left_on)


def names_in(text: str | None, others: Iterable[Named], own: Named | None = None) -> list[str]:
    """Give the names and codes of others that stand in a text as words, as they are written there.

    `own` is whose record the text belongs to: what they share with another is theirs. A name can
    be an everyday word too, so what is found is a question, not yet a fault.
    """
    if not text:
        return []
    words = {word for each in others for word in each.words} - (own.words if own else frozenset())
    found = (re.search(rf"(?<!\w){re.escape(w)}(?!\w)", text, re.IGNORECASE) for w in sorted(words))
    return [match.group() for match in found if match]


def meeting_beside(held: int, planned: int) -> Kind:
    """Say which individual meeting is due beside the group, from the group sessions so far."""
    if not held:
        return Kind.PRE_GROUP
    return Kind.MID_GROUP if held < planned else Kind.POST_GROUP


def group_phase_map(protocol: str, planned: int) -> PhaseMap:
    """Give the protocol's own map when its number is kept, else one for the number.

    Raises RuleBroken for a protocol that is not one of groups, and for an impossible number.
    """
    own = GROUP_PROTOCOLS.get(protocol)
    if own is None:
        raise RuleBroken("Choose a protocol for groups.", "protocol")
    return own.phase_map if planned == own.planned_sessions else custom_phase_map(planned)


def check_meeting(held_on: date, minutes: int | None, started_on: date, today: date) -> None:
    """Refuse a day that has not come or is before the group, and a length that cannot be."""
    if held_on > today:
        raise RuleBroken("The date is in the future.", "held_on")
    if held_on < started_on:
        raise RuleBroken("The date is before the group began.", "held_on")
    try:
        check_minutes(minutes)
    except RuleBroken as broken:
        raise RuleBroken(broken.message, "duration_minutes") from broken
