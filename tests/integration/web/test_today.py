"""The start page: what a therapist and a supervisor see first, and in how many statements."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from ipt_tracker.clinical.course.records import RiskCheck as RiskCode
from ipt_tracker.clinical.instruments.phq9 import PHQ9
from ipt_tracker.governance.access import Permission, Role
from ipt_tracker.persistence.models import (
    Appointment,
    AuditEntry,
    Course,
    Draft,
    GroupLeader,
    NoteStep,
    RiskCheck,
    SessionRecord,
    SupervisionMeeting,
    TherapyGroup,
)
from ipt_tracker.services.appointments import AppointmentEntry, book, book_group
from ipt_tracker.services.caseload import standing_lines
from ipt_tracker.services.day import read_day
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.fidelity.feedback import FeedbackEntry, send_feedback
from ipt_tracker.services.sessions import RiskEntry
from ipt_tracker.services.supervision.answers import acknowledge_meeting, finish_action
from ipt_tracker.services.supervision.entries import ANOTHER, ActionEntry
from tests.factories.compared import opened, rate_by, whole
from tests.factories.courses import add_course, add_focus, add_measure, add_session, measure
from tests.factories.groups import FIRST_DAY, add_group, add_meeting, row
from tests.factories.meetings import add_supervision_meeting, person
from tests.factories.pages import read, says
from tests.factories.people import add_person
from tests.factories.rated import slots_of
from tests.factories.schedules import add_scheduled
from tests.factories.stores import on_every_engine
from tests.integration.web.test_caseload import statements

URL = "/today"
NINE = time(9, 0)
MOST_STATEMENTS = 36
"""The page puts together what nine lists hold; the number does not grow with the caseload."""


@pytest.fixture(autouse=True)
def morning(clock):
    """Let it be 08:00 on the machine's own clock, before anybody comes."""
    clock.now = datetime(2026, 3, 11, 8, tzinfo=datetime.now().astimezone().tzinfo or UTC)


@pytest.fixture
def day_of(client_of, clinic):
    """Give the start page of somebody, the therapist unless said otherwise."""
    return lambda person=None: read(client_of(person or clinic.therapist).get(URL))


def booked(clinic, hour=NINE, days=0, **more):
    with clinic.writing(clinic.therapist) as work:
        course = open_course(work, clinic.course.id, Permission.RECORD_SESSION)
        on = clinic.today + timedelta(days=days)
        return book(work, course, AppointmentEntry(on, hour, 50, "in_person", **more)).id


def panel(page, title):
    """Give the words of one panel, None where it is not there."""
    for section in page.all("section"):
        heads = section.findall(".//h2")
        if heads and says(heads[0]) == title:
            return says(section)
    return None


def agenda(page):
    return [says(li) for li in page.all("ol[@class='agenda']/li")]


def log(clinic, **differs):
    with clinic.writing(clinic.therapist) as work:
        course = open_course(work, clinic.course.id, Permission.RECORD_SESSION)
        more = {"held_on": clinic.today, "number": 7, "starts_at": NINE} | differs
        return add_session(work, course, **more).id


def test_it_is_the_first_page_of_therapists_and_of_nobody_else(client_of, clinic):
    pages = {
        name: client_of(getattr(clinic, name)).get("/").location
        for name in ("therapist", "supervisor", "admin")
    }

    assert pages == {"therapist": URL, "supervisor": "/supervision", "admin": "/people"}
    assert client_of(clinic.admin).get(URL).status_code == 404


def test_it_stands_first_in_the_navigation_and_is_written_down(day_of, clinic):
    page = day_of()

    assert page.links()[2] == URL  # after the way past the head, and the name of the program
    with clinic.reading() as work:
        assert "caseload.day_opened" in set(work.session.scalars(select(AuditEntry.event)))


