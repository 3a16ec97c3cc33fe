"""Supervision meetings: what is recorded, who reads which part, and what a change keeps."""

from datetime import timedelta
from uuid import uuid4

import pytest

from ipt_tracker.clinical.rules import AskFirst, RuleBroken
from ipt_tracker.governance.access import AccessDenied, Permission
from ipt_tracker.persistence.models import SupervisionMeeting
from ipt_tracker.services.supervision.answers import (
    acknowledge_action,
    acknowledge_meeting,
    finish_action,
)
from ipt_tracker.services.supervision.doors import open_meeting
from ipt_tracker.services.supervision.entries import ANOTHER, ActionEntry, CaseEntry
from ipt_tracker.services.supervision.hours import Hours, hours_of
from ipt_tracker.services.supervision.meeting_page import read_meeting, read_meetings
from ipt_tracker.services.supervision.meetings import (
    change_meeting,
    record_meeting,
    strike_meeting,
)
from ipt_tracker.services.unit_of_work import ChangedMeanwhile, writing
from tests.factories.meetings import (
    ACTION,
    FEEDBACK,
    add_supervision_meeting,
    meeting_of,
    person,
    supervise_both,
)
from tests.factories.people import add_supervision
from tests.factories.stores import on_every_engine
from tests.factories.tables import audit_rows

SEE = Permission.SEE_FIDELITY


@pytest.fixture
def meeting_id(clinic):
    with clinic.writing(clinic.supervisor) as work:
        return add_supervision_meeting(work, clinic)


@pytest.fixture
def both(clinic):
    """Give a group meeting of both therapists, each with words of their own."""
    supervise_both(clinic)
    first = person(clinic.therapist, clinic.course.id, feedback="words for the first")
    second = person(
        clinic.therapist2,
        clinic.course2.id,
        feedback="words for the second",
        actions=(ActionEntry("only the second"),),
    )
    with of_both(clinic) as work:
        day = clinic.today - timedelta(weeks=2)
        return add_supervision_meeting(
            work, clinic, first, second, remark="about us all", held_on=day
        )


def of_both(clinic):
    actor = clinic.supervisor.actor(clinic.therapist, clinic.therapist2)
    return writing(clinic.database, actor, clinic.now, clinic.today)


def later(clinic, who=None, minutes=5):
    """Begin work some minutes later: a record and its change bear two moments."""
    actor = (who or clinic.supervisor).actor(clinic.therapist)
    return writing(clinic.database, actor, clinic.now + timedelta(minutes=minutes), clinic.today)


def refused(clinic, **differs):
    with pytest.raises(RuleBroken) as broken, clinic.writing(clinic.supervisor) as work:
        record_meeting(work, meeting_of(clinic, **differs))
    return broken.value


# -- recording


@on_every_engine
def test_a_meeting_is_kept_with_its_cases_feedback_and_actions(clinic, meeting_id):
    with clinic.reading(clinic.supervisor) as work:
        found = read_meeting(work, open_meeting(work, meeting_id, SEE))

    (part,) = found.parts
    assert (found.meeting.minutes, found.meeting.form) == (50, "individual")
    assert (part.name, part.feedback) == ("R. Calder", FEEDBACK)
    assert [(c.code, c.minutes, c.may_open) for c in part.cases] == [("T-101", 20, True)]
    assert [a.text for a in part.actions] == [ACTION]
    assert part.acknowledged_at is None


def test_it_is_written_down_without_a_word_of_it(clinic, meeting_id):
    (row,) = [r for r in audit_rows(clinic.database) if r.event.startswith("supervision.meeting")]

    assert (row.event, row.subject_id) == ("supervision.meeting_recorded", str(meeting_id))
    assert row.details == {
        "form": "individual",
        "minutes": 50,
        "therapists": [str(clinic.therapist.id)],
    }


