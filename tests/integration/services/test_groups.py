"""Groups: who leads, who belongs, and meetings with a record for the group and one a member."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from ipt_tracker.clinical.course.attendance import rates
from ipt_tracker.clinical.rules import AskFirst, RuleBroken
from ipt_tracker.governance.access import AccessDenied, Permission
from ipt_tracker.persistence.models import (
    Appointment,
    GroupSession,
    NoteStep,
    RiskCheck,
    SessionRecord,
)
from ipt_tracker.services.appointments import AppointmentEntry, book_group
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.group_changes import change_cancelled, change_group_session
from ipt_tracker.services.group_doors import open_group
from ipt_tracker.services.group_entries import CancelledEntry, MemberEntry, RowsRefused
from ipt_tracker.services.group_errors import mark_in_error
from ipt_tracker.services.group_links import ask_by_hand, place_of
from ipt_tracker.services.group_members import add_members, eligible, find_member, leave_group
from ipt_tracker.services.group_page import list_groups, read_group, standing
from ipt_tracker.services.group_sessions import log_group_session
from ipt_tracker.services.group_signing import sign_group_session
from ipt_tracker.services.groups import (
    GroupChange,
    change_co_leader,
    change_group,
    start_group,
)
from ipt_tracker.services.outline import outline
from ipt_tracker.services.session_entries import RiskEntry
from ipt_tracker.services.unit_of_work import ChangedMeanwhile
from tests.factories.groups import (
    FIRST_DAY,
    GROUP,
    NOT_ASKED,
    WEEK,
    add_cancelled,
    add_group,
    add_group_course,
    add_meeting,
    meeting,
    opened,
    row,
)
from tests.factories.stores import on_every_engine
from tests.factories.tables import audit_rows, contents

DAY = FIRST_DAY


@pytest.fixture
def group(clinic):
    with clinic.writing(clinic.therapist) as work:
        return add_group(work, 3)


def records(work, ref):
    """Give the members' records in the order of the members, by slot."""
    found = work.session.scalars(
        select(SessionRecord)
        .where(SessionRecord.course_id.in_(ref.courses))
        .order_by(SessionRecord.slot)
    )
    by_course = {course: [] for course in ref.courses}
    for each in found:
        by_course[each.course_id].append(each)
    return list(by_course.values())


# -- a group


@on_every_engine
def test_a_group_has_the_protocols_phases_and_is_led_by_who_started_it(clinic):
    with clinic.writing(clinic.therapist) as work:
        ref = add_group(work, 2)

    with clinic.reading(clinic.therapist) as work:
        found = standing(work, open_group(work, ref.id, Permission.OPEN_GROUP))
    assert found.group.phase_map == {
        "beginning": [1, 4],
        "middle": [5, 13],
        "termination": [14, 16],
    }
    assert [(each.account_id, each.role) for each in found.leaders] == [
        (clinic.therapist.id, "leader")
    ]
    assert found.position.words == "Not started, 16 sessions planned"


@pytest.mark.parametrize(
    ("differs", "message"),
    [
        ({"code": None}, "Give the group a code."),
        ({"code": "g-1"}, "Another group has this code."),
        ({"protocol": "IPT-16"}, "Choose a protocol for groups."),
        ({"planned_sessions": 0}, "0 sessions cannot be planned, it must be 1 to 104."),
        ({"session_minutes": 0}, "0 minutes cannot be right, it must be 1 to 300."),
        ({"started_on": date(2028, 1, 1)}, "That is more than a year ahead. Check the year."),
        ({"co_leader_id": uuid4()}, "Choose a therapist."),
    ],
)
def test_a_group_that_cannot_be_is_refused(clinic, group, differs, message):
    entry = replace(GROUP, code="G-2")
    with pytest.raises(RuleBroken) as refused, clinic.writing(clinic.therapist) as work:
        start_group(work, replace(entry, **differs))

    assert refused.value.message == message


def test_a_supervisor_cannot_start_a_group(clinic):
    with pytest.raises(AccessDenied), clinic.writing(clinic.supervisor) as work:
        start_group(work, GROUP)


def test_a_group_can_start_ahead_and_its_leader_sees_it_at_once(clinic):
    later = clinic.today + 2 * WEEK
    with clinic.writing(clinic.therapist) as work:
        made = start_group(work, replace(GROUP, code="G-9", started_on=later)).id

    with clinic.reading(clinic.therapist) as work:
        assert [each.group.id for each in list_groups(work)] == [made]


# -- who sees it


