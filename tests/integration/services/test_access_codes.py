"""One-time codes: short-lived, for one use, kept as digests, and no way past a second factor."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import AccessDenied, Role
from ipt_tracker.persistence.models import AccessCode, Account
from ipt_tracker.services.accounts import (
    AccountChange,
    NewAccount,
    change_account,
    create_account,
)
from ipt_tracker.services.identity import access_codes, recovery_codes, second_factor
from ipt_tracker.services.identity.access_codes import CodeFor
from ipt_tracker.services.identity.password_by_code import (
    REFUSED,
    PasswordByCode,
    set_password,
)
from ipt_tracker.services.identity.recognition import recognise
from ipt_tracker.services.identity.second_factor import CHECK_CLOCKS
from ipt_tracker.services.identity.sign_ins import pass_second_step, sign_in
from ipt_tracker.services.unit_of_work import writing
from tests.factories.clinic import NOW
from tests.factories.people import PASSWORD
from tests.factories.second_factors import FACTOR_KEY, code_for, enrol
from tests.factories.stores import on_every_engine
from tests.factories.tables import audit_rows

NEW = "seven walnuts under a quiet bridge"
LATER = NOW + timedelta(minutes=10)
SECOND = timedelta(seconds=1)


def set_by(clinic, person, code, now=LATER, **more):
    email = person if isinstance(person, str) else person.email
    entered = PasswordByCode(email, code, **{"password": NEW} | more)
    return set_password(clinic.database, entered, now, FACTOR_KEY)


def can_sign_in(clinic, person, password, now=LATER):
    return sign_in(clinic.database, person.email, password, now).token is not None


def events(clinic):
    return [row.event for row in audit_rows(clinic.database)]


@on_every_engine
def test_a_forgotten_password_is_set_by_the_code_and_every_sign_in_ends(clinic):
    token = sign_in(clinic.database, clinic.therapist.email, PASSWORD, NOW).token
    code = code_for(clinic, clinic.therapist)

    assert set_by(clinic, clinic.therapist, code) is None

    assert recognise(clinic.database, token, LATER, LATER.date()).actor is None
    assert not can_sign_in(clinic, clinic.therapist, PASSWORD)
    assert can_sign_in(clinic, clinic.therapist, NEW)
    assert {"account.access_code_made", "account.password_set", "account.access_code_used"} <= {
        *events(clinic)
    }


def test_until_the_code_is_used_the_old_password_holds(clinic):
    code_for(clinic, clinic.therapist)

    assert can_sign_in(clinic, clinic.therapist, PASSWORD)


def test_a_code_works_once(clinic):
    code = code_for(clinic, clinic.therapist)
    assert set_by(clinic, clinic.therapist, code) is None

    assert set_by(clinic, clinic.therapist, code, password=f"{NEW} again") == REFUSED


def test_a_newer_code_makes_the_older_one_void(clinic):
    old, new = code_for(clinic, clinic.therapist), code_for(clinic, clinic.therapist)

    assert set_by(clinic, clinic.therapist, old) == REFUSED
    assert set_by(clinic, clinic.therapist, new) is None


@pytest.mark.parametrize(("after", "works"), [(-SECOND, True), (SECOND, False)])
def test_a_code_for_a_forgotten_password_lasts_an_hour(clinic, after, works):
    code = code_for(clinic, clinic.therapist)

    refusal = set_by(clinic, clinic.therapist, code, NOW + timedelta(minutes=60) + after)

    assert (refusal is None) is works


@pytest.mark.parametrize(("after", "works"), [(-SECOND, True), (SECOND, False)])
def test_a_code_for_a_first_password_lasts_a_day(clinic, after, works):
    with clinic.writing(clinic.admin) as work:
        made = create_account(work, NewAccount("new@clinic.example", "N. Ew", Role.THERAPIST))
        code = access_codes.make(work, made, CodeFor.PASSWORD).code

    refusal = set_by(clinic, "new@clinic.example", code, NOW + timedelta(hours=24) + after)

    assert (refusal is None) is works


def test_a_code_is_of_no_use_for_somebody_else(clinic):
    code = code_for(clinic, clinic.therapist)

    assert set_by(clinic, clinic.therapist2, code) == REFUSED


def test_a_code_of_the_other_kind_sets_no_password(clinic):
    enrol(clinic, clinic.therapist)
    code = code_for(clinic, clinic.therapist, CodeFor.SECOND_FACTOR)

    assert set_by(clinic, clinic.therapist, code) == REFUSED


def test_only_a_digest_of_a_code_is_kept(clinic):
    code = code_for(clinic, clinic.therapist)

    with clinic.reading() as work:
        row = work.session.scalars(select(AccessCode)).one()
    assert code not in str(vars(row))
    assert code.replace("-", "") not in str(vars(row)).upper()
    assert not [r for r in audit_rows(clinic.database) if code in str(vars(r))]


@on_every_engine
def test_the_code_does_not_stand_in_for_the_second_factor(clinic):
    totp, codes = enrol(clinic, clinic.therapist)
    code = code_for(clinic, clinic.therapist)

    assert set_by(clinic, clinic.therapist, code) == REFUSED
    assert set_by(clinic, clinic.therapist, code, factor_code="000000") == REFUSED
    wrong_time = totp.at(LATER + timedelta(seconds=30))
    assert set_by(clinic, clinic.therapist, code, factor_code=wrong_time) == CHECK_CLOCKS
    assert set_by(clinic, clinic.therapist, code, factor_code=codes[3]) is None


def test_the_six_digits_go_with_the_code_and_are_used_up(clinic):
    totp, _ = enrol(clinic, clinic.therapist)
    code, digits = code_for(clinic, clinic.therapist), totp.at(LATER)

    assert set_by(clinic, clinic.therapist, code, factor_code=digits) is None

    token = sign_in(clinic.database, clinic.therapist.email, NEW, LATER).token
    assert not pass_second_step(clinic.database, token, digits, LATER, FACTOR_KEY).token


def test_a_password_that_will_not_do_uses_nothing_up(clinic):
    totp, _ = enrol(clinic, clinic.therapist)
    code, digits = code_for(clinic, clinic.therapist), totp.at(LATER)

    with pytest.raises(RuleBroken) as refused:
        set_by(clinic, clinic.therapist, code, factor_code=digits, password="password1234")

    assert refused.value.field == "password"
    assert set_by(clinic, clinic.therapist, code, factor_code=digits) is None


@pytest.mark.parametrize("person", ["nobody@clinic.example", "therapist"])
def test_wrong_codes_make_one_wait_whether_the_person_is_known_or_not(clinic, person):
    who = person if "@" in person else getattr(clinic, person)

    answers = [set_by(clinic, who, "0000-0000-0000") for _ in range(6)]

    assert answers[:4] == [REFUSED] * 4
    assert answers[5].startswith("Too many tries did not succeed.")
    if who == clinic.therapist:
        assert set_by(clinic, who, code_for(clinic, who)) == answers[5]


def test_wrong_codes_do_not_keep_anybody_from_signing_in(clinic):
    for _ in range(6):
        set_by(clinic, clinic.therapist, "0000-0000-0000")

    assert can_sign_in(clinic, clinic.therapist, PASSWORD)


@on_every_engine
def test_after_a_lost_telephone_the_code_lets_in_once_and_removes_the_factor(clinic):
    _, codes = enrol(clinic, clinic.therapist)
    code = code_for(clinic, clinic.therapist, CodeFor.SECOND_FACTOR)
    token = sign_in(clinic.database, clinic.therapist.email, PASSWORD, LATER).token

    outcome = pass_second_step(clinic.database, token, code, LATER, FACTOR_KEY)

    assert recognise(clinic.database, outcome.token, LATER, LATER.date()).actor
    with writing(clinic.database, None, LATER) as work:
        assert not second_factor.has_factor(work.session, clinic.therapist.id)
        assert not recovery_codes.use(work, clinic.therapist.id, code)
        assert not recovery_codes.use(work, clinic.therapist.id, codes[0])


def test_a_code_for_a_lost_factor_is_made_only_where_there_is_one(clinic):
    with pytest.raises(RuleBroken):
        code_for(clinic, clinic.therapist, CodeFor.SECOND_FACTOR)


@pytest.mark.parametrize("kind", CodeFor)
def test_no_administrator_makes_a_code_for_themselves(clinic, kind):
    enrol(clinic, clinic.admin)

    with pytest.raises(RuleBroken):
        code_for(clinic, clinic.admin, kind)


def test_only_administrators_make_codes(clinic):
    with clinic.writing(clinic.supervisor) as work:
        account = work.session.get(Account, clinic.therapist.id)
        with pytest.raises(AccessDenied):
            access_codes.make(work, account, CodeFor.PASSWORD)


def changed(clinic, **differs):
    person = clinic.therapist
    change = {"email": person.email, "display_name": person.name, "enabled": True} | differs
    with clinic.writing(clinic.admin) as work:
        change_account(work, work.session.get(Account, person.id), AccountChange(**change))


def test_disabling_an_account_makes_its_codes_void_for_good(clinic):
    code = code_for(clinic, clinic.therapist)

    changed(clinic, enabled=False)
    assert set_by(clinic, clinic.therapist, code) == REFUSED
    changed(clinic, enabled=True)
    assert set_by(clinic, clinic.therapist, code) == REFUSED


def test_a_code_was_handed_over_with_an_e_mail_and_is_void_with_another(clinic):
    code = code_for(clinic, clinic.therapist)

    changed(clinic, email="other@clinic.example")

    assert set_by(clinic, "other@clinic.example", code) == REFUSED


def test_no_code_is_made_for_somebody_who_may_not_sign_in(clinic):
    changed(clinic, enabled=False)

    with pytest.raises(RuleBroken):
        code_for(clinic, clinic.therapist)
