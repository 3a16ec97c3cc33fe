"""People and supervision: what an administrator can do, and what they never see."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from ipt_tracker.governance.access import Role
from ipt_tracker.persistence.models import Account, AuditEntry, StaffCode, Supervision
from ipt_tracker.services.accounts import LAST
from tests.factories.notes import make_trainee
from tests.factories.pages import read, says, submit
from tests.factories.people import PASSWORD, add_person
from tests.factories.second_factors import enrol
from tests.factories.stores import on_every_engine

NEW = {
    "display_name": "N. Newcomer",
    "email": "New@Clinic.example ",
    "role": "therapist",
}
OWN_PASSWORD = "seven walnuts under a quiet bridge"


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


def code_on(response):
    """Give the one-time code that a page shows."""
    page = read(response)
    assert page.status == 200
    return says(page.one("p[@class='typed-code']"))


def set_password(app, email, code):
    typed = {"email": email, "code": code, "password": OWN_PASSWORD, "again": OWN_PASSWORD}
    return submit(app.test_client(), "/set-password", **typed)


@on_every_engine
def test_the_list_says_who_works_here_and_who_supervises_whom(admin, clinic):
    with clinic.writing() as work:
        work.session.add(StaffCode(code="TH-07", account_id=clinic.therapist.id))

    page = read(admin.get("/people"))

    rows = {says(r.find("th/a")): says(r) for r in page.one("main").findall(".//tbody/tr")}
    assert set(rows) == {
        *("R. Calder", "A. Okafor", "I. Marlowe", "S. Lindqvist", "E. Brandvold", "J. Moreau")
    }
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


@pytest.mark.parametrize(
    "path", ["", "/new", "/supervision", "/{id}", "/{id}/role", "/{id}/code/password"]
)
def test_these_pages_are_for_administrators_alone(client_of, clinic, path):
    url = "/people" + path.format(id=clinic.therapist.id)
    for person in (clinic.therapist, clinic.supervisor):
        client = client_of(person)
        token = read(client.get("/caseload")).token

        assert client.get(url).status_code == 404
        assert client.post(url, data={"csrf_token": token}).status_code in {404, 405}


@on_every_engine
def test_a_person_who_is_added_sets_a_password_with_the_code_and_can_sign_in(admin, app, clinic):
    code = code_on(submit(admin, "/people/new", "/new", **NEW))

    assert set_password(app, "new@clinic.example", code).location == "/sign-in"
    assert can_sign_in(app, "new@clinic.example", OWN_PASSWORD)
    assert account_named(clinic, "N. Newcomer").role == Role.THERAPIST
    assert {"account.created", "account.access_code_made"} <= {*events(clinic)}


def test_the_code_is_shown_this_once_and_is_in_no_other_page(admin):
    code = code_on(submit(admin, "/people/new", "/new", **NEW))

    pages = [admin.get(p).text for p in ("/people", "/people/new", "/account")]
    assert not [page for page in pages if code in page]


@pytest.mark.parametrize("role", Role)
def test_each_role_is_offered_in_plain_words(admin, clinic, role):
    submit(admin, "/people/new", "/new", **NEW | {"role": role.value})

    assert account_named(clinic, "N. Newcomer").role == role
    assert role.value.capitalize() in read(admin.get("/people/new")).main


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
    ],
)
def test_a_wrong_answer_is_named_and_the_rest_is_kept(admin, clinic, wrong, message):
    page = read(submit(admin, "/people/new", "/new", **NEW | wrong))

    assert page.status == 422
    assert page.errors() == [message]
    kept = {
        name: page.form().values[name] for name in ("display_name", "email") if name not in wrong
    }
    assert all(kept.values())
    assert account_named(clinic, "N. Newcomer") is None


@on_every_engine
def test_somebody_from_an_imported_file_is_enabled_by_e_mail_and_given_a_code(admin, app, clinic):
    with clinic.writing() as work:
        known = Account(display_name="TH-09", role="therapist", enabled=False, created_at=work.now)
        work.session.add(known)
        work.session.flush()
        url = f"/people/{known.id}"
    without = read(submit(admin, url, enabled="y"))

    answer = submit(admin, url, display_name="T. Nine", email="nine@clinic.example", enabled="y")

    assert without.errors() == ["Work e-mail: An account that can sign in needs an e-mail."]
    assert answer.location == "/people"
    code = code_on(submit_code(admin, known.id, "password"))
    set_password(app, "nine@clinic.example", code)
    assert can_sign_in(app, "nine@clinic.example", OWN_PASSWORD)


def submit_code(client, account_id, kind):
    """Press the button of the page that makes a code."""
    url = f"/people/{account_id}/code"
    token = read(client.get(f"{url}/{kind}")).token
    return client.post(url, data={"csrf_token": token, "kind": kind})


@on_every_engine
def test_a_forgotten_password_is_replaced_by_one_that_the_administrator_never_sees(
    admin, app, clinic
):
    code = code_on(submit_code(admin, clinic.therapist.id, "password"))

    set_password(app, clinic.therapist.email, code)

    assert can_sign_in(app, clinic.therapist.email, OWN_PASSWORD)
    assert not can_sign_in(app, clinic.therapist.email, PASSWORD)


def test_a_lost_second_factor_is_offered_where_there_is_one(admin, clinic):
    url = f"/people/{clinic.therapist.id}"
    assert "Lost second factor" not in read(admin.get(url)).main
    refused = read(submit_code(admin, clinic.therapist.id, "second_factor"))
    assert refused.errors() == ["This person has no second factor that could be lost."]

    enrol(clinic, clinic.therapist)

    assert "Lost second factor" in read(admin.get(url)).main
    assert code_on(submit_code(admin, clinic.therapist.id, "second_factor"))


def test_a_code_is_for_somebody_else_and_for_a_known_use(admin, clinic):
    own = read(submit_code(admin, clinic.admin.id, "password"))
    token = own.token
    odd = admin.post(f"/people/{clinic.therapist.id}/code", data={"csrf_token": token, "kind": "x"})

    assert own.errors() == ["A code for yourself has to come from another administrator."]
    assert odd.status_code == 422
    assert "Password and second factor" not in read(admin.get(f"/people/{clinic.admin.id}")).main


@pytest.mark.parametrize("path", ["/code/password", "/role", ""])
def test_codes_and_roles_need_a_fresh_sign_in(admin, clinic, clock, path):
    clock.now += timedelta(minutes=11)

    answer = admin.get(f"/people/{clinic.therapist.id}{path}")

    assert answer.location.startswith("/confirm-it-is-you")


@on_every_engine
def test_another_role_is_chosen_and_the_old_one_is_gone_at_once(admin, client_of, clinic):
    with clinic.writing() as work:
        other = add_person(work, "x@clinic.example", "X. Ample", Role.SUPERVISOR)
    client = client_of(other)

    answer = submit(admin, f"/people/{other.id}/role", role="auditor")

    assert answer.location == "/people"
    assert account_named(clinic, "X. Ample").role == Role.AUDITOR
    assert client.get("/supervision").status_code == 303
    assert "account.role_changed" in events(clinic)


def test_the_last_administrator_keeps_the_role(admin, clinic):
    page = read(submit(admin, f"/people/{clinic.admin.id}/role", role="therapist"))

    assert page.errors() == [
        f"Role: {LAST}",
    ]


def test_a_role_that_was_changed_meanwhile_is_not_overwritten(admin, clinic):
    url = f"/people/{clinic.therapist2.id}"
    mine = read(admin.get(f"{url}/role")).form().but(role="auditor")
    submit(admin, url, display_name="A. Theirs")

    page = read(admin.post(f"{url}/role", data=mine))

    assert page.status == 409
    assert account_named(clinic, "A. Theirs").role == Role.THERAPIST


@on_every_engine
def test_who_may_no_longer_sign_in_is_out_at_once(admin, client_of, app, clinic):
    therapist = client_of(clinic.therapist)

    submit(admin, f"/people/{clinic.therapist.id}", enabled=None)

    assert therapist.get("/caseload").status_code == 303
    assert not can_sign_in(app, clinic.therapist.email, PASSWORD)


def test_a_change_of_name_leaves_the_password_alone(admin, app, clinic):
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
