"""What ratings add up to: the stated formulas, one stratum at a time, and nothing sealed."""

from dataclasses import replace
from uuid import UUID

import pytest

from ipt_tracker.clinical.fidelity.agreement import bland_altman, icc, weighted_kappa
from ipt_tracker.clinical.fidelity.control_chart import control
from ipt_tracker.clinical.fidelity.item_set import own_item_set
from ipt_tracker.clinical.fidelity.profile import domain_profile, item_profile
from ipt_tracker.clinical.fidelity.summary import clustered, summary_of
from ipt_tracker.governance.access import AccessDenied, Permission, Role
from ipt_tracker.persistence.models import Assignment, RatingWaiver
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.fidelity.agreement_figures import rater_agreement, self_agreement
from ipt_tracker.services.fidelity.beside_outcome import course_beside
from ipt_tracker.services.fidelity.figure_pages import agreement_page
from ipt_tracker.services.fidelity.figures import (
    Stratum,
    chosen_stratum,
    figures_of,
    strata,
    therapist_figures,
)
from ipt_tracker.services.fidelity.rated_pairs import pair_strata
from ipt_tracker.services.fidelity.strata import Choice
from tests.factories.courses import add_course, add_session
from tests.factories.people import add_person
from tests.factories.rated import OWN_SET, fact, items, marks, rate, sealed, session, slots_of

ONE, SECOND = UUID(int=1), UUID(int=2)
RANDOM = Stratum("full_recording", "random")
CHOSEN = Stratum("full_recording", "chosen")
SETS = {OWN_SET: own_item_set()}
QUALITIES = ((4, 4, None), (3, 3, 3), (5, 4, 4), (2, 3, None), (3, 4, 3), (4, 4, 4))


