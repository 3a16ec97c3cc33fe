"""Signing in through the page: who gets in, for how long, and what the answer gives away."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from ipt_tracker.config import Kind
from ipt_tracker.persistence.models import Account
from tests.factories.pages import read, submit
from tests.factories.people import PASSWORD
from tests.factories.stores import on_every_engine

REFUSED = "The e-mail and the password do not belong together. Check both and try again."
COOKIE = "ipt_demo"
MINUTE = timedelta(minutes=1)


def is_in(client, clinic):
    """Say whether the browser reaches the pages of the person who signed in."""
    return client.get(f"/courses/{clinic.course.id}").status_code == 200


def try_to_sign_in(client, email, password):
    return submit(client, "/sign-in", email=email, password=password)


def without_tokens(answer):
    return re.sub(r'name="csrf_token"[^>]*value="[^"]*"', "", answer.text)


@on_every_engine
def test_a_visitor_is_given_the_sign_in_form_itself(client):
    answer = client.get("/")

    page = read(answer)
    assert answer.status_code == 200
    assert page.h1 == "Sign in"
    assert set(page.form().values) == {"csrf_token", "email", "password"}


@on_every_engine
def test_signing_in_leads_on_to_where_one_wanted_to_go(client, clinic):
    turned_away = client.get(f"/courses/{clinic.course.id}")
    assert turned_away.status_code == 303

    answer = submit(client, turned_away.location, email=clinic.therapist.email, password=PASSWORD)

    assert (answer.status_code, answer.location) == (303, f"/courses/{clinic.course.id}")
    assert is_in(client, clinic)


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\r\n/evil.example",
        " //evil.example",
        "javascript:alert(1)",
    ],
)
def test_signing_in_leads_nowhere_outside_the_application(client, clinic, elsewhere):
    filled = read(client.get("/sign-in")).form()
    typed = filled.but(email=clinic.therapist.email, password=PASSWORD)

    answer = client.post("/sign-in", query_string={"next": elsewhere}, data=typed)

    seen_by_a_browser = re.sub(r"[\t\r\n]", "", answer.location)
    assert answer.status_code == 303
    assert re.match(r"/(?![/\\])", seen_by_a_browser), answer.location


def test_a_refusal_is_the_same_for_an_unknown_a_disabled_and_a_known_person(client, clinic):
    with clinic.writing() as work:
        work.session.get(Account, clinic.therapist2.id).enabled = False
    people = {
        "unknown": ("nobody0@clinic.example", PASSWORD),
        "disabled": (clinic.therapist2.email, PASSWORD),
        "known": (clinic.therapist.email, "not the right password"),
    }

    answers = {
        name: try_to_sign_in(client, email, password) for name, (email, password) in people.items()
    }

    bodies = {without_tokens(a).replace(people[n][0], "EMAIL") for n, a in answers.items()}
    assert {a.status_code for a in answers.values()} == {422}
    assert len(bodies) == 1
    assert REFUSED in read(answers["unknown"]).text


def test_a_refused_form_keeps_the_e_mail_and_never_the_password(client, clinic):
    answer = try_to_sign_in(client, clinic.therapist.email, "not the right password")

    assert read(answer).form().values["email"] == [clinic.therapist.email]
    assert "not the right password" not in answer.text


@pytest.mark.parametrize(("email", "password"), [("", ""), ("a@b.example", ""), ("", PASSWORD)])
def test_an_empty_field_is_named(client, email, password):
    answer = try_to_sign_in(client, email, password)

    page = read(answer)
    assert answer.status_code == 422
    assert len(page.errors()) == [email, password].count("")


def test_a_password_longer_than_the_limit_is_refused_in_the_form(client, clinic):
    answer = try_to_sign_in(client, clinic.therapist.email, "x" * 129)

    assert answer.status_code == 422
    assert "x" * 129 not in answer.text


def test_an_identity_given_before_signing_in_does_not_become_the_persons(client, app, clinic):
    client.get("/sign-in")
    before = client.get_cookie(COOKIE).value

    try_to_sign_in(client, clinic.therapist.email, PASSWORD)

    fixed = app.test_client()
    fixed.set_cookie(COOKIE, before)
    assert client.get_cookie(COOKIE).value != before
    assert not is_in(fixed, clinic)


def test_signing_in_again_ends_the_earlier_sign_in_of_this_browser(client_of, app, clinic):
    client = client_of(clinic.therapist)
    earlier = client.get_cookie(COOKIE).value

    try_to_sign_in(client, clinic.therapist2.email, PASSWORD)

    kept = app.test_client()
    kept.set_cookie(COOKIE, earlier)
    assert not is_in(kept, clinic)


def test_a_cookie_kept_from_before_signing_out_opens_nothing(client_of, app, clinic):
    client = client_of(clinic.therapist)
    kept = app.test_client()
    kept.set_cookie(COOKIE, client.get_cookie(COOKIE).value)
    assert is_in(kept, clinic)

    answer = submit(client, "/caseload", form="/sign-out")

    assert answer.status_code == 303
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not is_in(client, clinic)
    assert not is_in(kept, clinic)


def test_fifteen_minutes_without_activity_lock_it_and_the_page_says_so(client_of, clinic, clock):
    client = client_of(clinic.therapist)
    clock.now += 15 * MINUTE
    assert is_in(client, clinic)

    clock.now += 16 * MINUTE
    answer = client.get(f"/courses/{clinic.course.id}", follow_redirects=True)

    page = read(answer)
    assert page.h1 == "Locked"
    assert "Nothing was done here for 15 minutes" in page.main


def test_twelve_hours_end_it_however_active_somebody_is(client_of, clinic, clock):
    client, start = client_of(clinic.therapist), clock.now
    while clock.now + 14 * MINUTE <= start + timedelta(hours=12):
        clock.now += 14 * MINUTE
        assert is_in(client, clinic)

    clock.now = start + timedelta(hours=12, seconds=1)

    assert not is_in(client, clinic)


def test_disabling_an_account_turns_its_browsers_away_at_the_next_page(client_of, clinic):
    client = client_of(clinic.therapist)
    with clinic.writing() as work:
        work.session.get(Account, clinic.therapist.id).enabled = False

    assert not is_in(client, clinic)


def test_a_cookie_that_was_made_up_opens_nothing(client, clinic):
    forger = Flask("ipt_tracker")
    forger.secret_key = "another key"
    with forger.test_request_context():
        session = forger.session_interface.get_signing_serializer(forger)
    client.set_cookie(COOKIE, session.dumps({"token": "x" * 43}))

    assert not is_in(client, clinic)


@pytest.mark.parametrize("kind", [Kind.DEMO])
def test_the_demos_cookie_works_without_tls_and_is_kept_from_scripts_and_other_sites(client):
    cookie = client.get("/sign-in").headers["Set-Cookie"]

    assert cookie.startswith("ipt_demo=")
    assert "Secure" not in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


@pytest.mark.parametrize("kind", [Kind.CLINIC])
def test_a_clinics_cookie_is_bound_to_its_host_and_to_tls(client):
    cookie = client.get("/sign-in", base_url="https://localhost").headers["Set-Cookie"]

    assert cookie.startswith("__Host-ipt=")
    assert {"Secure", "HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


@pytest.mark.parametrize("kind", [Kind.CLINIC])
def test_the_demo_sign_ins_are_not_shown_in_a_clinic(client):
    assert "demo" not in read(client.get("/sign-in")).text.lower()


@on_every_engine
def test_health_is_answered_while_the_database_answers(client):
    answer = client.get("/healthz")

    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


@pytest.mark.parametrize("engine", ["sqlcipher"], indirect=True)
def test_health_is_not_answered_when_the_database_does_not(client, app, clinic):
    app.extensions["ipt_tracker"].database.close()
    clinic.database.close()
    clinic.store.path.write_bytes(b"no database " * 1000)

    assert client.get("/healthz").status_code >= 500
