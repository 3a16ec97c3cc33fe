"""What the page of one set says: its result in words and numbers, and each trial."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from ipt_tracker.charts import export
from ipt_tracker.clinical.evidence.library import Z_95, Effect
from ipt_tracker.clinical.evidence.meta_analysis import NARROWER, Bounds, Pooled, StudyEffect
from ipt_tracker.clinical.evidence.own_trials import (
    FEWEST_FOR_EGGER,
    OwnTrial,
    PooledTrials,
    effects_of_trials,
)
from ipt_tracker.services.evidence_set_chart import published, set_chart
from ipt_tracker.services.evidence_sets import KeptTrial, SetPage

NO_INTERVAL = "none: one trial"
THREE_ARMS = (
    "Comparisons that share an IPT arm divide its people among them, so that nobody counts twice "
    "(Cochrane Handbook 23.3.4). The comparisons stay related; their intervals are a little narrow."
)


@dataclass(frozen=True, slots=True)
class Line:
    """One figure with what has to be said of it."""

    name: str
    value: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class PooledRow:
    """One pooled estimate in a table."""

    name: str
    k: int
    estimate: str
    interval: str
    i2: str


@dataclass(frozen=True, slots=True)
class TrialRow:
    """One trial in a table; `numbers` are what was entered."""

    id: UUID | None
    trial: OwnTrial
    effect: str
    se: str
    interval: str
    numbers: str
    shares: str
    kept: KeptTrial | None = None


@dataclass(frozen=True, slots=True)
class SetView:
    """What the template shows."""

    alt: str
    published: Effect
    published_words: str
    lines: tuple[Line, ...]
    estimate: str
    interval: str
    trials: tuple[TrialRow, ...]
    withdrawn: tuple[TrialRow, ...]
    subgroups: tuple[PooledRow, ...]
    difference: str
    without: tuple[PooledRow, ...]
    remarks: tuple[str, ...]


def set_view(found: SetPage, software: str) -> SetView:
    """Put a set into words."""
    pooled, effect = found.pooled, published()
    there = effect.measured
    whole = pooled.grouped.overall if pooled else None
    gone = [each for each in found.trials if each.withdrawn]
    return SetView(
        alt=export.alt(set_chart(found, software)),
        published=effect,
        published_words=f"{two(there.middle)} ({bounds((there.low, there.high))})",
        lines=_lines(whole) if whole else (),
        estimate=two(whole.smd) if whole else "",
        interval=bounds((whole.low, whole.high)) if whole else "",
        trials=_trial_rows(found.counted, pooled.effects if pooled else ()),
        withdrawn=_trial_rows(gone, [effects_of_trials([e.trial])[0] for e in gone]),
        subgroups=_subgroups(pooled) if pooled else (),
        difference=_difference(pooled) if pooled else "",
        without=_without(pooled) if pooled else (),
        remarks=_remarks(found),
    )


def preview_rows(trials: Sequence[OwnTrial]) -> tuple[TrialRow, ...]:
    """Give the rows of a file with the effect that each one gives."""
    effects = effects_of_trials(trials)
    return tuple(_row(None, t, e, None) for t, e in zip(trials, effects, strict=True))


def two(value: float) -> str:
    """Write a number with two decimals and a true minus."""
    return f"{value:.2f}".replace("-", "−")


def bounds(ends: Bounds) -> str:
    """Write an interval."""
    return f"{two(ends[0])} to {two(ends[1])}"


def p_words(value: float) -> str:
    """Write a p value."""
    return "p < 0.001" if value < 0.001 else f"p = {value:.3f}"  # noqa: PLR2004 -- as p is printed


def _lines(whole: Pooled) -> tuple[Line, ...]:
    prediction = bounds(whole.prediction) if whole.prediction else "none: fewer than three trials"
    egger = p_words(whole.egger_p) if whole.egger_p is not None else "none: too few trials"
    few = f"With fewer than {FEWEST_FOR_EGGER} trials it can hardly find anything."
    scatter = p_words(whole.q_p) if whole.q_p is not None else "no test with one trial"
    return (
        Line("95 % interval, ordinary (Wald)", bounds((whole.low, whole.high)), p_words(whole.p)),
        Line(
            "95 % interval, Hartung-Knapp",
            bounds(whole.hksj) if whole.hksj else NO_INTERVAL,
            NARROWER if whole.hksj_is_narrower else "Safer with few trials.",
        ),
        Line("95 % prediction interval", prediction, "The mean effect in one new setting."),
        Line("Heterogeneity, Q", f"{whole.q:.2f} on {whole.k - 1} df", scatter),
        Line("Variance between trials, tau²", f"{whole.tau2:.3f}", "DerSimonian and Laird."),
        Line("I²", f"{whole.i2:.0f} %", whole.i2_words),
        Line("Egger’s test", egger, few if whole.k < FEWEST_FOR_EGGER else ""),
    )


def _trial_rows(kept: Sequence[KeptTrial], effects: Sequence[StudyEffect]) -> tuple[TrialRow, ...]:
    pairs = zip(kept, effects, strict=True)
    return tuple(_row(each.id, each.trial, effect, each) for each, effect in pairs)


def _row(
    trial_id: UUID | None, trial: OwnTrial, effect: StudyEffect, kept: KeptTrial | None
) -> TrialRow:
    half = Z_95 * effect.se
    return TrialRow(
        trial_id,
        trial,
        two(effect.g),
        f"{effect.se:.3f}",
        bounds((effect.g - half, effect.g + half)),
        _numbers(trial),
        trial.arms.shares if trial.arms else "",
        kept,
    )


def _numbers(trial: OwnTrial) -> str:
    arms = trial.arms
    if arms is None:
        return "effect as reported"
    ipt = f"IPT {arms.mean_ipt:g} (SD {arms.sd_ipt:g}), n = {arms.n_ipt:g}"
    control = f"control {arms.mean_control:g} (SD {arms.sd_control:g}), n = {arms.n_control:g}"
    return f"{ipt}; {control}".replace("-", "−")


def _pooled_row(name: str, part: Pooled) -> PooledRow:
    ends = bounds((part.low, part.high))
    return PooledRow(name, part.k, two(part.smd), ends, f"{part.i2:.0f} %")


def _subgroups(pooled: PooledTrials) -> tuple[PooledRow, ...]:
    return tuple(_pooled_row(name, part) for name, part in pooled.grouped.subgroups.items())


def _difference(pooled: PooledTrials) -> str:
    test = pooled.grouped.difference
    if test is None or test.p is None:
        return pooled.note
    found = f"Test for differences: Q = {test.q:.2f} on {test.df} df, {p_words(test.p)}."
    if test.p < 0.05:  # noqa: PLR2004 -- the usual level
        return f"{found} Subgroups were not randomised: other things may differ between them too."
    return f"{found} That one subgroup is significant and another is not shows no difference."


def _without(pooled: PooledTrials) -> tuple[PooledRow, ...]:
    return tuple(_pooled_row(name, part) for name, part in pooled.without)


def _remarks(found: SetPage) -> tuple[str, ...]:
    shared = any(each.trial.arms and each.trial.arms.shares for each in found.counted)
    return tuple(text for text in (THREE_ARMS if shared else "",) if text)