@on_every_engine
def test_a_booked_session_says_where_in_the_course_and_what_stays_of_the_last_time(day_of, clinic):
    booked(clinic, remark="bring the letter")
    with clinic.writing() as work:
        last = work.session.scalars(select(SessionRecord).order_by(SessionRecord.held_on.desc()))
        newest = next(r for r in last if r.course_id == clinic.course.id)
        newest.plan = "ring his brother"

    page = day_of()

    (row,) = agenda(page)
    assert page.h1 == "One session to go today."
    assert row.startswith("09:00in 60 min T-101 Imre Solbergsession 7 of 14, middle phase")
    assert "bring the letter. Planned last time: ring his brother." in row
    assert "PCL-5 33, down 25 from the start, reliably improved." in row
    assert "Focus: role transition" in row
    assert "Log session 7" in row
    assert f"/courses/{clinic.course.id}/sessions/new" in page.links()


def test_without_a_plan_the_event_of_the_last_time_is_told(day_of, clinic):
    booked(clinic)
    with clinic.writing() as work:
        for record in work.session.scalars(select(SessionRecord)):
            record.linked_event = "quarrel at the depot"

    assert "Last time: quarrel at the depot." in agenda(day_of())[0]


def test_a_form_that_waits_is_named_beside_the_session(day_of, clinic):
    with clinic.writing(clinic.therapist) as work:
        course = add_scheduled(work, clinic.today - timedelta(days=2))
        book(work, course, AppointmentEntry(clinic.today, NINE))

    assert "CAPS-5 due" in agenda(day_of())[0]


DAYS = {
    "08:00": (["09:00in 60 min", "11:00", "14:00"], 0),
    "09:00": (["09:00now", "11:00in 120 min", "14:00"], 0),
    "09:49": (["09:00now", "11:00in 71 min", "14:00"], 0),
    "09:50": (["09:00not logged", "11:00in 70 min", "14:00"], 1),
    "20:00": (["09:00not logged", "11:00not logged", "14:00not logged"], 0),
}


@pytest.mark.parametrize("now", DAYS)
def test_the_next_one_is_marked_by_the_clock(day_of, clinic, clock, now):
    said, next_one = DAYS[now]
    for hour in (11, 9, 14):
        booked(clinic, time(hour, 0))
    clock.now = clock.now.replace(hour=int(now[:2]), minute=int(now[3:]))

    page = day_of()

    assert [row.split(" T-101")[0] for row in agenda(page)] == said
    marked = ["next" in li.attrib.get("class", "") for li in page.all("ol[@class='agenda']/li")]
    assert marked == [place == next_one for place in range(3)]


@on_every_engine
def test_once_logged_it_is_held_with_its_note_to_finish(day_of, clinic):
    booked(clinic)
    log(clinic)

    page = day_of()

    (row,) = agenda(page)
    assert page.h1 == "All of today is logged."
    assert row.startswith("09:00held T-101 Imre Solbergsession 7")
    assert "Note not signed." in row
    assert "Finish note" in row
    assert panel(page, "Notes to finish").startswith("Notes to finish8")


def test_what_did_not_take_place_says_what_became_of_it(day_of, clinic):
    booked(clinic)
    away = {"duration_minutes": None, "mood": None, "number": None}
    log(clinic, attendance="late_cancellation", **away)

    assert "cancelled late by patient" in agenda(day_of())[0]


def test_a_session_that_was_logged_without_a_booking_stands_in_the_day_too(day_of, clinic):
    log(clinic)

    assert "held" in agenda(day_of())[0]


def test_a_draft_that_was_kept_is_named_where_it_goes_on(day_of, clinic):
    booked(clinic)
    address = f"/courses/{clinic.course.id}/sessions/new"
    kept = datetime(2026, 3, 11, 7, 51, tzinfo=datetime.now().astimezone().tzinfo)
    with clinic.writing() as work:
        for person in (clinic.therapist, clinic.therapist2):
            work.session.add(
                Draft(
                    account_id=person.id,
                    course_id=clinic.course.id,
                    address=address,
                    fields=[],
                    saved_at=kept,
                )
            )

    page = day_of()

    assert "Draft kept at 07:51, not saved." in agenda(page)[0]
    assert "draft kept 07:51" in panel(page, "Typed, not saved")


