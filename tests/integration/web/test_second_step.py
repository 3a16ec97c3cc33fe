"""The code after the password: nothing opens before it, and each step has a token of its own."""

from dataclasses import replace
from datetime import timedelta

import pytest

from ipt_tracker.persistence.models import Account
from ipt_tracker.services.identity.recovery_codes import make_set
from tests.factories.factors import enrol
from tests.factories.pages import read, submit
from tests.factories.people import PASSWORD
from tests.factories.tables import audit_rows

COOKIE = "ipt_demo"
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


@pytest.fixture
def telephone(clinic, clock):
    return enrol(clinic, clinic.therapist, clock.now - MINUTE)


@pytest.fixture
def half_way(telephone, client, clinic):
    """Give a browser in which the password was right."""
    answer = submit(client, "/sign-in", email=clinic.therapist.email, password=PASSWORD)
    assert (answer.status_code, answer.location) == (303, "/sign-in/code")
    return client


def is_in(client, clinic):
    return client.get(f"/courses/{clinic.course.id}").status_code == 200


def enter(client, code):
    return submit(client, "/sign-in/code", code=code)


def copy_of(client, app):
    """Give a second browser with the cookie that the first has now."""
    other = app.test_client()
    other.set_cookie(COOKIE, client.get_cookie(COOKIE).value)
    return other


def test_the_password_alone_opens_nothing(half_way, clinic):
    answer = half_way.get(f"/courses/{clinic.course.id}")

    assert (answer.status_code, answer.location) == (
        303,
        f"/sign-in?next=/courses/{clinic.course.id}",
    )
    assert [row.event for row in audit_rows(clinic.database)][-1] != "account.signed_in"


def test_the_code_opens_it_with_a_new_token(half_way, telephone, clinic, clock, app):
    before = copy_of(half_way, app)

    answer = enter(half_way, telephone.code(clock.now))

    assert (answer.status_code, answer.location) == (303, "/")
    assert is_in(half_way, clinic)
    assert not is_in(before, clinic)
    assert before.get("/sign-in/code").location == "/sign-in"


def test_the_way_leads_on_to_where_one_wanted_to_go(telephone, client, clinic, clock):
    course = f"/courses/{clinic.course.id}"
    asked = client.get(course).location

    second = submit(client, asked, email=clinic.therapist.email, password=PASSWORD).location
    answer = submit(client, second, code=telephone.code(clock.now))

    assert (answer.status_code, answer.location) == (303, course)


def test_a_code_works_once(half_way, telephone, clinic, clock, app):
    code = telephone.code(clock.now)
    enter(half_way, code)

    other = app.test_client()
    submit(other, "/sign-in", email=clinic.therapist.email, password=PASSWORD)
    answer = enter(other, code)

    assert answer.status_code == 422
    assert "was used before" in read(answer).main
    assert not is_in(other, clinic)


def test_the_code_of_the_half_minute_before_is_refused_with_a_word_on_clocks(
    half_way, telephone, clock, clinic
):
    answer = enter(half_way, telephone.code(clock.now - 30 * SECOND))

    assert answer.status_code == 422
    assert "clock" in read(answer).main
    assert not is_in(half_way, clinic)


def test_a_recovery_code_stands_in_for_the_telephone_once(half_way, clinic, app):
    with clinic.writing() as work:
        first, *_ = make_set(work, work.session.get(Account, clinic.therapist.id))

    assert enter(half_way, first.lower()).status_code == 303
    assert is_in(half_way, clinic)

    other = app.test_client()
    submit(other, "/sign-in", email=clinic.therapist.email, password=PASSWORD)
    assert enter(other, first).status_code == 422


def test_five_wrong_codes_make_one_wait_also_after_the_password_again(
    half_way, telephone, clinic, clock
):
    said = [read(enter(half_way, "000000")).main for _ in range(5)]
    assert ["30 seconds" in each for each in said] == [False] * 4 + [True]
    assert [r.details for r in audit_rows(clinic.database) if r.event == "account.locked_out"] == [
        {"counted": "account"}
    ]

    submit(half_way, "/sign-in", email=clinic.therapist.email, password=PASSWORD)
    assert enter(half_way, telephone.code(clock.now)).status_code == 422

    clock.now += 30 * SECOND
    assert enter(half_way, telephone.code(clock.now)).status_code == 303


def test_the_code_is_waited_for_five_minutes(half_way, telephone, clinic, clock):
    clock.now += 5 * MINUTE
    assert read(half_way.get("/sign-in/code")).h1 == "Enter the code"
    form = read(half_way.get("/sign-in/code")).form()

    clock.now += SECOND
    answer = half_way.post(form.action, data=form.but(code=telephone.code(clock.now)))

    assert read(answer).h1 == "Sign in"
    assert "took too long" in read(answer).main
    assert not is_in(half_way, clinic)


def test_an_account_closed_between_the_steps_is_let_in_no_further(
    half_way, telephone, clinic, clock
):
    form = read(half_way.get("/sign-in/code")).form()
    with clinic.writing() as work:
        work.session.get(Account, clinic.therapist.id).enabled = False

    answer = half_way.post(form.action, data=form.but(code=telephone.code(clock.now)))

    assert read(answer).h1 == "Sign in"
    assert not is_in(half_way, clinic)


def test_the_page_for_the_code_is_of_no_use_without_the_password(client):
    assert client.get("/sign-in/code").location == "/sign-in"

    form = read(client.get("/sign-in")).form()
    answer = client.post("/sign-in/code", data=form.but(code="123456"))

    assert answer.status_code == 422
    assert read(answer).h1 == "Sign in"


@pytest.fixture
def strict(app):
    """Ask everybody for a second factor, as a clinic does."""
    made = app.extensions["ipt_tracker"]
    app.extensions["ipt_tracker"] = replace(made, second_factor_required=True)
    return app


@pytest.mark.usefixtures("strict")
def test_where_a_second_factor_is_asked_for_one_without_it_reaches_its_set_up_and_no_more(
    client_of, clinic
):
    client = client_of(clinic.therapist)

    for place in ("/caseload", f"/courses/{clinic.course.id}", "/today", "/confirm-it-is-you?x"):
        if place.startswith("/confirm"):
            assert client.get(place).status_code == 200
            continue
        answer = client.get(place)
        assert (answer.status_code, answer.location) == (303, "/account/second-factor"), place
    page = client.get("/account/second-factor")
    assert page.status_code == 200
    assert "Caseload" not in page.text  # nothing that leads back here
    assert 'role="search"' not in page.text
    assert client.get("/account/password").status_code == 200
    token = read(client.get("/sign-in")).token
    refused = client.post("/caseload/find", data={"csrf_token": token, "q": "Solberg"})
    assert (refused.status_code, refused.location) == (303, "/account/second-factor")
    assert client.post("/sign-out", data={"csrf_token": token}).location == "/sign-in"


@pytest.mark.usefixtures("strict", "telephone")
def test_one_who_has_it_goes_on_as_usual(client, clinic, clock, telephone):
    submit(client, "/sign-in", email=clinic.therapist.email, password=PASSWORD)
    enter(client, telephone.code(clock.now))

    assert is_in(client, clinic)