def test_a_group_is_open_to_its_leaders_and_their_supervisor_alone(clinic, group):
    may = {}
    for name in ("therapist", "therapist2", "supervisor", "admin"):
        with clinic.reading(getattr(clinic, name)) as work:
            try:
                may[name] = bool(open_group(work, group.id, Permission.OPEN_GROUP))
            except AccessDenied:
                may[name] = False

    assert may == {"therapist": True, "therapist2": False, "supervisor": True, "admin": False}


def test_a_supervisor_reads_a_group_and_does_not_record_in_it(clinic, group):
    with pytest.raises(AccessDenied), clinic.writing(clinic.supervisor) as work:
        open_group(work, group.id, Permission.RECORD_GROUP)


def test_a_co_leader_opens_the_group_from_a_day_on_and_no_members_course(clinic, group):
    with clinic.writing(clinic.therapist) as work:
        change_co_leader(work, opened(work, group.id), clinic.therapist2.id, clinic.today)

    with clinic.reading(clinic.therapist2) as work:
        page = read_group(work, open_group(work, group.id, Permission.RECORD_GROUP))
        assert [line.can_open for line in page.lines] == [False] * 3
        for course_id in group.courses:
            with pytest.raises(AccessDenied):
                open_course(work, course_id, Permission.OPEN_COURSE)


def test_a_co_leader_who_was_replaced_sees_nothing_any_more_and_stays_readable(clinic, group):
    with clinic.writing(clinic.therapist) as work:
        change_co_leader(work, opened(work, group.id), clinic.therapist2.id, DAY)
    with clinic.writing(clinic.therapist) as work:
        change_co_leader(work, opened(work, group.id), None, clinic.today)

    with pytest.raises(AccessDenied), clinic.reading(clinic.therapist2) as work:
        open_group(work, group.id, Permission.OPEN_GROUP)
    with clinic.reading(clinic.therapist) as work:
        leaders = open_group(work, group.id, Permission.OPEN_GROUP).leaders
        assert [(e.role, e.started_on, e.ended_on) for e in leaders if e.ended_on] == [
            ("co_leader", DAY, clinic.today)
        ]


def test_a_co_leader_does_not_choose_the_leaders(clinic, group):
    with clinic.writing(clinic.therapist) as work:
        change_co_leader(work, opened(work, group.id), clinic.therapist2.id, DAY)

    with pytest.raises(AccessDenied), clinic.writing(clinic.therapist2) as work:
        change_co_leader(work, opened(work, group.id), None, clinic.today)


@pytest.mark.parametrize(
    ("who", "day", "message"),
    [
        ("nobody", date(2026, 3, 11), "That is how it is already. Nothing was changed."),
        ("therapist", date(2026, 3, 11), "You lead this group already."),
        ("supervisor", date(2026, 3, 11), "Choose a therapist."),
        (
            "therapist2",
            date(2026, 3, 12),
            "Choose today or an earlier day: it holds at once.",
        ),
        (
            "therapist2",
            date(2025, 1, 1),
            "The day is before the group or the present co-leader began.",
        ),
    ],
)
def test_a_co_leader_who_cannot_be_is_refused(clinic, group, who, day, message):
    person = None if who == "nobody" else getattr(clinic, who).id
    with pytest.raises(RuleBroken) as refused, clinic.writing(clinic.therapist) as work:
        change_co_leader(work, opened(work, group.id), person, day)

    assert refused.value.message == message


# -- members


def test_only_courses_of_ones_own_that_follow_a_group_and_belong_to_none_can_join(clinic, group):
    with clinic.writing(clinic.therapist) as work:
        free = add_group_course(work, "T-900", "Rune Holm").id
    with clinic.writing(clinic.therapist2) as work:
        add_group_course(work, "T-901", "Inga Berg")

    with clinic.reading(clinic.therapist) as work:
        assert [course.id for course in eligible(work)] == [free]


def test_a_co_leader_takes_in_courses_of_their_own(clinic, group):
    with clinic.writing(clinic.therapist) as work:
        change_co_leader(work, opened(work, group.id), clinic.therapist2.id, DAY)
    with clinic.writing(clinic.therapist2) as work:
        own = add_group_course(work, "T-901", "Inga Berg").id
        add_members(work, opened(work, group.id), [own], clinic.today)

    with clinic.reading(clinic.therapist2) as work:
        page = read_group(work, open_group(work, group.id, Permission.OPEN_GROUP))
        assert [line.member.course_id for line in page.lines if line.can_open] == [own]


