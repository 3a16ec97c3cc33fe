"""Who may do what to which record: one decision, one place, no framework."""

from collections.abc import Mapping
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
    AUDITOR = "auditor"
    ASSESSOR = "assessor"


CLINICIANS = frozenset({Role.THERAPIST, Role.SUPERVISOR})
"""Those who can be tied to a course, a group or a session at all."""


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
    RATE_SESSION = "rate_session"
    SEE_FIDELITY = "see_fidelity"
    SUPERVISE = "supervise"
    SEE_EVIDENCE = "see_evidence"
    CURATE_EVIDENCE = "curate_evidence"
    SEE_AUDIT = "see_audit"
    SEE_ACCESS_LOG = "see_access_log"
    BREAK_GLASS = "break_glass"
    SEE_EMERGENCIES = "see_emergencies"
    ASSESS = "assess"
    ASK_ASSESSMENT = "ask_assessment"
    HOLD_RECORDS = "hold_records"
    PRINT_REPORT = "print_report"
    EXPORT_COURSE = "export_course"
    EXPORT_CASELOAD = "export_caseload"
    EXPORT_FIDELITY = "export_fidelity"
    IMPORT_SCORES = "import_scores"


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who is signed in, with the ties that decide what they may see today.

    `supervisees` holds the people that the actor supervises today; `emergencies` the patients
    whose records are open to the actor in an emergency, each with the id of that access;
    `granted` what an administrator allowed this one person beyond their role.
    """

    id: UUID
    role: Role
    display_name: str
    supervisees: frozenset[UUID] = field(default_factory=frozenset)
    emergencies: Mapping[UUID, UUID] = field(default_factory=dict)
    granted: frozenset[Permission] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class CourseTies:
    """The people a course belongs to today, and whose course it is."""

    therapists: frozenset[UUID]
    patient: UUID | None = None


@dataclass(frozen=True, slots=True)
class GroupTies:
    """The people who lead a group today, both leaders alike."""

    leaders: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class TherapistTies:
    """A therapist whose work is looked at: the figures of how they rate and are rated."""

    therapist: UUID


@dataclass(frozen=True, slots=True)
class RatedTies:
    """The people of one session that is rated: who gave it, and who was asked to rate it."""

    therapists: frozenset[UUID]
    raters: frozenset[UUID] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class MeetingTies:
    """The people of one supervision meeting."""

    supervisor: UUID
    supervisees: frozenset[UUID]


NOTHING = frozenset[Permission]()
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
            Permission.SEE_FIDELITY,
            Permission.SEE_ACCESS_LOG,
            Permission.ASK_ASSESSMENT,
            Permission.PRINT_REPORT,
            Permission.EXPORT_COURSE,
        }
    ),
    Role.SUPERVISOR: frozenset(
        {
            Permission.OPEN_COURSE,
            Permission.TRANSFER_COURSE,
            Permission.DOWNLOAD_CHART,
            Permission.COSIGN_NOTE,
            Permission.SEE_FIDELITY,
            Permission.SEE_ACCESS_LOG,
            Permission.ASK_ASSESSMENT,
            Permission.PRINT_REPORT,
            Permission.EXPORT_COURSE,
        }
    ),
    Role.ADMINISTRATOR: NOTHING,
    Role.AUDITOR: NOTHING,
    Role.ASSESSOR: NOTHING,
}
"""What each role may do with a course that it is tied to."""

IN_AN_EMERGENCY = frozenset({Permission.OPEN_COURSE})
"""What emergency access lets a clinician do with the courses of its patient, by reading alone."""

OF_A_GROUP = {
    Role.THERAPIST: frozenset({Permission.OPEN_GROUP, Permission.RECORD_GROUP}),
    Role.SUPERVISOR: frozenset({Permission.OPEN_GROUP}),
    Role.ADMINISTRATOR: NOTHING,
    Role.AUDITOR: NOTHING,
    Role.ASSESSOR: NOTHING,
}
"""What each role may do with a group that it is tied to: its record and its members' group notes,
never a member's course."""

OF_FIDELITY = {
    Role.THERAPIST: frozenset({Permission.RATE_SESSION, Permission.SEE_FIDELITY}),
    Role.SUPERVISOR: frozenset(
        {Permission.RATE_SESSION, Permission.SEE_FIDELITY, Permission.SUPERVISE}
    ),
    Role.ADMINISTRATOR: NOTHING,
    Role.AUDITOR: NOTHING,
    Role.ASSESSOR: NOTHING,
}
"""What each role may do with ratings, figures and meetings: a therapist with those about
themselves, a supervisor with those about people whom they supervise."""

