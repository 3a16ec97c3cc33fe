"""Counting the symptoms that are present, and the diagnosis rule that stands on the counts."""

from collections.abc import Sequence
from dataclasses import dataclass

from ipt_tracker.clinical.instruments.finding import Finding, all_of, at_least, between
from ipt_tracker.clinical.instruments.instrument import Instrument, check


@dataclass(frozen=True, slots=True)
class SymptomCount:
    """One cluster: symptoms surely present, and how many could be once the blanks are filled."""

    cluster: str
    surely: int
    possibly: int


def count_present(instrument: Instrument, present: Sequence[Finding]) -> tuple[SymptomCount, ...]:
    """Count symptoms by cluster, given for each item whether it is present."""
    pairs = [(i.cluster, f) for i, f in zip(instrument.items, present, strict=True)]
    return tuple(_count(key, [f for own, f in pairs if own == key]) for key in _keys(instrument))


def _keys(instrument: Instrument) -> tuple[str, ...]:
    return tuple(cluster.key for cluster in instrument.clusters)


def _count(cluster: str, present: Sequence[Finding]) -> SymptomCount:
    surely = present.count(Finding.MET)
    return SymptomCount(cluster, surely, surely + present.count(Finding.CANNOT_TELL))


def symptom_counts(
    instrument: Instrument, answers: Sequence[int | None]
) -> tuple[SymptomCount, ...]:
    """Count symptoms by the instrument's own rule; RuleBroken for an answer not on the form.

    None are counted where there is no rule, or where it needs the halves of each item.
    """
    check(instrument, answers)
    if instrument.rule is None or instrument.rule.parts_from:
        return ()
    least = instrument.rule.present_from
    return count_present(instrument, [at_least(answer, least) for answer in answers])


def enough(needed: Sequence[tuple[str, int]], counts: Sequence[SymptomCount]) -> Finding:
    """Judge whether every cluster reaches its number; clusters share no item, so this is exact."""
    by_cluster = {count.cluster: count for count in counts}
    return all_of(
        between(by_cluster[cluster].surely, by_cluster[cluster].possibly, number)
        for cluster, number in needed
    )
