"""After a while without activity: locked, the password alone opens it, and nothing is lost."""

from datetime import timedelta

import pytest

from ipt_tracker.persistence.models import Account
from ipt_tracker.services.identity.recognition import IDLE
from tests.factories.factors import enrol
from tests.factories.pages import read, submit
from tests.factories.people import PASSWORD
from tests.factories.tables import audit_rows

COOKIE = "ipt_demo"
MINUTE = timedelta(minutes=1)
WORDS = 'nobody "quoted" <b>'


@pytest.fixture
def client(client_of, clinic):
    return client_of(clinic.therapist)


@pytest.fixture
def away(client, clock):
    """Give the browser of somebody who has been away for sixteen minutes."""
    clock.now += IDLE + MINUTE
    return client


@pytest.fixture
def course(clinic):
    return f"/courses/{clinic.course.id}"


def test_it_shows_whose_it_is_and_nothing_of_a_patient(away, course, clinic):
    answer = away.get(course)
    assert (answer.status_code, answer.location) == (303, f"/locked?next={course}")

    page = read(away.get(answer.location))

    assert page.h1 == "Locked"
    assert "R. Calder" in page.main
    assert clinic.course.name not in page.html
    assert clinic.therapist.email not in page.html
    assert set(page.form().values) == {"csrf_token", "password"}


def test_the_password_alone_opens_it_where_one_was_with_a_new_token(away, course, app, clinic):
    kept = app.test_client()
    kept.set_cookie(COOKIE, away.get_cookie(COOKIE).value)

    answer = submit(away, away.get(course).location, password=PASSWORD)

    assert (answer.status_code, answer.location) == (303, course)
    assert away.get(course).status_code == 200
    assert kept.get(course).location == f"/sign-in?next={course}"
    assert "account.unlocked" in [row.event for row in audit_rows(clinic.database)]


def test_what_stood_in_the_address_after_a_question_mark_comes_along(away):
    locked = away.get("/evidence?set=all&x=1").location

    assert submit(away, locked, password=PASSWORD).location == "/evidence?set=all&x=1"


def test_the_first_page_asks_for_the_password_too(away):
    assert away.get("/").location == "/locked"


def test_a_second_factor_is_not_asked_for_again(client_of, clinic, clock, app, course):
    telephone = enrol(clinic, clinic.therapist, clock.now - MINUTE)
    client = app.test_client()
    submit(client, "/sign-in", email=clinic.therapist.email, password=PASSWORD)
    submit(client, "/sign-in/code", code=telephone.code(clock.now))
    clock.now += IDLE + MINUTE

    assert submit(client, "/locked", password=PASSWORD).status_code == 303
    assert client.get(course).status_code == 200


def test_a_wrong_password_opens_nothing_and_five_make_one_wait(away, course, clinic):
    said = [read(submit(away, "/locked", password="not this one")).main for _ in range(6)]

    assert ["30 seconds" in each for each in said] == [False] * 4 + [True] * 2
    assert away.get(course).location == f"/locked?next={course}"
    events = [row.event for row in audit_rows(clinic.database)]
    assert events.count("account.step_up_refused") == 5
    assert events.count("account.locked_out") == 1


def test_a_stranger_who_tries_the_e_mail_keeps_nobody_waiting_at_the_lock(away, app, clinic):
    stranger = app.test_client()
    for _ in range(6):
        submit(stranger, "/sign-in", email=clinic.therapist.email, password="a guess")

    assert submit(away, "/locked", password=PASSWORD).status_code == 303


def test_a_password_that_is_too_long_is_refused_in_the_form(away):
    answer = submit(away, "/locked", password="x" * 129)

    assert answer.status_code == 422
    assert read(answer).h1 == "Locked"