def test_an_appointment_of_an_earlier_day_is_asked_about_for_four_weeks(day_of, clinic):
    row_id = booked(clinic)
    before = panel(day_of(), "Booked on earlier days, not logged")
    move_to(clinic, row_id, clinic.today - timedelta(days=28))

    page = day_of()
    move_to(clinic, row_id, clinic.today - timedelta(days=29))

    assert before is None
    assert "Wednesday 11 Feb, 09:00" in panel(page, "Booked on earlier days, not logged")
    assert panel(day_of(), "Booked on earlier days, not logged") is None


def move_to(clinic, row_id, day):
    with clinic.writing() as work:
        work.session.get(Appointment, row_id).planned_on = day


def test_the_days_ahead_stand_in_one_line(day_of, clinic):
    booked(clinic, days=1)
    booked(clinic, time(15, 0), days=1)
    booked(clinic, days=3)
    booked(clinic, days=8)

    assert "Tomorrow: 2 sessions, first at 09:00. Saturday: 1." in panel(
        day_of(), "Today's sessions"
    )


def test_a_course_without_an_appointment_is_expected_by_its_contract_and_not_called_booked(
    day_of, clinic
):
    page = day_of()

    words = panel(page, "No appointment booked")
    assert "was expected 25 Feb (weekly), not booked" in words
    assert f"/courses/{clinic.course.id}/appointments/new" in page.links()
    booked(clinic, days=7)
    assert panel(day_of(), "No appointment booked") is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"planned_sessions": 6}, "all 6 sessions agreed took place, nothing booked"),
        (
            {"planned_sessions": 6, "maintenance_sessions": 3},
            "expected 18 Mar (monthly in maintenance), not booked",
        ),
        ({"spacing": "monthly"}, "expected 18 Mar (monthly), not booked"),
    ],
)
def test_what_is_expected_follows_the_contract(day_of, clinic, change, said):
    with clinic.writing() as work:
        course = work.session.get(Course, clinic.course.id)
        for name, value in change.items():
            setattr(course, name, value)

    assert said in panel(day_of(), "No appointment booked")


def test_a_group_without_an_appointment_is_expected_by_its_spacing(day_of, clinic):
    with clinic.writing(clinic.therapist) as work:
        new, ref = add_group(work, 0, "G-2", clinic.today), add_group(work, 2)
        add_meeting(work, ref, FIRST_DAY)

    page = day_of()

    words = panel(page, "No appointment booked")
    assert "G-1 group, was expected 14 Jan (weekly), not booked" in words
    assert "G-2 group, expected 11 Mar (first session, the group has not met yet)" in words
    assert {f"/groups/{each.id}/appointments/new" for each in (ref, new)} <= set(page.links())
    assert f"/groups/{ref.id}" in day_of(clinic.supervisor).links()
    assert "G-1" not in (panel(day_of(clinic.therapist2), "No appointment booked") or "")
    with clinic.writing(clinic.therapist) as work:
        book_group(work, ref.id, AppointmentEntry(clinic.today, NINE, 90))
        work.session.get(TherapyGroup, new.id).ended_on = clinic.today
    after = panel(day_of(), "No appointment booked")
    assert "G-1" not in after
    assert "G-2" not in after


def test_a_group_that_met_as_often_as_agreed_says_so(day_of, clinic):
    with clinic.writing(clinic.therapist) as work:
        ref = add_group(work, 2)
        add_meeting(work, ref, FIRST_DAY)
        work.session.get(TherapyGroup, ref.id).planned_sessions = 1

    words = panel(day_of(), "No appointment booked")

    assert "G-1 group, all 1 sessions agreed took place, nothing booked" in words


# -- risk, notes, measures, not on track


