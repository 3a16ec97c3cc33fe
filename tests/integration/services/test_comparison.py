"""Comparing, agreeing, feedback: what opens to whom, what is kept, and what is written down."""

import json
from dataclasses import replace
from datetime import timedelta
from importlib.resources import files

import pytest
from sqlalchemy import select

from ipt_tracker.clinical.fidelity.codes import Selection
from ipt_tracker.clinical.fidelity.item_set import OWN_SET
from ipt_tracker.clinical.fidelity.marks import mark
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import AccessDenied, Permission, Role
from ipt_tracker.persistence.models import FidelityItemSet, FidelityRating, RatingFeedback
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.fidelity.comparison import read_comparison
from ipt_tracker.services.fidelity.consensus import consensus_start, may_agree
from ipt_tracker.services.fidelity.doors import RatedKind
from ipt_tracker.services.fidelity.feedback import (
    RECENT,
    FeedbackEntry,
    acknowledge_feedback,
    feedback_to_give,
    feedback_to_read,
    send_feedback,
)
from ipt_tracker.services.fidelity.ratings import RatingEntry, record_consensus, waive
from ipt_tracker.services.fidelity.requests import withdraw_request
from ipt_tracker.services.fidelity.second_raters import SecondEntry, ask_second_rater, colleagues
from ipt_tracker.services.handovers import transfer
from tests.factories.compared import ask, opened, rate_by, whole
from tests.factories.groups import FIRST_DAY, add_group, add_meeting
from tests.factories.people import add_person
from tests.factories.rated import slots_of
from tests.factories.ratings import asked
from tests.factories.stores import on_every_engine
from tests.factories.tables import audit_rows, contents

KEEP = FeedbackEntry("the pauses", None)
SESSION = RatedKind.SESSION
OWN_FILE = files("ipt_tracker.clinical.fidelity").joinpath("data", "ipt_tracker_14.json")


@pytest.fixture
def session(clinic):
    return slots_of(clinic, clinic.course)[2]


@pytest.fixture
def both(clinic, session):
    """Let therapist and supervisor rate one session."""
    rate_by(clinic, clinic.therapist, session, whole(4, "CanarySelf"))
    return rate_by(clinic, clinic.supervisor, session, whole(3, "CanarySup", F02=1))


@pytest.fixture
def sent(clinic, session, both):
    return send(clinic, session, both)


def send(clinic, session, rating_id, entry=KEEP, who=None):
    with clinic.writing(who or clinic.supervisor) as work:
        return send_feedback(work, opened(work, session), rating_id, entry).id


def seen(clinic, person, session):
    with clinic.reading(person) as work:
        return read_comparison(work, SESSION, session)


def acknowledge(clinic, person, session, feedback_id, answer=None):
    with clinic.writing(person) as work:
        acknowledge_feedback(work, opened(work, session), feedback_id, answer)


def given(clinic, person):
    with clinic.reading(person) as work:
        return feedback_to_give(work)


def to_read(clinic, person):
    with clinic.reading(person) as work:
        return feedback_to_read(work)


# -- sealed and open


def test_before_ones_own_rating_only_names_and_roles_of_raters_are_handed_over(clinic, session):
    rate_by(clinic, clinic.supervisor, session, whole(2, "CanarySup"))

    found = seen(clinic, clinic.therapist, session)

    assert [(each.role, each.name) for each in found.raters] == [("supervisor", "I. Marlowe")]
    assert not found.is_open
    assert found.sets == found.feedback == found.to_answer == ()
    assert found.own is None
    assert "CanarySup" not in repr(found)


def test_a_waiver_opens_the_ratings_of_others(clinic, session):
    rate_by(clinic, clinic.supervisor, session, whole(2))
    with clinic.writing(clinic.therapist) as work:
        waive(work, opened(work, session), "on leave")

    found = seen(clinic, clinic.therapist, session)

    assert [each.rater.name for each in found.ratings] == ["I. Marlowe"]


def test_ratings_stand_by_role_whoever_was_first(clinic, session):
    rate_by(clinic, clinic.supervisor, session, whole(2))
    rate_by(clinic, clinic.therapist, session, whole(4))

    found = seen(clinic, clinic.supervisor, session)

    assert [(each.row.role, each.rater.is_own) for each in found.ratings] == [
        ("self", False),
        ("supervisor", True),
    ]


