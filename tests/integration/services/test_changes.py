"""Each change leaves one audit row that names it, and a refusal leaves no change at all."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import AccessDenied, Permission
from ipt_tracker.persistence.models import Account, Measure, SessionRecord
from ipt_tracker.services.contracts import ContractEntry, change_contract
from ipt_tracker.services.corrections import correct_measure
from ipt_tracker.services.courses import change_patient, start_course
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.endings import EndEntry, end_course
from ipt_tracker.services.focal_areas import (
    FocusEntry,
    SwitchEntry,
    close_focus,
    open_focus,
    switch_focus,
)
from ipt_tracker.services.handovers import transfer
from ipt_tracker.services.measures import record_measure
from ipt_tracker.services.sessions import Attached, RiskEntry, change_session, log_session
from tests.factories.clinic import FIRST_DAY
from tests.factories.courses import COURSE, PATIENT, SESSION, measure
from tests.factories.stores import on_every_engine
from tests.factories.tables import audit_rows, contents

TODAY = date(2026, 3, 11)
NEW_PATIENT = replace(PATIENT, code="T-303")
NEXT = replace(SESSION, number=7, held_on=TODAY)
CONTRACT = ContractEntry(16, 50, "weekly", 0, None, None, "still improving", patient_agreed=True)


ASKED = RiskEntry("asked_none")


def opened(work, clinic):
    return open_course(work, clinic.course.id, Permission.EDIT_COURSE)


def record_of(work, clinic):
    slot = clinic.course.slots[-1]
    query = select(SessionRecord).where(SessionRecord.course_id == clinic.course.id)
    return work.session.scalars(query.where(SessionRecord.slot == slot)).one()


def start(work, clinic, patient=NEW_PATIENT, **differs):
    start_course(work, patient, replace(COURSE, **differs))


def patient(work, clinic, **differs):
    change_patient(
        work, opened(work, clinic), replace(PATIENT, **{"name": "I. Solberg-Lie"} | differs)
    )


def contract(work, clinic, **differs):
    change_contract(work, opened(work, clinic), replace(CONTRACT, **differs))


def focus(work, clinic, area="grief", day=TODAY):
    open_focus(work, opened(work, clinic), FocusEntry(area, day, None, None))


def third_focus(work, clinic):
    focus(work, clinic)
    focus(work, clinic, "dispute")


def unfocus(work, clinic, day=TODAY, reason="worked through"):
    course = opened(work, clinic)
    close_focus(work, course, course.focal_areas[0], day, reason)


def hand_over(work, clinic, day=TODAY, reason="maternity leave", to=None):
    transfer(work, opened(work, clinic), to or clinic.therapist2.id, day, reason)


def end(work, clinic, day=TODAY):
    end_course(work, opened(work, clinic), EndEntry(day, "completed", "ended", None))


def agreed(focus):
    return SwitchEntry(focus, reformulated=True, patient_agreed=True, supervisor_informed=False)


def switch(work, clinic, area="grief", reason="the marriage ended", day=TODAY):
    course = opened(work, clinic)
    focus = FocusEntry(area, day, "the father", reason)
    switch_focus(work, course, course.focal_areas[0], agreed(focus))


def log(work, clinic, *measures, risk=ASKED, **differs):
    entry = replace(NEXT, **differs)
    log_session(work, opened(work, clinic), entry, Attached(risk, measures=measures))


def change(work, clinic, **differs):
    entry = replace(NEXT, held_on=FIRST_DAY + timedelta(weeks=6), number=6, mood=5, **differs)
    change_session(work, opened(work, clinic), record_of(work, clinic), entry, Attached())


def measured(work, clinic, total=40, key="pcl5_week", day=TODAY, **more):
    record_measure(work, opened(work, clinic), measure(key, day, total, **more))


def corrected(work, clinic, total=35, reason="digits swapped"):
    query = select(Measure).where(Measure.course_id == clinic.course.id, Measure.total == 33)
    found = work.session.scalars(query).one()
    entry = measure("pcl5_week", found.taken_on, total)
    correct_measure(work, opened(work, clinic), found, entry, reason=reason)


CHANGES = {
    "course.started": (start, 0),
    "patient.changed": (patient, 1),
    "course.changed": (contract, 1),
    "focus.opened": (focus, 1),
    "focus.closed": (unfocus, 1),
    "focus.switched": (switch, 1),
    "course.transferred": (hand_over, 1),
    "course.ended": (end, 1),
    "session.logged": (log, 1),
    "session.changed": (change, 1),
    "measure.recorded": (measured, 1),
    "measure.corrected": (corrected, 1),
}
"""What is done, by the audit row that it leaves; 1 where it is about the clinic's first patient."""


@on_every_engine
@pytest.mark.parametrize("event", CHANGES)
def test_each_change_leaves_one_audit_row_in_its_own_transaction(clinic, event):
    act, of_first_patient = CHANGES[event]
    before, known = contents(clinic.database), len(audit_rows(clinic.database))

    with clinic.writing(clinic.therapist) as work:
        act(work, clinic)

    (row,) = audit_rows(clinic.database)[known:]
    assert (row.event, row.actor_id, row.at) == (event, clinic.therapist.id, clinic.now)
    assert (row.patient_id == clinic.course.patient_id) is bool(of_first_patient)
    assert contents(clinic.database) != before


def test_a_session_with_its_measures_leaves_a_row_for_each(clinic):
    known = len(audit_rows(clinic.database))

    with clinic.writing(clinic.therapist) as work:
        log(work, clinic, measure("pcl5_week", TODAY, 30), measure("phq9", TODAY, 9))

    events = sorted(row.event for row in audit_rows(clinic.database)[known:])
    forms = ["measure.recorded", "measure.recorded"]
    assert events == [*forms, "safety.acknowledged", "safety.prompted", "session.logged"]


