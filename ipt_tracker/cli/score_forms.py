"""The results of a worked case with item answers, in the keys that its instrument calls for."""

from collections.abc import Callable, Mapping, Sequence

from ipt_tracker.cli.score_values import (
    UNREADABLE,
    BrokenCase,
    Case,
    answer,
    answers_of,
    extra_of,
    instrument_of,
    listed,
    rounded,
    truth,
)
from ipt_tracker.clinical.instruments import caps4, caps5, hamd17, phq9
from ipt_tracker.clinical.instruments.bands import BandSet
from ipt_tracker.clinical.instruments.finding import Finding
from ipt_tracker.clinical.instruments.instrument import Instrument, Item, Lookback, Score, score
from ipt_tracker.clinical.instruments.symptom_counts import SymptomCount, enough, symptom_counts
from ipt_tracker.clinical.outcome.definitions import HAMD17_REMISSION

Result = dict[str, object]

_POSITIVE = {Finding.MET: "positive", Finding.NOT_MET: "negative"}
_YES = {Finding.MET: "yes", Finding.NOT_MET: "no"}
_UNDECIDED = "indeterminate"
_RATING = Item("rating", "rating", 0, caps4.RATING_HIGHEST)


def form_result(case: Case) -> Result:
    """Score one case; BrokenCase where a value cannot be read or is not on the form."""
    instrument = instrument_of(case)
    return _SCORERS[instrument.family](case, instrument)


def _caps5(case: Case, instrument: Instrument) -> Result:
    answers, criteria = answers_of(case, instrument.items), _caps5_criteria(extra_of(case))
    scored = score(instrument, answers)
    result = _sums(scored) | _clusters(scored)
    result["symptom_counts"] = _counts(symptom_counts(caps5.CAPS5_MONTH, answers))
    if instrument.lookback is not Lookback.PAST_MONTH:  # measures change, gives no diagnosis
        return result | {"dx": None, "dissociative_subtype": None}
    found = caps5.diagnose(answers, criteria)
    subtype = _YES.get(found.dissociative, _UNDECIDED)
    return result | {"dx": found.ptsd, "dissociative_subtype": subtype}


def _caps5_criteria(extra: Case) -> caps5.Caps5Criteria:
    impairment = _beside(extra, "g_items", caps5.IMPAIRMENT, first_number=23)
    dissociation = _beside(extra, "dissociation", caps5.DISSOCIATION, first_number=29)
    distress, social, work = impairment
    self_strange, world_strange = dissociation
    return caps5.Caps5Criteria(
        event=True,  # a fact of the course, taken as met by the worked cases
        over_a_month=truth(extra.get("f_duration_met"), "f_duration_met"),
        impairment=(distress, social, work),
        dissociation=(self_strange, world_strange),
    )


def _beside(
    extra: Case, key: str, items: Sequence[Item], first_number: int
) -> tuple[int | None, ...]:
    given = extra.get(key)
    if given is None:
        return (None,) * len(items)
    pairs = zip(items, listed(given, len(items), key), strict=True)
    return tuple(answer(v, item, n) for n, (item, v) in enumerate(pairs, start=first_number))


def _caps4(case: Case, instrument: Instrument) -> Result:
    given = listed(case.get("items"), len(instrument.items), "items")
    ratings = tuple(_rating(value, number) for number, value in enumerate(given, start=1))
    extra = extra_of(case)
    criteria = caps4.CapsIvCriteria(
        event=True,
        over_a_month=truth(extra.get("e_duration_met"), "e_duration_met"),
        impairment=truth(extra.get("f_impairment_met"), "f_impairment_met"),
    )
    scored = caps4.score_ratings(ratings)
    return (
        _sums(scored)
        | _clusters(scored)
        | {
            "symptom_counts_f1i2": _counts(caps4.count_symptoms(ratings, caps4.F1I2)),
            "dx_f1i2": caps4.diagnose(ratings, criteria, caps4.F1I2),
            "dx_item_severity4": caps4.diagnose(ratings, criteria, caps4.ITEM_SEVERITY_4),
            "inconsistent_items": list(caps4.inconsistent_items(ratings)),
        }
    )


def _rating(value: object, number: int) -> caps4.Rating:
    if value is None:
        return caps4.Rating(None, None)
    if not isinstance(value, list) or len(value) != len(("frequency", "intensity")):
        raise BrokenCase(UNREADABLE, number)
    frequency, intensity = (answer(half, _RATING, number) for half in value)
    return caps4.Rating(frequency, intensity)


def _pcl(case: Case, instrument: Instrument) -> Result:
    answers = answers_of(case, instrument.items)
    scored = score(instrument, answers)
    counts = symptom_counts(instrument, answers)
    result = _sums(scored) | _clusters(scored) | {"symptom_counts": _counts(counts)}
    if instrument.rule is not None:
        result["provisional_dx_rule"] = enough(instrument.rule.needed, counts)
    for cut in sorted(instrument.cuts, key=lambda cut: cut.at):
        found = cut.judge(scored.lowest, scored.highest)
        result[cut.key] = _POSITIVE.get(found, _UNDECIDED)
    return result


def _phq9(case: Case, instrument: Instrument) -> Result:
    answers = answers_of(case, instrument.items)
    scored, estimate = score(instrument, answers), phq9.prorate(answers)
    return _sums(scored) | {
        "band": _band(phq9.BANDS, scored),
        "algorithm_dx": phq9.algorithm(answers),
        "item9_flag": _YES.get(phq9.self_harm(answers), "unanswered"),
        "prorated_raw": None if estimate is None else rounded(estimate.raw),
        "prorated_total": None if estimate is None else estimate.total,
    }


def _hamd17(case: Case, instrument: Instrument) -> Result:
    answers = answers_of(case, instrument.items)
    scored, level = score(instrument, answers), hamd17.suicide_level(answers)
    remission = HAMD17_REMISSION.judge(scored.lowest, scored.highest)
    return _sums(scored) | {
        "band": _band(hamd17.COMMON, scored),
        "band_zimmerman2013": _band(hamd17.ZIMMERMAN, scored),
        HAMD17_REMISSION.key: _YES.get(remission, _UNDECIDED),
        "item3_level": "unanswered" if level is None else level,
        "weight_assessed": hamd17.weight_assessed(answers),
    }


def _sums(scored: Score) -> Result:
    bounds = [scored.lowest, scored.highest]
    return {"complete": scored.complete, "total": scored.total, "bounds": bounds}


def _clusters(scored: Score) -> Result:
    return {"clusters": {cluster.key: cluster.total for cluster in scored.clusters}}


def _counts(counts: Sequence[SymptomCount]) -> dict[str, int]:
    return {count.cluster: count.surely for count in counts}


def _band(bands: BandSet, scored: Score) -> str:
    band = bands.judge(scored.lowest, scored.highest)
    return _UNDECIDED if band is None else band.key


_SCORERS: Mapping[str, Callable[[Case, Instrument], Result]] = {
    "CAPS-5": _caps5,
    "CAPS-IV": _caps4,
    "PCL-5": _pcl,
    "PCL-IV": _pcl,
    "PHQ-9": _phq9,
    "HAM-D17": _hamd17,
}