def test_nobody_joins_with_a_course_of_somebody_else_or_before_it_began(clinic, group):
    with clinic.writing(clinic.therapist2) as work:
        foreign = add_group_course(work, "T-901", "Inga Berg").id
    with clinic.writing(clinic.therapist) as work:
        late = add_group_course(work, "T-902", "Rune Holm", clinic.today).id

    for course_id, day, message in (
        (foreign, DAY, "Choose at least one of the courses listed."),
        (late, DAY, "The course of T-902 began later."),
        (late, DAY - WEEK, "The day is before the group's first."),
        (late, clinic.today + WEEK, "Choose today at the latest, or the group's first day."),
    ):
        with pytest.raises(RuleBroken) as refused, clinic.writing(clinic.therapist) as work:
            add_members(work, opened(work, group.id), [course_id], day)
        assert refused.value.message == message


def test_a_member_who_leaves_keeps_the_record_and_has_no_later_sessions(clinic, group):
    with clinic.writing(clinic.therapist) as work:
        add_meeting(work, group, DAY)
    with clinic.writing(clinic.therapist) as work:
        found = opened(work, group.id)
        member = find_member(found, group.members[0])
        leave_group(work, found, member, DAY + WEEK, "moved away")
    with clinic.writing(clinic.therapist) as work:
        add_meeting(work, group, DAY + WEEK)

    with clinic.reading(clinic.therapist) as work:
        assert [len(each) for each in records(work, group)] == [1, 2, 2]
        found = open_group(work, group.id, Permission.OPEN_GROUP)
        assert find_member(found, group.members[0]).reason == "moved away"


@pytest.mark.parametrize(
    ("day", "reason", "message"),
    [
        (DAY + WEEK, None, "Say why the member leaves."),
        (DAY, "moved", "They have a record of the session of 7 Jan 2026."),
        (DAY - WEEK, "moved", "The day must lie between joining and today."),
        (date(2026, 3, 12), "moved", "The day must lie between joining and today."),
    ],
)
def test_leaving_is_refused_without_a_reason_or_on_an_impossible_day(
    clinic, group, day, reason, message
):
    with clinic.writing(clinic.therapist) as work:
        add_meeting(work, group, DAY)
    with pytest.raises(RuleBroken) as refused, clinic.writing(clinic.therapist) as work:
        leave(work, group, day, reason)

    assert refused.value.message == message


def leave(work, ref, day, reason):
    """Let the first member leave."""
    group = opened(work, ref.id)
    leave_group(work, group, find_member(group, ref.members[0]), day, reason)


def test_norms_are_added_to_and_never_rewritten(clinic, group):
    with clinic.writing(clinic.therapist) as work:
        change_group(work, opened(work, group.id), GroupChange("We start on time.", None))

    with clinic.reading(clinic.therapist) as work:
        norms = open_group(work, group.id, Permission.OPEN_GROUP).norms
    assert norms == "What is said here stays here.\n11 Mar 2026: We start on time."


def test_a_group_that_has_ended_takes_no_session_after_its_last_day(clinic, group):
    with clinic.writing(clinic.therapist) as work:
        add_meeting(work, group, DAY)
    with clinic.writing(clinic.therapist) as work:
        change_group(work, opened(work, group.id), GroupChange(None, DAY + WEEK))

    with pytest.raises(RuleBroken) as refused, clinic.writing(clinic.therapist) as work:
        add_meeting(work, group, DAY + 2 * WEEK)
    assert refused.value.message == "The group had ended before that day."


# -- a session


@on_every_engine
def test_a_session_is_one_record_for_the_group_and_one_for_each_member(clinic, group):
    first, second, third = group.members
    with clinic.writing(clinic.therapist) as work:
        made = add_meeting(
            work,
            group,
            DAY,
            row(first, note="spoke of her brother", mood=4),
            row(second, "attended_late", minutes_late=10),
            row(third, "no_show"),
            theme="Losing a role",
            tasks=("R02",),
            note="Warm, a little careful.",
        )
        assert (made.slot, made.number, made.phase, made.theme) == (
            1,
            1,
            "beginning",
            "Losing a role",
        )

    with clinic.reading(clinic.therapist) as work:
        (own,), (late,), (away,) = records(work, group)
        assert {r.group_session_id for r in (own, late, away)} == {made.id}
        assert {(r.kind, r.number, r.phase) for r in (own, late, away)} == {
            ("group", 1, "beginning")
        }
        assert (own.note, own.mood, own.tasks, own.duration_minutes) == (
            "spoke of her brother",
            4,
            ["R02"],
            90,
        )
        assert (late.attendance, late.minutes_late) == ("attended_late", 10)
        assert (away.attendance, away.tasks, away.duration_minutes) == ("no_show", [], None)
        assert (own.risk.asked, own.risk.detail, away.risk) == (False, NOT_ASKED, None)


