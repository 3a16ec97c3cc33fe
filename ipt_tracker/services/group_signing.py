"""Signing a meeting: the group's record, and with it the members' notes that are one's own."""

from dataclasses import dataclass

from ipt_tracker.clinical.course.groups import in_error
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import OF_A_COURSE, Permission
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import (
    GroupMember,
    GroupSession,
    NoteStep,
    SessionRecord,
    TherapyGroup,
)
from ipt_tracker.persistence.queries import groups as query
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.group_page import in_order
from ipt_tracker.services.groups import require_seen
from ipt_tracker.services.notes import can_change, sign_note
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork

SIGNED = "signed"


@dataclass(frozen=True, slots=True)
class Signed:
    """What came of it: how many notes were signed, and why others were not, by code."""

    record: bool
    notes: int
    refused: tuple[tuple[str, str], ...]


def sign_group_session(
    work: UnitOfWork, group: TherapyGroup, meeting: GroupSession, *, seen_version: int | None
) -> Signed:
    """Sign the group's record unless it is signed, and the notes of members who are one's own.

    A note that cannot be signed yet keeps nobody from signing the rest; it is named with why.
    """
    require_seen(meeting, seen_version)
    if in_error(meeting.cancel_reason):
        raise RuleBroken("This record was entered in error. It is not signed.")
    own = own_notes(work, group, meeting)
    record = meeting.signed_at is None
    if not record and not own:
        raise RuleBroken("The record is signed, and no note of it waits for you.")
    if record:
        _sign_record(work, meeting)
    refused = []
    for member, note in own:
        course = open_course(work, member.course_id, Permission.SIGN_NOTE)
        try:
            sign_note(work, course, note, seen_version=note.version)
        except RuleBroken as broken:
            refused.append((member.course.patient.code, broken.message))
    return Signed(record, len(own) - len(refused), tuple(refused))


def own_notes(
    work: UnitOfWork, group: TherapyGroup, meeting: GroupSession
) -> tuple[tuple[GroupMember, SessionRecord], ...]:
    """Give the unsigned notes of members in whose course the actor may sign, by code."""
    there = query.records_at(work.session, meeting.id)
    waiting = {key for key, note in there.items() if can_change(note)}
    if Permission.SIGN_NOTE not in OF_A_COURSE[work.person.role]:
        return ()
    mine = query.open_to(work.session, work.person, work.today, waiting)
    members = (m for m in in_order(group.members) if m.course_id in mine)
    return tuple((member, there[member.course_id]) for member in members)


def _sign_record(work: UnitOfWork, meeting: GroupSession) -> None:
    meeting.signed_by, meeting.signed_at = work.person.id, work.now
    work.session.add(
        NoteStep(
            group_session_id=meeting.id, step=SIGNED, taken_by=work.person.id, taken_at=work.now
        )
    )
    subject = Subject("group_session", meeting.id)
    work.audit(Event.NOTE_SIGNED, subject, slot=meeting.slot)
