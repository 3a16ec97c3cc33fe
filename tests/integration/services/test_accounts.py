"""Signing in, how long it lasts, what ends it, and that a refusal tells nothing."""

import time
from datetime import timedelta
from statistics import median

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import AccessDenied, Role
from ipt_tracker.persistence.models import Account, SignIn
from ipt_tracker.services.accounts import (
    ABSOLUTE,
    IDLE,
    AccountChange,
    NewAccount,
    change_account,
    create_account,
    hash_password,
    recognise,
    sign_in,
    sign_out,
)
from tests.factories.clinic import NOW
from tests.factories.people import PASSWORD
from tests.factories.stores import on_every_engine
from tests.factories.tables import audit_rows

SECOND = timedelta(seconds=1)


@pytest.fixture
def token(clinic):
    return sign_in(clinic.database, clinic.therapist.email, PASSWORD, NOW)


def who(clinic, token, now=NOW):
    return recognise(clinic.database, token, now, now.date())


def account(work, person):
    return work.session.get(Account, person.id)


def unchanged(person, **differs):
    return AccountChange(
        **{"email": person.email, "display_name": person.name, "enabled": True} | differs
    )


@on_every_engine
def test_a_sign_in_is_recognised_as_the_person_with_their_role(clinic, token):
    found = who(clinic, token).actor

    assert (found.id, found.role, found.display_name) == (
        clinic.therapist.id,
        Role.THERAPIST,
        "R. Calder",
    )


def test_the_e_mail_may_be_typed_in_capitals_and_with_spaces_around_it(clinic):
    assert sign_in(clinic.database, "  Therapist@Clinic.Example ", PASSWORD, NOW)


def test_only_a_digest_of_the_token_is_kept(clinic, token):
    with clinic.reading() as work:
        row = work.session.scalars(select(SignIn)).one()

    assert token not in str(vars(row))


@pytest.mark.parametrize(
    ("change", "password"),
    [
        ({}, PASSWORD + " "),
        ({}, ""),
        ({"enabled": False}, PASSWORD),
        ({"enabled": False, "password_hash": None}, PASSWORD),
    ],
)
def test_a_refusal_gives_no_token_and_leaves_an_audit_row(clinic, change, password):
    with clinic.writing() as work:
        work.session.execute(
            update(Account)
            .where(Account.id == clinic.therapist.id)
            .values(**change or {"role": "therapist"})
        )

    assert sign_in(clinic.database, clinic.therapist.email, password, NOW) is None

    row = audit_rows(clinic.database)[-1]
    assert (row.event, row.subject_id) == ("account.sign_in_refused", str(clinic.therapist.id))


def test_what_was_typed_for_an_unknown_account_is_not_kept(clinic):
    assert sign_in(clinic.database, "my-password-by-mistake", PASSWORD, NOW) is None

    row = audit_rows(clinic.database)[-1]
    assert row.event == "account.sign_in_refused"
    assert "my-password" not in str(vars(row))


def test_a_password_longer_than_the_limit_never_reaches_argon2(clinic):
    longer = "x" * 129
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with clinic.writing() as work:
        account(work, clinic.therapist).password_hash = cheap.hash(longer)

    assert sign_in(clinic.database, clinic.therapist.email, longer, NOW) is None
    assert sign_in(clinic.database, clinic.therapist.email, "x" * 10_000_000, NOW) is None


def test_a_password_at_the_limit_is_taken(clinic):
    longest = "x" * 128
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with clinic.writing() as work:
        account(work, clinic.therapist).password_hash = cheap.hash(longest)

    assert sign_in(clinic.database, clinic.therapist.email, longest, NOW)


@pytest.mark.parametrize("length", [14, 129])
def test_a_new_password_of_another_length_is_refused(length):
    with pytest.raises(RuleBroken) as refused:
        hash_password("x" * length)

    assert refused.value.field == "password"


def test_passwords_are_hashed_with_argon2id():
    assert hash_password("x" * 15).startswith("$argon2id$")


def test_an_unknown_person_is_refused_no_faster_than_a_known_one(clinic):
    with clinic.writing() as work:
        account(work, clinic.therapist).password_hash = hash_password("an entirely different one")
    sign_in(clinic.database, "nobody@clinic.example", PASSWORD, NOW)  # makes nobody's hash, once

    def seconds(email):
        took = []
        for _ in range(5):
            start = time.perf_counter()
            sign_in(clinic.database, email, PASSWORD, NOW)
            took.append(time.perf_counter() - start)
        return median(took)

    known, unknown = seconds(clinic.therapist.email), seconds("nobody@clinic.example")

    assert unknown > known / 2  # without the hash it is a hundredth


def test_a_sign_in_ends_after_fifteen_minutes_without_activity(clinic, token):
    assert who(clinic, token, NOW + IDLE).actor

    late = sign_in(clinic.database, clinic.therapist.email, PASSWORD, NOW)
    found = who(clinic, late, NOW + IDLE + SECOND)

    assert timedelta(minutes=15) == IDLE
    assert found.actor is None
    assert found.idle


def test_activity_keeps_a_sign_in_alive_until_twelve_hours_are_over(clinic, token):
    moment = NOW
    while moment + timedelta(minutes=14) <= NOW + ABSOLUTE:
        moment += timedelta(minutes=14)
        assert who(clinic, token, moment).actor, moment

    assert timedelta(hours=12) == ABSOLUTE
    assert who(clinic, token, NOW + ABSOLUTE).actor
    assert who(clinic, token, NOW + ABSOLUTE + SECOND).actor is None