def test_an_absent_member_keeps_the_number_of_the_group(clinic, group):
    with clinic.writing(clinic.therapist) as work:
        add_meeting(work, group, DAY, row(group.members[0], "cancelled_by_patient"))
    with clinic.writing(clinic.therapist) as work:
        add_meeting(work, group, DAY + WEEK)

    with clinic.reading(clinic.therapist) as work:
        assert [[r.number for r in each] for each in records(work, group)] == [[1, 2]] * 3


@on_every_engine
def test_a_cancelled_session_is_a_slot_for_everybody_without_a_number(clinic, group):
    with clinic.writing(clinic.therapist) as work:
        add_meeting(work, group, DAY)
        cancelled = add_cancelled(work, group, DAY + WEEK, "both leaders ill")
        add_meeting(work, group, DAY + 2 * WEEK, row(group.members[0], "no_show"))
        assert (cancelled.number, cancelled.cancelled) == (None, True)

    with clinic.reading(clinic.therapist) as work:
        of_first = records(work, group)[0]
        assert [(r.slot, r.number, r.attendance) for r in of_first] == [
            (1, 1, "attended"),
            (2, None, "group_cancelled"),
            (3, 2, "no_show"),
        ]
        counts = rates(r.attendance for r in of_first)
        assert (counts.attendance_rate, counts.own_attendance_rate) == (0.5, 0.5)
        course = open_course(work, group.courses[0], Permission.OPEN_COURSE)
        assert outline(work, course).next.number == 3


def test_a_cancellation_says_why(clinic, group):
    with pytest.raises(RuleBroken) as refused, clinic.writing(clinic.therapist) as work:
        add_cancelled(work, group, DAY, "")

    assert refused.value.field == "cancel_reason"


def test_nothing_is_kept_when_the_row_of_one_member_breaks_a_rule(clinic, group):
    before = contents(clinic.database)
    first, second, _ = group.members
    with pytest.raises(RowsRefused) as refused, clinic.writing(clinic.therapist) as work:
        add_meeting(
            work,
            group,
            DAY,
            row(first, mood=14),
            row(second, risk=RiskEntry("asked_present")),
            row(group.members[2], "no_show", mood=4),
        )

    assert {key: (each.field, each.message) for key, (each,) in refused.value.rows.items()} == {
        first: ("mood", "Mood goes from 0 to 10, not 14."),
        second: ("risk_detail", "Say in a few words what was found and done."),
        group.members[2]: ("mood", "A session that did not take place has no mood."),
    }
    assert contents(clinic.database) == before


def test_each_member_needs_a_word_on_risk_of_their_own_or_the_common_one(clinic, group):
    with pytest.raises(RowsRefused) as refused, clinic.writing(clinic.therapist) as work:
        add_meeting(work, group, DAY, row(group.members[2], "no_show"), not_asked=None)

    assert set(refused.value.rows) == set(group.members[:2])
    assert {each.field for (each,) in refused.value.rows.values()} == {"risk"}


def test_an_answer_of_their_own_is_never_replaced_by_the_common_one(clinic, group):
    own = RiskEntry("asked_none")
    with clinic.writing(clinic.therapist) as work:
        add_meeting(work, group, DAY, row(group.members[0], risk=own))

    with clinic.reading(clinic.therapist) as work:
        kept = [records(work, group)[n][0].risk for n in range(2)]
        assert [(each.asked, each.result) for each in kept] == [(True, "none"), (False, None)]


@pytest.mark.parametrize(
    ("day", "minutes", "message"),
    [
        (date(2026, 3, 12), 90, "The date is in the future."),
        (DAY - WEEK, 90, "The date is before the group began."),
        (DAY, 400, "400 minutes cannot be right, it must be 1 to 300."),
    ],
)
def test_a_session_that_cannot_be_is_refused(clinic, group, day, minutes, message):
    with pytest.raises(RuleBroken) as refused, clinic.writing(clinic.therapist) as work:
        add_meeting(work, group, day, duration_minutes=minutes)

    assert refused.value.message == message


