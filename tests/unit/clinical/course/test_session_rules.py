"""What must hold of a session before it is kept, at each boundary."""

from dataclasses import replace
from datetime import date

import pytest

from ipt_tracker.clinical.course.session_rules import SessionFacts, check_session
from ipt_tracker.clinical.rules import RuleBroken

START, TODAY = date(2025, 1, 6), date(2025, 3, 3)
HELD = SessionFacts(
    attendance="attended",
    kind="individual",
    held_on=TODAY,
    number=8,
    duration_min=50,
    mood=5,
    tasks=("M01",),
    phase="middle",
    derived_phase="middle",
)
MISSED = SessionFacts(attendance="no_show", kind="individual", held_on=TODAY)


@pytest.mark.parametrize(
    "session",
    [
        HELD,
        MISSED,
        replace(HELD, held_on=START, duration_min=1, mood=0),
        replace(HELD, duration_min=300, mood=10, minutes_late=300),
        replace(HELD, duration_min=None, mood=None, tasks=()),
        replace(HELD, phase="beginning", phase_reason="contract not agreed yet"),
        replace(MISSED, kind="group", number=8),
    ],
)
def test_a_session_within_every_bound_is_kept(session):
    check_session(session, START, TODAY)


@pytest.mark.parametrize(
    ("session", "field"),
    [
        (replace(HELD, held_on=date(2025, 3, 4)), "held_on"),
        (replace(HELD, held_on=date(2025, 1, 5)), "held_on"),
        (replace(HELD, duration_min=0), "duration_min"),
        (replace(HELD, duration_min=301), "duration_min"),
        (replace(HELD, minutes_late=-1), "minutes_late"),
        (replace(HELD, minutes_late=301), "minutes_late"),
        (replace(HELD, mood=-1), "mood"),
        (replace(HELD, mood=11), "mood"),
        (replace(HELD, phase="beginning"), "phase_reason"),
        (replace(HELD, phase="beginning", phase_reason=" "), "phase_reason"),
        (replace(MISSED, number=8), "number"),
        (replace(MISSED, duration_min=50), "duration_min"),
        (replace(MISSED, mood=0), "mood"),
        (replace(MISSED, tasks=("M01",)), "tasks"),
        (replace(MISSED, techniques=("role_play",)), "techniques"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(session, field):
    with pytest.raises(RuleBroken) as broken:
        check_session(session, START, TODAY)

    assert broken.value.field == field


def test_the_refusal_says_what_is_allowed():
    with pytest.raises(RuleBroken, match="500 minutes cannot be right, it must be 1 to 300"):
        check_session(replace(HELD, duration_min=500), START, TODAY)
