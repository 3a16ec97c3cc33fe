"""Findings of forms with blanks against brute force: every way the blanks could be filled.

The naive rules below are a second, slow version, written from the published text.
"""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.instruments.items import YesNo
from ipt_tracker.clinical.instruments.judging import Criteria, Entered, findings, score_entered
from ipt_tracker.clinical.outcome.criteria import default_criteria, options

ORDER = ("not_met", "indeterminate", "met")
DEPTHS = {"none": 0, "other": 1, "major": 2}
PTSD = {
    "caps5_month": (2, ((0, 5, 1), (5, 7, 1), (7, 14, 2), (14, 20, 2))),
    "pcl5_month": (2, ((0, 5, 1), (5, 7, 1), (7, 14, 2), (14, 20, 2))),
    "pcl5_week": (2, ((0, 5, 1), (5, 7, 1), (7, 14, 2), (14, 20, 2))),
    "pcl4": (3, ((0, 5, 1), (5, 12, 3), (12, 17, 2))),
}


@st.composite
def entered_forms(draw, most_blank=3):
    """A form with a few blanks, its answers often just at or just under what counts."""
    one = draw(st.sampled_from(list(INSTRUMENTS.values())))
    edge = [(v - 1, v) for v in draw(st.sampled_from([(1,), (2,), (2, 2, 3)]))]
    answers = {}
    for item in one.answer_items:
        near = [v for v in edge[draw(st.integers(0, len(edge) - 1))] if item.allows(v)]
        answers[item.key] = draw(st.sampled_from(near or [item.low]) | allowed(item))
    beside = {each.key: draw(allowed(each)) for each in one.beside}
    everything = [*answers, *beside]
    for key in draw(st.lists(st.sampled_from(everything), max_size=most_blank, unique=True)):
        place = answers if key in answers else beside
        if draw(st.booleans()):
            place[key] = None
        else:
            del place[key]  # absent is as blank as None
    return Entered(one, answers, beside)


def allowed(asked):
    """Any answer that the form has."""
    return st.booleans() if isinstance(asked, YesNo) else st.integers(asked.low, asked.high)


def choices(asked, answer):
    if answer is not None:
        return (answer,)
    return (True, False) if isinstance(asked, YesNo) else range(asked.low, asked.high + 1)


def worlds(form):
    """Every way in which the blanks could have been answered, as points and ratings beside."""
    items, beside = form.instrument.answer_items, form.instrument.beside
    possible = [
        *(choices(item, form.answers.get(item.key)) for item in items),
        *(choices(each, form.beside.get(each.key)) for each in beside),
    ]
    for filled in product(*possible):
        keys = [each.key for each in beside]
        points = [item.points(answer) for item, answer in zip(items, filled, strict=False)]
        yield points, dict(zip(keys, filled[len(items) :], strict=True))


def naive_rule(key, answers, beside):
    if key == "caps4":
        pairs = list(zip(answers[::2], answers[1::2], strict=True))
        present = [often >= 1 and strong >= 2 for often, strong in pairs]
        needed = ((0, 5, 1), (5, 12, 3), (12, 17, 2))
    else:
        least, needed = PTSD[key]
        present = [answer >= least for answer in answers]
    enough = all(sum(present[start:stop]) >= number for start, stop, number in needed)
    return enough and beside.get("over_a_month", True) and beside.get("impaired", True)


def naive_algorithm(answers):
    count = sum(answer >= 2 for answer in answers[:8]) + (answers[8] >= 1)
    if max(answers[:2]) < 2 or count < 2:
        return "none"
    return "major" if count >= 5 else "other"


def naive_band(bands, total):
    return [band.key for band in bands.bands if total >= band.low][-1]


def naive(one, criteria, answers, beside):
    """What a complete form says, by key."""
    said = {}
    if one.key in PTSD or one.key == "caps4":
        said["rule"] = "met" if naive_rule(one.key, answers, beside) else "not_met"
    if one.key == "caps5_month":
        strange = max(beside["depersonalisation"], beside["derealisation"]) >= 2
        said["dissociative"] = "met" if strange else "not_met"
    if one.key == "phq9":
        said["algorithm"] = naive_algorithm(answers)
    for cut in one.cuts:
        if cut.ref == criteria.cut:
            said["cut"] = "met" if sum(answers) >= cut.at else "not_met"
    for bands in one.band_sets:
        if bands.ref == criteria.band_set:
            said["band"] = naive_band(bands, sum(answers))
    return said