@on_every_engine
def test_an_open_risk_task_stands_first_and_in_the_headline(day_of, clinic):
    with clinic.writing(clinic.therapist) as work:
        course = open_course(work, clinic.course.id, Permission.RECORD_MEASURE)
        answers = dict.fromkeys(PHQ9.answer_keys, 1)
        add_measure(work, course, measure("phq9", clinic.today, answers=answers))

    page = day_of()

    assert page.h1 == "No session is booked today. One risk task to answer first."
    first = page.one("main").findall(".//section")[0]
    assert "urgent" in first.attrib["class"]
    assert "Imre Solberg" in says(first)
    assert any("/prompts/" in link or "acknowledge" in link for link in page.links())


FOUND = "Risk found at the last check"


def set_risk(clinic, slot=7, **found):
    with clinic.writing() as work:
        own = select(RiskCheck).join(SessionRecord).where(SessionRecord.slot == slot)
        check = work.session.scalars(own.where(SessionRecord.course_id == clinic.course.id)).one()
        for name, value in found.items():
            setattr(check, name, value)
        check.override_reason = "why" if check.override_band else None


MODERATE = {"band": "moderate", "override_band": "none"}


@on_every_engine
@pytest.mark.parametrize(
    ("found", "said"),
    [
        ({"result": "present"}, "18 Feb: asked: present"),
        ({"result": None, "band": "low"}, "18 Feb: asked, band low"),
        (MODERATE, "18 Feb: asked: none, band moderate, own band none"),
        (
            {"result": "present", "band": "cannot_tell", "answers": {"q1": True, "q2": None}},
            "asked: present, band: cannot tell: 2 answers are missing; at least low",
        ),
    ],
)
def test_risk_found_at_the_last_check_is_named_to_therapist_and_supervisor(
    day_of, clinic, found, said
):
    set_risk(clinic, **found)

    pages = [day_of(person) for person in (clinic.therapist, clinic.supervisor)]

    for page in pages:
        assert page.h1 == "No session is booked today. Risk was found in one course."
        assert "Imre Solberg T-101" in panel(page, FOUND)
        assert said in panel(page, FOUND)
        assert f"/courses/{clinic.course.id}/sessions/7" in page.links()
        assert "urgent" not in page.html
    assert "R. Calder" in panel(pages[1], FOUND)
    assert panel(day_of(clinic.therapist2), FOUND) is None


def test_risk_that_was_found_stands_below_the_open_tasks_and_is_counted_apart(day_of, clinic):
    set_risk(clinic, result="present")
    with clinic.writing(clinic.therapist) as work:
        course = open_course(work, clinic.course.id, Permission.RECORD_MEASURE)
        answers = dict.fromkeys(PHQ9.answer_keys, 1)
        add_measure(work, course, measure("phq9", clinic.today, answers=answers))

    page = day_of()

    heads = [says(head) for head in page.all("h2")]
    assert heads[:3] == ["Open risk tasks", FOUND, "Today's sessions"]
    assert page.h1.endswith("One risk task to answer first. Risk was found in one course.")


def test_the_newest_check_of_an_open_course_alone_counts(day_of, clinic):
    set_risk(clinic, slot=6, result="present")
    older = panel(day_of(), FOUND)
    set_risk(clinic, asked=False, result=None)
    not_asked = panel(day_of(), FOUND)
    set_risk(clinic, asked=True, result="present")
    with clinic.writing() as work:
        record = work.session.scalars(
            select(SessionRecord).where(
                SessionRecord.course_id == clinic.course.id, SessionRecord.slot == 7
            )
        ).one()
        record.attendance = "entered_in_error"
    in_error = day_of()
    with clinic.writing() as work:
        course = work.session.get(Course, clinic.course.id)
        course.ended_on, course.status = clinic.today, "dropped_out"

    assert older is None
    assert "session 5" in not_asked
    assert f"/courses/{clinic.course.id}/sessions/6" in in_error.links()
    assert "session 5" in panel(in_error, FOUND)
    assert panel(day_of(), FOUND) is None


