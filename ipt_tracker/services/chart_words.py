"""What stands under a chart: scales, sets of thresholds, and where the picture comes from."""

from datetime import UTC, date

from ipt_tracker.charts.model import Provenance
from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.persistence.models import Course
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


def provenance(
    facts: Facts, series: list[Instrument], drawn: list[Given], software: str
) -> Provenance:
    """Say where the picture comes from; `drawn` is every score in it."""
    newest = max((g.changed_at for g in drawn), default=None)
    done = [g for g in facts.scores.by_key[facts.main.key] if g.row.status != "missing"]
    complete = sum(g.administration.total is not None for g in done)
    sets = [t for s in series if (t := facts.threshold_of(s))]
    return Provenance(
        patient_code=facts.course.patient.code,
        instrument="; ".join(s.version for s in series),
        completeness=f"{facts.main.name} {complete} of {len(done)} forms",
        threshold_source="; ".join(dict.fromkeys(f"{t.name} ({t.population})" for t in sets)),
        window=_window([g.row.taken_on for g in drawn]),
        software=f"IPT Tracker {software}",
        newest_recorded=f"{newest.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if newest else "",
    )


def _window(days: list[date]) -> str:
    if not days:
        return ""
    first, last = min(days), max(days)
    return f"{first.day} {first:%b %Y} to {last.day} {last:%b %Y}"
