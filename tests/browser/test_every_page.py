"""Every page that a role can open, at four widths, with axe; and that no page is forgotten here."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pytest
from flask import url_for
from playwright.sync_api import Page
from sqlalchemy import select

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.governance.access import Permission
from ipt_tracker.persistence.models import (
    Account,
    FocalAreaSpell,
    Measure,
    SafetyPrompt,
    Supervision,
)
from ipt_tracker.services.corrections import withdraw_measure
from ipt_tracker.services.doors import open_course
from tests.browser.conftest import sign_in, window
from tests.browser.looking import look
from tests.browser.site import Site
from tests.factories.courses import add_measure, measure

pytestmark = pytest.mark.browser

FILES = {"static", "bootstrap.static", "progress.chart", "progress.download"}
"""Addresses that answer with a file."""
NO_PAGE = {"auth.home", "auth.health"}
"""The first page is the sign-in form or leads on; the other is for machines."""
OF_ONE = tuple(f"measures.{view}" for view in ("show", "correct", "withdraw", "move", "key_again"))
ITEMS, ONE = ("asked",), {"measure_id": "first"}
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


ALL = ("running", "begun", "SYN-01", "SYN-02", "SYN-04", "SYN-06")
VISITS = [
    Visit("nobody", "sign in", "auth.sign_in"),
    Visit("therapist", "caseload", "caseload.show"),
    Visit("therapist", "caseload, closed", "caseload.show", more={"show": "closed"}),
    Visit("therapist", "caseload, safety", "caseload.show", more={"show": "safety"}),
    Visit("therapist", "find", "caseload.find"),
    Visit("therapist", "measures due", "due.show"),
    Visit("therapist", "measures coming", "due.show", more={"show": "coming"}),
    Visit("therapist", "new patient", "courses.new"),
    *of_course("either", "overview", "courses.show", "running", "begun", "SYN-02", "SYN-06"),
    *of_course("either", "progress", "progress.show", *ALL),
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
    *of_course("either", "measures asked and withdrawn", "measures.list_all", "asked"),
    *(v for e in RECORDING for v in of_course("either", e.partition(".")[2], e, "running")),
    *of_course("either", "schedule", "schedules.edit", "running"),
    *of_course("either", "close focus", "courses.close_focus", "running", spell_id="first"),
    *of_course("either", "transfer", "courses.transfer", "running"),
    Visit("supervisor", "caseload", "caseload.show"),
    Visit("supervisor", "find", "caseload.find"),
    Visit("supervisor", "measures due", "due.show"),
    *of_course("supervisor", "overview", "courses.show", "begun"),
    *of_course("supervisor", "progress", "progress.show", "running", "begun"),
    *of_course("supervisor", "sessions", "sessions.list_all", "begun"),
    *of_course("supervisor", "session", "sessions.show", "running", slot=1),
    *of_course("supervisor", "measures", "measures.list_all", "running"),
    *of_course("supervisor", "measure", "measures.show", "asked", measure_id="first"),
    *of_course("supervisor", "transfer", "courses.transfer", "running"),
    Visit("admin", "people", "admin.accounts"),
    Visit("admin", "add a person", "admin.new_account"),
    Visit("admin", "change account", "admin.edit_account", more={"account_id": "first"}),
    Visit("admin", "supervision", "admin.supervision"),
    Visit("admin", "settings", "settings.show"),
    Visit("admin", "end supervision", "admin.end_of_supervision", more={"supervision_id": "first"}),
]
FIRST = {"account_id": Account, "supervision_id": Supervision}
FIRST_OF_COURSE = {"measure_id": Measure, "spell_id": FocalAreaSpell, "prompt_id": SafetyPrompt}


@pytest.fixture(scope="module")
def courses(site) -> dict[str, Any]:
    """Give courses by name: one under way, one without a session, and those of the bundle."""
    made = {"running": site.course(), "begun": site.course(()), "asked": asked_course(site)}
    return made | {code: site.known(code) for code in ALL if code.startswith("SYN")}


def asked_course(site: Site) -> Any:
    """Start a course with a CAPS-5 by items, a question that stands open, and one withdrawn."""
    made = site.course(())
    with site.writing("therapist") as work:
        course = open_course(work, made.id, Permission.RECORD_MEASURE)
        for key, answer in (("caps5_month", 2), ("phq9", 1), ("caps4", 1)):
            answers = dict.fromkeys(INSTRUMENTS[key].answer_keys, answer)
            record = add_measure(work, course, measure(key, work.today, answers=answers))
        withdraw_measure(work, course, record, "entered twice")
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


def _address(site: Site, courses: dict[str, Any], visit: Visit) -> str:
    values = dict(visit.more)
    with site.database.read() as session:
        for name, model in FIRST.items():
            if name in values:
                values[name] = session.scalars(select(model.id)).first()
        if visit.of:
            values["course_id"] = courses[visit.of].id
        for name, model in FIRST_OF_COURSE.items():
            if name in values:
                of = select(model.id).where(model.course_id == values["course_id"])
                if model is Measure:
                    withdrawn = values[name] == "withdrawn"
                    of = of.where(Measure.withdrawn_at.is_not(None) == withdrawn)
                    of = of.order_by(Measure.instrument)
                values[name] = session.scalars(of).first()
    with site.app.test_request_context():
        return url_for(visit.endpoint, **values)
