"""From the scores of a course to the frozen input of its chart."""

from collections.abc import Iterable
from datetime import date, timedelta

from ipt_tracker.charts.model import (
    Event,
    Reference,
    Score,
    Series,
    Span,
    Visit,
)
from ipt_tracker.charts.progress import Progress
from ipt_tracker.clinical.course.attendance import is_slot
from ipt_tracker.clinical.course.codes import label_of
from ipt_tracker.clinical.course.focal_areas import FOCAL_AREAS, focal_area_label
from ipt_tracker.clinical.course.phases import Phase
from ipt_tracker.clinical.course.records import ContractChange as ChangeKind
from ipt_tracker.clinical.course.records import CourseStatus, MedicationChange
from ipt_tracker.clinical.instruments.bands import Cut
from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.clinical.outcome.thresholds import ThresholdSet
from ipt_tracker.clinical.outcome.verdict import short_verdict
from ipt_tracker.persistence.models import ContractChange, Course
from ipt_tracker.persistence.queries.events import SlotEvent
from ipt_tracker.persistence.queries.records import SlotRow
from ipt_tracker.services.chart_words import footer, provenance
from ipt_tracker.services.progress_facts import Facts
from ipt_tracker.services.scores import Given, Scores, session_label

UNPLANNED_GAP = 400
"""Days: an interview at fixed points is joined with the one before, whatever the months between."""
HALF_WEEK = timedelta(days=3)
SHORT_PHASES = {
    Phase.ENGAGEMENT: ("Engage", "E"),
    Phase.BEGINNING: ("Begin", "B"),
    Phase.MIDDLE: ("Mid", "M"),
    Phase.TERMINATION: ("Ending", "End"),
    Phase.MAINTENANCE: ("Maint.",),
    Phase.EXTENSION: ("Ext.",),
}


def chart_of(facts: Facts, software: str, *, with_events: bool = True) -> Progress:
    """Give everything that the chart of a course shows, and nothing that it does not."""
    main, second = facts.main, facts.second
    series = [s for s in (main, second) if s is not None]
    names = " and ".join(dict.fromkeys(s.name for s in series))
    code = facts.course.patient.code
    other = facts.scores.other_lookback(main.key)
    keys = [*(s.key for s in series), other or ""]
    drawn = [g for key in keys for g in facts.scores.by_key.get(key, ()) if _drawable(g)]
    return Progress(
        title=f"{code}   {names} over the course",
        verdict="\n".join([*(_verdict(facts, each) for each in series), *_left(facts.course)]),
        footer=footer(facts, series),
        main=_series(facts.scores, main, facts.threshold_of(main)),
        visits=_visits(facts.slots, facts.scores, main),
        phases=phases_of(facts.slots),
        focus=focus_of(facts.course, facts.slots),
        events=_events(facts) if with_events else (),
        interview=_series(facts.scores, second, facts.threshold_of(second)) if second else None,
        provenance=provenance(facts, series, drawn, software),
    )


def _verdict(facts: Facts, instrument: Instrument) -> str:
    return short_verdict(
        facts.scores.series(instrument.key, of_treatment=True), facts.threshold_of(instrument)
    )


def _left(course: Course) -> tuple[str, ...]:
    """A file leaves the page and its caveats behind: this one goes with it."""
    if course.status != CourseStatus.DROPPED_OUT:
        return ()
    return ("The patient left the course: its outcome is unknown, not unchanged.",)


def _series(scores: Scores, instrument: Instrument, thresholds: ThresholdSet | None) -> Series:
    given = scores.by_key.get(instrument.key, ())
    other = scores.other_lookback(instrument.key) if instrument.self_report else None
    return Series(
        name=instrument.version,
        top=instrument.highest,
        bottom=instrument.lowest,
        scores=tuple(_score(g) for g in given if _drawable(g)),
        references=tuple(_references(instrument, thresholds, scores.cut_of(instrument.key))),
        reliable=thresholds.reliable_points if thresholds else None,
        source=f"({thresholds.short})" if thresholds else "",
        remarks=tuple(_remarks(instrument, given)),
        other_scores=tuple(_score(g) for g in scores.by_key.get(other or "", ()) if _drawable(g)),
        other_name=INSTRUMENTS[other].version if other else "",
    )


def _drawable(given: Given) -> bool:
    """Leave out what has no height: a form that was not done is a remark, not a mark."""
    one = given.administration
    return one.total is not None or (one.lowest is not None and one.highest is not None)


def _score(given: Given) -> Score:
    one = given.administration
    return Score(
        day=one.taken_on,
        value=one.total,
        session=one.session_label,
        low=one.lowest or 0,
        high=one.highest or 0,
        gap_days=given.gap_days or UNPLANNED_GAP,
        note=_note(given),
        was=given.total_was,
        hollow=given.row.blind is False,
    )


def _note(given: Given) -> str:
    """Say what a mark is; the reason of a correction is free text and stays off the picture."""
    if given.total_was:
        return given.corrected
    return point_words(given.row.point)