def test_today_and_the_caseload_name_the_same_courses(day_of, client_of, clinic):
    set_risk(clinic, **MODERATE)

    listed = read(client_of(clinic.therapist).get("/caseload?show=safety"))

    assert panel(day_of(), FOUND) is not None
    assert "Risk present" in listed.main


def test_risk_found_at_a_group_session_is_named_with_the_members_session(day_of, clinic):
    with clinic.writing(clinic.therapist) as work:
        ref = add_group(work, 2)
        risk = RiskEntry(RiskCode.ASKED_PRESENT, "wish to be dead")
        add_meeting(work, ref, FIRST_DAY, row(ref.members[0], risk=risk))

    page = day_of()

    assert f"{ref.names[0]} {ref.codes[0]}" in panel(page, FOUND)
    assert "7 Jan: asked: present" in panel(page, FOUND)
    assert ref.names[1] not in panel(page, FOUND)


def test_a_risk_task_of_a_course_that_has_ended_is_not_lost(day_of, clinic):
    with clinic.writing(clinic.therapist) as work:
        course = open_course(work, clinic.course.id, Permission.RECORD_MEASURE)
        answers = dict.fromkeys(PHQ9.answer_keys, 1)
        add_measure(work, course, measure("phq9", clinic.today, answers=answers))
        course.ended_on, course.status = clinic.today, "dropped_out"

    page = day_of()

    assert page.h1 == "No patients yet. One risk task to answer first."
    assert "Imre Solberg" in panel(page, "Open risk tasks")


def sent_back(clinic):
    with clinic.writing() as work:
        record = work.session.scalars(
            select(SessionRecord).where(SessionRecord.course_id == clinic.course.id)
        ).first()
        record.note_state = "changes_requested"
        step = {"session_id": record.id, "step": "changes_requested", "comment": "more on affect"}
        work.session.add(NoteStep(**step, taken_by=clinic.supervisor.id, taken_at=work.now))


@on_every_engine
def test_a_note_that_came_back_stands_first_with_who_asked(day_of, clinic):
    sent_back(clinic)

    words = panel(day_of(), "Notes to finish")

    assert words.index("Changes asked by I. Marlowe") < words.index("Finish")
    assert "1 more" in words  # six of seven are shown


def test_a_supervisor_sees_what_waits_for_a_cosignature_and_nothing_to_press(day_of, clinic):
    booked(clinic)
    with clinic.writing() as work:
        record = work.session.scalars(
            select(SessionRecord).where(SessionRecord.course_id == clinic.course.id)
        ).first()
        record.note_state = "awaiting_cosign"

    page = day_of(clinic.supervisor)

    assert "session 1" in panel(page, "Notes to co-sign")
    assert "Notes of supervisees not signed" in page.main
    assert "Imre Solberg" in agenda(page)[0]
    assert "Log session" not in page.main
    assert panel(day_of(), "Notes to co-sign") is None


def test_measures_that_are_due_stand_beside_the_day(day_of, clinic):
    with clinic.writing(clinic.therapist) as work:
        add_scheduled(work, clinic.today - timedelta(weeks=2))

    words = panel(day_of(), "Measures due")

    assert "CAPS-5, baseline" in words
    assert "Overdue" in words


def worse(clinic, **patient):
    with clinic.writing(clinic.therapist) as work:
        course = add_course(work, clinic.today - timedelta(days=14), code="T-401", **patient)
        for number, (days, total) in enumerate(((14, 40), (7, 57)), start=1):
            day = clinic.today - timedelta(days=days)
            add_session(work, course, measure("pcl5_week", day, total), held_on=day, number=number)
        return course.id


