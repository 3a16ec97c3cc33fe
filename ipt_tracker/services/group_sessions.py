"""Meetings of a group: one record for the group and one for each member, all of them or none."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import partial

from ipt_tracker.clinical.course.attendance import Attendance
from ipt_tracker.clinical.course.groups import OF_A_MEMBER, check_meeting, in_error
from ipt_tracker.clinical.course.kinds import Kind
from ipt_tracker.clinical.course.phases import PhaseMap
from ipt_tracker.clinical.course.records import RiskCheck
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import GroupMember, GroupSession, SessionRecord, TherapyGroup
from ipt_tracker.services.appointments import settle_group
from ipt_tracker.services.group_entries import CancelledEntry, MeetingEntry, MemberEntry
from ipt_tracker.services.group_names import group_texts_asked, member_texts_asked
from ipt_tracker.services.group_page import Standing, standing
from ipt_tracker.services.group_refusals import (
    Found,
    answered_for_all,
    ask_second,
    refusals,
    refusals_of,
)
from ipt_tracker.services.session_entries import Attached, RiskEntry, SessionEntry
from ipt_tracker.services.sessions import check_risk, log_session
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork

ANOTHER_WAS_SAVED = (
    "Another session of this group was saved since you opened this page. Look at it first; save "
    "again if this one is not the same."
)
GROUPS_OWN_PHASE = "The phase of the group"


def log_group_session(
    work: UnitOfWork,
    group: TherapyGroup,
    entry: MeetingEntry,
    members: Iterable[MemberEntry],
    expected_slot: int | None = None,
) -> GroupSession:
    """Keep a session that the group held, with a record for each member of that day.

    Raises RowsRefused with all that is wrong, or what is wrong about the group alone; then nothing
    is kept at all. An absent member keeps the group's number.
    """
    facts = _begin(work, group, entry.held_on, expected_slot)
    found = Found(list(group_texts_asked(group, entry)))
    found.check(lambda: ask_second(facts, entry))
    found.check(
        lambda: check_meeting(entry.held_on, entry.duration_minutes, group.started_on, work.today)
    )
    rows = rows_of_day(found, facts, entry, members)
    for member, row in rows.items():
        found.about(member.id, member_texts_asked(group, member, row))
        risk = attached(entry, row).risk
        found.about(member.id, refusals(partial(check_risk, row.attendance, risk)))
    if not found.sound:
        found.stop()
    number = facts.next_number
    phase = PhaseMap.from_json(group.phase_map).phase_of(Kind.GROUP, number)
    meeting = _kept(work, facts, entry.columns, number=number, phase=phase)
    for member, row in rows.items():
        log = partial(log_member, work, meeting, member, entry)
        found.about(member.id, refusals_of(row, log))
    found.stop()
    _finish(work, meeting)
    return meeting


def cancel_group_session(
    work: UnitOfWork,
    group: TherapyGroup,
    entry: CancelledEntry,
    expected_slot: int | None = None,
) -> GroupSession:
    """Keep that a session was cancelled for the whole group: a slot for everybody, no number."""
    facts = _begin(work, group, entry.held_on, expected_slot)
    found = Found(list(group_texts_asked(group, entry)))
    found.check(lambda: ask_second(facts, entry))
    found.check(lambda: check_meeting(entry.held_on, None, group.started_on, work.today))
    found.check(lambda: check_reason(entry))
    if not found.sound:
        found.stop()
    phase = PhaseMap.from_json(group.phase_map).phase_of(Kind.GROUP, facts.next_number)
    meeting = _kept(work, facts, entry.columns, number=None, phase=phase, cancelled=True)
    plain = MeetingEntry(entry.held_on, entry.starts_at)
    confirmed = entry.confirmed | answered_for_all(facts, entry)
    for member in facts.members_on(entry.held_on):
        row = MemberEntry(member.id, Attendance.GROUP_CANCELLED, confirmed=confirmed)
        log = partial(log_member, work, meeting, member, plain)
        found.about(member.id, refusals_of(row, log))
    found.stop()
    _finish(work, meeting)
    return meeting


def check_reason(entry: CancelledEntry) -> None:
    """Ask why it was cancelled; a record entered in error is marked so, not cancelled."""
    if not entry.cancel_reason:
        raise RuleBroken("Say why the session was cancelled.", "cancel_reason")
    if in_error(entry.cancel_reason):
        raise RuleBroken("A record entered in error is marked so on its own page.", "cancel_reason")


def _begin(work: UnitOfWork, group: TherapyGroup, day: date, expected_slot: int | None) -> Standing:
    facts = standing(work, group)
    if expected_slot is not None and expected_slot != facts.next_slot:
        raise RuleBroken(ANOTHER_WAS_SAVED)
    if group.ended_on is not None and day > group.ended_on:
        raise RuleBroken("The group had ended before that day.", "held_on")
    return facts


def rows_of_day(
    found: Found,
    facts: Standing,
    entry: MeetingEntry,
    members: Iterable[MemberEntry],
    own: GroupSession | None = None,
) -> dict[GroupMember, MemberEntry]:
    """Give each member of the day who has an entry with it.

    Found is a day without any member, a member without an entry, and an entry that is nobody's
    that day. Two sessions of the group on a day are asked about once, not of each member.
    """
    given = {row.member_id: row for row in members}
    here = facts.members_on(entry.held_on)
    if not here and found.sound:
        nobody = "Nobody was a member on that day. Add members first."
        found.own.append(RuleBroken(nobody, "held_on"))
        return {}
    for member in here:
        if member.id not in given:
            found.about(member.id, [RuleBroken("Say whether they came.", "attendance")])
    for key in given.keys() - {member.id for member in here}:
        found.about(key, [RuleBroken("Not a member on that day.", "attendance")])
    answered = answered_for_all(facts, entry, own)
    return {
        member: replace(given[member.id], confirmed=given[member.id].confirmed | answered)
        for member in here
        if member.id in given
    }


def log_member(
    work: UnitOfWork,
    meeting: GroupSession,
    member: GroupMember,
    entry: MeetingEntry,
    row: MemberEntry,
) -> SessionRecord:
    """Keep one member's record of a meeting in their own course, by the rules of every session."""
    if row.attendance not in OF_A_MEMBER and not meeting.cancelled:
        raise RuleBroken("Say whether they came.", "attendance")
    kept = session_entry(meeting, entry, row)
    record = log_session(work, member.course, kept, attached(entry, row))
    record.group_session_id = meeting.id
    work.session.flush()
    return record


