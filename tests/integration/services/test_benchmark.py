"""A caseload beside the trials: which courses and scores count, read alike on every engine."""

import time
from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import event, text

from ipt_tracker.clinical.evidence.caseload_benchmark import BenchmarkFilter
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.services.benchmark import measured, read_benchmark
from ipt_tracker.services.clinic_settings import change_settings
from tests.factories.cohorts import START, Score, Treated, add_treated, weekly
from tests.factories.stores import on_every_engine

MANY = 2_000
GENEROUS = 60
"""Times the bare count of the same table: the figures took about five when this was written."""


@pytest.fixture
def caseload(clinic):
    """Write courses and give what reads them: of the whole instance, or of one person."""

    def written(*courses):
        with clinic.writing() as work:
            add_treated(work.session, *courses)

        def read(instrument="pcl5_week", person=None, **filters):
            with clinic.reading(person) as work:
                return read_benchmark(work, instrument, BenchmarkFilter(**filters))

        return read

    return written


def later(**filters):
    """Leave the two courses of the clinic itself out."""
    return {"until": date(2025, 12, 31)} | filters


@on_every_engine
def test_everyone_counts_from_the_first_to_the_last_total_of_the_treatment(caseload, clinic):
    read = caseload(
        weekly(50, 40, 30),
        weekly(48, None, 44, None, status="dropped_out"),
        weekly(60, 66, status="active"),
        weekly(52, status="dropped_out"),
        weekly(None, None),
        Treated(scores=(Score(55, 0), Score(35, 70), Score(20, 200, point="follow_up_3m"))),
        Treated(scores=(Score(41, 0), Score(38, 7), Score(9, 14, withdrawn_by=clinic.admin.id))),
        Treated(scores=(Score(45, 0, point="baseline"), Score(33, 70, point="end"))),
    )

    found = read(**later())

    assert found.everyone.points == (-20, -20, -12, -4, -3, 6)
    assert found.completers.points == (-20, -20, -12, -3)
    assert (found.without_second, found.under_way, found.never_scored) == (1, 1, 1)
    rate = found.everyone.rates["drop_out"]
    assert (rate.events, rate.n) == (2, 6)


@on_every_engine
def test_two_scores_of_one_day_stand_in_the_order_of_their_entry(caseload):
    read = caseload(Treated(scores=(Score(50, 0), Score(40, 0), Score(30, 7), Score(35, 7))))

    assert read(**later()).everyone.points == (-15,)


@on_every_engine
def test_of_a_family_each_course_gives_the_form_that_it_used_most(caseload):
    month = "pcl5_month"
    read = caseload(
        Treated(scores=(Score(50, 0), Score(40, 7), Score(20, 14, month))),
        Treated(scores=(Score(60, 0, month), Score(30, 3), Score(10, 60, month), Score(29, 61))),
        Treated(scores=(Score(52, 0, month), Score(51, 1), Score(44, 30), Score(43, 37))),
    )

    assert read("PCL-5", **later()).everyone.points == (-50, -10, -8)
    assert read(month, **later()).everyone.points == (-50,)
    assert read(month, **later()).without_second == 2


def test_a_completed_course_with_maintenance_is_a_completed_one(caseload):
    read = caseload(
        weekly(50, 40, status="completed_with_maintenance"),
        weekly(50, 30, status="closed"),
        weekly(50, 20, status="transferred"),
    )

    assert read(**later()).completers.points == (-10,)


@on_every_engine
def test_the_filters_leave_out_courses_of_every_kind(caseload):
    read = caseload(
        weekly(50, 49, areas=("grief", "role_dispute")),
        weekly(50, 48, areas=("role_dispute", "grief"), diagnosis="mdd"),
        weekly(50, 47, areas=(), event="perinatal", protocol="IPT-12"),
        weekly(50, 46, started_on=START + timedelta(days=30), status="active"),
    )

    def points(**filters):
        return read(**later(**filters)).everyone.points

    assert points() == (-4, -3, -2, -1)
    assert points(ended_only=True) == (-3, -2, -1)
    assert points(focal_area="grief") == (-4, -1)
    assert points(diagnosis="mdd") == (-2,)
    assert points(event="perinatal") == points(protocol="IPT-12") == (-3,)
    assert points(since=START + timedelta(days=1)) == (-4,)
    assert points(until=START) == (-3, -2, -1)
    assert points(event="disaster_or_mass_violence") == ()


def test_the_parts_carry_their_labels_and_add_up_to_everyone(caseload):
    read = caseload(
        weekly(50, 49),
        weekly(50, 48, diagnosis="mdd"),
        weekly(50, 47, areas=(), event="perinatal", protocol="own_protocol"),
    )

    found = {each.by: dict(each.groups) for each in read(**later()).breakdowns}

    assert {
        by: {label: g.points for label, g in groups.items()} for by, groups in found.items()
    } == {
        "Focal area": {"Grief": (-2, -1), "Not recorded": (-3,)},
        "Protocol": {"IPT-PTSD, 14 sessions": (-2, -1), "own_protocol": (-3,)},
        "Event": {
            "Interpersonal trauma, childhood abuse included": (-2, -1),
            "Perinatal": (-3,),
        },
        "Diagnosis": {"PTSD": (-3, -1), "MDD": (-2,)},
    }


