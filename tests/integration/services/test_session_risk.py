"""What a record must say about risk, and what is kept of it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission
from ipt_tracker.services.doors import open_course, open_session
from ipt_tracker.services.session_entries import SessionEntry
from ipt_tracker.services.session_risk import check_risk
from ipt_tracker.services.sessions import Attached, RiskEntry, change_session
from tests.factories.courses import SESSION, add_session
from tests.factories.stores import on_every_engine

CLEAR = {"q1": False, "q2": False, "q6_lifetime": False}
LOW = CLEAR | {"q1": True}
MODERATE = CLEAR | {"q6_lifetime": True, "q6_3_months": False}
SEVERE = {"q4": True}
FOUND = RiskEntry("asked_present", "thoughts at night")
DONE = replace(FOUND, action="safety plan written", told_who="I. Marlowe", told_on=SESSION.held_on)


def kept(clinic, risk):
    """Log a session with this, and give its risk check."""
    with clinic.writing(clinic.therapist) as work:
        course = open_course(work, clinic.course.id, Permission.RECORD_SESSION)
        record = add_session(work, course, held_on=clinic.today, number=None, risk=risk)
    return stored(clinic, record.slot)


def stored(clinic, slot):
    with clinic.writing(clinic.therapist) as work:
        return open_session(work, clinic.course.id, slot, Permission.RECORD_SESSION)[1].risk


@on_every_engine
def test_the_answers_are_kept_and_the_band_follows(clinic):
    check = kept(clinic, replace(DONE, answers=MODERATE | {"q3": None}))

    assert check.answers == MODERATE
    assert (check.instrument, check.band, check.result) == (
        "C-SSRS screener",
        "moderate",
        "present",
    )
    assert (check.action, check.told_who) == ("safety plan written", "I. Marlowe")


def test_an_answer_that_is_missing_is_kept_as_missing(clinic):
    check = kept(clinic, RiskEntry("asked_none", answers={"q1": False}))

    assert check.answers == {"q1": False, "q2": None, "q6_lifetime": None}
    assert (check.band, check.result) == ("cannot_tell", "none")


def test_a_band_of_ones_own_stands_beside_the_one_that_follows(clinic):
    own = replace(DONE, answers=LOW, override_band="moderate", override_reason="alone this week")

    check = kept(clinic, own)

    assert (check.band, check.override_band) == ("low", "moderate")
    assert check.override_reason == "alone this week"


def test_without_the_screener_there_is_no_band(clinic):
    check = kept(clinic, FOUND)

    assert (check.answers, check.band, check.instrument) == (None, None, None)


@pytest.mark.parametrize("field", ["told_on", "supervisor_told_on"])
def test_nobody_was_told_on_a_day_that_has_not_come(clinic, field):
    later = {field: clinic.today + timedelta(days=1)}

    with pytest.raises(RuleBroken) as refused:
        kept(clinic, replace(DONE, **later))

    assert refused.value.field == field


def test_a_change_keeps_what_stood_there(clinic):
    with clinic.writing(clinic.therapist) as work:
        course = open_course(work, clinic.course.id, Permission.RECORD_SESSION)
        slot = add_session(work, course, held_on=clinic.today, number=None).slot
    with clinic.writing(clinic.therapist) as work:
        course, record = open_session(work, clinic.course.id, slot, Permission.RECORD_SESSION)
        entry = SessionEntry(
            **{name: getattr(record, name) for name in SessionEntry.__dataclass_fields__}
        )
        risk = replace(DONE, answers=SEVERE)
        change_session(work, course, record, entry, Attached(risk))

    check = stored(clinic, slot)
    assert (check.band, check.result) == ("severe", "present")
    assert check.answers["q4"] is True


@pytest.mark.parametrize(
    ("risk", "field"),
    [
        (RiskEntry("not_asked", "late", answers=CLEAR), "risk"),
        (RiskEntry("asked_none", answers=LOW), "risk"),
        (replace(FOUND, override_band="low", override_reason="why"), "screen"),
        (replace(FOUND, answers=LOW, override_band="low", override_reason="why"), "override_band"),
        (replace(FOUND, answers=LOW, override_band="none"), "override_reason"),
        (replace(FOUND, answers=LOW, override_reason="why"), "override_band"),
        (replace(FOUND, answers=MODERATE), "action"),
        (replace(FOUND, answers=SEVERE), "action"),
        (replace(FOUND, answers={"q3": True}), "action"),
        (replace(FOUND, answers=MODERATE, action="plan"), "told_who"),
        (replace(FOUND, told_who="I. Marlowe"), "told_on"),
        (replace(FOUND, told_on=SESSION.held_on), "told_who"),
        (
            replace(FOUND, answers=SEVERE, override_band="low", override_reason="why"),
            "action",
        ),
    ],
)
def test_what_does_not_fit_together_is_refused_beside_its_field(risk, field):
    with pytest.raises(RuleBroken) as refused:
        check_risk("attended", risk)

    assert refused.value.field == field


@pytest.mark.parametrize(
    "risk",
    [
        RiskEntry("asked_none", answers=CLEAR),
        replace(FOUND, answers=LOW),
        replace(DONE, answers=SEVERE),
        replace(FOUND, answers=SEVERE, action="crisis team", supervisor_told_on=SESSION.held_on),
        RiskEntry("asked_none", answers=LOW, override_band="none", override_reason="years ago"),
    ],
)
def test_what_fits_together_is_kept(risk):
    check_risk("attended", risk)
