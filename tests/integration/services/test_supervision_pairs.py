"""Which ratings of one session are compared with each other."""

from datetime import date
from uuid import UUID, uuid4

import pytest

from ipt_tracker.services.fidelity.doors import RatedKind
from ipt_tracker.services.fidelity.facts import RatedSession, RatingFact
from ipt_tracker.services.supervision_pairs import double_rated, self_pairs
from ipt_tracker.services.supervision_seen import by_therapist, domain_quality, seen_of

FIRST, SECOND = UUID(int=1), UUID(int=2)


def rating(code, quality, role="supervisor", **more):
    items = {"F01": {"d": 1, "q": quality}, "F99": {"d": 1, "q": quality}}
    marks = {"items": items, "proscribed": {}, "global_competence": quality, "alliance": None}
    facts = {
        "id": uuid4(),
        "role": role,
        "rater_id": uuid4(),
        "rater_name": code,
        "code": code,
        "by_case_supervisor": role == "supervisor",
        "basis": "full_recording",
        "selection": "random",
        "item_set": "small@1",
        "rated_on": date(2026, 1, 5),
        "now": marks,
        "first": marks,
    }
    return RatingFact(**facts | more)


def group_session(*ratings, therapists=(FIRST, SECOND), slot=3):
    return RatedSession(
        kind=RatedKind.GROUP,
        id=uuid4(),
        owner=UUID(int=9),
        ref="G-1",
        code="G-1",
        slot=slot,
        number=slot,
        session_kind="group",
        phase="middle",
        held_on=date(2026, 1, 4),
        therapists=frozenset(therapists),
        ratings=ratings,
    )


def test_two_leaders_who_rated_themselves_make_two_pairs_with_the_supervisor():
    both = group_session(
        rating("TH-1", 4, "self", rater_id=FIRST),
        rating("TH-2", 5, "self", rater_id=SECOND),
        rating("SUP-1", 3),
    )

    assert sorted(pair.difference for pair in self_pairs([both])) == [1.0, 2.0]
    assert {pair.overall for pair in self_pairs([both])} == {(4, 3), (5, 3)}


def test_a_rating_by_somebody_who_did_not_lead_is_no_self_rating_of_it():
    session = group_session(rating("TH-3", 4, "self", rater_id=UUID(int=3)), rating("SUP-1", 3))

    assert self_pairs([session]) == ()


def test_without_a_quality_or_a_global_rating_there_is_nothing_to_compare():
    nothing = {"items": {}, "proscribed": {}, "global_competence": None, "alliance": None}
    session = group_session(
        rating("TH-1", 4, "self", rater_id=FIRST), rating("SUP-1", 3, first=nothing)
    )

    (pair,) = self_pairs([session])

    assert (pair.difference, pair.overall) == (None, None)


def test_of_two_ratings_by_one_rater_the_first_counts_and_makes_no_pair_alone():
    twice = [rating("SUP-1", 2), rating("SUP-1", 5)]

    assert double_rated([group_session(*twice)]) == ()
    (found,) = double_rated([group_session(*twice, rating("SUP-2", 3, "independent"))])
    assert (found.raters, found.quality) == (("SUP-1", "SUP-2"), (2.0, 3.0))


def test_the_columns_are_the_codes_of_the_raters_in_order_whoever_rated_first():
    (found,) = double_rated([group_session(rating("SUP-2", 4), rating("SUP-1", 3))])

    assert (found.raters, found.quality) == (("SUP-1", "SUP-2"), (3.0, 4.0))


@pytest.mark.parametrize("more", [{"role": "consensus"}, {"basis": "consensus"}])
def test_a_consensus_is_in_no_agreement(more):
    agreed = rating("SUP-2", 5, **{"role": "independent"} | more)

    assert double_rated([group_session(rating("SUP-1", 3), agreed)]) == ()


def test_what_one_supervisor_rated_twice_is_one_session_with_the_mean():
    seen = seen_of([group_session(rating("SUP-1", 2), rating("SUP-1", 5))])

    assert (seen.quality.n, seen.quality.mean, len(seen.sessions)) == (1, 3.5, 1)


def test_a_session_without_quality_is_no_point_and_moves_no_name():
    nothing = {"items": {}, "proscribed": {}, "global_competence": None, "alliance": None}
    rated = [rating("SUP-1", 4) for _ in range(10)]
    rated[2] = rating("SUP-1", 3, now=nothing)
    rated[8] = rating("SUP-1", 1)

    seen = seen_of([group_session(each, slot=n) for n, each in enumerate(rated, start=1)])

    assert (seen.control.points, seen.outside) == (9, [["G-1", 9]])
    assert (len(seen.sessions), seen.quality.n, seen.adherence.n) == (10, 9, 9)


def test_a_group_session_is_in_the_figures_of_both_leaders():
    found = by_therapist([group_session(rating("SUP-1", 2))], {FIRST: "TH-1", SECOND: "TH-2"})

    assert {code: seen.quality.mean for code, seen in found.items()} == {"TH-1": 2.0, "TH-2": 2.0}


def test_an_item_that_its_set_does_not_know_is_in_no_domain():
    found = domain_quality([group_session(rating("SUP-1", 2))], {"small@1": {"F01": "focus"}})

    assert (found["focus"].n, found["focus"].mean) == (1, 2.0)