def test_a_member_without_a_row_and_a_row_without_a_member_are_said(clinic, group):
    stranger = uuid4()
    rows = [row(member) for member in (*group.members[:2], stranger)]
    with pytest.raises(RowsRefused) as refused, clinic.writing(clinic.therapist) as work:
        log_group_session(work, opened(work, group.id), meeting(DAY), rows)

    assert {key: each.message for key, (each,) in refused.value.rows.items()} == {
        group.members[2]: "Say whether they came.",
        stranger: "Not a member on that day.",
    }


@pytest.mark.parametrize("code", ["group_cancelled", "rescheduled", "asleep"])
def test_a_member_cannot_have_what_only_a_whole_meeting_can(clinic, group, code):
    with pytest.raises(RowsRefused) as refused, clinic.writing(clinic.therapist) as work:
        add_meeting(work, group, DAY, row(group.members[0], code))

    assert [e.field for e in refused.value.rows[group.members[0]]] == ["attendance"]


def test_a_group_without_members_has_no_session(clinic):
    with clinic.writing(clinic.therapist) as work:
        empty = add_group(work, 0, code="G-7")
    with pytest.raises(RuleBroken) as refused, clinic.writing(clinic.therapist) as work:
        add_meeting(work, empty, DAY)

    assert refused.value.message == "Nobody was a member on that day. Add members first."


def test_a_form_that_is_sent_twice_is_kept_once(clinic, group):
    with clinic.writing(clinic.therapist) as work:
        add_meeting(work, group, DAY)
    rows = [row(member) for member in group.members]
    with pytest.raises(RuleBroken) as refused, clinic.writing(clinic.therapist) as work:
        log_group_session(work, opened(work, group.id), meeting(DAY), rows, expected_slot=1)

    assert refused.value.message.startswith("Another session of this group was saved")


def test_a_session_past_the_plan_of_the_group_is_an_extension_for_everybody(clinic):
    with clinic.writing(clinic.therapist) as work:
        ref = add_group(work, 2, code="G-2", planned_sessions=1)
        add_meeting(work, ref, DAY)
    with clinic.writing(clinic.therapist) as work:
        second = add_meeting(work, ref, DAY + WEEK)
        assert second.phase == "extension"

    with clinic.reading(clinic.therapist) as work:
        kept = records(work, ref)[0][1]
        assert (kept.phase, kept.phase_reason) == ("extension", "The phase of the group")


def test_a_booked_appointment_of_the_group_is_settled_by_its_session(clinic, group):
    with clinic.writing(clinic.therapist) as work:
        book_group(work, group.id, AppointmentEntry(clinic.today))
    with clinic.writing(clinic.therapist) as work:
        made = add_meeting(work, group, clinic.today)
        booked = work.session.scalars(select(Appointment)).one()
        assert booked.group_session_id == made.id


def test_both_leaders_may_record(clinic, group):
    with clinic.writing(clinic.therapist) as work:
        change_co_leader(work, opened(work, group.id), clinic.therapist2.id, DAY)
    with clinic.writing(clinic.therapist2) as work:
        add_meeting(work, group, DAY)

    known = [r for r in audit_rows(clinic.database) if r.event == "group.session_logged"]
    assert [r.actor_id for r in known] == [clinic.therapist2.id]


# -- names


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("theme", "What Ylva lost"),
        ("note", "BRANDT spoke, the others listened."),
        ("plan", "ask g-1-2 again"),
    ],
)
def test_a_members_name_or_code_in_the_groups_record_is_asked_about(clinic, group, field, text):
    before = contents(clinic.database)
    with pytest.raises(AskFirst) as asked, clinic.writing(clinic.therapist) as work:
        add_meeting(work, group, DAY, **{field: text})

    assert (asked.value.field, asked.value.key) == (field, "names")
    assert contents(clinic.database) == before


def test_a_word_that_only_looks_like_a_name_is_kept_once_somebody_says_so(clinic, group):
    with clinic.writing(clinic.therapist) as work:
        made = add_meeting(
            work, group, DAY, theme="Petra, the city", confirmed=frozenset({"names"})
        )
        assert made.theme == "Petra, the city"


def test_another_members_name_in_a_members_note_is_asked_about_ones_own_is_not(clinic, group):
    own = row(group.members[0], note="Ylva Brandt was quiet")
    other = row(group.members[1], linked_event="a quarrel with Ylva")
    with pytest.raises(RowsRefused) as refused, clinic.writing(clinic.therapist) as work:
        add_meeting(work, group, DAY, own, other)

    assert {key: type(each) for key, (each,) in refused.value.rows.items()} == {
        group.members[1]: AskFirst
    }


