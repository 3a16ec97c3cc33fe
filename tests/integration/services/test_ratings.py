"""Ratings: blind both ways, once, amended with what was there, agreed on in a third record."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select

from ipt_tracker.clinical.fidelity.codes import Selection
from ipt_tracker.clinical.fidelity.marks import MarksRefused, mark
from ipt_tracker.clinical.fidelity.rating import as_first_submitted
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import AccessDenied, Permission, Role
from ipt_tracker.persistence.models import (
    Course,
    FidelityRating,
    RatingAmendment,
    RatingRequest,
    RatingWaiver,
)
from ipt_tracker.services.fidelity.blind import beside, opened, own_rating, role_of
from ipt_tracker.services.fidelity.doors import RatedKind, open_rated
from ipt_tracker.services.fidelity.rating_amendments import (
    amend_rating,
    entry_of,
    open_own_rating,
)
from ipt_tracker.services.fidelity.ratings import (
    AlreadyRated,
    AlreadyWaived,
    record_consensus,
    submit_rating,
    waive,
)
from ipt_tracker.services.fidelity.takeover import sealed_before, waive_before
from ipt_tracker.services.unit_of_work import ChangedMeanwhile
from tests.factories.groups import add_group, add_meeting
from tests.factories.people import add_person
from tests.factories.rated import rate, slots_of
from tests.factories.ratings import WHOLE, asked, entry, marked, rated, submitted
from tests.factories.stores import on_every_engine
from tests.factories.tables import audit_rows

FLAGS = {"Z01": False, "Z02": False, "Z03": False}


@pytest.fixture
def one(clinic):
    return slots_of(clinic, clinic.course)[2]


def row_of(clinic, rating_id):
    with clinic.reading() as work:
        return work.session.get(FidelityRating, rating_id)


def amendments_of(clinic, rating_id):
    wanted = select(RatingAmendment).where(RatingAmendment.rating_id == rating_id)
    with clinic.reading() as work:
        return list(work.session.scalars(wanted.order_by(RatingAmendment.place)))


def events(clinic, name):
    return [each for each in audit_rows(clinic.database) if each.event == name]


def sees(clinic, person, session_id):
    with clinic.reading(person) as work:
        found = rated(work, session_id)
        return opened(work, found), len(beside(work, found).ratings), beside(work, found).sealed


# -- submitting


@on_every_engine
def test_a_rating_is_kept_whole_with_who_rated_as_what_and_its_audit(clinic, one):
    flags = {"Z02": True}
    items = marked(F03=mark(0.5, 2), F06=mark(0), F08=mark(None))

    made = submitted(clinic, clinic.supervisor, one, items=items, proscribed=flags, remark="warm")

    row = row_of(clinic, made)
    assert (row.role, row.rater_id, row.selection) == ("supervisor", clinic.supervisor.id, "chosen")
    assert (row.session_id, row.group_session_id, row.rated_on) == (one, None, clinic.today)
    assert (row.basis, row.item_set, row.remark) == ("full_recording", "ipt-tracker-14@1", "warm")
    assert row.items["F03"] == {"d": 0.5, "q": 2}
    assert row.items["F06"] == {"d": 0, "q": None}
    assert row.items["F08"] == {"d": None, "q": None}
    assert row.proscribed == FLAGS | flags
    last = audit_rows(clinic.database)[-1]
    assert (last.event, last.subject_id) == ("rating.submitted", str(one))
    assert last.details["role"] == "supervisor"
    assert "warm" not in str(last.details)


def test_the_role_follows_from_who_rates(clinic, one):
    asked(clinic, clinic.therapist2, one)

    roles = {}
    for person in (clinic.therapist, clinic.supervisor, clinic.therapist2):
        with clinic.reading(person) as work:
            roles[person.name] = role_of(work, rated(work, one)).value

    assert roles == {"R. Calder": "self", "I. Marlowe": "supervisor", "A. Okafor": "independent"}


def test_the_selection_is_that_of_the_request_and_a_self_rating_has_none(clinic, one):
    request = asked(clinic, clinic.supervisor, one, selection=Selection.RANDOM, reason=None)
    own = row_of(clinic, submitted(clinic, clinic.therapist, one, basis="recall"))
    by_supervisor = row_of(clinic, submitted(clinic, clinic.supervisor, one))

    assert (own.selection, own.request_id, own.rater) == (None, None, "self")
    assert (by_supervisor.selection, by_supervisor.request_id) == ("random", request)


@on_every_engine
def test_nobody_sees_another_rating_before_their_own_is_in_and_everybody_after(clinic, one):
    submitted(clinic, clinic.therapist, one, basis="recall")
    assert sees(clinic, clinic.therapist, one) == (True, 1, 0)
    assert sees(clinic, clinic.supervisor, one) == (False, 0, 1)

    submitted(clinic, clinic.supervisor, one)

    assert sees(clinic, clinic.supervisor, one) == (True, 2, 0)
    assert sees(clinic, clinic.therapist, one) == (True, 2, 0)


def test_an_imported_rating_by_the_same_person_is_their_rating(clinic, one):
    rate(clinic, one, clinic.supervisor, 3, submitted_at=None)

    with clinic.writing(clinic.supervisor) as work, pytest.raises(AlreadyRated):
        submit_rating(work, rated(work, one), entry())


@on_every_engine
def test_of_two_windows_that_submit_at_once_one_rating_is_kept(clinic, one):
    def submit(overall):
        try:
            return submitted(clinic, clinic.supervisor, one, global_competence=overall)
        except AlreadyRated:
            return None

    with ThreadPoolExecutor(4) as windows:
        made = [each for each in windows.map(submit, (1, 2, 3, 4)) if each]

    with clinic.reading() as work:
        kept = work.session.scalars(select(FidelityRating.id)).all()
    assert list(kept) == made
    assert len(made) == 1


def test_a_rating_that_is_not_whole_keeps_nothing(clinic, one):
    before = len(audit_rows(clinic.database))

    with pytest.raises(MarksRefused) as refused:
        submitted(clinic, clinic.supervisor, one, items=marked(F02=mark(1)), alliance=None)

    assert [each.field for each in refused.value.faults] == ["items.F02", "alliance"]
    assert len(audit_rows(clinic.database)) == before
    assert sees(clinic, clinic.supervisor, one) == (False, 0, 0)


@pytest.mark.parametrize("basis", ["full_recording", "part_recording", "transcript"])
def test_a_session_whose_patient_refused_recording_is_not_rated_from_one(clinic, one, basis):
    with clinic.writing() as work:
        work.session.get(Course, clinic.course.id).recording_consent = False

    with pytest.raises(MarksRefused) as refused:
        submitted(clinic, clinic.supervisor, one, basis=basis, portion="all", minutes_heard=40)

    assert refused.value.message.startswith("Recording was not agreed to")
    assert submitted(clinic, clinic.supervisor, one, basis="live")


@pytest.mark.parametrize("consent", [True, None])
def test_recording_that_nobody_refused_is_a_basis(clinic, one, consent):
    with clinic.writing() as work:
        work.session.get(Course, clinic.course.id).recording_consent = consent

    assert submitted(clinic, clinic.supervisor, one)


@on_every_engine
def test_one_member_who_refused_recording_keeps_the_group_from_a_recording(clinic):
    with clinic.writing(clinic.therapist) as work:
        group = add_group(work, 2)
        meeting = add_meeting(work, group, clinic.today).id
        work.session.get(Course, group.courses[1]).recording_consent = False

    with clinic.writing(clinic.supervisor) as work:
        found = rated(work, meeting, RatedKind.GROUP)
        with pytest.raises(MarksRefused):
            submit_rating(work, found, entry())
        made = submit_rating(work, found, entry(basis="live"))
        assert (made.session_id, made.group_session_id) == (None, meeting)


# -- giving up


@on_every_engine
def test_giving_up_opens_the_others_and_closes_ones_own_for_good(clinic, one):
    submitted(clinic, clinic.therapist, one, basis="recall")

    with clinic.writing(clinic.supervisor) as work:
        waive(work, rated(work, one), "took over the course")

    assert sees(clinic, clinic.supervisor, one) == (True, 1, 0)
    with clinic.writing(clinic.supervisor) as work:
        with pytest.raises(AlreadyWaived):
            submit_rating(work, rated(work, one), entry())
        with pytest.raises(AlreadyWaived):
            waive(work, rated(work, one), "again")
    (kept,) = events(clinic, "rating.waived")
    assert kept.details == {"role": "supervisor"}


def test_giving_up_needs_a_reason_and_a_rating_that_is_not_in(clinic, one):
    with clinic.writing(clinic.supervisor) as work:
        with pytest.raises(RuleBroken, match="Say why"):
            waive(work, rated(work, one), None)
        submit_rating(work, rated(work, one), entry())
        with pytest.raises(AlreadyRated):
            waive(work, rated(work, one), "no time")


@on_every_engine
def test_a_second_rater_who_hands_it_back_sees_nothing_and_comes_in_no_more(clinic, one):
    request = asked(clinic, clinic.therapist2, one)
    submitted(clinic, clinic.therapist, one, basis="recall")

    with clinic.writing(clinic.therapist2) as work:
        waive(work, rated(work, one), "I know the patient")

    with clinic.reading() as work:
        assert work.session.scalars(select(RatingWaiver)).all() == []
        row = work.session.get(RatingRequest, request)
        assert (row.withdrawn_at, row.withdrawn_reason) == (clinic.now, "I know the patient")
    with clinic.reading(clinic.therapist2) as work, pytest.raises(AccessDenied):
        rated(work, one)


@on_every_engine
def test_taking_over_supervision_opens_what_was_rated_before_a_day_and_nothing_else(clinic):
    first, second, third, *_ = slots_of(clinic, clinic.course)
    with clinic.writing() as work:
        before = add_person(work, "before@clinic.example", "K. Weiss", Role.SUPERVISOR)
    for each in (first, second):
        rate(clinic, each, before, 3, 4)
    day = date(2026, 1, 14)  # the day of the second session

    with clinic.writing(clinic.supervisor) as work:
        found = sealed_before(work, clinic.therapist.id, day)
        assert [each.id for each in found] == [first]
        with pytest.raises(RuleBroken, match="Say why"):
            waive_before(work, clinic.therapist.id, day, None, 1)
        with pytest.raises(RuleBroken, match="another than the one you saw"):
            waive_before(work, clinic.therapist.id, day, "took over", 2)
        assert waive_before(work, clinic.therapist.id, day, "took over", 1) == 1
        with pytest.raises(RuleBroken, match="sealed to you"):
            waive_before(work, clinic.therapist.id, day, "took over", 0)

    assert sees(clinic, clinic.supervisor, first) == (True, 1, 0)
    assert sees(clinic, clinic.supervisor, second) == (False, 0, 1)
    assert sees(clinic, clinic.supervisor, third) == (False, 0, 0)
    (kept,) = events(clinic, "rating.waived")
    assert kept.details["sessions"] == [str(first)]


def test_only_who_supervises_the_therapist_takes_over(clinic):
    for person, therapist in (
        (clinic.supervisor, clinic.therapist2),
        (clinic.therapist, clinic.therapist2),
        (clinic.admin, clinic.therapist),
    ):
        with clinic.writing(person) as work, pytest.raises(AccessDenied):
            waive_before(work, therapist.id, clinic.today, "took over", 0)


# -- amending


def amend(clinic, rating_id, marks, reason="heard it again", seen_version=None):
    """Amend a rating of the supervisor's."""
    with clinic.writing(clinic.supervisor) as work:
        found, rating = open_own_rating(work, rating_id)
        seen = rating.version if seen_version is None else seen_version
        return amend_rating(work, found, rating, marks, reason, seen_version=seen)


