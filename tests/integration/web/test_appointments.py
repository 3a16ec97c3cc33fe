"""Booking, moving and taking back on the pages of a course."""

from datetime import time, timedelta

import pytest
from sqlalchemy import select

from ipt_tracker.governance.access import Permission
from ipt_tracker.persistence.models import Appointment, Course
from ipt_tracker.services.appointments import AppointmentEntry, book
from ipt_tracker.services.doors import open_course
from tests.factories.courses import add_course
from tests.factories.pages import read, says, submit
from tests.factories.stores import on_every_engine

WEEK = timedelta(weeks=1)


@pytest.fixture
def url(clinic):
    return f"/courses/{clinic.course.id}/appointments"


def in_book(clinic):
    with clinic.reading() as work:
        rows = work.session.scalars(
            select(Appointment)
            .where(Appointment.taken_back_at.is_(None))
            .order_by(Appointment.planned_on, Appointment.starts_at)
        )
        return [(row.planned_on, row.starts_at) for row in rows]


def add(clinic, days, hour=time(10, 0)):
    with clinic.writing(clinic.therapist) as work:
        course = open_course(work, clinic.course.id, Permission.RECORD_SESSION)
        on = clinic.today + timedelta(days=days)
        return book(work, course, AppointmentEntry(on, hour, 50, "in_person")).id


def rows(page):
    return [says(row) for row in page.one("main").findall(".//tbody/tr")]


@on_every_engine
def test_one_press_books_what_is_proposed(client_of, clinic, url):
    client = client_of(clinic.therapist)
    page = read(client.get(f"{url}/new"))

    answer = submit(client, f"{url}/new")

    assert page.h1 == "Book an appointment"
    assert "the spacing agreed (weekly)" in page.main
    assert answer.location == url
    assert in_book(clinic) == [(clinic.today, None)]
    after = read(client.get(url))
    assert "Booked: Wed 11 Mar." in after.text
    assert "1 booked, 7 sessions of the contract without an appointment." in after.main


def test_a_time_of_ones_own_is_booked(client_of, clinic, url):
    client = client_of(clinic.therapist)

    submit(
        client,
        f"{url}/new",
        planned_on="2026-03-20",
        starts_at="14:30",
        minutes="45",
        modality="telehealth_video",
        remark="after work",
    )

    assert rows(read(client.get(url)))[0].startswith("Fri 20 Mar14:3045Videoafter work")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"planned_on": ""}, "Day: Choose the day."),
        ({"planned_on": "soon"}, "Day: “soon” is not a date. Write it like 2025-04-07."),
        ({"planned_on": "2026-03-01"}, "Day: That day is past. Log the session instead."),
        ({"starts_at": "noonish"}, "Time: “noonish” is not a time. Write it like 14:30."),
        ({"minutes": "all day"}, "Minutes: “all day” is not a whole number."),
    ],
)
def test_a_slip_is_said_beside_its_field_and_nothing_is_booked(client_of, clinic, url, typed, said):
    page = read(submit(client_of(clinic.therapist), f"{url}/new", **typed))

    assert page.status == 422
    assert page.errors() == [said]
    assert in_book(clinic) == []


def test_another_patient_at_that_hour_is_asked_about_once(client_of, clinic, url):
    with clinic.writing(clinic.therapist) as work:
        other = add_course(work, clinic.today, code="T-888")
        book(work, other, AppointmentEntry(clinic.today + WEEK, time(10, 0), 50))
    client = client_of(clinic.therapist)
    typed = {"planned_on": "2026-03-18", "starts_at": "10:30"}

    asked = read(submit(client, f"{url}/new", **typed))
    sure = submit(client, f"{url}/new", **typed, clash="y")

    assert asked.status == 422
    assert asked.errors() == ["At that time you have: T-888, 18 Mar, 10:00. Book it all the same?"]
    assert sure.status_code == 303
    assert len(in_book(clinic)) == 2