AN_ASKED_RATER = frozenset({Permission.RATE_SESSION})
"""What somebody who was asked to rate a session may do with it."""

OF_THE_CLINIC = {
    Role.THERAPIST: frozenset(
        {
            Permission.SEE_CASELOAD,
            Permission.START_COURSE,
            Permission.START_GROUP,
            Permission.RATE_SESSION,
            Permission.SEE_FIDELITY,
            Permission.SEE_EVIDENCE,
            Permission.BREAK_GLASS,
            Permission.EXPORT_CASELOAD,
            Permission.IMPORT_SCORES,
        }
    ),
    Role.SUPERVISOR: frozenset(
        {
            Permission.SEE_CASELOAD,
            Permission.RATE_SESSION,
            Permission.SUPERVISE,
            Permission.SEE_EVIDENCE,
            Permission.CURATE_EVIDENCE,
            Permission.BREAK_GLASS,
            Permission.SEE_EMERGENCIES,
            Permission.EXPORT_CASELOAD,
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.MANAGE_USERS,
            Permission.MANAGE_SETTINGS,
            Permission.SEE_EVIDENCE,
            Permission.CURATE_EVIDENCE,
            Permission.SEE_EMERGENCIES,
            Permission.HOLD_RECORDS,
        }
    ),
    Role.AUDITOR: frozenset({Permission.SEE_AUDIT, Permission.SEE_EMERGENCIES}),
    Role.ASSESSOR: frozenset({Permission.ASSESS}),
}
"""What each role may do without any one record."""

GRANTABLE = dict.fromkeys(Role, NOTHING) | {
    role: frozenset({Permission.EXPORT_FIDELITY}) for role in CLINICIANS
}
"""What an administrator can allow one person of a role; nobody has it by role."""


Ties = CourseTies | GroupTies | TherapistTies | RatedTies | MeetingTies


def allows(actor: Actor, permission: Permission, ties: Ties | None = None) -> bool:
    """Say whether the actor may do this, to the record with these ties where one is meant.

    A therapist is tied to a course while it is assigned to them and to a group while they lead
    it, a supervisor while one of these people is their supervisee. An administrator is tied to
    neither: no clinical text. Ratings belong to whoever gave the session, also after the course
    was handed over; somebody asked to rate one reaches its form and nothing else. In an
    emergency a clinician reads the courses of one patient without any tie.
    """
    if ties is None:
        return permission in OF_THE_CLINIC[actor.role] | (actor.granted & GRANTABLE[actor.role])
    if isinstance(ties, MeetingTies):
        return _allows_meeting(actor, permission, ties)
    if isinstance(ties, RatedTies) and actor.id in ties.raters and permission in AN_ASKED_RATER:
        return actor.role in CLINICIANS
    if permission in IN_AN_EMERGENCY and is_emergency(actor, ties):
        return True
    people, granted = _of(actor.role, ties)
    own = {actor.id} if actor.role is Role.THERAPIST else actor.supervisees
    return bool(own & people) and permission in granted


def is_emergency(actor: Actor, ties: Ties) -> bool:
    """Say whether these ties are of a patient whose record is open to the actor in an emergency."""
    of_a_patient = isinstance(ties, CourseTies) and ties.patient in actor.emergencies
    return of_a_patient and actor.role in CLINICIANS


def _of(
    role: Role, ties: CourseTies | GroupTies | TherapistTies | RatedTies
) -> tuple[frozenset[UUID], frozenset[Permission]]:
    """Give the people of a record, and what this role may do while one of them is theirs."""
    if isinstance(ties, GroupTies):
        return ties.leaders, OF_A_GROUP[role]
    if isinstance(ties, CourseTies):
        return ties.therapists, OF_A_COURSE[role]
    people = ties.therapists if isinstance(ties, RatedTies) else frozenset({ties.therapist})
    return people, OF_FIDELITY[role]


def _allows_meeting(actor: Actor, permission: Permission, ties: MeetingTies) -> bool:
    """Open a meeting to the supervisor who held it and to the supervisees who were there."""
    people = {ties.supervisor} if actor.role is Role.SUPERVISOR else ties.supervisees
    return actor.id in people and permission in OF_FIDELITY[actor.role]


def require(actor: Actor, permission: Permission, ties: Ties | None = None) -> None:
    """Raise AccessDenied where `allows` says no."""
    if not allows(actor, permission, ties):
        raise AccessDenied(permission)