@on_every_engine
def test_each_changed_mark_keeps_what_it_was_and_leads_back_to_what_was_submitted(clinic, one):
    made = submitted(clinic, clinic.supervisor, one)
    first = row_of(clinic, made)
    values = {"items": first.items, "proscribed": first.proscribed, "alliance": first.alliance}
    changed = replace(
        WHOLE,
        items=marked(F03=mark(0), F05=mark(1, 5)),
        proscribed={"Z01": True},
        alliance=2,
        basis="part_recording",
        portion="the end",
        minutes_heard=12,
    )

    fields = amend(clinic, made, changed)
    amend(clinic, made, replace(changed, alliance=5), "misread")

    expected = (
        *("items.F03.d", "items.F03.q", "items.F05.q", "proscribed.Z01", "alliance"),
        *("basis", "portion", "minutes_heard"),
    )
    kept, now = amendments_of(clinic, made), row_of(clinic, made)
    assert fields == expected
    assert [each.place for each in kept] == list(range(1, 10))
    assert [each.field for each in kept] == [*expected, "alliance"]
    assert [(each.old, each.new) for each in kept[:3]] == [(1, 0), (3, None), (3, 5)]
    assert {each.reason for each in kept} == {"heard it again", "misread"}
    assert (now.items["F03"], now.alliance) == ({"d": 0, "q": None}, 5)
    assert (now.proscribed["Z01"], now.basis) == (True, "part_recording")
    standing = {"items": now.items, "proscribed": now.proscribed, "alliance": now.alliance}
    assert as_first_submitted(standing, kept) == values
    last = audit_rows(clinic.database)[-1]
    assert (last.event, last.details["fields"]) == ("rating.amended", ["alliance"])


