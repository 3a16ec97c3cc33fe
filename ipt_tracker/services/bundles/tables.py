"""Which tables a bundle holds, and which it leaves out and why.

Every table of the schema stands in exactly one of the lists; a test says which does not.
"""

from collections.abc import Iterator

from sqlalchemy import Table, Uuid

from ipt_tracker.persistence.base import Base

OF_A_COURSE: dict[str, tuple[str, str]] = {
    "assignment": ("course_id", "course"),
    "contract_change": ("course_id", "course"),
    "focal_area_spell": ("course_id", "course"),
    "group_member": ("course_id", "course"),
    "inventory_person": ("course_id", "course"),
    "life_event": ("course_id", "course"),
    "goal": ("course_id", "course"),
    "worksheet": ("course_id", "course"),
    "session_record": ("course_id", "course"),
    "addendum": ("session_id", "session_record"),
    "appointment": ("course_id", "course"),
    "contact_task": ("course_id", "course"),
    "contact_attempt": ("task_id", "contact_task"),
    "measure": ("course_id", "course"),
    "medication_change": ("session_id", "session_record"),
    "note_step": ("session_id", "session_record"),
    "process_note": ("course_id", "course"),
    "risk_check": ("session_id", "session_record"),
    "assessment_request": ("course_id", "course"),
    "safety_prompt": ("course_id", "course"),
    "second_keying": ("measure_id", "measure"),
    "rating_request": ("session_id", "session_record"),
    "rating_waiver": ("session_id", "session_record"),
    "fidelity_rating": ("session_id", "session_record"),
    "rating_amendment": ("rating_id", "fidelity_rating"),
    "rating_feedback": ("rating_id", "fidelity_rating"),
    "amendment": ("course_id", "course"),
}
"""Tables whose rows belong to one course: the column that says to which row of which table."""

FIRST = ("patient", "course", "imported_case")
"""Tables of a course that are found by its own row."""

SHARED = ("therapy_group", "group_leader", "group_session")
"""Tables of a group: with a course come its group and the meetings that it was part of."""

RATINGS = frozenset(
    {"rating_request", "rating_waiver", "fidelity_rating", "rating_amendment", "rating_feedback"}
)
"""Tables that need the permission to take out fidelity ratings."""

STAFF = ("account", "staff_code")

OF_THE_CLINIC = (
    *("supervision", "clinic_setting", "fidelity_item_set", "portfolio_text", "legal_hold"),
    *("evidence_set", "evidence_trial", "evidence_change", "sampling_plan", "sample_draw"),
    *("supervision_meeting", "meeting_attendee", "meeting_case", "meeting_action"),
)
"""Tables that only the file of a whole clinic holds, beside those of its groups."""

OF_A_WHOLE_GROUP: dict[str, tuple[str, str]] = {
    "appointment": ("group_id", "therapy_group"),
    "note_step": ("group_session_id", "group_session"),
    "rating_request": ("group_session_id", "group_session"),
    "rating_waiver": ("group_session_id", "group_session"),
    "fidelity_rating": ("group_session_id", "group_session"),
    "rating_amendment": ("rating_id", "fidelity_rating"),
    "rating_feedback": ("rating_id", "fidelity_rating"),
}
"""Rows that belong to a group instead of one course: the file of a clinic holds them."""

LEFT_OUT = {
    "audit_entry": "the audit is sealed, and stays with the instance that it is about",
    "throttle": "failed sign-ins of this instance",
    "access_code": "a secret for signing in",
    "recovery_code": "a secret for signing in",
    "second_factor": "a secret for signing in",
    "sign_in": "a browser that is signed in here",
    "draft": "a form that was not sent yet",
    "emergency_access": "an access to this instance, part of its audit",
    "emergency_notice_seen": "an access to this instance, part of its audit",
    "report_batch": "files that are made again when they are asked for",
    "report_batch_part": "files that are made again when they are asked for",
    "score_import": "a file that was taken in here; what it held is among the measures",
    "imported_score": "a row of a file that was taken in here, which is undone here or nowhere",
}
"""Tables that no bundle holds, with the reason."""

LEFT_OUT_COLUMNS = {
    ("account", "password_hash"): "a secret for signing in",
    ("account", "password_set_at"): "it is of the password",
    ("account", "exports_fidelity"): "an administrator of the other instance decides about it",
}
"""Columns that no bundle holds, with the reason: they are empty after an import."""

BEYOND_A_COURSE = {
    ("rating_request", "draw_id"): "a draw is over all courses of a therapist",
    ("rating_request", "group_session_id"): "it is of a whole group",
    ("appointment", "group_id"): "it is of a whole group",
}
"""Columns that the file of one course leaves empty: they lead out of the course."""

WITH_IDS = frozenset(
    {
        ("amendment", "subject_id"),
        ("process_note", "thread"),
        ("fidelity_rating", "rater"),
        ("fidelity_rating", "agreed_from"),
        ("sample_draw", "frame"),
        ("sample_draw", "drawn"),
    }
)
"""Columns that hold ids without being foreign keys."""

NAMED_FOR_STAFF = ("display_name", "role", "email")
"""What the file of one course says of an account; that of a clinic says all but the secrets."""

THREAD = "thread"
"""What ties the editions of one process note together; no row of any table."""


def table(name: str) -> Table:
    """Give a table by its name."""
    return Base.metadata.tables[name]


def in_order() -> list[str]:
    """Name every table of a bundle, each after those that it points at."""
    return [each.name for each in Base.metadata.sorted_tables if each.name not in LEFT_OUT]


def columns(name: str) -> list[str]:
    """Name the columns of a table that a bundle holds, its key first."""
    keys = [column.name for column in table(name).primary_key]
    others = [column.name for column in table(name).columns if column.name not in keys]
    return [each for each in (*keys, *others) if (name, each) not in LEFT_OUT_COLUMNS]


def pointers(name: str) -> Iterator[tuple[str, str]]:
    """Give every column that points at a row, with the table it points at."""
    for column in table(name).columns:
        for foreign in column.foreign_keys:
            if (name, column.name) not in LEFT_OUT_COLUMNS:
                yield column.name, foreign.column.table.name


def has_id(name: str) -> bool:
    """Say whether the rows of a table have ids of their own; the others have a natural key."""
    key = list(table(name).primary_key)
    return len(key) == 1 and key[0].name == "id" and isinstance(key[0].type, Uuid)
