"""Every page that a role can open, at four widths, with axe; and that no page is forgotten here."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from functools import cache
from typing import Any

import pytest
from flask import url_for
from playwright.sync_api import Page
from sqlalchemy import select

from ipt_tracker.clinical.course.timeline import Exactness, When
from ipt_tracker.clinical.course.worksheets.catalogue import SHEETS
from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.instruments.phq9 import PHQ9
from ipt_tracker.governance.access import Permission
from ipt_tracker.persistence.models import (
    Account,
    Appointment,
    AssessmentRequest,
    ContactTask,
    Course,
    EmergencyAccess,
    EvidenceTrial,
    FocalAreaSpell,
    Goal,
    GroupMember,
    InventoryPerson,
    LegalHold,
    LifeEvent,
    Measure,
    ProcessNote,
    ReportBatch,
    ReportBatchPart,
    SafetyPrompt,
    Supervision,
    SupervisionMeeting,
    TherapyGroup,
)
from ipt_tracker.services.appointments import AppointmentEntry, book, take_back
from ipt_tracker.services.assessments.assigned import open_assigned, record_assessment
from ipt_tracker.services.contact_tasks import AttemptEntry, record_contact
from ipt_tracker.services.corrections import withdraw_measure
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.evidence_sets import add_trials, make_set
from ipt_tracker.services.goals import GoalEntry, add_goal
from ipt_tracker.services.groups import change_co_leader
from ipt_tracker.services.inventory import PersonEntry, add_person, take_off
from ipt_tracker.services.process_notes import ProcessEntry, write_new
from ipt_tracker.services.retention import set_hold
from ipt_tracker.services.score_imports.staging import open_staged
from ipt_tracker.services.score_imports.taking import Answers, planned, take_in
from ipt_tracker.services.session_entries import RiskEntry
from ipt_tracker.services.supervision.entries import (
    ActionEntry,
    AttendeeEntry,
    CaseEntry,
    MeetingEntry,
)
from ipt_tracker.services.supervision.meetings import record_meeting
from ipt_tracker.services.timeline import EventEntry, add_event
from ipt_tracker.services.unit_of_work import writing
from tests.browser.conftest import sign_in, window
from tests.browser.looking import look
from tests.browser.rated import rated_sessions
from tests.browser.site import NOW, TODAY, Site
from tests.factories import evidence
from tests.factories.assessments import add_request
from tests.factories.courses import add_measure, add_session, measure
from tests.factories.emergencies import add_emergency
from tests.factories.groups import add_cancelled, add_group, add_meeting, opened, row
from tests.factories.sampling import add_draw
from tests.factories.score_files import row as row_of
from tests.factories.score_files import score_file
from tests.factories.sheets import add_sheet

pytestmark = pytest.mark.browser

FILES = {
    *("static", "bootstrap.static", "progress.chart", "progress.download"),
    *("progress.bands", "progress.download_bands"),
    *("portfolio.download", "item_sets.example", "account.picture"),
    *("access_log.paper", "reports.download"),
    *("benchmark.drawn", "benchmark.download", "benchmark.figures"),
    *("evidence.drawn", "evidence.download", "evidence.figures"),
    *(f"evidence_sets.{view}" for view in ("forest", "download", "download_table")),
    *(f"fidelity_figures.{of}_picture" for of in ("therapist", "agreement", "course")),
    *(f"fidelity_figures.download_of_{of}" for of in ("therapist", "agreement", "course")),
    "exports.dictionary",
    *("score_imports.empty_table", "score_imports.empty_workbook"),
} | {f"{area}.{view}" for area in ("inventory", "timeline") for view in ("chart", "download")}
"""Addresses that answer with a file."""
NO_PAGE = {
    *("auth.home", "auth.health", "health.ready", "auth.second_step", "auth.locked"),
    *("account.remove", "account.new_codes"),
}
"""The first page is the sign-in form or leads on; health is for machines; the code after the
password and the lock screen are looked at by journeys: one has to be half-way in, or away.
So are the pages of a second factor that is in use."""
OF_ONE = tuple(f"measures.{view}" for view in ("show", "correct", "withdraw", "move", "key_again"))
GROUP, GROUP_CODE = {"group_id": "first"}, "G-every-page"
OF_THERAPIST, BOTH = {"therapist_id": "first"}, ("therapist", "supervisor")
OF_A_GROUP = ("show", "edit", "leaders", "add_members", "book")
MEETING, OF_A_MEETING = {"meeting_id": "first"}, ("show", "change", "strike")
SIGNED = ("notes.correct", "SYN-01")
CORRECTED = ("plan", "tasks", "mood", "attendance", "techniques")
ITEMS, ONE = ("asked",), {"measure_id": "first"}
SHEET, WRITE = ("worksheets.show", "written"), ("worksheets.edit", "written")
COMPARED, ON_AGREED = (
    ("compare", "amend", "consensus", "assign", "feedback"),
    ("compare", "amend_consensus", "feedback_on_consensus"),
)
OF_EVIDENCE = ("show", "list_trials", "notes")
SET, TRIAL = {"set_id": "first"}, {"set_id": "first", "trial_id": "first"}
OF_A_SET, OF_TRIALS, OF_A_TRIAL = ("show", "edit"), ("add", "look"), ("withdraw", "restore")
TAKEN = {"tables": ["patients", "sessions", "measures"], "disguised": "y"}
FILE, DONE = {"import_id": "waiting"}, {"import_id": "done"}
OF_A_FILE, OF_DONE = ("match", "look"), ("done", "take_back")
RECORDING = ("courses.edit_patient", "courses.edit_contract", "courses.open_focus", "courses.end")


@dataclass(frozen=True)
class Visit:
    """One page in one state, and who looks at it. `of` names the course."""

    who: str
    name: str
    endpoint: str
    of: str | None = None
    more: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.who}, {self.name}"


def of_course(who: str, name: str, endpoint: str, *courses: str, **more: Any) -> list[Visit]:
    """Visit a page of several courses."""
    return [Visit(who, f"{name}, {course}", endpoint, course, more) for course in courses]


def of_rated(who: str, name: str, endpoint: str, state: str, **more: Any) -> Visit:
    """Visit a page about a session whose ratings are in some state."""
    return Visit(who, name, endpoint, more={"kind": "session", "rated_id": state, **more})


def of_asked(view: str, course: str) -> Visit:
    """Visit a page of what an assessor was asked in a course: open in one, done in the other."""
    return Visit("assessor", f"{view}, {course}", f"assessments.{view}", course, {"request_id": ""})


ALL = ("running", "begun", "SYN-01", "SYN-02", "SYN-04", "SYN-06")
VISITS = [
    Visit("nobody", "sign in", "auth.sign_in"),
    Visit("therapist", "confirm", "auth.confirm"),
    Visit("therapist", "caseload", "caseload.show"),
    Visit("therapist", "caseload, closed", "caseload.show", more={"show": "closed"}),
    Visit("therapist", "caseload, safety", "caseload.show", more={"show": "safety"}),
    *(Visit(who, "beside the trials", "benchmark.show") for who in BOTH),
    Visit("therapist", "beside the trials, caps4", "benchmark.show", more={"instrument": "caps4"}),
    *(Visit(who, f"evidence, {e}", f"evidence.{e}") for who in BOTH for e in OF_EVIDENCE),
    *(Visit(who, "evidence sets", "evidence_sets.list_all") for who in BOTH),
    Visit("therapist", "evidence set", "evidence_sets.show", more=SET),
    Visit("supervisor", "new evidence set", "evidence_sets.new"),
    *(Visit("supervisor", f"set, {e}", f"evidence_sets.{e}", more=SET) for e in OF_A_SET),
    *(Visit("supervisor", f"trials, {e}", f"evidence_trials.{e}", more=SET) for e in OF_TRIALS),
    *(Visit("supervisor", f"trial, {e}", f"evidence_trials.{e}", more=TRIAL) for e in OF_A_TRIAL),
    Visit("therapist", "today", "today.show"),
    Visit("therapist", "week", "today.week"),
    Visit("therapist", "caseload, filtered", "caseload.show", more={"phase": "middle"}),
    Visit("therapist", "find", "caseload.find"),
    *of_course("either", "appointments", "appointments.list_all", "running", "begun"),
    *of_course("either", "book", "appointments.book", "running", "begun"),
    *of_course("either", "book the rest", "appointments.book_rest", "running"),
    *of_course("either", "move", "appointments.move", "running", appointment_id="first"),
    Visit("therapist", "measures due", "due.show"),
    Visit("therapist", "measures coming", "due.show", more={"show": "coming"}),
    Visit("therapist", "new patient", "courses.new"),
    *of_course("either", "overview", "courses.show", "running", "begun", "SYN-02", "SYN-06"),
    *of_course("either", "progress", "progress.show", *ALL),
    *of_course("either", "reports", "reports.show", "running", "begun", "SYN-04"),
    *of_course("either", "report without names", "reports.show", "SYN-02", without="name"),
    *of_course("either", "letter", "reports.show", "SYN-02", kind="letter"),
    *of_course("supervisor", "report, ratings", "reports.show", "SYN-02", ratings=1),
    *of_course("either", "sessions", "sessions.list_all", "begun", "SYN-06"),
    *of_course("either", "session", "sessions.show", "running", slot=1),
    *of_course("either", "session not held", "sessions.show", "SYN-04", slot=6),
    *of_course("either", "session amended", "sessions.show", "SYN-02", slot=13),
    *of_course("either", "measures", "measures.list_all", "running", "begun", "SYN-02", "SYN-06"),
    *of_course("either", "log session", "sessions.log", "running", "begun", "SYN-06"),
    *of_course("either", "change session", "sessions.edit", "running", slot=2),
    *of_course("either", "change signed session", "sessions.edit", "SYN-01", slot=2),
    *of_course("either", "choose measure", "measures.choose", "running"),
    *of_course("either", "record pcl5", "measures.record", "running", instrument="pcl5_week"),
    *of_course("either", "record caps5", "measures.record", "running", instrument="caps5_month"),
    *of_course("either", "record phq9", "measures.record", "running", instrument="phq9"),
    *of_course("either", "measure", "measures.show", "running", "SYN-02", measure_id="first"),
    *(v for e in OF_ONE for v in of_course("either", e.partition(".")[2], e, *ITEMS, **ONE)),
    *of_course("either", "put back", "measures.restore", "asked", measure_id="withdrawn"),
    *of_course("either", "measure withdrawn", "measures.show", "asked", measure_id="withdrawn"),
    *of_course("either", "question", "measures.acknowledge", "asked", prompt_id="first"),
    *of_course("either", "contact", "contact.show", "missed", task_id="first"),
    *of_course("supervisor", "contact", "contact.show", "missed", task_id="first"),
    *of_course("either", "session with a screen", "sessions.show", "missed", slot=6),
    *of_course("either", "change a session with a screen", "sessions.edit", "missed", slot=6),
    *of_course("either", "measures asked and withdrawn", "measures.list_all", "asked"),
    *(v for e in RECORDING for v in of_course("either", e.partition(".")[2], e, "running")),
    *of_course("either", "schedule", "schedules.edit", "running"),
    *of_course("either", "sheets", "worksheets.index", "running", "written", "SYN-02"),
    *of_course("supervisor", "sheets", "worksheets.index", "written"),
    *of_course("either", "sheet, none", "worksheets.show", "running", sheet="formulation"),
    *(v for s in SHEETS for v in of_course("either", f"sheet {s}", *SHEET, sheet=s)),
    *(v for s in SHEETS for v in of_course("either", f"write {s}", *WRITE, sheet=s)),
    *of_course("either", "print plan", "worksheets.print_plan", "running", "written"),
    *of_course("either", "add a goal", "goals.add", "running"),
    *of_course("either", "goal", "goals.edit", "written", goal_id="first"),
    *of_course("either", "review a goal", "goals.review", "written", goal_id="first"),
    *of_course("either", "people", "inventory.show", "running", "known"),
    *of_course("either", "add a person", "inventory.add", "running"),
    *of_course("either", "a person", "inventory.edit", "known", person_id="first"),
    *of_course("either", "timeline", "timeline.show", "running", "known", "SYN-02"),
    *of_course("either", "timeline of the course", "timeline.show", "known", window="course"),
    *of_course("either", "add an event", "timeline.add", "running"),
    *of_course("either", "an event", "timeline.edit", "known", event_id="first"),
    *of_course("supervisor", "people", "inventory.show", "known"),
    *of_course("supervisor", "timeline", "timeline.show", "known"),
    Visit("therapist", "groups", "groups.list_all"),
    Visit("therapist", "start a group", "groups.new"),
    *(Visit("therapist", f"group, {e}", f"groups.{e}", more=GROUP) for e in OF_A_GROUP),
    Visit("therapist", "a member leaves", "groups.leave", more=GROUP | {"member_id": "first"}),
    Visit("therapist", "group session", "group_sessions.show", more=GROUP | {"slot": 1}),
    Visit("therapist", "change group session", "group_sessions.edit", more=GROUP | {"slot": 1}),
    Visit("therapist", "group session in error", "group_sessions.error", more=GROUP | {"slot": 1}),
    Visit("therapist", "log group session", "group_sessions.log", more=GROUP),
    Visit("therapist", "group cancelled", "group_sessions.cancel", more=GROUP),
    Visit("therapist2", "group as co-leader", "groups.show", more=GROUP),
    Visit("supervisor", "group", "groups.show", more=GROUP),
    Visit("supervisor", "group session", "group_sessions.show", more=GROUP | {"slot": 1}),
    Visit("therapist", "notes", "notes.list_all"),
    Visit("supervisor", "notes", "notes.list_all"),
    *of_course("either", "sign a note", "notes.sign", "running", slot=2),
    *of_course("either", "sign what is signed", "notes.sign", "SYN-01", slot=2),
    *of_course("supervisor", "co-sign", "notes.cosign", "running", slot=1),
    *of_course("either", "add to a note", "notes.add", "SYN-01", slot=2),
    *of_course("either", "what to correct", "notes.choose", "SYN-01", slot=2),
    *(
        visit
        for name in CORRECTED
        for visit in of_course("either", f"correct {name}", *SIGNED, slot=2, field=name)
    ),
    *of_course("either", "print a note", "notes.printed", "SYN-02", slot=13),
    *of_course("either", "process notes", "process_notes.list_all", "running", "asked"),
    *of_course("either", "write a process note", "process_notes.write", "running"),
    *of_course("either", "process note", "process_notes.show", "asked", thread="first"),
    *of_course("either", "close focus", "courses.close_focus", "running", spell_id="first"),
    *of_course("either", "focal area", "courses.show_focus", "running", spell_id="first"),
    *of_course("either", "switch focus", "courses.switch_focus", "running", spell_id="first"),
    *of_course("either", "reopen", "courses.reopen", "SYN-02"),
    *of_course("either", "take back", "courses.take_back_transfer", "running"),
    *of_course("either", "transfer", "courses.transfer", "running"),
    Visit("supervisor", "today", "today.show"),
    Visit("supervisor", "supervision", "supervision.show"),
    Visit("supervisor", "who was there", "meetings.new"),
    Visit("supervisor", "record a meeting", "meetings.new", more={"with": "both"}),
    *(Visit("supervisor", f"meeting, {e}", f"meetings.{e}", more=MEETING) for e in OF_A_MEETING),
    *(Visit(who, "meetings", "meetings.list_all") for who in ("therapist", "supervisor")),
    Visit("therapist", "meeting", "meetings.show", more=MEETING),
    Visit("supervisor", "caseload", "caseload.show"),
    *of_course("supervisor", "appointments", "appointments.list_all", "running"),
    Visit("supervisor", "find", "caseload.find"),
    Visit("supervisor", "measures due", "due.show"),
    *of_course("supervisor", "overview", "courses.show", "begun"),
    *of_course("supervisor", "progress", "progress.show", "running", "begun"),
    *of_course("supervisor", "sessions", "sessions.list_all", "begun"),
    *of_course("supervisor", "session", "sessions.show", "running", slot=1),
    *of_course("supervisor", "measures", "measures.list_all", "running"),
    *of_course("supervisor", "measure", "measures.show", "asked", measure_id="first"),
    *of_course("supervisor", "transfer", "courses.transfer", "running"),
    *(Visit(who, "figures", "fidelity_figures.therapist", more=OF_THERAPIST) for who in BOTH),
    Visit("supervisor", "agreement", "fidelity_figures.agreement"),
    *of_course("either", "fidelity", "fidelity_figures.course", "begun", "SYN-01"),
    *of_course("supervisor", "fidelity", "fidelity_figures.course", "SYN-02"),
    *(Visit(who, "portfolio", "portfolio.show", more=OF_THERAPIST) for who in BOTH),
    Visit("supervisor", "report of a portfolio", "portfolio.write", more=OF_THERAPIST),
    *(Visit("supervisor", e, f"sampling.{e}", more=OF_THERAPIST) for e in ("plan", "draw")),
    Visit("supervisor", "a draw", "sampling.show_draw", more=OF_THERAPIST | {"draw_id": "first"}),
    *(of_rated("supervisor", view, f"fidelity.{view}", "compared") for view in COMPARED),
    *(of_rated("supervisor", f"{v}, agreed", f"fidelity.{v}", "agreed") for v in ON_AGREED),
    *(Visit(who, "ratings", "fidelity.mine") for who in ("therapist", "therapist2", "supervisor")),
    of_rated("supervisor", "rate", "fidelity.rate", "sealed"),
    of_rated("therapist2", "rate, second rater", "fidelity.rate", "asked"),
    of_rated("supervisor", "give up rating", "fidelity.waive", "sealed"),
    of_rated("therapist2", "hand back a request", "fidelity.waive", "asked"),
    Visit("supervisor", "take over", "takeover.waive", more=OF_THERAPIST),
    of_rated("supervisor", "compare, sealed", "fidelity.compare", "sealed"),
    of_rated("therapist", "compare, alone", "fidelity.compare", "sealed"),
    of_rated("therapist", "compare, feedback", "fidelity.compare", "agreed"),
    of_rated("therapist2", "compare, second rater", "fidelity.compare", "compared"),
    of_rated("therapist2", "compare, asked", "fidelity.compare", "asked"),
    of_rated("supervisor", "assign, asked", "fidelity.assign", "asked"),
    of_rated("supervisor", "take back a request", "fidelity.withdraw", "asked", request="open"),
    Visit("nobody", "set a password", "by_code.set_password"),
    *(Visit(who, "own account", "account.show") for who in ("therapist", "admin")),
    Visit("therapist", "own password", "account.password"),
    Visit("therapist", "second factor", "account.second_factor"),
    *of_course("either", "who has seen it", "access_log.show", "SYN-02"),
    *of_course("either", "files", "files.show", "running", "begun"),
    *(Visit(who, "reports of the caseload", "batches.show") for who in BOTH),
    *(Visit(who, "tables, choosing", "exports.show") for who in BOTH),
    *(Visit(who, "tables, first rows", "exports.look", more=TAKEN) for who in BOTH),
    Visit("therapist", "scores to take in", "score_imports.show"),
    *(Visit("therapist", f"scores, {e}", f"score_imports.{e}", more=FILE) for e in OF_A_FILE),
    *(Visit("therapist", f"scores, {e}", f"score_imports.{e}", more=DONE) for e in OF_DONE),
    Visit("therapist", "reports downloaded", "batches.follow", more={"batch_id": "first"}),
    *(Visit(who, "emergency", "emergency.show") for who in BOTH),
    *(Visit(who, "notices", "emergency.notices") for who in ("supervisor", "admin", "auditor")),
    Visit("supervisor", "notice", "emergency.notice", more={"emergency_id": "first"}),
    Visit("admin", "notice", "emergency.notice", more={"emergency_id": "first"}),
    *of_course("either", "assessors", "asking.show", "running"),
    *of_course("either", "take back", "asking.withdraw", "running", request_id="first"),
    Visit("assessor", "assessments", "assessments.list_all"),
    *(of_asked(view, "running") for view in ("show", "record", "decline")),
    *(of_asked(view, "known") for view in ("show", "correct")),
    Visit("auditor", "audit", "audit.show"),
    Visit("auditor", "acts of a person", "audit.person", more={"account_id": "first"}),
    Visit("admin", "people", "admin.accounts"),
    Visit("admin", "code", "entrance.code", more={"account_id": "first", "kind": "password"}),
    Visit("admin", "role", "entrance.role", more={"account_id": "first"}),
    Visit("admin", "add a person", "admin.new_account"),
    Visit("admin", "change account", "admin.edit_account", more={"account_id": "first"}),
    Visit("admin", "supervision", "admin.supervision"),
    Visit("admin", "records", "records.show"),
    Visit("admin", "lift a hold", "records.lift", more={"hold_id": "first"}),
    Visit("admin", "settings", "settings.show"),
    Visit("admin", "item sets", "item_sets.show"),
    Visit("admin", "end supervision", "admin.end_of_supervision", more={"supervision_id": "first"}),
]
FIRST = {
    "emergency_id": EmergencyAccess,
    "hold_id": LegalHold,
    "batch_id": ReportBatch,
    "account_id": Account,
    "supervision_id": Supervision,
    "meeting_id": SupervisionMeeting,
}
FIRST_OF_COURSE = {
    "request_id": AssessmentRequest,
    "appointment_id": Appointment,
    "measure_id": Measure,
    "spell_id": FocalAreaSpell,
    "prompt_id": SafetyPrompt,
    "task_id": ContactTask,
    "goal_id": Goal,
    "person_id": InventoryPerson,
    "event_id": LifeEvent,
    "thread": ProcessNote,
}


@pytest.fixture(scope="module")
def courses(site) -> dict[str, Any]:
    """Give courses by name: one under way, one without a session, and those of the bundle."""
    made = {
        "running": site.course(),
        "begun": site.course(()),
        "asked": asked_course(site),
        "missed": missed_course(site),
        "known": known_course(site),
        "written": written_course(site),
    }
    a_group(site)
    an_appointment(site, made["running"])
    an_emergency(site, made["running"])
    a_hold(site, made["running"])
    reports_of_a_caseload(site, made["running"], made["begun"])
    assessments(site, made["running"], made["known"])
    made["rated"] = rated_sessions(site, site.course())
    a_supervision_meeting(site, made["running"])
    made["draw"] = a_draw(site)
    made["set"] = an_evidence_set(site)
    made["scores"] = spreadsheets(site, made["running"])
    return made | {code: site.known(code) for code in ALL if code.startswith("SYN")}


def an_emergency(site: Site, known: Any) -> None:
    """Let the other therapist have had emergency access to a course."""
    with site.writing() as work:
        course = work.session.get_one(Course, known.id)
        begun = NOW - timedelta(days=2)
        add_emergency(work, site.person("therapist2"), course, started_at=begun)


def a_hold(site: Site, known: Any) -> None:
    """Hold the records of a course's patient."""
    with site.writing("admin") as work:
        set_hold(work, known.code, "A court asked for them.")


