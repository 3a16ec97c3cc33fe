"""The verdict: what the scores of a course say, in one sentence, with its limits in a second text.

It describes a change and its class. It never says what caused the change, never turns a missing
form into a number, and never calls the last score of a course that was not completed its result.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

from ipt_tracker.clinical.instruments.catalogue import instrument
from ipt_tracker.clinical.outcome.caveats import (
    differing_totals,
    other_window_words,
    repeat_words,
    window_name,
)
from ipt_tracker.clinical.outcome.change import Change, ChangeClass
from ipt_tracker.clinical.outcome.second_opinion import SecondOpinion, second_words
from ipt_tracker.clinical.outcome.series import Series, SeriesChange, change_over
from ipt_tracker.clinical.outcome.thresholds import ThresholdSet
from ipt_tracker.clinical.outcome.wording import (
    day_words,
    end_words,
    move_words,
    points_words,
    sets_words,
    without_total,
)

Tone = Literal["better", "worse", "same", "unsure"]

_TONES: dict[ChangeClass, Tone] = {
    ChangeClass.IMPROVED: "better",
    ChangeClass.UNCHANGED: "same",
    ChangeClass.WORSE: "worse",
}
_CLASS_WORDS = {
    ChangeClass.IMPROVED: "reliable improvement",
    ChangeClass.UNCHANGED: "no reliable change",
    ChangeClass.WORSE: "reliable worsening",
}
NEEDS_TWO = "A verdict needs two complete forms of the same version and time window."
UNKNOWN_OUTCOME = (
    "The course was not completed: its outcome is unknown, which is not the same as no change"
)
LEFT = "How it ended cannot be told: the patient left the course."
NOT_AN_END = "the last score is not an end-of-treatment score"


class Ending(StrEnum):
    """How a course stands; one that the patient dropped out of has no end-of-treatment score."""

    OPEN = "open"
    COMPLETED = "completed"
    DROPPED_OUT = "dropped_out"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The sentence, with one part to set in bold, the text after it, and the tone of the box."""

    lead_before: str
    lead_strong: str
    lead_after: str
    then: str
    tone: Tone

    @property
    def lead(self) -> str:
        """The whole sentence as plain text."""
        return f"{self.lead_before}{self.lead_strong}{self.lead_after}"


@dataclass(frozen=True, slots=True)
class _Reading:
    series: Series
    thresholds: ThresholdSet | None
    today_year: int
    judged: SeriesChange

    @property
    def name(self) -> str:
        return window_name(self.series.instrument_key)


def verdict(
    series: Series,
    thresholds: ThresholdSet | None,
    today_year: int,
    ending: Ending = Ending.OPEN,
    second: SecondOpinion | None = None,
) -> Verdict:
    """Put a course's main series into words; dates of `today_year` are written without a year.

    ValueError when the thresholds belong to another instrument family.
    """
    read = _Reading(series, thresholds, today_year, change_over(series, thresholds))
    before, strong, after = _lead(read, goes_on=ending is Ending.OPEN)
    if ending is Ending.DROPPED_OUT and read.judged.points is not None:
        before = f"{LEFT} {before}"
    return Verdict(
        lead_before=before,
        lead_strong=strong,
        lead_after=after,
        then=_then(read, ending, second),
        tone=_tone(read.judged.change, ending),
    )


def beside_window(said: Verdict, series: Series, other: Series, today_year: int) -> Verdict:
    """Add that the same form over another time has a total as new as the last one, or newer."""
    words = other_window_words(series, other, today_year)
    return replace(said, then=" ".join(filter(None, (words, said.then))))


def _tone(change: Change | None, ending: Ending) -> Tone:
    if change is None:
        return "unsure"
    if ending is Ending.DROPPED_OUT and change.klass is not ChangeClass.WORSE:
        return "unsure"
    return _TONES[change.klass]


