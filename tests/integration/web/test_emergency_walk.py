"""Every address of a course before, during and after emergency access: pages of one patient."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from ipt_tracker.persistence.models import Supervision
from tests.factories.pages import read, submit
from tests.factories.tables import audit_rows, contents
from tests.factories.walk import of_course, stops
from tests.integration.web.test_walk import go

HOUR = timedelta(minutes=60)
FILES = {"image/svg+xml", "image/png", "application/pdf"}


@pytest.fixture
def walked(app, clinic):
    """Give every address of the first course and of what hangs on it."""
    of_the_first = of_course(clinic, clinic.course)
    own = {str(of_the_first[name]) for name in ("course_id", "group_id", "rated_id")}
    return [s for s in stops(app, of_the_first) if any(each in s.url for each in own)]


@pytest.fixture(params=["therapist2", "supervisor2"])
def stranger(request, clinic, client_of):
    """Give the browser of somebody who is not in charge of the first course: of either role."""
    if request.param == "therapist2":
        return client_of(clinic.therapist2)
    with clinic.writing() as work:
        end_supervisions(work)
    return client_of(clinic.supervisor)


def end_supervisions(work):
    for each in work.session.scalars(select(Supervision)):
        each.ended_on = work.today


def opens(client, clinic, reason="Stands at the front desk today, and nobody answers."):
    """Fill in the form of an emergency as people do."""
    return submit(client, "/emergency", "/emergency", code=clinic.course.code, reason=reason)


def may_read(stop):
    return stop.method == "GET" and stop.policy == "open_course"


def outcome(client, walked):
    """Give the status of each address."""
    return {f"{s.method} {s.url}": go(client, s).status_code for s in walked}


def test_before_it_nothing_of_the_course_answers(clinic, stranger, walked, figures):
    before = contents(clinic.database)

    found = outcome(stranger, walked)

    assert set(found.values()) == {404}
    assert contents(clinic.database) == before
    figures("emergency", "before", addresses_walked=len(found), reached_wrongly=0)


def test_during_it_the_pages_answer_and_nothing_is_changed(clinic, stranger, walked, figures):
    assert opens(stranger, clinic).status_code == 303
    before = contents(clinic.database)

    found = outcome(stranger, walked)

    allowed = {f"{s.method} {s.url}" for s in walked if may_read(s)}
    wrong = {k: v for k, v in found.items() if (v == 404) == (k in allowed)}
    assert wrong == {}
    assert {found[each] for each in allowed} <= {200, 204}
    assert contents(clinic.database) == before
    assert not any("download" in each or "process" in each for each in allowed)
    figures("emergency", "during", addresses_walked=len(found), reached_wrongly=len(wrong))


def test_after_it_nothing_answers(clinic, stranger, walked, figures):
    opens(stranger, clinic)
    running = read(stranger.get("/emergency")).form("/end")
    stranger.post(running.action, data=running.values)
    before = contents(clinic.database)

    found = outcome(stranger, walked)

    assert set(found.values()) == {404}
    assert contents(clinic.database) == before
    figures("emergency", "after", addresses_walked=len(found), reached_wrongly=0)


def test_it_ends_by_itself_on_the_minute(clinic, clock, client_of):
    url = f"/courses/{clinic.course.id}"
    opens(client_of(clinic.therapist2), clinic)

    clock.now = clinic.now + HOUR - timedelta(seconds=1)
    last = client_of(clinic.therapist2).get(url)
    clock.now = clinic.now + HOUR
    late = client_of(clinic.therapist2).get(url)

    assert (last.status_code, late.status_code) == (200, 404)
    assert "1 minute left, until" in read(last).text


def test_every_page_says_that_it_is_read_in_an_emergency(clinic, stranger, walked):
    opens(stranger, clinic)

    for stop in walked:
        if not may_read(stop):
            continue
        answer = stranger.get(stop.url)
        if answer.mimetype == "text/html" and answer.status_code == 200:
            page = read(answer)
            said = f"reading {clinic.course.code} in an emergency: 60 minutes left"
            assert said in page.text, stop.url
            assert [b.text for b in page.all("button") if b.text == "End now"] == ["End now"]


def test_every_page_that_is_read_is_marked_in_the_audit(clinic, stranger, walked):
    opens(stranger, clinic)

    for stop in walked:
        if may_read(stop):
            known = len(audit_rows(clinic.database))
            go(stranger, stop)
            new = [r for r in audit_rows(clinic.database)[known:] if r.patient_id]
            assert new, stop.url
            assert {r.emergency_id for r in new} != {None}, stop.url
            assert {(r.details or {}).get("page") for r in new} == {stop.endpoint}


def test_no_page_offers_what_cannot_be_done(clinic, stranger, walked):
    """Each link and form of the pages leads somewhere that answers, or is no part of the course."""
    opens(stranger, clinic)
    offered = set()
    for stop in walked:
        if not may_read(stop):
            continue
        answer = stranger.get(stop.url)
        if answer.mimetype in FILES or answer.status_code != 200:
            continue
        page = read(answer)
        offered |= {link.split("#")[0] for link in page.links()}
        offered |= {f.action for f in page.forms() if f.method == "post"} - {stop.url}

    own = {each for each in offered if str(clinic.course.id) in each}
    assert {each for each in own if stranger.get(each).status_code == 404} == set()


def test_lists_and_the_search_go_on_hiding_the_patient(clinic, stranger):
    opens(stranger, clinic)

    lists = ("/caseload", "/today", "/due", "/notes", "/groups", "/benchmark", "/fidelity")
    seen = [stranger.get(each) for each in lists]
    token = read(stranger.get("/caseload")).token
    seen.append(
        stranger.post("/caseload/find", data={"q": clinic.course.code, "csrf_token": token})
    )

    assert [a for a in seen if clinic.course.name in a.text] == []
