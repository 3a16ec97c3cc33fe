"""What must never be false is refused by the database itself, on each engine, by name."""

from datetime import UTC, date, datetime
from functools import partial
from uuid import UUID, uuid4

import pytest
from sqlalchemy import CheckConstraint, UniqueConstraint, insert, null, update
from sqlalchemy.exc import IntegrityError

from ipt_tracker.persistence.base import Base
from tests.factories.rows import fill_every_table, first_row
from tests.factories.stores import on_every_engine

LONG_AGO, TODAY = date(1999, 1, 1), date(2026, 3, 11)
ONESELF = {"supervisee_id": "the supervisor"}
NO_ARMS = dict.fromkeys(
    ("mean_ipt", "sd_ipt", "n_ipt", "mean_control", "sd_control", "n_control"), None
)
EARLIER = datetime(1999, 1, 1, tzinfo=UTC)
OPEN = {"done_at": None, "measure_id": None}
WITHDRAWN = {"withdrawn_at": EARLIER, "withdrawn_by": UUID(int=0), "withdrawn_why": "moved away"}
NOT_UNDONE = dict.fromkeys(("undone_at", "undone_by", "undone_why"))
BREAKS = {
    "ck_account_role_is_known": [{"role": "janitor"}, {"role": "Therapist"}],
    "ck_account_enabled_can_sign_in": [{"email": None}],
    "ck_account_password_has_its_day": [{"password_set_at": None}, {"password_hash": None}],
    "ck_account_email_is_lower_case": [{"email": "Therapist@clinic.example"}],
    "ck_supervision_not_of_oneself": [ONESELF],
    "ck_supervision_ends_after_start": [{"ended_on": LONG_AGO}],
    "ck_patient_code_is_not_empty": [{"code": ""}],
    "ck_course_sessions_are_planned": [{"planned_sessions": 0}, {"planned_sessions": -1}],
    "ck_course_ends_after_start": [{"ended_on": LONG_AGO, "status": "completed"}],
    "ck_course_active_has_no_end": [{"ended_on": TODAY}, {"status": "completed"}],
    "ck_assignment_ends_after_start": [{"ended_on": LONG_AGO}],
    "ck_focal_area_spell_two_at_most": [{"open_place": 3}, {"open_place": 0}],
    "ck_focal_area_spell_open_has_a_place": [{"open_place": None}, {"ended_on": TODAY}],
    "ck_focal_area_spell_ends_after_start": [{"ended_on": LONG_AGO, "open_place": None}],
    "ck_session_record_slot_is_counted": [{"slot": -1}],
    "ck_session_record_mood_is_0_to_10": [{"mood": 11}, {"mood": -1}],
    "ck_session_record_duration_is_possible": [
        {"duration_minutes": 0},
        {"duration_minutes": 601},
    ],
    "ck_session_record_late_is_not_negative": [{"minutes_late": -1}],
    "ck_risk_check_no_result_without_asking": [{"asked": False, "result": "none"}],
    "ck_measure_total_when_complete": [{"total": None}, {"status": "declined"}],
    "ck_measure_total_is_not_negative": [{"total": -1}],
    "ck_measure_range_is_ordered": [{"lowest": 41, "highest": 40}],
    "ck_measure_withdrawn_has_who_and_when": [{"withdrawn_at": None}, {"withdrawn_by": None}],
    "ck_safety_prompt_acknowledged_has_who_and_when": [{"acknowledged_by": None}],
    "ck_safety_prompt_acknowledged_says_what_was_done": [{"action": None}],
    "ck_session_record_signed_has_who_and_when": [{"signed_at": None}, {"signed_by": None}],
    "ck_risk_check_override_has_a_reason": [{"override_reason": None}, {"override_band": None}],
    "ck_worksheet_editions_are_counted": [{"edition": 0}],
    "ck_inventory_person_ring_is_1_to_4": [{"ring": 0}, {"ring": 5}],
    "ck_inventory_person_removed_has_who_and_when": [{"removed_at": None}, {"removed_by": None}],
    "ck_life_event_ends_after_start": [{"ended_on": LONG_AGO}],
    "ck_life_event_exactness_is_known": [{"exactness": "about"}],
    "ck_life_event_removed_has_who_and_when": [{"removed_at": None}, {"removed_by": None}],
    "ck_goal_open_is_not_reviewed": [{"reviewed_on": TODAY}, {"status": "reached"}],
    "ck_goal_removed_has_who_and_when": [{"removed_at": None}, {"removed_by": None}],
    "ck_note_step_of_one_note": [{"session_id": None}],
    "ck_process_note_editions_are_counted": [{"edition": 0}],
    "ck_therapy_group_sessions_are_planned": [{"planned_sessions": 0}],
    "ck_therapy_group_ends_after_start": [{"ended_on": LONG_AGO}],
    "ck_group_leader_role_is_known": [{"role": "guest"}],
    "ck_group_leader_ends_after_start": [{"ended_on": LONG_AGO}],
    "ck_group_member_leaves_after_joining": [{"left_on": LONG_AGO}],
    "ck_group_session_slot_is_counted": [{"slot": 0}],
    "ck_group_session_held_has_a_number": [{"number": None}],
    "ck_group_session_cancelled_has_a_reason": [
        {"cancelled": True, "number": None},
        {"cancel_reason": "holiday"},
    ],
    "ck_group_session_duration_is_possible": [
        {"duration_minutes": 0},
        {"duration_minutes": 601},
    ],
    "ck_group_session_signed_has_who_and_when": [{"signed_at": None}, {"signed_by": None}],
    "ck_appointment_of_one_or_the_other": [{"course_id": None}],
    "ck_appointment_length_is_possible": [{"minutes": 0}, {"minutes": 601}],
    "ck_appointment_taken_back_has_who_and_when": [
        {"taken_back_at": None},
        {"taken_back_by": None},
    ],
    "ck_contact_task_closed_has_who_and_when": [{"closed_by": None}],
    "ck_contact_task_closed_says_how_it_ended": [{"outcome": None}],
    "ck_fidelity_rating_of_one_session": [{"session_id": None}],
    "ck_fidelity_rating_role_is_known": [{"role": "guest"}],
    "ck_fidelity_rating_competence_is_possible": [
        {"global_competence": 0},
        {"global_competence": 6},
    ],
    "ck_fidelity_rating_alliance_is_possible": [{"alliance": 0}, {"alliance": 6}],
    "ck_fidelity_rating_portion_is_possible": [{"minutes_heard": 0}, {"minutes_heard": 601}],
    "ck_fidelity_rating_selection_is_known": [{"selection": "picked"}],
    "ck_rating_waiver_of_one_session": [{"session_id": None, "group_session_id": None}],
    "ck_rating_request_of_one_session": [{"session_id": None}],
    "ck_rating_request_role_is_known": [{"role": "self"}],
    "ck_rating_request_selection_is_known": [{"selection": "picked"}],
    "ck_rating_request_withdrawn_has_a_reason": [
        {"withdrawn_at": None},
        {"withdrawn_reason": None},
    ],
    "ck_rating_feedback_acknowledged_by_somebody": [{"acknowledged_by": None}],
    "ck_sampling_plan_editions_are_counted": [{"edition": 0}],
    "ck_sample_draw_window_has_a_length": [{"window_to": LONG_AGO}],
    "ck_supervision_meeting_length_is_possible": [{"minutes": 0}, {"minutes": 601}],
    "ck_supervision_meeting_form_is_known": [{"form": "corridor"}],
    "ck_supervision_meeting_struck_has_a_reason": [{"struck_at": None}, {"struck_reason": None}],
    "ck_portfolio_text_editions_are_counted": [{"edition": 0}],
    "ck_evidence_set_name_is_not_empty": [{"name": ""}],
    "ck_evidence_trial_effect_or_arms": [{"g": -0.5, "se": 0.2}, {"n_ipt": None}, NO_ARMS],
    "ck_evidence_trial_se_is_positive": [NO_ARMS | {"g": -0.5, "se": 0}],
    "ck_evidence_trial_sds_are_positive": [{"sd_ipt": 0}, {"sd_control": -1}],
    "ck_evidence_trial_arms_have_two_people": [{"n_ipt": 1}, {"n_control": 0}],
    "ck_evidence_trial_fidelity_is_known": [{"fidelity": "perhaps"}],
    "ck_evidence_trial_says_whence_and_who": [{"source": ""}, {"population": ""}],
    "ck_evidence_change_act_is_known": [{"act": "lost"}],
    "ck_evidence_change_act_has_its_object": [{"trial_id": None}],
    "ck_evidence_change_withdrawn_has_a_reason": [{"reason": None}],
    "ck_second_factor_used_is_confirmed": [{"confirmed_at": None}],
    "ck_access_code_kind_is_known": [{"kind": "key"}],
    "ck_access_code_expires_later": [{"expires_at": EARLIER}],
    "ck_access_code_used_or_withdrawn": [{"withdrawn_at": EARLIER}],
    "ck_throttle_kind_is_known": [{"kind": "house"}],
    "ck_throttle_failures_are_counted": [{"failures": -1}],
    "ck_emergency_access_reason_is_stated": [{"reason": "nineteen characters"}],
    "ck_emergency_access_ends_later": [{"ends_at": EARLIER}],
    "ck_emergency_access_ended_after_start": [{"ended_at": EARLIER}],
    "ck_assessment_request_done_has_its_measure": [{"measure_id": None}, {"done_at": None}],
    "ck_assessment_request_done_or_withdrawn": [WITHDRAWN],
    "ck_assessment_request_withdrawn_has_who_and_when": [OPEN | WITHDRAWN | {"withdrawn_by": None}],
    "ck_assessment_request_withdrawn_has_a_reason": [OPEN | WITHDRAWN | {"withdrawn_why": None}],
    "ck_report_batch_kind_is_known": [{"kind": "poster"}],
    "ck_report_batch_one_end": [{"cancelled_at": EARLIER}],
    "ck_report_batch_taken_when_finished": [{"finished_at": None}],
    "ck_report_batch_reason_is_stated": [{"reason": ""}],
    "ck_report_batch_part_made_or_left_out": [{"left_out": "no"}],
    "ck_report_batch_part_made_has_its_moment": [{"made_at": None}],
    "ck_score_import_status_is_known": [NOT_UNDONE | {"status": "lost", "done_at": None}],
    "ck_score_import_rows_while_staged": [{"content": "{}"}],
    "ck_score_import_done_has_its_moment": [{"done_at": None}],
    "ck_score_import_undone_has_its_moment": [NOT_UNDONE],
    "ck_score_import_undone_has_who_and_why": [{"undone_by": None}, {"undone_why": None}],
    "ck_score_import_rows_are_counted": [{"rows": -1}],
    "ck_legal_hold_lifted_has_who_and_when": [{"lifted_by": None}],
    "ck_legal_hold_lifted_has_a_reason": [{"lifted_why": None}],
}
"""How each check is broken: values for a row that keeps every other rule."""