def test_no_audit_row_holds_a_patients_words(clinic):
    words = "quartz pelican"
    with clinic.writing(clinic.therapist) as work:
        patient(work, clinic, notes=words, phone=words)
        contract(work, clinic, reason=words, manual=words)
        log(work, clinic, note=words, plan=words, linked_event=words)
        corrected(work, clinic, reason=words)
        unfocus(work, clinic, reason=words)
        hand_over(work, clinic, reason=words)

    rows = audit_rows(clinic.database)
    assert [row.event for row in rows if words in str(vars(row))] == []


TOMORROW, BEFORE = TODAY + timedelta(days=1), FIRST_DAY - timedelta(days=1)
REFUSED = [
    (
        "the code of another patient",
        lambda w, c: start(w, c, replace(PATIENT, code="T-202")),
        "code",
    ),
    ("no code", lambda w, c: start(w, c, replace(NEW_PATIENT, code="")), "code"),
    ("an unknown protocol", lambda w, c: start(w, c, protocol="CBT"), "protocol"),
    ("born tomorrow", lambda w, c: patient(w, c, birth_date=TOMORROW), "birth_date"),
    ("a code that is taken", lambda w, c: patient(w, c, code="T-202"), "code"),
    ("an extension without a reason", lambda w, c: contract(w, c, reason=None), "reason"),
    ("an unknown focal area", lambda w, c: focus(w, c, "dragons"), "focal_area"),
    ("a focal area from tomorrow", lambda w, c: focus(w, c, day=TOMORROW), "started_on"),
    ("a focal area from before", lambda w, c: focus(w, c, day=BEFORE), "started_on"),
    ("a third focal area", third_focus, "focal_area"),
    ("a focal area left without a reason", lambda w, c: unfocus(w, c, reason=None), "reason"),
    ("a focal area left tomorrow", lambda w, c: unfocus(w, c, TOMORROW), "ended_on"),
    ("handed over yesterday", lambda w, c: hand_over(w, c, TODAY - timedelta(days=1)), "day"),
    ("handed over without a reason", lambda w, c: hand_over(w, c, reason=None), "reason"),
    ("handed to a supervisor", lambda w, c: hand_over(w, c, to=c.supervisor.id), "therapist"),
    ("handed to oneself", lambda w, c: hand_over(w, c, to=c.therapist.id), "therapist"),
    ("ended before its last session", lambda w, c: end(w, c, FIRST_DAY), "ended_on"),
    ("ended tomorrow", lambda w, c: end(w, c, TOMORROW), "ended_on"),
    ("a session tomorrow", lambda w, c: log(w, c, held_on=TOMORROW), "held_on"),
    ("a session before the course", lambda w, c: log(w, c, held_on=BEFORE), "held_on"),
    ("a number that is taken", lambda w, c: log(w, c, number=3), "number"),
    ("nothing said about risk", lambda w, c: log(w, c, risk=None), "risk"),
    ("mood eleven", lambda w, c: log(w, c, mood=11), "mood"),
    ("an area not taken up", lambda w, c: log(w, c, focal_area="grief"), "focal_area"),
    ("PCL-5 of 81", lambda w, c: log(w, c, measure("pcl5_week", TODAY, 81)), "pcl5_week.total"),
    ("PCL-5 of -1", lambda w, c: measured(w, c, -1), "total"),
    ("a form of tomorrow", lambda w, c: measured(w, c, day=TOMORROW), "taken_on"),
    ("a form with nothing", lambda w, c: measured(w, c, None), "total"),
    ("a total corrected to 94", lambda w, c: corrected(w, c, 94), "total"),
    ("a total corrected without a reason", lambda w, c: corrected(w, c, reason=None), "reason"),
]


@pytest.mark.parametrize(("act", "field"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_what_breaks_a_rule_names_the_field_and_keeps_nothing(clinic, act, field):
    before, known = contents(clinic.database), len(audit_rows(clinic.database))

    with pytest.raises(RuleBroken) as refused, clinic.writing(clinic.therapist) as work:
        act(work, clinic)

    assert refused.value.field == field
    assert contents(clinic.database) == before
    assert len(audit_rows(clinic.database)) == known


def test_a_session_that_is_given_no_number_is_given_the_next_one(clinic):
    with clinic.writing(clinic.therapist) as work:
        log(work, clinic, number=None)

    with clinic.reading() as work:
        of_course = select(SessionRecord.number).where(SessionRecord.course_id == clinic.course.id)
        assert max(work.session.scalars(of_course.where(SessionRecord.number > 0))) == 7


def test_a_signed_session_is_not_changed(clinic):
    with clinic.writing() as work:
        record_of(work, clinic).note_state = "signed"
    before = contents(clinic.database)

    with pytest.raises(RuleBroken, match="signed"), clinic.writing(clinic.therapist) as work:
        change(work, clinic)

    assert contents(clinic.database) == before


@pytest.mark.parametrize("act", [start, patient, contract, focus, unfocus, log, measured, end])
def test_a_supervisor_changes_nothing_in_a_supervisees_course(clinic, act):
    before = contents(clinic.database)

    with pytest.raises(AccessDenied), clinic.writing(clinic.supervisor) as work:
        act(work, clinic)

    assert contents(clinic.database) == before


def test_a_course_is_not_handed_to_somebody_who_cannot_sign_in(clinic):
    with clinic.writing() as work:
        work.session.get(Account, clinic.therapist2.id).enabled = False

    with pytest.raises(RuleBroken), clinic.writing(clinic.therapist) as work:
        hand_over(work, clinic)
