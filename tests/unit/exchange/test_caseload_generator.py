"""A generated caseload is the same each time, reads cleanly, and looks like a clinic."""

import json
from datetime import date, timedelta
from itertools import pairwise
from statistics import mean, stdev

import pytest

from ipt_tracker.clinical.course.attendance import rates, took_place
from ipt_tracker.clinical.course.focal_areas import Spell, check_open_spells
from ipt_tracker.clinical.course.session_rules import SessionFacts, check_session
from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS, key_for
from ipt_tracker.clinical.instruments.instrument import score
from ipt_tracker.exchange.caseload_generator import generate
from ipt_tracker.exchange.course_bundle import last_day, read

TODAY = date(2026, 3, 4)
LOAD = generate(300, 11, TODAY)
READ = read(json.dumps(LOAD.bundle))
SESSIONS = [session for case in READ.cases for session in case.sessions]
OVER = [case for case in READ.cases if case.outcome.status != "active"]


def pcl5(case):
    totals = [m.total for s in case.sessions for m in s.measures if m.instrument == "PCL-5"]
    return [total for total in totals if total is not None]


def test_the_same_arguments_give_the_same_caseload():
    assert generate(40, 3, TODAY) == generate(40, 3, TODAY)
    assert generate(40, 3, TODAY) != generate(40, 4, TODAY)


def test_it_reads_without_a_warning_and_is_not_refused():
    assert READ.warnings == ()
    assert len(READ.cases) == 300


def test_every_case_has_a_person_with_a_name_and_a_telephone_that_rings_nowhere():
    assert set(LOAD.people) == {case.id for case in READ.cases}
    for person in LOAD.people.values():
        assert person.phone.startswith("01632 960 ")
        assert " " in person.name
        assert 18 < (TODAY - person.birth_date).days / 365.25 < 75
    assert len({person.name for person in LOAD.people.values()}) > 200


def test_ids_grow_past_a_thousand():
    assert [case["id"] for case in generate(1001, 1, TODAY).bundle["cases"]][998:] == [
        "GEN-999",
        "GEN-1000",
        "GEN-1001",
    ]


def test_no_event_lies_in_the_future():
    for case in READ.cases:
        days = [s.held_on for s in case.sessions]
        days += [s.note.signed_on for s in case.sessions if s.note.signed_on]
        days += [r.rated_on for s in case.sessions for r in s.ratings]
        days += [a.done_on for a in case.assessments if a.done_on]
        days += [case.outcome.closed_on] if case.outcome.closed_on else []
        assert max(days) <= TODAY


def test_appointments_are_on_working_days_at_least_a_week_apart():
    assert all(session.held_on.weekday() < 5 for session in SESSIONS)
    for case in READ.cases:
        days = [session.held_on for session in case.sessions]
        assert all(later - earlier >= timedelta(weeks=1) for earlier, later in pairwise(days))


def test_courses_lie_within_the_last_eighteen_months():
    assert min(case.first_contact for case in READ.cases) >= TODAY - timedelta(weeks=80)


def test_every_session_keeps_the_rules_of_the_clinic():
    for case in READ.cases:
        for session in case.sessions:
            facts = SessionFacts(
                attendance=session.attendance,
                kind=session.kind,
                held_on=session.held_on,
                number=session.number,
                duration_min=session.duration_min,
                minutes_late=session.minutes_late,
                mood=session.mood,
                tasks=session.tasks,
                techniques=session.techniques,
            )
            check_session(facts, case.first_contact, TODAY)


def test_phases_are_those_of_the_contracts_map():
    for case in READ.cases:
        for session in case.sessions:
            if session.number is not None:
                phase = case.contract.phase_map.phase_of(session.kind, session.number)
                assert session.phase == phase


def test_focal_areas_are_open_while_the_course_is_and_closed_after():
    for case in READ.cases:
        check_open_spells([Spell(s.area, s.opened_on, s.closed_on) for s in case.focal_areas])
        if case.focal_areas:
            is_open = case.focal_areas[-1].closed_on is None
            assert is_open is (case.outcome.status == "active")


def test_a_switch_of_focus_is_a_change_of_contract():
    switched = [case for case in READ.cases if len(case.focal_areas) == 2]

    assert switched
    for case in switched:
        (change,) = case.contract_changes
        assert (change.before, change.after) == ("dispute", "role_transition")
        assert change.changed_on == case.focal_areas[1].opened_on


