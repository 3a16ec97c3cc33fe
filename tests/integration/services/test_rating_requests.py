"""Who can be asked to rate which session, until when, and what stands in their own list."""

from datetime import timedelta
from uuid import uuid4

import pytest

from ipt_tracker.clinical.fidelity.codes import RaterRole, Selection
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import AccessDenied, Permission, Role
from ipt_tracker.persistence.models import Account, RatingRequest, SessionRecord
from ipt_tracker.services.fidelity.doors import RatedKind, open_rated
from ipt_tracker.services.fidelity.own_ratings import own_ratings
from ipt_tracker.services.fidelity.ratings import waive
from ipt_tracker.services.fidelity.requests import (
    ask_for_rating,
    open_requests,
    raters,
    withdraw_request,
)
from tests.factories.people import add_person
from tests.factories.rated import slots_of
from tests.factories.ratings import asked, rated, submitted
from tests.factories.stores import on_every_engine
from tests.factories.tables import audit_rows

DAY = timedelta(days=1)


@pytest.fixture
def one(clinic):
    return slots_of(clinic, clinic.course)[2]


def waiting(clinic, person):
    with clinic.reading(person) as work:
        return open_requests(work, person.id)


def withdraw(clinic, one, request_id, reason="not needed", person=None):
    with clinic.writing(person or clinic.supervisor) as work:
        found = open_rated(work, RatedKind.SESSION, one, Permission.SUPERVISE)
        withdraw_request(work, found, request_id, reason)


@on_every_engine
def test_a_request_stands_in_the_list_of_who_was_asked_and_in_no_other(clinic, one):
    due = clinic.today + 7 * DAY
    request = asked(clinic, clinic.therapist2, one, due_on=due, reason="off track")

    (found,) = waiting(clinic, clinic.therapist2)

    assert (found.request_id, found.rated_id, found.kind) == (request, one, RatedKind.SESSION)
    assert (found.code, found.number, found.phase) == ("T-101", 3, "beginning")
    assert (found.due_on, found.asked_by, found.role) == (due, "I. Marlowe", "independent")
    assert found.reason is None  # a second rater is told nothing of the course
    assert waiting(clinic, clinic.therapist) == ()
    assert audit_rows(clinic.database)[-1].event == "rating.asked"


def test_a_supervisor_reads_why_the_session_was_chosen(clinic, one):
    asked(clinic, clinic.supervisor, one, reason="off track")

    (found,) = waiting(clinic, clinic.supervisor)

    assert (found.role, found.reason) == ("supervisor", "off track")


@on_every_engine
def test_the_first_due_stands_first_and_one_without_a_day_last(clinic):
    sessions = slots_of(clinic, clinic.course)[:3]
    for each, due in zip(sessions, (None, 9, 2), strict=True):
        day = due and clinic.today + due * DAY
        asked(clinic, clinic.therapist2, each, due_on=day)

    found = [each.rated_id for each in waiting(clinic, clinic.therapist2)]

    assert found == [sessions[2], sessions[1], sessions[0]]


@on_every_engine
def test_what_is_rated_given_up_withdrawn_or_struck_waits_no_more(clinic):
    first, second, third, fourth, *_ = slots_of(clinic, clinic.course)
    for each in (first, second, third, fourth):
        asked(clinic, clinic.supervisor, each)
    submitted(clinic, clinic.supervisor, first)
    with clinic.writing(clinic.supervisor) as work:
        waive(work, rated(work, second), "heard it live")
    request = next(e for e in waiting(clinic, clinic.supervisor) if e.rated_id == third)
    withdraw(clinic, third, request.request_id)
    with clinic.writing() as work:
        work.session.get(SessionRecord, fourth).attendance = "entered_in_error"

    assert waiting(clinic, clinic.supervisor) == ()


@pytest.mark.parametrize(
    ("who", "differs", "says"),
    [
        ("therapist", {}, "R. Calder gave this session"),
        ("admin", {}, "Choose who is to rate it"),
        ("therapist2", {"reason": None}, "Say why this session was chosen"),
        ("therapist2", {"due_on": -1}, "Choose today or a later day"),
    ],
)
def test_who_cannot_rate_it_is_not_asked(clinic, one, who, differs, says):
    if "due_on" in differs:
        differs = {"due_on": clinic.today - DAY}

    with pytest.raises(RuleBroken) as broken:
        asked(clinic, getattr(clinic, who), one, **differs)

    assert broken.value.message.startswith(says)


