"""A group record that was entered in error: it stays readable and counts nowhere."""

from dataclasses import replace

from ipt_tracker.clinical.course.attendance import Attendance
from ipt_tracker.clinical.course.groups import ENTERED_IN_ERROR, in_error
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.persistence.models import GroupMember, GroupSession, SessionRecord, TherapyGroup
from ipt_tracker.persistence.queries import groups as query
from ipt_tracker.services.group_changes import entry_of, keep_columns
from ipt_tracker.services.group_names import reason_asked
from ipt_tracker.services.group_sessions import GROUPS_OWN_PHASE
from ipt_tracker.services.groups import require_seen
from ipt_tracker.services.note_corrections import Correction, correct_note
from ipt_tracker.services.sessions import Attached, can_change, change_session
from ipt_tracker.services.unit_of_work import UnitOfWork


def mark_in_error(  # noqa: PLR0913 -- which record, why, and the version that was seen
    work: UnitOfWork,
    group: TherapyGroup,
    meeting: GroupSession,
    reason: str | None,
    *,
    seen_version: int | None,
    no_name: bool = False,
) -> None:
    """Mark the record of a meeting, and each member's record of it, as entered in error.

    Its number is free again, and so is what was booked for it. What stood there is kept.
    """
    require_seen(meeting, seen_version)
    if in_error(meeting.cancel_reason):
        raise RuleBroken("This record is marked as entered in error already.")
    if not reason:
        raise RuleBroken("Say what was wrong with it.", "reason")
    for question in () if no_name else reason_asked(group, "reason", reason):
        raise question
    there = query.records_at(work.session, meeting.id)
    for member in group.members:
        if member.course_id in there:
            _take_out(work, member, there[member.course_id], reason)
    for booked in query.booked_for(work.session, meeting.id):
        booked.group_session_id = None
    said = f"{ENTERED_IN_ERROR}{reason}"
    keep_columns(work, meeting, {"number": None, "cancelled": True, "cancel_reason": said})


def _take_out(work: UnitOfWork, member: GroupMember, record: SessionRecord, reason: str) -> None:
    if record.attendance == Attendance.ENTERED_IN_ERROR:
        return
    if not can_change(record):
        correction = Correction("attendance", Attendance.ENTERED_IN_ERROR.value, reason)
        correct_note(work, member.course, record, correction, seen_version=record.version)
        return
    gone = replace(
        entry_of(record),
        attendance=Attendance.ENTERED_IN_ERROR.value,
        number=None,
        duration_minutes=None,
        minutes_late=0,
        modality=None,
        mood=None,
        focal_area=None,
        dispute_stage=None,
        tasks=(),
        techniques=(),
        phase_reason=GROUPS_OWN_PHASE,
    )
    change_session(work, member.course, record, gone, Attached())
