"""A pooled result for people: the studies, the figures, and what they do not say."""

from collections.abc import Iterator, Sequence

from ipt_tracker.clinical.evidence import egger, heterogeneity
from ipt_tracker.clinical.evidence.comparison import signed
from ipt_tracker.clinical.evidence.meta_analysis import (
    NARROWER,
    Bounds,
    Grouped,
    Pooled,
    StudyEffect,
)
from ipt_tracker.exchange.effect_rows import shown


def evidence_table(effects: Sequence[StudyEffect], grouped: Grouped) -> str:
    """Lay out the studies with their weights, the whole, the subgroups and the cautions."""
    whole = grouped.overall
    lines = [
        "Negative effects favour IPT; each interval is a 95 % interval.",
        "",
        *_studies(effects, whole.weights),
        "",
        *_pooled("All studies", whole),
        *(line for name, each in grouped.subgroups.items() for line in ("", *_pooled(name, each))),
        *_difference(grouped),
        "",
        *_cautions((whole, *grouped.subgroups.values())),
    ]
    return "\n".join(lines)


def _studies(effects: Sequence[StudyEffect], weights: Sequence[float]) -> Iterator[str]:
    names = [shown(each.study) for each in effects]
    width = max(5, *map(len, names))
    yield f"{'Study':{width}}  {'g':>7}  {'SE':>6}  {'weight':>6}"
    for name, each, weight in zip(names, effects, weights, strict=True):
        yield f"{name:{width}}  {signed(each.g, 3):>7}  {each.se:6.3f}  {weight:>6.1%}"


def _pooled(name: str, pooled: Pooled) -> Iterator[str]:
    yield f"{name}, k = {pooled.k}"
    yield f"  Effect (SMD)            {signed(pooled.smd, 3)}, p {_p(pooled.p)}"
    yield f"  Interval, Wald          {_bounds((pooled.low, pooled.high))}"
    narrower = ", narrower than Wald's" if pooled.hksj_is_narrower else ""
    yield f"  Interval, Hartung-Knapp {_bounds(pooled.hksj, 'needs two studies')}{narrower}"
    yield f"  Prediction interval     {_bounds(pooled.prediction, 'needs three studies')}"
    yield from _between(pooled)
    yield f"  Egger's test            {_egger(pooled)}"


def _between(pooled: Pooled) -> Iterator[str]:
    if pooled.q_p is None:
        yield f"  Between trials          {pooled.i2_words}"
        return
    q = f"Q {pooled.q:.2f}, df {pooled.k - 1}, p {_p(pooled.q_p)}"
    yield f"  Between trials          tau² {pooled.tau2:.4f}, {q}"
    yield f"  I²                      {pooled.i2:.1f} %: {pooled.i2_words}"


def _difference(grouped: Grouped) -> Iterator[str]:
    found = grouped.difference
    if found is None:
        return
    yield ""
    if found.p is None:
        yield "There is one subgroup only, so nothing to compare."
        return
    words = f"Q {found.q:.2f}, df {found.df}, p {_p(found.p)}"
    yield f"Test that the subgroups differ: {words}"
    yield "One subgroup significant and another not is no sign that they differ: read this test."


def _cautions(pooled: Sequence[Pooled]) -> Iterator[str]:
    if any(each.hksj_is_narrower for each in pooled):
        yield NARROWER
    if any(each.k < egger.ENOUGH for each in pooled):
        yield egger.LOW_K
    yield heterogeneity.OVERLAP
    yield "These are differences between groups; none says how one patient will change."


def _bounds(bounds: Bounds | None, none: str = "") -> str:
    if bounds is None:
        return none
    return f"{signed(bounds[0], 3)} to {signed(bounds[1], 3)}"


def _egger(pooled: Pooled) -> str:
    if pooled.egger_p is not None:
        return f"p {_p(pooled.egger_p)}"
    return "needs three studies" if pooled.k < egger.FEWEST else "cannot be worked out here"


def _p(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"= {value:.3f}"  # noqa: PLR2004 -- as papers print it