@on_every_engine
def test_a_patient_who_is_reliably_worse_is_not_on_track_and_the_rule_is_named(day_of, clinic):
    worse(clinic, name="Aino Petrov")

    words = panel(day_of(), "Not on track")

    assert "Aino Petrov" in words
    assert "Reliably worse: PCL-5 40 to 57, up 17" in words
    assert "15 points or more: Marx 2022" in words
    assert "Imre Solberg" not in words


def weekly(clinic, *totals, code="T-403", name="Ivo Lind"):
    """Let a course have had a weekly form at each session, the last one today."""
    weeks = len(totals) - 1
    with clinic.writing(clinic.therapist) as work:
        course = add_course(work, clinic.today - timedelta(weeks=weeks), code=code, name=name)
        for place, total in enumerate(totals):
            day = clinic.today - timedelta(weeks=weeks - place)
            form = measure("pcl5_week", day, total)
            add_session(work, course, form, held_on=day, number=place + 1)
        return course.id


@on_every_engine
def test_a_sudden_gain_is_told_with_its_two_sessions_and_as_a_rule(day_of, clinic):
    course_id = weekly(clinic, 52, 50, 51, 30, 29, 28)

    page = day_of()

    words = panel(page, "Sudden gains")
    assert "Ivo Lind" in words
    assert "PCL-5 fell from 51 to 30 between session 3 (18 Feb) and session 4 (25 Feb)" in words
    assert "A rule, not a prediction." in words
    assert "Cannot tell" not in words
    assert f"/courses/{course_id}/progress" in page.links()
    assert "R. Calder" in panel(day_of(clinic.supervisor), "Sudden gains")
    assert panel(day_of(clinic.therapist2), "Sudden gains") is None


def test_a_large_drop_that_just_came_cannot_be_told_yet(day_of, clinic):
    weekly(clinic, 52, 50, 51, 30)

    words = panel(day_of(), "Sudden gains")

    assert "Cannot tell" in words
    assert "fewer than 3 scores after it so far" in words


@pytest.mark.parametrize(
    "totals",
    [
        (52, 50, 51, 38, 37, 36),
        (40, 60, 50, 30, 20, 40),
        (52, 50, 51, 30, 29, 28, 27, 26, 25, 24, 23),
    ],
)
def test_what_is_no_large_drop_or_old_or_within_what_scores_vary_is_no_news(day_of, clinic, totals):
    weekly(clinic, *totals)

    assert "Sudden gain" not in (panel(day_of(), "Sudden gains") or "").replace("Sudden gains", "")


def test_who_was_reliably_worse_before_is_looked_at_again(day_of, clinic):
    weekly(clinic, 40, 57, 45)

    words = panel(day_of(), "Not on track")

    assert "Reliably worse at an earlier score: PCL-5 40 to 45, up 5" in words
    assert "reliably worse earlier: 57 at session 2 (4 Mar)" in words


def test_where_everybody_is_on_track_the_page_says_what_that_leaves_open(day_of):
    assert "cannot be told" in panel(day_of(), "Not on track")


@pytest.mark.parametrize(
    "totals",
    [
        {"pcl5_week": (40, 57)},
        {"pcl5_week": (40, 57), "pcl5_month": (60, 30, 20)},
        {"phq9": (20, 19, 18, 18, 18, 18, 18)},
        {"pcl5_week": (58, 55, 55, 55, 55, 54, 54), "phq9": (5, 20)},
        {"hamd17": (20, 21), "phq9": (9, 20)},
        {"pcl4": (50, 50), "caps5_month": (40, 41)},
    ],
)
@pytest.mark.parametrize("diagnosis", ["ptsd", "mdd"])
def test_the_page_and_the_caseload_judge_a_course_alike(clinic, totals, diagnosis):
    first = clinic.today - timedelta(weeks=8)
    with clinic.writing(clinic.therapist) as work:
        course = add_course(work, first, code="T-402", primary_diagnosis=diagnosis)
        for week in range(7):
            day = first + timedelta(weeks=week)
            add_session(work, course, held_on=day, number=week + 1)
            for key, each in totals.items():
                if week < len(each):
                    add_measure(work, course, measure(key, day, each[week]))
        course_id = course.id

    with clinic.reading(clinic.therapist) as work:
        found = {each.course.id: each for each in read_day(work).off_track}.get(course_id)
        course = open_course(work, course_id, Permission.OPEN_COURSE)
        (line,) = standing_lines(work, (course,))

    change = line.standing.judged.change
    if found is not None:
        assert (found.instrument, found.off.first, found.off.last) == (
            line.standing.instrument.key,
            change.first,
            change.last,
        )
    assert (change is not None and change.klass == "reliably worse") == (
        found is not None and found.off.rule == "reliably_worse"
    )