def reports_of_a_caseload(site: Site, one: Any, other: Any) -> None:
    """Let the therapist have downloaded a report of one course, and none of the other."""
    asked = {"asked_by": site.person("therapist").id, "asked_at": NOW, "finished_at": NOW}
    about = {"kind": "progress", "disguised": True, "reason": "yearly audit of the clinic"}
    with site.writing() as work:
        batch = ReportBatch(taken_at=NOW, **asked, **about)
        work.session.add(batch)
        work.session.flush()
        own, why = {"batch_id": batch.id}, "Nothing is recorded yet."
        work.session.add(ReportBatchPart(course_id=one.id, place=1, made_at=NOW, **own))
        work.session.add(ReportBatchPart(course_id=other.id, place=2, left_out=why, **own))


def assessments(site: Site, waiting: Any, done: Any) -> None:
    """Ask the assessor about two courses; of one, the form was entered today."""
    for known in (waiting, done):
        with site.writing("therapist") as work:
            asked = add_request(work, known, site.person("assessor"))
    with site.writing("assessor") as work:
        answers = dict.fromkeys(PHQ9.answer_keys, 1)
        assigned = open_assigned(work, asked)
        record_assessment(work, assigned, measure("phq9", TODAY, answers=answers))


def an_appointment(site: Site, known: Any) -> None:
    """Book a course for tomorrow, and leave one that was taken back behind."""
    with site.writing("therapist") as work:
        course = open_course(work, known.id, Permission.RECORD_SESSION)
        for days, remark in ((1, "room 2"), (8, None)):
            on = work.today + timedelta(days=days)
            row = book(work, course, AppointmentEntry(on, time(10, 0), 50, "in_person", remark))
        take_back(work, course, row)


