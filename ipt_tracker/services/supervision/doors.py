"""The only way to a supervision meeting."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from ipt_tracker.governance.access import AccessDenied, MeetingTies, Permission, require
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import MeetingAttendee, SupervisionMeeting
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork


def open_meeting(work: UnitOfWork, meeting_id: UUID, permission: Permission) -> SupervisionMeeting:
    """Hand over a meeting to who held it and to who was there, or raise AccessDenied.

    A supervisee is handed the whole record: what of it is theirs is for `meeting_page` to pick.
    """
    meeting = _find(work, meeting_id)
    if meeting is None:
        raise AccessDenied(permission)
    people = frozenset(each.therapist_id for each in meeting.attendees)
    require(work.person, permission, MeetingTies(meeting.supervisor_id, people))
    if work.reading:
        work.audit(Event.MEETING_OPENED, meeting_subject(meeting), permission=permission)
    return meeting


def meeting_subject(meeting: SupervisionMeeting) -> Subject:
    """Name a meeting for the audit."""
    return Subject("supervision_meeting", meeting.id)


def _find(work: UnitOfWork, meeting_id: UUID) -> SupervisionMeeting | None:
    found = work.session.scalars(
        select(SupervisionMeeting)
        .where(SupervisionMeeting.id == meeting_id)
        .options(
            joinedload(SupervisionMeeting.attendees).joinedload(MeetingAttendee.therapist),
            selectinload(SupervisionMeeting.cases),
            selectinload(SupervisionMeeting.actions),
        )
    )
    return found.unique().one_or_none()
