"""People and supervision: what an administrator can do, and what they never see."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from ipt_tracker.governance.access import Role
from ipt_tracker.persistence.models import Account, AuditEntry, StaffCode, Supervision
from tests.factories.notes import make_trainee
from tests.factories.pages import read, says, submit
from tests.factories.people import PASSWORD
from tests.factories.stores import on_every_engine

NEW = {
    "display_name": "N. Newcomer",
    "email": "New@Clinic.example ",
    "role": "therapist",
    "password": "four unrelated words here",
}


@pytest.fixture
def admin(client_of, clinic):
    return client_of(clinic.admin)


def account_named(clinic, name):
    with clinic.reading() as work:
        return work.session.scalar(select(Account).where(Account.display_name == name))


def supervisions(clinic):
    with clinic.reading() as work:
        return list(work.session.scalars(select(Supervision).order_by(Supervision.started_on)))


def events(clinic):
    with clinic.reading() as work:
        return [e.event for e in work.session.scalars(select(AuditEntry).order_by(AuditEntry.id))]


def can_sign_in(app, email, password):
    return submit(app.test_client(), "/sign-in", email=email, password=password).status_code == 303


@on_every_engine
def test_the_list_says_who_works_here_and_who_supervises_whom(admin, clinic):
    with clinic.writing() as work:
        work.session.add(StaffCode(code="TH-07", account_id=clinic.therapist.id))

    page = read(admin.get("/people"))

    rows = {says(r.find("th/a")): says(r) for r in page.one("main").findall(".//tbody/tr")}
    assert set(rows) == {"R. Calder", "A. Okafor", "I. Marlowe", "S. Lindqvist"}
    assert rows["R. Calder"].endswith("May sign in TH-07 I. Marlowe")
    assert rows["A. Okafor"].endswith("nobody")


def test_the_list_says_whose_notes_need_cosigning(admin, clinic):
    make_trainee(clinic, clinic.therapist)

    page = read(admin.get("/people"))

    rows = {says(r.find("th/a")): says(r) for r in page.one("main").findall(".//tbody/tr")}
    marked = [name for name, words in rows.items() if "notes need co-signing" in words]
    assert marked == ["R. Calder"]


@pytest.mark.parametrize("path", ["/people", "/people/new", "/people/supervision"])
def test_no_page_for_administrators_knows_a_patient(admin, clinic, path):
    page = read(admin.get(path))

    for secret in (clinic.course.name, clinic.course.code, clinic.course2.name, "PCL-5"):
        assert secret not in page.html


@pytest.mark.parametrize("path", ["", "/new", "/supervision", "/{id}"])
def test_these_pages_are_for_administrators_alone(client_of, clinic, path):
    url = "/people" + path.format(id=clinic.therapist.id)
    for person in (clinic.therapist, clinic.supervisor):
        client = client_of(person)
        token = read(client.get("/caseload")).token

        assert client.get(url).status_code == 404
        assert client.post(url, data={"csrf_token": token}).status_code in {404, 405}


@on_every_engine
def test_a_person_who_is_added_can_sign_in(admin, app, clinic):
    answer = submit(admin, "/people/new", "/new", **NEW)

    assert answer.location == "/people"
    assert can_sign_in(app, "new@clinic.example", NEW["password"])
    assert account_named(clinic, "N. Newcomer").role == Role.THERAPIST
    assert "account.created" in events(clinic)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"email": "nobody"}, "Work e-mail: This is not an e-mail address: it needs one @."),
        (
            {"email": "therapist@clinic.example"},
            "Work e-mail: Another account has this e-mail address.",
        ),
        ({"role": None}, "Role: Choose a role."),
        ({"display_name": ""}, "Name: Enter the name."),
        (
            {"password": "short"},
            "First password: Use 15 to 128 characters. A few unrelated words work well.",
        ),
    ],
)
def test_a_wrong_answer_is_named_and_the_rest_but_the_password_is_kept(
    admin, clinic, wrong, message
):
    page = read(submit(admin, "/people/new", "/new", **NEW | wrong))

    assert page.status == 422
    assert page.errors() == [message]
    assert page.form().values["password"] == [""]
    kept = {
        name: page.form().values[name] for name in ("display_name", "email") if name not in wrong
    }
    assert all(kept.values())
    assert account_named(clinic, "N. Newcomer") is None


@on_every_engine
def test_somebody_from_an_imported_file_is_enabled_by_e_mail_and_password(admin, app, clinic):
    with clinic.writing() as work:
        known = Account(display_name="TH-09", role="therapist", enabled=False, created_at=work.now)
        work.session.add(known)
        work.session.flush()
        url = f"/people/{known.id}"
    without = read(submit(admin, url, enabled="y"))

    answer = submit(
        admin,
        url,
        display_name="T. Nine",
        email="nine@clinic.example",
        enabled="y",
        password="four unrelated words here",
    )

    assert without.errors() == [
        "Work e-mail: An account that can sign in needs an e-mail and a password."
    ]
    assert answer.location == "/people"
    assert can_sign_in(app, "nine@clinic.example", "four unrelated words here")


@on_every_engine
def test_who_may_no_longer_sign_in_is_out_at_once(admin, client_of, app, clinic):
    therapist = client_of(clinic.therapist)

    submit(admin, f"/people/{clinic.therapist.id}", enabled=None)

    assert therapist.get("/caseload").status_code == 303
    assert not can_sign_in(app, clinic.therapist.email, PASSWORD)


def test_an_empty_password_keeps_the_old_one(admin, app, clinic):
    submit(admin, f"/people/{clinic.therapist.id}", display_name="R. Calder-Vane")

    assert account_named(clinic, "R. Calder-Vane").id == clinic.therapist.id
    assert can_sign_in(app, clinic.therapist.email, PASSWORD)


def test_an_administrator_cannot_lock_themselves_out(admin, app, clinic):
    page = read(submit(admin, f"/people/{clinic.admin.id}", enabled=None))

    assert page.errors() == ["May sign in: You cannot disable your own account."]
    assert can_sign_in(app, clinic.admin.email, PASSWORD)


@on_every_engine
def test_a_change_made_meanwhile_is_named_and_never_overwritten(admin, clinic):
    url = f"/people/{clinic.therapist.id}"
    mine = read(admin.get(url)).form().but(display_name="R. Mine")
    submit(admin, url, display_name="R. Theirs")

    page = read(admin.post(url, data=mine))

    assert page.status == 409
    assert page.form().values["display_name"] == ["R. Mine"]
    assert "Name: The account now says: R. Theirs." in page.errors()
    assert account_named(clinic, "R. Theirs") is not None
    assert admin.post(url, data=page.form().but()).status_code == 303
    assert account_named(clinic, "R. Mine") is not None


def test_an_account_that_does_not_exist_is_not_found(admin, clinic):
    assert admin.get(f"/people/{clinic.course.id}").status_code == 404


@on_every_engine
def test_a_supervision_opens_the_therapists_courses_from_its_first_day(
    admin, client_of, clinic, clock
):
    answer = submit(
        admin,
        "/people/supervision",
        "/supervision",
        supervisor=str(clinic.supervisor.id),
        supervisee=str(clinic.therapist2.id),
        started_on="2026-03-12",
    )
    url = f"/courses/{clinic.course2.id}"

    assert answer.status_code == 303
    assert "Not begun" in read(admin.get("/people/supervision")).main
    assert client_of(clinic.supervisor).get(url).status_code == 404
    clock.now += timedelta(days=1)
    assert client_of(clinic.supervisor).get(url).status_code == 200
    assert "supervision.started" in events(clinic)


@on_every_engine
def test_an_ended_supervision_closes_the_courses_again(admin, client_of, clinic):
    (running,) = supervisions(clinic)

    answer = submit(admin, f"/people/supervision/{running.id}/end")

    assert answer.location == "/people/supervision"
    assert client_of(clinic.supervisor).get(f"/courses/{clinic.course.id}").status_code == 404
    assert "Nobody supervises anybody yet" in read(admin.get("/people/supervision")).main
    assert admin.get(f"/people/supervision/{running.id}/end").status_code == 404
    assert "supervision.ended" in events(clinic)


@pytest.mark.parametrize(
    ("who", "message"),
    [
        (("", "therapist2"), "Supervisor: Choose a supervisor."),
        (("therapist", "therapist2"), "Supervisor: Choose a supervisor."),
        (("supervisor", "supervisor"), "Therapist: Choose a therapist."),
        (("supervisor", "therapist"), "Therapist: This supervision is arranged already."),
    ],
)
def test_a_supervision_is_of_a_therapist_by_a_supervisor_and_once(admin, clinic, who, message):
    ids = [str(getattr(clinic, name).id) if name else "" for name in who]

    page = read(
        submit(admin, "/people/supervision", "/supervision", supervisor=ids[0], supervisee=ids[1])
    )

    assert page.status == 422
    assert page.errors() == [message]
    assert len(supervisions(clinic)) == 1


def test_a_supervision_does_not_end_before_today(admin, clinic):
    (running,) = supervisions(clinic)

    page = read(submit(admin, f"/people/supervision/{running.id}/end", ended_on="2026-03-10"))

    assert page.errors() == ["First day without: Choose today or a later day, not before it began."]
    assert supervisions(clinic)[0].ended_on is None


def test_a_trainee_is_ticked_on_the_account_and_the_tick_stays(admin, clinic):
    url = f"/people/{clinic.therapist.id}"
    submit(admin, url, needs_cosign="y")
    submit(admin, "/people/new", "/new", **NEW | {"needs_cosign": "y"})

    assert read(admin.get(url)).form().values["needs_cosign"] == ["y"]
    assert account_named(clinic, "N. Newcomer").needs_cosign is True
    assert "needs_cosign" not in read(admin.get(f"/people/{clinic.supervisor.id}")).form().values
