"""The draw: the same everywhere and for ever, as random as it says, and never twice."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipt_tracker.clinical.course.phases import Phase
from ipt_tracker.clinical.fidelity.sampling import (
    Delivered,
    Plan,
    Stratum,
    below_the_fewest,
    check_plan,
    check_seed,
    draw,
    lot,
    quotas,
)
from ipt_tracker.clinical.rules import RuleBroken

PHASES = ("beginning", "middle", "middle", "termination")
FORTY = tuple(
    Delivered(f"session:{n:04}", f"course-{n % 5}", PHASES[n % 4], n < 6, n % 5 == 0)
    for n in range(40)
)
PLAN = Plan(20, {"beginning": 30}, per_course=2, new_extra=20, new_first=6, off_track_extra=10)
GOLDEN = (0, 4, 6, 7, 12, 21, 23, 24, 30, 35, 38, 39)
"""What seed 2207 drew of these forty when this was written. It must never change."""


def keys(*numbers):
    return tuple(f"session:{n:04}" for n in numbers)


@st.composite
def frames(draw_):
    sizes = st.integers(0, 40)
    number = draw_(sizes)
    made = [
        Delivered(
            f"session:{n}",
            f"course-{draw_(st.integers(0, 4))}",
            draw_(st.sampled_from([phase.value for phase in Phase])),
            draw_(st.booleans()),
            draw_(st.booleans()),
        )
        for n in range(number)
    ]
    return tuple(made)


SHARES = st.integers(0, 100)
PLANS = st.builds(
    Plan,
    share=SHARES,
    by_phase=st.dictionaries(st.sampled_from([p.value for p in Phase]), SHARES),
    per_course=st.integers(0, 5),
    new_extra=SHARES,
    off_track_extra=SHARES,
)
SEEDS = st.integers(0, 999_999_999)


def some_already(frame, share):
    return {each.key: each.course for n, each in enumerate(frame) if n % 4 < share}


def test_the_same_frame_plan_and_seed_give_these_sessions_for_ever():
    drawn = draw(FORTY, PLAN, {"session:0001": "course-1"}, 2207)

    assert drawn.keys == keys(*GOLDEN)
    assert drawn.taken[4].for_share == keys(21, 38, 6)
    assert drawn.taken[8].for_course == keys(7)
    assert drawn.short == ()


def test_a_lot_is_the_sha_256_of_seed_and_session_as_any_program_gives_it():
    # printf '2207:session:0001' | sha256sum
    assert lot(2207, "session:0001") == (
        "8b5d3ecd60f2a61468090d7e440852199db530d71bc3ca0f241ee8e0db5d5a3e"
    )


def test_another_seed_gives_other_sessions():
    assert draw(FORTY, PLAN, {}, 2208).keys != draw(FORTY, PLAN, {}, 2207).keys


@given(frames(), PLANS, SEEDS, st.integers(0, 4), st.randoms())
def test_the_order_in_which_sessions_are_listed_changes_nothing(frame, plan, seed, some, random):
    already = some_already(frame, some)
    turned = list(frame)
    random.shuffle(turned)

    first, second = (draw(each, plan, already, seed) for each in (frame, turned))

    assert set(first.keys) == set(second.keys)
    assert set(first.short) == set(second.short)


@given(frames(), PLANS, SEEDS, st.integers(0, 4))
def test_a_draw_takes_what_was_asked_for_once_and_nothing_that_is_there_already(
    frame, plan, seed, some
):
    already = some_already(frame, some)
    drawn = draw(frame, plan, already, seed)

    assert len(set(drawn.keys)) == len(drawn.keys)
    assert not set(drawn.keys) & set(already)
    assert set(drawn.keys) <= {each.key for each in frame}
    for taken in drawn.taken:
        own = {e.key for e in frame if plan.stratum_of(e) == taken.quota.stratum}
        left = len(own - set(already))
        assert len(taken.for_share) == min(taken.quota.to_draw, left)
        assert set(taken.for_share) | set(taken.for_course) <= own
    parts = [key for taken in drawn.taken for key in (*taken.for_share, *taken.for_course)]
    assert sorted(parts) == sorted(drawn.keys)


@given(frames(), PLANS, SEEDS, st.integers(0, 4))
def test_every_course_reaches_its_fewest_or_is_named_as_too_short(frame, plan, seed, some):
    already = some_already(frame, some)
    drawn = draw(frame, plan, already, seed)

    after = already | {each.key: each.course for each in frame if each.key in drawn.keys}
    assert set(below_the_fewest(frame, plan, after)) == set(drawn.short)
    for course in drawn.short:
        assert {each.key for each in frame if each.course == course} <= set(after)


@given(frames(), PLANS, SEEDS)
def test_drawing_again_when_nothing_has_changed_draws_nothing_more(frame, plan, seed):
    first = draw(frame, plan, {}, seed)
    asked = {each.key: each.course for each in frame if each.key in first.keys}

    assert draw(frame, plan, asked, seed + 1).keys == ()


@given(frames(), PLANS)
def test_each_phase_is_rounded_up_and_no_stratum_is_a_whole_session_off(frame, plan):
    found = quotas(frame, plan, {})

    for phase in {each.phase for each in frame}:
        own = [each for each in found if each.stratum.phase == phase]
        exact = sum(each.share * each.sessions for each in own)
        assert sum(each.wanted for each in own) == -(-exact // 100)
        assert all(abs(100 * e.wanted - e.share * e.sessions) < 100 for e in own)
        assert all(0 <= each.wanted <= each.sessions for each in own)


@given(frames(), SEEDS, st.integers(1, 30))
def test_a_later_session_moves_no_lot(frame, seed, more):
    longer = (*frame, *(Delivered(f"group:{n}", "late", "extension") for n in range(more)))

    order = sorted(frame, key=lambda each: lot(seed, each.key))
    assert [e for e in sorted(longer, key=lambda e: lot(seed, e.key)) if e in frame] == order


def test_over_many_seeds_every_session_of_a_stratum_is_drawn_about_as_often():
    ten = tuple(Delivered(f"session:{n}", "one", "middle") for n in range(10))
    counted = Counter(key for seed in range(4000) for key in draw(ten, Plan(30), {}, seed).keys)

    # 4000 draws of 3 of 10: 1200 each, standard deviation 29; five of these are allowed.
    assert set(counted) == {each.key for each in ten}
    assert all(abs(count - 1200) < 145 for count in counted.values())


def test_over_many_seeds_every_pair_is_drawn_about_as_often():
    five = tuple(Delivered(f"session:{n}", "one", "middle") for n in range(5))
    pairs = Counter(draw(five, Plan(40), {}, seed).keys for seed in range(4000))

    # 10 pairs, 400 each, standard deviation 19.
    assert len(pairs) == 10
    assert all(abs(count - 400) < 95 for count in pairs.values())


def test_what_is_asked_for_says_where_the_number_comes_from():
    (quota,) = quotas(FORTY[1:4:2], Plan(25), {"session:0001": "course-1"})[:1]

    assert quota.why == "25 % of 1 is 0.25"
    assert (quota.wanted, quota.already, quota.to_draw) == (1, 1, 0)
    assert quotas(FORTY[1:3], Plan(50), {})[0].why == "50 % of 2 is 1"


def test_what_was_rated_before_the_days_counts_for_its_course_but_not_for_its_phase():
    plan, before = Plan(0, per_course=1), {"session:earlier": "course-0"}
    frame = (Delivered("session:1", "course-0", "middle"), Delivered("session:2", "b", "middle"))

    drawn = draw(frame, plan, before, 1)

    assert drawn.keys == ("session:2",)
    assert drawn.taken[0].quota.already == 0


def test_a_share_is_never_more_than_all():
    plan = Plan(80, {"middle": 90}, new_extra=20, new_first=3, off_track_extra=20)

    assert plan.share_of(Stratum("middle", is_new=True, is_off_track=True)) == 100
    assert plan.share_of(Stratum("middle")) == 90
    assert plan.share_of(Stratum("beginning", is_off_track=True)) == 100
    assert plan.share_of(Stratum("beginning")) == 80


def test_a_phase_is_split_only_by_what_raises_its_share():
    session = Delivered("session:1", "a", "middle", is_new=True, is_off_track=True)

    assert Plan(20).stratum_of(session) == Stratum("middle")
    assert Plan(20, off_track_extra=5).stratum_of(session).words == "Middle, off track"
    assert Plan(20, new_extra=5).stratum_of(session).words == "Middle, new therapist"


def test_a_therapist_is_new_up_to_a_day_or_for_the_first_sessions():
    until = Plan(20, new_extra=10, new_until=date(2026, 3, 1))
    first = Plan(20, new_extra=10, new_first=2)

    assert until.is_new(date(2026, 3, 1), 99)
    assert not until.is_new(date(2026, 3, 2), 1)
    assert first.is_new(date(2026, 3, 2), 2)
    assert not first.is_new(date(2020, 1, 1), 3)
    assert not Plan(20).is_new(date(2020, 1, 1), 1)


@given(PLANS)
def test_a_plan_reads_back_as_it_was_kept(plan):
    assert Plan.from_json(plan.to_json()) == plan


def test_a_plan_with_a_day_reads_back_as_it_was_kept():
    plan = Plan(20, new_extra=10, new_until=date(2026, 3, 1))

    assert Plan.from_json(plan.to_json()) == plan


@pytest.mark.parametrize(
    ("plan", "field"),
    [
        (Plan(101), "share"),
        (Plan(-1), "share"),
        (Plan(20, {"middle": 101}), "share_middle"),
        (Plan(20, per_course=21), "per_course"),
        (Plan(20, per_course=-1), "per_course"),
        (Plan(20, new_extra=101, new_first=1), "new_extra"),
        (Plan(20, new_extra=10), "new_until"),
        (Plan(20, new_first=3), "new_extra"),
        (Plan(20, new_extra=10, new_first=0), "new_first"),
        (Plan(20, off_track_extra=-5), "off_track_extra"),
        (Plan(0), "share"),
    ],
)
def test_a_plan_that_cannot_be_kept_to_is_refused_beside_its_field(plan, field):
    with pytest.raises(RuleBroken) as refused:
        check_plan(plan)

    assert refused.value.field == field


@pytest.mark.parametrize("plan", [Plan(100), Plan(0, per_course=1), Plan(0, {"middle": 1}), PLAN])
def test_a_plan_that_can_be_kept_to_passes(plan):
    check_plan(plan)


@pytest.mark.parametrize("seed", [-1, 1_000_000_000])
def test_a_seed_that_cannot_be_kept_is_refused(seed):
    with pytest.raises(RuleBroken):
        check_seed(seed)


def test_strata_stand_in_the_order_of_a_course():
    frame = [Delivered(str(n), "a", p) for n, p in enumerate(("other", "termination", "beginning"))]

    assert [q.stratum.words for q in quotas(frame, Plan(50), {})] == [
        "Beginning",
        "Termination",
        "Other",
    ]
