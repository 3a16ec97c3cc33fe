"""What must hold for any answers: bounds, order, monotonicity, and blanks tried one by one."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from ipt_tracker.clinical.instruments import caps4, caps5, phq9
from ipt_tracker.clinical.instruments.caps4 import CapsIvCriteria, Rating
from ipt_tracker.clinical.instruments.caps5 import Caps5Criteria
from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.instruments.finding import Finding
from ipt_tracker.clinical.instruments.instrument import score
from ipt_tracker.clinical.instruments.pcl5 import CUT_33, PCL5_WEEK
from ipt_tracker.clinical.instruments.symptom_counts import enough, symptom_counts

instruments = st.sampled_from(list(INSTRUMENTS.values()))


@st.composite
def forms(draw, one=None, blanks=20):
    """An instrument with answers to it, some of them blank."""
    chosen = one or draw(instruments)
    answers = [draw(st.integers(item.low, item.high)) for item in chosen.items]
    places = st.lists(st.integers(0, len(answers) - 1), max_size=blanks, unique=True)
    for place in draw(places):
        answers[place] = None
    return chosen, tuple(answers)


def fillings(one, answers):
    """Every way in which the blanks could have been answered."""
    options = [
        range(item.low, item.high + 1) if answer is None else (answer,)
        for item, answer in zip(one.items, answers, strict=True)
    ]
    return product(*options)


def agreed(results):
    """The one result that every filling gives, or None where they differ."""
    found = set(results)
    return found.pop() if len(found) == 1 else None


@given(forms())
def test_a_score_lies_within_its_bounds_and_they_within_the_form(form):
    one, answers = form

    scored = score(one, answers)

    assert one.lowest <= scored.lowest <= scored.highest <= one.highest
    assert scored.complete == (None not in answers)
    assert scored.total in (None, scored.lowest)


@given(forms(blanks=2))
def test_the_bounds_are_the_least_and_greatest_total_of_all_fillings(form):
    one, answers = form

    totals = {sum(filled) for filled in fillings(one, answers)}

    scored = score(one, answers)
    assert (scored.lowest, scored.highest) == (min(totals), max(totals))


@given(forms(), st.randoms(use_true_random=False))
def test_order_within_a_cluster_changes_nothing(form, random):
    one, answers = form
    places = list(range(len(answers)))
    random.shuffle(places)
    moved = list(answers)
    by_range = {}
    for place in places:
        item = one.items[place]
        by_range.setdefault((item.cluster, item.low, item.high), []).append(place)
    for own in by_range.values():
        for old, new in zip(sorted(own), own, strict=True):
            moved[new] = answers[old]

    assert score(one, moved) == score(one, answers)
    assert symptom_counts(one, moved) == symptom_counts(one, answers)


@given(forms(), st.data())
def test_a_higher_answer_never_lowers_the_score(form, data):
    one, answers = form
    place = data.draw(st.integers(0, len(answers) - 1))
    if answers[place] is None or answers[place] == one.items[place].high:
        return
    raised = (*answers[:place], answers[place] + 1, *answers[place + 1 :])

    before, after = score(one, answers), score(one, raised)

    assert (after.lowest, after.highest) == (before.lowest + 1, before.highest + 1)


@given(forms(), st.data())
def test_answering_a_blank_only_narrows_the_range(form, data):
    one, answers = form
    blanks = [place for place, answer in enumerate(answers) if answer is None]
    if not blanks:
        return
    place = data.draw(st.sampled_from(blanks))
    answer = data.draw(st.integers(one.items[place].low, one.items[place].high))

    wide = score(one, answers)
    narrow = score(one, (*answers[:place], answer, *answers[place + 1 :]))

    assert wide.lowest <= narrow.lowest <= narrow.highest <= wide.highest


@given(forms(one=PCL5_WEEK, blanks=4))
def test_cut_and_rule_of_the_pcl5_cannot_tell_exactly_where_fillings_differ(form):
    one, answers = form
    scored = score(one, answers)

    cut = agreed(sum(filled) >= CUT_33.at for filled in fillings(one, answers))
    rule = agreed(naive_rule(filled) for filled in fillings(one, answers))

    assert CUT_33.judge(scored.lowest, scored.highest) is expected(cut)
    assert enough(one.rule.needed, symptom_counts(one, answers)) is expected(rule)


def naive_rule(filled):
    counts = [(0, 5, 1), (5, 7, 1), (7, 14, 2), (14, 20, 2)]
    return all(sum(a >= 2 for a in filled[i:j]) >= needed for i, j, needed in counts)


def expected(agreement):
    return {True: Finding.MET, False: Finding.NOT_MET, None: Finding.CANNOT_TELL}[agreement]


ratings = st.none() | st.integers(0, 4)


@given(
    forms(one=caps5.CAPS5_MONTH, blanks=2),
    st.none() | st.booleans(),
    st.tuples(ratings, st.integers(0, 4), st.integers(0, 4)),
    st.tuples(ratings, st.integers(0, 4)),
)
def test_the_caps5_diagnosis_cannot_tell_exactly_where_fillings_differ(
    form, duration, impairment, dissociation
):
    one, answers = form
    criteria = Caps5Criteria(
        event=True, over_a_month=duration, impairment=impairment, dissociation=dissociation
    )
    worlds = [
        (naive_rule(filled) and f and any(g >= 2 for g in gs), any(d >= 2 for d in ds))
        for filled in fillings(one, answers)
        for f in ((True, False) if duration is None else (duration,))
        for gs in triples(impairment)
        for ds in triples(dissociation)
    ]

    found = caps5.diagnose(answers, criteria)

    assert found.ptsd is expected(agreed(ptsd for ptsd, _ in worlds))
    assert found.dissociative is expected(agreed(ptsd and apart for ptsd, apart in worlds))


def triples(given_ratings):
    return product(*(range(5) if rating is None else (rating,) for rating in given_ratings))


@given(forms(one=phq9.PHQ9, blanks=5))
def test_the_phq9_algorithm_cannot_tell_exactly_where_fillings_differ(form):
    one, answers = form

    agreement = agreed(naive_depression(filled) for filled in fillings(one, answers))

    assert phq9.algorithm(answers) == (agreement or "indeterminate")


def naive_depression(filled):
    count = sum(answer >= 2 for answer in filled[:8]) + (filled[8] >= 1)
    if filled[0] < 2 and filled[1] < 2:
        return "none"
    if count >= 5:
        return "major"
    return "other" if count >= 2 else "none"


@st.composite
def caps4_forms(draw):
    """Complete ratings with at most three halves taken out."""
    halves = [draw(st.integers(0, 4)) for _ in range(34)]
    for place in draw(st.lists(st.integers(0, 33), max_size=3, unique=True)):
        halves[place] = None
    return halves


@given(caps4_forms(), st.sampled_from([caps4.F1I2, caps4.ITEM_SEVERITY_4]))
def test_both_caps4_rules_cannot_tell_exactly_where_fillings_differ(halves, rule):
    form = [Rating(f, i) for f, i in zip(halves[::2], halves[1::2], strict=True)]
    criteria = CapsIvCriteria(event=True, over_a_month=True, impairment=True)
    worlds = list(product(*(range(5) if half is None else (half,) for half in halves)))

    agreement = agreed(naive_caps4(world, rule.key) for world in worlds)
    scored = caps4.score_ratings(form)

    assert caps4.diagnose(form, criteria, rule) is expected(agreement)
    totals = [sum(world) for world in worlds]
    assert (scored.lowest, scored.highest) == (min(totals), max(totals))


def naive_caps4(halves, key):
    pairs = list(zip(halves[::2], halves[1::2], strict=True))
    present = [(f >= 1 and i >= 2) if key == "f1i2" else f + i >= 4 for f, i in pairs]
    return sum(present[:5]) >= 1 and sum(present[5:12]) >= 3 and sum(present[12:]) >= 2


@given(forms(one=phq9.PHQ9, blanks=4))
def test_a_prorated_total_lies_within_the_bounds(form):
    one, answers = form
    estimate, scored = phq9.prorate(answers), score(one, answers)

    if estimate is not None:
        assert scored.lowest <= estimate.total <= scored.highest
        assert answers[8] is not None
