"""A blinded assessor: asked by a clinician, enters one form, and sees nothing of the treatment."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from ipt_tracker.clinical.instruments.phq9 import PHQ9
from ipt_tracker.persistence.models import AssessmentRequest, ClinicSetting, Measure, SafetyPrompt
from tests.factories.assessments import add_request
from tests.factories.pages import read, submit
from tests.factories.tables import audit_rows, contents
from tests.integration.web.test_walk import token_of

ZEROS = {f"answers-{key}": "0" for key in PHQ9.answer_keys}
SUICIDE = f"answers-{PHQ9.suicidality_item}"


@pytest.fixture
def asked(clinic):
    """Give a PHQ-9 of the first course that the assessor was asked for."""
    with clinic.writing(clinic.therapist) as work:
        return add_request(work, clinic.course, clinic.assessor)


@pytest.fixture
def assessor(client_of, clinic):
    return client_of(clinic.assessor)


@pytest.fixture
def therapist(client_of, clinic):
    return client_of(clinic.therapist)


def rows(clinic, table=AssessmentRequest):
    with clinic.reading() as work:
        return list(work.session.scalars(select(table)))


def enter(client, asked, view="entry", **changes):
    return submit(client, f"/assessments/{asked}/{view}", view, **{**ZEROS, **changes})


def made(clinic, asked):
    """Give the measure that came of a request."""
    with clinic.reading() as work:
        request = work.session.get(AssessmentRequest, asked)
        return work.session.get(Measure, request.measure_id) if request.measure_id else None


def ask(client, clinic, **changes):
    url = f"/courses/{clinic.course.id}/assessments"
    typed = {"assessor": str(clinic.assessor.id), "instrument": "caps5_month", **changes}
    return submit(client, url, "/assessments", **typed)


# -- asking


@pytest.mark.parametrize("who", ["therapist", "supervisor"])
def test_a_clinician_asks_and_the_assessor_has_it_first_thing(clinic, client_of, assessor, who):
    answer = ask(client_of(getattr(clinic, who)), clinic, due_on="2026-03-20", note="Room 4")

    assert answer.status_code == 303
    assert assessor.get("/").location == "/assessments"
    main = read(assessor.get("/assessments")).main
    for words in (clinic.course.code, "CAPS-5", "20 Mar", "Room 4"):
        assert words in main


WRONG = {
    "nobody": ({"assessor": ""}, "Assessor: Choose an assessor."),
    "no assessor": ({"assessor": "supervisor"}, "Assessor: Choose an assessor."),
    "no form": ({"instrument": "bdi"}, "Form or interview: Choose a form or an interview."),
    "a day that is over": ({"due_on": "2026-03-10"}, "Due: Choose today or a later day."),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_cannot_be_asked_is_said_beside_its_field(clinic, therapist, wrong):
    typed, message = WRONG[wrong]
    if typed.get("assessor") == "supervisor":
        typed = {"assessor": str(clinic.supervisor.id)}

    answer = ask(therapist, clinic, **typed)

    assert read(answer).errors() == [message]
    assert rows(clinic) == []


def test_the_same_form_is_not_asked_twice_while_it_waits(clinic, therapist, asked):
    answer = ask(therapist, clinic, instrument="phq9")

    assert read(answer).errors() == ["Form or interview: This assessor was asked for it already."]


def test_a_request_is_taken_back_with_a_reason_and_is_gone_for_the_assessor(
    clinic, therapist, assessor, asked
):
    url = f"/courses/{clinic.course.id}/assessments/{asked}/withdrawal"

    assert submit(therapist, url, "", why="").status_code == 422
    assert submit(therapist, url, "", why="moved away").status_code == 303

    assert assessor.get(f"/assessments/{asked}").status_code == 404
    assert "Taken back" in read(therapist.get(f"/courses/{clinic.course.id}/assessments")).main


# -- entering


def test_saving_records_the_measure_as_made_blind_and_closes_the_request(
    clinic, therapist, assessor, asked
):
    answer = enter(assessor, asked, **{f"answers-{PHQ9.answer_keys[0]}": "3"})

    assert answer.status_code == 303
    measure = made(clinic, asked)
    assert (measure.total, measure.assessor, measure.blind) == (3, clinic.assessor.name, True)
    assert measure.recorded_by == clinic.assessor.id
    shown = read(therapist.get(f"/courses/{clinic.course.id}/measures/{measure.id}")).main
    assert clinic.assessor.name in shown
    assert "Blind" in shown
    assert "Done" in read(therapist.get(f"/courses/{clinic.course.id}/assessments")).main
    assert {"assessment.recorded", "measure.recorded"} <= {
        row.event for row in audit_rows(clinic.database)
    }


def test_an_interview_says_what_told_the_assessor_and_is_not_blind_then(clinic, assessor):
    with clinic.writing(clinic.therapist) as work:
        asked = add_request(work, clinic.course, clinic.assessor, "caps5_month")

    url = f"/assessments/{asked}/entry"
    submit(assessor, url, "entry", **{"answers-total": "30", "unblinding": "named the therapist"})

    measure = made(clinic, asked)
    assert (measure.blind, measure.unblinding) == (False, "named the therapist")


def test_an_answer_on_suicide_is_said_at_once_and_reaches_the_therapist(
    clinic, therapist, assessor, asked
):
    enter(assessor, asked, **{SUICIDE: "2"})

    said = read(assessor.get(f"/assessments/{asked}")).main
    assert "Ask directly" in said or "Ask" in said
    assert "tell the therapist" in said
    [prompt] = rows(clinic, SafetyPrompt)
    assert (prompt.answer, prompt.acknowledged_at) == (2, None)
    strip = read(therapist.get(f"/courses/{clinic.course.id}"))
    assert f"/courses/{clinic.course.id}/measures/prompts/{prompt.id}" in strip.links()


def test_an_earlier_form_of_the_day_is_not_told(clinic, therapist, assessor, asked):
    url = f"/courses/{clinic.course.id}/measures/phq9/new"
    submit(therapist, url, "/new", **{**ZEROS, f"answers-{PHQ9.answer_keys[0]}": "2"})

    answer = enter(assessor, asked)

    assert answer.status_code == 303
    assert made(clinic, asked).total == 0


def test_a_day_before_the_request_is_refused(clinic, assessor, asked):
    answer = enter(assessor, asked, taken_on="2026-03-10")

    assert "before you were asked" in read(answer).errors()[0]
    assert made(clinic, asked) is None


def test_fields_that_only_a_clinician_fills_in_are_not_taken(clinic, assessor, asked):
    form = read(assessor.get(f"/assessments/{asked}/entry")).form("entry")
    more = {"point": "baseline", "assessor": "X", "blind": "no", "risk_done": "asked"}

    assessor.post(form.action, data=form.but(**ZEROS) | more | {"risk_note": "none"})

    measure = made(clinic, asked)
    assert (measure.point, measure.assessor, measure.blind) == (None, clinic.assessor.name, True)


def test_another_form_than_the_one_asked_for_is_refused(clinic, assessor):
    with clinic.writing(clinic.therapist) as work:
        asked = add_request(work, clinic.course, clinic.assessor, "pcl5_week")
    form = read(assessor.get(f"/assessments/{asked}/entry")).form("entry")
    data = form.but(**{"answers-total": "20"}) | {"answers-lookback": "pcl5_month"}

    answer = assessor.post(form.action, data=data)

    assert answer.status_code == 422
    assert made(clinic, asked) is None


# -- afterwards


def test_the_entry_is_corrected_on_the_same_day_and_what_it_said_is_kept(clinic, assessor, asked):
    enter(assessor, asked)

    answer = enter(assessor, asked, "correction", **{f"answers-{PHQ9.answer_keys[1]}": "1"})

    assert answer.status_code == 303
    measure = made(clinic, asked)
    assert (measure.total, measure.assessor, measure.blind) == (1, clinic.assessor.name, True)
    [row] = [r for r in audit_rows(clinic.database) if r.event == "measure.corrected"]
    assert row.actor_id == clinic.assessor.id


def test_from_the_next_day_on_it_is_closed_to_the_assessor(
    clinic, clock, client_of, assessor, asked
):
    enter(assessor, asked)
    clock.now = clinic.now + timedelta(days=1)
    later = client_of(clinic.assessor)

    for view in ("", "/entry", "/correction", "/decline"):
        assert later.get(f"/assessments/{asked}{view}").status_code == 404
    assert clinic.course.code not in later.get("/assessments").text


def test_it_is_declined_with_a_reason_that_the_clinicians_see(clinic, therapist, assessor, asked):
    url = f"/assessments/{asked}/decline"

    assert submit(assessor, url, "", why="").status_code == 422
    assert submit(assessor, url, "", why="knows the patient").status_code == 303

    assert assessor.get(f"/assessments/{asked}").status_code == 404
    said = read(therapist.get(f"/courses/{clinic.course.id}/assessments")).main
    assert "Declined" in said
    assert "knows the patient" in said


def test_what_is_done_is_neither_entered_again_nor_declined(clinic, assessor, asked):
    enter(assessor, asked)
    before = contents(clinic.database)
    data = ZEROS | {"csrf_token": token_of(assessor), "taken_on": "2026-03-11", "why": "late"}

    for view in ("entry", "decline"):
        assessor.post(f"/assessments/{asked}/{view}", data=data)

    assert contents(clinic.database) == before


def test_names_are_shown_only_where_the_clinic_chose_so(clinic, assessor, asked):
    before = assessor.get(f"/assessments/{asked}").text
    with clinic.writing() as work:
        work.session.add(
            ClinicSetting(
                name="assessors_see_names", value=True, set_by=clinic.admin.id, set_at=work.now
            )
        )
    after = assessor.get(f"/assessments/{asked}").text

    assert clinic.course.name not in before
    assert clinic.course.name in after


def test_half_typed_answers_are_kept_as_a_draft(clinic, assessor, asked):
    address = f"/assessments/{asked}/entry"
    form = read(assessor.get(address)).form("entry")
    kept = {name: form.values[name] for name in ("csrf_token", "draft_key")}
    fields = f'[["answers-{PHQ9.answer_keys[0]}", "2"]]'

    answer = assessor.post("/drafts", data=kept | {"address": address, "fields": fields})

    assert answer.status_code == 200
    again = read(assessor.get(address)).form("entry").values
    assert again[f"answers-{PHQ9.answer_keys[0]}"] == ["2"]
