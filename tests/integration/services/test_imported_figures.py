"""The four courses of the demo reproduce the figures that the bundle expects of them.

They are read back from the database through the same services and rules as the pages use.
"""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from ipt_tracker.clinical.course.attendance import rates, took_place, was_delivered
from ipt_tracker.clinical.outcome.change import ChangeClass, judge
from ipt_tracker.clinical.outcome.thresholds import threshold_set
from ipt_tracker.exchange import course_bundle
from ipt_tracker.persistence.models import Course
from ipt_tracker.persistence.queries.records import amendments_of, measures_of
from ipt_tracker.services.imports import import_bundle
from ipt_tracker.services.outline import outline
from ipt_tracker.services.scores import scores_of
from ipt_tracker.services.unit_of_work import reading, writing
from tests.factories import bundles

NOW = datetime(2026, 3, 11, 10, tzinfo=UTC)
RELIABLE = {ChangeClass.IMPROVED, ChangeClass.WORSE}
OF_ANOTHER_PART = {
    "self_rated",
    "supervisor_rated",
    "supervisor_coverage",
    "supervisor_adherence_pct_mean",
    "supervisor_competence_mean",
    "self_competence_mean",
    "proscribed_flagged_by_supervisor",
}
"""Figures about how the therapy was done; here are those about attendance and change."""
EXPECTED = {case["id"]: case["expected"] for case in bundles.demo()["cases"]}


@pytest.fixture
def figures(stores_of):
    """Give the figures of a case, from a database into which the demo's bundle was imported."""
    with stores_of("sqlcipher").filled("sqlcipher", "demo", take_in) as (store, _):
        database = store.open()
        with reading(database, None, NOW) as work:
            yield lambda case_id: figures_of(work, case_id)
        database.close()


def take_in(database):
    with writing(database, None, NOW) as work:
        import_bundle(work, course_bundle.read_demo())


def figures_of(work, case_id):
    course = work.session.scalars(select(Course).where(Course.case_id == case_id)).one()
    slots = outline(work, course).slots
    measures = measures_of(work.session, [course.id])[course.id]
    scores = scores_of(measures, slots, amendments_of(work.session, course.id))
    return attendance(slots) | pcl5(scores, slots) | caps5(scores, measures)


def attendance(slots):
    counts = rates(s.attendance for s in slots)
    return {
        "slots": counts.slots,
        "attended": counts.attended,
        "cancelled_by_patient": counts.cancelled_by_patient,
        "cancelled_by_therapist": counts.cancelled_by_therapist,
        "no_show": counts.no_show,
        "attendance_rate": round(counts.attendance_rate, 4),
        "delivered_sessions": sum(was_delivered(s.kind, s.number, s.attendance) for s in slots),
    }


def pcl5(scores, slots):
    series = scores.series("pcl5_week")
    change = judge(series.first.total, series.last.total, threshold_set("PCL-5"))
    complete = {g.slot.slot for g in scores.by_key["pcl5_week"] if g.row.total is not None}
    return {
        "pcl5_first": series.first.total,
        "pcl5_last": series.last.total,
        "pcl5_change": change.points,
        "pcl5_reliable_change_15": change.klass in RELIABLE,
        "pcl5_last_at_or_below_28": change.in_range,
        "missing_pcl5_sessions": [
            s.slot for s in slots if took_place(s.attendance) and s.slot not in complete
        ],
    }


def caps5(scores, measures):
    at = {m.point: m.total for m in measures if m.instrument == "caps5_month"}
    late = [g for g in scores.by_key["caps5_month"] if g.days_late]
    found = {
        "caps5_baseline": at["baseline"],
        "caps5_end": at.get("end"),
        "caps5_change": None,
        "caps5_pct_change": None,
        "caps5_reliable_change_13": None,
        "caps5_end_at_or_below_8": None,
        "late_assessments": [{"point": g.row.point, "days_late": g.days_late} for g in late],
    }
    if found["caps5_end"] is not None:
        change = judge(found["caps5_baseline"], found["caps5_end"], threshold_set("CAPS-5"))
        found |= {
            "caps5_change": change.points,
            "caps5_pct_change": round(change.percent, 2),
            "caps5_reliable_change_13": change.klass in RELIABLE,
            "caps5_end_at_or_below_8": change.in_range,
        }
    return found


@pytest.mark.parametrize("case_id", EXPECTED)
def test_a_course_reproduces_every_expected_figure_of_attendance_and_change(figures, case_id):
    expected = {k: v for k, v in EXPECTED[case_id].items() if k not in OF_ANOTHER_PART}

    assert figures(case_id) == expected


def test_days_late_of_an_assessment_count_from_eight_on(figures):
    assert EXPECTED["SYN-01"]["late_assessments"] == []  # its mid assessment was one day late
    assert figures("SYN-02")["late_assessments"] == [{"point": "mid", "days_late": 9}]
