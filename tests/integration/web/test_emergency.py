"""Opening a record in an emergency: by clinic code, with a reason, and everybody is told."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from ipt_tracker.governance.access import Role
from ipt_tracker.persistence.models import EmergencyAccess, EmergencyNoticeSeen, Supervision
from ipt_tracker.services.emergency.opening import MOST_WRONG, SHORTEST_REASON
from tests.factories.emergencies import REASON, add_emergency
from tests.factories.pages import read, says, submit
from tests.factories.people import add_person, add_supervision
from tests.factories.tables import audit_rows

WRONG = "T-999"


@pytest.fixture
def other(client_of, clinic):
    """Give the browser of the therapist who is not in charge."""
    return client_of(clinic.therapist2)


@pytest.fixture
def opened(clinic):
    """Let the other therapist have emergency access to the first course from now on."""
    with clinic.writing() as work:
        return add_emergency(work, clinic.therapist2, clinic.course)


def ask(client, code, reason=REASON):
    return submit(client, "/emergency", "/emergency", code=code, reason=reason)


def rows(clinic, table=EmergencyAccess):
    with clinic.reading() as work:
        return list(work.session.scalars(select(table)))


def events(clinic, event):
    return [r for r in audit_rows(clinic.database) if r.event == event]


def test_the_form_says_what_will_happen(other):
    said = read(other.get("/emergency")).main

    for words in ("60 minutes", "this one patient", "You can read", "written down", "supervisor"):
        assert words in said


def test_the_right_code_and_a_reason_open_the_course(clinic, other):
    answer = ask(other, clinic.course.code)

    assert answer.location == f"/courses/{clinic.course.id}"
    page = read(other.get(answer.location))
    assert clinic.course.name in page.text
    [access] = rows(clinic)
    assert (access.account_id, access.patient_id) == (
        clinic.therapist2.id,
        clinic.course.patient_id,
    )
    assert access.ends_at - access.started_at == timedelta(minutes=60)
    [row] = events(clinic, "emergency.started")
    assert row.subject_id == str(access.id)
    assert REASON not in str(row.details)


def test_a_wrong_code_is_refused_in_plain_words_and_kept_from_the_audit(clinic, other):
    answer = ask(other, WRONG)

    page = read(answer)
    assert page.status == 422
    assert page.errors() == [
        "Clinic code: No patient has this code. Check it on the file; capitals count."
    ]
    [row] = events(clinic, "emergency.refused")
    assert WRONG not in f"{row.subject_id} {row.details}"
    assert rows(clinic) == []


def test_after_ten_wrong_codes_the_right_one_is_refused_too_until_an_hour_is_over(
    clinic, clock, client_of, other
):
    for _ in range(MOST_WRONG):
        ask(other, WRONG)

    stopped = ask(other, clinic.course.code)
    elsewhere = ask(client_of(clinic.supervisor), clinic.course2.code)
    clock.now = clinic.now + timedelta(hours=1)
    later = ask(client_of(clinic.therapist2), clinic.course.code)

    assert "No more tries are taken for now" in read(stopped).errors()[0]
    assert elsewhere.status_code == later.status_code == 303


def test_refused_tries_do_not_make_it_last_longer(clinic, clock, client_of, other):
    for _ in range(MOST_WRONG):
        ask(other, WRONG)
    clock.now = clinic.now + timedelta(minutes=14)
    ask(client_of(clinic.therapist2), clinic.course.code)

    clock.now = clinic.now + timedelta(hours=1)

    assert ask(client_of(clinic.therapist2), clinic.course.code).status_code == 303


@pytest.mark.parametrize("reason", ["", "too short", "n" * (SHORTEST_REASON - 1), " " * 40])
def test_a_reason_must_be_stated(clinic, other, reason):
    answer = ask(other, clinic.course.code, reason)

    assert answer.status_code == 422
    assert rows(clinic) == []


def test_ones_own_patient_is_no_emergency(clinic, client_of):
    answer = ask(client_of(clinic.therapist), clinic.course.code)

    assert "You can open this course already" in read(answer).errors()[0]
    assert rows(clinic) == []


def test_what_runs_already_is_not_opened_twice(clinic, other, opened):
    answer = ask(other, clinic.course.code, "another good reason to look at it")

    assert "open to you already" in read(answer).errors()[0]
    assert [each.id for each in rows(clinic)] == [opened]


def test_a_second_time_needs_a_reason_of_its_own(clinic, other, clock, client_of):
    ask(other, clinic.course.code)
    clock.now = clinic.now + timedelta(minutes=60)
    again = client_of(clinic.therapist2)

    same = ask(again, clinic.course.code)
    new = ask(again, clinic.course.code, "Is at the front desk once more, an hour later.")

    assert "Say why it is needed again" in read(same).errors()[0]
    assert new.status_code == 303


def test_it_is_ended_by_the_button_of_every_page(clinic, other):
    ask(other, clinic.course.code)
    form = read(other.get(f"/courses/{clinic.course.id}")).form("/end")

    answer = other.post(form.action, data=form.values)

    assert answer.status_code == 303
    assert other.get(f"/courses/{clinic.course.id}").status_code == 404
    [access] = rows(clinic)
    assert access.ended_at == clinic.now
    assert events(clinic, "emergency.ended")


def test_nobody_ends_the_access_of_somebody_else(clinic, client_of, opened):
    client = client_of(clinic.supervisor)
    token = read(client.get("/emergency")).token

    answer = client.post(f"/emergency/{opened}/end", data={"csrf_token": token})

    assert answer.status_code == 404
    assert rows(clinic)[0].ended_at is None


def test_an_own_course_read_meanwhile_is_not_marked(clinic, other, opened):
    other.get(f"/courses/{clinic.course2.id}")

    assert audit_rows(clinic.database)[-1].emergency_id is None


# -- notices


def test_the_supervisor_is_told_who_whose_when_why_and_what_was_read(clinic, client_of, other):
    ask(other, clinic.course.code)
    other.get(f"/courses/{clinic.course.id}")
    other.get(f"/courses/{clinic.course.id}/measures")
    supervisor = client_of(clinic.supervisor)

    start = read(supervisor.get("/supervision")).main
    listed = read(supervisor.get("/emergency/notices")).main
    [access] = rows(clinic)
    one = read(supervisor.get(f"/emergency/notices/{access.id}")).main

    assert "1 emergency access not seen yet" in start
    for words in (clinic.therapist2.name, clinic.course.code, clinic.course.name, REASON):
        assert words in listed
        assert words in one
    assert "Course overview" in one
    assert "Measures" in one


def test_it_is_marked_as_seen_once(clinic, client_of, opened):
    client = client_of(clinic.supervisor)

    for _ in range(2):
        token = read(client.get("/emergency/notices")).token
        client.post(f"/emergency/notices/{opened}/seen", data={"csrf_token": token})

    assert [s.seen_by for s in rows(clinic, EmergencyNoticeSeen)] == [clinic.supervisor.id]
    assert "not seen yet" not in read(client.get("/supervision")).main
    assert len(events(clinic, "emergency.seen")) == 1


def test_the_patients_own_therapist_sees_that_it_took_place(clinic, client_of, opened):
    page = read(client_of(clinic.therapist).get(f"/courses/{clinic.course.id}"))

    [panel] = [s for s in page.all("section") if s.attrib.get("aria-labelledby") == "h-emergency"]
    assert f"{clinic.therapist2.name} 11 Mar 2026" in says(panel)
    assert REASON not in page.text


@pytest.mark.parametrize("who", ["admin", "auditor"])
def test_others_who_may_know_see_the_fact_without_name_and_reason(clinic, client_of, opened, who):
    client = client_of(getattr(clinic, who))

    for url in ("/emergency/notices", f"/emergency/notices/{opened}"):
        page = read(client.get(url))
        assert clinic.course.code in page.main
        assert clinic.therapist2.name in page.main
        assert clinic.course.name not in page.text
        assert REASON not in page.text


def test_an_administrator_has_to_see_what_no_supervisor_is_told(clinic, client_of, opened):
    with clinic.writing() as work:
        alone = add_emergency(work, clinic.supervisor, clinic.course2)
    admin = client_of(clinic.admin)

    page = read(admin.get("/emergency/notices"))

    buttons = [f.action for f in page.forms() if f.action.endswith("/seen")]
    assert buttons == [f"/emergency/notices/{alone}/seen"]
    assert "1 emergency access not seen yet" in read(admin.get("/people")).main


def test_the_only_supervisor_who_read_it_themselves_does_not_answer_for_it(clinic, client_of):
    with clinic.writing() as work:
        own = add_emergency(work, clinic.supervisor, clinic.course)
    supervisor, admin = client_of(clinic.supervisor), client_of(clinic.admin)

    assert supervisor.get(f"/emergency/notices/{own}").status_code == 404
    assert f"/emergency/notices/{own}/seen" in [
        form.action for form in read(admin.get("/emergency/notices")).forms()
    ]


def test_with_a_second_supervisor_no_administrator_has_to_see_it(clinic, client_of):
    with clinic.writing() as work:
        second = add_person(work, "second@clinic.example", "O. Second", Role.SUPERVISOR)
        add_supervision(work, second, clinic.therapist, date(2025, 9, 1))
        own = add_emergency(work, clinic.supervisor, clinic.course)

    assert client_of(second).get(f"/emergency/notices/{own}").status_code == 200
    assert "not seen yet" not in read(client_of(clinic.admin).get("/people")).main


def test_who_no_longer_supervises_is_not_told(clinic, client_of, opened):
    with clinic.writing() as work:
        for each in work.session.scalars(select(Supervision)):
            each.ended_on = work.today

    client = client_of(clinic.supervisor)

    assert client.get(f"/emergency/notices/{opened}").status_code == 404
    assert clinic.course.code not in client.get("/emergency/notices").text
