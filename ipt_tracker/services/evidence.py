"""The published evidence: its two pictures, its table, and the audit of what is taken away."""

from collections.abc import Iterator
from enum import StrEnum

from ipt_tracker.charts.export import Picture
from ipt_tracker.charts.forest import Forest, ForestRow, Kind
from ipt_tracker.charts.funnel import Funnel, FunnelPoint
from ipt_tracker.charts.model import Provenance
from ipt_tracker.clinical.evidence.comparison import signed
from ipt_tracker.clinical.evidence.library import effects
from ipt_tracker.clinical.evidence.published import (
    GROUPS,
    Recomputed,
    difference,
    published_rows,
)
from ipt_tracker.clinical.evidence.trials import Trial, pooled_trials, trials, with_effect
from ipt_tracker.exchange.tables import Value, csv_bytes
from ipt_tracker.governance.access import Permission
from ipt_tracker.governance.events import Event
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork

SUBJECT = Subject("evidence", "published")
SOURCE = "Althobaiti et al. 2020, search to November 2018"
SCENARIO_WORDS = (
    "The broken line is where the mean effect of a new setting may lie if I² were 61 %: "
    "a scenario, for the paper prints no τ²."
)
HEAD = (
    *("kind", "name", "estimate", "low_95", "high_95", "unit", "se", "p_printed", "p_recomputed"),
    *("implied_sd", "certainty", "source", "population", "note"),
)


class Drawn(StrEnum):
    """The pictures of the evidence page."""

    FOREST = "forest"
    FUNNEL = "funnel"


def drawing(which: Drawn, software: str) -> Picture:
    """Give the frozen input of one picture."""
    return _forest(software) if which is Drawn.FOREST else _funnel(software)


def p_words(p: float) -> str:
    """Write a p value with two decimals or more, until one of them tells: "0.15", "0.0006"."""
    digits = next((each for each in (2, 3) if p >= 10**-each), 4)
    return f"{p:.{digits}f}"


def _forest(software: str) -> Forest:
    overall = effects()["overall"].measured
    said = f"{signed(overall.middle, 2)} ({signed(overall.low, 2)} to {signed(overall.high, 2)})"
    return Forest(
        title="IPT for PTSD: pooled effect and subgroups",
        verdict=f"Ten comparisons from nine trials: SMD {said}. No sign that subgroups differ.",
        rows=tuple(_forest_rows()),
        provenance=_provenance("as printed; scenario and tests derived here", software),
        notes=(SCENARIO_WORDS,),
    )


def _forest_rows() -> Iterator[ForestRow]:
    scenario = effects()["new_setting_scenario"].measured
    for group, name in GROUPS.items():
        tested = difference(group)
        if tested:
            yield ForestRow(name, "heading", note=f"difference p = {p_words(tested.p)}")
        for row in published_rows():
            if row.effect.group == group:
                spread = (scenario.low, scenario.high) if group == "overall" else None
                yield _forest_row(row, spread)


def _forest_row(row: Recomputed, spread: tuple[float, float] | None) -> ForestRow:
    each = row.effect
    if each.estimate is None:
        return ForestRow(each.label, "missing", note="no value in the text")
    kind: Kind = "overall" if each.group == "overall" else "subgroup"
    return ForestRow(each.label, kind, each.estimate, each.low, each.high, scenario=spread)


def _funnel(software: str) -> Funnel:
    points = [
        FunnelPoint(_short(each), each.estimate, each.se, each.certain)
        for each in with_effect()
        if each.estimate is not None and each.se is not None
    ]
    missing = [each.study for each in pooled_trials() if each.estimate is None]
    return Funnel(
        title="IPT for PTSD: funnel plot of what can be obtained",
        verdict=f"{len(points)} of 10 comparisons; {' and '.join(missing)} could not be found.",
        points=tuple(points),
        centre=effects()["overall"].measured.middle,
        provenance=_provenance("effects of trials derived here, centre as printed", software),
    )


def _short(each: Trial) -> str:
    """Name a comparison by its study; of two in one study, by its control in a word as well."""
    of_study = [trial for trial in pooled_trials() if trial.study == each.study]
    return each.study if len(of_study) == 1 else f"{each.study}, {each.label.split()[-1]}"


def _provenance(how: str, software: str) -> Provenance:
    return Provenance(
        patient_code="",
        instrument="",
        completeness="",
        threshold_source="",
        window="",
        software=software,
        newest_recorded="",
        evidence=f"{SOURCE}; {how}",
    )


def figures_csv() -> bytes:
    """Give every published effect and every trial as a table, each with its source."""
    return csv_bytes(HEAD, (*_effect_cells(), *map(_trial_cells, trials().values())))


def _effect_cells() -> Iterator[tuple[Value, ...]]:
    for row in published_rows():
        each = row.effect
        yield (
            *("pooled effect", each.label, each.estimate, each.low, each.high, "SMD", row.se),
            *(each.p_printed, row.p, row.implied_sd, each.certainty.value),
            *(each.source, each.population, each.note or each.why_no_interval),
        )


def _trial_cells(each: Trial) -> tuple[Value, ...]:
    return (
        *("trial", each.label, each.estimate, each.low, each.high, "Hedges g", each.se),
        *(None, None, None, each.certainty.value, each.source, each.population),
        "; ".join(filter(None, (each.how, each.note, each.why_no_interval))),
    )


def note_download(work: UnitOfWork, what: str, fmt: str) -> None:
    """Write down that a picture or the table left the building, before it does."""
    work.require(Permission.SEE_EVIDENCE)
    work.audit(Event.EVIDENCE_DOWNLOADED, SUBJECT, what=what, format=fmt)
