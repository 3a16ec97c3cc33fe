"""Instruments as data: ranges derived from items, every figure with its source, our own words."""

import pytest

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS, KEYS, instrument, key_for
from ipt_tracker.clinical.instruments.hamd17 import COMMON, HAMD17, ZIMMERMAN
from ipt_tracker.clinical.instruments.instrument import Lookback, score_partial, score_total
from ipt_tracker.clinical.instruments.phq9 import BANDS, PHQ9
from ipt_tracker.clinical.instruments.source import Certainty
from ipt_tracker.clinical.rules import RuleBroken

RATED = "distress social_impairment work_impairment"
EVERY = pytest.mark.parametrize("one", INSTRUMENTS.values(), ids=KEYS)


@pytest.mark.parametrize(
    ("key", "items", "lowest", "highest", "clusters"),
    [
        ("caps5_month", 20, 0, 80, {"B": (0, 20), "C": (0, 8), "D": (0, 28), "E": (0, 24)}),
        ("caps5_week", 20, 0, 80, {"B": (0, 20), "C": (0, 8), "D": (0, 28), "E": (0, 24)}),
        ("caps4", 17, 0, 136, {"B": (0, 40), "C": (0, 56), "D": (0, 40)}),
        ("pcl5_month", 20, 0, 80, {"B": (0, 20), "C": (0, 8), "D": (0, 28), "E": (0, 24)}),
        ("pcl5_week", 20, 0, 80, {"B": (0, 20), "C": (0, 8), "D": (0, 28), "E": (0, 24)}),
        ("pcl4", 17, 17, 85, {"B": (5, 25), "C": (7, 35), "D": (5, 25)}),
        ("phq9", 9, 0, 27, {}),
        ("hamd17", 17, 0, 52, {}),
    ],
)
def test_an_instrument_has_its_published_number_of_items_range_and_clusters(
    key, items, lowest, highest, clusters
):
    one = instrument(key)

    ranges = {
        cluster.key: (
            sum(item.low for item in one.items if item.cluster == cluster.key),
            sum(item.high for item in one.items if item.cluster == cluster.key),
        )
        for cluster in one.clusters
    }

    assert (len(one.items), one.axis, ranges) == (items, (lowest, highest), clusters)


def test_the_catalogue_holds_the_eight_instruments():
    assert KEYS == (
        "caps5_month",
        "caps5_week",
        "caps4",
        "pcl5_month",
        "pcl5_week",
        "pcl4",
        "phq9",
        "hamd17",
    )


@EVERY
def test_every_figure_of_an_instrument_names_its_source(one):
    rules = [rule for rule in (one.rule, one.algorithm) if rule]
    figures = [*one.cuts, *one.band_sets, *rules]

    assert one.sources
    assert all(source.text for source in one.sources)
    assert all(figure.source.text for figure in figures)


@EVERY
def test_no_unverified_figure_is_part_of_an_instrument(one):
    sources = [
        *one.sources,
        *(figure.source for figure in (*one.cuts, *one.band_sets)),
        *(rule.source for rule in (one.rule, one.algorithm) if rule),
    ]

    assert Certainty.UNVERIFIED not in {source.certainty for source in sources}


@EVERY
def test_items_are_known_by_distinct_meaningful_keys(one):
    keys = [item.key for item in one.items]

    assert len(set(keys)) == len(keys)
    assert all(key.replace("_", "").isalpha() for key in keys)


@EVERY
def test_every_answer_has_a_key_of_its_own_and_stands_in_form_order(one):
    assert len(set(one.answer_keys)) == len(one.answer_items)
    assert one.answer_keys == tuple(
        f"{item.key}.{part.key}" if part else item.key
        for item in one.items
        for part in one.parts or (None,)
    )


@EVERY
def test_the_halves_of_an_item_add_up_to_its_range(one):
    for item in one.items:
        halves = one.answers_of(item)

        assert (item.low, item.high) == (sum(h.low for h in halves), sum(h.high for h in halves))
        assert {(half.cluster, half.code) for half in halves} == {(item.cluster, item.code)}


def test_only_the_caps_for_dsm4_is_rated_in_halves():
    assert {one.key for one in INSTRUMENTS.values() if one.parts} == {"caps4"}
    assert [part.key for part in instrument("caps4").parts] == ["frequency", "intensity"]
    assert instrument("caps4").answer_items[2].label == "nightmares, frequency"


@EVERY
def test_words_over_the_keys_are_one_for_each_answer_or_none_at_all(one):
    for scale, words in [*((item, one.anchors) for item in one.items), *halves_of(one)]:
        assert len(words) in (0, scale.high - scale.low + 1)
        assert len(set(words)) == len(words)


def halves_of(one):
    return [(part, part.anchors) for part in one.parts]


def test_all_forms_but_the_hamd_have_words_over_their_keys():
    without = {key for key, one in INSTRUMENTS.items() if not one.anchors and not one.parts}

    assert without == {"hamd17"}  # its items have different maxima
    assert all(part.anchors for part in instrument("caps4").parts)
    assert instrument("pcl4").anchors == instrument("pcl5_week").anchors