def test_the_reason_of_a_cancellation_names_nobody_unasked(clinic, group):
    with pytest.raises(AskFirst), clinic.writing(clinic.therapist) as work:
        add_cancelled(work, group, DAY, "Oskar called everybody off")


# -- changing


def change(work, ref, slot, day, rows, **differs):
    group = opened(work, ref.id)
    found = select(GroupSession).where(GroupSession.group_id == ref.id, GroupSession.slot == slot)
    own = work.session.scalars(found).one()
    seen = differs.pop("seen", own.version)
    entry = meeting(day, **differs)
    change_group_session(work, group, own, entry, rows, seen_version=seen)


def current(work, ref):
    """Give the rows of the newest session as a form would carry them."""
    return [
        MemberEntry(
            member,
            record.attendance,
            minutes_late=record.minutes_late,
            mood=record.mood,
            linked_event=record.linked_event,
            note=record.note,
            plan=record.plan,
            seen_version=record.version,
        )
        for member, (*_, record) in zip(ref.members, records(work, ref), strict=True)
    ]


def test_a_change_keeps_the_old_words_of_the_group_and_of_the_member(clinic, group):
    with clinic.writing(clinic.therapist) as work:
        add_meeting(work, group, DAY, row(group.members[0], note="quiet"), theme="Loss")
    with clinic.writing(clinic.therapist) as work:
        first, *others = current(work, group)
        rows = [replace(first, note="quiet, then spoke"), *others]
        change(work, group, 1, DAY, rows, theme="Losses")

    with clinic.reading(clinic.therapist) as work:
        steps = work.session.scalars(select(NoteStep)).all()
        assert [(s.step, s.comment) for s in steps] == [("changed.theme", "Loss")]
        own = records(work, group)[0][0]
        assert own.note == "quiet, then spoke"
        assert [r.version for (r,) in records(work, group)[1:]] == [
            each.seen_version for each in others
        ]


def test_a_member_found_present_after_all_gets_the_times_of_the_group(clinic, group):
    with clinic.writing(clinic.therapist) as work:
        add_meeting(work, group, DAY, row(group.members[0], "no_show"))
    with clinic.writing(clinic.therapist) as work:
        first, *others = current(work, group)
        rows = [replace(first, attendance="attended", risk=RiskEntry("asked_none")), *others]
        change(work, group, 1, DAY, rows)

    with clinic.reading(clinic.therapist) as work:
        own = records(work, group)[0][0]
        assert (own.attendance, own.number, own.duration_minutes) == ("attended", 1, 90)


def test_two_leaders_who_change_one_record_do_not_overwrite_each_other(clinic, group):
    with clinic.writing(clinic.therapist) as work:
        add_meeting(work, group, DAY)
    with clinic.writing(clinic.therapist) as work:
        change(work, group, 1, DAY, current(work, group), theme="Loss")

    with pytest.raises(ChangedMeanwhile), clinic.writing(clinic.therapist) as work:
        change(work, group, 1, DAY, current(work, group), theme="Other", seen=1)


def test_a_members_note_that_was_changed_meanwhile_is_not_overwritten(clinic, group):
    with clinic.writing(clinic.therapist) as work:
        add_meeting(work, group, DAY, row(group.members[0], note="quiet"))
        seen = current(work, group)
    with clinic.writing(clinic.therapist) as work:
        first, *others = seen
        change(work, group, 1, DAY, [replace(first, note="lively"), *others])

    with pytest.raises(ChangedMeanwhile), clinic.writing(clinic.therapist) as work:
        change(work, group, 1, DAY, [replace(first, note="tired"), *others])


def test_a_session_is_not_moved_to_a_day_on_which_a_member_of_it_was_none(clinic, group):
    with clinic.writing(clinic.therapist) as work:
        late = add_group_course(work, "T-900", "Rune Holm", DAY + WEEK).id
        add_members(work, opened(work, group.id), [late], DAY + WEEK)
    with clinic.writing(clinic.therapist) as work:
        add_meeting(work, group, DAY + WEEK)
    with pytest.raises(RuleBroken) as refused, clinic.writing(clinic.therapist) as work:
        change(work, group, 1, DAY, current(work, group))

    assert "T-900 was not a member on that day" in refused.value.message