def test_ratings_of_two_item_sets_are_never_matched(clinic, session, both):
    with clinic.writing() as work:
        work.session.get(FidelityRating, both).item_set = "other@1"
        work.session.add(other_set(clinic))

    found = seen(clinic, clinic.therapist, session)

    assert [(s.item_set.ref, len(s.ratings)) for s in found.sets] == [(OWN_SET, 1), ("other@1", 1)]


def other_set(clinic):
    own = json.loads(OWN_FILE.read_text(encoding="utf-8"))
    content = own | {"key": "other", "version": "1", "name": "Other"}
    return FidelityItemSet(
        key="other",
        version="1",
        name="Other",
        content=content,
        loaded_by=clinic.admin.id,
        loaded_at=clinic.now,
    )


# -- whose


def test_a_course_that_was_handed_over_takes_no_ratings_with_it(clinic, session, both):
    with clinic.writing(clinic.therapist) as work:
        course = open_course(work, clinic.course.id, Permission.TRANSFER_COURSE)
        transfer(work, course, clinic.therapist2.id, clinic.today, "leave")

    assert [each.row.role for each in seen(clinic, clinic.therapist, session).ratings] == [
        "self",
        "supervisor",
    ]
    with pytest.raises(AccessDenied):
        seen(clinic, clinic.therapist2, session)


def test_another_therapists_ratings_are_not_there(clinic, session, both):
    with pytest.raises(AccessDenied):
        seen(clinic, clinic.therapist2, session)


def test_an_administrator_sees_no_rating(clinic, session, both):
    with pytest.raises(AccessDenied):
        seen(clinic, clinic.admin, session)


def test_a_second_rater_sees_the_comparison_without_the_therapists_name(clinic, session, sent):
    ask(clinic, session, clinic.therapist2)

    sealed = seen(clinic, clinic.therapist2, session)
    rate_by(clinic, clinic.therapist2, session, whole(5))
    found = seen(clinic, clinic.therapist2, session)

    assert [each.name for each in sealed.raters] == ["the therapist", "I. Marlowe"]
    assert [each.rater.name for each in found.ratings] == [
        "the therapist",
        "I. Marlowe",
        "A. Okafor",
    ]
    assert found.therapists == ()
    assert found.feedback == ()


def test_who_rated_or_was_asked_and_the_therapist_are_not_offered_as_second_rater(clinic, session):
    with clinic.writing() as work:
        third = add_person(work, "third@clinic.example", "T. Third", Role.SUPERVISOR)
    with clinic.reading(clinic.supervisor) as work:
        offered = colleagues(work, opened(work, session, Permission.SUPERVISE))
    ask(clinic, session, third)
    with clinic.reading(clinic.supervisor) as work:
        later = colleagues(work, opened(work, session, Permission.SUPERVISE))

    assert dict(offered) == {third.id: "T. Third", clinic.therapist2.id: "A. Okafor"}
    assert dict(later) == {clinic.therapist2.id: "A. Okafor"}


def test_nobody_is_asked_without_being_named(clinic, session):
    nobody = SecondEntry(None, "a second look", None)
    with clinic.writing(clinic.supervisor) as work:
        rated = opened(work, session, Permission.SUPERVISE)
        with pytest.raises(RuleBroken) as broken:
            ask_second_rater(work, rated, nobody)

    assert broken.value.field == "rater"


# -- consensus


@pytest.fixture
def two_raters(clinic, session, both):
    ask(clinic, session, clinic.therapist2)
    return both, rate_by(clinic, clinic.therapist2, session, whole(3, F02=5, F03=None))


def test_a_consensus_begins_with_what_both_say_and_is_empty_where_they_differ(
    clinic, session, two_raters
):
    start = consensus_start(seen(clinic, clinic.supervisor, session))

    assert {each.row.id for each in start.ratings} == set(two_raters)
    assert (start.items["F01"].delivered, start.items["F01"].quality) == (1, 3)
    assert (start.items["F02"].delivered, start.items["F02"].quality) == (1, None)
    assert "F03" not in start.items
    assert (start.competence, start.alliance, start.basis) == (3, 3, "live")


def test_a_self_rating_is_no_part_of_a_consensus(clinic, session, both):
    found = seen(clinic, clinic.supervisor, session)

    assert consensus_start(found) is None
    assert not may_agree(found)