@pytest.mark.parametrize(
    ("changes", "reason", "says"),
    [
        ({}, "again", "Nothing is changed"),
        ({"alliance": 5}, None, "Say why"),
        ({"alliance": 5}, "", "Say why"),
        ({"items": marked(F03=mark(0, 3))}, "again", "Quality is for what was delivered"),
        ({"items": marked(F03=mark(1))}, "again", "Give a quality"),
        ({"basis": "part_recording"}, "again", "Say how many minutes"),
    ],
)
def test_an_amendment_obeys_the_rules_and_says_why(clinic, one, changes, reason, says):
    made = submitted(clinic, clinic.supervisor, one)

    with pytest.raises(RuleBroken) as broken:
        amend(clinic, made, replace(WHOLE, **changes), reason)

    assert broken.value.message.startswith(says)
    assert amendments_of(clinic, made) == []


def test_taking_an_item_out_of_a_rating_is_refused(clinic, one):
    made = submitted(clinic, clinic.supervisor, one)
    items = {code: item for code, item in WHOLE.items.items() if code != "F04"}

    with pytest.raises(MarksRefused):
        amend(clinic, made, replace(WHOLE, items=items))


def test_what_a_file_left_open_need_not_be_filled_in_to_amend_the_rest(clinic, one):
    made = rate(clinic, one, clinic.supervisor, 3, 4, overall=3, submitted_at=None)
    marks = entry_of(row_of(clinic, made)).marks

    fields = amend(clinic, made, replace(marks, global_competence=4))

    assert fields == ("global_competence",)
    assert row_of(clinic, made).alliance is None