def six_sessions():
    """Six rated sessions of three patients, two each."""
    return [
        session(fact(*each), owner=1 + place // 2, slot=place + 1)
        for place, each in enumerate(QUALITIES)
    ]


def figures(sessions, stratum=RANDOM, therapist=ONE):
    return figures_of(therapist, sessions, stratum, SETS)


def test_the_figures_of_a_therapist_are_the_stated_formulas_over_session_means():
    quality = [4.0, 3.0, 13 / 3, 2.5, 10 / 3, 4.0]
    adherence = [100 * (2 / 3), 100.0, 100.0, 100 * (2 / 3), 100.0, 100.0]

    found = figures(six_sessions())

    assert (found.delivered, found.rated, found.sealed, found.patients) == (6, 6, 0, 3)
    assert found.quality == summary_of(quality)
    assert found.adherence == summary_of(adherence)
    assert found.quality_clustered == clustered({1: quality[:2], 2: quality[2:4], 3: quality[4:]})
    assert found.control == control(quality)


def test_cases_domains_and_items_are_those_of_the_same_ratings():
    every = [items(*each) for each in QUALITIES]

    found = figures(six_sessions())

    assert [(case.code, case.rated) for case in found.cases] == [("C-1", 2), ("C-2", 2), ("C-3", 2)]
    assert found.cases[0].quality == summary_of([4.0, 3.0])
    assert found.profile.domains == domain_profile(every, own_item_set())
    assert found.profile.items == item_profile(every, own_item_set())


def test_a_figure_never_pools_two_bases_or_random_with_chosen_sessions():
    rows = [
        session(fact(5)),
        session(fact(1, selection="chosen"), slot=2),
        session(fact(1, basis="recall"), slot=3),
        session(fact(1, basis=None, selection="not_stated"), slot=4),
    ]

    found = figures(rows)

    assert (found.rated, found.quality.mean) == (1, 5.0)
    assert figures(rows, CHOSEN).quality.mean == 1.0
    assert len(strata(rows)) == 4


def test_only_the_course_supervisors_ratings_count_and_never_self_second_rater_or_consensus():
    others = [fact(1, role=role) for role in ("self", "independent", "consensus")]

    found = figures([session(fact(4), *others)])

    assert found.quality.mean == 4.0
    assert found.profile.ratings == 1


def test_two_supervisors_of_one_course_count_as_the_mean_of_their_session():
    both = session(fact(4), fact(2, rater_id=UUID(int=8)))

    assert figures([both]).quality == summary_of([3.0])


def test_the_stratum_with_most_sessions_is_shown_first_and_random_wins_a_tie():
    rows = [session(fact(3, selection="chosen")), session(fact(3), slot=2)]

    assert chosen_stratum(strata(rows)) == RANDOM
    assert chosen_stratum(strata([*rows, session(fact(3, selection="chosen"))])) == CHOSEN
    assert chosen_stratum(strata(rows), selection="chosen") == CHOSEN
    assert chosen_stratum(strata(rows), basis="live") == RANDOM
    assert chosen_stratum(()) is None


def test_a_sealed_rating_is_counted_and_used_for_nothing():
    rows = [session(fact(4)), session(sealed(), slot=2)]

    found = figures(rows)

    assert (found.rated, found.sealed, found.quality.n) == (1, 1, 1)
    assert [(each.rated, each.sealed) for each in strata(rows)] == [(1, 1)]


def test_a_group_session_counts_for_both_leaders_and_once_for_each():
    led = session(fact(4), therapists=frozenset({ONE, SECOND}))

    assert figures([led]).rated == figures([led], therapist=SECOND).rated == 1
    assert figures([led], therapist=UUID(int=3)).delivered == 0


def test_ratings_made_with_another_item_set_are_in_no_profile_with_these():
    rows = [session(fact(4)), session(fact(3), slot=2), session(fact(2, item_set="x@1"), slot=3)]

    found = figures(rows)

    assert (found.profile.ratings, found.profile.left_out) == (2, 1)
    assert found.rated == 3


def test_no_domain_is_the_weakest_before_five_ratings():
    rows = [session(fact(4, 4, 1), slot=slot) for slot in range(1, 6)]

    assert figures(rows[:4]).profile.weakest is None
    assert figures(rows).profile.weakest.domain == "focus"


def test_the_weakest_domain_is_named_only_where_its_interval_ends_below_the_next_one():
    rows = [session(fact(4, 4, 3 + slot % 2), slot=slot) for slot in range(1, 7)]

    assert figures(rows).profile.ranked[0].domain == "focus"
    assert figures(rows).profile.weakest is None


def pair(own, other, slot, first=None, basis="recall"):
    """Give a session rated by its therapist, on a basis of their own, and by the supervisor."""
    mine = fact(own, overall=own, role="self", rater_id=ONE, basis=basis, selection="not_stated")
    if first is not None:
        mine = replace(mine, first=marks(first, overall=first))
    return session(mine, fact(other, overall=other), slot=slot)


def test_self_is_set_beside_supervisor_as_both_were_first_submitted():
    given = [(4, 3), (4, 4), (5, 3), (3, 2), (2, 3)]
    rows = [pair(1, other, slot, first=own) for slot, (own, other) in enumerate(given, start=1)]

    found = self_agreement(rows, RANDOM)

    assert found.bland_altman == bland_altman(own - other for own, other in given)
    assert found.kappa.quadratic == weighted_kappa(given, range(1, 6))
    assert found.kappa.linear == weighted_kappa(given, range(1, 6), "linear")
    assert found.own_basis_words == "recall"


def test_self_ratings_of_another_basis_stand_apart_and_are_counted():
    rows = [pair(4, 3, 1), pair(4, 3, 2), pair(5, 1, 3, basis="full_recording")]

    found = self_agreement(rows, RANDOM)

    assert (found.bland_altman.n, found.bland_altman.bias, found.left_out) == (2, 1.0, 1)


def test_the_pairs_of_one_leader_of_a_group_are_their_own():
    rows = [
        session(
            fact(5, role="self", rater_id=ONE),
            fact(3, role="self", rater_id=SECOND),
            fact(3),
            therapists=frozenset({ONE, SECOND}),
        )
    ]

    assert self_agreement(rows, RANDOM).bland_altman.n == 2
    assert self_agreement(rows, RANDOM, SECOND).bland_altman.bias == 0.0


def two(one, other, slot, by=8, **differs):
    """Give a session rated by two supervisors."""
    facts = {"role": "independent", "rater_id": UUID(int=by), "code": f"SUP-{by}"}
    second = fact(other, **facts | {"rater_name": f"Rater {by}"} | differs)
    return session(second, fact(one), slot=slot)


def test_the_same_two_raters_agree_by_icc_a1_and_the_columns_are_their_codes_in_order():
    given = [(4, 3), (2, 2), (5, 4), (3, 3), (1, 2)]
    rows = [two(one, other, slot) for slot, (one, other) in enumerate(given, start=1)]

    found = rater_agreement(rows, RANDOM)

    assert not found.changing
    assert found.icc == icc(given)
    assert [each.names for each in found.pairs] == [("I. Marlowe", "Rater 8")]


def test_pairs_that_change_are_taken_one_way_and_each_pair_stands_by_itself():
    rows = [two(4, 3, 1), two(2, 2, 2), two(5, 4, 3, by=9), two(1, 1, 4, by=9)]

    found = rater_agreement(rows, RANDOM)

    assert found.changing
    assert found.icc.one_way == icc([(4, 3), (2, 2), (5, 4), (1, 1)]).one_way
    assert [each.n for each in found.pairs] == [2, 2]


def test_two_raters_of_two_bases_are_no_pair_and_one_chosen_makes_a_pair_chosen():
    rows = [two(4, 3, 1, basis="live"), two(4, 3, 2, selection="chosen")]

    assert rater_agreement(rows, RANDOM).n == 0
    assert rater_agreement(rows, CHOSEN).n == 1
    assert [each.stratum for each in pair_strata(rows)] == [CHOSEN]


def test_a_consensus_makes_no_pair_also_where_a_file_names_it_as_the_basis():
    other = fact(3, rater_id=UUID(int=8), role="independent", basis="consensus")
    rows = [session(fact(4, basis="consensus"), other, fact(4, role="self", rater_id=ONE))]

    assert pair_strata(rows) == ()


def test_a_session_opens_to_a_supervisors_figures_with_their_own_rating(clinic):
    first = slots_of(clinic, clinic.course)[0]
    newcomer = with_new_supervisor(clinic, first, 5)
    before = seen_by(clinic, newcomer)

    rate(clinic, first, newcomer, 3)
    after = seen_by(clinic, newcomer)

    assert (before.rated, before.sealed, before.quality.mean) == (0, 1, None)
    assert (after.rated, after.sealed, after.quality.mean) == (1, 0, 4.0)


def test_a_session_opens_to_a_supervisors_figures_with_their_waiver(clinic):
    first = slots_of(clinic, clinic.course)[0]
    newcomer = with_new_supervisor(clinic, first, 5)
    before = seen_by(clinic, newcomer)

    waive(clinic, first, newcomer)
    after = seen_by(clinic, newcomer)

    assert (before.rated, before.sealed, before.quality.mean) == (0, 1, None)
    assert (after.rated, after.sealed, after.quality.mean) == (1, 0, 5.0)


def with_new_supervisor(clinic, session_id, quality):
    """Let the supervisor have rated a session, and a second one supervise the course from today."""
    rate(clinic, session_id, clinic.supervisor, quality)
    with clinic.writing() as work:
        newcomer = add_person(work, "new@clinic.example", "K. Weiss", Role.SUPERVISOR)
        held = work.session.query(Assignment).filter_by(course_id=clinic.course.id).one()
        held.ended_on = clinic.today
        later = Assignment(
            course_id=held.course_id,
            therapist_id=held.therapist_id,
            supervisor_id=newcomer.id,
            started_on=clinic.today,
        )
        work.session.add(later)
    return newcomer


def seen_by(clinic, person):
    actor = person.actor(clinic.therapist)
    with replace(clinic.reading(person), actor=actor) as work:
        return therapist_figures(work, [clinic.therapist.id])[clinic.therapist.id]


def waive(clinic, session_id, person):
    with clinic.writing() as work:
        facts = {"account_id": person.id, "reason": "heard it", "waived_at": clinic.now}
        work.session.add(RatingWaiver(session_id=session_id, **facts))


def test_agreement_is_for_supervisors(clinic):
    for person in (clinic.therapist, clinic.admin):
        with clinic.reading(person) as work, pytest.raises(AccessDenied):
            agreement_page(work, Choice())


def beside(clinic, person=None):
    with clinic.reading(person or clinic.supervisor) as work:
        course = open_course(work, clinic.course.id, Permission.SEE_FIDELITY)
        return course_beside(work, course, Choice())


def test_a_course_shows_its_fidelity_beside_its_outcome_from_three_rated_sessions(clinic):
    sessions = slots_of(clinic, clinic.course)
    for each in sessions[:2]:
        rate(clinic, each, clinic.supervisor, 4)
    assert not beside(clinic).is_shown

    rate(clinic, sessions[2], clinic.supervisor, 3)
    found = beside(clinic)

    assert found.is_shown
    assert [each.quality for each in found.sessions] == [4.0, 4.0, 3.0]
    assert sum(phase.delivered for phase in found.phases) == found.delivered == 6
    assert sum(phase.rated for phase in found.phases) == 3
    assert sum(phase.change or 0 for phase in found.phases) == 33 - 58


def test_sessions_of_a_therapist_whom_the_viewer_may_not_see_are_left_out_and_counted(clinic):
    sessions = slots_of(clinic, clinic.course)
    for each in sessions:
        rate(clinic, each, clinic.therapist2, 4)
    with clinic.writing() as work:
        held = work.session.query(Assignment).filter_by(course_id=clinic.course.id).one()
        begun, held.started_on = held.started_on, clinic.today
        earlier = Assignment(
            course_id=held.course_id,
            therapist_id=clinic.therapist2.id,
            started_on=begun,
            ended_on=clinic.today,
        )
        work.session.add(earlier)

    found = beside(clinic, clinic.therapist)

    assert (found.delivered, found.elsewhere) == (0, 6)
    assert found.counts == ()


def test_another_course_of_the_same_therapist_is_not_mixed_in(clinic):
    with clinic.writing(clinic.therapist) as work:
        other = add_course(work, code="T-303", name="Nobody Else")
        another = add_session(work, other, held_on=clinic.today, number=1).id
    rate(clinic, another, clinic.supervisor, 4)

    assert (beside(clinic).delivered, beside(clinic).counts) == (6, ())