def test_a_consensus_is_a_third_record_and_the_first_ratings_stay(clinic, session, two_raters):
    before = ratings(clinic)
    with clinic.writing(clinic.supervisor) as work:
        record_consensus(
            work, opened(work, session), RatingEntry(OWN_SET, whole(3, F02=4)), two_raters
        )

    found = seen(clinic, clinic.supervisor, session)

    assert found.consensus.from_names == ("A. Okafor", "I. Marlowe")
    assert found.consensus.row.items["F02"] == mark(1, 4)
    assert {k: v for k, v in ratings(clinic).items() if k in before} == before
    assert not may_agree(found)


@pytest.fixture
def drawn(clinic, session):
    asked(clinic, clinic.supervisor, session, selection=Selection.RANDOM, reason=None)
    return rate_by(clinic, clinic.supervisor, session, whole(3))


def test_a_session_that_was_drawn_stays_so_for_a_second_rater_and_a_consensus(
    clinic, session, drawn
):
    ask(clinic, session, clinic.therapist2)
    second = rate_by(clinic, clinic.therapist2, session, whole(4))
    rate_by(clinic, clinic.therapist, session, whole(4))
    with clinic.writing(clinic.supervisor) as work:
        rated = opened(work, session)
        record_consensus(work, rated, RatingEntry(OWN_SET, whole(3)), {drawn, second})

    found = seen(clinic, clinic.supervisor, session)

    assert {each.row.role: each.row.selection for each in found.ratings} == {
        "self": None,
        "supervisor": "random",
        "independent": "random",
        "consensus": "random",
    }
    assert {each.selection for each in found.rated.requests} == {"random"}


def test_a_draw_that_was_taken_back_leaves_a_session_chosen(clinic, session):
    request = asked(clinic, clinic.supervisor, session, selection=Selection.RANDOM, reason=None)
    with clinic.writing(clinic.supervisor) as work:
        withdraw_request(work, opened(work, session), request, "no recording")
    ask(clinic, session, clinic.therapist2)
    rate_by(clinic, clinic.therapist2, session, whole(4))

    (found,) = seen(clinic, clinic.therapist2, session).ratings

    assert found.row.selection == "chosen"


def ratings(clinic):
    with clinic.reading() as work:
        rows = work.session.scalars(select(FidelityRating))
        return {row.id: (row.items, row.version) for row in rows}


# -- feedback


def test_feedback_is_sent_once_and_written_down(clinic, session, both):
    sent = send(clinic, session, both)
    before = contents(clinic.database)

    with pytest.raises(RuleBroken, match="sent once"):
        send(clinic, session, both)

    assert contents(clinic.database) == before
    row = audited(clinic, "rating.feedback_sent")[-1]
    assert row.details["feedback"] == str(sent)
    assert row.patient_id == clinic.course.patient_id


def test_feedback_says_at_least_one_thing(clinic, session, both):
    with pytest.raises(RuleBroken) as broken:
        send(clinic, session, both, FeedbackEntry(None, None))

    assert broken.value.field == "keep_doing"


def test_feedback_is_on_ones_own_rating_of_this_session(clinic, session, both):
    other = slots_of(clinic, clinic.course)[0]
    own = rating_of(clinic, clinic.therapist)

    for where, rating in ((other, both), (session, own)):
        with pytest.raises(AccessDenied):
            send(clinic, where, rating)


def rating_of(clinic, person):
    with clinic.reading() as work:
        own = select(FidelityRating.id).where(FidelityRating.rater_id == person.id)
        return work.session.scalars(own).one()


def test_a_therapist_sends_no_feedback(clinic, session, both):
    with pytest.raises(AccessDenied):
        send(clinic, session, both, who=clinic.therapist)


def test_feedback_waits_sealed_until_the_therapist_has_rated(clinic, session):
    rating = rate_by(clinic, clinic.supervisor, session, whole(2))
    sent = send(clinic, session, rating)

    found = seen(clinic, clinic.therapist, session)
    assert found.feedback_waits
    assert found.feedback == ()
    assert [each.is_sealed for each in to_read(clinic, clinic.therapist)] == [True]
    with pytest.raises(RuleBroken, match="Then feedback opens"):
        acknowledge(clinic, clinic.therapist, session, sent)

    rate_by(clinic, clinic.therapist, session, whole(4))
    found = seen(clinic, clinic.therapist, session)
    assert [each.row.keep_doing for each in found.feedback] == ["the pauses"]
    assert [each.is_sealed for each in to_read(clinic, clinic.therapist)] == [False]