def test_a_rating_that_was_amended_meanwhile_is_not_written_over(clinic, one):
    made = submitted(clinic, clinic.supervisor, one)
    amend(clinic, made, replace(WHOLE, alliance=5))

    with pytest.raises(ChangedMeanwhile):
        amend(clinic, made, replace(WHOLE, alliance=1), seen_version=1)


def test_only_the_rater_amends_a_rating(clinic, one):
    made = submitted(clinic, clinic.supervisor, one)

    for person in (clinic.therapist, clinic.therapist2, clinic.admin):
        with clinic.writing(person) as work, pytest.raises(AccessDenied):
            open_own_rating(work, made)
    with clinic.writing(clinic.therapist) as work:
        found, row = rated(work, one), work.session.get(FidelityRating, made)
        with pytest.raises(AccessDenied):
            amend_rating(work, found, row, WHOLE, "mine", seen_version=row.version)
    with clinic.writing(clinic.supervisor) as work, pytest.raises(AccessDenied):
        open_own_rating(work, uuid4())


# -- a consensus


@pytest.fixture
def both(clinic, one):
    """Give the ratings of the supervisor and of a second rater, and the self-rating."""
    asked(clinic, clinic.therapist2, one)
    return (
        submitted(clinic, clinic.supervisor, one, global_competence=2),
        submitted(clinic, clinic.therapist2, one, global_competence=4),
        submitted(clinic, clinic.therapist, one, basis="recall"),
    )