def a_supervision_meeting(site: Site, known: Any) -> None:
    """Record a meeting about a course, with feedback and an action over its date."""
    with site.writing("supervisor") as work:
        late = ActionEntry("bring a recording", work.today - timedelta(days=3))
        own = AttendeeEntry(
            site.person("therapist").id,
            "Name the time limit each session",
            (CaseEntry(known.id, 20, "how the ending is put"),),
            (late, ActionEntry("read the chapter on role play")),
        )
        held_on = work.today - timedelta(weeks=1)
        made = (held_on, 50, "individual", "in_person", "the room was noisy", (own,))
        record_meeting(work, MeetingEntry(*made))


def an_evidence_set(site: Site) -> Any:
    """Make a set of the clinic's own with three trials in two subgroups, and one of its trials."""
    with site.writing("supervisor") as work:
        kept = make_set(work, evidence.entry(name="Every page"))
        names = (("Proença 2022", "active"), ("Shea 2023", "active"), ("Krupnick 2008", "passive"))
        trials = [evidence.trial(study, subgroup=kind) for study, kind in names]
        add_trials(work, kept, trials)
        work.session.flush()
        of = select(EvidenceTrial.id).where(EvidenceTrial.set_id == kept.id)
        return {"set_id": kept.id, "trial_id": work.session.scalars(of).first()}


