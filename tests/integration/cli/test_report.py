"""The figures of a course, from the records, as the course bundle defines them."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from ipt_tracker.__main__ import House
from ipt_tracker.cli.house import opened
from ipt_tracker.cli.main import main
from ipt_tracker.persistence.models import (
    Account,
    Assignment,
    AuditEntry,
    Course,
    FidelityRating,
    Measure,
    Patient,
    SessionRecord,
    StaffCode,
)
from ipt_tracker.services.unit_of_work import reading
from tests.factories import bundles, report_bundles
from tests.factories.report_bundles import caps5, missed, pcl5

NOW = datetime(2026, 3, 11, 10, tzinfo=UTC)
EXPECTED = {case["id"]: case["expected"] for case in bundles.demo()["cases"]}


@pytest.fixture
def figures(run):
    """Give what the report of a course says as JSON."""
    return lambda ref: json.loads(run("report", "course", ref, "--json")[1])


def of_case(case_id):
    return select(Course).where(Course.case_id == case_id)


def test_the_four_courses_of_the_demo_come_out_as_their_bundle_expects(take_in, figures):
    take_in(*bundles.demo()["cases"])

    assert {case_id: figures(case_id) for case_id in EXPECTED} == EXPECTED
    assert list(figures("SYN-01")) == list(EXPECTED["SYN-01"])


def test_an_extended_course_comes_out_as_worked_by_hand(take_in, figures):
    take_in(report_bundles.extended())

    assert figures("EXT-R") == report_bundles.EXTENDED


def test_a_group_members_course_comes_out_as_worked_by_hand(take_in, figures):
    take_in(report_bundles.group())

    assert figures("GRP-R") == report_bundles.GROUP


def test_a_course_that_is_not_here_is_one_sentence_and_a_failure(house, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["report", "course", "NO-SUCH", "--json"], house)

    assert stopped.value.code == 1
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "There is no course or patient NO-SUCH here.\n")


def test_a_patients_code_is_enough_while_the_patient_has_one_course(take_in, figures, change):
    take_in(report_bundles.group())
    change(lambda session: setattr(session.scalars(select(Patient)).one(), "code", "P-77"))

    assert figures("P-77") == report_bundles.GROUP


def test_of_several_courses_of_a_patient_one_must_be_named(take_in, figures, change, run, capsys):
    take_in(report_bundles.group(), report_bundles.extended())
    own_id = []

    def one_patient(session):
        first, second = (session.scalars(of_case(each)).one() for each in ("EXT-R", "GRP-R"))
        second.patient_id, second.case_id = first.patient_id, None
        session.get(Patient, first.patient_id).code = "P-77"
        own_id.append(str(second.id))

    change(one_patient)
    with pytest.raises(SystemExit):
        main(["report", "course", "P-77"], House())

    assert capsys.readouterr().err.startswith("Patient P-77 has 2 courses. Name one of them: ")
    assert figures("EXT-R") == report_bundles.EXTENDED
    assert figures(own_id[0]) == report_bundles.GROUP


def test_without_json_the_same_figures_stand_in_a_table_with_both_rates_named(take_in, run):
    take_in(report_bundles.extended())

    code, said = run("report", "course", "EXT-R")

    lines = dict(line.rsplit("  ", 1) for line in said.splitlines()[1:])
    found = {label.strip(): value for label, value in lines.items()}
    assert code == 0
    assert said.startswith("Course of EXT-R\n")
    assert found["Attendance, of all but whole-group cancellations"] == "0.6875"
    assert found["Attendance, of attended and the patient's own absences"] == "0.7857"  # 11 / 14
    assert found["Attended slots without a complete PCL-5"] == "slot 5, slot 10, slot 12"
    assert found["Assessments more than 7 days late"] == "end (8 days)"
    assert found["CAPS-5, change of 13 points or more"] == "yes"
    assert len(found) == len(report_bundles.EXTENDED) + 1


def test_what_is_not_known_is_said_and_is_no_zero(take_in, run):
    take_in(report_bundles.group())

    _, said = run("report", "course", "GRP-R")

    assert "PCL-5, change in points                                 not known" in said
    assert "Assessments more than 7 days late                       none" in said


def test_each_report_is_written_down_as_an_opening_of_the_course(take_in, figures, house):
    take_in(report_bundles.group())
    figures("GRP-R")

    database = opened(house.load())
    with reading(database, None, NOW) as work:
        course = work.session.scalars(of_case("GRP-R")).one()
        opening = select(AuditEntry).where(AuditEntry.event == "course.opened")
        (entry,) = work.session.scalars(opening)
    database.close()
    assert (entry.subject_id, entry.patient_id) == (str(course.id), course.patient_id)
    assert (entry.actor_id, entry.details) == (None, {"by": "report"})


def test_a_withdrawn_measure_counts_for_nothing(take_in, figures, change):
    take_in(report_bundles.extended())

    def withdraw(session):
        by = session.scalars(select(Account.id)).first()
        for total in (29, 27):  # the last PCL-5 and the CAPS-5 at the end
            measure = session.scalars(select(Measure).where(Measure.total == total)).one()
            measure.withdrawn_at, measure.withdrawn_by = NOW, by
            session.flush()

    change(withdraw)

    found = figures("EXT-R")
    assert (found["pcl5_last"], found["missing_pcl5_sessions"]) == (30, [5, 10, 12, 17])
    assert (found["caps5_end"], found["caps5_change"], found["late_assessments"]) == (
        None,
        None,
        [],
    )


def test_what_was_amended_counts_as_it_stands_now(take_in, figures, change):
    take_in(report_bundles.extended())

    def amend(session):
        rating = session.scalars(
            select(FidelityRating)
            .join(SessionRecord, SessionRecord.id == FidelityRating.session_id)
            .where(FidelityRating.rater == "SUP-08", SessionRecord.slot == 8)
        ).one()
        rating.items = rating.items | {"F01": {"d": 0, "q": None}}

    change(amend)

    found = figures("EXT-R")
    assert found["supervisor_adherence_pct_mean"] == 50.0  # 50, 50, 50
    assert found["supervisor_competence_mean"] == 3.833  # 3.5, 3, 5


def test_after_a_change_of_supervisor_each_rates_the_sessions_of_their_time(
    take_in, figures, change
):
    take_in(report_bundles.extended())

    def hand_over(session):
        first = session.scalars(select(Assignment)).one()
        day = bundles.ANCHOR + timedelta(days=40)  # before slot 7, at day 42
        other = session.scalars(select(StaffCode).where(StaffCode.code == "SUP-09")).one()
        therapist = session.scalars(select(Account).where(Account.display_name == "IR-01")).one()
        first.ended_on = day
        session.add(
            Assignment(
                course_id=first.course_id,
                therapist_id=therapist.id,
                supervisor_id=other.account_id,
                started_on=day,
            )
        )

    change(hand_over)

    found = figures("EXT-R")
    # Slot 1 by the first, slot 8 by the second, who alone flagged it as theirs; slot 16 by nobody.
    assert (found["supervisor_rated"], found["supervisor_coverage"]) == (2, 0.1818)
    assert found["supervisor_adherence_pct_mean"] == 25.0  # 50 and 0
    assert found["proscribed_flagged_by_supervisor"] == 1
    assert found["self_rated"] == 3  # the new therapist's own rating of slot 8 is a self-rating


def test_a_rating_counts_by_the_supervisor_of_the_session_and_of_the_day_of_rating(
    take_in, figures, change
):
    take_in(report_bundles.extended())

    def new_supervisor(session):
        first = session.scalars(select(Assignment)).one()
        first.ended_on = day = bundles.ANCHOR + timedelta(days=200)
        other = session.scalars(select(StaffCode).where(StaffCode.code == "SUP-09")).one()
        more = {"therapist_id": first.therapist_id, "supervisor_id": other.account_id}
        session.add(Assignment(course_id=first.course_id, started_on=day, **more))
        for rating in session.scalars(select(FidelityRating)):
            rating.rated_on = day

    change(new_supervisor)

    found = figures("EXT-R")
    assert found["supervisor_rated"] == 3
    assert found["proscribed_flagged_by_supervisor"] == 2  # slot 8: by the old one and the new


def test_one_form_alone_is_no_change(take_in, figures):
    take_in(bundles.case("ONE-1", bundles.session(1, 1, total=28)))

    found = figures("ONE-1")
    assert (found["pcl5_first"], found["pcl5_last"], found["pcl5_change"]) == (28, 28, None)
    assert found["pcl5_last_at_or_below_28"] is True
    assert found["pcl5_reliable_change_15"] is None


def test_nothing_held_has_no_rate_and_no_coverage(take_in, figures):
    take_in(bundles.case("NIL-1", missed(1, "group_cancelled")))

    found = figures("NIL-1")
    assert (found["slots"], found["attended"], found["delivered_sessions"]) == (1, 0, 0)
    assert found["attendance_rate"] is found["supervisor_coverage"] is None


@pytest.mark.parametrize(
    ("windows", "first", "last"),
    [
        (("past_month", "past_week", "past_week"), 40, 30),
        (("past_month", "past_month", "past_week"), 50, 40),
        (("past_month", "past_month", "past_month"), 50, 30),
    ],
)
def test_a_change_is_taken_within_the_window_that_was_used_most(
    take_in, figures, windows, first, last
):
    totals = zip((50, 40, 30), windows, strict=True)
    given = [[pcl5(total, window=window)] for total, window in totals]
    held = [bundles.session(n, n, measures=each) for n, each in enumerate(given, start=1)]
    take_in(bundles.case("WIN-1", *held))

    found = figures("WIN-1")
    assert (found["pcl5_first"], found["pcl5_last"]) == (first, last)
    assert found["missing_pcl5_sessions"] == []


def test_an_end_without_a_baseline_is_judged_for_itself_alone(take_in, figures):
    sessions = [bundles.session(1, 1)]
    take_in(bundles.case("END-1", *sessions, assessments=[caps5("end", 7, 7, 8)]))

    found = figures("END-1")
    assert (found["caps5_end"], found["caps5_end_at_or_below_8"]) == (8, True)
    assert (found["caps5_baseline"], found["caps5_change"]) == (None, None)


def test_a_form_entered_between_visits_counts_and_one_of_an_assessment_does_not(
    take_in, figures, change
):
    take_in(report_bundles.extended())

    def add(session):
        course = session.scalars(of_case("EXT-R")).one()
        more = {"course_id": course.id, "instrument": "pcl5_week", "status": "complete"}
        for total, days, point in ((44, 77, None), (12, 130, None), (70, 140, "end")):
            day = bundles.ANCHOR + timedelta(days=days)
            session.add(Measure(total=total, taken_on=day, point=point, recorded_at=NOW, **more))

    change(add)

    found = figures("EXT-R")
    assert found["pcl5_last"] == 12
    assert found["missing_pcl5_sessions"] == [5, 10]  # the first was made on the day of slot 12
