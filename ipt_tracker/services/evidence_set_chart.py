"""From one evidence set to its picture, and to its rows as a table to keep."""

from collections.abc import Iterator

from ipt_tracker.charts.export import Picture
from ipt_tracker.charts.forest import Forest, ForestRow
from ipt_tracker.charts.model import Provenance
from ipt_tracker.clinical.evidence.library import Z_95, Effect, effects
from ipt_tracker.clinical.evidence.meta_analysis import Pooled, StudyEffect
from ipt_tracker.clinical.evidence.own_trials import PooledTrials
from ipt_tracker.exchange.effect_table import ARM_COLUMNS
from ipt_tracker.exchange.tables import Value, csv_bytes
from ipt_tracker.governance.events import Event
from ipt_tracker.services.evidence_sets import KeptTrial, SetPage, set_subject
from ipt_tracker.services.unit_of_work import UnitOfWork

HEAD = (
    *("study", "subgroup", "g", "se_g", *ARM_COLUMNS, "shares"),
    *("source", "population", "fidelity", "certainty", "withdrawn"),
)


def published() -> Effect:
    """Give the published result, which no set of a clinic alters."""
    return effects()["overall"]


def set_chart(found: SetPage, software: str) -> Picture:
    """Give the forest plot of the trials that count, with the published result apart."""
    rows = _rows(found.pooled) if found.pooled else ()
    return Forest(
        title=f"Evidence set: {found.kept.name}",
        verdict=_verdict(found),
        rows=(*rows, *_published()),
        provenance=_provenance(found, software),
    )


def trials_csv(found: SetPage) -> bytes:
    """Give every trial of a set, withdrawn ones too, marked so."""
    counted = iter(found.pooled.effects if found.pooled else ())
    return csv_bytes(HEAD, (_cells(each, counted) for each in found.trials))


def note_download(work: UnitOfWork, found: SetPage, what: str) -> None:
    """Write down that something of a set left the building."""
    work.audit(Event.EVIDENCE_DOWNLOADED, set_subject(found.kept), what=what)


def _cells(kept: KeptTrial, counted: Iterator[StudyEffect]) -> tuple[Value, ...]:
    effect = None if kept.withdrawn else next(counted)
    trial, arms = kept.trial, kept.trial.arms
    numbers = [getattr(arms, name) if arms else None for name in ARM_COLUMNS]
    entered = None if arms else trial.numbers
    g, se = (getattr(effect or entered, name, None) for name in ("g", "se"))
    return (
        *(trial.numbers.study, trial.numbers.subgroup, g, se, *numbers),
        *(arms.shares if arms else None, trial.source, trial.population),
        *(trial.fidelity.value, trial.certainty, "yes" if kept.withdrawn else "no"),
    )


def _verdict(found: SetPage) -> str:
    if found.pooled is None:
        return "No trial counts in this set yet."
    all_in = found.pooled.grouped.overall
    words = f"{all_in.smd:.2f} ({all_in.low:.2f} to {all_in.high:.2f})".replace("-", "−")
    return f"{all_in.k} comparison{'s' if all_in.k != 1 else ''} pooled here: {words}."


def _rows(pooled: PooledTrials) -> tuple[ForestRow, ...]:
    whole = pooled.grouped.overall
    studies = [
        (
            each.subgroup,
            ForestRow(
                each.study,
                "study",
                each.g,
                each.g - Z_95 * each.se,
                each.g + Z_95 * each.se,
                weight=weight,
            ),
        )
        for each, weight in zip(pooled.effects, whole.weights, strict=True)
    ]
    rows = [] if pooled.grouped.subgroups else [row for _, row in studies]
    for name, part in pooled.grouped.subgroups.items():
        rows.append(ForestRow(name, "heading"))
        rows += [row for group, row in studies if group == name]
        rows.append(_pooled(f"{name}, pooled", "subgroup", part))
    return (*rows, _pooled("All trials of this set", "overall", whole))


def _pooled(label: str, kind: str, part: Pooled) -> ForestRow:
    if kind == "subgroup":
        return ForestRow(label, "subgroup", part.smd, part.low, part.high)
    return ForestRow(label, "overall", part.smd, part.low, part.high, scenario=part.prediction)


def _published() -> tuple[ForestRow, ...]:
    effect = published()
    there = effect.measured
    return (
        ForestRow("Published, not part of this set", "heading"),
        ForestRow("Althobaiti 2020, as printed", "overall", there.middle, there.low, there.high),
    )


def _provenance(found: SetPage, software: str) -> Provenance:
    moments = [each.history[-1].at for each in found.trials if each.history]
    newest = max((found.kept.made_at, *moments))
    gone = len(found.trials) - len(found.counted)
    return Provenance(
        patient_code="",
        instrument=found.kept.measured,
        completeness=f"{len(found.counted)} comparisons, {gone} withdrawn",
        threshold_source="",
        window=f"search to {found.kept.searched_on.isoformat()}; {found.kept.source}",
        software=software,
        newest_recorded=newest.date().isoformat(),
    )