@pytest.mark.parametrize(("patients", "lowest", "highest"), [(40, 12, 20), (60, 12, 20)])
def test_in_a_small_clinic_each_therapist_has_a_full_week_of_open_courses(
    patients, lowest, highest
):
    cases = read(json.dumps(generate(patients, 5, TODAY).bundle)).cases
    for therapist in ("TH-01", "TH-02"):
        mine = [case for case in cases if case.therapist == therapist]
        assert lowest <= sum(case.outcome.status == "active" for case in mine) <= highest


def test_fifteen_to_twenty_in_a_hundred_drop_out():
    cases = generate(1000, 2, TODAY).bundle["cases"]
    dropped = sum(case["outcome"]["status"] == "dropped_out" for case in cases)

    assert 0.14 < dropped / len(cases) < 0.21


def test_patients_get_better_on_average_with_a_wide_spread_and_some_get_worse():
    changes = [
        pcl5(case)[-1] - pcl5(case)[0]
        for case in OVER
        if case.outcome.status.startswith("completed")
    ]

    assert -20 < mean(changes) < -13
    assert 9 < stdev(changes) < 17
    assert 0.04 < sum(change > 0 for change in changes) / len(changes) < 0.25


def test_one_week_resembles_the_next():
    steps = [later - earlier for case in OVER for earlier, later in pairwise(pcl5(case))]

    assert 2 < stdev(steps) < 6


def test_attendance_looks_like_a_clinic():
    counts = rates(session.attendance for session in SESSIONS)

    assert 0.8 < counts.attendance_rate < 0.92
    assert counts.no_show > 0
    assert counts.cancelled_by_therapist > 0


def test_forms_and_interviews_are_missing_now_and_then():
    statuses = {m.status for s in SESSIONS for m in s.measures}
    points = [a for case in OVER for a in case.assessments]

    assert {"complete", "incomplete", "not_returned", "declined"} <= statuses
    assert any(a.total is None and a.reason for a in points)
    assert all(0 <= m.total <= 80 for s in SESSIONS for m in s.measures if m.total is not None)


def test_forms_of_the_last_two_months_are_there_item_by_item_and_add_up():
    recent = [s for s in SESSIONS if s.held_on >= TODAY - timedelta(days=60)]
    by_items = [(m, key_for(m.instrument, m.window)) for s in recent for m in s.measures if m.items]

    assert {key for _, key in by_items} == {"pcl5_week", "phq9"}
    assert all(score(INSTRUMENTS[key], m.items).total == m.total for m, key in by_items)
    assert all(m.items[-1] == m.item9 for m, key in by_items if key == "phq9")
    assert not any(m.items for s in SESSIONS if s not in recent for m in s.measures)


def test_notes_that_wait_for_a_signature_are_recent():
    unsigned = [s.held_on for s in SESSIONS if s.note.status == "unsigned"]

    assert unsigned
    assert min(unsigned) >= TODAY - timedelta(days=4)


def test_a_positive_ninth_item_is_followed_by_a_risk_check():
    asked = [
        session.risk for session in SESSIONS if any(measure.item9 for measure in session.measures)
    ]

    assert asked
    assert all(risk and risk.asked and risk.band in {"low", "moderate"} for risk in asked)


def test_therapists_rate_themselves_more_often_and_higher_than_the_supervisor():
    ratings = [(r.rater, r.global_quality) for s in SESSIONS for r in s.ratings]
    own = [quality for rater, quality in ratings if rater == "self"]
    supervised = [quality for rater, quality in ratings if rater == "SUP-01"]

    assert len(own) > 3 * len(supervised) > 0
    assert mean(own) > mean(supervised)


def test_a_very_long_course_can_be_asked_for():
    cases = read(json.dumps(generate(1, 1, TODAY, long_course=500).bundle)).cases
    long = cases[-1]
    visits = [s for s in long.sessions if s.kind == "maintenance" and took_place(s.attendance)]

    assert long.id == "GEN-LONG"
    assert len(visits) == 500
    assert long.outcome.status == "active"
    assert TODAY - timedelta(weeks=2) < last_day(long) < TODAY


def test_an_empty_caseload_is_an_empty_bundle():
    assert read(json.dumps(generate(0, 1, TODAY).bundle)).cases == ()


def test_another_weekday_is_as_good_as_any():
    for offset in range(7):
        today = TODAY + timedelta(days=offset)
        cases = read(json.dumps(generate(30, 9, today).bundle)).cases
        assert all(case.sessions for case in cases)
        assert max(s.held_on for case in cases for s in case.sessions) < today
