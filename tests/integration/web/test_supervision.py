"""The supervisor's start page: what waits, who is at risk, and how the therapy is done."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from ipt_tracker.clinical.fidelity.codes import Selection
from ipt_tracker.clinical.fidelity.control_chart import control
from ipt_tracker.clinical.fidelity.sampling import Plan
from ipt_tracker.clinical.instruments.phq9 import PHQ9
from ipt_tracker.governance.access import Permission, Role
from ipt_tracker.persistence.models import (
    Account,
    Assignment,
    AuditEntry,
    Course,
    FidelityRating,
    RatingRequest,
    SamplingPlan,
    SessionRecord,
)
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.fidelity.facts import sessions_of
from ipt_tracker.services.supervision.entries import ActionEntry
from ipt_tracker.services.supervision.page import given_to
from ipt_tracker.web.supervision.start_view import drift_state, quiet_words
from tests.factories.courses import add_course, add_measure, add_session, measure
from tests.factories.groups import add_cancelled, add_group, add_meeting
from tests.factories.meetings import add_supervision_meeting, person, supervise_both
from tests.factories.pages import read, says
from tests.factories.people import add_person, add_supervision
from tests.factories.rated import rate, slots_of
from tests.factories.ratings import asked
from tests.factories.sampling import draw_of
from tests.factories.stores import on_every_engine
from tests.integration.web.test_caseload import statements

URL = "/supervision"
MOST_STATEMENTS = 43
"""The page puts together what a dozen lists hold; the number grows with nothing."""


@pytest.fixture
def page_of(client_of, clinic):
    """Give the start page of the supervisor, or of somebody else."""
    return lambda who=None, query="": read(client_of(who or clinic.supervisor).get(URL + query))


def panel(page, title):
    """Give the words of one panel, None where it is not there."""
    for section in page.all("section"):
        heads = section.findall(".//h2")
        if heads and says(heads[0]) == title:
            return says(section)
    return None


def queue(page):
    """Give the lines of the queue."""
    (table,) = page.all("*[@aria-label='Queue, table']/table")
    return [says(row) for row in table.findall(".//tbody/tr")]


def therapists(page):
    """Give the rows of how the therapy is done."""
    (table,) = page.all("*[@aria-label='Fidelity by therapist, table']/table")
    return [[says(cell) for cell in row] for row in table.findall(".//tbody/tr")]


def supervised(clinic):
    """Let the first course name its case supervisor, as a course of a supervisee does."""
    with clinic.writing() as work:
        for held in work.session.scalars(select(Assignment)):
            if held.therapist_id == clinic.therapist.id:
                held.supervisor_id = clinic.supervisor.id


def six_rated(clinic, *quality, **differs):
    """Let the supervisor rate the six sessions of the first course."""
    supervised(clinic)
    for slot in slots_of(clinic, clinic.course):
        rate(clinic, slot, clinic.supervisor, *(quality or (3, 4)), **differs)


# -- where it is


def test_it_is_the_first_page_of_a_supervisor_and_of_nobody_else(client_of, clinic):
    first = client_of(clinic.supervisor).get("/").location

    assert first == URL
    assert {client_of(p).get(URL).status_code for p in (clinic.therapist, clinic.admin)} == {404}


def test_it_stands_in_the_navigation_beside_today_and_is_written_down(page_of, clinic):
    page = page_of()

    assert page.links()[2:4] == [URL, "/today"]
    with clinic.reading() as work:
        assert "fidelity.listed" in set(work.session.scalars(select(AuditEntry.event)))


# -- what waits


def test_when_nothing_waits_it_says_so(page_of):
    page = page_of()

    assert page.h1 == "Nothing waits for you."
    assert "Nothing to rate, to co-sign or to give feedback on" in panel(page, "Queue")


@on_every_engine
def test_the_queue_names_what_waits_the_oldest_first(page_of, clinic):
    fourth, fifth, sixth = slots_of(clinic, clinic.course)[-3:]
    asked(clinic, clinic.supervisor, fourth, due_on=clinic.today, reason="off track")
    drawn = asked(clinic, clinic.supervisor, fifth, selection=Selection.RANDOM, reason=None)
    rate(clinic, sixth, clinic.supervisor, 3)
    draw = draw_of(clinic, clinic.therapist)
    with clinic.writing() as work:
        request = work.session.get(RatingRequest, drawn)
        request.draw_id, request.due_on = draw, clinic.today - timedelta(days=4)
        record = work.session.get(SessionRecord, fourth)
        record.note_state, record.signed_by = "awaiting_cosign", clinic.therapist.id
        record.signed_at = clinic.now - timedelta(days=2)
    with clinic.writing(clinic.supervisor) as work:
        late = ActionEntry("ring the prescriber", clinic.today - timedelta(days=1))
        add_supervision_meeting(work, clinic, person(clinic.therapist, actions=(late,)))

    page = page_of()

    assert page.h1 == "Five things wait for you. One rating is over its date."
    said = queue(page)
    assert said[0].startswith("Rate T-101, session 5")
    assert "R. Calder Drawn at randommiddle phase, seed 2207 4 days over" in said[0]
    assert [line.split(" ")[0] for line in said] == ["Rate", "Co-sign", "Ask", "Feed", "Rate"]
    assert "ring the prescriber R. Calder" in said[2]
    assert "Chosen: off track" in said[4]
    assert "Today Rate blind" in said[4]
    assert f"/fidelity/session/{fifth}/rate" in page.links()
    assert f"/fidelity/session/{sixth}/feedback" in page.links()


def test_several_notes_of_one_supervisee_are_one_line_and_count_apart(page_of, clinic):
    with clinic.writing() as work:
        for slot in slots_of(clinic, clinic.course)[:3]:
            work.session.get(SessionRecord, slot).note_state = "awaiting_cosign"

    page = page_of()

    assert page.h1 == "Three things wait for you."
    (line,) = queue(page)
    assert line.startswith("Co-sign 3 notes R. Calder")


def test_a_note_and_a_risk_task_of_a_closed_course_name_whose_it_is(page_of, clinic):
    supervised(clinic)
    with clinic.writing(clinic.therapist) as work:
        course = open_course(work, clinic.course.id, Permission.RECORD_MEASURE)
        answers = dict.fromkeys(PHQ9.answer_keys, 1)
        add_measure(work, course, measure("phq9", clinic.today, answers=answers))
    with clinic.writing() as work:
        slot = slots_of(clinic, clinic.course)[0]
        work.session.get(SessionRecord, slot).note_state = "awaiting_cosign"
        closed = work.session.get(Course, clinic.course.id)
        closed.status, closed.ended_on = "completed", clinic.today

    page = page_of()

    (line,) = queue(page)
    assert "R. Calder Notes of a trainee" in line
    assert "T-101, R. Calder" in panel(page, "Risk among supervisees' patients")


@on_every_engine
def test_a_session_of_a_therapist_before_names_them_to_the_supervisor_who_is_asked(page_of, clinic):
    slot = slots_of(clinic, clinic.course)[0]
    asked(clinic, clinic.supervisor, slot, due_on=clinic.today, reason="early work")
    with clinic.writing() as work:
        before = add_person(work, "gone@clinic.example", "G. Gone", Role.THERAPIST)
        (held,) = work.session.scalars(
            select(Assignment).where(Assignment.course_id == clinic.course.id)
        )
        started = held.started_on
        held.started_on = clinic.today
        work.session.flush()
        work.session.add(
            Assignment(
                course_id=clinic.course.id,
                therapist_id=before.id,
                started_on=started,
                ended_on=clinic.today,
            )
        )

    (line,) = queue(page_of())

    assert "G. Gone Chosen: early work" in line


def test_a_second_rater_reads_nothing_of_the_therapist_in_the_queue(page_of, clinic):
    with clinic.writing() as work:
        other = add_person(work, "other@clinic.example", "K. Weiss", Role.SUPERVISOR)
    asked(clinic, other, slots_of(clinic, clinic.course)[0], reason="says something of it")

    page = page_of(other)

    (line,) = queue(page)
    assert "not named to a second rater Second rater, asked by I. Marlowe" in line
    for word in ("R. Calder", "Imre Solberg", "says something of it"):
        assert word not in page.html


# -- risk and course


@on_every_engine
def test_open_risk_and_off_track_of_supervisees_are_named_with_whose_they_are(page_of, clinic):
    with clinic.writing(clinic.therapist) as work:
        course = open_course(work, clinic.course.id, Permission.RECORD_MEASURE)
        answers = dict.fromkeys(PHQ9.answer_keys, 1)
        add_measure(work, course, measure("phq9", clinic.today, answers=answers))
        worse = add_course(work, clinic.today - timedelta(14), code="T-401", name="Aino Petrov")
        for number, (days, total) in enumerate(((14, 40), (7, 57)), start=1):
            day = clinic.today - timedelta(days=days)
            add_session(work, worse, measure("pcl5_week", day, total), held_on=day, number=number)

    page = page_of()

    assert page.h1 == "Nothing waits for you. One risk task is open."
    assert "Imre Solberg T-101, R. Calder" in panel(page, "Risk among supervisees' patients")
    assert "T-401, R. CalderReliably worsePCL-5 40 to 57, up 17" in panel(page, "Off track")


def test_without_risk_there_is_no_panel_of_risk(page_of):
    page = page_of()

    assert panel(page, "Risk among supervisees' patients") is None
    assert "none is half way with little change" in panel(page, "Off track")


# -- how the therapy is done


@on_every_engine
def test_each_therapist_has_one_row_in_order_of_name_with_n_and_interval(page_of, clinic):
    supervise_both(clinic)
    six_rated(clinic)

    rows = therapists(page_of())

    assert [row[0] for row in rows] == ["A. Okafor", "R. Calder"]
    assert rows[0][1:4] == [
        "0 drawn at random, of 1, no plan of A. Okafor",
        "too few to say (0)",
        "too few to say (0)",
    ]
    assert rows[1][1:4] == [
        "6 drawn at random, of 6, no plan of R. Calder",
        "100 %n = 6",
        "3.50all alike, no interval",
    ]


def test_the_plan_stands_beside_what_was_seen(page_of, clinic):
    six_rated(clinic)
    set_plan(clinic, Plan(25))
    even = therapists(page_of())[0][1]
    set_plan(clinic, Plan(20, by_phase={"beginning": 50}), edition=2)
    by_phase = therapists(page_of())[0][1]

    assert even == "6 drawn at random, of 6, plan 25 % of R. Calder"
    assert by_phase == "6 drawn at random, of 6, plan 35 % and more by its rules of R. Calder"


def set_plan(clinic, plan, edition=1):
    with clinic.writing() as work:
        work.session.add(
            SamplingPlan(
                therapist_id=clinic.therapist.id,
                edition=edition,
                content=plan.to_json(),
                set_by=clinic.supervisor.id,
                set_at=clinic.now,
            )
        )


@on_every_engine
def test_what_the_supervisor_has_not_rated_stays_sealed_and_is_counted(page_of, clinic):
    supervised(clinic)
    first, *others = slots_of(clinic, clinic.course)
    for slot in others:
        rate(clinic, slot, clinic.supervisor, 3)
    with clinic.writing() as work:
        before = add_person(work, "before@clinic.example", "B. Before", Role.SUPERVISOR)
        for held in work.session.scalars(select(Assignment)):
            held.supervisor_id = before.id
    rate(clinic, first, before, 1, 1)
    for slot in others:
        rate(clinic, slot, before, 5, 5)

    page = page_of()

    assert "5.00all alike, no interval" in therapists(page)[0]
    assert "1 session rated by the supervisor stays sealed" in panel(
        page, "How the therapy is done"
    )


def test_random_and_chosen_sessions_are_shown_apart(page_of, clinic):
    supervised(clinic)
    *others, last = slots_of(clinic, clinic.course)
    for slot in others:
        rate(clinic, slot, clinic.supervisor, 3)
    rate(clinic, last, clinic.supervisor, 5, selection="chosen")

    usual = page_of()
    chosen = page_of(query="?basis=full_recording&selection=chosen")

    assert "3.00all alike, no interval" in therapists(usual)[0]
    assert "too few to say (1)" in therapists(chosen)[0]
    assert "Full recording, chosen 1" in panel(usual, "How the therapy is done")
    assert "is not a sample of the work" in panel(chosen, "How the therapy is done")


def test_from_three_patients_on_the_interval_of_quality_allows_for_them(page_of, clinic):
    for slot, marks in zip(slots_of(clinic, clinic.course), (3, 4, 3, 4, 3, 4), strict=True):
        rate(clinic, slot, clinic.supervisor, marks)
    supervised(clinic)
    of_one = therapists(page_of())[0][3]
    with clinic.writing(clinic.therapist) as work:
        courses = [add_course(work, clinic.today, code=f"T-9{n}", name=f"N {n}") for n in (1, 2)]
        for course in courses:
            add_session(work, course, held_on=clinic.today, number=1)
        work.session.flush()
        found = select(SessionRecord.id).where(
            SessionRecord.course_id.in_([each.id for each in courses])
        )
        slots = list(work.session.scalars(found))
    for slot in slots:
        rate(clinic, slot, clinic.supervisor, 5)
    supervised(clinic)

    page = page_of()

    assert "by patient" not in of_one
    assert therapists(page)[0][3].endswith("by patient")
    assert "allows for sessions with one patient being alike" in panel(
        page, "How the therapy is done"
    )


def test_only_ratings_of_the_last_twelve_months_are_looked_at(page_of, clinic, clock):
    six_rated(clinic)
    clock.now += timedelta(days=300)
    near = therapists(page_of())[0][1]
    clock.now += timedelta(days=200)

    page = page_of()

    assert near.startswith("6 drawn at random, of 6")
    assert therapists(page)[0][1].startswith("no session in this time")
    assert "No session of your supervisees was rated" in panel(page, "How the therapy is done")


def test_the_weakest_domain_is_named_only_where_it_is_clear(page_of, clinic):
    six_rated(clinic, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3)
    alike = therapists(page_of())[0][6]
    with clinic.writing() as work:
        for place, rating in enumerate(work.session.scalars(select(FidelityRating))):
            marks = {code: dict(mark) for code, mark in rating.items.items()}
            for code in ("F01", "F02"):
                marks[code]["q"] = 1 + place % 2
            rating.items = marks
    clear = therapists(page_of())[0][6]

    assert alike == "no clear one (n = 6)"
    assert clear.endswith("n = 6")
    assert not clear.startswith("no clear")


@pytest.mark.parametrize(
    ("values", "signal", "quiet"),
    [
        ((), None, "no points yet"),
        ((3,), None, "1 point, no limits yet"),
        ((3, 4, 3, 4), None, "4 points, no limits yet"),
        ((3, 4) * 4, None, "no signal in 8 points, rough limits"),
        ((3, 4) * 7, None, "no signal in 14 points"),
        ((3,) * 8 + (4,) * 8, "16 points on one side of the centre", ""),
        ((3, 3.2, 3.4, 3.2) * 3 + (5,), "1 point outside the limits", ""),
    ],
)
def test_drift_is_said_in_words(values, signal, quiet):
    found = control(values)

    state = drift_state(found)

    assert (state.text if state else None) == signal
    if signal is None:
        assert quiet_words(found) == quiet


def test_the_notes_say_what_the_figures_are_of_and_cannot_say(page_of, clinic):
    six_rated(clinic)

    words = panel(page_of(), "How the therapy is done")

    assert "Ratings by the supervisor of the course alone, of the last 12 months." in words
    assert "A group session counts in the row of each of its leaders." in words
    assert "puts the sessions of all patients, in every phase, in one line" in words
    assert "Line at 3.0: this clinic's convention." in words
    assert "do not say how a patient will fare" in words
    assert "not validated" in words


# -- agreement, meetings


@on_every_engine
def test_agreement_is_hidden_under_five_pairs(page_of, clinic):
    supervised(clinic)
    slots = slots_of(clinic, clinic.course)
    for slot in slots[:4]:
        rate(clinic, slot, clinic.supervisor, 3)
        rate(clinic, slot, clinic.therapist, 4, role="self")
    few = panel(page_of(), "Agreement")
    for slot in slots[4:]:
        rate(clinic, slot, clinic.supervisor, 3)
        rate(clinic, slot, clinic.therapist, 4, role="self")
    enough = panel(page_of(), "Agreement")

    assert "Self minus supervisor, qualitytoo few to say (4)" in few
    assert "+1.00" in enough
    assert "6 pairs" in enough


def test_meetings_stand_with_what_was_not_read_and_not_done(page_of, clinic):
    with clinic.writing(clinic.supervisor) as work:
        add_supervision_meeting(work, clinic)

    words = panel(page_of(), "Meetings and actions")

    assert "R. Calder, 4 Mar, individual, 50 minutes" in words
    assert "1 case, not read yet by R. Calder" in words
    assert "Action: bring a recording of a communication analysis" in words


# -- nobody, and many


def test_a_supervisor_of_nobody_is_told_whom_to_ask(page_of, clinic):
    with clinic.writing() as work:
        chief = add_person(work, "chief@clinic.example", "C. Chief", Role.SUPERVISOR)

    page = page_of(chief)

    assert page.h1 == "Nothing waits for you."
    assert "Nobody to supervise yet" in page.main
    assert "Record a meeting" not in page.main


def test_before_the_first_rating_it_says_what_to_do(page_of):
    words = panel(page_of(), "How the therapy is done")

    assert "Set a plan for each of them, draw a sample, and rate what was drawn." in words


def test_nothing_of_other_peoples_supervisees_is_on_it(page_of, clinic):
    six_rated(clinic)
    with clinic.writing() as work:
        other = add_person(work, "other@clinic.example", "K. Weiss", Role.SUPERVISOR)
        add_supervision(work, other, clinic.therapist2, clinic.today - timedelta(weeks=9))

    page = page_of(other)

    assert [row[0] for row in therapists(page)] == ["A. Okafor"]
    for word in ("R. Calder", "T-101", "Imre Solberg"):
        assert word not in page.html


def test_it_costs_the_same_for_one_supervisee_and_for_many(app, client_of, clinic):
    six_rated(clinic)
    client = client_of(clinic.supervisor)
    fill(clinic, range(1))
    with statements(app) as for_few:
        client.get(URL)
    fill(clinic, range(1, 8))

    with statements(app) as for_many:
        page = read(client.get(URL))

    assert len(therapists(page)) == 9
    assert len(for_many) == len(for_few) <= MOST_STATEMENTS


def fill(clinic, numbers):
    """Add supervisees with a course each, with something of every list that the page has."""
    for number in numbers:
        with clinic.writing() as work:
            made = add_person(work, f"t{number}@clinic.example", f"T. {number}", Role.THERAPIST)
            add_supervision(work, clinic.supervisor, made, clinic.today - timedelta(weeks=20))
        with clinic.writing(made) as work:
            start_day = clinic.today - timedelta(weeks=3)
            course = add_course(work, start_day, code=f"M-{number}", name=f"Many {number}")
            for held in course.assignments:
                held.supervisor_id = clinic.supervisor.id
            answers = dict.fromkeys(PHQ9.answer_keys, 1)
            ids = []
            for week in range(3):
                day = start_day + timedelta(weeks=week)
                record = add_session(work, course, held_on=day, number=week + 1)
                record.note_state = "awaiting_cosign" if week == 2 else record.note_state
                ids.append(record.id)
            add_measure(work, course, measure("phq9", clinic.today, answers=answers))
            course_id = course.id
        rate(clinic, ids[0], clinic.supervisor, 3)
        rate(clinic, ids[0], made, 4, role="self")
        with clinic.writing() as work:
            row = {"rater_id": clinic.supervisor.id, "role": "supervisor", "selection": "chosen"}
            row |= {"asked_by": clinic.supervisor.id, "asked_at": clinic.now}
            work.session.add(RatingRequest(session_id=ids[1], **row))
            assert work.session.get(Account, made.id) is not None
        with clinic.writing(clinic.supervisor) as work:
            late = (ActionEntry("ring the prescriber", clinic.today - timedelta(days=1)),)
            add_supervision_meeting(work, clinic, person(made, course_id, actions=late))


@on_every_engine
def test_delivered_sessions_are_counted_as_the_figures_count_them(clinic):
    supervise_both(clinic)
    with clinic.writing() as work:
        first = work.session.scalars(
            select(Assignment).where(Assignment.course_id == clinic.course.id)
        ).one()
        first.started_on = clinic.today - timedelta(weeks=8)
        first.ended_on = clinic.today - timedelta(weeks=5)
        second = {"course_id": first.course_id, "therapist_id": clinic.therapist2.id}
        work.session.add(Assignment(**second, started_on=first.ended_on, supervisor_id=None))
    with clinic.writing(clinic.therapist) as work:
        ref = add_group(work, 2)
        add_meeting(work, ref, clinic.today - timedelta(weeks=2))
        add_cancelled(work, ref, clinic.today - timedelta(weeks=1), "both leaders ill")

    with clinic.reading(clinic.supervisor) as work:
        people = {clinic.therapist.id, clinic.therapist2.id}
        since = clinic.today - timedelta(weeks=40)
        counted = given_to(work, people, since)
        sessions = sessions_of(work, people, since)

    own = {each: [s for s in sessions if each in s.therapists] for each in people}
    assert {key: sum(each.values()) for key, each in counted.items()} == {
        key: len(each) for key, each in own.items()
    }
    assert {len(each) for each in own.values()} == {3, 5}


def test_a_sudden_gain_of_a_supervisees_patient_is_good_news(page_of, clinic):
    with clinic.writing(clinic.therapist) as work:
        course = add_course(work, clinic.today - timedelta(weeks=5), code="T-404")
        for place, total in enumerate((52, 50, 51, 30, 29, 28)):
            day = clinic.today - timedelta(weeks=5 - place)
            form = measure("pcl5_week", day, total)
            add_session(work, course, form, held_on=day, number=place + 1)
        course_id = course.id

    page = page_of()

    words = panel(page, "Sudden gains")
    assert "T-404, R. Calder" in words
    assert "PCL-5 fell from 51 to 30 between session 3" in words
    assert "worth asking about" in words
    assert f"/courses/{course_id}/progress" in page.links()
