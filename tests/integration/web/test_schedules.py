"""The schedule of a course: chosen when it starts, changed while it is under way."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from ipt_tracker.clinical.course.schedule import FOR_DEPRESSION, FOR_PTSD
from ipt_tracker.persistence.models import Amendment, Course
from tests.factories.pages import read, submit
from tests.factories.schedules import add_scheduled, planned_in
from tests.factories.stores import on_every_engine

NEW = {"code": "T-900", "protocol": "IPT-PTSD-14", "started_on": "2026-03-04"}
GRID = "measures-grid-{}"


@pytest.fixture
def therapist(client_of, clinic):
    return client_of(clinic.therapist)


@pytest.fixture
def scheduled(clinic):
    with clinic.writing(clinic.therapist) as work:
        return add_scheduled(work, clinic.today).id


def started(therapist, clinic, **typed):
    """Start a course with what was typed, and give the schedule it keeps."""
    answer = submit(therapist, "/courses/new", "/new", **NEW | typed)
    assert answer.status_code == 303, read(answer).errors()
    with clinic.reading() as work:
        course_id = answer.location.rpartition("/")[2]
        (course,) = [c for c in work.session.scalars(select(Course)) if str(c.id) == course_id]
        return course.schedule


# -- when a course starts


@on_every_engine
def test_a_course_starts_with_what_is_usual_without_a_single_click(therapist, clinic):
    assert started(therapist, clinic) == FOR_PTSD.schedule.to_json()


def test_what_is_usual_follows_the_diagnosis(therapist, clinic):
    kept = started(therapist, clinic, protocol="IPT-16", primary_diagnosis="mdd")

    assert kept == FOR_DEPRESSION.schedule.to_json()


def test_boxes_of_ones_own_are_kept(therapist, clinic):
    own = {GRID.format("phq9"): ["baseline", "every_session"], GRID.format("pcl5_week"): None}

    kept = started(therapist, clinic, **{"measures-choice": "own"} | own)

    assert kept["every_session"] == ["phq9"]
    assert kept["baseline"] == ["caps5_month", "pcl5_month", "phq9"]
    assert "every_second_session" not in kept


def test_none_may_be_planned(therapist, clinic):
    assert started(therapist, clinic, **{"measures-choice": "none"}) is None


def test_boxes_that_would_count_for_nothing_are_asked_about(therapist):
    page = read(
        submit(therapist, "/courses/new", "/new", **NEW, **{GRID.format("hamd17"): ["baseline"]})
    )

    assert page.status == 422
    assert page.errors() == [
        "Measures: You changed the boxes. Choose “As ticked below” to use them."
    ]
    assert page.form("/new").values[GRID.format("hamd17")] == ["baseline"]


def test_boxes_of_ones_own_are_at_least_one(therapist):
    ticked = read(therapist.get("/courses/new")).form("/new").values
    nothing = {name: None for name in ticked if name.startswith("measures-grid-")}

    page = read(
        submit(therapist, "/courses/new", "/new", **NEW, **{"measures-choice": "own"} | nothing)
    )

    assert page.errors() == ["Measures: Tick at least one box, or choose “None planned yet”."]


@pytest.mark.parametrize("choice", ["own", "protocol"])
@pytest.mark.parametrize("box", ["every_session", "weekly"])
def test_a_box_that_is_not_there_is_refused(therapist, choice, box):
    own = {"measures-choice": choice, GRID.format("hamd17"): [box]}

    page = read(submit(therapist, "/courses/new", "/new", **NEW | own))

    assert page.status == 422
    assert len(page.errors()) == 1


@pytest.mark.parametrize("box", ["every_session", "weekly"])
def test_nor_does_a_course_under_way_take_it(therapist, scheduled, box):
    url = f"/courses/{scheduled}/schedule"

    page = read(submit(therapist, url, reason="x", **{"grid-hamd17": [box]}))

    assert page.status == 422
    assert len(page.errors()) == 1


def test_the_page_says_where_the_usual_schedules_come_from(therapist):
    page = read(therapist.get("/courses/new"))

    assert "Markowitz 2015" in page.main
    assert "Psychiatric Services 2020" in page.main
    assert "set by this project" in page.main


# -- while a course is under way


@on_every_engine
def test_a_schedule_is_changed_with_its_reason(therapist, clinic, scheduled):
    url = f"/courses/{scheduled}/schedule"
    assert read(therapist.get(url)).form().values["grid-phq9"] == ["every_second_session"]

    answer = submit(therapist, url, reason="asked by the ward", **{"grid-hamd17": ["end"]})

    assert answer.location == f"/courses/{scheduled}"
    with clinic.reading() as work:
        assert ("end", "hamd17") in planned_in(work, scheduled)
        (kept,) = work.session.scalars(select(Amendment).where(Amendment.field == "schedule"))
    assert kept.reason == "asked by the ward"
    assert "HAM-D 17, end" in read(therapist.get(answer.location)).main


def test_what_can_no_longer_be_planned_is_said(therapist, clinic):
    with clinic.writing(clinic.therapist) as work:
        begun = add_scheduled(work, clinic.today - timedelta(weeks=5)).id

    url = f"/courses/{begun}/schedule"
    answer = submit(therapist, url, reason="asked by the ward", **{"grid-hamd17": ["baseline"]})

    page = read(therapist.get(answer.location)).text
    assert "Not planned, because their day has passed: HAM-D, 17 items, baseline." in page


def test_without_a_reason_it_is_not_and_the_boxes_stay_as_they_were_ticked(therapist, scheduled):
    url = f"/courses/{scheduled}/schedule"

    page = read(submit(therapist, url, **{"grid-hamd17": ["end"], "grid-phq9": None}))

    assert page.status == 422
    assert page.errors() == ["Why the schedule changes: Say why the schedule changes."]
    assert page.form().values["grid-hamd17"] == ["end"]
    assert "grid-phq9" not in page.form().values


def test_a_schedule_of_nothing_is_refused(therapist, clinic, scheduled):
    url = f"/courses/{scheduled}/schedule"
    ticked = read(therapist.get(url)).form().values
    nothing = {name: None for name in ticked if name.startswith("grid-")}

    page = read(submit(therapist, url, reason="tidying", **nothing))

    assert page.status == 422
    assert page.errors() == [
        "Tick at least one box. What a patient declines is entered as declined."
    ]


def test_a_course_that_never_had_one_is_offered_what_is_usual(therapist, clinic):
    overview = read(therapist.get(f"/courses/{clinic.course.id}"))
    assert "No schedule is set" in overview.main
    assert f"/courses/{clinic.course.id}/schedule" in overview.links()

    page = read(therapist.get(f"/courses/{clinic.course.id}/schedule"))
    assert page.form().values["grid-pcl5_week"] == ["every_session"]
    answer = submit(therapist, f"/courses/{clinic.course.id}/schedule")

    assert answer.status_code == 303
    assert "Every sessionPCL-5" in read(therapist.get(answer.location)).main


def test_a_change_made_meanwhile_is_not_overwritten(therapist, clinic, scheduled):
    url = f"/courses/{scheduled}/schedule"
    mine = read(therapist.get(url)).form().but(reason="mine", **{"grid-phq9": None})
    submit(therapist, url, reason="theirs", **{"grid-hamd17": ["end"]})

    conflict = therapist.post(url, data=mine)

    assert conflict.status_code == 409
    with clinic.reading() as work:
        assert "phq9" in str(work.session.get(Course, scheduled).schedule)


def test_a_supervisor_reads_the_schedule_and_does_not_change_it(client_of, clinic, scheduled):
    client = client_of(clinic.supervisor)

    page = read(client.get(f"/courses/{scheduled}"))

    assert "Every second sessionPHQ-9" in page.main
    assert f"/courses/{scheduled}/schedule" not in page.links()
    assert client.get(f"/courses/{scheduled}/schedule").status_code == 404


# -- criterion A


@on_every_engine
@pytest.mark.parametrize(
    ("typed", "kept", "said"),
    [("True", True, "met"), ("False", False, "not met"), ("", None, "not recorded")],
)
def test_criterion_a_is_a_fact_of_the_course_from_its_start(therapist, clinic, typed, kept, said):
    answer = submit(therapist, "/courses/new", "/new", **NEW, criterion_a=typed)

    assert f"Criterion A{said} Change" in read(therapist.get(answer.location)).main
    with clinic.reading() as work:
        found = work.session.scalars(select(Course).order_by(Course.created_at, Course.id)).all()
        assert kept in {course.criterion_a for course in found}


def test_it_is_recorded_later_without_a_reason_and_its_old_value_is_kept(
    therapist, clinic, scheduled
):
    url = f"/courses/{scheduled}/contract"
    submit(therapist, url, criterion_a="True")
    assert read(therapist.get(url)).form().values["criterion_a"] == ["True"]

    submit(therapist, url, criterion_a="False")

    with clinic.reading() as work:
        rows = select(Amendment).where(Amendment.field == "criterion_a")
        kept = {(a.old, a.new) for a in work.session.scalars(rows)}
        assert work.session.get(Course, scheduled).criterion_a is False
    assert kept == {(None, True), (True, False)}


def test_an_answer_about_it_that_is_not_on_the_form_changes_nothing(therapist, clinic, scheduled):
    submit(therapist, f"/courses/{scheduled}/contract", criterion_a="maybe")

    with clinic.reading() as work:
        assert work.session.get(Course, scheduled).criterion_a is None