def spreadsheets(site: Site, known: Any) -> dict[str, Any]:
    """Let the therapist have taken in one spreadsheet, and another one wait."""
    waiting, done = (
        score_file(site, [row_of(known.code, TODAY - timedelta(days=days), "PHQ-9", 12)])
        for days in (40, 50)
    )
    with site.writing("therapist") as work:
        kept = open_staged(work, done)
        take_in(work, kept, Answers(planned(work, kept).seal))
    return {"waiting": waiting, "done": done}


def a_draw(site: Site) -> Any:
    """Set a plan of the therapist's, and draw by it."""
    therapist, supervisor = site.person("therapist"), site.person("supervisor")
    with writing(site.database, supervisor.actor(therapist), NOW, NOW.date()) as work:
        return add_draw(work, therapist.id)


def a_group(site: Site) -> None:
    """Start a group that two lead, with a session at which one member was absent."""
    with site.writing("therapist") as work:
        first = work.today - timedelta(weeks=2)
        made = add_group(work, 6, GROUP_CODE, first)
        change_co_leader(work, opened(work, made.id), site.person("therapist2").id, first)
        absent = row(made.members[1], "no_show")
        add_meeting(work, made, first, absent, theme="Losing a role", tasks=("R02",))
        add_cancelled(work, made, first + timedelta(weeks=1), "both leaders ill")