@on_every_engine
def test_the_rest_of_the_course_is_booked_at_once_but_for_what_is_unticked(client_of, clinic, url):
    client = client_of(clinic.therapist)
    page = read(client.get(f"{url}/rest"))
    days = page.form().values["days"]

    submit(client, f"{url}/rest", starts_at="16:00", days=[day for day in days if day != days[1]])

    assert days == [(clinic.today + n * WEEK).isoformat() for n in range(8)]
    assert [f"{day:%d%m}{hour:%H}" for day, hour in in_book(clinic)] == [
        f"{clinic.today + n * WEEK:%d%m}16" for n in (0, 2, 3, 4, 5, 6, 7)
    ]
    assert "7 appointments booked." in read(client.get(url)).text


def test_with_every_day_unticked_nothing_is_booked(client_of, clinic, url):
    page = read(submit(client_of(clinic.therapist), f"{url}/rest", days=None))

    assert page.errors() == ["Tick at least one day."]
    assert in_book(clinic) == []


def test_a_course_that_is_booked_to_its_end_has_nothing_left(client_of, clinic, url):
    with clinic.writing() as work:
        work.session.get(Course, clinic.course.id).planned_sessions = 6

    page = read(client_of(clinic.therapist).get(f"{url}/rest"))

    assert "Every session of the contract is held or booked." in page.main


@on_every_engine
def test_an_appointment_is_moved(client_of, clinic, url):
    row = add(clinic, 7)
    client = client_of(clinic.therapist)
    page = read(client.get(f"{url}/{row}/move"))

    submit(client, f"{url}/{row}/move", planned_on="2026-03-19")

    assert "Booked so far: Wed 18 Mar, 10:00." in page.main
    assert in_book(clinic) == [(clinic.today + timedelta(days=8), time(10, 0))]
    assert "Taken back lately" not in read(client.get(url)).main


@on_every_engine
def test_an_appointment_is_taken_back_and_that_is_undone(client_of, clinic, url):
    add(clinic, 7)
    client = client_of(clinic.therapist)

    send(client, url, "take-back")
    gone = in_book(clinic)
    undone = send(client, url, "again")

    assert gone == []
    assert undone.status_code == 303
    assert in_book(clinic) == [(clinic.today + WEEK, time(10, 0))]
    assert "Taken back lately" not in read(client.get(url)).main


def send(client, url, what):
    """Press the one button of the list whose form leads there."""
    form = next(f for f in read(client.get(url)).forms() if f.action.endswith(f"/{what}"))
    return client.post(form.action, data=form.values)


def test_one_that_was_taken_back_elsewhere_meanwhile_says_so(client_of, clinic, url):
    row = add(clinic, 7)
    client = client_of(clinic.therapist)
    form = next(f for f in read(client.get(url)).forms() if f.action.endswith("/take-back"))
    client.post(form.action, data=form.values)

    client.post(f"{url}/{row}/take-back", data=form.values)

    assert "This appointment was taken back already." in read(client.get(url)).text


def test_a_supervisor_sees_the_book_and_has_nothing_to_press(client_of, clinic, url):
    add(clinic, 7)
    client = client_of(clinic.supervisor)

    page = read(client.get(url))

    assert rows(page)[0].startswith("Wed 18 Mar10:00")
    assert "Take back" not in page.main
    assert client.get(f"{url}/new").status_code == 404


def test_an_appointment_of_another_course_is_not_there(client_of, clinic):
    row = add(clinic, 7)
    client = client_of(clinic.therapist2)

    assert client.get(f"/courses/{clinic.course2.id}/appointments/{row}/move").status_code == 404


def test_in_a_course_that_has_ended_nothing_is_offered(client_of, clinic, url):
    with clinic.writing() as work:
        course = work.session.get(Course, clinic.course.id)
        course.ended_on, course.status = clinic.today, "completed"

    page = read(client_of(clinic.therapist).get(url))

    assert "The course has ended." in page.main
    assert f"{url}/new" not in page.links()
