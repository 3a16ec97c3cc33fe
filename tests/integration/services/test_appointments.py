"""Appointments: booked, moved, taken back, settled by what is logged, and proposed."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from ipt_tracker.clinical.rules import AskFirst, RuleBroken
from ipt_tracker.governance.access import AccessDenied, Permission
from ipt_tracker.persistence.models import (
    Appointment,
    AuditEntry,
    Course,
    GroupLeader,
    GroupMember,
    GroupSession,
    SessionRecord,
    TherapyGroup,
)
from ipt_tracker.services.appointments import (
    AppointmentEntry,
    book,
    book_all,
    book_group,
    entry_of,
    find_appointment,
    move,
    next_of,
    settle_group,
    take_back,
    take_back_group,
    taken_back_lately,
)
from ipt_tracker.services.booking import left_to_book, proposal, read_booked, rest_of
from ipt_tracker.services.clashes import check_clashes
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.outline import outline
from tests.factories.courses import add_course, add_session
from tests.factories.stores import on_every_engine

TEN = time(10, 0)
WEEK = timedelta(weeks=1)


@pytest.fixture
def today(clinic) -> date:
    return clinic.today


@pytest.fixture
def do(clinic):
    """Do something to the course in a unit of work of its therapist."""

    def act(what, *args):
        with clinic.writing(clinic.therapist) as work:
            course = open_course(work, clinic.course.id, Permission.RECORD_SESSION)
            return what(work, course, *args)

    return act


def at(day, hour=TEN, **more):
    return AppointmentEntry(day, hour, 50, "in_person", **more)


def booked(clinic, course_id=None):
    """Give what stands in the book, by day and hour."""
    with clinic.reading() as work:
        rows = work.session.scalars(
            select(Appointment)
            .where(Appointment.taken_back_at.is_(None))
            .where(Appointment.course_id == (course_id or clinic.course.id))
            .order_by(Appointment.planned_on)
        )
        return [(row.planned_on, row.starts_at) for row in rows]


def events(clinic):
    with clinic.reading() as work:
        wanted = select(AuditEntry).order_by(AuditEntry.id)
        return [e.event for e in work.session.scalars(wanted) if e.event.startswith("appointment")]


@on_every_engine
def test_an_appointment_is_booked_and_written_down(clinic, do, today):
    row = do(book, at(today + WEEK, remark="room 2"))

    assert booked(clinic) == [(today + WEEK, TEN)]
    assert entry_of(row) == at(today + WEEK, remark="room 2")
    assert events(clinic) == ["appointment.booked"]


@pytest.mark.parametrize(
    ("entry", "field", "said"),
    [
        (at(date(2026, 3, 10)), "planned_on", "past"),
        (at(date(2027, 4, 1)), "planned_on", "more than a year"),
        (AppointmentEntry(date(2026, 3, 18), TEN, 0), "minutes", "minutes"),
        (AppointmentEntry(date(2026, 3, 18), TEN, 50, "by pigeon"), "modality", "list"),
        (AppointmentEntry(date(2026, 3, 18), TEN, 50, None, "x" * 301), "remark", "300"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(clinic, do, entry, field, said):
    with pytest.raises(RuleBroken) as refused:
        do(book, entry)

    assert refused.value.field == field
    assert said in refused.value.message
    assert booked(clinic) == []
    assert events(clinic) == []


def test_the_same_time_is_not_booked_twice_but_another_hour_is(clinic, do, today):
    do(book, at(today + WEEK))

    with pytest.raises(RuleBroken, match="booked in this course already"):
        do(book, at(today + WEEK))
    do(book, at(today + WEEK, time(15, 0)))

    assert len(booked(clinic)) == 2


@on_every_engine
def test_several_are_booked_all_or_none(clinic, do, today):
    do(book, at(today + 2 * WEEK))

    with pytest.raises(RuleBroken):
        do(book_all, [at(today + WEEK), at(today + 2 * WEEK)])

    assert booked(clinic) == [(today + 2 * WEEK, TEN)]
    with pytest.raises(RuleBroken, match="at least one"):
        do(book_all, [])


def test_nothing_is_booked_in_a_course_that_has_ended(clinic, today):
    with clinic.writing() as work:
        course = work.session.get(Course, clinic.course.id)
        course.ended_on, course.status = today, "completed"

    with clinic.writing(clinic.therapist) as work, pytest.raises(RuleBroken, match="ended"):
        book(work, work.session.get(Course, clinic.course.id), at(today + WEEK))


@on_every_engine
def test_one_that_is_taken_back_stays_readable_and_can_be_booked_again(clinic, do, today):
    row = do(book, at(today + WEEK))

    def back(work, course):
        take_back(work, course, find_appointment(work, course, row.id))

    do(back)

    assert booked(clinic) == []
    assert [entry_of(each) for each in do(taken_back_lately)] == [at(today + WEEK)]
    with pytest.raises(RuleBroken, match="taken back already"):
        do(back)
    do(book, at(today + WEEK))
    assert do(taken_back_lately) == ()
    assert events(clinic) == ["appointment.booked", "appointment.taken_back", "appointment.booked"]


@on_every_engine
def test_a_moved_one_leaves_its_old_time_behind_and_is_not_offered_again(clinic, do, today):
    row = do(book, at(today + WEEK))

    def moved(work, course, entry):
        return move(work, course, find_appointment(work, course, row.id), entry)

    do(moved, at(today + WEEK, time(11, 0)))

    assert booked(clinic) == [(today + WEEK, time(11, 0))]
    assert do(taken_back_lately) == ()
    with clinic.reading() as work:
        assert work.session.get(Appointment, row.id).taken_back_by == clinic.therapist.id


def test_a_move_to_the_same_time_changes_nothing(clinic, do, today):
    row = do(book, at(today + WEEK))

    def moved(work, course):
        return move(work, course, find_appointment(work, course, row.id), at(today + WEEK))

    with pytest.raises(RuleBroken, match="Nothing was changed"):
        do(moved)
    assert booked(clinic) == [(today + WEEK, TEN)]


def test_an_appointment_is_found_through_its_own_course_alone(clinic, do, today):
    row = do(book, at(today + WEEK))

    with clinic.writing(clinic.therapist2) as work:
        other = open_course(work, clinic.course2.id, Permission.RECORD_SESSION)
        with pytest.raises(AccessDenied):
            find_appointment(work, other, row.id)


@on_every_engine
@pytest.mark.parametrize("attendance", ["attended", "no_show"])
def test_a_logged_slot_settles_the_nearest_appointment_of_its_day(clinic, do, today, attendance):
    early = do(book, at(today, time(9, 0)))
    late = do(book, at(today, time(15, 0)))
    seen = attendance == "attended"

    def log(work, course):
        differs = {} if seen else {"duration_minutes": None, "mood": None}
        return add_session(
            work,
            course,
            held_on=today,
            number=7 if seen else None,
            attendance=attendance,
            starts_at=time(14, 50),
            **differs,
        )

    record = do(log)

    with clinic.reading() as work:
        assert work.session.get(Appointment, late.id).session_id == record.id
        assert work.session.get(Appointment, early.id).session_id is None
    with pytest.raises(RuleBroken, match="is logged"):
        do(lambda work, course: take_back(work, course, find_appointment(work, course, late.id)))


def test_a_slot_that_was_rescheduled_leaves_the_appointment_in_the_book(clinic, do, today):
    row = do(book, at(today))

    def log(work, course):
        away = {"duration_minutes": None, "mood": None, "number": None}
        return add_session(work, course, held_on=today, attendance="rescheduled", **away)

    do(log)

    with clinic.reading() as work:
        assert work.session.get(Appointment, row.id).session_id is None


def test_a_slot_of_another_day_leaves_the_appointment_alone(clinic, do, today):
    row = do(book, at(today + WEEK))

    do(lambda work, course: add_session(work, course, held_on=today, number=7))

    with clinic.reading() as work:
        assert work.session.get(Appointment, row.id).session_id is None


# -- what comes next


@on_every_engine
def test_the_next_appointment_is_the_first_that_is_not_taken_back_or_logged(clinic, do, today):
    first = do(book, at(today))
    do(book, at(today + WEEK))
    do(lambda work, course: add_session(work, course, held_on=today, number=7))

    with clinic.reading(clinic.therapist) as work:
        found = next_of(work, [clinic.course.id, clinic.course2.id])

    assert first.planned_on == today
    assert {course: row.planned_on for course, row in found.items()} == {
        clinic.course.id: today + WEEK
    }


def group(work, clinic, **member):
    made = TherapyGroup(
        code="G-1",
        protocol="IPT-G-PTSD-16",
        phase_map={},
        planned_sessions=16,
        started_on=clinic.today,
        created_at=work.now,
        leaders=[
            GroupLeader(account_id=clinic.therapist.id, role="leader", started_on=clinic.today)
        ],
        members=[GroupMember(course_id=clinic.course.id, joined_on=clinic.today, **member)],
    )
    work.session.add(made)
    work.session.flush()
    return made.id


@on_every_engine
def test_the_next_appointment_of_a_member_may_be_that_of_the_group(clinic, do, today):
    do(book, at(today + 2 * WEEK))
    with clinic.writing(clinic.therapist) as work:
        group_id = group(work, clinic)
        book_group(work, group_id, at(today + WEEK))

    with clinic.reading(clinic.therapist) as work:
        (found,) = next_of(work, [clinic.course.id]).values()

    assert (found.group_id, found.planned_on) == (group_id, today + WEEK)


def test_who_has_left_the_group_is_not_expected_with_it(clinic, today):
    with clinic.writing(clinic.therapist) as work:
        group_id = group(work, clinic, left_on=today + timedelta(days=2))
        book_group(work, group_id, at(today + WEEK))

    with clinic.reading(clinic.therapist) as work:
        assert next_of(work, [clinic.course.id]) == {}


def test_a_group_is_booked_once_for_a_time_settled_by_its_meeting_and_taken_back(clinic, today):
    with clinic.writing(clinic.therapist) as work:
        group_id = group(work, clinic)
        row = book_group(work, group_id, at(today))
        with pytest.raises(RuleBroken, match="booked for this group already"):
            book_group(work, group_id, at(today))
        other = book_group(work, group_id, at(today, time(18, 0)))
        meeting = GroupSession(
            group_id=group_id,
            slot=1,
            number=1,
            phase="beginning",
            held_on=today,
            starts_at=TEN,
            recorded_by=clinic.therapist.id,
            created_at=work.now,
            changed_at=work.now,
        )
        work.session.add(meeting)
        work.session.flush()

        assert settle_group(work, meeting) is row
        take_back_group(work, other)

        assert row.group_session_id == meeting.id
        assert settle_group(work, meeting) is None


# -- what is proposed


def proposed(clinic, what):
    with clinic.reading(clinic.therapist) as work:
        course = open_course(work, clinic.course.id, Permission.OPEN_COURSE)
        return what(outline(work, course), read_booked(work, course), work.today)


def test_the_last_slot_and_the_spacing_propose_the_next_day_at_the_same_hour(clinic, today):
    with clinic.writing() as work:
        for record in work.session.scalars(select(SessionRecord)):
            record.starts_at, record.modality = time(14, 0), "telehealth_video"

    entry = proposed(clinic, proposal)

    assert entry == AppointmentEntry(today, time(14, 0), 50, "telehealth_video", None)


def test_what_is_booked_already_is_followed_by_what_is_proposed(clinic, do, today):
    do(book, at(today + WEEK, time(16, 0)))

    entry = proposed(clinic, proposal)

    assert (entry.planned_on, entry.starts_at) == (today + 2 * WEEK, time(16, 0))


def test_the_rest_of_the_course_is_what_is_neither_held_nor_booked(clinic, do, today):
    do(book, at(today))

    days = [entry.planned_on for entry in proposed(clinic, rest_of)]

    assert days == [today + n * WEEK for n in range(1, 8)]  # 14 agreed, 6 held, 1 booked


def test_nothing_is_left_to_book_of_a_group_course(clinic):
    with clinic.writing() as work:
        work.session.get(Course, clinic.course.id).format = "group"

    assert proposed(clinic, lambda facts, *_: left_to_book(facts, 0)) == 0


def test_a_course_without_a_slot_has_nothing_to_propose_from(clinic, today):
    with clinic.writing(clinic.therapist) as work:
        course = add_course(work, today, code="T-777")
        facts, booked = outline(work, course), read_booked(work, course)

        assert proposal(facts, booked, today) is None
        assert rest_of(facts, booked, today) == ()


# -- two at one hour


def clash(clinic, entry, **more):
    with clinic.reading(clinic.therapist) as work:
        check_clashes(work, [entry], **more)


@on_every_engine
def test_another_patient_at_the_same_hour_is_asked_about(clinic, do, today):
    row = do(book, at(today + WEEK))

    with pytest.raises(AskFirst, match="T-101, 18 Mar, 10:00") as asked:
        clash(clinic, at(today + WEEK, time(10, 49)))

    assert asked.value.key == "clash"
    clash(clinic, at(today + WEEK, time(10, 50)))
    clash(clinic, at(today + WEEK, None))
    clash(clinic, at(today + 2 * WEEK))
    clash(clinic, at(today + WEEK), leaving=row.id)


def test_appointments_of_other_therapists_are_no_clash(clinic, do, today):
    do(book, at(today + WEEK))

    with clinic.reading(clinic.therapist2) as work:
        check_clashes(work, [at(today + WEEK)])
