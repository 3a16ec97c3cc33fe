"""The session form on risk, the patient's place, the next appointment, and what is asked."""

import pytest
from sqlalchemy import select

from ipt_tracker.governance.access import Permission
from ipt_tracker.persistence.models import Appointment, Course, RiskCheck
from ipt_tracker.services.doors import open_course
from tests.factories.courses import add_focus
from tests.factories.pages import read, says, submit
from tests.integration.web.test_sessions import ROUTINE, change_stored, newest

LOW = {"risk": "asked_present", "risk_detail": "tired of it all", "q1": "yes", "q2": "no"}
SCREEN = {**LOW, "q6_lifetime": "no"}
SEVERE = {**SCREEN, "q2": "yes", "q3": "yes", "q4": "yes", "q5": "no"}


@pytest.fixture
def url(clinic):
    return f"/courses/{clinic.course.id}/sessions"


@pytest.fixture
def therapist(client_of, clinic):
    return client_of(clinic.therapist)


def log(client, url, **changes):
    return submit(client, f"{url}/new", **{**ROUTINE, **changes})


def checks(clinic):
    with clinic.reading() as work:
        return list(work.session.scalars(select(RiskCheck).where(RiskCheck.answers.is_not(None))))


def booked(clinic):
    with clinic.reading() as work:
        return list(work.session.scalars(select(Appointment)))


def planned(clinic, number):
    with clinic.writing(clinic.therapist) as work:
        work.session.get_one(Course, clinic.course.id).planned_sessions = number


# -- the screener


def test_the_answers_are_kept_and_the_page_says_the_band(therapist, url, clinic):
    answer = log(therapist, url, **SCREEN)

    assert newest(clinic).risk.answers == {"q1": True, "q2": False, "q6_lifetime": False}
    page = read(therapist.get(answer.location))
    assert "1. Wish to be dead yes" in page.main
    assert "Band Low" in page.main


def test_a_severe_screen_needs_what_was_done_and_who_was_told(therapist, url, clinic):
    first = log(therapist, url, **SEVERE)
    assert "The screener says: severe. Say what was done." in " ".join(read(first).errors())
    assert "As it stands: Severe" in read(first).main

    assert any("Say who was told" in error for error in read(first).errors())

    second = log(therapist, url, **SEVERE, action="crisis team called")
    assert "Say who was told" in " ".join(read(second).errors())

    answer = log(
        therapist, url, **SEVERE, action="crisis team called", supervisor_told_on="2026-03-11"
    )
    page = read(therapist.get(answer.location))
    assert "Suicide screen: severe" in page.main
    assert "Done crisis team called" in page.main


def test_everything_that_is_missing_about_risk_is_said_at_once(therapist, url):
    said = {**SEVERE, "risk": "asked_none", "risk_detail": "", "told_on": "2027-01-01"}

    errors = " ".join(read(log(therapist, url, **said)).errors())

    for words in (
        "Choose “Asked: present”",
        "say in a few words what was found and done.",
        "Say what was done.",
        "Say who was told.",
        "The date is in the future.",
    ):
        assert words in errors


def test_a_screen_without_an_answer_to_the_first_question_says_all_too(therapist, url):
    errors = " ".join(read(log(therapist, url, **{**SEVERE, "risk": None})).errors())

    for words in ("Say whether you asked.", "Say what was done.", "Say who was told"):
        assert words in errors


def test_another_band_stands_beside_the_one_that_follows(therapist, url):
    own = {"override_band": "low", "override_reason": "long ago, well supported"}
    told = {"action": "safety plan", "told_who": "I. Marlowe", "told_on": "2026-03-11"}

    answer = log(therapist, url, **SEVERE, **own, **told)

    page = read(therapist.get(answer.location))
    for words in ("Band Severe", "Own band Low", "Told I. Marlowe, 11 Mar", "screen: severe"):
        assert words in page.main


def test_a_missing_answer_means_that_the_screener_cannot_tell(therapist, url, clinic):
    answer = log(therapist, url, **LOW)

    assert newest(clinic).risk.band == "cannot_tell"
    assert (
        "Cannot tell: 1 answer is missing; at least low"
        in read(therapist.get(answer.location)).main
    )


def test_an_unused_screener_leaves_no_answers(therapist, url, clinic):
    log(therapist, url)

    assert checks(clinic) == []


def test_what_was_screened_comes_back_when_the_session_is_changed(therapist, url, clinic):
    log(therapist, url, **SCREEN)

    form = read(therapist.get(f"{url}/8/edit")).form()
    assert [form.values[name] for name in ("q1", "q2", "q3", "q6_lifetime")] == [
        ["yes"],
        ["no"],
        [""],
        ["no"],
    ]

    submit(therapist, f"{url}/8/edit", q6_lifetime="")

    assert newest(clinic).risk.band == "cannot_tell"
    assert "Risk: band of the answers Low Cannot tell" in read(therapist.get(f"{url}/8")).main


