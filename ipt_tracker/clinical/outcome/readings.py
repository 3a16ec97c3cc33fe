"""A first and a last total read by everything that is published for them, in words.

Each definition keeps its strictness, each percentage its floor, each class the name of its set.
"""

from dataclasses import dataclass

from ipt_tracker.clinical.instruments.finding import Finding
from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.clinical.instruments.source import Source
from ipt_tracker.clinical.outcome.change import Change, ChangeClass, Outcome, percent_change
from ipt_tracker.clinical.outcome.definitions import REMISSIONS, RESPONSES
from ipt_tracker.clinical.outcome.thresholds import ThresholdSet
from ipt_tracker.clinical.outcome.wording import points_words, range_words


@dataclass(frozen=True, slots=True)
class Reading:
    """One published definition: what it asks for, whether that is met, and where it comes from."""

    name: str
    asks: str
    finding: Finding
    source: Source

    @property
    def words(self) -> str:
        """The definition and its answer: "a fall of more than 30 %: met"."""
        return f"{self.asks}: {self.finding.words}"


def readings(family: str, first: int, last: int) -> tuple[Reading, ...]:
    """Judge both totals by each definition of response and remission of an instrument family."""
    fell = [
        Reading("Response", f"a fall of {r.limit} {r.percent} %", r.judge(first, last), r.source)
        for r in RESPONSES
        if r.family == family
    ]
    low = [
        Reading("Remission", f"a last total of {r.limit} {r.at}", r.judge(last, last), r.source)
        for r in REMISSIONS
        if r.family == family
    ]
    return (*fell, *low)


def none_published(instrument: Instrument) -> str:
    """Say that no definition is shipped for an instrument, and why none is borrowed."""
    return (
        f"No definition of response or remission is published for the {instrument.name} that could "
        "be used here; those of another form do not transfer."
    )


def percent_words(instrument: Instrument, first: int, last: int) -> str:
    """Say the change in percent with the floor that it is counted from."""
    floor = instrument.lowest
    percent = percent_change(first, last, floor)
    if percent is None:
        return f"No percentage: the first total is {first}, the lowest there is."
    if not floor:
        return f"{_percent(percent)} of the first total; the form starts at 0"
    raw = percent_change(first, last)
    plain = f" ({_percent(raw)} of the raw total)" if raw is not None else ""
    return f"{_percent(percent)} above the form's floor of {floor}{plain}"


def _percent(value: float) -> str:
    return f"{value:+.1f} %".replace("-", "−") if value else "0 %"


def outcome_words(change: Change, thresholds: ThresholdSet) -> str:
    """Name the outcome class, the set that it is by, and what stands in the way of a better one."""
    named = f"{change.outcome.capitalize()}, judged by {thresholds.name}"
    return f"{named}{_because(change, thresholds)}"


def class_words(change: Change, thresholds: ThresholdSet) -> str:
    """Name the class alone, where how it ended is unknown and a change is no outcome."""
    points = points_words(thresholds.reliable_points)
    why = f"{points} or more" if change.reliable else f"less than {points}"
    return f"{change.words}, judged by {thresholds.name}: {why}"


def _because(change: Change, thresholds: ThresholdSet) -> str:
    if change.outcome is Outcome.UNCHANGED:
        return f": less than {points_words(thresholds.reliable_points)}"
    if change.klass is not ChangeClass.IMPROVED:
        return f": {points_words(thresholds.reliable_points)} or more"
    if change.in_range is None:
        return "; the set has no end range, so recovery cannot be told"
    if change.outcome is Outcome.RECOVERED:
        return f": reliably improved, and now in {range_words(thresholds)}"
    if change.started_in_range:
        return "; the first score was in the end range already, so this is not called recovery"
    return f"; still above {range_words(thresholds)}"


def meaningful_words(thresholds: ThresholdSet, points: int | None) -> str:
    """Say the second figure of a set and whether a change reaches it; empty where it has none."""
    least = thresholds.meaningful_points
    if least is None:
        return ""
    reached = "" if points is None else f": {'met' if -points >= least else 'not met'}"
    return f"{points_words(least)} or more are called meaningful{reached}"


def end_range_words(thresholds: ThresholdSet) -> str:
    """Say the end range of a set, or that it has none."""
    return range_words(thresholds) or "none given with this set"