def point_words(point: str | None) -> str:
    """Name a point of assessment in a narrow place."""
    words = {"mid": "middle", "follow_up_3m": "at 3 months", "follow_up_6m": "at 6 months"}
    return words.get(point or "", (point or "").replace("_", " "))


def _references(
    instrument: Instrument, thresholds: ThresholdSet | None, cut: Cut | None
) -> Iterable[Reference]:
    if cut is not None and instrument.self_report:
        yield Reference(cut.at - 0.5, cut.label)
    at = thresholds.end_range_at_most if thresholds else None
    if at is not None and thresholds is not None and not instrument.self_report:
        yield Reference(at + 0.5, f"{at} or less: range without PTSD ({thresholds.short})")


def _remarks(instrument: Instrument, given: tuple[Given, ...]) -> Iterable[str]:
    odd = []
    for each in given:
        point = point_words(each.row.point)
        if each.days_late:
            odd.append(f"{point} {each.days_late} days late")
        if each.row.blind is False:
            why = f" ({each.row.unblinding})" if each.row.unblinding else ""
            odd.append(f"{point} not blind, hollow{why}")
    odd += _repeats(given)
    if odd:
        yield f"{instrument.name}: {'; '.join(odd)}."
    absent = [_absent(each) for each in given if each.row.point and not _drawable(each)]
    if absent:
        yield f"{instrument.name} not done: {'; '.join(absent)}."


def _repeats(given: tuple[Given, ...]) -> list[str]:
    """Name the days with more than one score, all of which are drawn."""
    days = dict.fromkeys((g.row.taken_on, g.of_the_day[1]) for g in given if g.of_the_day[1] > 1)
    return [f"{count} scores of {day.day} {day:%b}, each drawn" for day, count in days]


def _absent(given: Given) -> str:
    due = given.row.due_on
    day = f"due {due.day} {due:%b}, " if due else ""
    why = given.row.reason or given.administration.status.replace("_", " ")
    return f"{point_words(given.row.point)} ({day}{why})"


def _visits(
    slots: tuple[SlotRow, ...], scores: Scores, instrument: Instrument
) -> tuple[Visit, ...]:
    scored = {
        g.row.session_id
        for g in scores.by_key.get(instrument.key, ())
        if g.administration.total is not None
    }
    return tuple(
        Visit(s.held_on, session_label(s), s.id in scored, s.phase)
        for s in slots
        if is_slot(s.attendance)
    )


def phases_of(slots: tuple[SlotRow, ...]) -> tuple[Span, ...]:
    """Let each phase run from half a week before its first slot to the next one's start."""
    starts: list[tuple[str, date]] = []
    for slot in slots:
        if not starts or starts[-1][0] != slot.phase:
            starts.append((slot.phase, slot.held_on - HALF_WEEK))
    if not starts:
        return ()
    stops = [start for _, start in starts[1:]] + [slots[-1].held_on + HALF_WEEK]
    return tuple(
        Span(label_of(Phase, phase), start, max(stop, start), _short_phase(phase))
        for (phase, start), stop in zip(starts, stops, strict=True)
    )


def _short_phase(phase: str) -> tuple[str, ...]:
    return SHORT_PHASES[Phase(phase)] if phase in set(Phase) else ()


def focus_of(course: Course, slots: tuple[SlotRow, ...]) -> tuple[Span, ...]:
    """Give the spells of the focal areas, as far as there are appointments."""
    if not slots:
        return ()
    last = slots[-1].held_on + HALF_WEEK
    spans = []
    for spell in course.focal_areas:
        stop = min(spell.ended_on or last, last)
        area = FOCAL_AREAS.get(spell.area)
        short = (area.short, area.short[:4]) if area else ()
        if stop > spell.started_on:
            spans.append(Span(focal_area_label(spell.area), spell.started_on, stop, short))
    return tuple(spans)


def _events(facts: Facts) -> tuple[Event, ...]:
    found = [Event(c.changed_on, contract_words(c)) for c in facts.contract_changes]
    for slot in facts.events:
        found += _slot_events(slot)
    return tuple(sorted(found, key=lambda e: e.day))


def contract_words(change: ContractChange) -> str:
    """Write "contract: extension to 18", or what the focus changed to."""
    words = label_of(ChangeKind, change.kind)
    if change.kind == ChangeKind.FOCUS_SWITCH and change.new:
        return f"focus changed to {focal_area_label(change.new).lower()}"
    return f"contract: {words.lower()}" + (f" to {change.new}" if change.new else "")


def medication_words(slot: SlotEvent) -> str:
    """Write "sertraline increased 100 mg"."""
    change = label_of(MedicationChange, slot.change or "").lower()
    return " ".join(filter(None, (slot.drug, change, slot.dose)))


def _slot_events(slot: SlotEvent) -> Iterable[Event]:
    if slot.drug:
        yield Event(slot.changed_on or slot.held_on, medication_words(slot))
    if slot.risk_band:
        yield Event(slot.held_on, f"risk screen, {slot.risk_band.replace('_', ' ')} band")
    elif slot.risk_result not in (None, "none"):
        yield Event(slot.held_on, "risk asked about: present")
