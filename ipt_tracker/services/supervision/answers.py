"""What a supervisee answers: the feedback was read, an action is seen, an action is done."""

from uuid import UUID

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import AccessDenied, Permission
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import MeetingAction, MeetingAttendee, SupervisionMeeting
from ipt_tracker.services.supervision.doors import meeting_subject
from ipt_tracker.services.supervision.meetings import GONE
from ipt_tracker.services.unit_of_work import UnitOfWork

OF_THE_SUPERVISEE = "Only the supervisee can say that."


def acknowledge_meeting(work: UnitOfWork, meeting: SupervisionMeeting) -> None:
    """Say that one has read what stands in the record of a meeting one was at."""
    person = _own_part(work, meeting)
    if person.acknowledged_at is not None:
        raise RuleBroken("You have said already that you read this.")
    person.acknowledged_at = work.now
    work.audit(Event.MEETING_ACKNOWLEDGED, meeting_subject(meeting))


def acknowledge_action(work: UnitOfWork, meeting: SupervisionMeeting, action_id: UUID) -> None:
    """Say that one has taken note of an action."""
    action = find_action(work, meeting, action_id)
    _own_part(work, meeting)
    if action.acknowledged_at is not None:
        raise RuleBroken("You have acknowledged this action already.")
    action.acknowledged_at = work.now
    subject = meeting_subject(meeting)
    work.audit(Event.MEETING_ACKNOWLEDGED, subject, action=str(action.id))


def finish_action(
    work: UnitOfWork, meeting: SupervisionMeeting, action_id: UUID, remark: str | None
) -> None:
    """Say that an action is done, with a remark where there is one."""
    action = find_action(work, meeting, action_id)
    _own_part(work, meeting)
    if action.done_at is not None:
        raise RuleBroken("This action is done already.")
    action.acknowledged_at = action.acknowledged_at or work.now
    action.done_at, action.done_remark = work.now, remark
    work.audit(Event.ACTION_DONE, meeting_subject(meeting), action=str(action.id))


def find_action(work: UnitOfWork, meeting: SupervisionMeeting, action_id: UUID) -> MeetingAction:
    """Give an action of a meeting: its own to a supervisee, another's looks like none."""
    found = next((each for each in meeting.actions if each.id == action_id), None)
    is_holder = meeting.supervisor_id == work.person.id
    if found is None or not (is_holder or found.therapist_id == work.person.id):
        raise AccessDenied(Permission.SEE_FIDELITY)
    return found


def _own_part(work: UnitOfWork, meeting: SupervisionMeeting) -> MeetingAttendee:
    own = next((e for e in meeting.attendees if e.therapist_id == work.person.id), None)
    if own is None:
        raise RuleBroken(OF_THE_SUPERVISEE)
    if meeting.struck_at is not None:
        raise RuleBroken(GONE)
    return own
