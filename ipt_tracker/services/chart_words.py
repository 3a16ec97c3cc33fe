"""What stands under a chart: scales, sets of thresholds, and where the picture comes from."""

from collections.abc import Iterable
from datetime import UTC, date, datetime

from ipt_tracker.charts.model import Provenance
from ipt_tracker.charts.windows import days_words
from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.persistence.models import Course
from ipt_tracker.services.chart_choice import Days
from ipt_tracker.services.progress_facts import Facts
from ipt_tracker.services.scores import Given


def footer(facts: Facts, series: list[Instrument]) -> str:
    """Say what is drawn, on which scale, and by which sets its change is judged."""
    parts = [_protocol_words(facts.course)]
    parts += [_kind_words(s) for s in series]
    if len(series) > 1:
        parts.append("The two are not interchangeable.")
    parts += [_judged_words(facts, s) for s in series]
    return " ".join(parts)


def _protocol_words(course: Course) -> str:
    return f"{course.protocol}, {course.planned_sessions} sessions planned."


def _kind_words(instrument: Instrument) -> str:
    kind = "self-report" if instrument.self_report else "interview"
    low, high = instrument.axis
    return f"{instrument.version}: {kind}, {low} to {high}, lower is better."


def _judged_words(facts: Facts, instrument: Instrument) -> str:
    used, recorded = facts.threshold_of(instrument), facts.recorded_words(instrument)
    if used is None:
        return f"{instrument.family}: recorded with {recorded}, not judged."
    said = f"reliable change {used.reliable_points} points ({used.name}; {used.population})"
    other = used != facts.recorded_with(instrument)
    return f"{instrument.family}: {said}{f'; recorded with {recorded}' if other else ''}."


def provenance(  # noqa: PLR0913, PLR0917 -- what a picture says of itself
    facts: Facts,
    series: list[Instrument],
    every: list[Given],
    software: str,
    first: date | None = None,
    left_out: str = "",
) -> Provenance:
    """Say where the picture comes from; of every score those since the first day are drawn."""
    drawn = [g for g in every if first is None or g.row.taken_on >= first]
    sets = [t for s in series if (t := facts.threshold_of(s))]
    return Provenance(
        patient_code=facts.course.patient.code,
        instrument="; ".join(s.version for s in series),
        completeness=completeness(facts, first),
        threshold_source="; ".join(dict.fromkeys(f"{t.name} ({t.population})" for t in sets)),
        window=_window([g.row.taken_on for g in drawn], first),
        software=f"IPT Tracker {software}",
        newest_recorded=recorded([g.changed_at for g in drawn]),
        left_out=left_out,
    )


def completeness(facts: Facts, first: date | None = None) -> str:
    """Say how many of the forms that were begun have a total."""
    given = facts.scores.by_key[facts.main.key]
    inside = [g for g in given if first is None or g.row.taken_on >= first]
    done = [g for g in inside if g.row.status != "missing"]
    complete = sum(g.administration.total is not None for g in done)
    return f"{facts.main.name} {complete} of {len(done)} forms"


def recorded(moments: Iterable[datetime]) -> str:
    """Write when the newest of the values drawn was recorded; never the time of drawing."""
    newest = max(moments, default=None)
    return f"{newest.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if newest else ""


def _window(days: list[date], first: date | None) -> str:
    if not days:
        return ""
    said = days_words(min(days), max(days))
    return f"{said} ({Days.SIX_MONTHS.label.lower()})" if first else said