def test_a_person_sees_the_figures_of_their_own_courses_alone(caseload, clinic):
    read = caseload(
        weekly(50, 49, therapist=clinic.therapist.id),
        weekly(50, 48, therapist=clinic.therapist2.id),
        weekly(50, 47),
    )

    def points(person):
        return read(person=person, **later()).everyone.points

    assert points(clinic.therapist) == points(clinic.supervisor) == (-1,)
    assert points(clinic.therapist2) == (-2,)
    assert points(clinic.admin) == ()
    assert points(None) == (-3, -2, -1)


def test_the_clinics_choice_of_thresholds_judges_the_rates(caseload, clinic):
    read = caseload(weekly(50, 35), weekly(50, 32))
    assert read(**later()).reliable_points == 15
    with clinic.writing(clinic.admin) as work:
        change_settings(work, {"threshold_set.PCL-5": "marx2022_s2_pcl5@1"}, 0)

    found = read(**later())

    assert found.reliable_points == 18
    assert found.everyone.rates["reliable_improvement"].events == 1


def test_nobody_gives_figures_of_nobody(caseload):
    found = caseload()("phq9", **later())

    assert (found.everyone.n, found.everyone.mean_change, found.everyone.points) == (0, None, ())
    assert found.breakdowns[0].groups == ()
    assert found.everyone.rates["response_30"].proportion is None


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("pcl5_week", ("pcl5_week",)),
        ("PCL5 week", ("pcl5_week",)),
        ("PCL-5", ("pcl5_month", "pcl5_week")),
        ("pcl5", ("pcl5_month", "pcl5_week")),
        ("CAPS-5", ("caps5_month", "caps5_week")),
        ("caps5_month", ("caps5_month",)),
        ("CAPS-IV", ("caps4",)),
        ("caps4", ("caps4",)),
        ("phq9", ("phq9",)),
        ("HAM-D 17", ("hamd17",)),
        ("hamd17", ("hamd17",)),
    ],
)
def test_an_instrument_is_found_by_its_key_or_by_any_spelling_of_its_name(name, keys):
    assert set(measured(name).keys) == set(keys)


@pytest.mark.parametrize("name", ["", "bdi", "pcl"])
def test_an_unknown_instrument_is_refused_with_the_known_ones(name):
    with pytest.raises(RuleBroken, match=r"Known are .*PCL-5.*pcl5_week"):
        measured(name)


@pytest.mark.parametrize("correlation", [1, -2, 7.5])
def test_a_correlation_out_of_range_is_refused(clinic, correlation):
    with clinic.reading() as work, pytest.raises(RuleBroken, match="correlation"):
        read_benchmark(work, "pcl5", correlation=correlation)


def test_more_courses_take_no_more_statements(caseload, clinic):
    read = caseload(weekly(50, 40))
    few = _statements(clinic, read)
    read = caseload(*(weekly(50, 40, 30) for _ in range(40)))

    assert _statements(clinic, read) == few == 3


def test_two_thousand_courses_take_a_small_multiple_of_counting_their_scores(caseload, clinic):
    draw = Random(1)  # noqa: S311 -- invented scores
    courses = (
        weekly(*(min(80, max(0, int(draw.gauss(50 - n, 10)))) for n in range(15)))
        for _ in range(MANY)
    )
    read = caseload(*courses)
    read()

    counting = min(_seconds(lambda: _count(clinic)) for _ in range(3))
    reading = min(_seconds(read) for _ in range(3))

    assert read().everyone.n >= MANY
    assert reading < GENEROUS * counting


def test_first_and_last_totals_are_read_out_of_their_index(caseload, clinic):
    read = caseload(*(weekly(50, 40, 30) for _ in range(10)))
    asked = []
    _statements(clinic, read, asked)
    question = next(each for each in asked if "FROM measure" in each[0])

    with clinic.database.engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {question[0]}", question[1]).all()

    used = [line[3] for line in plan if "measure" in line[3] and "USING" in line[3]]
    assert used
    assert all("USING INDEX ix_measure_totals" in each or "COVERING" in each for each in used)


def _count(clinic):
    with clinic.reading() as work:
        work.session.scalar(text("SELECT sum(length(answers) > 1) + sum(total) FROM measure"))


def _seconds(what):
    before = time.process_time()
    what()
    return time.process_time() - before


def _statements(clinic, read, kept=None):
    found = [] if kept is None else kept

    def heard(_, __, statement, values, *___):
        if not statement.startswith(("PRAGMA", "BEGIN")):
            found.append((statement, values))

    event.listen(clinic.database.engine, "before_cursor_execute", heard)
    try:
        read()
    finally:
        event.remove(clinic.database.engine, "before_cursor_execute", heard)
    return len(found)