def asked_course(site: Site) -> Any:
    """Start a course with a CAPS-5 by items, a question that stands open, and one withdrawn."""
    made = site.course(())
    with site.writing("therapist") as work:
        course = open_course(work, made.id, Permission.RECORD_MEASURE)
        for key, answer in (("caps5_month", 2), ("phq9", 1), ("caps4", 1)):
            answers = dict.fromkeys(INSTRUMENTS[key].answer_keys, answer)
            record = add_measure(work, course, measure(key, work.today, answers=answers))
        withdraw_measure(work, course, record, "entered twice")
        write_new(work, course, ProcessEntry("a thought of my own"))
    return made


def written_course(site: Site) -> Any:
    """Start a course with every sheet written, the formulation twice, and a goal."""
    made = site.course()
    with site.writing("therapist") as work:
        course = open_course(work, made.id, Permission.EDIT_COURSE)
        for kind in SHEETS:
            add_sheet(work, course, kind)
        add_sheet(work, course, event="lost her post and her flat in June")
        add_goal(work, course, GoalEntry("Tell her sister how the week was", work.today))
    return made


def known_course(site: Site) -> Any:
    """Start a course with people, one of them taken off, and a timeline with an onset."""
    made = site.course()
    with site.writing("therapist") as work:
        course = open_course(work, made.id, Permission.EDIT_COURSE)
        add_person(work, course, PersonEntry("Ada", "sister", 2, given="calls on Sundays"))
        take_off(work, course, add_person(work, course, PersonEntry("Ben", "friend", 4)).id)
        year = When(date(work.today.year - 1, 1, 1), Exactness.YEAR)
        add_event(work, course, EventEntry("onset", year, None, "Sleeps badly"))
        add_event(work, course, EventEntry("loss", year, year, "Father died", "no sleep"))
    return made


