"""From the scores of a course to the frozen input of its chart."""

from collections.abc import Iterable
from datetime import date, timedelta

from ipt_tracker.charts.model import Event, Span, Visit
from ipt_tracker.charts.progress import Progress
from ipt_tracker.charts.windows import since, spells_since
from ipt_tracker.clinical.course.attendance import is_slot
from ipt_tracker.clinical.course.codes import label_of
from ipt_tracker.clinical.course.focal_areas import FOCAL_AREAS, focal_area_label
from ipt_tracker.clinical.course.phases import Phase
from ipt_tracker.clinical.course.records import ContractChange as ChangeKind
from ipt_tracker.clinical.course.records import CourseStatus, MedicationChange
from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.clinical.outcome.verdict import short_verdict
from ipt_tracker.persistence.models import ContractChange, Course
from ipt_tracker.persistence.queries.events import SlotEvent
from ipt_tracker.persistence.queries.records import SlotRow
from ipt_tracker.services.chart_choice import Days, Lines, first_day, window_words
from ipt_tracker.services.chart_series import given_of, series_of
from ipt_tracker.services.chart_words import footer, provenance
from ipt_tracker.services.progress_facts import Facts
from ipt_tracker.services.scores import Scores, session_label

HALF_WEEK = timedelta(days=3)
SHORT_PHASES = {
    Phase.ENGAGEMENT: ("Engage", "E"),
    Phase.BEGINNING: ("Begin", "B"),
    Phase.MIDDLE: ("Mid", "M"),
    Phase.TERMINATION: ("Ending", "End"),
    Phase.MAINTENANCE: ("Maint.",),
    Phase.EXTENSION: ("Ext.",),
}


def chart_of(
    facts: Facts,
    software: str,
    *,
    with_events: bool = True,
    window: Days = Days.ALL,
    lines: Lines = Lines.ALL,
) -> Progress:
    """Give everything that the chart of a course shows, and nothing that it does not."""
    main, second = facts.main, facts.second if lines.interview else None
    series = [s for s in (main, second) if s is not None]
    code = facts.course.patient.code
    every = [g for s in series for g in given_of(facts, s, lookback=_lookback(s, main, lines))]
    days = [g.row.taken_on for g in every]
    first = first_day(window, days)
    said = window_words(first, days)
    left_out = _left_out(facts, lines, with_events=with_events)
    return Progress(
        title=f"{code}   {_names(series)}{_over(said)}",
        verdict="\n".join(
            [*(_verdict(facts, each) for each in series), *_left(facts.course), *_window(said)]
        ),
        footer=footer(facts, series),
        main=series_of(facts, main, first, lookback=lines.lookback),
        visits=since(_visits(facts.slots, facts.scores, main), first),
        phases=spells_since(phases_of(facts.slots), first),
        focus=spells_since(focus_of(facts.course, facts.slots), first),
        events=since(_events(facts), first) if with_events else (),
        interview=series_of(facts, second, first) if second else None,
        provenance=provenance(facts, series, every, software, first, left_out),
        window=_chosen_words(said, left_out),
    )


def lines_of(facts: Facts) -> tuple[tuple[Lines, str], ...]:
    """Give the choices of lines that differ for this course, each in words."""
    second = facts.second.version if facts.second else ""
    key = facts.scores.other_lookback(facts.main.key) if facts.main.self_report else None
    other = INSTRUMENTS[key].version if key else ""
    known = (
        (Lines.ALL, "All lines", second or other),
        (Lines.INTERVIEW, f"With {second}", second and other),
        (Lines.LOOKBACK, f"With {other}", second and other),
        (Lines.MAIN, f"{facts.main.version} alone", second or other),
    )
    return tuple((each, words) for each, words, there in known if there)


def _names(series: list[Instrument]) -> str:
    return " and ".join(dict.fromkeys(s.name for s in series))


def _lookback(instrument: Instrument, main: Instrument, lines: Lines) -> bool:
    return instrument is main and lines.lookback


def _left_out(facts: Facts, lines: Lines, *, with_events: bool) -> str:
    """Name the lines and events that there are and that were chosen not to be drawn."""
    out = []
    if facts.second and not lines.interview:
        out.append(facts.second.version)
    other = facts.scores.other_lookback(facts.main.key)
    if other and facts.main.self_report and not lines.lookback:
        out.append(INSTRUMENTS[other].version)
    if not with_events and _events(facts):
        out.append("events")
    return "; ".join(out)


def _over(said: str) -> str:
    return f", {said.partition(',')[0]}" if said else " over the course"


def _window(said: str) -> tuple[str, ...]:
    return (f"Drawn: {said}. The change above is of the whole course.",) if said else ()


def _chosen_words(said: str, left_out: str) -> str:
    """Say before the picture in words which part of the course it shows."""
    words = (f"Drawn: {said}." if said else "", f"Left out: {left_out}." if left_out else "")
    return " ".join(filter(None, words))


def _verdict(facts: Facts, instrument: Instrument) -> str:
    return short_verdict(
        facts.scores.series(instrument.key, of_treatment=True), facts.threshold_of(instrument)
    )


def _left(course: Course) -> tuple[str, ...]:
    """A file leaves the page and its caveats behind: this one goes with it."""
    if course.status != CourseStatus.DROPPED_OUT:
        return ()
    return ("The patient left the course: its outcome is unknown, not unchanged.",)


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
    return events_of(facts.contract_changes, facts.events)


def events_of(changes: Iterable[ContractChange], slots: Iterable[SlotEvent]) -> tuple[Event, ...]:
    """Give what happened in a course on a day, in the order of the days."""
    found = [Event(c.changed_on, contract_words(c)) for c in changes]
    for slot in slots:
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