def _lead(read: _Reading, *, goes_on: bool) -> tuple[str, str, str]:
    first, last, points = read.judged.first, read.judged.last, read.judged.points
    if first is None or last is None:
        return f"No complete {read.name}{' yet' if goes_on else ''}. {NEEDS_TWO}", "", ""
    if points is None:
        day = day_words(first.taken_on, read.today_year)
        so_far = " so far" if goes_on else ""
        return f"One {read.name}{so_far}, ", f"{first.total}", f" on {day}. {NEEDS_TWO}"
    if read.judged.change is None or read.thresholds is None:
        strong = f"{last.total}, {move_words(points)}"
        unjudged = ". There is no threshold set to judge this by."
        return f"The {read.name} went from {first.total} to ", strong, unjudged
    if read.judged.change.reliable:
        return _reliable(read.name, read.judged.change, read.thresholds)
    return _unchanged(read.name, read.judged.change, read.thresholds)


def _reliable(name: str, change: Change, thresholds: ThresholdSet) -> tuple[str, str, str]:
    verb, way = ("fell", "down") if change.points < 0 else ("rose", "up")
    strong = f"{change.last}, {way} {points_words(abs(change.points))}"
    after = f": a {_CLASS_WORDS[change.klass]}{end_words(change, thresholds)}."
    return f"The {name} {verb} from {change.first} to ", strong, after


def _unchanged(name: str, change: Change, thresholds: ThresholdSet) -> tuple[str, str, str]:
    same = change.points == 0
    moved = "the same as" if same else f"{move_words(change.points)} from"
    strong = f"{change.last}, {moved} {'at the start' if same else change.first}"
    judged = f"less than a reliable change ({thresholds.reliable_points})"
    return f"The {name} is ", strong, f". That is {judged}{end_words(change, thresholds)}."


def _then(read: _Reading, ending: Ending, second: SecondOpinion | None) -> str:
    repeats = repeat_words(read.series, read.today_year)
    said = [repeats, _last_gap(read), _not_completed(read, ending)]
    used = [read.thresholds] if read.judged.change else []
    if second is not None:
        main = read.judged.change.klass if read.judged.change else None
        last = read.series.last
        second = replace(second, ended=ending is not Ending.OPEN)
        said.extend(second_words(second, main, read.today_year, last.taken_on if last else None))
        used.append(second.thresholds if len(second.series.complete) > 1 else None)
    said.append(sets_words([each for each in used if each is not None]))
    return " ".join(part for part in said if part)


def _last_gap(read: _Reading) -> str:
    last, every = read.series.last, read.series.administrations
    if not every or every[-1] is last:
        return ""
    day, why = day_words(every[-1].taken_on, read.today_year), without_total(every[-1])
    noun = "form" if instrument(read.series.instrument_key).self_report else "interview"
    if last is None:
        return f"The {noun} of {day} {why}."
    scored = day_words(last.taken_on, read.today_year)
    return f"The last {noun}, of {day}, {why}; the score is of {scored}."


def _not_completed(read: _Reading, ending: Ending) -> str:
    if ending is not Ending.DROPPED_OUT:
        return ""
    return f"{UNKNOWN_OUTCOME}; {NOT_AN_END}." if read.series.last else f"{UNKNOWN_OUTCOME}."


def short_verdict(series: Series, thresholds: ThresholdSet | None) -> str:
    """One line for a chart or a file, always with the year.

    "PCL-5 (past week): 25 on 5 May 2025, down 22 from baseline 47; reliable improvement; 28 or
    lower."
    """
    read = _Reading(series, thresholds, 0, change_over(series, thresholds))
    first, last, points = read.judged.first, read.judged.last, read.judged.points
    if first is None or last is None:
        return f"{read.name}: no complete score yet."
    often = len(differing_totals(series, last))
    which = f" (entered last of {often} totals)" if often else ""
    score = f"{read.name}: {last.total} on {day_words(last.taken_on, 0)}{which}"
    if points is None:
        return f"{score}, one score so far. Change needs at least two."
    moved = f"{move_words(points)} from" if points else "the same as"
    said = (f"{score}, {moved} baseline {first.total}", *_short_class(read))
    return f"{'; '.join(said)}."


def _short_class(read: _Reading) -> tuple[str, ...]:
    change = read.judged.change
    if change is None or read.thresholds is None:
        return ()
    at = read.thresholds.end_range_at_most
    if at is None:
        return (_CLASS_WORDS[change.klass],)
    return _CLASS_WORDS[change.klass], f"{at} or lower" if change.in_range else f"above {at}"
