"""One meeting of a group with the members' notes of it: what leaders and supervisors read."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from ipt_tracker.governance.access import Permission
from ipt_tracker.persistence.models import (
    GroupLeader,
    GroupMember,
    GroupSession,
    NoteStep,
    SessionRecord,
    TherapyGroup,
)
from ipt_tracker.persistence.queries import groups as query
from ipt_tracker.persistence.queries.people import names_of
from ipt_tracker.services.group_doors import leading, open_group_session
from ipt_tracker.services.group_page import Standing, in_order, standing
from ipt_tracker.services.group_signing import own_notes
from ipt_tracker.services.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """One member at this meeting; `record` is None for one who has none yet."""

    member: GroupMember
    record: SessionRecord | None
    can_open: bool


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """Everything that the page of a meeting shows. `to_sign` are the notes that are one's own."""

    standing: Standing
    meeting: GroupSession
    lines: tuple[MeetingLine, ...]
    steps: tuple[NoteStep, ...]
    names: Mapping[UUID, str]
    to_sign: int
    own: GroupLeader | None

    @property
    def group(self) -> TherapyGroup:
        """The group itself."""
        return self.standing.group


def read_meeting(
    work: UnitOfWork, group_id: UUID, slot: int, permission: Permission = Permission.OPEN_GROUP
) -> MeetingPage:
    """Open one meeting of a group and read all of it: a fixed number of statements."""
    group, meeting = open_group_session(work, group_id, slot, permission)
    there = query.records_at(work.session, meeting.id)
    ids = [member.course_id for member in group.members]
    open_to = query.open_to(work.session, work.person, work.today, ids)
    facts = standing(work, group)
    here = facts.members_on(meeting.held_on)
    lines = tuple(
        MeetingLine(m, there.get(m.course_id), m.course_id in open_to)
        for m in in_order(group.members)
        if m.course_id in there or m in here
    )
    steps = query.steps_at(work.session, meeting.id)
    people = {meeting.recorded_by, *(step.taken_by for step in steps)}
    names = names_of(work.session, people)
    to_sign = len(own_notes(work, group, meeting))
    return MeetingPage(facts, meeting, lines, steps, names, to_sign, leading(work, group))
