"""What needs a fresh sign-in: asked for once in ten minutes, with nothing lost on the way."""

from datetime import timedelta

import pytest

from ipt_tracker.persistence.models import Account
from ipt_tracker.services.identity.recognition import FRESH
from tests.factories.factors import enrol
from tests.factories.pages import read, submit
from tests.factories.people import PASSWORD
from tests.factories.tables import audit_rows, contents
from tests.factories.walk import of_course, stops

COOKIE = "ipt_demo"
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
TABLE = "/benchmark/download/figures.csv"
NEEDED_BY = {
    "admin.new_account",
    "admin.edit_account",
    "admin.supervision",
    "admin.end_of_supervision",
    "batches.ask",
    "batches.take",
    "benchmark.figures",
    "evidence.figures",
    "evidence_sets.download_table",
    "exports.download",
    "files.take",
    "portfolio.download",
    "reports.download",
}
"""At least these: accounts and roles, tables, and files of many records."""


def later(client, clock, by=FRESH + SECOND):
    """Let time pass while somebody works, so that nothing is locked."""
    until = clock.now + by
    while clock.now + 5 * MINUTE < until:
        clock.now += 5 * MINUTE
        client.get("/")
    clock.now = until


@pytest.fixture
def client(client_of, clinic):
    return client_of(clinic.supervisor)


@pytest.fixture
def stale(client, clock):
    """Give the browser of a supervisor who signed in more than ten minutes ago."""
    later(client, clock)
    return client


@pytest.fixture
def admin(client_of, clinic, clock):
    """Give the browser of an administrator who signed in more than ten minutes ago."""
    client = client_of(clinic.admin)
    later(client, clock)
    return client


def test_a_sign_in_counts_as_fresh_for_ten_minutes_and_no_longer(client, clock):
    assert timedelta(minutes=10) == FRESH
    start = clock.now
    later(client, clock, FRESH)
    assert client.get(TABLE).status_code == 200

    clock.now = start + FRESH + SECOND
    answer = client.get(TABLE)

    assert (answer.status_code, answer.location) == (303, f"/confirm-it-is-you?next={TABLE}")


def test_a_single_chart_needs_none(client_of, clinic, clock):
    client = client_of(clinic.therapist)
    later(client, clock)

    chart = client.get(f"/courses/{clinic.course.id}/progress/download/chart.svg")

    assert chart.status_code == 200


def test_the_password_makes_it_fresh_with_a_new_token_and_leads_to_the_file(stale, app, clinic):
    kept = app.test_client()
    kept.set_cookie(COOKIE, stale.get_cookie(COOKIE).value)

    answer = submit(
        stale, stale.get(TABLE).location, "/confirm-it-is-you?next=" + TABLE, password=PASSWORD
    )

    page = read(answer)
    assert page.h1 == "Take the file"
    assert TABLE in page.links()
    assert stale.get(TABLE).mimetype == "text/csv"
    assert kept.get("/today").location == "/sign-in?next=/today"
    row = next(r for r in reversed(audit_rows(clinic.database)) if "stepped" in r.event)
    assert (row.event, row.subject_id) == ("account.stepped_up", str(clinic.supervisor.id))


def test_a_page_that_needs_it_is_shown_next(admin):
    asked = admin.get("/people/new").location

    answer = submit(admin, asked, password=PASSWORD)

    assert (answer.status_code, answer.location) == (303, "/people/new")
    assert admin.get("/people/new").status_code == 200


def test_what_was_sent_is_carried_through_it_and_sent_again(client_of, clinic, clock):
    admin = client_of(clinic.admin)
    url = f"/people/{clinic.therapist.id}"
    typed = read(admin.get(url)).form(str(clinic.therapist.id)).but(display_name="R. Holm")
    later(admin, clock)
    before = contents(clinic.database)

    asked = admin.post(url, data=typed)
    assert asked.status_code == 401
    assert contents(clinic.database) == before
    wrong = admin.post("/confirm-it-is-you", data=read(asked).form().but(password="not this"))
    confirmed = admin.post("/confirm-it-is-you", data=read(wrong).form().but(password=PASSWORD))
    resent = read(confirmed).form()
    assert admin.post(resent.action, data=resent.values).status_code == 303

    with clinic.reading() as work:
        assert work.session.get(Account, clinic.therapist.id).display_name == "R. Holm"


def test_a_password_or_code_in_a_form_is_never_carried(admin):
    token = read(admin.get("/sign-in")).token
    typed = {"csrf_token": token, "display_name": "N. Ew", "password": "not to be seen in a page"}

    asked = admin.post("/people/new", data=typed)

    assert read(asked).form().values["kept:display_name"] == ["N. Ew"]
    assert "not to be seen" not in asked.text