# -- who sees what, and at what cost


def test_a_newcomer_is_told_what_will_stand_here(day_of, clinic):
    with clinic.writing() as work:
        newcomer = add_person(work, "new@clinic.example", "N. Newcomer", Role.THERAPIST)
        chief = add_person(work, "chief@clinic.example", "C. Chief", Role.SUPERVISOR)

    assert "Your day starts here" in day_of(newcomer).main
    assert "/courses/new" in day_of(newcomer).links()
    assert "who supervises whom" in day_of(chief).main


def test_the_day_of_another_therapist_shows_nothing_of_this_one(day_of, clinic):
    booked(clinic)
    worse(clinic, name="Aino Petrov")

    page = day_of(clinic.therapist2)

    assert "Imre Solberg" not in page.text
    assert "Aino Petrov" not in page.text


@on_every_engine
def test_a_group_that_the_therapist_leads_stands_in_the_day_without_a_members_name(day_of, clinic):
    with clinic.writing(clinic.therapist) as work:
        group = TherapyGroup(
            code="G-12",
            protocol="IPT-G-PTSD-16",
            phase_map={},
            planned_sessions=16,
            started_on=clinic.today,
            created_at=work.now,
        )
        work.session.add(group)
        work.session.flush()
        leader = {"account_id": clinic.therapist.id, "role": "leader"}
        work.session.add(GroupLeader(group_id=group.id, **leader, started_on=clinic.today))
        book_group(work, group.id, AppointmentEntry(clinic.today, NINE, 90))

    (row,) = agenda(day_of())

    assert row.startswith("09:00in 60 min G-12group session")
    assert "Imre Solberg" not in row
    assert agenda(day_of(clinic.therapist2)) == []
    assert len(agenda(day_of(clinic.supervisor))) == 1


def test_the_page_costs_the_same_for_three_courses_and_for_thirty(app, client_of, clinic):
    client = client_of(clinic.therapist)
    many(clinic, range(2))
    with statements(app) as for_few:
        client.get(URL)
    many(clinic, range(2, 30))

    with statements(app) as for_many:
        page = read(client.get(URL))

    assert page.h1 == "30 sessions to go today."
    assert len(for_many) == len(for_few) <= MOST_STATEMENTS