def session_entry(meeting: GroupSession, entry: MeetingEntry, row: MemberEntry) -> SessionEntry:
    """Give one member's record: it stands alone, so it has the group's time, tasks and techniques.

    The theme, the note and the plan of the group stay in the group's record.
    """
    plain = SessionEntry(
        kind=Kind.GROUP,
        number=meeting.number,
        held_on=entry.held_on,
        starts_at=entry.starts_at,
        duration_minutes=None,
        minutes_late=row.minutes_late,
        modality=None,
        attendance=row.attendance,
        phase=meeting.phase,
        phase_reason=GROUPS_OWN_PHASE,
        focal_area=None,
        dispute_stage=None,
        mood=row.mood,
        linked_event=row.linked_event,
        tasks=(),
        techniques=(),
        homework=None,
        plan=row.plan,
        note=row.note,
    )
    if not row.was_there:
        return plain
    return replace(
        plain,
        duration_minutes=entry.duration_minutes,
        modality=entry.modality,
        tasks=entry.tasks,
        techniques=entry.techniques,
    )


def attached(entry: MeetingEntry, row: MemberEntry) -> Attached:
    """Give what is kept beside a member's record: their own answer on risk, or the common one."""
    risk = row.risk
    if risk is None and row.was_there and entry.not_asked:
        risk = RiskEntry(RiskCheck.NOT_ASKED, entry.not_asked)
    return Attached(risk, confirmed=row.confirmed)


def _kept(
    work: UnitOfWork, facts: Standing, columns: dict[str, object], **more: object
) -> GroupSession:
    meeting = GroupSession(
        group_id=facts.group.id,
        slot=facts.next_slot,
        recorded_by=work.person.id,
        created_at=work.now,
        changed_at=work.now,
        **columns,
        **more,
    )
    work.session.add(meeting)
    work.session.flush()
    return meeting


def _finish(work: UnitOfWork, meeting: GroupSession) -> None:
    settle_group(work, meeting)
    subject = Subject("group_session", meeting.id)
    work.audit(Event.GROUP_SESSION_LOGGED, subject, slot=meeting.slot, cancelled=meeting.cancelled)
