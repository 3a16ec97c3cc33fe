"""Codes and shifted dates of files without names."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from ipt_tracker.governance.disguise import Disguise, age_band

KEY, OTHER = b"k" * 32, b"o" * 32
ONE, TWO = UUID(int=1), UUID(int=2)
DAYS = st.dates(date(1905, 1, 1), date(2190, 1, 1))


def test_a_patient_has_the_same_code_in_every_file_of_the_clinic_and_another_elsewhere():
    assert Disguise(KEY).code(ONE) == Disguise(KEY).code(ONE)
    assert len({Disguise(KEY).code(ONE), Disguise(KEY).code(TWO), Disguise(OTHER).code(ONE)}) == 3


@given(st.uuids(), DAYS, DAYS)
def test_dates_of_one_patient_keep_their_distance_and_their_day_of_the_week(patient, one, other):
    shifted = Disguise(KEY)

    assert shifted.day(patient, one) - shifted.day(patient, other) == one - other
    assert shifted.day(patient, one).weekday() == one.weekday()


@given(st.uuids())
def test_no_patient_keeps_the_true_dates_and_none_moves_by_more_than_a_year(patient):
    assert 7 <= abs(Disguise(KEY).days(patient)) <= 364


def test_the_shifts_of_many_patients_are_spread_over_the_year_before_and_after():
    shifts = {Disguise(KEY).days(uuid4()) for _ in range(2_000)}

    assert shifts == {7 * week for week in range(-52, 53) if week}


def test_the_time_of_day_is_cut_off():
    moment = datetime(2026, 3, 5, 14, 25, tzinfo=UTC)

    shifted = Disguise(KEY).moment(ONE, moment)

    day = date(2026, 3, 5) + timedelta(days=Disguise(KEY).days(ONE))
    assert shifted == datetime(day.year, day.month, day.day, tzinfo=UTC)


def test_what_is_not_known_stays_unknown():
    assert Disguise(KEY).day(ONE, None) is None
    assert Disguise(KEY).moment(ONE, None) is None
    assert age_band(None, date(2026, 1, 1)) == ""


def test_ages_are_given_in_bands_whose_ends_are_birthdays():
    born = date(1986, 5, 17)

    assert age_band(born, date(2026, 5, 16)) == "30 to 39"
    assert age_band(born, date(2026, 5, 17)) == "40 to 49"
    assert age_band(date(1930, 1, 1), date(2026, 1, 1)) == "90 or older"
    assert age_band(date(2026, 6, 1), date(2026, 1, 1)) == ""


def test_the_key_is_not_in_its_text_form():
    assert "kkk" not in repr(Disguise(KEY))
