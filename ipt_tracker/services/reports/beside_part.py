"""The part of a report that sets the course beside the trials, with every caveat of the page."""

from collections.abc import Iterator
from dataclasses import replace

from ipt_tracker.clinical.evidence.comparison import Comparison, NoComparison, Row, RowKind, Unit
from ipt_tracker.clinical.evidence.patient_benchmark import summary
from ipt_tracker.reports.progress_report import Beside
from ipt_tracker.services.beside_trials import (
    bands_chart,
    beside,
    printed_for,
    where_in_treatment,
)
from ipt_tracker.services.outline import Outline
from ipt_tracker.services.progress import CourseProgress

BETWEEN = frozenset({RowKind.POOLED, RowKind.SCENARIO})
"""Rows that are differences between groups."""
NOT_ONE_PERSON = "A difference between groups, not comparable with one person's change. "


def beside_part(progress: CourseProgress, where: Outline) -> Beside:
    """Give the comparison in words and rows, or say why there is none."""
    found = beside(progress)
    if found is None:
        name = progress.main.name
        return Beside((f"A comparison needs two complete {name} scores of one time window.",))
    if isinstance(found, NoComparison):
        return Beside((summary(found),))
    unfinished = where_in_treatment(progress, where)
    in_points = [row for row in found.rows if row.unit is Unit.POINTS]
    return Beside(
        said=tuple(filter(None, (unfinished, summary(found)))),
        picture=replace(bands_chart(progress, found), provenance=None),
        rows=tuple(_line(row) for row in sorted(in_points, key=lambda row: row.kind in BETWEEN)),
        facts=tuple(_facts(progress, found)),
        arms=tuple(_arm(row) for row in found.rows if row.unit is Unit.PERCENT),
        caveats=found.caveats,
    )


def _line(row: Row) -> tuple[str, ...]:
    before = NOT_ONE_PERSON if row.kind in BETWEEN else ""
    return _label(row), row.estimate_words, row.interval_words, f"{before}{_source(row)}"


def _arm(row: Row) -> tuple[str, ...]:
    return _label(row), row.estimate_words, _source(row)


def _label(row: Row) -> str:
    return ": ".join(filter(None, (row.label, row.note)))


def _source(row: Row) -> str:
    parts = filter(None, (str(row.status), row.source, row.population, row.gap))
    return " ".join(f"{part[:1].upper()}{part[1:].rstrip('.')}." for part in parts)


def _facts(progress: CourseProgress, found: Comparison) -> Iterator[tuple[str, str]]:
    yield "Important change", meaningful_words(found)
    places = [
        f"{each.words.capitalize()} improved at least as much in {each.spread.arm.study}, "
        f"{each.spread.arm.label} (n = {each.spread.arm.people}; normal curve with SD "
        f"{each.spread.sd:g}, {each.spread.certainty.value}). {each.spread.note}"
        for each in found.positions
    ]
    yield "Among the trials' patients", " ".join(places) or found.no_position
    for match in printed_for(progress):
        yield match.feature, match.words
    yield "Points at an SD of", f"{found.sd_words}."


def meaningful_words(comparison: Comparison) -> str:
    """Say what is the smallest important difference, and whether this change reaches it."""
    least = comparison.meaningful
    if least is None:
        return f"No smallest important difference is held for the {comparison.family}."
    return (
        f"Smallest important difference: {least.words} points; "
        f"{least.reached(comparison.points)}. {least.note} {least.source}, {least.population}."
    )