def test_a_cancellation_can_be_moved_and_says_what_stood_there(clinic, group):
    with clinic.writing(clinic.therapist) as work:
        add_cancelled(work, group, DAY, "ill")
    with clinic.writing(clinic.therapist) as work:
        found = opened(work, group.id)
        own = work.session.scalars(select(GroupSession)).one()
        entry = CancelledEntry(DAY + timedelta(days=1), None, "snow")
        change_cancelled(work, found, own, entry, seen_version=own.version)

    with clinic.reading(clinic.therapist) as work:
        assert {r.held_on for (r,) in records(work, group)} == {DAY + timedelta(days=1)}
        steps = work.session.scalars(select(NoteStep).order_by(NoteStep.step)).all()
        assert [s.comment for s in steps] == ["ill", "2026-01-07"]


# -- signing


@on_every_engine
def test_a_leader_signs_the_record_and_the_notes_of_their_own_in_one_act(clinic, group):
    with clinic.writing(clinic.therapist) as work:
        change_co_leader(work, opened(work, group.id), clinic.therapist2.id, DAY)
    with clinic.writing(clinic.therapist2) as work:
        foreign = add_group_course(work, "T-901", "Inga Berg").id
        add_members(work, opened(work, group.id), [foreign], DAY)
    with clinic.writing(clinic.therapist) as work:
        add_meeting(work, group, DAY)

    with clinic.writing(clinic.therapist) as work:
        signed = sign(work, group)
        assert (signed.record, signed.notes, signed.refused) == (True, 3, ())
    with clinic.writing(clinic.therapist2) as work:
        signed = sign(work, group)
        assert (signed.record, signed.notes) == (False, 1)

    with clinic.reading(clinic.therapist) as work:
        own = work.session.scalars(select(GroupSession)).one()
        assert own.signed_by == clinic.therapist.id
        note = work.session.scalars(
            select(SessionRecord).where(SessionRecord.course_id == foreign)
        ).one()
        assert (note.note_state, note.signed_by) == ("signed", clinic.therapist2.id)


def sign(work, ref, seen=None):
    group = opened(work, ref.id)
    own = work.session.scalars(select(GroupSession)).one()
    return sign_group_session(work, group, own, seen_version=seen or own.version)


def test_a_note_that_cannot_be_signed_yet_is_named_and_the_others_are_signed(clinic, group):
    with clinic.writing(clinic.therapist) as work:
        add_meeting(work, group, DAY)
    with clinic.writing(clinic.therapist) as work:
        note = records(work, group)[0][0]
        work.session.delete(
            work.session.scalars(select(RiskCheck).where(RiskCheck.session_id == note.id)).one()
        )
    with clinic.writing(clinic.therapist) as work:
        signed = sign(work, group)

    assert (signed.record, signed.notes) == (True, 2)
    ((code, why),) = signed.refused
    assert code == group.codes[0]
    assert "Nothing is recorded about risk" in why


def test_a_signed_record_is_not_changed_and_not_signed_again(clinic, group):
    with clinic.writing(clinic.therapist) as work:
        add_meeting(work, group, DAY)
    with clinic.writing(clinic.therapist) as work:
        sign(work, group)

    with pytest.raises(RuleBroken) as refused, clinic.writing(clinic.therapist) as work:
        change(work, group, 1, DAY, current(work, group), theme="New")
    assert "A signed record is not changed" in refused.value.message
    with pytest.raises(RuleBroken), clinic.writing(clinic.therapist) as work:
        sign(work, group)


def test_what_was_changed_since_it_was_read_is_not_signed(clinic, group):
    with clinic.writing(clinic.therapist) as work:
        add_meeting(work, group, DAY)

    with pytest.raises(ChangedMeanwhile), clinic.writing(clinic.therapist) as work:
        sign(work, group, seen=99)


# -- from the course


def test_a_members_record_tells_of_the_group_without_a_link_for_who_may_not_open_it(clinic, group):
    with clinic.writing(clinic.therapist) as work:
        add_meeting(work, group, DAY, theme="Loss")

    ids = {}
    for person in (clinic.therapist, clinic.therapist2):
        with clinic.reading(person) as work:
            place = place_of(work, records(work, group)[0][0])
            assert (place.group.code, place.number, place.theme) == ("G-1", 1, "Loss")
            ids[person.name] = place.group.id
    assert ids == {clinic.therapist.name: group.id, clinic.therapist2.name: None}


