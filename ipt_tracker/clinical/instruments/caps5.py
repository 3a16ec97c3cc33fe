"""CAPS-5: the clinician interview for PTSD by DSM-5, 20 symptoms rated 0 to 4.

Past-month version: current diagnosis. Past-week version: change only, never a diagnosis. Scores are
kept, the interview text is not shown. No published severity band and no published rule for missing
ratings was found, so neither is offered.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ipt_tracker.clinical.instruments.finding import Finding, all_of, any_of, at_least, known
from ipt_tracker.clinical.instruments.instrument import Instrument, Item, Lookback, YesNo, check
from ipt_tracker.clinical.instruments.ptsd_symptoms import DSM5_CLUSTERS, dsm5_items, dsm5_rule
from ipt_tracker.clinical.instruments.source import Certainty, Source
from ipt_tracker.clinical.instruments.symptom_counts import enough, symptom_counts
from ipt_tracker.clinical.rules import RuleBroken

STRUCTURE = Source(
    "VA CAPS-5 training; Weathers 2018 (veterans, N 165 and 207), PMC5805662", Certainty.SEEN
)
RULE = dsm5_rule(
    "caps5_dsm5",
    STRUCTURE,
    beside=("over_a_month", "impaired"),
    subtype=("depersonalisation", "derealisation"),
)
ITEMS = dsm5_items(0, 4)
SOURCES = (
    STRUCTURE,
    Source("Internal consistency .88, retest .78, inter-rater .91: Weathers 2018", Certainty.SEEN),
)
ACCESS = "Trained interviewers; the interview text is not shown here, only its ratings."


# Rated with the interview but outside the total.
IMPAIRMENT = (
    Item("distress", "distress", 0, 4, code="G1"),
    Item("social_impairment", "social impairment", 0, 4, code="G2"),
    Item("work_impairment", "occupational impairment", 0, 4, code="G3"),
)
DISSOCIATION = (
    Item("depersonalisation", "depersonalisation", 0, 4),
    Item("derealisation", "derealisation", 0, 4),
)
BESIDE = (
    YesNo("over_a_month", "longer than a month", code="F"),
    *IMPAIRMENT,
    YesNo("impaired", "distress or impairment", code="G"),
    *DISSOCIATION,
)


def _version(key: str, lookback: Lookback, cadence: str) -> Instrument:
    return Instrument(
        key=key,
        family="CAPS-5",
        name="CAPS-5",
        version=f"CAPS-5, {lookback}",
        lookback=lookback,
        self_report=False,
        items=ITEMS,
        sources=SOURCES,
        clusters=DSM5_CLUSTERS,
        rule=RULE if lookback is Lookback.PAST_MONTH else None,
        beside=BESIDE if lookback is Lookback.PAST_MONTH else (),
        cadence=cadence,
        access=ACCESS,
        anchors=("absent", "sub\u00adthreshold", "threshold", "marked", "extreme"),
        names=("caps5",),
        windows=("", "month") if lookback is Lookback.PAST_MONTH else ("week",),
        place=10,
    )


CAPS5_MONTH = _version("caps5_month", Lookback.PAST_MONTH, "baseline, half way, end, follow-up")
CAPS5_WEEK = _version("caps5_week", Lookback.PAST_WEEK, "change within treatment, no diagnosis")
INSTRUMENTS = (CAPS5_MONTH, CAPS5_WEEK)
PRESENT_FROM = 2


@dataclass(frozen=True, slots=True)
class Caps5Criteria:
    """What the diagnosis needs beside the 20 symptoms; None wherever it was not recorded.

    `event` is criterion A, `over_a_month` criterion F, `impairment` the three ratings of criterion
    G, `dissociation` depersonalisation and derealisation. Nothing is assumed to be met.
    """

    event: bool | None = None
    over_a_month: bool | None = None
    impairment: tuple[int | None, int | None, int | None] = (None, None, None)
    dissociation: tuple[int | None, int | None] = (None, None)

    def __post_init__(self) -> None:
        for item, answer in zip(
            IMPAIRMENT + DISSOCIATION, self.impairment + self.dissociation, strict=True
        ):
            if answer is not None and not item.allows(answer):
                raise RuleBroken(
                    f"{answer} is not on the form, which goes from {item.low} to {item.high}.",
                    field=item.key,
                )


@dataclass(frozen=True, slots=True)
class Caps5Diagnosis:
    """PTSD by DSM-5 and its dissociative subtype, with the key of the rule that was used."""

    rule: str
    ptsd: Finding
    dissociative: Finding


def diagnose(answers: Sequence[int | None], criteria: Caps5Criteria) -> Caps5Diagnosis:
    """Judge criteria A to G on the past-month form; RuleBroken for a rating not on the form.

    Source: VA CAPS-5 training; criterion G as any of the three ratings at 2 or more.
    """
    check(CAPS5_MONTH, answers)
    symptoms = enough(RULE.needed, symptom_counts(CAPS5_MONTH, answers))
    impaired = any_of(_present(criteria.impairment))
    ptsd = all_of((known(criteria.event), symptoms, known(criteria.over_a_month), impaired))
    dissociative = all_of((ptsd, any_of(_present(criteria.dissociation))))
    return Caps5Diagnosis(RULE.key, ptsd, dissociative)


def _present(ratings: Sequence[int | None]) -> list[Finding]:
    return [at_least(rating, PRESENT_FROM) for rating in ratings]