INSTEAD_OF = {
    "assessment_request.withdrawn_by": OPEN | {"withdrawn_at": EARLIER, "withdrawn_why": "moved"},
    "note_step.group_session_id": {"session_id": None},
    "appointment.group_id": {"course_id": None},
    "fidelity_rating.group_session_id": {"session_id": None},
    "rating_waiver.group_session_id": {"session_id": None},
    "rating_request.group_session_id": {"session_id": None},
}
"""Of two columns one is empty: filling it means emptying the other."""

TABLES = Base.metadata.sorted_tables
CHECKS = {c.name: t for t in TABLES for c in t.constraints if isinstance(c, CheckConstraint)}
UNIQUE = {c.name: c for t in TABLES for c in t.constraints if isinstance(c, UniqueConstraint)}


@pytest.fixture
def write(engine, stores_of):
    """Run something in a database with a row in every table; what is refused is rolled back."""
    with stores_of(engine).filled(engine, "every table", fill_every_table) as (store, _):
        database = store.open()

        def run(act):
            with database.write() as session, session.begin():
                return act(session)

        yield run
        database.close()


@on_every_engine
def test_each_check_refuses_what_breaks_it_and_is_named(write):
    for name, table in CHECKS.items():
        for values in BREAKS[name]:
            refused = refusal(
                write, table, lambda row, v=values: v if v != ONESELF else oneself(row)
            )
            assert name in refused, f"{name} by {values}: {refused}"


