"""How much was seen: every session once, and drawn apart from chosen."""

from hypothesis import given
from hypothesis import strategies as st

from ipt_tracker.clinical.fidelity.coverage import (
    Cover,
    OnBasis,
    Seen,
    cover,
    cover_by_phase,
    on_each_basis,
)

FULL, RECALL = "full_recording", "recall"
RATINGS = st.tuples(
    st.sampled_from(["random", "chosen", "not_stated"]),
    st.sampled_from([FULL, RECALL, "not_stated"]),
)
SESSIONS = st.lists(
    st.builds(
        Seen,
        phase=st.sampled_from(["beginning", "middle", "other"]),
        ratings=st.lists(RATINGS, max_size=3).map(tuple),
    ),
    max_size=30,
)


def test_a_session_counts_once_however_often_it_was_rated():
    found = cover([Seen("middle", (("chosen", FULL), ("random", RECALL))), Seen("middle")])

    assert found == Cover(2, random=1, chosen=0, not_stated=0)
    assert found.rated == 1
    assert found.percent == 50


def test_without_any_session_there_is_no_percentage():
    assert cover([]).percent is None


def test_a_session_rated_on_two_bases_stands_with_both():
    found = on_each_basis([Seen("middle", (("chosen", FULL), ("random", RECALL)))], [FULL, RECALL])

    assert found == (OnBasis(FULL, 0, 1, 0), OnBasis(RECALL, 1, 0, 0))


def test_phases_stand_in_the_order_of_a_course_and_a_strange_one_last():
    found = cover_by_phase([Seen("x"), Seen("middle"), Seen("beginning")], ["beginning", "middle"])

    assert list(found) == ["beginning", "middle", "x"]


@given(SESSIONS)
def test_the_phases_add_up_to_the_whole(sessions):
    whole, parts = cover(sessions), cover_by_phase(sessions, ["beginning"]).values()

    assert whole.delivered == len(sessions) == sum(each.delivered for each in parts)
    assert (
        whole.rated == sum(each.rated for each in parts) == sum(bool(s.ratings) for s in sessions)
    )
    assert whole.random == sum(each.random for each in parts)


@given(SESSIONS)
def test_no_basis_counts_more_sessions_than_were_rated(sessions):
    for each in on_each_basis(sessions, [FULL]):
        own = sum(any(basis == each.basis for _, basis in s.ratings) for s in sessions)
        assert max(each.random, each.chosen, each.not_stated) <= own
