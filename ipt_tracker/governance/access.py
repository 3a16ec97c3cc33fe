"""Who may do what to which record: one decision, one place, no framework."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class AccessDenied(Exception):
    """The actor may not do this. Pages answer 404, as for a record that does not exist."""


class Role(StrEnum):
    """What an account is for. One account, one role."""

    THERAPIST = "therapist"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"


class Permission(StrEnum):
    """One thing that may be done; those of `OF_A_COURSE` to a course the actor is tied to."""

    SEE_CASELOAD = "see_caseload"
    START_COURSE = "start_course"
    MANAGE_USERS = "manage_users"
    MANAGE_SETTINGS = "manage_settings"
    OPEN_COURSE = "open_course"
    EDIT_PATIENT = "edit_patient"
    EDIT_COURSE = "edit_course"
    TRANSFER_COURSE = "transfer_course"
    RECORD_SESSION = "record_session"
    RECORD_MEASURE = "record_measure"
    DOWNLOAD_CHART = "download_chart"
    SIGN_NOTE = "sign_note"
    COSIGN_NOTE = "cosign_note"
    WRITE_PROCESS_NOTE = "write_process_note"
    START_GROUP = "start_group"
    OPEN_GROUP = "open_group"
    RECORD_GROUP = "record_group"


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who is signed in, with the ties that decide what they may see today.

    `supervisees` holds the people that the actor supervises today.
    """

    id: UUID
    role: Role
    display_name: str
    supervisees: frozenset[UUID] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class CourseTies:
    """The people a course belongs to today."""

    therapists: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class GroupTies:
    """The people who lead a group today, both leaders alike."""

    leaders: frozenset[UUID]


OF_A_COURSE = {
    Role.THERAPIST: frozenset(
        {
            Permission.OPEN_COURSE,
            Permission.EDIT_PATIENT,
            Permission.EDIT_COURSE,
            Permission.TRANSFER_COURSE,
            Permission.RECORD_SESSION,
            Permission.RECORD_MEASURE,
            Permission.DOWNLOAD_CHART,
            Permission.SIGN_NOTE,
            Permission.WRITE_PROCESS_NOTE,
        }
    ),
    Role.SUPERVISOR: frozenset(
        {
            Permission.OPEN_COURSE,
            Permission.TRANSFER_COURSE,
            Permission.DOWNLOAD_CHART,
            Permission.COSIGN_NOTE,
        }
    ),
    Role.ADMINISTRATOR: frozenset[Permission](),
}
"""What each role may do with a course that it is tied to."""

OF_A_GROUP = {
    Role.THERAPIST: frozenset({Permission.OPEN_GROUP, Permission.RECORD_GROUP}),
    Role.SUPERVISOR: frozenset({Permission.OPEN_GROUP}),
    Role.ADMINISTRATOR: frozenset[Permission](),
}
"""What each role may do with a group that it is tied to: its record and its members' group notes,
never a member's course."""

OF_THE_CLINIC = {
    Role.THERAPIST: frozenset(
        {Permission.SEE_CASELOAD, Permission.START_COURSE, Permission.START_GROUP}
    ),
    Role.SUPERVISOR: frozenset({Permission.SEE_CASELOAD}),
    Role.ADMINISTRATOR: frozenset({Permission.MANAGE_USERS, Permission.MANAGE_SETTINGS}),
}
"""What each role may do without any one record."""


def allows(
    actor: Actor, permission: Permission, ties: CourseTies | GroupTies | None = None
) -> bool:
    """Say whether the actor may do this, to the course or group with these ties where one is meant.

    A therapist is tied to a course while it is assigned to them and to a group while they lead
    it, a supervisor while one of these people is their supervisee. An administrator is tied to
    neither: no clinical text.
    """
    if ties is None:
        return permission in OF_THE_CLINIC[actor.role]
    if isinstance(ties, GroupTies):
        people, granted = ties.leaders, OF_A_GROUP[actor.role]
    else:
        people, granted = ties.therapists, OF_A_COURSE[actor.role]
    own = {actor.id} if actor.role is Role.THERAPIST else actor.supervisees
    return bool(own & people) and permission in granted


def require(
    actor: Actor, permission: Permission, ties: CourseTies | GroupTies | None = None
) -> None:
    """Raise AccessDenied where `allows` says no."""
    if not allows(actor, permission, ties):
        raise AccessDenied(permission)
