"""The page of a request for contact: the numbers, an attempt, how it ended; and where it shows."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from ipt_tracker.governance.access import Permission
from ipt_tracker.persistence.models import ContactAttempt, ContactTask, Patient
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.sessions import RiskEntry
from tests.factories.courses import add_session
from tests.factories.pages import read, says, submit

CALL = {"way": "phone", "reached": "no", "what": "no answer, message left"}


@pytest.fixture
def therapist(client_of, clinic):
    return client_of(clinic.therapist)


@pytest.fixture
def url(clinic):
    """Miss a visit a week after risk was found, and give the page of the request."""
    with clinic.writing(clinic.therapist) as work:
        course = open_course(work, clinic.course.id, Permission.RECORD_SESSION)
        day = clinic.today - timedelta(days=7)
        found = RiskEntry("asked_present", "thoughts at night")
        add_session(work, course, held_on=day, number=None, risk=found)
        away = {"number": None, "duration_minutes": None, "mood": None, "risk": None}
        add_session(work, course, held_on=clinic.today, attendance="no_show", **away)
        task = work.session.scalars(select(ContactTask)).one()
    return f"/courses/{clinic.course.id}/contact/{task.id}"


def task(clinic):
    with clinic.reading() as work:
        return work.session.scalars(select(ContactTask)).one()


def attempts(clinic):
    with clinic.reading() as work:
        return list(work.session.scalars(select(ContactAttempt)))


def stored(clinic, **columns):
    with clinic.writing(clinic.therapist) as work:
        patient = work.session.get_one(Patient, clinic.course.patient_id)
        for name, value in columns.items():
            setattr(patient, name, value)


def test_the_page_says_why_and_shows_the_numbers(therapist, url, clinic):
    stored(clinic, phone="01632 960123", emergency_contact="sister, 01632 960456")

    page = read(therapist.get(url))

    assert page.h1 == "Same-day contact"
    assert "No-show. Risk was present when asked on 4 Mar 2026." in page.main
    assert "01632 960123" in page.main
    assert "sister, 01632 960456" in page.main


def test_without_a_number_it_says_so_and_leads_to_the_place_for_it(therapist, url, clinic):
    page = read(therapist.get(url))

    assert page.main.count("None stored") == 2
    assert f"/courses/{clinic.course.id}/patient" in " ".join(page.links())


def test_an_attempt_is_kept_and_listed_and_the_request_stays_open(therapist, url, clinic):
    answer = submit(therapist, url, **CALL)

    assert answer.status_code == 303
    row = [says(cell) for cell in read(therapist.get(url)).one("table").iter("td")]
    assert row == ["Phone call", "No", "no answer, message left", "R. Calder"]
    assert task(clinic).closed_at is None


def test_an_attempt_that_reached_somebody_closes_it_at_once(therapist, url, clinic):
    said = {**CALL, "reached": "yes", "what": "safe, comes on Friday"}

    submit(therapist, url, **said, outcome="reached_safe")

    page = read(therapist.get(url))
    assert "Reached, and safe" in page.main
    assert page.all("form[@id='contact']") == []
    assert task(clinic).outcome == "reached_safe"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({}, "Say how you tried to reach the patient."),
        ({"way": "phone"}, "Say whether somebody was reached."),
        ({"way": "phone", "reached": "no"}, "Say in a few words what happened."),
        ({"what": "rang"}, "Say how you tried to reach the patient."),
        ({**CALL, "outcome": "reached_safe"}, "No attempt says that somebody was reached."),
        ({"outcome": "handed_to_supervisor"}, "Write down at least one attempt first."),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(therapist, url, clinic, said, words):
    answer = submit(therapist, url, **said)

    page = read(answer)
    assert answer.status_code == 422
    assert any(words in error for error in page.errors())
    for name, value in said.items():
        assert page.form().values[name] == [value]
    assert attempts(clinic) == []


def test_the_same_page_sent_twice_keeps_one_attempt(therapist, url, clinic):
    form = read(therapist.get(url)).form()

    therapist.post(form.action, data=form.but(**CALL))
    again = therapist.post(form.action, data=form.but(**CALL))

    assert again.status_code == 422
    assert "Another attempt was written down" in read(again).errors()[0]
    assert len(attempts(clinic)) == 1


def test_it_stands_on_every_page_of_the_course_and_in_the_caseload(therapist, url, clinic):
    course = f"/courses/{clinic.course.id}"
    for place in (course, f"{course}/sessions", f"{course}/progress", f"{course}/measures"):
        assert "Same-day contact" in read(therapist.get(place)).text, place
        assert url in read(therapist.get(place)).links()
    caseload = read(therapist.get("/caseload")).main.replace(" ", "")
    assert "Same-daycontactmissed11Mar" in caseload

    submit(therapist, url, outcome="moved")

    assert "Same-day contact" not in read(therapist.get(course)).text
    assert "Same-day contact" not in read(therapist.get("/caseload")).main


def test_a_supervisor_sees_it_and_does_not_write(client_of, url, clinic):
    supervisor = client_of(clinic.supervisor)

    page = read(supervisor.get(url))

    assert page.all("form[@id='contact']") == []
    assert supervisor.post(url, data={"csrf_token": page.token, **CALL}).status_code == 404
    assert "Same-day contact" in read(supervisor.get("/caseload")).main


def test_a_slot_entered_in_error_says_that_the_request_stays_open(therapist, url, clinic):
    submit(
        therapist,
        f"/courses/{clinic.course.id}/sessions/9/edit",
        attendance="other",
        other_attendance="entered_in_error",
    )

    assert "The visit now says “Entered in error”" in read(therapist.get(url)).main


def test_a_request_that_has_ended_leads_on_to_the_note_of_the_visit(therapist, url, clinic):
    assert "Sign the note" not in read(therapist.get(url)).main

    answer = submit(therapist, url, outcome="moved")

    page = read(therapist.get(answer.location))
    assert "Sign the note of" in page.main
    assert f"/courses/{clinic.course.id}/sessions/9/sign" in page.links()
    assert "/today" in page.links()
