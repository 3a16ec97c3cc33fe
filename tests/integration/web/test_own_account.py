"""One's own account: password, second factor, recovery codes, sign-ins, and nobody else's."""

import logging
from datetime import timedelta

import pytest
from pyotp import TOTP
from sqlalchemy import select

from ipt_tracker.persistence.models import Account, SecondFactor, SignIn
from tests.factories.pages import read, says, submit
from tests.factories.people import PASSWORD
from tests.factories.second_factors import FACTOR_KEY, code_for, enrol
from tests.factories.stores import SQLITE, on_every_engine
from tests.factories.tables import audit_rows

NEW = "seven walnuts under a quiet bridge"
URL = "/account/second-factor"


@pytest.fixture
def therapist(client_of, clinic):
    return client_of(clinic.therapist)


def press(client, page, **button):
    """Press a button of a form that has nothing else."""
    return client.post(page.split("?")[0], data={"csrf_token": token_of(client), **button})


def token_of(client):
    return read(client.get("/account")).token


def change(client, **typed):
    fields = {"old": PASSWORD, "password": NEW, "again": NEW} | typed
    return submit(client, "/account/password", "/password", **fields)


def begin(client):
    """Begin a second factor and give what makes its codes, from the typed secret of the page."""
    press(client, URL, begin="y")
    page = read(client.get(URL))
    return TOTP(says(page.one("p[@data-secret]")).replace(" ", ""))


def confirm(client, code):
    token = read(client.get(URL)).token
    return client.post(URL, data={"csrf_token": token, "code": code})


def codes_on(answer):
    return [says(e) for e in read(answer).all("li/span[@class='typed-code']")]


@on_every_engine
def test_a_new_password_ends_the_other_sign_ins_and_renews_this_one(therapist, client_of, clinic):
    other = client_of(clinic.therapist)
    with therapist.session_transaction() as cookie:
        before = cookie["token"]

    answer = change(therapist)

    with therapist.session_transaction() as cookie:
        assert cookie["token"] != before
    assert answer.location == "/account"
    assert therapist.get("/account").status_code == 200
    assert other.get("/account").status_code == 303
    events = [row.event for row in audit_rows(clinic.database)]
    assert {"account.password_changed", "account.sign_ins_ended"} <= {*events}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"old": "not my password at all"}, "Password so far: This is not your password."),
        ({"again": "something else again"}, "New password again: The two new passwords differ."),
        ({"password": "short", "again": "short"}, "New password: Use 15 characters or more."),
        ({"password": PASSWORD, "again": PASSWORD}, "New password: This is the password that you"),
        ({"old": ""}, "Password so far: Enter your password."),
    ],
)
def test_a_password_that_will_not_do_is_refused_and_never_comes_back(
    therapist, client_of, clinic, typed, said
):
    answer = change(therapist, **typed)

    page = read(answer)
    assert page.status == 422
    assert page.errors()[0].startswith(said)
    assert not [v for v in (PASSWORD, NEW) if v in page.html]
    assert client_of(clinic.therapist)


def test_wrong_tries_at_the_old_password_make_one_wait(therapist):
    answers = [read(change(therapist, old="not my password at all")) for _ in range(6)]

    assert "Too many tries did not succeed." in answers[-1].errors()[0]


@on_every_engine
def test_a_second_factor_is_set_up_with_the_secret_that_the_page_shows(therapist, clinic, clock):
    totp = begin(therapist)

    codes = codes_on(confirm(therapist, totp.at(clock.now)))

    assert len(set(codes)) == 10
    page = read(therapist.get("/account"))
    assert "On since 11 Mar 2026" in page.main
    assert "10 of 10 left" in page.main
    assert not [code for code in codes if code in page.html]


def test_until_a_code_confirms_it_nothing_is_kept(therapist, clinic, clock):
    totp = begin(therapist)
    wrong = read(confirm(therapist, totp.at(clock.now + timedelta(hours=1))))

    assert wrong.status == 422
    assert wrong.errors()[0].startswith("Code on the telephone: This is not the code")
    with clinic.reading() as work:
        assert work.session.scalars(select(SecondFactor)).all() == []