def test_what_cannot_be_is_refused(clinic):
    tomorrow, who = clinic.today + timedelta(days=1), clinic.therapist
    case = CaseEntry(clinic.course.id, 60)
    early = ActionEntry("ring", clinic.today - timedelta(days=30))
    messages = [
        refused(clinic, held_on=tomorrow).message,
        refused(clinic, minutes=0).message,
        refused(clinic, form="other").message,
        refused(clinic, modality="post").message,
        refused(clinic, people=()).message,
        refused(clinic, people=(person(who), person(who)), form="group").message,
        refused(clinic, people=(person(who, cases=(case,)),)).message,
        refused(clinic, people=(person(who, cases=(CaseEntry(clinic.course.id, 0),)),)).message,
        refused(clinic, people=(person(who, clinic.course.id, clinic.course.id),)).message,
        refused(clinic, people=(person(who, clinic.course2.id),)).message,
        refused(clinic, people=(person(who, actions=(early,)),)).message,
        refused(clinic, people=(person(who, actions=(ActionEntry(""),)),)).message,
    ]

    assert messages == [
        "A meeting is recorded once it has taken place.",
        "Give the length of the meeting, 1 to 600 minutes.",
        "Say whether it was individual or in a group.",
        "Choose a setting from the list.",
        "Say who was there.",
        "Somebody is named twice.",
        "The cases add up to 60 minutes, the meeting had 50.",
        "Minutes for one case are 1 to 600.",
        "A case is named twice. Put both into one row.",
        "A case in this list was not this supervisee's on that day.",
        "An action is due on the day of the meeting or later.",
        "Say what is to be done.",
    ]


def test_an_individual_meeting_is_with_one(clinic):
    supervise_both(clinic)
    two = (person(clinic.therapist), person(clinic.therapist2))

    assert refused(clinic, people=two, form="individual").field == "form"


def test_only_those_supervised_on_the_day_can_have_been_there(clinic):
    before = clinic.today - timedelta(weeks=40)
    stranger = (person(clinic.therapist2),)

    assert refused(clinic, held_on=before).field == "held_on"
    with pytest.raises(AccessDenied), clinic.writing(clinic.supervisor) as work:
        record_meeting(work, meeting_of(clinic, *stranger))


def test_a_former_supervisee_can_have_been_there_while_it_held(clinic):
    with clinic.writing() as work:
        start, end = clinic.today - timedelta(weeks=20), clinic.today - timedelta(days=2)
        add_supervision(work, clinic.supervisor, clinic.therapist2, start, end)

    with clinic.writing(clinic.supervisor) as work:
        made = add_supervision_meeting(work, clinic, person(clinic.therapist2, clinic.course2.id))

    with clinic.reading(clinic.supervisor) as work:
        (part,) = read_meeting(work, open_meeting(work, made, SEE)).parts
    assert [(case.code, case.may_open) for case in part.cases] == [("T-202", False)]


def test_a_second_meeting_of_one_day_is_asked_about(clinic, meeting_id):
    del meeting_id
    broken = refused(clinic)

    assert isinstance(broken, AskFirst)
    assert broken.key == ANOTHER
    with clinic.writing(clinic.supervisor) as work:
        add_supervision_meeting(work, clinic, confirmed=frozenset({ANOTHER}))


def test_a_therapist_cannot_record_a_meeting(clinic):
    with pytest.raises(AccessDenied), clinic.writing(clinic.therapist) as work:
        record_meeting(work, meeting_of(clinic))


# -- who reads what


@on_every_engine
def test_in_a_group_meeting_nobody_is_handed_the_part_of_another(clinic, both):
    with clinic.reading(clinic.therapist) as work:
        found = read_meeting(work, open_meeting(work, both, SEE))
        (line,) = read_meetings(work, clinic.today - timedelta(days=90), clinic.today).lines

    assert [part.feedback for part in found.parts] == ["words for the first"]
    assert [c.code for part in found.parts for c in part.cases] == ["T-101"]
    assert [a.text for part in found.parts for a in part.actions] == [ACTION]
    assert found.people == ("A. Okafor", "R. Calder")
    assert (line.cases, [a.text for a in line.actions], line.waits) == (1, [ACTION], ("R. Calder",))


def test_who_held_it_reads_all_of_it(clinic, both):
    with of_both(clinic) as work:
        found = read_meeting(work, open_meeting(work, both, SEE))

    assert {part.feedback for part in found.parts} == {
        "words for the first",
        "words for the second",
    }