def test_logging_a_group_session_by_hand_is_asked_about_in_a_course_of_a_group(clinic, group):
    with clinic.writing(clinic.therapist) as work:
        free = add_group_course(work, "T-900", "Rune Holm").id
    with clinic.reading(clinic.therapist) as work:
        own = open_course(work, group.courses[0], Permission.RECORD_SESSION)
        with pytest.raises(AskFirst) as asked:
            ask_by_hand(work, own, "group", confirmed=False)
        assert asked.value.key == "by_hand"
        ask_by_hand(work, own, "pre_group_individual", confirmed=False)
        ask_by_hand(work, own, "group", confirmed=True)
        other = open_course(work, free, Permission.RECORD_SESSION)
        ask_by_hand(work, other, "group", confirmed=False)


# -- entered in error


def mark(work, ref, reason="logged twice"):
    group = opened(work, ref.id)
    own = work.session.scalars(select(GroupSession).order_by(GroupSession.slot.desc())).first()
    mark_in_error(work, group, own, reason, seen_version=own.version)
    return own


@on_every_engine
def test_a_signed_record_entered_in_error_gives_its_number_back(clinic, group):
    with clinic.writing(clinic.therapist) as work:
        add_meeting(work, group, DAY, row(group.members[0], "no_show"), theme="Loss")
    with clinic.writing(clinic.therapist) as work:
        sign_newest(work, group)
    with clinic.writing(clinic.therapist) as work:
        book_group(work, group.id, AppointmentEntry(clinic.today))
    with clinic.writing(clinic.therapist) as work:
        marked = mark(work, group)
        assert (marked.number, marked.cancelled) == (None, True)
        assert marked.cancel_reason == "entered in error: logged twice"
    with clinic.writing(clinic.therapist) as work:
        assert add_meeting(work, group, DAY).number == 1

    with clinic.reading(clinic.therapist) as work:
        found = [[(r.attendance, r.number) for r in each] for each in records(work, group)]
        assert found == [[("entered_in_error", None), ("attended", 1)]] * 3
        steps = {s.step: s.comment for s in work.session.scalars(select(NoteStep)).all()}
        assert steps["changed.number"] == "1"


def sign_newest(work, ref):
    group = opened(work, ref.id)
    own = work.session.scalars(select(GroupSession)).one()
    sign_group_session(work, group, own, seen_version=own.version)


def test_what_was_booked_for_a_record_entered_in_error_waits_again(clinic, group):
    with clinic.writing(clinic.therapist) as work:
        book_group(work, group.id, AppointmentEntry(clinic.today))
        add_meeting(work, group, clinic.today)
    with clinic.writing(clinic.therapist) as work:
        mark(work, group)

    with clinic.reading(clinic.therapist) as work:
        assert work.session.scalars(select(Appointment)).one().group_session_id is None


def test_a_record_is_marked_once_with_a_reason_and_then_neither_changed_nor_signed(clinic, group):
    with clinic.writing(clinic.therapist) as work:
        add_cancelled(work, group, DAY, "snow")
    with pytest.raises(RuleBroken), clinic.writing(clinic.therapist) as work:
        mark(work, group, "")
    with pytest.raises(AskFirst), clinic.writing(clinic.therapist) as work:
        mark(work, group, "Oskar was taken for another")
    with clinic.writing(clinic.therapist) as work:
        mark(work, group)

    with pytest.raises(RuleBroken), clinic.writing(clinic.therapist) as work:
        mark(work, group)
    with pytest.raises(RuleBroken), clinic.writing(clinic.therapist) as work:
        sign_newest(work, group)
    with pytest.raises(RuleBroken), clinic.writing(clinic.therapist) as work:
        change_newest(work, group, CancelledEntry(DAY, None, "ice"))


def change_newest(work, ref, entry):
    group = opened(work, ref.id)
    own = work.session.scalars(select(GroupSession)).one()
    change_cancelled(work, group, own, entry, seen_version=own.version)


def test_a_cancellation_is_never_written_as_entered_in_error(clinic, group):
    with pytest.raises(RuleBroken) as refused, clinic.writing(clinic.therapist) as work:
        add_cancelled(work, group, DAY, "entered in error: twice")

    assert refused.value.field == "cancel_reason"


# -- where a member stands


def test_a_member_who_was_absent_stands_where_the_group_stands(clinic, group):
    with clinic.writing(clinic.therapist) as work:
        for place in range(5):
            add_meeting(work, group, DAY + place * WEEK)
        add_meeting(work, group, DAY + 5 * WEEK, row(group.members[0], "no_show"))

    with clinic.reading(clinic.therapist) as work:
        facts = outline(work, open_course(work, group.courses[0], Permission.OPEN_COURSE))
        assert facts.position.words == "Session 6 of 16, middle phase"
        assert (facts.position.held, facts.next.number) == (5, 7)
