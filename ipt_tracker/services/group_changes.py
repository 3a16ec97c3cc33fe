"""Changing a meeting that is not signed: the old text of each field is kept beside it."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from datetime import time
from uuid import UUID

from ipt_tracker.clinical.course.groups import check_meeting
from ipt_tracker.clinical.course.records import RiskCheck
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import (
    GroupMember,
    GroupSession,
    NoteStep,
    SessionRecord,
    TherapyGroup,
)
from ipt_tracker.persistence.queries import groups as query
from ipt_tracker.services.group_entries import CancelledEntry, MeetingEntry, MemberEntry
from ipt_tracker.services.group_names import check_group_texts, check_member_texts
from ipt_tracker.services.group_page import standing
from ipt_tracker.services.group_sessions import (
    each_member,
    log_member,
    rows_of_day,
    session_entry,
)
from ipt_tracker.services.groups import require_seen
from ipt_tracker.services.session_entries import Attached, RiskEntry, SessionEntry
from ipt_tracker.services.sessions import can_change, change_session
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork

CHANGED = "changed."
"""Begins the step that keeps the old text of a field; the field's name follows."""
NOT_ON_THE_PAGE = ("focal_area", "dispute_stage", "homework", "patient_location")
"""What a member's own record may hold besides; it stays as it is."""
OF_THE_MEMBER = ("attendance", "minutes_late", "mood", "linked_event", "note", "plan")


def can_change_meeting(meeting: GroupSession) -> bool:
    """Say whether the group's record can still be changed: until a leader signs it."""
    return meeting.signed_at is None


def change_group_session(  # noqa: PLR0913 -- what changes, where, and from which version on
    work: UnitOfWork,
    group: TherapyGroup,
    meeting: GroupSession,
    entry: MeetingEntry,
    members: Iterable[MemberEntry],
    *,
    seen_version: int | None,
) -> None:
    """Change a held session with its members' records, those that are not signed yet.

    Raises ChangedMeanwhile when the group's or a member's record is no longer the one seen.
    """
    _check(group, meeting, entry, seen_version)
    check_meeting(entry.held_on, entry.duration_minutes, group.started_on, work.today)
    rows = rows_of_day(standing(work, group), entry, members)
    there = query.records_at(work.session, meeting.id)
    _check_nobody_is_lost(group, there, rows)

    def change(member: GroupMember, row: MemberEntry) -> None:
        check_member_texts(group, member, row)
        record = there.get(member.course_id)
        if record is None:
            log_member(work, meeting, member, entry, row)
        else:
            wanted = session_entry(meeting, entry, row)
            _change_member(work, member, record, wanted, row)

    each_member(rows, change)
    _keep(work, meeting, entry.columns)


def change_cancelled(
    work: UnitOfWork,
    group: TherapyGroup,
    meeting: GroupSession,
    entry: CancelledEntry,
    *,
    seen_version: int | None,
) -> None:
    """Change day, time or reason of a meeting that was cancelled for the whole group."""
    _check(group, meeting, entry, seen_version)
    check_meeting(entry.held_on, None, group.started_on, work.today)
    if not entry.cancel_reason:
        raise RuleBroken("Say why the session was cancelled.", "cancel_reason")
    for record in query.records_at(work.session, meeting.id).values():
        member = next(m for m in group.members if m.course_id == record.course_id)
        now = _entry_of(record)
        moved = replace(now, held_on=entry.held_on, starts_at=entry.starts_at)
        if can_change(record) and moved != now:
            change_session(work, member.course, record, moved, Attached())
    _keep(work, meeting, entry.columns)


def _check(
    group: TherapyGroup,
    meeting: GroupSession,
    entry: MeetingEntry | CancelledEntry,
    seen_version: int | None,
) -> None:
    if not can_change_meeting(meeting):
        raise RuleBroken("The record of this session is signed. A signed record is not changed.")
    require_seen(meeting, seen_version)
    check_group_texts(group, entry)


def _check_nobody_is_lost(
    group: TherapyGroup,
    there: Mapping[UUID, SessionRecord],
    rows: Mapping[GroupMember, MemberEntry],
) -> None:
    """Refuse a day on which somebody who has a record of the session was not a member."""
    lost = there.keys() - {member.course_id for member in rows}
    codes = sorted(m.course.patient.code for m in group.members if m.course_id in lost)
    if codes:
        raise RuleBroken(
            f"{', '.join(codes)} was not a member on that day, but has a record of this session.",
            "held_on",
        )


def _change_member(
    work: UnitOfWork,
    member: GroupMember,
    record: SessionRecord,
    wanted: SessionEntry,
    row: MemberEntry,
) -> None:
    now = _entry_of(record)
    kept = {name: getattr(now, name) for name in NOT_ON_THE_PAGE}
    entry = replace(wanted, **kept)
    risk = _risk_after(record, row)
    own = _own(now) != _own(entry) or risk is not None
    if not can_change(record):
        if own:
            raise RuleBroken("This member's note is signed. Correct it in their course.", "note")
        return
    if own or replace(entry, phase_reason=now.phase_reason) != now:
        change_session(
            work,
            member.course,
            record,
            entry,
            Attached(risk, confirmed=row.confirmed),
            seen_version=row.seen_version,
        )


def _own(entry: SessionEntry) -> tuple[object, ...]:
    """Give what the page of the group asks about a member."""
    return tuple(getattr(entry, name) for name in OF_THE_MEMBER)


def _entry_of(record: SessionRecord) -> SessionEntry:
    """Give a record as it was entered."""
    said = {f.name: getattr(record, f.name) for f in fields(SessionEntry)}
    said |= {"tasks": tuple(record.tasks), "techniques": tuple(record.techniques)}
    return SessionEntry(**said)


def _risk_after(record: SessionRecord, row: MemberEntry) -> RiskEntry | None:
    """Give the answer on risk where it differs from what is kept; what stands beside it stays."""
    now = risk_of(record)
    if row.risk is None or row.risk == now:
        return None
    if now is None:
        return row.risk
    after = replace(now, answer=row.risk.answer, detail=row.risk.detail)
    return None if after == now else after


def risk_of(record: SessionRecord) -> RiskEntry | None:
    """Give the answer on risk as it was entered, None where there is none."""
    check = record.risk
    if check is None:
        return None
    present = RiskCheck.ASKED_NONE if check.result == "none" else RiskCheck.ASKED_PRESENT
    beside = {f.name: getattr(check, f.name) for f in fields(RiskEntry) if f.name != "answer"}
    return RiskEntry(answer=present if check.asked else RiskCheck.NOT_ASKED, **beside)


def _keep(work: UnitOfWork, meeting: GroupSession, values: Mapping[str, object]) -> None:
    """Set the columns that differ, and keep each old text as a step of the record."""
    changed = sorted(name for name, value in values.items() if getattr(meeting, name) != value)
    for name in changed:
        work.session.add(
            NoteStep(
                group_session_id=meeting.id,
                step=f"{CHANGED}{name}",
                comment=_plain(getattr(meeting, name)),
                taken_by=work.person.id,
                taken_at=work.now,
            )
        )
        setattr(meeting, name, values[name])
    meeting.changed_at = work.now
    subject = Subject("group_session", meeting.id)
    work.audit(Event.GROUP_SESSION_CHANGED, subject, slot=meeting.slot, fields=changed)


def _plain(value: object) -> str | None:
    if value in (None, "", []):
        return None
    if isinstance(value, list):
        return " ".join(str(each) for each in value)
    return f"{value:%H:%M}" if isinstance(value, time) else str(value)