def missed_course(site: Site) -> Any:
    """Start a course with a severe screen, a visit missed after it, and one attempt to reach."""
    made = site.course()
    answers = {"q1": True, "q2": True, "q3": True, "q4": True, "q5": False, "q6_lifetime": False}
    told = {"action": "safety plan written", "told_who": "I. Marlowe"}
    with site.writing("therapist") as work:
        course = open_course(work, made.id, Permission.RECORD_SESSION)
        day = work.today - timedelta(days=3)
        risk = RiskEntry("asked_present", "since the letter", told_on=day, answers=answers, **told)
        add_session(work, course, held_on=day, number=6, risk=risk)
        away = {"attendance": "no_show", "duration_minutes": None, "mood": None, "risk": None}
        add_session(work, course, held_on=work.today, number=None, **away)
        task = work.session.scalars(select(ContactTask).filter_by(course_id=made.id)).one()
        tried = AttemptEntry("phone", reached=False, what="no answer, message left")
        record_contact(work, course, task, tried, None)
    return made


@pytest.fixture(scope="module")
def window_of(chromium, site) -> Iterator[Callable[[str], Page]]:
    """Give each person one window for all their pages, so that the browser stays warm."""
    with ExitStack() as stack:

        @cache
        def opened(who: str) -> Page:
            page = stack.enter_context(window(chromium, site))
            if who != "nobody":
                sign_in(page, who, site)
            return page

        yield opened


