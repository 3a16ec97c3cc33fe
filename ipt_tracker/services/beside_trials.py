"""One course beside the trials: the comparison, the picture of its ranges, the printed effects."""

from collections.abc import Iterator
from dataclasses import replace

from ipt_tracker.charts.nested_bands import ArmRow, NestedBands, Range
from ipt_tracker.clinical.evidence import library
from ipt_tracker.clinical.evidence.comparison import Comparison, NoComparison
from ipt_tracker.clinical.evidence.matching import Match, matches
from ipt_tracker.clinical.evidence.patient_benchmark import beside_trials, summary
from ipt_tracker.clinical.outcome.verdict import Ending
from ipt_tracker.services.outline import Outline
from ipt_tracker.services.progress import CourseProgress, ending_of

EVIDENCE = "Althobaiti 2020, J Affect Disord 264:286-294; waiting lists of the PTSD trial database"
NOTES = (
    "New setting: a scenario, because the paper prints no τ² (0.10 assumed).",
    "The ranges are of groups, settings and people like these; none is a forecast for one person.",
)


def beside(progress: CourseProgress, sd: float | None = None) -> Comparison | NoComparison | None:
    """Set the change of a course beside the trials; None while there are no two scores.

    Raises RuleBroken for an SD that cannot be one.
    """
    facts = progress.facts
    series = facts.scores.series(facts.main.key, of_treatment=True)
    first, last = series.first, series.last
    if first is None or last is None or first is last:
        return None
    thresholds = facts.threshold_of(facts.main)
    words = source = ""
    if thresholds:
        points = thresholds.reliable_points
        words = f"under {points} points could be measurement error"
        source = f"{thresholds.name}, {thresholds.population}"
    return beside_trials(
        facts.main.family,
        first.total or 0,
        last.total or 0,
        sd,
        reliable_words=words,
        reliable_source=source,
    )


def printed_for(progress: CourseProgress) -> tuple[Match, ...]:
    """Give the printed effects for patients with this diagnosis, this event and this length."""
    course = progress.facts.course
    patient = course.patient
    return matches(patient.primary_diagnosis, patient.precipitating_event, course.planned_sessions)


def where_in_treatment(progress: CourseProgress, outline: Outline) -> str:
    """Say what the comparison must not hide: that the course is not at its end; empty when it is.

    The trials' figures are of the end of treatment.
    """
    ending = ending_of(progress.facts.course)
    if ending is Ending.DROPPED_OUT:
        return (
            "The patient left the course: the last score is not an end-of-treatment score, "
            "and the trials' figures are of the end of treatment."
        )
    if ending is Ending.OPEN:
        return (
            f"The course goes on ({outline.position.words[:1].lower()}"
            f"{outline.position.words[1:]}); the trials' figures are of the end of treatment."
        )
    if progress.acute:
        return (
            "The last score is of a maintenance visit; the trials' figures are of the end of "
            f"treatment. Last score of the acute treatment: {progress.acute}."
        )
    return ""


def bands_chart(progress: CourseProgress, found: Comparison) -> NestedBands:
    """Give the frozen input of the picture, cut like the table at what the scale allows."""
    ranges, of_course = found.bands, progress.picture.provenance
    patients = found.row("patients")
    return NestedBands(
        title=f"Change beside the trials, {progress.main.version}",
        verdict=summary(found),
        unit=found.unit_words,
        change=found.points,
        error=progress.band - 1 if progress.band else None,
        expected=ranges.mean.middle,
        ranges=(
            Range(
                "single patients",
                ranges.patient.low if patients.low is None else patients.low,
                ranges.patient.high if patients.high is None else patients.high,
            ),
            Range("mean of one new setting", ranges.setting.low, ranges.setting.high),
            Range("interval of the mean", ranges.mean.low, ranges.mean.high),
        ),
        arms=tuple(_arms(found)),
        provenance=replace(of_course, evidence=EVIDENCE) if of_course else None,
        notes=(*NOTES, f"SD {found.sd_words}.", f"{ranges.spread.words.rstrip('.')}."),
    )


def _arms(found: Comparison) -> Iterator[ArmRow]:
    """The arms measured with this instrument, the waiting lists last."""
    by_key = {place.spread.key: place for place in found.positions}
    arms = [arm for arm in library.trial_arms().values() if arm.family == found.family]
    for arm in sorted(arms, key=lambda each: each.kind != "ipt"):
        if arm.estimate is None:
            continue
        place = by_key.get(arm.key)
        yield ArmRow(
            f"{arm.study}, {arm.label}",
            arm.people,
            arm.estimate,
            place.spread.sd if place else None,
            arm.low,
            arm.high,
            f"{place.words} improved at least as much" if place else arm.why_no_interval,
            arm.kind != "ipt",
        )