@pytest.mark.parametrize(
    ("key", "beside"),
    [
        ("caps5_month", f"over_a_month {RATED} impaired depersonalisation derealisation"),
        ("caps5_week", ""),
        ("caps4", "over_a_month impaired"),
        ("pcl5_month", ""),
        ("pcl5_week", ""),
        ("pcl4", ""),
        ("phq9", ""),
        ("hamd17", ""),
    ],
)
def test_what_is_rated_beside_the_total_stands_in_form_order(key, beside):
    assert [each.key for each in instrument(key).beside] == beside.split()


def test_duration_and_impairment_carry_the_letters_of_their_own_edition():
    letters = {
        key: [e.code for e in instrument(key).beside if e.key in ("over_a_month", "impaired")]
        for key in ("caps5_month", "caps4")
    }

    assert letters == {"caps5_month": ["F", "G"], "caps4": ["E", "F"]}


@EVERY
def test_a_rule_asks_only_for_what_its_form_holds(one):
    if one.rule is None:
        return
    beside = {each.key for each in one.beside}

    assert {*one.rule.beside, *one.rule.subtype} <= beside
    assert {cluster for cluster, _ in one.rule.needed} == {each.key for each in one.clusters}
    assert {part for part, _ in one.rule.parts_from} == {part.key for part in one.parts}
    assert not beside & set(one.answer_keys)


def test_a_yes_or_no_is_neither_a_number_nor_a_word():
    asked = instrument("caps4").beside[0]

    assert asked.allows(answer=True)
    assert asked.allows(answer=False)
    assert not any(asked.allows(wrong) for wrong in (1, 0, "yes", None))


@EVERY
def test_item_labels_are_our_own_few_words_and_never_a_question(one):
    assert all(len(item.label.split()) <= 4 for item in one.items)
    assert not any("?" in item.label for item in one.items)


@EVERY
def test_bands_exist_only_where_they_are_published(one):
    assert bool(one.band_sets) == (one.key in {"phq9", "hamd17"})


@EVERY
def test_bands_cover_the_whole_range_without_a_gap(one):
    for bands in one.band_sets:
        lows = [band.low for band in bands.bands]

        assert lows[0] == one.lowest
        assert lows == sorted(set(lows))
        assert lows[-1] <= one.highest


@EVERY
def test_two_versions_of_one_form_differ_in_key_and_lookback(one):
    same = [other for other in INSTRUMENTS.values() if other.family == one.family]

    assert len({other.lookback for other in same}) == len(same)
    assert len({other.version for other in same}) == len(same)


@pytest.mark.parametrize(
    ("key", "item"), [("phq9", "self_harm"), ("hamd17", "suicide"), ("pcl5_week", None)]
)
def test_an_instrument_knows_whether_it_asks_about_suicide(key, item):
    assert instrument(key).suicidality_item == item


@pytest.mark.parametrize(
    ("key", "codes"),
    [
        ("pcl5_week", "B1 B2 B3 B4 B5 C1 C2 D1 D2 D3 D4 D5 D6 D7 E1 E2 E3 E4 E5 E6"),
        ("caps5_month", "B1 B2 B3 B4 B5 C1 C2 D1 D2 D3 D4 D5 D6 D7 E1 E2 E3 E4 E5 E6"),
        ("pcl4", "B1 B2 B3 B4 B5 C1 C2 C3 C4 C5 C6 C7 D1 D2 D3 D4 D5"),
        ("caps4", "B1 B2 B3 B4 B5 C1 C2 C3 C4 C5 C6 C7 D1 D2 D3 D4 D5"),
    ],
)
def test_ptsd_items_carry_their_dsm_codes_in_form_order(key, codes):
    assert " ".join(item.code for item in instrument(key).items) == codes


def test_self_report_forms_and_clinician_ratings_are_told_apart():
    assert {one.key for one in INSTRUMENTS.values() if one.self_report} == {
        "pcl5_month",
        "pcl5_week",
        "pcl4",
        "phq9",
    }


def test_the_suicidality_items_stand_where_the_forms_have_them():
    assert PHQ9.items[8].key == PHQ9.suicidality_item
    assert HAMD17.items[2].key == HAMD17.suicidality_item


@pytest.mark.parametrize(
    ("key", "days"),
    [("pcl5_week", 7), ("pcl5_month", 30), ("pcl4", 30), ("phq9", 14), ("caps5_month", None)],
)
def test_a_form_knows_its_planned_rhythm_and_an_interview_has_none(key, days):
    assert instrument(key).planned_gap_days == days


def test_only_the_past_month_caps5_has_a_diagnosis_rule():
    assert instrument("caps5_month").rule is not None
    assert instrument("caps5_week").rule is None
    assert instrument("caps5_week").lookback is Lookback.PAST_WEEK