def test_risk_words_without_an_answer_are_not_lost_in_silence(therapist, url):
    refused = submit(therapist, f"{url}/new", attendance="no_show", action="rang the sister")

    assert refused.status_code == 422
    assert "Say whether you asked" in read(refused).errors()[0]


# -- where the patient is, and how the appointment went


def test_the_place_of_the_patient_is_kept_with_a_video_session(therapist, url, clinic):
    answer = log(therapist, url, modality="telehealth_video", patient_location="at her sister's")

    assert newest(clinic).patient_location == "at her sister's"
    assert "Where the patient was at her sister's" in read(therapist.get(answer.location)).main


def test_every_attendance_can_be_chosen_but_that_of_a_group(therapist, url):
    page = read(therapist.get(f"{url}/new"))

    radios = [e.attrib["value"] for e in page.all("input[@name='attendance']")]
    rest = [e.attrib["value"] for e in page.one("select[@name='other_attendance']")]
    assert radios[:4] == ["attended", "attended_late", "left_early", "no_show"]
    assert {*radios, *rest} - {"", "other"} == {
        "attended",
        "attended_late",
        "left_early",
        "no_show",
        "cancelled_by_patient",
        "late_cancellation",
        "cancelled_by_therapist",
        "cancelled_by_service",
        "rescheduled",
        "entered_in_error",
    }


def test_a_group_course_can_say_that_the_group_was_cancelled(therapist, url, clinic):
    with clinic.writing(clinic.therapist) as work:
        work.session.get_one(Course, clinic.course.id).format = "group"

    options = read(therapist.get(f"{url}/new")).one("select[@name='other_attendance']")

    assert "group_cancelled" in [e.attrib["value"] for e in options]


# -- what is asked first


def test_a_day_out_of_order_is_asked_about_and_kept_when_confirmed(therapist, url, clinic):
    asked = log(therapist, url, held_on="2026-02-12")
    page = read(asked)
    assert asked.status_code == 422
    assert any("Is the date right?" in error for error in page.errors())
    assert page.all("input[@name='out_of_order']")

    answer = log(therapist, url, held_on="2026-02-12", out_of_order="y")

    assert answer.status_code == 303


def test_nothing_is_asked_before_there_is_something_to_ask(therapist, url):
    page = read(therapist.get(f"{url}/new"))

    for name in ("out_of_order", "second_that_day", "after_the_end", "past_the_plan"):
        assert page.all(f"input[@name='{name}']") == []


def test_a_session_past_the_contract_leads_to_the_contract_or_is_logged_anyway(
    therapist, url, clinic
):
    planned(clinic, 6)

    page = read(therapist.get(f"{url}/new"))
    assert f"/courses/{clinic.course.id}/contract" in page.links()
    refused = log(therapist, url)
    assert any("session 7 of 6 agreed" in error for error in read(refused).errors())

    assert log(therapist, url, past_the_plan="y").status_code == 303
    assert newest(clinic).number == 7


# -- appointments


def test_the_next_appointment_is_proposed_and_booked(therapist, url, clinic):
    change_stored(clinic, slot=7, starts_at=None)
    form = read(therapist.get(f"{url}/new")).form()
    assert form.values["next_on"] == ["2026-03-18"]

    log(therapist, url)

    (appointment,) = booked(clinic)
    assert str(appointment.planned_on) == "2026-03-18"
    assert appointment.minutes == 50


def test_an_empty_day_books_nothing(therapist, url, clinic):
    log(therapist, url, next_on="", next_at="")

    assert booked(clinic) == []


def test_what_is_booked_is_said_and_fills_in_its_own_day(therapist, url, clinic):
    log(therapist, url, next_on="2026-03-18", next_at="09:30")

    page = read(therapist.get(f"{url}/new"))

    assert "Booked already: 18 Mar, 09:30" in page.main
    assert page.form().values["next_on"] == [""]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"next_on": "2026-03-01"}, "past"),
        ({"next_on": "", "next_at": "09:00"}, "Enter the day, or clear the time."),
    ],
)
def test_a_time_that_cannot_be_booked_is_said_beside_it(therapist, url, clinic, changes, words):
    refused = log(therapist, url, **changes)

    assert refused.status_code == 422
    assert any(words in error for error in read(refused).errors())
    assert booked(clinic) == []


def test_the_form_says_no_wording_of_the_questionnaire(therapist, url):
    screener = says(read(therapist.get(f"{url}/new")).one("fieldset[@id='q1']"))

    assert screener.startswith("1. Wish to be dead")


# -- a dispute that dissolves


def test_a_dispute_in_dissolution_offers_the_switch(therapist, url, clinic):
    with clinic.writing(clinic.therapist) as work:
        course = open_course(work, clinic.course.id, Permission.EDIT_COURSE)
        add_focus(work, course, "dispute", clinic.today)

    answer = log(therapist, url, focal_area="dispute", dispute_stage="dissolution")

    page = read(therapist.get(answer.location))
    assert "found in dissolution" in page.main
    assert any(link.endswith("/switch") for link in page.links())
