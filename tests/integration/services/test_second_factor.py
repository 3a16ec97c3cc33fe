"""A second factor: its codes count once and in their own half minute, and its seed is sealed."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from pyotp import TOTP
from sqlalchemy import select, update

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.persistence.models import Account, RecoveryCode, SecondFactor
from ipt_tracker.services.identity import recovery_codes, second_factor
from ipt_tracker.services.identity.second_factor import CHECK_CLOCKS, WRONG, Answer
from ipt_tracker.services.unit_of_work import writing
from tests.factories.clinic import NOW
from tests.factories.second_factors import FACTOR_KEY, enrol
from tests.factories.stores import on_every_engine
from tests.factories.tables import audit_rows

STEP = timedelta(seconds=30)
LATER = NOW + 10 * STEP


@contextmanager
def at(clinic, now):
    with writing(clinic.database, None, now) as work:
        yield work


def checked(clinic, person, code, now):
    with at(clinic, now) as work:
        return second_factor.check(work, person.id, code, FACTOR_KEY)


@on_every_engine
def test_a_code_of_this_moment_is_taken_once(clinic):
    totp, _ = enrol(clinic, clinic.therapist)
    code = totp.at(LATER)

    answers = [checked(clinic, clinic.therapist, code, LATER) for _ in range(2)]

    assert answers == [Answer.ACCEPTED, Answer.REFUSED]


def test_the_code_that_confirmed_the_factor_is_used_up(clinic):
    totp, _ = enrol(clinic, clinic.therapist)

    assert checked(clinic, clinic.therapist, totp.at(NOW), NOW) is Answer.REFUSED


def test_a_code_older_than_the_last_one_taken_is_refused(clinic):
    totp, _ = enrol(clinic, clinic.therapist)
    assert checked(clinic, clinic.therapist, totp.at(LATER), LATER) is Answer.ACCEPTED

    assert checked(clinic, clinic.therapist, totp.at(LATER), LATER + STEP) is Answer.REFUSED
    assert checked(clinic, clinic.therapist, totp.at(LATER - STEP), LATER) is Answer.REFUSED


@pytest.mark.parametrize("steps", [-1, 1])
def test_the_half_minute_before_or_after_is_a_hint_and_not_a_way_in(clinic, steps):
    totp, _ = enrol(clinic, clinic.therapist)

    assert checked(clinic, clinic.therapist, totp.at(LATER + steps * STEP), LATER) is Answer.CLOCK


def test_a_code_that_came_too_early_is_not_taken_when_its_time_comes(clinic):
    totp, _ = enrol(clinic, clinic.therapist)
    code = totp.at(LATER + STEP)

    answers = [checked(clinic, clinic.therapist, code, now) for now in (LATER, LATER + STEP)]

    assert answers == [Answer.CLOCK, Answer.REFUSED]


@pytest.mark.parametrize("steps", [-2, 2, 40])
def test_any_other_time_is_refused_without_a_hint(clinic, steps):
    totp, _ = enrol(clinic, clinic.therapist)

    assert checked(clinic, clinic.therapist, totp.at(LATER + steps * STEP), LATER) is Answer.REFUSED


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "x" * 500])
def test_what_is_not_six_digits_is_refused(clinic, typed):
    enrol(clinic, clinic.therapist)

    assert checked(clinic, clinic.therapist, typed, LATER) is Answer.REFUSED


def test_digits_may_be_typed_with_a_gap(clinic):
    totp, _ = enrol(clinic, clinic.therapist)
    code = totp.at(LATER)

    assert checked(clinic, clinic.therapist, f" {code[:3]} {code[3:]}", LATER) is Answer.ACCEPTED


def test_without_a_second_factor_no_code_is_taken(clinic):
    assert checked(clinic, clinic.therapist, "000000", LATER) is Answer.REFUSED


def test_a_seed_has_160_bits_and_stands_sealed_in_the_records(clinic):
    totp, _ = enrol(clinic, clinic.therapist)

    assert len(totp.byte_secret()) * 8 == 160
    with clinic.reading() as work:
        row = work.session.scalars(select(SecondFactor)).one()
    assert totp.secret.encode() not in row.sealed_seed
    assert totp.byte_secret() not in row.sealed_seed


def test_a_sealed_seed_is_of_no_use_in_another_persons_place(clinic):
    totp, _ = enrol(clinic, clinic.therapist)
    enrol(clinic, clinic.therapist2)
    with clinic.writing() as work:
        sealed = work.session.get(SecondFactor, clinic.therapist.id).sealed_seed
        work.session.execute(
            update(SecondFactor)
            .where(SecondFactor.account_id == clinic.therapist2.id)
            .values(sealed_seed=sealed)
        )

    assert checked(clinic, clinic.therapist2, totp.at(LATER), LATER) is Answer.REFUSED
    assert checked(clinic, clinic.therapist, totp.at(LATER), LATER) is Answer.ACCEPTED


def test_a_sealed_seed_does_not_open_with_another_key(clinic):
    totp, _ = enrol(clinic, clinic.therapist)

    with at(clinic, LATER) as work:
        other = bytes(reversed(FACTOR_KEY))
        assert not second_factor.accept(work, clinic.therapist.id, totp.at(LATER), other)


def begun_by(clinic, person):
    with clinic.writing(person) as work:
        account = work.session.get(Account, person.id)
        return second_factor.begin(work, account, FACTOR_KEY)


def confirmed(clinic, person, sealed, code, now=NOW):
    with at(clinic, now) as work:
        account = work.session.get(Account, person.id)
        second_factor.confirm(work, account, sealed, code, FACTOR_KEY)


@pytest.mark.parametrize(
    ("wrong", "said"), [(timedelta(hours=1), WRONG), (STEP, CHECK_CLOCKS), (-STEP, CHECK_CLOCKS)]
)
def test_a_factor_counts_only_after_a_right_first_code(clinic, wrong, said):
    begun = begun_by(clinic, clinic.therapist)

    with pytest.raises(RuleBroken) as refused:
        confirmed(clinic, clinic.therapist, begun.sealed, TOTP(begun.seed).at(NOW + wrong))

    assert (refused.value.field, refused.value.message) == ("code", said)
    with clinic.reading() as work:
        assert not second_factor.has_factor(work.session, clinic.therapist.id)


def test_what_one_person_began_another_cannot_confirm(clinic):
    begun = begun_by(clinic, clinic.therapist)

    with pytest.raises(RuleBroken):
        confirmed(clinic, clinic.therapist2, begun.sealed, TOTP(begun.seed).at(NOW))


def test_the_old_telephone_holds_until_the_new_one_is_confirmed(clinic):
    old, _ = enrol(clinic, clinic.therapist)
    begun = begun_by(clinic, clinic.therapist)
    new = TOTP(begun.seed)
    assert checked(clinic, clinic.therapist, old.at(LATER), LATER) is Answer.ACCEPTED

    then = LATER + 2 * STEP
    confirmed(clinic, clinic.therapist, begun.sealed, new.at(then), then)

    after = then + STEP
    assert checked(clinic, clinic.therapist, old.at(after), after) is Answer.REFUSED
    assert checked(clinic, clinic.therapist, new.at(after), after) is Answer.ACCEPTED


@on_every_engine
def test_a_recovery_code_works_once_however_it_is_typed(clinic):
    _, codes = enrol(clinic, clinic.therapist)

    with at(clinic, LATER) as work:
        first = recovery_codes.use(work, clinic.therapist.id, f" {codes[0].lower()} ")
        again = recovery_codes.use(work, clinic.therapist.id, codes[0])
        another = recovery_codes.use(work, clinic.therapist.id, codes[1].replace("-", ""))
        left = recovery_codes.left(work.session, clinic.therapist.id)

    assert (first, again, another) == (True, False, True)
    assert (len(codes), left.many, left.made_at) == (10, 8, NOW)
    assert audit_rows(clinic.database)[-1].event == "account.recovery_code_used"


def test_a_recovery_code_is_of_no_use_to_somebody_else(clinic):
    _, codes = enrol(clinic, clinic.therapist)
    enrol(clinic, clinic.therapist2)

    with at(clinic, LATER) as work:
        assert not recovery_codes.use(work, clinic.therapist2.id, codes[0])


def test_a_new_set_makes_the_old_one_void(clinic):
    _, old = enrol(clinic, clinic.therapist)

    with clinic.writing(clinic.therapist) as work:
        new = recovery_codes.make_set(work, work.session.get(Account, clinic.therapist.id))
    with at(clinic, LATER) as work:
        assert not any(recovery_codes.use(work, clinic.therapist.id, code) for code in old)
        assert recovery_codes.use(work, clinic.therapist.id, new[9])


def test_recovery_codes_are_kept_as_digests_of_their_own(clinic):
    _, codes = enrol(clinic, clinic.therapist)

    with clinic.reading() as work:
        kept = list(work.session.scalars(select(RecoveryCode.code_digest)))
    assert len(set(kept)) == 10
    assert not [c for c in codes if any(c.replace("-", "") in k.upper() for k in kept)]


def test_there_are_no_recovery_codes_without_a_second_factor(clinic):
    with clinic.writing(clinic.therapist) as work, pytest.raises(RuleBroken):
        recovery_codes.make_set(work, work.session.get(Account, clinic.therapist.id))


def test_a_factor_that_is_removed_takes_its_recovery_codes_along(clinic):
    _, codes = enrol(clinic, clinic.therapist)

    with clinic.writing(clinic.therapist) as work:
        second_factor.remove(work, clinic.therapist.id)

    with at(clinic, LATER) as work:
        assert not second_factor.has_factor(work.session, clinic.therapist.id)
        assert not recovery_codes.use(work, clinic.therapist.id, codes[0])
