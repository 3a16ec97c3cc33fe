"""From a member's course to the group: what the course may say of it, and to whom it is a link."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ipt_tracker.clinical.course.groups import Named, in_error, names_in
from ipt_tracker.clinical.course.kinds import Kind
from ipt_tracker.clinical.course.protocols import Format
from ipt_tracker.clinical.rules import AskFirst
from ipt_tracker.persistence.models import Course, SessionRecord
from ipt_tracker.persistence.queries import groups as query
from ipt_tracker.services.group_doors import may_open_group
from ipt_tracker.services.group_entries import NAMES_MEANT
from ipt_tracker.services.unit_of_work import UnitOfWork

BY_HAND = "by_hand"
"""The question that is asked when a group session is logged on the member's own page."""


@dataclass(frozen=True, slots=True)
class OwnGroup:
    """The group of a course. `id` is given to those alone who may open the group."""

    code: str
    id: UUID | None


@dataclass(frozen=True, slots=True)
class PlaceInGroup:
    """What a member's record says of the group's session: never anything of another member."""

    group: OwnGroup
    number: int | None
    slot: int
    held_on: date
    theme: str | None
    in_error: bool = False


def group_of_course(work: UnitOfWork, course: Course) -> OwnGroup | None:
    """Give the group that a course belongs to today; nothing is read for an individual course."""
    if course.format != Format.GROUP:
        return None
    group = query.group_of(work.session, course.id, work.today)
    if group is None:
        return None
    return OwnGroup(group.code, group.id if may_open_group(work, group) else None)


def place_of(work: UnitOfWork, record: SessionRecord) -> PlaceInGroup | None:
    """Give the session of the group that a member's record belongs to."""
    if record.group_session_id is None:
        return None
    group, meeting = query.group_at(work.session, record.group_session_id)
    own = OwnGroup(group.code, group.id if may_open_group(work, group) else None)
    wrong = in_error(meeting.cancel_reason)
    return PlaceInGroup(own, meeting.number, meeting.slot, meeting.held_on, meeting.theme, wrong)


def ask_by_hand(work: UnitOfWork, course: Course, kind: str, *, confirmed: bool) -> None:
    """Ask before a group session is logged on the page of a course that belongs to a group."""
    if kind != Kind.GROUP or confirmed:
        return
    group = group_of_course(work, course)
    if group is not None:
        raise AskFirst(
            f"This course belongs to group {group.code}. Its sessions are logged on the page of "
            "the group, once for everybody. Choose another kind, or say that this one is meant.",
            BY_HAND,
            BY_HAND,
        )


def ask_names(
    work: UnitOfWork, course: Course, texts: Iterable[str | None], *, confirmed: bool
) -> None:
    """Ask about another member's name or code in what is written in a member's own course.

    Only those are asked who may open the group: to others the question would tell who is in it.
    """
    if confirmed or course.format != Format.GROUP:
        return
    group = query.group_of(work.session, course.id, work.today)
    if group is None or not may_open_group(work, group):
        return
    patient = course.patient
    own = Named(patient.code, patient.name)
    others = [Named(*each) for each in query.others_of(work.session, group.id, course.id)]
    found = [word for text in texts for word in names_in(text, others, own)]
    if found:
        quoted = ", ".join(f"“{word}”" for word in dict.fromkeys(found))
        raise AskFirst(
            f"{quoted} stands in the text, as in the name or code of another member of the group. "
            "Write it without; if it only looks like one, say so.",
            NAMES_MEANT,
            NAMES_MEANT,
        )
