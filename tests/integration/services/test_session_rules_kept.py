"""What must hold of a slot whoever writes it down: a form, an import, a later interface."""

from dataclasses import replace

import pytest

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.session_questions import EVERY_QUESTION
from ipt_tracker.services.sessions import Attached, RiskEntry, log_session
from tests.factories.courses import SESSION, measure

ASKED = RiskEntry("asked_none")


@pytest.fixture
def keep(clinic):
    """Log one slot of the long course, without a number unless one is said."""

    def logged(*measures, risk=ASKED, **differs):
        entry = replace(SESSION, **{"number": None, "held_on": clinic.today, **differs})
        attached = Attached(risk, None, measures, confirmed=EVERY_QUESTION)
        with clinic.writing(clinic.therapist) as work:
            course = open_course(work, clinic.course.id, Permission.RECORD_SESSION)
            return log_session(work, course, entry, attached)

    return logged


def test_a_session_without_a_word_on_risk_is_refused(keep):
    with pytest.raises(RuleBroken) as refused:
        keep(risk=None)

    assert refused.value.field == "risk"


@pytest.mark.parametrize("answer", ["asked_present", "not_asked"])
def test_a_finding_and_an_omission_need_words(keep, answer):
    with pytest.raises(RuleBroken) as refused:
        keep(risk=RiskEntry(answer))

    assert refused.value.field == "risk_detail"


def test_an_appointment_that_was_missed_needs_no_word_on_risk(keep):
    assert keep(risk=None, attendance="no_show", duration_minutes=None, mood=None).number is None


@pytest.mark.parametrize(
    ("differs", "number", "phase"),
    [
        ({}, 7, "middle"),
        ({"kind": "maintenance"}, 1, "maintenance"),
        ({"kind": "conjoint"}, 1, "middle"),
        ({"number": 13}, 13, "termination"),
        ({"number": 20}, 20, "extension"),
    ],
)
def test_a_session_gets_the_next_number_of_its_kind_and_the_phase_of_the_protocol(
    keep, differs, number, phase
):
    kept = keep(**differs)

    assert (kept.number, kept.phase) == (number, phase)


@pytest.mark.parametrize(
    ("attendance", "number"), [("no_show", 1), ("late_cancellation", 1), ("group_cancelled", None)]
)
def test_a_member_who_missed_the_group_keeps_its_number_when_it_met(keep, attendance, number):
    missed = {"attendance": attendance, "duration_minutes": None, "mood": None}

    assert keep(risk=None, kind="group", **missed).number == number


def test_a_broken_rule_of_a_measure_names_the_form_it_is_about(keep, clinic):
    first = measure("pcl5_week", clinic.today, 29)
    second = measure("phq9", clinic.today, 28)

    with pytest.raises(RuleBroken) as refused:
        keep(first, second)

    assert refused.value.field == "phq9.total"


def test_nothing_is_kept_of_a_session_with_a_broken_rule(keep, clinic):
    with pytest.raises(RuleBroken):
        keep(measure("pcl5_week", clinic.today, 81))

    assert keep().slot == 8