@on_every_engine
def test_the_therapist_acknowledges_once_and_both_sides_see_it(clinic, session, sent):
    acknowledge(clinic, clinic.therapist, session, sent, "I will")

    for person in (clinic.therapist, clinic.supervisor):
        (found,) = seen(clinic, person, session).feedback
        assert (found.acknowledged_by, found.row.acknowledged_at) == ("R. Calder", clinic.now)
        assert found.row.answer == "I will"
    with pytest.raises(RuleBroken, match="already"):
        acknowledge(clinic, clinic.therapist, session, sent, "again")
    assert to_read(clinic, clinic.therapist) == ()
    assert len(audited(clinic, "rating.feedback_acknowledged")) == 1


def test_nobody_but_the_therapist_of_the_session_acknowledges(clinic, session, sent):
    with pytest.raises(RuleBroken, match="therapist of the session"):
        acknowledge(clinic, clinic.supervisor, session, sent)

    with clinic.reading() as work:
        assert work.session.get(RatingFeedback, sent).acknowledged_at is None


def test_feedback_of_another_session_is_not_acknowledged_here(clinic, session, sent):
    other = slots_of(clinic, clinic.course)[0]
    rate_by(clinic, clinic.therapist, other, whole(4))

    for feedback_id in (sent, None):
        with pytest.raises(RuleBroken, match="no such feedback"):
            acknowledge(clinic, clinic.therapist, other, feedback_id)


def audited(clinic, event):
    return [row for row in audit_rows(clinic.database) if row.event == event]


# -- lists


def test_a_supervisor_is_told_where_feedback_is_due_until_it_is_sent(clinic, session, both):
    (due,) = given(clinic, clinic.supervisor)
    assert (due.rated_id, due.code, due.people) == (session, clinic.course.code, ("R. Calder",))

    send(clinic, session, both)

    assert given(clinic, clinic.supervisor) == ()


def test_a_rating_of_long_ago_asks_for_no_feedback(clinic, session, both):
    for days, due in ((RECENT, 1), (RECENT + timedelta(seconds=1), 0)):
        later = replace(clinic, now=clinic.now + days, today=(clinic.now + days).date())
        assert len(given(later, clinic.supervisor)) == due


def test_nothing_is_due_on_sessions_of_somebody_who_is_not_supervised_any_more(clinic, both):
    with clinic.reading(clinic.supervisor) as work:
        alone = replace(work, actor=clinic.supervisor.actor())
        assert feedback_to_give(alone) == ()


def test_feedback_on_the_consensus_settles_the_session(clinic, session, two_raters):
    with clinic.writing(clinic.supervisor) as work:
        agreed = record_consensus(
            work, opened(work, session), RatingEntry(OWN_SET, whole(3)), two_raters
        ).id
    assert len(given(clinic, clinic.supervisor)) == 1

    send(clinic, session, agreed)

    assert given(clinic, clinic.supervisor) == ()


def test_a_therapist_who_took_the_course_over_reads_no_feedback_of_before(clinic, session, sent):
    with clinic.writing(clinic.therapist) as work:
        course = open_course(work, clinic.course.id, Permission.TRANSFER_COURSE)
        transfer(work, course, clinic.therapist2.id, clinic.today, "leave")

    assert to_read(clinic, clinic.therapist2) == ()
    assert [each.rated_id for each in to_read(clinic, clinic.therapist)] == [session]


@on_every_engine
def test_feedback_on_a_group_session_is_for_its_leaders(clinic):
    with clinic.writing(clinic.therapist) as work:
        ref = add_group(work, 2)
        meeting = add_meeting(work, ref, FIRST_DAY).id
    group = RatedKind.GROUP
    rating = rate_by(clinic, clinic.supervisor, meeting, whole(3), kind=group)

    (due,) = given(clinic, clinic.supervisor)
    assert (due.kind, due.rated_id, due.people) == (group, meeting, ("R. Calder",))
    with clinic.writing(clinic.supervisor) as work:
        rated = read_comparison_of(work, group, meeting)
        send_feedback(work, rated, rating, KEEP)
    (waits,) = to_read(clinic, clinic.therapist)
    assert (waits.kind, waits.people, waits.is_sealed) == (group, ("I. Marlowe",), True)
    assert to_read(clinic, clinic.therapist2) == ()


def read_comparison_of(work, kind, rated_id):
    return read_comparison(work, kind, rated_id).rated
