"""Words for scores, shared by the verdict and what stands beside it."""

from collections.abc import Sequence
from datetime import date

from ipt_tracker.clinical.outcome.change import Change, ChangeClass
from ipt_tracker.clinical.outcome.series import Administration, Status
from ipt_tracker.clinical.outcome.thresholds import ThresholdSet

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day_words(day: date, today_year: int) -> str:
    """A date as "6 Jan", with its year when that is not `today_year`."""
    short = f"{day.day} {MONTHS[day.month - 1]}"
    return short if day.year == today_year else f"{short} {day.year}"


def points_words(points: int) -> str:
    """A number of points with its unit."""
    return f"{points} point" if points == 1 else f"{points} points"


def move_words(points: int) -> str:
    """A change as "down 22", "up 3" or "unchanged"."""
    if points == 0:
        return "unchanged"
    return f"down {-points}" if points < 0 else f"up {points}"


def range_words(thresholds: ThresholdSet) -> str:
    """The end range of a set with its number; empty where it has none."""
    if thresholds.end_range_at_most is None:
        return ""
    return f"{thresholds.range_words} ({thresholds.end_range_at_most} or lower)"


def sentence(clause: str) -> str:
    """A clause with its first letter raised and its full stop; the rest stays as it is."""
    return f"{clause[:1].upper()}{clause[1:]}."


def end_words(change: Change, thresholds: ThresholdSet) -> str:
    """Where the last score lies, as a clause to put after the class; empty where that says nothing.

    A score above the range is mentioned only after an improvement: elsewhere it is no news.
    """
    where = range_words(thresholds)
    if change.in_range:
        link = "though" if change.klass is ChangeClass.WORSE else "and"
        both = "both the first and the last score are" if change.started_in_range else None
        return f", {link} {both or 'the last score is'} in {where}"
    if where and change.klass is ChangeClass.IMPROVED:
        return f", but the last score is still above {where}"
    return ""


def sets_words(sets: Sequence[ThresholdSet]) -> str:
    """The sets by name and population, each name once, with the numbers for each instrument."""
    named: dict[str, list[str]] = {}
    for each in sets:
        named.setdefault(f"{each.name}, {each.population}", []).append(_numbers(each))
    said = "; ".join(f"{name}; {', '.join(numbers)}" for name, numbers in named.items())
    return f"Threshold set: {said}." if said else ""


def _numbers(each: ThresholdSet) -> str:
    numbers = f"{each.instrument_family} {each.reliable_points}"
    return numbers if each.end_range_at_most is None else f"{numbers} and {each.end_range_at_most}"


def without_total(each: Administration) -> str:
    """Why an administration has no total, as a predicate: "was not returned"."""
    if each.status is Status.MISSING:
        return "is missing, reason not recorded"
    if each.status is not Status.INCOMPLETE:
        return f"was {each.status.replace('_', ' ')}"
    if each.lowest is None or each.highest is None:
        return "is incomplete"
    return f"is incomplete ({each.lowest} to {each.highest} possible)"