def any_criteria(one):
    """Each combination of a cut and a band set that can be chosen."""
    default, choice = default_criteria(one), options(one)
    cuts = [cut.ref for cut in choice.cuts] or [None]
    sets = [bands.ref for bands in choice.band_sets] or [None]
    return [Criteria(default.rule, *chosen, None) for chosen in product(cuts, sets)]


def judged(form, criteria=None):
    criteria = criteria or default_criteria(form.instrument)
    return findings(form.instrument, score_entered(form), criteria, form)


@given(entered_forms())
def test_a_finding_cannot_tell_exactly_where_fillings_differ(form):
    every = list(worlds(form))
    for criteria in any_criteria(form.instrument):
        said = [naive(form.instrument, criteria, *world) for world in every]
        expected = {
            key: said[0][key] if len({each[key] for each in said}) == 1 else "indeterminate"
            for key in said[0]
        }

        assert judged(form, criteria) == expected


@given(entered_forms(most_blank=2))
def test_the_bounds_of_an_entered_form_are_the_least_and_greatest_total_of_all_fillings(form):
    totals = {sum(answers) for answers, _ in worlds(form)}

    scored = score_entered(form)

    assert (scored.lowest, scored.highest) == (min(totals), max(totals))
    assert scored.complete == all(
        form.answers.get(key) is not None for key in form.instrument.answer_keys
    )


@given(entered_forms(), st.randoms(use_true_random=False))
def test_the_order_in_which_answers_were_given_changes_nothing(form, random):
    pairs, beside = list(form.answers.items()), list(form.beside.items())
    random.shuffle(pairs)
    random.shuffle(beside)
    shuffled = Entered(form.instrument, dict(pairs), dict(beside))

    assert score_entered(shuffled) == score_entered(form)
    assert judged(shuffled) == judged(form)


def kind(item):
    return item.cluster, item.low, item.high, item.not_assessed


@given(entered_forms(), st.data())
def test_which_item_of_a_cluster_holds_an_answer_changes_no_score_and_no_cluster_rule(form, data):
    one = form.instrument
    first = data.draw(st.sampled_from(one.items))
    second = data.draw(st.sampled_from([item for item in one.items if kind(item) == kind(first)]))
    swapped = dict(form.answers)
    pairs = zip(one.answers_of(first), one.answers_of(second), strict=True)
    for mine, yours in pairs:
        swapped[mine.key] = form.answers.get(yours.key)
        swapped[yours.key] = form.answers.get(mine.key)
    other = Entered(one, swapped, form.beside)

    assert score_entered(other) == score_entered(form)
    assert judged(other).get("rule") == judged(form).get("rule")


@given(entered_forms(), st.data())
def test_a_higher_answer_never_takes_a_finding_back(form, data):
    item = data.draw(st.sampled_from(form.instrument.answer_items))
    answer = form.answers.get(item.key)
    if answer is None or answer >= item.high:
        return
    raised = Entered(form.instrument, {**form.answers, item.key: answer + 1}, form.beside)

    before, after = judged(form), judged(raised)

    assert score_entered(raised).lowest == score_entered(form).lowest + 1
    for key in before.keys() & {"rule", "cut", "dissociative"}:
        assert ORDER.index(after[key]) >= ORDER.index(before[key])
    depths = [DEPTHS.get(found.get("algorithm")) for found in (before, after)]
    assert None in depths or depths == sorted(depths)


@given(entered_forms(), st.data())
def test_filling_a_blank_never_changes_what_was_already_decided(form, data):
    one = form.instrument
    blanks = [i for i in one.answer_items if form.answers.get(i.key) is None]
    if not blanks:
        return
    item = data.draw(st.sampled_from(blanks))
    filled = {**form.answers, item.key: data.draw(allowed(item))}

    before, after = judged(form), judged(Entered(one, filled, form.beside))

    assert before.keys() == after.keys()
    for key, found in before.items():
        assert found in ("indeterminate", after[key])


@given(entered_forms(), st.data())
def test_what_stands_beside_the_total_never_enters_the_score(form, data):
    other = {each.key: data.draw(st.none() | allowed(each)) for each in form.instrument.beside}

    assert score_entered(Entered(form.instrument, form.answers, other)) == score_entered(form)