def oneself(row):
    return {"supervisee_id": row["supervisor_id"]}


def refusal(write, table, values_for):
    """Give the words with which the database refuses these values for a row, or none."""
    key = next(iter(table.primary_key))

    def change(session):
        row = first_row(session, table)
        session.execute(update(table).where(key == row[key.name]).values(values_for(row)))

    try:
        write(change)
    except IntegrityError as error:
        return str(error)
    return "nothing was refused"


def test_every_check_of_the_models_is_broken_here_and_has_a_name():
    checks = [c for t in TABLES for c in t.constraints if isinstance(c, CheckConstraint)]

    assert {c.name for c in checks} == set(BREAKS)


@on_every_engine
def test_what_must_be_unique_is_refused_a_second_time(write):
    for name, constraint in UNIQUE.items():
        with pytest.raises(IntegrityError) as refused:
            write(partial(copy, constraint))

        columns = ", ".join(f"{constraint.table.name}.{c.name}" for c in constraint.columns)
        assert name in str(refused.value) or f"failed: {columns}" in str(refused.value), name


def copy(constraint, session):
    row = first_row(session, constraint.table, *constraint.columns.keys())
    assert all(row[c.name] is not None for c in constraint.columns)
    session.execute(insert(constraint.table), row | fresh(constraint, row))