@pytest.mark.parametrize(
    ("name", "window", "key"),
    [
        ("PCL-5", "past_week", "pcl5_week"),
        ("PCL-5", "past_month", "pcl5_month"),
        ("PCL-5", None, "pcl5_month"),
        ("CAPS-5", None, "caps5_month"),
        ("CAPS-5", "past week", "caps5_week"),
        ("CAPS-5", "worst_month", None),
        ("CAPS-IV", None, "caps4"),
        ("PCL-IV", None, "pcl4"),
        ("PCL-C", None, "pcl4"),
        ("PHQ-9", None, "phq9"),
        ("PHQ-9", "past_week", None),
        ("HAM-D17", None, "hamd17"),
        ("HAM-D 17", None, "hamd17"),
        ("pcl5_week", None, "pcl5_week"),
        ("CAPS", None, None),
        ("PCL", None, None),
        ("GAD-7", None, None),
        ("", None, None),
        ("pcl5_week", "past_week", "pcl5_week"),
        ("pcl5_week", "past_month", None),
        ("caps5_month", "", "caps5_month"),
        ("CAPS-DX", "past_month", "caps4"),
        ("CAPS for DSM-IV", None, "caps4"),
        ("CAPS-IV", "past_week", None),
        ("PHQ-9", "last two weeks", "phq9"),
        ("HDRS-17", "weekly", "hamd17"),
        ("HAM-D", "past_month", None),
        ("PCL-5", "sometimes", None),
        ("phq9", "sometimes", None),
    ],
)
def test_other_spellings_lead_to_a_key_or_to_nothing_but_never_to_a_guess(name, window, key):
    assert key_for(name, window) == key


@pytest.mark.parametrize(
    ("total", "label"),
    [
        (0, "minimal"),
        (4, "minimal"),
        (5, "mild"),
        (9, "mild"),
        (10, "moderate"),
        (14, "moderate"),
        (15, "moderately severe"),
        (19, "moderately severe"),
        (20, "severe"),
        (27, "severe"),
    ],
)
def test_a_phq9_total_falls_into_its_published_band(total, label):
    assert BANDS.at(total).label == label


@pytest.mark.parametrize(
    ("total", "common", "zimmerman"),
    [
        (7, "none", "none"),
        (8, "mild", "mild"),
        (13, "mild", "mild"),
        (14, "moderate", "mild"),
        (16, "moderate", "mild"),
        (17, "moderate", "moderate"),
        (18, "moderate", "moderate"),
        (19, "severe", "moderate"),
        (22, "severe", "moderate"),
        (23, "very_severe", "moderate"),
        (24, "very_severe", "severe"),
        (52, "very_severe", "severe"),
    ],
)
def test_the_two_hamd_band_sets_disagree_where_they_are_published_to(total, common, zimmerman):
    assert (COMMON.at(total).key, ZIMMERMAN.at(total).key) == (common, zimmerman)


def test_a_total_below_the_lowest_band_is_refused():
    with pytest.raises(ValueError, match="below the lowest band"):
        BANDS.at(-1)


@EVERY
def test_a_total_at_either_end_of_the_range_is_taken_without_clusters(one):
    for total in one.axis:
        taken = score_total(one, total)

        assert (taken.total, taken.lowest, taken.highest) == (total, total, total)
        assert (taken.answered, taken.clusters) == (None, ())


@EVERY
def test_a_total_outside_the_range_is_refused_and_not_clamped(one):
    with pytest.raises(RuleBroken, match="too low"):
        score_total(one, one.lowest - 1)
    with pytest.raises(RuleBroken, match="too high"):
        score_total(one, one.highest + 1)


def test_a_refused_total_says_what_is_allowed():
    with pytest.raises(RuleBroken) as refused:
        score_total(instrument("pcl5_week"), 94)

    assert refused.value.message == "94 is too high, the form goes from 0 to 80."
    assert refused.value.field == "total"


def test_a_sum_with_known_blanks_gives_the_range_that_the_total_could_have():
    partial = score_partial(instrument("pcl5_week"), answered_sum=41, missing=3)

    assert (partial.total, partial.answered) == (None, 17)
    assert (partial.lowest, partial.highest) == (41, 53)


def test_a_sum_with_blanks_respects_the_floor_of_the_form():
    partial = score_partial(instrument("pcl4"), answered_sum=15, missing=2)

    assert (partial.lowest, partial.highest) == (17, 25)


@pytest.mark.parametrize(
    ("key", "answered_sum", "missing", "lowest", "highest"),
    [
        ("pcl4", 30, 2, 32, 40),
        ("pcl5_week", 41, 1, 41, 45),
        ("pcl5_week", 0, 20, 0, 80),
        ("pcl5_week", 76, 1, 76, 80),
        ("hamd17", 10, 2, 10, 18),  # the two blanks could be items of 4 points
        ("hamd17", 50, 1, 50, 52),  # but never past the highest total
    ],
)
def test_the_range_of_a_partial_sum_is_the_widest_that_the_blanks_allow(
    key, answered_sum, missing, lowest, highest
):
    partial = score_partial(instrument(key), answered_sum, missing)

    assert (partial.lowest, partial.highest) == (lowest, highest)


@pytest.mark.parametrize(("answered_sum", "missing"), [(69, 3), (-1, 3), (10, 0), (10, 21)])
def test_a_sum_that_the_answered_items_cannot_have_is_refused(answered_sum, missing):
    with pytest.raises(RuleBroken):
        score_partial(instrument("pcl5_week"), answered_sum, missing)
