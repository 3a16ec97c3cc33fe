"""CAPS for DSM-IV: 17 symptoms, each a frequency 0 to 4 plus an intensity 0 to 4.

Not the CAPS-5: another range (0 to 136), another rule, another line on another axis. Nine scoring
rules are in print and give widely different prevalence, so the rule's key stays with the result.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ipt_tracker.clinical.instruments.finding import Finding, all_of, known
from ipt_tracker.clinical.instruments.instrument import (
    ClusterRule,
    Instrument,
    Lookback,
    Part,
    Score,
    YesNo,
    score_spans,
)
from ipt_tracker.clinical.instruments.ptsd_symptoms import DSM4_CLUSTERS, DSM4_NEEDED, dsm4_items
from ipt_tracker.clinical.instruments.source import Certainty, Source
from ipt_tracker.clinical.instruments.symptom_counts import SymptomCount, count_present, enough
from ipt_tracker.clinical.rules import RuleBroken

RATING_HIGHEST = 4
RULE = ClusterRule(
    "f1i2",
    "F1/I2: frequency 1 or more and intensity 2 or more; 1 B, 3 C, 2 D",
    0,  # unused: each half has its own number
    DSM4_NEEDED,
    Source("NINDS CDE; DSM-IV", Certainty.SEEN),
    parts_from=(("frequency", 1), ("intensity", 2)),
    beside=("over_a_month", "impaired"),
)
OFTEN = ("never", "rarely", "weekly", "often", "daily")
STRONG = ("none", "mild", "moderate", "severe", "extreme")
HALVES = (
    Part("frequency", "frequency", 0, RATING_HIGHEST, OFTEN),
    Part("intensity", "intensity", 0, RATING_HIGHEST, STRONG),
)
BESIDE = (
    YesNo("over_a_month", "longer than a month", code="E"),
    YesNo("impaired", "distress or impairment", code="F"),
)
CAPS4 = Instrument(
    key="caps4",
    family="CAPS-IV",
    name="CAPS for DSM-IV",
    version="CAPS for DSM-IV, past month",
    lookback=Lookback.PAST_MONTH,
    self_report=False,
    items=dsm4_items(0, 2 * RATING_HIGHEST),
    sources=(Source("NINDS CDE F1626; NCT01339689; AHRQ NBK525134", Certainty.SEEN),),
    clusters=DSM4_CLUSTERS,
    cadence="baseline, half way, end, follow-up",
    access="Trained interviewers; the interview text is not shown here, only its ratings.",
    rule=RULE,
    parts=HALVES,
    beside=BESIDE,
    names=("caps4", "capsiv", "capsdx", "capsfordsmiv"),
    windows=("", "month"),
    place=20,
)
INSTRUMENTS = (CAPS4,)


@dataclass(frozen=True, slots=True)
class Rating:
    """One symptom: how often and how strong, each 0 to 4, None where it was not rated."""

    frequency: int | None
    intensity: int | None

    @property
    def complete(self) -> bool:
        """Tell whether both halves were rated."""
        return self.frequency is not None and self.intensity is not None

    @property
    def span(self) -> tuple[int, int]:
        """Give the lowest and highest severity that the rated halves allow."""
        halves = (self.frequency, self.intensity)
        rated = sum(half for half in halves if half is not None)
        return rated, rated + RATING_HIGHEST * halves.count(None)

    @property
    def inconsistent(self) -> bool:
        """Tell whether one half is 0 and the other is not: a rating error to ask about.

        Source: the data-quality rules of medRxiv 2024.07.09.24310039.
        """
        return self.complete and (self.frequency == 0) != (self.intensity == 0)


@dataclass(frozen=True, slots=True)
class CapsIvRule:
    """One way of deciding which symptoms count; the numbers per cluster are those of DSM-IV."""

    key: str
    name: str
    present: Callable[[Rating], Finding]
    source: Source


def _f1i2(rating: Rating) -> Finding:
    return RULE.counts({"frequency": rating.frequency, "intensity": rating.intensity})


def _severity_4(rating: Rating) -> Finding:
    least = 4
    low, high = rating.span
    return known(low >= least) if (low >= least) == (high >= least) else Finding.CANNOT_TELL


F1I2 = CapsIvRule(
    RULE.key,
    "F1/I2: frequency 1 or more and intensity 2 or more",
    _f1i2,
    RULE.source,
)
ITEM_SEVERITY_4 = CapsIvRule(
    "item_severity4",
    "Item severity: frequency plus intensity 4 or more",
    _severity_4,
    Source("attributed to Weathers, Ruscio and Keane 1999", Certainty.UNVERIFIED),
)


@dataclass(frozen=True, slots=True)
class CapsIvCriteria:
    """What the diagnosis needs beside the symptoms; None wherever it was not recorded.

    `event` is criterion A, `over_a_month` criterion E, `impairment` criterion F.
    """

    event: bool | None = None
    over_a_month: bool | None = None
    impairment: bool | None = None


def check_ratings(ratings: Sequence[Rating]) -> None:
    """Refuse a form of the wrong length or a half outside 0 to 4 (RuleBroken)."""
    if len(ratings) != len(CAPS4.items):
        raise RuleBroken(f"The {CAPS4.name} has {len(CAPS4.items)} items, not {len(ratings)}.")
    for item, rating in zip(CAPS4.items, ratings, strict=True):
        for half in (rating.frequency, rating.intensity):
            if half is not None and half not in range(RATING_HIGHEST + 1):
                raise RuleBroken(
                    f"{item.label}: {half} is not on the form, which goes from 0 to 4.",
                    field=item.key,
                )


def score_ratings(ratings: Sequence[Rating]) -> Score:
    """Add up frequency and intensity; an item counts as answered when both halves are rated."""
    check_ratings(ratings)
    answered = sum(rating.complete for rating in ratings)
    return score_spans(CAPS4, [rating.span for rating in ratings], answered)


def count_symptoms(ratings: Sequence[Rating], rule: CapsIvRule) -> tuple[SymptomCount, ...]:
    """Count the symptoms of each cluster that are present under one named rule."""
    check_ratings(ratings)
    return count_present(CAPS4, [rule.present(rating) for rating in ratings])


def diagnose(ratings: Sequence[Rating], criteria: CapsIvCriteria, rule: CapsIvRule) -> Finding:
    """Judge PTSD by DSM-IV under one named rule: 1 B, 3 C, 2 D with criteria A, E and F."""
    symptoms = enough(DSM4_NEEDED, count_symptoms(ratings, rule))
    others = (criteria.event, criteria.over_a_month, criteria.impairment)
    return all_of((symptoms, *(known(other) for other in others)))


def inconsistent_items(ratings: Sequence[Rating]) -> tuple[int, ...]:
    """Number the items (from 1) whose frequency and intensity contradict each other."""
    return tuple(n for n, rating in enumerate(ratings, start=1) if rating.inconsistent)
