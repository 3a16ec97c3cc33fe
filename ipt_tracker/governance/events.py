"""The names of everything that is written down in the audit."""

from enum import StrEnum


class Event(StrEnum):
    """One kind of audited act: area, then what happened."""

    SIGNED_IN = "account.signed_in"
    SIGN_IN_REFUSED = "account.sign_in_refused"
    SIGNED_OUT = "account.signed_out"
    ACCOUNT_CREATED = "account.created"
    ACCOUNT_CHANGED = "account.changed"
    PASSWORD_SET = "account.password_set"  # noqa: S105 -- the name of an event, not a password
    SUPERVISION_STARTED = "supervision.started"
    SUPERVISION_ENDED = "supervision.ended"
    CASELOAD_LISTED = "caseload.listed"
    PATIENT_SEARCHED = "patient.searched"
    PATIENT_CHANGED = "patient.changed"
    COURSE_STARTED = "course.started"
    COURSE_OPENED = "course.opened"
    COURSE_CHANGED = "course.changed"
    COURSE_ENDED = "course.ended"
    COURSE_TRANSFERRED = "course.transferred"
    FOCUS_OPENED = "focus.opened"
    FOCUS_CLOSED = "focus.closed"
    SESSION_LOGGED = "session.logged"
    SESSION_CHANGED = "session.changed"
    MEASURE_RECORDED = "measure.recorded"
    MEASURE_CORRECTED = "measure.corrected"
    CHART_DOWNLOADED = "chart.downloaded"
    COURSE_IMPORTED = "course.imported"
    ACCESS_REFUSED = "access.refused"
