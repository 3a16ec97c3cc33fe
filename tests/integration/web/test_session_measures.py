"""Which measure the session form asks for first: the one that the course has at its sessions."""

import pytest

from ipt_tracker.clinical.course.schedule import FOR_DEPRESSION, FOR_PTSD, Schedule
from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.governance.access import Permission
from ipt_tracker.persistence.models import Course
from ipt_tracker.services.doors import open_course
from tests.factories.courses import add_session, measure
from tests.factories.pages import read, submit
from tests.integration.web.test_sessions import measures_of, newest

SAID = {"mood": "6", "risk": "asked_none"}
BOTH = Schedule.of(every_session=["pcl5_week", "phq9"])
PHQ9 = INSTRUMENTS["phq9"]


@pytest.fixture
def url(clinic):
    return f"/courses/{clinic.course.id}/sessions"


@pytest.fixture
def therapist(client_of, clinic):
    return client_of(clinic.therapist)


def agree(clinic, schedule):
    with clinic.writing(clinic.therapist) as work:
        work.session.get_one(Course, clinic.course.id).schedule = schedule.to_json()


def give(clinic, key, total):
    with clinic.writing(clinic.therapist) as work:
        course = open_course(work, clinic.course.id, Permission.RECORD_SESSION)
        form = measure(key, clinic.today, total)
        add_session(work, course, form, number=None, held_on=clinic.today)


@pytest.mark.parametrize(
    ("schedule", "first"),
    [
        (FOR_DEPRESSION.schedule, "PHQ-9"),
        (FOR_PTSD.schedule, "PCL-5"),
        (BOTH, "PCL-5"),
        (Schedule.of(every_second_session=["phq9"]), "PHQ-9"),
        (Schedule(), "PCL-5"),
    ],
)
def test_the_first_measure_is_the_one_of_the_schedule(therapist, url, clinic, schedule, first):
    agree(clinic, schedule)

    page = read(therapist.get(f"{url}/new"))

    assert f"{first} total" in page.main
    others = [o.get("value") for o in page.all("select[@name='other_instrument']/option")]
    assert ("phq9" in others, "pcl5_week" in others) == (first == "PCL-5", first == "PHQ-9")


def test_the_items_of_a_phq9_are_entered_with_item_9(therapist, url, clinic):
    agree(clinic, FOR_DEPRESSION.schedule)
    answers = {f"measure-{key}": "1" for key in PHQ9.answer_keys}

    assert "Enter the 9 items instead" in read(therapist.get(f"{url}/new")).main
    page = read(therapist.get(submit(therapist, f"{url}/new", **SAID, **answers).location))

    (kept,) = measures_of(clinic, newest(clinic))
    assert (kept.instrument, kept.total, kept.answers["self_harm"]) == ("phq9", 9, 1)
    assert "Ask about suicide and self-harm" in page.main


def test_last_time_shows_the_score_of_the_same_instrument(therapist, url, clinic):
    agree(clinic, FOR_DEPRESSION.schedule)
    give(clinic, "phq9", 14)

    assert "PHQ-914 11 Mar" in read(therapist.get(f"{url}/new")).main


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        (FOR_PTSD.schedule, "PCL-5, 0 to 80, lower is better. Dashes: 33, provisional PTSD"),
        (FOR_DEPRESSION.schedule, "PHQ-9, 0 to 27, lower is better. Dashes: 10, probable dep"),
    ],
)
def test_the_picture_says_what_its_dashes_mean(therapist, url, clinic, schedule, words):
    agree(clinic, schedule)
    give(clinic, "phq9", 14)

    assert words in read(therapist.get(f"{url}/new")).main


def test_a_score_typed_for_another_form_is_not_taken_for_this_one(therapist, url, clinic):
    filled = read(therapist.get(f"{url}/new")).form()
    agree(clinic, FOR_DEPRESSION.schedule)

    refused = therapist.post(filled.action, data=filled.but(**SAID, **{"measure-total": "20"}))

    assert refused.status_code == 422
    assert any("is now the PHQ-9" in error for error in read(refused).errors())


def test_the_session_says_that_its_question_settled_the_blank(therapist, url, clinic):
    agree(clinic, FOR_DEPRESSION.schedule)

    answer = submit(therapist, f"{url}/new", **SAID, **{"measure-total": "12"})

    page = read(therapist.get(answer.location))
    assert "settled: risk was asked about in this session" in page.main
    assert "Ask about suicide and self-harm" not in page.main
