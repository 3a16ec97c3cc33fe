"""Accounts: who may make and change them, and what a change ends."""

from dataclasses import replace

import pytest

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import AccessDenied, Role
from ipt_tracker.persistence.models import Account
from ipt_tracker.services.accounts import (
    LAST,
    AccountChange,
    NewAccount,
    change_account,
    change_role,
    create_account,
)
from ipt_tracker.services.identity.recognition import recognise
from ipt_tracker.services.identity.sign_ins import sign_in
from tests.factories.clinic import NOW
from tests.factories.people import PASSWORD, Person
from tests.factories.stores import on_every_engine
from tests.factories.tables import audit_rows

GOOD = "five words are quite enough"


@pytest.fixture
def token(clinic):
    return sign_in(clinic.database, clinic.therapist.email, PASSWORD, NOW).token


def who(clinic, token, now=NOW):
    return recognise(clinic.database, token, now, now.date())


def account(work, person):
    return work.session.get(Account, person.id)


def unchanged(person, **differs):
    return AccountChange(
        **{"email": person.email, "display_name": person.name, "enabled": True} | differs
    )


@on_every_engine
def test_disabling_an_account_ends_every_sign_in_at_once(clinic, token):
    other = sign_in(clinic.database, clinic.therapist.email, PASSWORD, NOW).token

    with clinic.writing(clinic.admin) as work:
        change = unchanged(clinic.therapist, enabled=False)
        change_account(work, account(work, clinic.therapist), change)

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


def test_an_account_without_an_e_mail_cannot_be_enabled(clinic):
    with clinic.writing() as work:
        imported = Account(display_name="TH-01", role="therapist", enabled=False, created_at=NOW)
        work.session.add(imported)

    change = AccountChange(None, "TH-01", enabled=True)
    with clinic.writing(clinic.admin) as work, pytest.raises(RuleBroken) as refused:
        change_account(work, work.session.get(Account, imported.id), change)

    assert refused.value.field == "email"


def test_who_is_enabled_without_a_password_cannot_sign_in_before_setting_one(clinic):
    with clinic.writing(clinic.admin) as work:
        create_account(work, NewAccount("new@clinic.example", "N. Ew", Role.THERAPIST))

    assert sign_in(clinic.database, "new@clinic.example", "", NOW).token is None
    assert sign_in(clinic.database, "new@clinic.example", GOOD, NOW).token is None


def role_changed(clinic, person, role):
    with clinic.writing(clinic.admin) as work:
        change_role(work, account(work, person), role)


def add_administrator(clinic, **differs):
    with clinic.writing() as work:
        new = NewAccount("second@clinic.example", "S. Econd", Role.ADMINISTRATOR, GOOD)
        made = create_account(work, replace(new, **differs))
        return Person(made.id, made.email, made.display_name, Role(made.role))


@on_every_engine
def test_a_change_of_role_is_audited_with_both_and_ends_every_sign_in(clinic):
    second = add_administrator(clinic)
    token = sign_in(clinic.database, second.email, GOOD, NOW).token

    role_changed(clinic, second, Role.AUDITOR)

    rows = [row for row in audit_rows(clinic.database) if row.event == "account.role_changed"]
    assert [(r.actor_id, r.subject_id, r.details) for r in rows] == [
        (clinic.admin.id, str(second.id), {"old": "administrator", "new": "auditor"})
    ]
    assert who(clinic, token).actor is None


@pytest.mark.parametrize("second", ["none", "without a password", "disabled"])
def test_the_last_administrator_who_can_sign_in_keeps_the_role(clinic, second):
    if second == "without a password":
        add_administrator(clinic, password=None)
    elif second == "disabled":
        other = add_administrator(clinic)
        with clinic.writing(clinic.admin) as work:
            change_account(work, account(work, other), unchanged(other, enabled=False))

    with pytest.raises(RuleBroken) as refused:
        role_changed(clinic, clinic.admin, Role.THERAPIST)

    assert (refused.value.field, refused.value.message) == ("role", LAST)


def test_the_last_administrator_cannot_be_disabled_by_anybody(clinic):
    second = add_administrator(clinic, password=None)

    with clinic.writing(second) as work, pytest.raises(RuleBroken) as refused:
        change_account(work, account(work, clinic.admin), unchanged(clinic.admin, enabled=False))

    assert (refused.value.field, refused.value.message) == ("enabled", LAST)


def test_an_administrator_may_hand_the_role_to_another_one(clinic):
    add_administrator(clinic)

    role_changed(clinic, clinic.admin, Role.ASSESSOR)

    with clinic.reading() as work:
        assert account(work, clinic.admin).role == Role.ASSESSOR


@pytest.mark.parametrize(
    ("person", "what"),
    [("therapist2", "has patients"), ("supervisor", "supervises somebody or is supervised")],
)
def test_a_role_on_which_others_depend_is_handed_over_first(clinic, person, what):
    with pytest.raises(RuleBroken) as refused:
        role_changed(clinic, getattr(clinic, person), Role.AUDITOR)

    assert what in refused.value.message


def test_a_trainee_who_gets_another_role_is_no_trainee_any_more(clinic):
    with clinic.writing(clinic.admin) as work:
        new = NewAccount("n@clinic.example", "N. Ew", Role.THERAPIST, needs_cosign=True)
        made = create_account(work, new)
        change_role(work, made, Role.SUPERVISOR)

    assert made.needs_cosign is False


@pytest.mark.parametrize(("role", "stays"), [(Role.SUPERVISOR, True), (Role.AUDITOR, False)])
def test_who_may_export_ratings_loses_that_with_a_role_that_has_none(clinic, role, stays):
    with clinic.writing(clinic.admin) as work:
        made = create_account(work, NewAccount("n@clinic.example", "N. Ew", Role.THERAPIST))
        made.exports_fidelity = True
        change_role(work, made, role)

    assert made.exports_fidelity is stays


def test_only_administrators_change_roles(clinic):
    with clinic.writing(clinic.supervisor) as work, pytest.raises(AccessDenied):
        change_role(work, account(work, clinic.supervisor), Role.ADMINISTRATOR)


@pytest.mark.parametrize("person", ["therapist", "supervisor"])
def test_only_administrators_create_and_change_accounts(clinic, person):
    actor = getattr(clinic, person)
    new = NewAccount("new@clinic.example", "N. Ew", Role.ADMINISTRATOR, GOOD)

    with clinic.writing(actor) as work, pytest.raises(AccessDenied):
        create_account(work, new)
    with clinic.writing(actor) as work, pytest.raises(AccessDenied):
        change_account(work, account(work, actor), unchanged(actor))


def test_an_e_mail_address_belongs_to_one_account(clinic):
    new = NewAccount(" Therapist@clinic.example", "N. Ew", Role.THERAPIST, GOOD)

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
    token = sign_in(clinic.database, "new@clinic.example", GOOD, NOW).token
    assert who(clinic, token).actor.id == made.id


@on_every_engine
def test_a_therapists_notes_are_cosigned_from_the_moment_the_account_says_so(clinic):
    with clinic.writing(clinic.admin) as work:
        change_account(
            work, account(work, clinic.therapist), unchanged(clinic.therapist, needs_cosign=True)
        )

    with clinic.reading() as work:
        assert account(work, clinic.therapist).needs_cosign is True
    assert audit_rows(clinic.database)[-1].details == {
        "enabled": True,
        "needs_cosign": True,
        "exports_fidelity": False,
    }


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
