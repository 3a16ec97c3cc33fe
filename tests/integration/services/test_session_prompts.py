"""Prompts on suicide that came with a session in which risk was asked about."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.governance.access import Permission
from ipt_tracker.persistence.models import SafetyPrompt
from ipt_tracker.services.doors import open_course, open_session
from ipt_tracker.services.risk_tasks import open_tasks
from ipt_tracker.services.session_page import read_slot
from ipt_tracker.services.sessions import Attached, RiskEntry, change_session
from tests.factories.courses import SESSION, add_session, measure
from tests.factories.stores import on_every_engine
from tests.factories.tables import audit_rows

NONE, NOT_ASKED = RiskEntry("asked_none"), RiskEntry("not_asked", "no time left")
PRESENT = RiskEntry("asked_present", "passive thoughts, no plan; safety plan renewed")
POSITIVE = dict.fromkeys(INSTRUMENTS["phq9"].answer_keys, 1)
BLANK = {**POSITIVE, "self_harm": None}


def log(clinic, risk, **given):
    """Log a session with a PHQ-9: by its total unless `given` has answers."""
    with clinic.writing(clinic.therapist) as work:
        course = open_course(work, clinic.course.id, Permission.RECORD_SESSION)
        form = measure("phq9", clinic.today, **(given or {"total": 12}))
        return add_session(work, course, form, number=None, held_on=clinic.today, risk=risk).slot


def change(clinic, slot, risk):
    with clinic.writing(clinic.therapist) as work:
        course, record = open_session(work, clinic.course.id, slot, Permission.RECORD_SESSION)
        entry = replace(SESSION, number=record.number, held_on=clinic.today)
        change_session(work, course, record, entry, Attached(risk))


def prompts(clinic):
    with clinic.reading() as work:
        wanted = select(SafetyPrompt).order_by(SafetyPrompt.raised_at, SafetyPrompt.id)
        return list(work.session.scalars(wanted))


def waiting(clinic):
    with clinic.reading() as work:
        return len(open_tasks(work, [clinic.course.id])[clinic.course.id])


def settled(clinic, slot):
    with clinic.reading(clinic.therapist) as work:
        return len(read_slot(work, clinic.course.id, slot).settled)


@on_every_engine
@pytest.mark.parametrize(("risk", "words"), [(NONE, "none."), (PRESENT, "present. Its record")])
@pytest.mark.parametrize("given", [{}, {"answers": BLANK}])
def test_a_blank_is_settled_by_asking_in_the_session(clinic, risk, words, given):
    slot = log(clinic, risk, **given)

    (prompt,) = prompts(clinic)
    assert (prompt.done, prompt.acknowledged_by) == ("asked", clinic.therapist.id)
    assert f"Risk was asked in the session of 11 Mar 2026: {words}" in prompt.action
    assert (waiting(clinic), settled(clinic, slot)) == (0, 1)
    events = [row.event for row in audit_rows(clinic.database)]
    assert events.count("safety.acknowledged") == 1


def test_an_answer_of_one_or_more_is_settled_by_what_was_found_and_done(clinic):
    log(clinic, PRESENT, answers=POSITIVE)

    assert waiting(clinic) == 0


@pytest.mark.parametrize(
    ("risk", "given"),
    [(NONE, {"answers": POSITIVE}), (NOT_ASKED, {}), (NOT_ASKED, {"answers": BLANK})],
)
def test_none_settles_no_positive_answer_and_not_asked_settles_nothing(clinic, risk, given):
    slot = log(clinic, risk, **given)

    assert (waiting(clinic), settled(clinic, slot)) == (1, 0)


def test_an_answer_on_risk_that_is_taken_back_asks_again(clinic):
    slot = log(clinic, NONE)
    change(clinic, slot, PRESENT)
    assert waiting(clinic) == 0

    change(clinic, slot, NOT_ASKED)
    change(clinic, slot, NOT_ASKED)

    assert (waiting(clinic), settled(clinic, slot)) == (1, 0)