def test_a_one_time_code_does_as_well_once(client_of, clinic, clock, app):
    telephone = enrol(clinic, clinic.supervisor, clock.now - MINUTE)
    client = app.test_client()
    submit(client, "/sign-in", email=clinic.supervisor.email, password=PASSWORD)
    submit(client, "/sign-in/code", code=telephone.code(clock.now))
    later(client, clock)
    code = telephone.code(clock.now)

    assert submit(client, "/confirm-it-is-you", password=code).status_code == 303
    later(client, clock)
    assert submit(client, "/confirm-it-is-you", password=code).status_code == 422
    assert submit(client, "/confirm-it-is-you", password=PASSWORD).status_code == 303


def test_six_digits_of_somebody_without_a_second_factor_are_a_wrong_password(stale):
    page = read(submit(stale, "/confirm-it-is-you", password="123456"))

    assert page.status == 422
    assert "does not belong to this account" in page.main
    assert "telephone" not in page.main


def test_wrong_tries_make_one_wait(stale, clinic, clock):
    said = [read(submit(stale, "/confirm-it-is-you", password="a guess")).main for _ in range(5)]
    assert ["30 seconds" in each for each in said] == [False] * 4 + [True]
    assert submit(stale, "/confirm-it-is-you", password=PASSWORD).status_code == 422

    clock.now += 30 * SECOND

    assert submit(stale, "/confirm-it-is-you", password=PASSWORD).status_code == 303
    events = [row.event for row in audit_rows(clinic.database)]
    assert events.count("account.step_up_refused") == 5
    assert events.count("account.locked_out") == 1


def test_it_leads_nowhere_outside_the_application(stale):
    answer = submit(stale, "/confirm-it-is-you?next=//evil.example/download", password=PASSWORD)

    assert (answer.status_code, answer.location) == (303, "/")


def test_unlocking_counts_as_fresh(stale, clock):
    clock.now += 16 * MINUTE
    assert stale.get(TABLE).location == f"/locked?next={TABLE}"

    submit(stale, "/locked", password=PASSWORD)

    assert stale.get(TABLE).status_code == 200


def test_a_form_to_confirm_that_comes_too_late_keeps_what_it_carried(client_of, clinic, clock):
    admin = client_of(clinic.admin)
    url = f"/people/{clinic.therapist.id}"
    typed = read(admin.get(url)).form(str(clinic.therapist.id)).but(display_name="R. Holm")
    later(admin, clock)
    asked = read(admin.post(url, data=typed)).form()
    clock.now += 16 * MINUTE

    locked = read(admin.post("/confirm-it-is-you", data=asked.but(password=PASSWORD)))
    again = read(admin.post("/locked", data=locked.form().but(password=PASSWORD)))

    assert locked.h1 == "Locked"
    assert again.form().action == url
    assert again.form().values["display_name"] == ["R. Holm"]


def test_what_needs_it_says_so_and_is_refused_without_it(app, clinic, client_of, clock):
    marked = {name for name, view in app.view_functions.items() if hasattr(view, "fresh")}
    assert marked >= NEEDED_BY
    people = [client_of(p) for p in (clinic.admin, clinic.supervisor, clinic.therapist)]
    walked = [s for s in stops(app, of_course(clinic, clinic.course)) if s.endpoint in marked]
    tokens = [read(client.get("/sign-in")).token for client in people]
    clock.now += FRESH / 2
    for client in people:
        client.get("/")
    clock.now += FRESH / 2 + SECOND
    before = contents(clinic.database)

    for client, token in zip(people, tokens, strict=True):
        for stop in walked:
            answer = client.open(stop.url, method=stop.method, data={"csrf_token": token, "x": "1"})
            asked = answer.status_code in {303, 401} and (
                "/confirm-it-is-you" in (answer.location or answer.text)
            )
            assert asked or answer.status_code == 404, f"{stop.method} {stop.url}: {answer.status}"

    assert contents(clinic.database) == before


def test_every_table_and_every_file_of_many_records_needs_it(app):
    """A file that is no picture of one record carries a table or a batch.

    The meaning of the columns is of no record at all.
    """
    of_nobody = {"exports.dictionary"}
    tables = [rule for rule in app.url_map.iter_rules() if rule.rule.endswith(".csv")]
    tables += [rule for rule in app.url_map.iter_rules() if "csv" in rule.rule]

    assert tables
    assert [
        r.endpoint
        for r in tables
        if r.endpoint not in of_nobody and not hasattr(app.view_functions[r.endpoint], "fresh")
    ] == []
