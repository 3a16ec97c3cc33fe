"""Groups: start one, choose who leads it, add to its norms, and say when it has ended."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from ipt_tracker.clinical.course.groups import GroupRole, group_phase_map, in_error
from ipt_tracker.clinical.course.session_rules import check_minutes
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission, Role
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import Account, GroupLeader, GroupSession, TherapyGroup
from ipt_tracker.persistence.queries import groups as query
from ipt_tracker.services.group_doors import group_subject, leaders_on, require_leader
from ipt_tracker.services.unit_of_work import ChangedMeanwhile, Subject, UnitOfWork

LONGEST_AHEAD = timedelta(days=366)
"""How long before its first session a group can be started: members are met one by one first."""


def require_seen(record: TherapyGroup | GroupSession, version: int | None) -> None:
    """Raise ChangedMeanwhile unless the record is still the one that a form was filled in for."""
    if record.version != version:
        raise ChangedMeanwhile(f"version {version} of this record was changed meanwhile")


@dataclass(frozen=True, slots=True)
class GroupEntry:
    """What is agreed when a group starts."""

    code: str | None
    protocol: str
    planned_sessions: int
    session_minutes: int | None
    spacing: str | None
    norms: str | None
    started_on: date
    co_leader_id: UUID | None = None


def start_group(work: UnitOfWork, entry: GroupEntry) -> TherapyGroup:
    """Start a group that the actor leads."""
    work.require(Permission.START_GROUP)
    if not entry.code:
        raise RuleBroken("Give the group a code.", "code")
    if query.has_code(work.session, entry.code):
        raise RuleBroken("Another group has this code.", "code")
    phases = group_phase_map(entry.protocol, entry.planned_sessions)
    _check_minutes(entry.session_minutes)
    if entry.started_on > work.today + LONGEST_AHEAD:
        raise RuleBroken("That is more than a year ahead. Check the year.", "started_on")
    group = TherapyGroup(
        code=entry.code,
        protocol=entry.protocol,
        phase_map=phases.as_json(),
        planned_sessions=entry.planned_sessions,
        session_minutes=entry.session_minutes,
        spacing=entry.spacing,
        norms=entry.norms,
        started_on=entry.started_on,
        created_at=work.now,
    )
    work.session.add(group)
    work.session.flush()
    first_day = min(entry.started_on, work.today)
    _add_leader(work, group, work.person.id, GroupRole.LEADER, first_day)
    if entry.co_leader_id is not None:
        _check_co_leader(work, entry.co_leader_id)
        _add_leader(work, group, entry.co_leader_id, GroupRole.CO_LEADER, first_day)
    work.audit(Event.GROUP_STARTED, group_subject(group), protocol=entry.protocol)
    return group


def _check_minutes(minutes: int | None) -> None:
    try:
        check_minutes(minutes)
    except RuleBroken as broken:
        raise RuleBroken(broken.message, "session_minutes") from broken


def _add_leader(
    work: UnitOfWork, group: TherapyGroup, person: UUID, role: GroupRole, day: date
) -> None:
    made = GroupLeader(group_id=group.id, account_id=person, role=role, started_on=day)
    work.session.add(made)


def _check_co_leader(work: UnitOfWork, account_id: UUID) -> None:
    account = work.session.get(Account, account_id)
    if account is None or account.role != Role.THERAPIST or not account.enabled:
        raise RuleBroken("Choose a therapist.", "co_leader")
    if account_id == work.person.id:
        raise RuleBroken("You lead this group already.", "co_leader")


def change_co_leader(
    work: UnitOfWork, group: TherapyGroup, account_id: UUID | None, day: date
) -> None:
    """Lead the group with this therapist from a day on, or alone. Who led before stays readable."""
    require_leader(work, group)
    before = next((e for e in leaders_on(work, group) if e.role == GroupRole.CO_LEADER), None)
    if account_id == (before.account_id if before else None):
        raise RuleBroken("That is how it is already. Nothing was changed.", "co_leader")
    if account_id is not None:
        _check_co_leader(work, account_id)
    if day > work.today:
        raise RuleBroken("Choose today or an earlier day: it holds at once.", "day")
    if day < max(before.started_on if before else day, min(group.started_on, work.today)):
        raise RuleBroken("The day is before the group or the present co-leader began.", "day")
    if before is not None:
        before.ended_on = day
    if account_id is not None:
        _add_leader(work, group, account_id, GroupRole.CO_LEADER, day)
    touched(work, group, "co_leader", from_day=day.isoformat())


@dataclass(frozen=True, slots=True)
class GroupChange:
    """What can change of a running group: norms are added to, never rewritten."""

    more_norms: str | None
    ended_on: date | None


def change_group(work: UnitOfWork, group: TherapyGroup, change: GroupChange) -> None:
    """Add to the norms, and say when the group met last."""
    if change.more_norms is None and change.ended_on == group.ended_on:
        raise RuleBroken("Nothing was changed.")
    if change.more_norms is not None:
        added = f"{work.today.day} {work.today:%b %Y}: {change.more_norms}"
        group.norms = "\n".join(filter(None, (group.norms, added)))
    if change.ended_on != group.ended_on:
        _end(work, group, change.ended_on)
    touched(work, group, "norms and end")


def _end(work: UnitOfWork, group: TherapyGroup, day: date | None) -> None:
    if group.ended_on is not None:
        raise RuleBroken("This group has ended; its last day stays.", "ended_on")
    met = query.meetings_of(work.session, [group.id]).get(group.id, ())
    counted = (each.held_on for each in met if not in_error(each.cancel_reason))
    last = max(counted, default=group.started_on)
    if day is None or not last <= day <= work.today:
        raise RuleBroken("The day must lie between the last session and today.", "ended_on")
    group.ended_on = day


def touched(
    work: UnitOfWork, group: TherapyGroup, what: str, patient: UUID | None = None, **more: object
) -> None:
    """Write down that something of a group was changed."""
    subject = Subject("group", group.id, patient)
    work.audit(Event.GROUP_CHANGED, subject, what=what, **more)