def test_twelve_hours_after_the_sign_in_the_password_alone_does_not_open_it(client, course, clock):
    clock.now += timedelta(hours=12)
    form = read(client.get("/locked")).form()
    clock.now += timedelta(seconds=1)

    answer = client.post("/locked", data=form.but(password=PASSWORD))

    assert read(answer).h1 == "Sign in"
    assert client.get(course).location == f"/sign-in?next={course}"


def test_unlocking_does_not_make_the_twelve_hours_longer(client, course, clock):
    start = clock.now
    clock.now = start + timedelta(hours=11, minutes=59)
    assert submit(client, "/locked", password=PASSWORD).status_code == 303
    assert client.get(course).status_code == 200

    clock.now = start + timedelta(hours=12, seconds=1)

    assert client.get(course).location == f"/sign-in?next={course}"


def test_a_closed_account_has_no_lock_to_open(away, clinic):
    form = read(away.get("/locked")).form()
    with clinic.writing() as work:
        work.session.get(Account, clinic.therapist.id).enabled = False

    answer = away.post("/locked", data=form.but(password=PASSWORD))

    assert read(answer).h1 == "Sign in"
    assert "This sign-in has ended" in read(answer).main


def test_who_is_not_signed_in_has_no_lock_either(app):
    assert app.test_client().get("/locked").location == "/sign-in"


def test_who_is_at_work_is_not_shown_the_lock(client):
    assert client.get("/locked").location == "/"


def test_somebody_else_can_sign_in_instead(away, course, clinic, app):
    earlier = app.test_client()
    earlier.set_cookie(COOKIE, away.get_cookie(COOKIE).value)
    assert "/sign-in" in read(away.get("/locked")).links()

    submit(away, "/sign-in", email=clinic.therapist2.email, password=PASSWORD)

    assert away.get(course).status_code == 404
    assert earlier.get(course).location == f"/sign-in?next={course}"


@pytest.fixture
def late(client, clock):
    """Send a form a minute after the lock fell; give the browser and the answer."""
    token = read(client.get("/caseload")).token
    clock.now += IDLE + MINUTE
    return client, client.post("/caseload/find", data={"csrf_token": token, "q": WORDS})


def test_a_form_sent_too_late_goes_through_the_lock_and_is_sent_again(late):
    client, answer = late
    assert answer.status_code == 401
    assert "What you typed is kept" in read(answer).main

    wrong = client.post("/locked", data=read(answer).form().but(password="not this one"))
    again = client.post("/locked", data=read(wrong).form().but(password=PASSWORD))
    resent = read(again).form()
    found = client.post(resent.action, data=resent.values)

    assert (resent.action, resent.values["q"]) == ("/caseload/find", [WORDS])
    assert found.status_code == 200
    assert "No patient" in read(found).main


def test_typing_that_keeps_a_draft_counts_as_activity_and_a_timer_does_not(client, clinic, clock):
    token = read(client.get("/caseload")).token

    def still_here(**headers):
        return client.post("/still-here", data={"csrf_token": token}, headers=headers).status_code

    clock.now += IDLE - MINUTE
    assert still_here() == 204
    clock.now += IDLE - MINUTE
    assert still_here(**{"Ipt-By-Itself": "yes"}) == 204
    clock.now += 2 * MINUTE

    assert still_here() == 401
    assert client.get("/caseload").location == "/locked?next=/caseload"


def test_a_draft_of_before_is_there_afterwards(client, clinic, clock, course):
    form = read(client.get(f"{course}/sessions/new")).form("/sessions/new")
    draft = {
        "csrf_token": form.values["csrf_token"],
        "draft_key": form.values["draft_key"],
        "address": f"{course}/sessions/new",
        "fields": '[["note", "kept before the lock"]]',
    }
    assert client.post("/drafts", data=draft).status_code == 200
    clock.now += IDLE + MINUTE

    locked = client.get(f"{course}/sessions/new").location
    back = submit(client, locked, password=PASSWORD).location

    page = read(client.get(back))
    assert page.form("/sessions/new").values["note"] == ["kept before the lock"]
