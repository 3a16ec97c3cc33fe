"""Audited acts in plain words. `{of}` is where the patient's code goes, as in " of SYN-01"."""

from collections.abc import Mapping
from typing import Any

from ipt_tracker.governance.access import Permission
from ipt_tracker.governance.events import Event

E = Event
WORDS: Mapping[Event, str] = {
    E.SIGNED_IN: "signed in",
    E.SIGN_IN_REFUSED: "was refused at the sign-in",
    E.SIGNED_OUT: "signed out",
    E.ACCOUNT_CREATED: "made an account",
    E.ACCOUNT_CHANGED: "changed an account",
    E.PASSWORD_SET: "set the password of an account",
    E.PASSWORD_CHANGED: "changed their own password",
    E.SUPERVISION_STARTED: "arranged a supervision",
    E.SUPERVISION_ENDED: "arranged the end of a supervision",
    E.CASELOAD_LISTED: "opened the caseload",
    E.PATIENT_SEARCHED: "searched for a patient",
    E.PATIENT_CHANGED: "changed who the patient is{of}",
    E.COURSE_STARTED: "started the course{of}",
    E.COURSE_OPENED: "opened the course{of}",
    E.COURSE_CHANGED: "changed what was agreed in the course{of}",
    E.COURSE_ENDED: "ended the course{of}",
    E.COURSE_REOPENED: "opened the ended course{of} again",
    E.COURSE_TRANSFERRED: "handed over the course{of}",
    E.TRANSFER_TAKEN_BACK: "took back the handover of the course{of}",
    E.COURSE_IMPORTED: "took in the course{of} from a file",
    E.FOCUS_OPENED: "began a focal area in the course{of}",
    E.FOCUS_CLOSED: "ended a focal area in the course{of}",
    E.FOCUS_SWITCHED: "changed the focal area in the course{of}",
    E.SESSION_LOGGED: "recorded a session{of}",
    E.SESSION_CHANGED: "changed a session{of}",
    E.MEASURE_RECORDED: "recorded a measure{of}",
    E.MEASURE_CORRECTED: "corrected a measure{of}",
    E.MEASURE_WITHDRAWN: "withdrew a measure{of}",
    E.MEASURE_RESTORED: "put back a measure{of}",
    E.MEASURE_MOVED: "moved a measure{of}",
    E.MEASURE_KEYED_AGAIN: "keyed a measure{of} a second time",
    E.MEASURES_DUE_LISTED: "opened the list of measures due",
    E.SCHEDULE_CHANGED: "changed the schedule of measures{of}",
    E.SAFETY_PROMPTED: "recorded an answer on suicide{of}",
    E.SAFETY_ACKNOWLEDGED: "said what was done about an answer on suicide{of}",
    E.SETTING_CHANGED: "changed a setting of the clinic",
    E.SHEET_RECORDED: "wrote in a worksheet{of}",
    E.PERSON_RECORDED: "wrote about a person in the life{of}",
    E.EVENT_RECORDED: "wrote in the timeline{of}",
    E.GOAL_RECORDED: "wrote about a goal{of}",
    E.NOTE_SIGNED: "signed a note{of}",
    E.NOTE_CHANGES_REQUESTED: "asked for changes in a note{of}",
    E.NOTE_COSIGNED: "co-signed a note{of}",
    E.NOTE_ADDENDUM: "added to a signed note{of}",
    E.NOTE_CORRECTED: "corrected a signed note{of}",
    E.NOTE_CHANGES_SEEN: "looked at changes in a note{of}",
    E.NOTE_PRINTED: "printed a note{of}",
    E.NOTES_LISTED: "opened the list of notes",
    E.PROCESS_NOTE_WRITTEN: "wrote a process note{of}",
    E.PROCESS_NOTE_OPENED: "opened a process note{of}",
    E.DRAFT_DISCARDED: "discarded a draft",
    E.CONTACT_ASKED: "asked for same-day contact{of}",
    E.CONTACT_TRIED: "recorded an attempt to reach the patient{of}",
    E.CONTACT_CLOSED: "closed a same-day contact{of}",
    E.APPOINTMENT_BOOKED: "booked an appointment{of}",
    E.APPOINTMENT_TAKEN_BACK: "took back an appointment{of}",
    E.DAY_OPENED: "opened the day",
    E.GROUP_STARTED: "started a group",
    E.GROUP_CHANGED: "changed a group{of}",
    E.GROUP_OPENED: "opened a group",
    E.GROUPS_LISTED: "opened the list of groups",
    E.GROUP_SESSION_LOGGED: "recorded a group session{of}",
    E.GROUP_SESSION_CHANGED: "changed a group session{of}",
    E.FIDELITY_OPENED: "opened figures of ratings{of}",
    E.FIDELITY_LISTED: "opened a list of ratings",
    E.RATING_OPENED: "opened a rating{of}",
    E.RATING_SUBMITTED: "rated a session{of}",
    E.RATING_AMENDED: "amended a rating{of}",
    E.RATING_WAIVED: "waived a rating{of}",
    E.RATING_CONSENSUS: "recorded a consensus on a rating{of}",
    E.RATING_ASKED: "asked for a rating{of}",
    E.RATING_REQUEST_WITHDRAWN: "withdrew a request for a rating{of}",
    E.FEEDBACK_SENT: "sent feedback on a session{of}",
    E.FEEDBACK_ACKNOWLEDGED: "acknowledged feedback on a session{of}",
    E.ITEM_SET_LOADED: "loaded a set of rating items",
    E.PLAN_SET: "set a plan for ratings",
    E.SAMPLE_DRAWN: "drew sessions to rate",
    E.MEETING_RECORDED: "recorded a supervision meeting",
    E.MEETING_CHANGED: "changed a supervision meeting",
    E.MEETING_STRUCK: "struck a supervision meeting",
    E.MEETING_OPENED: "opened a supervision meeting",
    E.MEETING_ACKNOWLEDGED: "acknowledged a supervision meeting",
    E.ACTION_DONE: "marked an action of a meeting as done",
    E.PORTFOLIO_WRITTEN: "wrote the report of a portfolio",
    E.PORTFOLIO_DOWNLOADED: "took out a portfolio as a file",
    E.CHART_DOWNLOADED: "took out a chart{of} as a file",
    E.EVIDENCE_DOWNLOADED: "took out evidence as a file",
    E.EVIDENCE_SET_MADE: "made a set of evidence",
    E.EVIDENCE_SET_CHANGED: "changed a set of evidence",
    E.EVIDENCE_TRIALS_ADDED: "added trials to a set of evidence",
    E.EVIDENCE_TRIAL_WITHDRAWN: "withdrew a trial",
    E.EVIDENCE_TRIAL_RESTORED: "put back a trial",
    E.BENCHMARK_OPENED: "opened the caseload beside the trials",
    E.BENCHMARK_DOWNLOADED: "took out the caseload beside the trials as a file",
    E.ACCESS_REFUSED: "was refused a page",
    E.FACTOR_BEGUN: "began to set up a second step",
    E.FACTOR_CONFIRMED: "set up a second step",
    E.FACTOR_REMOVED: "removed a second step",
    E.FACTOR_REFUSED: "gave a wrong one-time code",
    E.RECOVERY_CODES_MADE: "made recovery codes",
    E.RECOVERY_CODE_USED: "used a recovery code",
    E.ACCESS_CODE_MADE: "made an access code for an account",
    E.ACCESS_CODE_USED: "used an access code",
    E.ACCESS_CODE_REFUSED: "gave a wrong access code",
    E.ROLE_CHANGED: "changed the role of an account",
    E.SIGN_INS_ENDED: "ended sign-ins",
    E.STEPPED_UP: "confirmed who they are",
    E.STEP_UP_REFUSED: "failed to confirm who they are",
    E.UNLOCKED: "unlocked the screen",
    E.LOCKED_OUT: "was locked out for a time",
    E.EMERGENCY_STARTED: "began emergency access to the record{of}",
    E.EMERGENCY_ENDED: "ended emergency access to the record{of}",
    E.EMERGENCY_REFUSED: "was refused emergency access",
    E.EMERGENCY_SEEN: "marked emergency access{of} as seen",
    E.EMERGENCIES_LISTED: "looked at emergency access{of}",
    E.AUDIT_LISTED: "looked at the audit{of}",
    E.AUDIT_PRINTED: "printed who has seen the record{of}",
    E.AUDIT_VERIFIED: "checked the audit",
    E.ASSESSMENT_ASKED: "asked for an assessment{of}",
    E.ASSESSMENT_WITHDRAWN: "withdrew a request for an assessment{of}",
    E.ASSESSMENT_OPENED: "opened the assessment{of}",
    E.ASSESSMENT_RECORDED: "recorded an assessment{of}",
    E.ASSESSMENTS_LISTED: "opened the list of assessments",
    E.BACKUP_MADE: "made a backup",
    E.BACKUP_RESTORED: "restored a backup",
    E.RECORDS_MOVED: "moved all records to another database",
    E.HOLD_SET: "set a legal hold on the records{of}",
    E.HOLD_LIFTED: "lifted the legal hold on the records{of}",
    E.RECORDS_LISTED: "opened the list of records past their time and on hold",
    E.RECORDS_REMOVED: "removed the records of a patient",
    E.REPORT_PRINTED: "took out the progress report{of}",
    E.LETTER_PRINTED: "took out the letter for the patient{of}",
    E.BATCH_ASKED: "asked for the reports of a caseload",
    E.BATCH_FINISHED: "had the reports of a caseload made",
    E.BATCH_CANCELLED: "cancelled the reports of a caseload",
    E.BATCH_TAKEN: "took out the reports of a caseload",
    E.BATCHES_LISTED: "opened the page of reports of a caseload",
    E.EXPORT_PREVIEWED: "looked at tables before taking them out",
    E.EXPORT_BEGUN: "began to take out tables",
    E.EXPORT_FINISHED: "took out tables",
    E.EXPORT_BROKEN_OFF: "did not take out all of the tables",
    E.PATIENT_EXPORTED: "took out tables with the record{of}",
    E.COURSE_EXPORTED: "took out the whole course{of} as a file",
    E.CLINIC_EXPORTED: "took out all records of the clinic as a file",
    E.SCORES_READ: "read scores from a spreadsheet",
    E.SCORES_IMPORTED: "took in scores from a spreadsheet",
    E.SCORES_IMPORT_DROPPED: "dropped scores read from a spreadsheet",
    E.SCORES_IMPORT_UNDONE: "undid scores taken in from a spreadsheet",
    E.SCORE_IMPORTS_LISTED: "opened the list of spreadsheets taken in",
}
BY_PERMISSION = {
    Permission.SEE_ACCESS_LOG: "looked at who has seen the record{of}",
    Permission.DOWNLOAD_CHART: "opened charts in the course{of}",
}
"""Opening a course for some purposes is said more exactly."""
LOOKS = frozenset(
    {
        E.COURSE_OPENED,
        E.NOTE_CHANGES_SEEN,
        E.PROCESS_NOTE_OPENED,
        E.GROUP_OPENED,
        E.FIDELITY_OPENED,
        E.RATING_OPENED,
        E.EMERGENCIES_LISTED,
        E.AUDIT_LISTED,
        E.ASSESSMENT_OPENED,
    }
)
"""What only looks at a patient's record; everything else is said one by one."""
AREAS = {
    "account": "Accounts and sign-in",
    "course": "Courses and patients",
    "session": "Sessions and notes",
    "measure": "Measures",
    "group": "Groups",
    "rating": "Ratings and supervision",
    "file": "Files taken out, and paper",
    "refused": "Refusals",
    "audit": "The audit itself",
    "clinic": "Clinic, records and backups",
}
"""Kinds of act that a list can be cut down to."""
FILES = ("report.", "batch.", "export.")
_OF_AREA = {
    "account": ("account.",),
    "course": ("course.", "patient.", "caseload.", "focus.", "goal.", "inventory.", "timeline."),
    "session": ("session.", "note.", "appointment.", "safety.", "draft."),
    "measure": ("measure.", "schedule.", "assessment.", "scores."),
    "group": ("group.",),
    "rating": ("rating.", "fidelity.", "sampling.", "supervision.", "portfolio."),
    "audit": ("audit.", "emergency."),
    "clinic": ("setting.", "evidence.", "benchmark.", "backup.", "hold.", "records."),
}


def act_words(event: str, details: Mapping[str, Any] | None, code: str | None) -> str:
    """Say what was done: "opened the course of SYN-01"."""
    shape = WORDS.get(_known(event), event.replace(".", ", ").replace("_", " "))  # type: ignore[arg-type]  # -- an unknown event has no words
    if event == Event.COURSE_OPENED:
        shape = BY_PERMISSION.get((details or {}).get("permission", ""), shape)
    return shape.replace("{of}", f" of {code}" if code else "")


def events_of(area: str) -> frozenset[Event]:
    """Give the events of one kind of act."""
    if area == "file":
        taken = (e for e in Event if e.endswith(("downloaded", "printed")))
        return frozenset(taken) | {e for e in Event if e.startswith(FILES)}
    if area == "refused":
        return frozenset(e for e in Event if e.endswith("refused")) | {Event.LOCKED_OUT}
    return frozenset(e for e in Event if e.startswith(_OF_AREA[area]))


def _known(event: str) -> Event | None:
    return Event(event) if event in set(Event) else None