def fresh(constraint, row):
    """Give other values for what else must be unique, so that only this constraint is broken."""
    ours = {c.name for c in constraint.columns}
    others = [c for c in UNIQUE.values() if c.table is constraint.table and c is not constraint]
    names = {next(c.name for c in other.columns if c.name not in ours) for other in others}
    names |= {c.name for c in constraint.table.primary_key}
    return {name: another(row[name]) for name in names}


def another(value):
    if value is None:
        return None  # of two columns one is empty, and stays so
    if isinstance(value, UUID):
        return uuid4()
    return value + 1000 if isinstance(value, int) else f"another {value}"


@on_every_engine
def test_nothing_points_at_what_is_not_there(write):
    for key in (k for table in TABLES for k in table.foreign_keys):
        values = {key.parent.name: uuid4()} | INSTEAD_OF.get(str(key.parent), {})
        refused = refusal(write, key.parent.table, lambda _, v=values: v)
        assert "foreign key" in refused.lower(), f"{key.parent}: {refused}"


@on_every_engine
def test_nothing_that_is_needed_can_be_emptied(write):
    needed = [c for t in TABLES for c in t.columns if not (c.nullable or c.primary_key)]
    for column in needed:
        if column.table.name == "audit_entry":
            continue  # its rows cannot be changed at all
        refused = refusal(write, column.table, lambda _, c=column.name: {c: null()})
        assert column.name in refused, f"{column}: {refused}"


def test_the_audit_points_at_nothing_so_that_it_outlives_what_it_names():
    assert list(Base.metadata.tables["audit_entry"].foreign_keys) == []
