"""Who may do what: every role, every permission and every tie, written out by hand."""

from uuid import UUID

import pytest

from ipt_tracker.governance.access import (
    CLINICIANS,
    AccessDenied,
    Actor,
    CourseTies,
    GroupTies,
    MeetingTies,
    Permission,
    RatedTies,
    Role,
    TherapistTies,
    allows,
    require,
)

SELF, SUPERVISEE, STRANGER = UUID(int=1), UUID(int=2), UUID(int=3)
PATIENT, OTHER_PATIENT, EMERGENCY = UUID(int=4), UUID(int=5), UUID(int=6)
OF_A_COURSE = {
    "open_course",
    "edit_patient",
    "edit_course",
    "transfer_course",
    "record_session",
    "record_measure",
    "download_chart",
    "sign_note",
    "write_process_note",
    "see_fidelity",
    "see_access_log",
    "ask_assessment",
    "print_report",
    "export_course",
}
OF_A_SUPERVISEES_COURSE = {
    "open_course",
    "transfer_course",
    "download_chart",
    "cosign_note",
    "see_fidelity",
    "see_access_log",
    "ask_assessment",
    "print_report",
    "export_course",
}
OF_FIDELITY = {
    "oneself": TherapistTies(SELF),
    "a supervisee": TherapistTies(SUPERVISEE),
    "a stranger": TherapistTies(STRANGER),
    "own session": RatedTies(frozenset({SELF, STRANGER})),
    "supervisee's session": RatedTies(frozenset({SUPERVISEE})),
    "a stranger's session": RatedTies(frozenset({STRANGER}), frozenset({SUPERVISEE})),
    "a session asked to rate": RatedTies(frozenset({STRANGER}), frozenset({SELF})),
    "meeting held": MeetingTies(SELF, frozenset({STRANGER})),
    "meeting attended": MeetingTies(STRANGER, frozenset({SELF})),
    "meeting of others": MeetingTies(STRANGER, frozenset({SUPERVISEE})),
}
OF_PATIENTS = {
    "own": CourseTies(frozenset({SELF})),
    "supervisee's": CourseTies(frozenset({SUPERVISEE})),
    "a stranger's": CourseTies(frozenset({STRANGER}), OTHER_PATIENT),
    "nobody's": CourseTies(frozenset()),
    "an emergency's": CourseTies(frozenset({STRANGER}), PATIENT),
    "own, in an emergency": CourseTies(frozenset({SELF}), PATIENT),
    "own group": GroupTies(frozenset({SELF, STRANGER})),
    "supervisee's group": GroupTies(frozenset({SUPERVISEE, STRANGER})),
    "a stranger's group": GroupTies(frozenset({STRANGER})),
}
WITHOUT_PATIENTS = (Role.ADMINISTRATOR, Role.AUDITOR, Role.ASSESSOR)
RATES, LOOKS, LEADS = {"rate_session"}, {"see_fidelity"}, {"supervise"}
READS, CURATES = {"see_evidence"}, {"curate_evidence"}
TAKES_OUT = {"export_caseload"}
MAY = {
    (Role.THERAPIST, "clinic"): {"see_caseload", "start_course", "start_group", "break_glass"}
    | TAKES_OUT
    | {"import_scores"}
    | RATES
    | LOOKS
    | READS,
    (Role.THERAPIST, "own"): OF_A_COURSE,
    (Role.THERAPIST, "supervisee's"): set(),
    (Role.THERAPIST, "a stranger's"): set(),
    (Role.THERAPIST, "nobody's"): set(),
    (Role.THERAPIST, "an emergency's"): {"open_course"},
    (Role.THERAPIST, "own, in an emergency"): OF_A_COURSE,
    (Role.THERAPIST, "own group"): {"open_group", "record_group"},
    (Role.THERAPIST, "supervisee's group"): set(),
    (Role.THERAPIST, "a stranger's group"): set(),
    (Role.THERAPIST, "oneself"): RATES | LOOKS,
    (Role.THERAPIST, "a supervisee"): set(),
    (Role.THERAPIST, "a stranger"): set(),
    (Role.THERAPIST, "own session"): RATES | LOOKS,
    (Role.THERAPIST, "supervisee's session"): set(),
    (Role.THERAPIST, "a stranger's session"): set(),
    (Role.THERAPIST, "a session asked to rate"): RATES,
    (Role.THERAPIST, "meeting held"): set(),
    (Role.THERAPIST, "meeting attended"): RATES | LOOKS,
    (Role.THERAPIST, "meeting of others"): set(),
    (Role.SUPERVISOR, "clinic"): {"see_caseload", "break_glass", "see_emergencies"}
    | TAKES_OUT
    | RATES
    | LEADS
    | READS
    | CURATES,
    (Role.SUPERVISOR, "own"): set(),
    (Role.SUPERVISOR, "supervisee's"): OF_A_SUPERVISEES_COURSE,
    (Role.SUPERVISOR, "a stranger's"): set(),
    (Role.SUPERVISOR, "nobody's"): set(),
    (Role.SUPERVISOR, "an emergency's"): {"open_course"},
    (Role.SUPERVISOR, "own, in an emergency"): {"open_course"},
    (Role.SUPERVISOR, "own group"): set(),
    (Role.SUPERVISOR, "supervisee's group"): {"open_group"},
    (Role.SUPERVISOR, "a stranger's group"): set(),
    (Role.SUPERVISOR, "oneself"): set(),
    (Role.SUPERVISOR, "a supervisee"): RATES | LOOKS | LEADS,
    (Role.SUPERVISOR, "a stranger"): set(),
    (Role.SUPERVISOR, "own session"): set(),
    (Role.SUPERVISOR, "supervisee's session"): RATES | LOOKS | LEADS,
    (Role.SUPERVISOR, "a stranger's session"): set(),
    (Role.SUPERVISOR, "a session asked to rate"): RATES,
    (Role.SUPERVISOR, "meeting held"): RATES | LOOKS | LEADS,
    (Role.SUPERVISOR, "meeting attended"): set(),
    (Role.SUPERVISOR, "meeting of others"): set(),
    (Role.ADMINISTRATOR, "clinic"): {
        *("manage_users", "manage_settings", "see_emergencies", "hold_records"),
        *READS,
        *CURATES,
    },
    (Role.AUDITOR, "clinic"): {"see_audit", "see_emergencies"},
    (Role.ASSESSOR, "clinic"): {"assess"},
    **{(role, tie): set() for role in WITHOUT_PATIENTS for tie in (*OF_FIDELITY, *OF_PATIENTS)},
}
TIES = {"clinic": None} | OF_FIDELITY | OF_PATIENTS