def agree(clinic, one, ids, person=None, **differs):
    with clinic.writing(person or clinic.supervisor) as work:
        return record_consensus(work, rated(work, one), entry(**differs), ids).id


@on_every_engine
def test_a_consensus_is_a_third_record_and_the_first_ratings_stay(clinic, one, both):
    made = row_of(clinic, agree(clinic, one, both[:2], remark="talked it over"))

    assert made.role == "consensus"
    assert made.agreed_from == sorted(map(str, both[:2]))
    assert made.selection == "chosen"
    assert [row_of(clinic, each).global_competence for each in both[:2]] == [2, 4]
    assert amendments_of(clinic, both[0]) == []
    assert audit_rows(clinic.database)[-1].event == "rating.consensus_recorded"
    with clinic.reading(clinic.supervisor) as work:
        assert own_rating(work, rated(work, one)).id == both[0]


def test_a_consensus_may_be_amended_and_is_recorded_once(clinic, one, both):
    made = agree(clinic, one, both[:2])

    fields = amend(clinic, made, replace(WHOLE, alliance=5))

    assert fields == ("alliance",)
    with pytest.raises(RuleBroken, match="consensus of this session already"):
        agree(clinic, one, both[:2])


def test_a_consensus_needs_two_ratings_by_others_than_the_therapist(clinic, one, both):
    for ids, says in (
        ([], "two raters"),
        (both[:1], "two raters"),
        ((both[0], both[2]), "others than its therapist"),
        ((both[0], uuid4()), "others than its therapist"),
    ):
        with pytest.raises(RuleBroken, match=says):
            agree(clinic, one, ids)


def test_ratings_with_different_item_sets_come_to_no_consensus(clinic, one, both):
    with clinic.writing() as work:
        work.session.get(FidelityRating, both[1]).item_set = "another@1"

    with pytest.raises(RuleBroken, match="different item sets"):
        agree(clinic, one, both[:2])


def test_who_has_not_opened_the_ratings_records_no_consensus(clinic, one):
    second = asked(clinic, clinic.therapist2, one)
    assert second
    rating = submitted(clinic, clinic.therapist2, one)

    with pytest.raises(RuleBroken, match="Submit your own rating first"):
        agree(clinic, one, [rating])


@pytest.mark.parametrize("who", ["therapist", "therapist2"])
def test_only_a_supervisor_records_a_consensus(clinic, one, both, who):
    with pytest.raises(AccessDenied):
        agree(clinic, one, both[:2], getattr(clinic, who))


def test_a_second_rater_reaches_the_form_and_no_other_permission(clinic, one):
    asked(clinic, clinic.therapist2, one)

    with clinic.reading(clinic.therapist2) as work:
        assert rated(work, one).id == one
        for permission in (Permission.SUPERVISE, Permission.SEE_FIDELITY):
            with pytest.raises(AccessDenied):
                open_rated(work, RatedKind.SESSION, one, permission)
        with pytest.raises(AccessDenied):
            rated(work, slots_of(clinic, clinic.course)[0])