@pytest.mark.parametrize("visit", VISITS, ids=str)
def test_a_page_keeps_what_every_page_must_keep(visit, window_of, site, courses):
    who = _whose(site, courses, visit)
    page = window_of(who)

    answer = page.goto(_address(site, courses, visit))

    assert answer.status == 200
    look(page, f"{who}, {visit.name}")
    assert page.watch.taken() == []


def test_no_page_is_forgotten_here(site):
    rules = site.app.url_map.iter_rules()
    pages = {rule.endpoint for rule in rules if "GET" in rule.methods} - FILES - NO_PAGE

    assert pages == {visit.endpoint for visit in VISITS}


@pytest.mark.parametrize("who", ["therapist", "supervisor", "admin"])
def test_the_page_for_what_is_not_there_keeps_it_too(who, page_of):
    window = page_of(who)
    window.watch.may_answer.add(404)

    assert window.goto("/courses/7").status == 404

    look(window, f"{who}, not found")


def _whose(site: Site, courses: dict[str, Any], visit: Visit) -> str:
    """Say whose window it is: of the demo's courses, some belong to the one, some to the other."""
    if visit.who != "either":
        return visit.who
    return site.therapist_of(courses[visit.of])


def _of_rating(courses: dict[str, Any], visit: Visit) -> dict[str, Any]:
    """Give the session in the state that a visit names, and the request that stands open."""
    rated, named = courses["rated"], visit.more
    found = {"rated_id": rated[named["rated_id"]]} if "rated_id" in named else {}
    return found | ({"request": rated["request"]} if "request" in named else {})


