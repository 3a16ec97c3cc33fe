"""The results of a worked case with two totals, and of the Jacobson-Truax lines."""

from math import sqrt

from ipt_tracker.cli.score_values import (
    OUT_OF_RANGE,
    BrokenCase,
    Case,
    Place,
    finite,
    instrument_of,
    listed,
    rounded,
    truth,
    whole,
)
from ipt_tracker.clinical.instruments.finding import Finding
from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.clinical.outcome.change import judge, percent_change
from ipt_tracker.clinical.outcome.definitions import REMISSIONS, RESPONSES, Response
from ipt_tracker.clinical.outcome.jacobson_truax import (
    Z_95,
    Group,
    Precision,
    cutoffs,
    cutoffs_when_higher_is_better,
)
from ipt_tracker.clinical.outcome.thresholds import THRESHOLD_SETS, ThresholdSet, threshold_set

Result = dict[str, object]

_MARX = ("CAPS-5", "PCL-5")  # judged by points; the other scales by percent
_BOOL = {Finding.MET: True, Finding.NOT_MET: False}


def change_result(case: Case) -> Result:
    """Judge one change; an unrecorded total leaves null wherever it would be needed."""
    instrument = instrument_of(case)
    first, last = _total(case, "pre", instrument), _total(case, "post", instrument)
    if case.get("sd") is not None or case.get("r") is not None:
        result = _precision(case, first, last)
    elif instrument.family in _MARX:
        result = _by_points(instrument.family, first, last)
    else:
        result = _by_percent(instrument.family, first, last)
    if case.get("floor") is not None:
        result["pct_drop_floor"] = _drop(first, last, _floor(case, first))
    return result


def _total(case: Case, key: str, instrument: Instrument) -> int | None:
    value = case.get(key)
    if value is None:
        return None
    number = whole(value, key)
    lowest, highest = instrument.axis
    if not lowest <= number <= highest:
        raise BrokenCase(OUT_OF_RANGE, key)
    return number


def _floor(case: Case, first: int | None) -> int:
    floor = whole(case.get("floor"), "floor")
    if floor < 0 or (first is not None and floor > first):
        raise BrokenCase(OUT_OF_RANGE, "floor")
    return floor


def _points(first: int | None, last: int | None) -> int | None:
    return None if first is None or last is None else last - first


def _by_points(family: str, first: int | None, last: int | None) -> Result:
    plain = family.lower().replace("-", "")
    default = threshold_set(family)
    return {
        "change": _points(first, last),
        "marx_s1": _reliable(THRESHOLD_SETS[f"marx2022_s1_{plain}"], first, last),
        "marx_s2": _reliable(THRESHOLD_SETS[f"marx2022_s2_{plain}"], first, last),
        "csc_range": None if last is None or default is None else default.holds(last),
    }


def _reliable(thresholds: ThresholdSet, first: int | None, last: int | None) -> bool | None:
    return None if first is None or last is None else judge(first, last, thresholds).reliable


def _by_percent(family: str, first: int | None, last: int | None) -> Result:
    result: Result = {"change": _points(first, last), "pct_drop": _drop(first, last, 0)}
    for response in RESPONSES:
        if response.family == family:
            result[response.key] = _responded(response, first, last)
    for remission in REMISSIONS:
        if remission.family == family:
            result[remission.key] = None if last is None else _BOOL[remission.judge(last, last)]
    return result


def _responded(response: Response, first: int | None, last: int | None) -> bool | None:
    return None if first is None or last is None else _BOOL.get(response.judge(first, last))


def _drop(first: int | None, last: int | None, floor: int) -> float | None:
    if first is None or last is None:
        return None
    percent = percent_change(first, last, floor)
    return None if percent is None else rounded(-percent, 2)


def _precision(case: Case, first: int | None, last: int | None) -> Result:
    sd, reliability = finite(case.get("sd"), "sd"), finite(case.get("r"), "r")
    if not sd > 0:
        raise BrokenCase(OUT_OF_RANGE, "sd")
    if not 0 <= reliability < 1:
        raise BrokenCase(OUT_OF_RANGE, "r")
    result, sdiff = _printed_precision(Precision(sd, reliability))
    if first is None or last is None:
        return result | {"rci": None, "reliable": None}
    reliable = Precision(sd, reliability).is_reliable(first, last)
    return result | {"rci": rounded((last - first) / sdiff), "reliable": reliable}


def _printed_precision(precision: Precision) -> tuple[Result, float]:
    """Work from each printed figure to the next, so that a reader's calculator agrees.

    The worked cases do the same; whether a change is reliable is judged on unrounded figures.
    """
    sem = rounded(precision.sem)
    sdiff = rounded(sqrt(2) * sem)
    if sdiff == 0:
        raise BrokenCase(OUT_OF_RANGE, "sd")
    return {"sem": sem, "sdiff": sdiff, "rc_score": rounded(Z_95 * sdiff)}, sdiff


def line_result(case: Case) -> Result:
    """Compute the lines a, b and c: pure arithmetic, whatever the case calls its instrument."""
    clinical, functional = _group(case, "clinical"), _group(case, "functional")
    lower = truth(case.get("lower_is_better"), "lower_is_better")
    compute = cutoffs_when_higher_is_better if lower is False else cutoffs
    lines = compute(clinical, functional)
    return {"a": rounded(lines.a), "b": rounded(lines.b), "c": rounded(lines.c)}


def _group(case: Case, key: Place) -> Group:
    mean, sd = (finite(value, key) for value in listed(case.get(str(key)), 2, key))
    if not sd > 0:
        raise BrokenCase(OUT_OF_RANGE, key)
    return Group(mean, sd)