def test_that_somebody_was_seen_is_written_once_a_minute_at_most(clinic, token):
    def seen():
        with clinic.reading() as work:
            return work.session.scalars(select(SignIn.last_seen_at)).one()

    who(clinic, token, NOW + 60 * SECOND)
    assert seen() == NOW

    who(clinic, token, NOW + 61 * SECOND)
    assert seen() == NOW + 61 * SECOND


def test_signing_out_ends_it_at_once_and_is_audited(clinic, token):
    sign_out(clinic.database, token, NOW)

    assert who(clinic, token).actor is None
    assert audit_rows(clinic.database)[-1].event == "account.signed_out"


def test_signing_out_in_one_browser_leaves_the_other_alone(clinic, token):
    other = sign_in(clinic.database, clinic.therapist.email, PASSWORD, NOW)

    sign_out(clinic.database, token, NOW)

    assert who(clinic, other).actor


@on_every_engine
@pytest.mark.parametrize(
    "change", [{"enabled": False}, {"password": "a quite different passphrase"}]
)
def test_disabling_an_account_or_setting_its_password_ends_every_sign_in(clinic, token, change):
    other = sign_in(clinic.database, clinic.therapist.email, PASSWORD, NOW)

    with clinic.writing(clinic.admin) as work:
        change_account(work, account(work, clinic.therapist), unchanged(clinic.therapist, **change))

    assert [who(clinic, t).actor for t in (token, other)] == [None, None]


def test_enabling_an_account_again_does_not_bring_its_old_sign_ins_back(clinic, token):
    for enabled in (False, True):
        with clinic.writing(clinic.admin) as work:
            change = unchanged(clinic.therapist, enabled=enabled)
            change_account(work, account(work, clinic.therapist), change)

    assert who(clinic, token).actor is None


def test_a_change_of_name_ends_no_sign_in(clinic, token):
    with clinic.writing(clinic.admin) as work:
        change = unchanged(clinic.therapist, display_name="R. Calder-Holm")
        change_account(work, account(work, clinic.therapist), change)

    assert who(clinic, token).actor.display_name == "R. Calder-Holm"


def test_administrators_cannot_lock_themselves_out(clinic):
    with clinic.writing(clinic.admin) as work, pytest.raises(RuleBroken) as refused:
        change_account(work, account(work, clinic.admin), unchanged(clinic.admin, enabled=False))

    assert refused.value.field == "enabled"


def test_an_account_without_a_password_cannot_be_enabled(clinic):
    with clinic.writing() as work:
        imported = Account(display_name="TH-01", role="therapist", enabled=False, created_at=NOW)
        work.session.add(imported)

    change = AccountChange("th01@clinic.example", "TH-01", enabled=True)
    with clinic.writing(clinic.admin) as work, pytest.raises(RuleBroken):
        change_account(work, work.session.get(Account, imported.id), change)


@pytest.mark.parametrize("person", ["therapist", "supervisor"])
def test_only_administrators_create_and_change_accounts(clinic, person):
    actor = getattr(clinic, person)
    new = NewAccount("new@clinic.example", "N. Ew", Role.ADMINISTRATOR, "x" * 15)

    with clinic.writing(actor) as work, pytest.raises(AccessDenied):
        create_account(work, new)
    with clinic.writing(actor) as work, pytest.raises(AccessDenied):
        change_account(work, account(work, actor), unchanged(actor))


def test_an_e_mail_address_belongs_to_one_account(clinic):
    new = NewAccount(" Therapist@clinic.example", "N. Ew", Role.THERAPIST, "x" * 15)

    with clinic.writing(clinic.admin) as work, pytest.raises(RuleBroken) as refused:
        create_account(work, new)

    assert refused.value.field == "email"


def test_a_new_account_can_sign_in_and_its_creation_is_audited(clinic):
    new = NewAccount("New@Clinic.example", "N. Ew", Role.THERAPIST, "five words are quite enough")
    with clinic.writing(clinic.admin) as work:
        made = create_account(work, new)

    row = audit_rows(clinic.database)[-1]
    assert (row.event, row.actor_id) == ("account.created", clinic.admin.id)
    assert row.subject_id == str(made.id)
    token = sign_in(clinic.database, "new@clinic.example", "five words are quite enough", NOW)
    assert who(clinic, token).actor.id == made.id


@on_every_engine
def test_a_therapists_notes_are_cosigned_from_the_moment_the_account_says_so(clinic):
    with clinic.writing(clinic.admin) as work:
        change_account(
            work, account(work, clinic.therapist), unchanged(clinic.therapist, needs_cosign=True)
        )

    with clinic.reading() as work:
        assert account(work, clinic.therapist).needs_cosign is True
    assert audit_rows(clinic.database)[-1].details == {"enabled": True, "needs_cosign": True}


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.ADMINISTRATOR])
def test_only_a_therapists_notes_are_cosigned(clinic, role):
    person = clinic.supervisor if role is Role.SUPERVISOR else clinic.admin
    new = NewAccount("n@clinic.example", "N. Ew", role, "five words are enough", needs_cosign=True)

    with clinic.writing(clinic.admin) as work:
        with pytest.raises(RuleBroken) as at_first:
            create_account(work, new)
        with pytest.raises(RuleBroken) as later:
            change_account(work, account(work, person), unchanged(person, needs_cosign=True))

    assert at_first.value.field == later.value.field == "needs_cosign"