def _address(site: Site, courses: dict[str, Any], visit: Visit) -> str:
    values = dict(visit.more) | _of_rating(courses, visit)
    with site.database.read() as session:
        _fill_in(values, site, courses, session)
        for name, model in FIRST.items():
            if name in values:
                values[name] = session.scalars(select(model.id)).first()
        if visit.of:
            values["course_id"] = courses[visit.of].id
        for name, model in FIRST_OF_COURSE.items():
            if name in values:
                key = model.thread if model is ProcessNote else model.id
                of = select(key).where(model.course_id == values["course_id"])
                if model is Measure:
                    withdrawn = values[name] == "withdrawn"
                    of = of.where(Measure.withdrawn_at.is_not(None) == withdrawn)
                    of = of.order_by(Measure.instrument)
                values[name] = session.scalars(of).first()
    if visit.who == "assessor":
        values.pop("course_id", None)  # nothing of theirs names a course
    with site.app.test_request_context():
        return url_for(visit.endpoint, **values)


def _fill_in(values: dict[str, Any], site: Site, courses: dict[str, Any], session: Any) -> None:
    """Put ids in the place of what a visit calls them."""
    if "draw_id" in values:
        values["draw_id"] = courses["draw"]
    values |= {name: key for name, key in courses["set"].items() if name in values}
    if "import_id" in values:
        values["import_id"] = courses["scores"][values["import_id"]]
    if "group_id" in values:
        own = select(TherapyGroup.id).where(TherapyGroup.code == GROUP_CODE)
        values["group_id"] = session.scalars(own).one()
    if "therapist_id" in values:
        values["therapist_id"] = site.person("therapist").id
    if "member_id" in values:
        own = select(GroupMember.id).where(GroupMember.group_id == values["group_id"])
        values["member_id"] = session.scalars(own).first()
    if "with" in values:
        values["with"] = [site.person(who).id for who in ("therapist", "therapist2")]
