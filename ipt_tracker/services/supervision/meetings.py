"""Recording a supervision meeting, changing the record and striking it.

A record is never overwritten. A change strikes it and records the meeting anew; what stays the
same keeps that it was read and done.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import (
    MeetingAction,
    MeetingAttendee,
    MeetingCase,
    SupervisionMeeting,
)
from ipt_tracker.services.supervision.doors import meeting_subject
from ipt_tracker.services.supervision.entries import (
    AttendeeEntry,
    MeetingEntry,
    check_meeting,
)
from ipt_tracker.services.unit_of_work import ChangedMeanwhile, UnitOfWork

CHANGED = "Changed: "
"""How the reason of a record begins that another one took the place of."""
GONE = "This record was struck and can no longer be changed."


def record_meeting(work: UnitOfWork, entry: MeetingEntry) -> SupervisionMeeting:
    """Record a meeting that the actor held."""
    work.require(Permission.SUPERVISE)
    check_meeting(work, entry, ask=True)
    meeting = _made(work, entry)
    work.audit(Event.MEETING_RECORDED, meeting_subject(meeting), **_facts(meeting))
    return meeting


def change_meeting(
    work: UnitOfWork,
    meeting: SupervisionMeeting,
    entry: MeetingEntry,
    reason: str | None,
    *,
    seen_version: int | None,
) -> SupervisionMeeting:
    """Strike a record and record the meeting anew, so that what stood there stays readable."""
    _require_seen(meeting, seen_version)
    if not reason:
        raise RuleBroken("Say why the record is changed.", "reason")
    check_meeting(work, entry, ask=False)
    if is_the_same(meeting, entry):
        raise RuleBroken("Nothing was changed.")
    meeting.struck_at, meeting.struck_reason = work.now, CHANGED + reason
    made = _made(work, entry)
    _carry_over(meeting, made)
    facts = _facts(made) | {"in_place_of": str(meeting.id)}
    work.audit(Event.MEETING_CHANGED, meeting_subject(meeting), now=str(made.id))
    work.audit(Event.MEETING_RECORDED, meeting_subject(made), **facts)
    return made


def strike_meeting(
    work: UnitOfWork,
    meeting: SupervisionMeeting,
    reason: str | None,
    *,
    seen_version: int | None,
) -> None:
    """Mark a record as entered in error: it stays readable and counts no more."""
    _require_seen(meeting, seen_version)
    if not reason:
        raise RuleBroken("Say why the record is struck.", "reason")
    meeting.struck_at, meeting.struck_reason = work.now, reason
    work.audit(Event.MEETING_STRUCK, meeting_subject(meeting))


def was_changed(meeting: SupervisionMeeting) -> bool:
    """Say whether another record took the place of this one."""
    return (meeting.struck_reason or "").startswith(CHANGED)


def is_the_same(meeting: SupervisionMeeting, entry: MeetingEntry) -> bool:
    """Say whether an entry says what the record says."""
    own = ("held_on", "minutes", "form", "modality", "remark")
    if any(getattr(meeting, name) != getattr(entry, name) for name in own):
        return False
    said = {
        p.therapist_id: (
            p.feedback,
            [(c.course_id, c.minutes, c.remark) for c in p.cases],
            [(a.text, a.due_on) for a in p.actions],
        )
        for p in entry.people
    }
    return said == {each.therapist_id: _said(meeting, each) for each in meeting.attendees}


def _said(meeting: SupervisionMeeting, person: MeetingAttendee) -> tuple[Any, ...]:
    """Give what stands in the record for one person alone."""
    return (
        person.feedback,
        [(c.course_id, c.minutes, c.remark) for c in of_person(meeting.cases, person.therapist_id)],
        [(a.text, a.due_on) for a in of_person(meeting.actions, person.therapist_id)],
    )


def of_person(rows: Iterable[Any], therapist_id: UUID) -> list[Any]:
    """Give the cases or actions that are one person's."""
    return [row for row in rows if row.therapist_id == therapist_id]


def _require_seen(meeting: SupervisionMeeting, version: int | None) -> None:
    if meeting.struck_at is not None:
        raise RuleBroken(GONE)
    if meeting.version != version:
        raise ChangedMeanwhile(f"version {version} of this meeting was changed meanwhile")


def _made(work: UnitOfWork, entry: MeetingEntry) -> SupervisionMeeting:
    meeting = SupervisionMeeting(
        supervisor_id=work.person.id,
        held_on=entry.held_on,
        minutes=entry.minutes,
        form=entry.form,
        modality=entry.modality,
        remark=entry.remark,
        recorded_at=work.now,
        attendees=[
            MeetingAttendee(therapist_id=each.therapist_id, feedback=each.feedback)
            for each in entry.people
        ],
        cases=_cases(entry.people),
        actions=_actions(entry.people),
    )
    work.session.add(meeting)
    work.session.flush()
    return meeting


def _cases(people: Sequence[AttendeeEntry]) -> list[MeetingCase]:
    every = [(person.therapist_id, case) for person in people for case in person.cases]
    return [
        MeetingCase(
            place=place,
            therapist_id=whose,
            course_id=case.course_id,
            minutes=case.minutes,
            remark=case.remark,
        )
        for place, (whose, case) in enumerate(every, start=1)
    ]


def _actions(people: Sequence[AttendeeEntry]) -> list[MeetingAction]:
    every = [(person.therapist_id, action) for person in people for action in person.actions]
    return [
        MeetingAction(place=place, therapist_id=whose, text=action.text, due_on=action.due_on)
        for place, (whose, action) in enumerate(every, start=1)
    ]


def _carry_over(old: SupervisionMeeting, new: SupervisionMeeting) -> None:
    """Keep what was read and done, as far as it says the same in the new record."""
    before = {each.therapist_id: each for each in old.attendees}
    alike = old.remark == new.remark and old.held_on == new.held_on
    for person in new.attendees:
        known = before.get(person.therapist_id)
        if known and alike and _said(old, known) == _said(new, person):
            person.acknowledged_at = known.acknowledged_at
    done = {(a.therapist_id, a.text, a.due_on): a for a in old.actions}
    for action in new.actions:
        was = done.get((action.therapist_id, action.text, action.due_on))
        if was is not None:
            action.acknowledged_at = was.acknowledged_at
            action.done_at, action.done_remark = was.done_at, was.done_remark


def _facts(meeting: SupervisionMeeting) -> dict[str, Any]:
    people = sorted(str(each.therapist_id) for each in meeting.attendees)
    return {"form": meeting.form, "minutes": meeting.minutes, "therapists": people}