def test_a_code_of_the_half_minute_before_says_to_look_at_the_clocks(therapist, clock):
    totp = begin(therapist)

    page = read(confirm(therapist, totp.at(clock.now - timedelta(seconds=30))))

    assert "Check that the clock of the telephone and the clock of this machine" in page.errors()[0]


def test_the_picture_is_an_image_of_its_own_that_no_browser_keeps(therapist, client_of, clinic):
    assert therapist.get(f"{URL}/picture").status_code == 303
    totp = begin(therapist)

    answer = therapist.get(f"{URL}/picture")

    assert answer.mimetype == "image/svg+xml"
    assert answer.headers["Cache-Control"] == "no-store"
    assert totp.secret not in answer.text
    assert "style=" not in answer.text
    assert client_of(clinic.therapist2).get(f"{URL}/picture").status_code == 303


def test_no_cookie_of_a_browser_holds_the_seed_in_clear(therapist):
    totp = begin(therapist)

    with therapist.session_transaction() as cookie:
        assert totp.secret not in str(dict(cookie))
        assert totp.byte_secret().hex() not in str(dict(cookie))


@pytest.mark.parametrize("url", [URL, f"{URL}/remove", "/account/recovery-codes"])
def test_whoever_has_a_factor_changes_it_only_with_a_fresh_sign_in(therapist, clinic, clock, url):
    enrol(clinic, clinic.therapist)
    clock.now += timedelta(minutes=11)

    answers = [therapist.get(url), press(therapist, url, begin="y")]

    assert answers[0].location.startswith("/confirm-it-is-you")
    assert answers[1].status_code in {303, 401}
    with clinic.reading() as work:
        assert work.session.get(SecondFactor, clinic.therapist.id).made_at == clinic.now


def test_a_removed_factor_takes_its_codes_along(therapist, clinic):
    enrol(clinic, clinic.therapist)
    assert "void" in read(therapist.get(f"{URL}/remove")).main

    press(therapist, f"{URL}/remove")

    page = read(therapist.get("/account"))
    assert "Set up second factor" in page.main
    assert "Recovery codes" not in page.main
    assert "account.factor_removed" in [row.event for row in audit_rows(clinic.database)]


def test_new_recovery_codes_replace_the_old_ones_and_are_shown_once(therapist, clinic):
    _, old = enrol(clinic, clinic.therapist)
    assert "You have 10 left." in read(therapist.get("/account/recovery-codes")).main

    new = codes_on(press(therapist, "/account/recovery-codes"))

    assert len(new) == 10
    assert not {*old} & {*new}
    assert not [c for c in new if c in therapist.get("/account/recovery-codes").text]


def test_without_a_factor_there_is_nothing_to_remove_and_no_recovery_code(therapist):
    assert therapist.get(f"{URL}/remove").location == "/account"
    assert therapist.get("/account/recovery-codes").location == URL
    assert press(therapist, "/account/recovery-codes").location == URL
    assert press(therapist, URL, code="123456").location == URL


@on_every_engine
def test_ones_own_sign_ins_are_listed_and_each_can_be_ended(therapist, client_of, app, clinic):
    other = client_of(clinic.therapist)
    client_of(clinic.therapist2)
    page = read(therapist.get("/account"))
    rows = [says(row) for row in page.one("main").findall(".//tbody/tr")]
    assert len(rows) == 2
    assert "This one" in rows[0]
    ids = [b.attrib["value"] for b in page.all("button[@name='which']")]

    answer = press(therapist, "/account/sign-ins", which=ids[0])

    assert answer.location == "/account"
    assert other.get("/account").status_code == 303
    assert len(read(therapist.get("/account")).one("main").findall(".//tbody/tr")) == 1