def test_nobody_else_reaches_it(clinic, meeting_id):
    for somebody in (clinic.therapist2, clinic.admin):
        with pytest.raises(AccessDenied), clinic.reading(somebody) as work:
            open_meeting(work, meeting_id, SEE)
    with pytest.raises(AccessDenied), clinic.reading(clinic.therapist) as work:
        open_meeting(work, meeting_id, Permission.SUPERVISE)
    with pytest.raises(AccessDenied), clinic.reading(clinic.supervisor) as work:
        open_meeting(work, uuid4(), SEE)


def test_reading_it_is_written_down(clinic, meeting_id):
    with clinic.reading(clinic.therapist) as work:
        open_meeting(work, meeting_id, SEE)

    row = audit_rows(clinic.database)[-1]
    assert (row.event, row.actor_id) == ("supervision.meeting_opened", clinic.therapist.id)


# -- what the supervisee answers


@on_every_engine
def test_a_supervisee_reads_takes_note_and_finishes(clinic, meeting_id):
    with clinic.writing(clinic.therapist) as work:
        own = open_meeting(work, meeting_id, SEE)
        acknowledge_meeting(work, own)
        acknowledge_action(work, own, own.actions[0].id)
        finish_action(work, own, own.actions[0].id, "sent on Monday")

    with clinic.reading(clinic.supervisor) as work:
        found = read_meetings(work, clinic.today - timedelta(days=90), clinic.today)
    (line,) = found.lines
    assert line.waits == ()
    assert line.actions[0].done_remark == "sent on Monday"
    assert found.actions == ()


def test_an_answer_is_given_once_and_by_the_supervisee(clinic, meeting_id):
    with clinic.writing(clinic.therapist) as work:
        own = open_meeting(work, meeting_id, SEE)
        acknowledge_meeting(work, own)
        finish_action(work, own, own.actions[0].id, None)
        action = own.actions[0].id

    messages = []
    for who in (clinic.therapist, clinic.supervisor):
        for act in (
            acknowledge_meeting,
            lambda w, m: acknowledge_action(w, m, action),
            lambda w, m: finish_action(w, m, action, None),
        ):
            with pytest.raises(RuleBroken) as broken, clinic.writing(who) as work:
                act(work, open_meeting(work, meeting_id, SEE))
            messages.append(broken.value.message)
    assert messages == [
        "You have said already that you read this.",
        "You have acknowledged this action already.",
        "This action is done already.",
        *["Only the supervisee can say that."] * 3,
    ]


def test_the_action_of_another_looks_like_none(clinic, both):
    with of_both(clinic) as work:
        own = open_meeting(work, both, SEE)
        theirs = next(a.id for a in own.actions if a.therapist_id == clinic.therapist2.id)

    for action in (theirs, uuid4()):
        with pytest.raises(AccessDenied), clinic.writing(clinic.therapist) as work:
            finish_action(work, open_meeting(work, both, SEE), action, None)


# -- changing and striking


@on_every_engine
def test_a_change_keeps_the_record_that_stood_and_what_was_answered(clinic, both):
    with clinic.writing(clinic.therapist) as work:
        own = open_meeting(work, both, SEE)
        acknowledge_meeting(work, own)
        finish_action(
            work, own, next(a.id for a in own.actions if a.text == ACTION), "sent on Monday"
        )
    first = person(clinic.therapist, clinic.course.id, feedback="words for the first")
    second = person(clinic.therapist2, clinic.course2.id, feedback="other words")
    day = clinic.today - timedelta(weeks=2)
    entry = meeting_of(clinic, first, second, remark="about us all", held_on=day)
    with later(clinic) as work:
        before = open_meeting(work, both, Permission.SUPERVISE)
        made = change_meeting(work, before, entry, "a slip", seen_version=before.version).id

    with later(clinic) as work:
        now = read_meeting(work, open_meeting(work, made, SEE))
        was = read_meeting(work, open_meeting(work, both, SEE))
    kept = {part.therapist_id: part for part in now.parts}
    assert kept[clinic.therapist.id].acknowledged_at is not None
    assert kept[clinic.therapist.id].actions[0].done_remark == "sent on Monday"
    assert kept[clinic.therapist2.id].acknowledged_at is None
    assert {part.feedback for part in was.parts} == {"words for the first", "words for the second"}
    assert was.meeting.struck_reason == "Changed: a slip"
    assert (now.earlier.id, was.later.id) == (both, made)
    assert (now.later, was.earlier) == (None, None)