def actor(role):
    """Give somebody with a supervisee and an emergency access, whatever the role: none has both."""
    return Actor(SELF, role, "Somebody", frozenset({SUPERVISEE}), {PATIENT: EMERGENCY})


@pytest.mark.parametrize(("role", "tie"), MAY)
def test_each_role_may_do_exactly_what_is_written_here(role, tie):
    may = {str(p) for p in Permission if allows(actor(role), p, TIES[tie])}

    assert may == MAY[role, tie]


def test_the_table_covers_every_role_and_every_tie():
    assert set(MAY) == {(role, tie) for role in Role for tie in TIES}


def test_a_therapist_who_is_named_as_somebodys_supervisor_sees_no_more_for_it():
    somebody = actor(Role.THERAPIST)

    assert not allows(somebody, Permission.OPEN_COURSE, TIES["supervisee's"])


def test_a_supervisor_without_supervisees_today_opens_no_course():
    left = Actor(SELF, Role.SUPERVISOR, "Somebody")

    assert not allows(left, Permission.OPEN_COURSE, TIES["supervisee's"])


def test_a_refusal_is_raised_and_names_the_permission_and_nothing_else():
    with pytest.raises(AccessDenied) as refused:
        require(actor(Role.ADMINISTRATOR), Permission.OPEN_COURSE, TIES["own"])

    assert str(refused.value) == "open_course"


def test_what_is_allowed_is_not_raised():
    require(actor(Role.THERAPIST), Permission.OPEN_COURSE, TIES["own"])


@pytest.mark.parametrize("role", Role)
def test_only_a_clinician_who_was_allowed_to_takes_fidelity_ratings_out(role):
    allowed = Actor(SELF, role, "Somebody", granted=frozenset({Permission.EXPORT_FIDELITY}))

    assert allows(allowed, Permission.EXPORT_FIDELITY) is (role in CLINICIANS)
    assert not allows(actor(role), Permission.EXPORT_FIDELITY)


@pytest.mark.parametrize("role", Role)
def test_nothing_else_can_be_allowed_beyond_a_role(role):
    allowed = Actor(SELF, role, "Somebody", granted=frozenset(Permission))

    beyond = {p for p in Permission if allows(allowed, p) and not allows(actor(role), p)}

    assert beyond <= {Permission.EXPORT_FIDELITY}