def many(clinic, numbers):
    with clinic.writing(clinic.therapist) as work:
        for number in numbers:
            start = clinic.today - timedelta(days=7)
            course = add_course(work, start, code=f"M-{number:02}", name=f"Many {number:02}")
            add_focus(work, course, "grief", start)
            for place, total in enumerate((40, 57)):
                day = start + timedelta(days=place)
                form = measure("pcl5_week", day, total)
                add_session(work, course, form, held_on=day, number=place + 1)
            at = AppointmentEntry(clinic.today, time(8 + number // 6, 10 * (number % 6)))
            book(work, course, at)


# -- from supervision


def met(clinic, *due, **differs):
    """Let there have been a meeting with these actions, due so many days from today."""
    days = ((each, each if each is None else clinic.today + timedelta(each)) for each in due)
    actions = tuple(ActionEntry(f"action {name}", day) for name, day in days)
    with clinic.writing(clinic.supervisor) as work:
        own = person(clinic.therapist, clinic.course.id, actions=actions)
        return add_supervision_meeting(work, clinic, own, **differs)


def gave_feedback(clinic, place, *, rated_by_both):
    """Let the supervisor have rated a session and sent feedback on it."""
    session = slots_of(clinic, clinic.course)[place]
    if rated_by_both:
        rate_by(clinic, clinic.therapist, session, whole(4))
    own = rate_by(clinic, clinic.supervisor, session, whole(3))
    with clinic.writing(clinic.supervisor) as work:
        send_feedback(work, opened(work, session), own, FeedbackEntry("the pauses", None))


def test_what_waits_from_supervision_is_counted_with_the_way_there(day_of, clinic):
    gave_feedback(clinic, 1, rated_by_both=True)
    gave_feedback(clinic, 2, rated_by_both=False)
    met(clinic, 9, -2, 4, None)

    page = day_of()

    said = panel(page, "From supervision")
    assert "Feedback on 2 sessions to read from I. Marlowe" in said
    assert "1 opens once you have rated the session yourself" in said
    assert "1 meeting to read of 4 Mar" in said
    assert "4 actions to do next due 15 Mar" in said
    assert "1 overdue" in said
    assert {"/fidelity", "/supervision/meetings"} <= {a.attrib["href"] for a in page.all("main//a")}


def test_one_meeting_and_one_action_lead_to_the_meeting_itself(day_of, clinic):
    made = met(clinic, -1)

    page = day_of()

    assert "1 action to do" in panel(page, "From supervision")
    links = [a.attrib["href"] for a in page.all("main//a") if str(made) in a.attrib["href"]]
    assert len(links) == 4


def test_where_nothing_waits_from_supervision_there_is_no_panel(day_of, clinic):
    met(clinic, 3)

    assert panel(day_of(clinic.therapist2), "From supervision") is None
    assert panel(day_of(clinic.supervisor), "From supervision") is None
    with clinic.writing(clinic.therapist) as work:
        (meeting,) = work.session.scalars(select(SupervisionMeeting))
        acknowledge_meeting(work, meeting)
        finish_action(work, meeting, meeting.actions[0].id, None)
    assert panel(day_of(), "From supervision") is None


def test_what_waits_from_supervision_costs_the_same_for_one_and_for_many(app, client_of, clinic):
    client = client_of(clinic.therapist)
    gave_feedback(clinic, 0, rated_by_both=True)
    met(clinic, 3)
    with statements(app) as for_one:
        client.get(URL)
    for place in range(1, 5):
        gave_feedback(clinic, place, rated_by_both=bool(place % 2))
        met(clinic, 3, 4, confirmed=frozenset({ANOTHER}))

    with statements(app) as for_many:
        client.get(URL)

    assert len(for_many) == len(for_one) <= MOST_STATEMENTS


# -- the week


def test_a_week_lists_each_day_and_leads_on(client_of, clinic):
    booked(clinic, days=1)
    booked(clinic, days=9)
    client = client_of(clinic.therapist)

    this, following = read(client.get(f"{URL}/week")), read(client.get(f"{URL}/week?ahead=1"))

    assert this.h1 == "The next seven days"
    assert "11 Mar to 17 Mar: 1 appointment." in this.main
    assert "Imre Solberg" in panel(this, "Thursday 12 Mar")
    assert panel(this, "Friday 13 Mar").endswith("Nothing booked.")
    assert following.h1 == "Seven days from 18 Mar 2026"
    assert "Imre Solberg" in panel(following, "Friday 20 Mar")


@pytest.mark.parametrize(("ahead", "first"), [("-4", date(2026, 3, 11)), ("x", date(2026, 3, 11))])
def test_a_week_that_is_not_there_is_this_one(client_of, clinic, ahead, first):
    page = read(client_of(clinic.therapist).get(f"{URL}/week?ahead={ahead}"))

    assert f"{first.day} Mar to" in page.main
