"""The figures of fidelity and supervision, against a slow second version straight from the file."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select

from ipt_tracker.cli.house import opened
from ipt_tracker.persistence.models import (
    Assignment,
    AuditEntry,
    Course,
    FidelityRating,
    SessionRecord,
    StaffCode,
)
from ipt_tracker.services.unit_of_work import reading
from tests.factories import bundles, supervision_bundles
from tests.factories.report_bundles import rating
from tests.factories.slow_figures import slow_supervision
from tests.factories.supervision_bundles import BOSS, OTHER, THIRD, course

NOW = datetime(2026, 3, 11, 10, tzinfo=UTC)
ASKED_FOR = {
    "bland_altman_self_minus_supervisor": {"n", "bias", "sd", "loa"},
    "coverage_all": {"delivered", "supervisor_rated", "fraction"},
}
OF_THERAPIST = {"rated_sessions", "competence_mean", "competence_ci95", "adherence_pct_mean"}
SERIES = {"points", "centre", "mean_moving_range", "limits", "outside"}


@pytest.fixture
def figures(run):
    """Give what the report says as JSON."""

    def printed():
        code, said = run("report", "supervision", "--json")
        assert code == 0, said
        return json.loads(said)

    return printed


@pytest.fixture
def agree(take_in, figures):
    """Import cases and compare every figure with its slow second version; give the figures."""

    def compared(cases):
        take_in(*cases)
        found = figures()
        for key, slow in slow_supervision({"cases": cases}).items():
            same(found[key], slow, key)
        return found

    return compared


def same(found, slow, place):
    """Compare two figures, numbers to the sixth digit."""
    if isinstance(slow, dict):
        assert found.keys() == slow.keys(), place
        for key, value in slow.items():
            same(found[key], value, f"{place}.{key}")
    elif isinstance(slow, list):
        assert len(found) == len(slow), place
        for n, (one, other) in enumerate(zip(found, slow, strict=True)):
            same(one, other, f"{place}[{n}]")
    elif isinstance(slow, float):
        assert found == pytest.approx(slow, abs=1.1e-6), place
    else:
        assert found == slow, place


# ----------------------------------------------------------------------------- every figure twice


def test_the_demo_clinic_comes_out_as_the_slow_second_version_says(agree):
    found = agree(bundles.demo()["cases"])

    assert (found["icc_pairs"], found["icc_a1"]) == (6, 0.719099)
    assert found["icc_a1_ci95"] == [0.030598, 0.953749]
    limits = found["bland_altman_self_minus_supervisor"]
    assert (limits["n"], limits["bias"]) == (15, 0.349449)
    assert found["coverage_all"] == {
        "delivered": 46,
        "supervisor_rated": 16,
        "fraction": 0.347826,
    }


def test_pairs_of_raters_that_change_are_taken_session_by_session(agree):
    found = agree(supervision_bundles.changing_raters())

    assert found["icc_raters"] == [
        {"raters": [THIRD, BOSS], "sessions": 1},
        {"raters": [THIRD, OTHER], "sessions": 1},
        {"raters": [BOSS, OTHER], "sessions": 2},
    ]
    assert found["icc_pairs"] == 4
    assert any("ICC(1,1)" in note for note in found["notes"])


def test_a_point_outside_is_named_by_course_and_slot(agree):
    found = agree(supervision_bundles.long_series())

    series = found["xmr_supervisor_competence"]
    assert (series["TH-21"]["points"], series["TH-21"]["outside"]) == (12, [["RUN-A", 7]])
    assert series["TH-22"] == {"points": 2, "status": "too few points for limits"}


def test_a_group_course_counts_what_went_on_without_this_member(agree):
    found = agree(supervision_bundles.group_course())

    assert found["coverage_all"] == {"delivered": 6, "supervisor_rated": 5, "fraction": 0.833333}
    assert found["icc_pairs"] == 2


def test_without_a_supervisors_rating_every_figure_is_unknown_and_every_count_zero(agree):
    found = agree(supervision_bundles.never_supervised())

    assert found["coverage_all"] == {"delivered": 4, "supervisor_rated": 0, "fraction": 0.0}
    assert set(found["domain_quality_mean_supervisor"].values()) == {None}
    assert found["per_therapist"]["TH-42"] == {
        "rated_sessions": 0,
        "competence_mean": None,
        "competence_ci95": None,
        "adherence_pct_mean": None,
    }


@pytest.mark.parametrize("seed", [11, 12, 13, 14])
def test_whatever_was_rated_comes_out_as_the_slow_second_version_says(agree, seed):
    found = agree(supervision_bundles.at_random(seed))

    assert found["icc_pairs"] > 2


# ------------------------------------------------------------------------------- one rule at a time


def test_an_empty_instance_has_no_figure_and_no_failure(figures):
    found = figures()

    assert found["coverage_all"] == {"delivered": 0, "supervisor_rated": 0, "fraction": None}
    assert found["bland_altman_self_minus_supervisor"] == {
        "n": 0,
        "bias": None,
        "sd": None,
        "loa": None,
    }
    assert (found["icc_a1"], found["icc_c1"], found["icc_a1_ci95"]) == (None, None, None)
    assert (found["icc_pairs"], found["kappa_pairs"]) == (0, 0)
    assert found["kappa_quadratic_global"] is found["kappa_linear_global"] is None
    assert found["per_therapist"] == found["xmr_supervisor_competence"] == {}


def test_each_figure_has_the_parts_that_were_asked_for(take_in, figures):
    take_in(*supervision_bundles.long_series())

    found = figures()

    for key, parts in ASKED_FOR.items():
        assert set(found[key]) == parts
    assert set(found["per_therapist"]["TH-21"]) == OF_THERAPIST
    assert set(found["xmr_supervisor_competence"]["TH-21"]) == SERIES
    assert list(found["per_therapist_n"]["TH-21"]) == ["competence", "adherence"]


def test_agreement_is_of_first_ratings_and_all_else_of_current_ones(take_in, figures):
    own, now = rating("self", (1, 4), global_competence=4), rating(BOSS, (1, 2))
    now["global_competence"] = 4
    changes = [("items.F01.q", 5), ("global_competence", 1)]
    now["amendments"] = [{"field": f, "old": old, "new": 2, "day": 9} for f, old in changes]
    later = [rating("self", (1, 3), global_competence=3), rating(BOSS, (1, 3))]
    later[1]["global_competence"] = 3
    take_in(course("AMD-1", "TH-11", [own, now], later))

    found = figures()

    assert found["bland_altman_self_minus_supervisor"]["bias"] == -0.5  # 4 less 5, and 3 less 3
    assert found["kappa_quadratic_global"] == -0.285714  # 1 - 4.5 / 3.5
    assert found["per_therapist"]["TH-11"]["competence_mean"] == 2.5
    assert found["domain_quality_mean_supervisor"]["structure"] == 2.5


def test_of_three_raters_those_count_who_rated_most_together(take_in, figures):
    two = [rating(BOSS, (1, 3)), rating(OTHER, (1, 4))]
    three = [rating(THIRD, (1, 1)), rating(OTHER, (1, 5)), rating(BOSS, (1, 5))]
    take_in(course("TRI-1", "TH-11", two, three, two))

    assert figures()["icc_raters"] == [{"raters": [BOSS, OTHER], "sessions": 3}]


def test_strata_are_never_pooled_across_basis_or_rater(take_in, figures):
    heard = rating(BOSS, (1, 2), basis="report_in_supervision")
    seen = rating(BOSS, (1, 4), (0, None))
    agreed = rating(OTHER, (1, 5), basis="consensus")
    told = rating("self", (1, 5), basis="recall")
    take_in(course("STR-1", "TH-11", [told, seen, agreed], [heard]))

    found = {
        (each["basis"], each["rated_by"]): (
            each["ratings"],
            each["competence_mean"],
            each["adherence_pct_mean"],
        )
        for each in figures()["strata"]
    }
    assert found == {
        ("full_recording", "course_supervisor"): (1, 4.0, 50.0),
        ("report_in_supervision", "course_supervisor"): (1, 2.0, 100.0),
        ("recall", "self"): (1, 5.0, 100.0),
        ("consensus", "consensus"): (1, 5.0, 100.0),
    }


def test_random_and_chosen_sessions_stand_apart(take_in, figures, change):
    take_in(course("SEL-1", "TH-11", *([rating(BOSS, (1, q))] for q in (2, 3, 4))))

    def select_some(session):
        for slot, selection in ((1, "random"), (2, "chosen")):
            of_slot = select(FidelityRating).join(SessionRecord).where(SessionRecord.slot == slot)
            session.scalars(of_slot).one().selection = selection

    change(select_some)

    found = {each["selection"]: each["competence_mean"] for each in figures()["strata"]}
    assert found == {"random": 2.0, "chosen": 3.0, "not_stated": 4.0}


def test_a_therapist_without_a_staff_code_is_named_by_id(take_in, figures, change, house):
    take_in(course("COD-1", "TH-11", [rating(BOSS, (1, 3))]))
    database = opened(house.load())
    with reading(database, None, NOW) as work:
        account = work.session.scalars(
            select(StaffCode.account_id).where(StaffCode.code == "TH-11")
        ).one()
    database.close()
    change(lambda session: session.execute(delete(StaffCode).where(StaffCode.code == "TH-11")))

    assert list(figures()["per_therapist"]) == [str(account)]


def test_after_a_hand_over_each_therapist_has_the_sessions_of_their_time(take_in, figures, change):
    rated = [[rating(BOSS, (1, q))] for q in (2, 4)]
    take_in(course("HAND-1", "TH-11", *rated), course("HAND-2", "TH-12"))

    def hand_over(session):
        handed = session.scalars(select(Course).where(Course.case_id == "HAND-1")).one()
        first = session.scalars(select(Assignment).where(Assignment.course_id == handed.id)).one()
        to = session.scalars(select(StaffCode.account_id).where(StaffCode.code == "TH-12")).one()
        first.ended_on = day = bundles.ANCHOR + timedelta(days=7)
        more = {"therapist_id": to, "supervisor_id": first.supervisor_id}
        session.add(Assignment(course_id=handed.id, started_on=day, **more))

    change(hand_over)

    found = figures()["per_therapist"]
    assert {code: each["competence_mean"] for code, each in found.items()} == {
        "TH-11": 2.0,
        "TH-12": 4.0,
    }


def test_the_report_is_written_down_as_a_reading_of_ratings(take_in, figures, house):
    take_in(*supervision_bundles.never_supervised())
    figures()

    database = opened(house.load())
    with reading(database, None, NOW) as work:
        listed = select(AuditEntry).where(AuditEntry.event == "fidelity.listed")
        (entry,) = work.session.scalars(listed)
    database.close()
    assert (entry.actor_id, entry.details) == (None, {"by": "report"})


def test_without_json_the_figures_stand_in_a_table_each_with_its_n(take_in, run):
    take_in(*supervision_bundles.long_series())

    code, said = run("report", "supervision")

    assert code == 0
    assert "  Rated of delivered sessions  14 of 16\n" in said
    assert "12 points; centre" in said
    assert "outside: RUN-A slot 7" in said
    assert "  TH-22  2 points; too few points for limits\n" in said
    assert "ICC(A,1), absolute agreement   not known, 95 % interval not known  (0 sessions)" in said
    assert "  full recording, picked: not stated how, by course's supervisor" in said


def test_an_empty_table_says_none(run):
    code, said = run("report", "supervision")

    assert code == 0
    assert "Each therapist, by the course's supervisor\n  none\n" in said