def test_a_change_counts_once_in_the_hours_and_in_the_day(clinic, meeting_id):
    with later(clinic) as work:
        before = open_meeting(work, meeting_id, Permission.SUPERVISE)
        entry = meeting_of(clinic, minutes=40)
        change_meeting(work, before, entry, "it was shorter", seen_version=before.version)

    assert hours(clinic) == {clinic.therapist.id: Hours(40, 0, 20, 1)}


def test_a_change_needs_a_reason_a_difference_and_the_newest_version(clinic, meeting_id):
    def change(entry, reason, version=1):
        with later(clinic) as work:
            own = open_meeting(work, meeting_id, Permission.SUPERVISE)
            change_meeting(work, own, entry, reason, seen_version=version)

    other = meeting_of(clinic, minutes=40)
    with pytest.raises(RuleBroken, match="Say why"):
        change(other, None)
    with pytest.raises(RuleBroken, match="Nothing was changed"):
        change(meeting_of(clinic), "a slip")
    with pytest.raises(ChangedMeanwhile):
        change(other, "a slip", version=7)


@on_every_engine
def test_a_struck_meeting_stays_readable_and_counts_no_more(clinic, meeting_id):
    with later(clinic) as work:
        own = open_meeting(work, meeting_id, Permission.SUPERVISE)
        strike_meeting(work, own, "the wrong day", seen_version=own.version)

    with clinic.reading(clinic.therapist) as work:
        found = read_meeting(work, open_meeting(work, meeting_id, SEE))
        listed = read_meetings(work, clinic.today - timedelta(days=90), clinic.today)
    assert found.meeting.struck_reason == "the wrong day"
    assert found.parts[0].feedback == FEEDBACK
    assert (found.earlier, found.later) == (None, None)
    assert (len(listed.lines), listed.hours, listed.actions) == (1, (), ())
    assert hours(clinic) == {}


def test_nothing_more_happens_to_a_struck_meeting(clinic, meeting_id):
    with clinic.writing() as work:
        row = work.session.get(SupervisionMeeting, meeting_id)
        row.struck_at, row.struck_reason = clinic.now, "the wrong day"

    messages = set()
    for who, act in (
        (clinic.therapist, acknowledge_meeting),
        (clinic.supervisor, lambda w, m: strike_meeting(w, m, "again", seen_version=2)),
    ):
        with pytest.raises(RuleBroken) as broken, clinic.writing(who) as work:
            act(work, open_meeting(work, meeting_id, SEE))
        messages.add(broken.value.message)
    assert messages == {"This record was struck and can no longer be changed."}


def test_striking_needs_a_reason_and_the_newest_version(clinic, meeting_id):
    def strike(reason, version):
        with clinic.writing(clinic.supervisor) as work:
            own = open_meeting(work, meeting_id, Permission.SUPERVISE)
            strike_meeting(work, own, reason, seen_version=version)

    with pytest.raises(RuleBroken, match="Say why"):
        strike(None, 1)
    with pytest.raises(ChangedMeanwhile):
        strike("the wrong day", 7)


# -- hours


def hours(clinic):
    with clinic.reading(clinic.therapist) as work:
        people = [clinic.therapist.id, clinic.therapist2.id]
        return hours_of(work, people, clinic.today - timedelta(days=90), clinic.today)


@on_every_engine
def test_hours_are_counted_individual_and_group_apart(clinic, both, meeting_id):
    del both, meeting_id

    assert hours(clinic) == {
        clinic.therapist.id: Hours(individual=50, group=50, own_cases=40, meetings=2),
        clinic.therapist2.id: Hours(individual=0, group=50, own_cases=20, meetings=1),
    }


def test_a_therapist_is_shown_their_own_hours_alone(clinic, both):
    del both
    with clinic.reading(clinic.therapist) as work:
        found = read_meetings(work, clinic.today - timedelta(days=90), clinic.today)

    assert [name for name, _ in found.hours] == ["R. Calder"]


def test_hours_are_of_the_time_asked_for(clinic, meeting_id):
    del meeting_id
    with clinic.reading(clinic.therapist) as work:
        early = read_meetings(work, clinic.today - timedelta(days=90), clinic.today - timedelta(8))

    assert (early.lines, early.hours) == ((), ())
    assert len(early.actions) == 1