def test_all_other_sign_ins_end_together_and_this_one_stays(therapist, client_of, clinic):
    others = [client_of(clinic.therapist) for _ in range(2)]

    press(therapist, "/account/sign-ins", which="others")

    assert [c.get("/account").status_code for c in others] == [303, 303]
    assert therapist.get("/account").status_code == 200


def test_nobody_ends_the_sign_in_of_somebody_else(therapist, client_of, clinic):
    other = client_of(clinic.therapist2)
    with clinic.reading() as work:
        of = select(SignIn.id).where(SignIn.account_id == clinic.therapist2.id)
        foreign = work.session.scalars(of).one()

    assert press(therapist, "/account/sign-ins", which=str(foreign)).status_code == 404
    assert press(therapist, "/account/sign-ins", which="nonsense").status_code == 303
    assert other.get("/account").status_code == 200


def test_everybody_finds_their_account_in_their_menu(client_of, clinic):
    for person in (clinic.therapist, clinic.supervisor, clinic.admin):
        assert "/account" in read(client_of(person).get("/account")).links()


def set_by(client, **typed):
    fields = {"password": NEW, "again": NEW} | typed
    return submit(client, "/set-password", **fields)


@pytest.mark.parametrize("factor_code", ["", "123456"])
def test_who_is_unknown_is_answered_exactly_like_who_has_no_such_code(app, clinic, factor_code):
    enrol(clinic, clinic.supervisor)
    code_for(clinic, clinic.supervisor)
    code_for(clinic, clinic.therapist)
    with clinic.writing() as work:
        work.session.get(Account, clinic.therapist2.id).enabled = False

    answers = [
        set_by(app.test_client(), email=email, code="0000-0000-0000", factor_code=factor_code)
        for email in (
            "nobody@clinic.example",
            clinic.therapist.email,
            clinic.therapist2.email,
            clinic.supervisor.email,
            clinic.admin.email,
        )
    ]

    said = [(a.status_code, read(a).errors()) for a in answers]
    assert said == [said[0]] * 5
    assert said[0][0] == 422


def test_no_code_and_no_password_comes_back_with_a_refusal(app, clinic):
    code = code_for(clinic, clinic.therapist)

    page = read(
        set_by(app.test_client(), email=clinic.therapist.email, code=code, again="other words")
    )

    assert page.errors() == ["New password again: The two new passwords differ. Enter both again."]
    assert not [word for word in (code, NEW) if word in page.html]


def test_setting_a_password_leaves_the_browser_signed_out(therapist, clinic):
    code = code_for(clinic, clinic.therapist)

    answer = set_by(therapist, email=clinic.therapist.email, code=code)

    assert answer.location == "/sign-in"
    assert therapist.get("/account").status_code == 303


@pytest.mark.parametrize("engine", [SQLITE], indirect=True)
def test_codes_seeds_and_passwords_are_in_no_log_address_or_database_file(
    app, clinic, clock, client_of, caplog
):
    caplog.set_level(logging.DEBUG)
    client, places = client_of(clinic.therapist), []
    totp = begin(client)
    codes = codes_on(confirm(client, totp.at(clock.now)))
    handed = code_for(clinic, clinic.therapist)
    clock.now += timedelta(minutes=2)
    typed = {"email": clinic.therapist.email, "code": handed, "factor_code": codes[0]}
    places.append(set_by(app.test_client(), **typed).location)

    secrets = [NEW, totp.secret, totp.byte_secret().hex(), handed, *codes]
    secrets += [code.replace("-", "") for code in (handed, *codes)]
    kept = b"".join(
        path.read_bytes() for path in clinic.store.path.parent.glob(clinic.store.path.name + "*")
    )
    audit = str([vars(row) for row in audit_rows(clinic.database)])
    assert places == ["/sign-in"]
    assert b"argon2id" in kept
    assert totp.byte_secret() not in kept
    for secret in secrets:
        assert secret.encode() not in kept
        assert secret not in caplog.text
        assert secret not in audit
    assert FACTOR_KEY.hex() not in caplog.text
