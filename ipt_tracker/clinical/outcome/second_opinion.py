"""Whether the second instrument of a course, usually the clinician interview, agrees."""

from dataclasses import dataclass
from datetime import date, timedelta

from ipt_tracker.clinical.instruments.catalogue import instrument
from ipt_tracker.clinical.outcome.caveats import repeat_words, window_name
from ipt_tracker.clinical.outcome.change import Change, ChangeClass
from ipt_tracker.clinical.outcome.series import Series, change_over
from ipt_tracker.clinical.outcome.thresholds import ThresholdSet
from ipt_tracker.clinical.outcome.wording import (
    day_words,
    move_words,
    sentence,
    without_total,
)

COMPARABLE = timedelta(days=21)
"""Our own rule, not a published one: further apart, two scores speak of different times."""

_SAME = {
    ChangeClass.IMPROVED: "agrees on the improvement",
    ChangeClass.UNCHANGED: "also shows no reliable change",
    ChangeClass.WORSE: "agrees on the worsening",
}
"""Two scores without a reliable change can have moved in opposite ways: those never "agree"."""
_OTHERWISE = {
    ChangeClass.IMPROVED: "does not agree: it improved reliably",
    ChangeClass.UNCHANGED: "does not agree: it shows no reliable change",
    ChangeClass.WORSE: "does not agree: it worsened reliably",
}
_ALONE = {
    ChangeClass.IMPROVED: "improved reliably",
    ChangeClass.UNCHANGED: "shows no reliable change",
    ChangeClass.WORSE: "worsened reliably",
}


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """Another instrument's series with its own thresholds; a remark qualifies its last score.

    The remark is a clause, for example "the end assessor was not blind". `ended` says that no
    further score is to come.
    """

    series: Series
    thresholds: ThresholdSet | None
    remark: str = ""
    ended: bool = False


def second_words(
    second: SecondOpinion, main: ChangeClass | None, today_year: int, main_on: date | None = None
) -> tuple[str, ...]:
    """Say in sentences what the second instrument adds; `main` is the class of the first one.

    `main_on` is the day of the first one's last score. Where the two last scores lie more than
    three weeks apart, neither agrees nor disagrees with the other: the day is said instead.
    """
    name = _name(second.series)
    by = _by(second.series, main_on, today_year) if main is not None else ""
    said = (
        _change(second, None if by else main, name, by),
        repeat_words(second.series, today_year),
        _gap(second.series, today_year),
    )
    return tuple(part for part in said if part)


def _by(series: Series, main_on: date | None, today_year: int) -> str:
    """The day of the last score, where it is too far from the first instrument's; else nothing."""
    last = series.last
    if last is None or main_on is None or abs(main_on - last.taken_on) <= COMPARABLE:
        return ""
    return f" by {day_words(last.taken_on, today_year)}"


def _name(series: Series) -> str:
    one = instrument(series.instrument_key)
    by = "self-rated" if one.self_report else "clinician-rated"
    return f"{by} {window_name(series.instrument_key)}"


def _change(second: SecondOpinion, main: ChangeClass | None, name: str, by: str) -> str:
    judged = change_over(second.series, second.thresholds)
    if judged.first is None or judged.last is None:
        return f"There is no complete {name}."
    if judged.points is None:
        so = "change cannot be told" if second.ended else "it shows no change yet"
        return f"The {name} has one score ({judged.first.total}), so {so}."
    numbers = f"({judged.first.total} to {judged.last.total}{by}, {move_words(judged.points)})"
    if judged.change is None or second.thresholds is None:
        return f"The {name} went from {judged.first.total} to {judged.last.total}, not judged."
    line = _line(judged.change, second.thresholds)
    remark = f", and {second.remark}" if second.remark else ""
    return f"The {name} {_stance(judged.change.klass, main)} {numbers}{line}{remark}."


def _stance(own: ChangeClass, main: ChangeClass | None) -> str:
    if main is None:
        return _ALONE[own]
    return _SAME[own] if own is main else _OTHERWISE[own]


def _line(change: Change, thresholds: ThresholdSet) -> str:
    at = thresholds.end_range_at_most
    if at is None or change.in_range is None:
        return ""
    if change.klass is not ChangeClass.IMPROVED:
        return f", within its line of {at}" if change.in_range else f", above its line of {at}"
    return (
        f" and is within its line of {at}"
        if change.in_range
        else f" but stays above its line of {at}"
    )


def _gap(series: Series, today_year: int) -> str:
    last = series.last
    if not series.administrations or series.administrations[-1] is last:
        return ""
    name = instrument(series.instrument_key).name
    latest = series.administrations[-1]
    said = f"the {name} of {day_words(latest.taken_on, today_year)} {without_total(latest)}"
    if last is None:
        return sentence(said)
    return sentence(f"{said}; its last score is of {day_words(last.taken_on, today_year)}")
