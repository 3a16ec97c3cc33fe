"""Changing a meeting that is not signed: the old text of each field is kept beside it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace
from datetime import date, time
from functools import partial
from uuid import UUID

from ipt_tracker.clinical.course.groups import check_meeting, in_error
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
from ipt_tracker.services.group_names import group_texts_asked, member_texts_asked
from ipt_tracker.services.group_page import Standing, standing
from ipt_tracker.services.group_refusals import (
    Found,
    answered_for_all,
    ask_second,
    refusals,
    refusals_of,
)
from ipt_tracker.services.group_sessions import (
    attached,
    check_reason,
    log_member,
    rows_of_day,
    session_entry,
)
from ipt_tracker.services.groups import require_seen
from ipt_tracker.services.session_entries import Attached, RiskEntry, SessionEntry
from ipt_tracker.services.sessions import can_change, change_session, check_risk
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork

CHANGED = "changed."
"""Begins the step that keeps the old text of a field; the field's name follows."""
NOT_ON_THE_PAGE = ("focal_area", "dispute_stage", "homework", "patient_location")
"""What a member's own record may hold besides; it stays as it is."""
OF_THE_MEMBER = ("attendance", "minutes_late", "mood", "linked_event", "note", "plan")


def can_change_meeting(meeting: GroupSession) -> bool:
    """Say whether the group's record can still be changed: until a leader signs it."""
    return meeting.signed_at is None and not in_error(meeting.cancel_reason)


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
    _check(meeting, seen_version)
    facts = standing(work, group)
    found = Found(list(group_texts_asked(group, entry)))
    found.check(lambda: ask_second(facts, entry, meeting))
    found.check(
        lambda: check_meeting(entry.held_on, entry.duration_minutes, group.started_on, work.today)
    )
    rows = rows_of_day(found, facts, entry, members, meeting)
    there = query.records_at(work.session, meeting.id)
    found.check(lambda: _check_nobody_is_lost(group, there, facts, entry.held_on))
    for member, row in rows.items():
        record = there.get(member.course_id)
        found.about(member.id, member_texts_asked(group, member, row))
        found.about(member.id, refusals(partial(_check_risk, record, entry, row)))
        if found.sound:
            act: Callable[[MemberEntry], object] = partial(log_member, work, meeting, member, entry)
            if record is not None:
                wanted = session_entry(meeting, entry, row)
                act = partial(_change_member, work, member, record, wanted)
            found.about(member.id, refusals_of(row, act))
    found.stop()
    keep_columns(work, meeting, entry.columns)


def change_cancelled(
    work: UnitOfWork,
    group: TherapyGroup,
    meeting: GroupSession,
    entry: CancelledEntry,
    *,
    seen_version: int | None,
) -> None:
    """Change day, time or reason of a meeting that was cancelled for the whole group."""
    _check(meeting, seen_version)
    facts = standing(work, group)
    found = Found(list(group_texts_asked(group, entry)))
    found.check(lambda: ask_second(facts, entry, meeting))
    found.check(lambda: check_meeting(entry.held_on, None, group.started_on, work.today))
    found.check(lambda: check_reason(entry))
    found.stop()
    for record in query.records_at(work.session, meeting.id).values():
        member = next(m for m in group.members if m.course_id == record.course_id)
        now = entry_of(record)
        moved = replace(now, held_on=entry.held_on, starts_at=entry.starts_at)
        if can_change(record) and moved != now:
            answered = answered_for_all(facts, entry, meeting)
            asked = Attached(confirmed=entry.confirmed | answered)
            change_session(work, member.course, record, moved, asked)
    keep_columns(work, meeting, entry.columns)


def _check(meeting: GroupSession, seen_version: int | None) -> None:
    if in_error(meeting.cancel_reason):
        raise RuleBroken("This record was entered in error. It is not changed any more.")
    if not can_change_meeting(meeting):
        raise RuleBroken("The record of this session is signed. A signed record is not changed.")
    require_seen(meeting, seen_version)


def _check_nobody_is_lost(
    group: TherapyGroup, there: Mapping[UUID, SessionRecord], facts: Standing, day: date
) -> None:
    """Refuse a day on which somebody who has a record of the session was not a member."""
    lost = there.keys() - {member.course_id for member in facts.members_on(day)}
    codes = sorted(m.course.patient.code for m in group.members if m.course_id in lost)
    if codes:
        raise RuleBroken(
            f"{', '.join(codes)} was not a member on that day, but has a record of this session.",
            "held_on",
        )


def _check_risk(record: SessionRecord | None, entry: MeetingEntry, row: MemberEntry) -> None:
    """Check what is said about risk where something new is said."""
    risk = attached(entry, row).risk if record is None else _risk_after(record, row)
    if record is None or risk is not None:
        check_risk(row.attendance, risk)


def _change_member(
    work: UnitOfWork,
    member: GroupMember,
    record: SessionRecord,
    wanted: SessionEntry,
    row: MemberEntry,
) -> None:
    now = entry_of(record)
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


def entry_of(record: SessionRecord) -> SessionEntry:
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


def keep_columns(work: UnitOfWork, meeting: GroupSession, values: Mapping[str, object]) -> None:
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