def test_nobody_and_somebody_who_left_cannot_be_asked(clinic, one):
    with clinic.writing() as work:
        work.session.get(Account, clinic.therapist2.id).enabled = False
    with clinic.writing(clinic.supervisor) as work:
        found = rated(work, one)
        for rater in (None, uuid4(), clinic.therapist2.id):
            with pytest.raises(RuleBroken, match="Choose who"):
                ask_for_rating(
                    work, found, rater, RaterRole.INDEPENDENT, Selection.RANDOM, None, None
                )
        assert [name for _, name in raters(work, found)] == ["I. Marlowe"]


def test_one_is_asked_once_and_not_after_rating_or_giving_up(clinic, one):
    asked(clinic, clinic.supervisor, one)
    with pytest.raises(RuleBroken, match="is asked to rate this session already"):
        asked(clinic, clinic.supervisor, one)
    submitted(clinic, clinic.supervisor, one)
    with pytest.raises(RuleBroken, match="has rated this session already"):
        asked(clinic, clinic.supervisor, one)

    other = slots_of(clinic, clinic.course)[0]
    with clinic.writing(clinic.supervisor) as work:
        waive(work, rated(work, other), "heard it live")
    with pytest.raises(RuleBroken, match="gave up rating"):
        asked(clinic, clinic.supervisor, other)


@pytest.mark.parametrize(
    ("who", "role", "says"),
    [
        ("therapist2", RaterRole.SUPERVISOR, "does not supervise this therapist"),
        ("supervisor", RaterRole.INDEPENDENT, "supervises this therapist"),
    ],
)
def test_somebody_is_asked_as_what_they_are_to_the_therapist(clinic, one, who, role, says):
    rater = getattr(clinic, who).id
    with clinic.writing(clinic.supervisor) as work, pytest.raises(RuleBroken, match=says):
        ask_for_rating(work, rated(work, one), rater, role, Selection.RANDOM, None, None)


def test_a_supervisor_who_supervises_somebody_else_is_a_second_rater(clinic, one):
    with clinic.writing() as work:
        other = add_person(work, "other@clinic.example", "K. Weiss", Role.SUPERVISOR)

    asked(clinic, other, one)

    (found,) = waiting(clinic, other)
    assert found.role == "independent"


@on_every_engine
def test_a_request_is_taken_back_with_a_reason_and_not_once_it_is_rated(clinic, one):
    request = asked(clinic, clinic.therapist2, one)
    with pytest.raises(RuleBroken, match="Say why"):
        withdraw(clinic, one, request, "")
    withdraw(clinic, one, request, "on leave")
    with clinic.reading() as work:
        assert work.session.get(RatingRequest, request).withdrawn_reason == "on leave"
    assert audit_rows(clinic.database)[-1].event == "rating.request_withdrawn"
    with pytest.raises(AccessDenied):
        withdraw(clinic, one, request)

    again = asked(clinic, clinic.therapist2, one)
    submitted(clinic, clinic.therapist2, one)
    with pytest.raises(RuleBroken, match="rated already"):
        withdraw(clinic, one, again)


def test_only_a_supervisor_of_the_therapist_asks(clinic, one):
    who, second = clinic.therapist2.id, RaterRole.INDEPENDENT
    with clinic.writing(clinic.therapist) as work:
        found = rated(work, one)
        with pytest.raises(AccessDenied):
            ask_for_rating(work, found, who, second, Selection.RANDOM, None, None)
    other = slots_of(clinic, clinic.course2)[0]
    with clinic.reading(clinic.supervisor) as work, pytest.raises(AccessDenied):
        open_rated(work, RatedKind.SESSION, other, Permission.SUPERVISE)


@on_every_engine
def test_the_list_of_a_therapist_has_own_recent_sessions_without_a_self_rating(clinic):
    sessions = slots_of(clinic, clinic.course)  # the last on 18 February, four weeks ago at most
    submitted(clinic, clinic.therapist, sessions[-1], basis="recall")

    with clinic.reading(clinic.therapist) as work:
        found = own_ratings(work)

    assert [each.id for each in found.unrated] == [sessions[-2]]
    assert [each.of.id for each in found.submitted] == [sessions[-1]]
    assert found.submitted[0].is_open
    with clinic.reading(clinic.supervisor) as work:
        assert own_ratings(work).unrated == ()


def test_a_rating_whose_session_is_out_of_reach_is_named_and_leads_nowhere(clinic, one):
    asked(clinic, clinic.therapist2, one)
    submitted(clinic, clinic.therapist2, one)
    with clinic.writing() as work:
        for each in work.session.query(RatingRequest):
            each.withdrawn_at, each.withdrawn_reason = clinic.now, "by mistake"

    with clinic.reading(clinic.therapist2) as work:
        (found,) = own_ratings(work).submitted

    assert (found.of.code, found.is_open) == ("T-101", False)
