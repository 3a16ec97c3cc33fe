"""The course line: appointments in their order under phases, focal areas and events."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from string import ascii_lowercase

from flask import url_for

from ipt_tracker.clinical.course.attendance import Attendance, is_slot, took_place
from ipt_tracker.clinical.course.codes import known as known_code
from ipt_tracker.clinical.course.codes import label_of
from ipt_tracker.clinical.course.focal_areas import DisputeStage, focal_area_label
from ipt_tracker.clinical.course.kinds import Kind, kind_of
from ipt_tracker.clinical.course.phases import Phase
from ipt_tracker.clinical.course.records import ContractChange as ChangeKind
from ipt_tracker.clinical.course.records import RiskBand
from ipt_tracker.persistence.queries.courses import SessionLine
from ipt_tracker.persistence.queries.records import SlotRow
from ipt_tracker.services.outline import Outline, contract_kind, phase_map
from ipt_tracker.services.overview import Overview
from ipt_tracker.web.page import day
from ipt_tracker.web.strip import CSS_OF_PHASE, PhaseStretch


@dataclass(frozen=True, slots=True)
class Place:
    """One box of the line."""

    label: str
    state: str
    phase: str
    date_words: str = ""
    detail: str = ""
    url: str | None = None
    phase_label: str = ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A focal area below the line, from place to place."""

    label: str
    detail: str
    first: int
    last: int
    open: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """An event below the line, a letter that the legend explains."""

    at: int
    key: str
    text: str


@dataclass(frozen=True, slots=True)
class CourseLine:
    """What components/course.html draws."""

    slots: tuple[Place, ...]
    phases: tuple[PhaseStretch, ...]
    spells: tuple[Stretch, ...]
    events: tuple[Mark, ...]
    all_url: str


def course_line(found: Overview) -> CourseLine:
    """Draw up the line of a course."""
    rows = tuple(s for s in found.facts.slots if is_slot(s.attendance))
    listed = url_for("sessions.list_all", course_id=found.course.id)
    places = (*(_past(s, listed) for s in rows), *_ahead(found.facts))
    return CourseLine(
        slots=places,
        phases=tuple(_phases(places)),
        spells=tuple(_spells(found.facts, rows, len(places))),
        events=tuple(_events(found, rows)),
        all_url=listed,
    )


def session_name(slot: SlotRow) -> str:
    """Name a session in a narrow place: 11, M2; "✕" for one that did not take place."""
    if slot.number is None or not took_place(slot.attendance):
        return "✕"
    return _name(slot.kind, slot.number)


def _name(kind: str, number: int) -> str:
    known = kind_of(kind)
    return known.short(number) if known else str(number)


def _past(slot: SlotRow, listed: str) -> Place:
    held = took_place(slot.attendance)
    return Place(
        label=session_name(slot),
        state="done" if held else "missed",
        phase=_css(slot.phase),
        date_words=f"{slot.held_on.day} {slot.held_on:%b}",  # a year on each cuts the line short
        detail=label_of(Attendance, slot.attendance).lower(),
        url=f"{listed}/{slot.slot}",  # built by hand: a long course has hundreds
        phase_label=_label(slot.phase),
    )


def _css(phase: str) -> str:
    known = known_code(Phase, phase)
    return CSS_OF_PHASE[known] if known else "p2"


def _label(phase: str) -> str:
    known = known_code(Phase, phase)
    return known.short if known else ""


def _ahead(facts: Outline) -> Iterable[Place]:
    """Give the next session and the planned ones after it; their days are not known."""
    course, coming = facts.course, facts.next
    if course.ended_on is not None:
        return
    phases, own = phase_map(course), contract_kind(course)
    yield replace(_planned(coming.kind, coming.number, coming.phase), state="now", detail="next")
    first = coming.number + 1 if coming.kind == own else 1
    if coming.kind != Kind.MAINTENANCE:
        for number in range(first, course.planned_sessions + 1):
            yield _planned(own, number, phases.phase_of(own, number))
    first = coming.number + 1 if coming.kind == Kind.MAINTENANCE else 1
    for number in range(first, course.maintenance_sessions + 1):
        yield _planned(Kind.MAINTENANCE, number, Phase.MAINTENANCE)


def _planned(kind: str, number: int, phase: str) -> Place:
    return Place(_name(kind, number), "plan", _css(phase), phase_label=_label(phase))


def _phases(places: tuple[Place, ...]) -> Iterable[PhaseStretch]:
    """Join neighbours of one phase; a slot of no known phase stays with the one before."""
    known: list[tuple[str, str]] = []
    for place in places:
        before = known[-1] if known else ("", place.phase)
        known.append((place.phase_label, place.phase) if place.phase_label else before)
    at = 1
    for (label, css), run in groupby(known):
        length = len(list(run))
        if label:
            yield PhaseStretch(label, css, at, at + length - 1)
        at += length


def _spells(facts: Outline, rows: tuple[SlotRow, ...], places: int) -> Iterable[Stretch]:
    for spell in facts.course.focal_areas:
        first = _place_from(rows, spell.started_on)
        last = places
        if spell.ended_on is not None:
            last = _place_until(rows, spell.area, spell.ended_on)
        if places:
            stages = _stages(rows[first - 1 : last]) if spell.area == "dispute" else ""
            words = ": ".join(filter(None, (spell.detail, stages)))
            label = focal_area_label(spell.area)
            still_open = spell.ended_on is None
            yield Stretch(label, words, first, max(first, last), still_open)


def _place_from(rows: tuple[SlotRow, ...], start: date) -> int:
    """Give the place of the first slot from this day on; past the last, the next one."""
    return sum(s.held_on < start for s in rows) + 1


def _place_until(rows: tuple[SlotRow, ...], area: str, end: date) -> int:
    """Give the place of the last slot before a spell's end, or on it where it was worked on."""
    within = (s.held_on < end or (s.held_on == end and s.focal_area == area) for s in rows)
    return sum(within)


def _stages(rows: tuple[SlotRow, ...]) -> str:
    stages = dict.fromkeys(s.dispute_stage for s in rows if s.dispute_stage)
    return ", ".join(label_of(DisputeStage, stage).lower() for stage in stages)


def _events(found: Overview, rows: tuple[SlotRow, ...]) -> Iterable[Mark]:
    """Mark changes of the contract and risk that was found, as long as there are letters."""
    places = {slot.id: place for place, slot in enumerate(rows, 1)}
    marks: list[tuple[date, int, str]] = []
    for change in found.contract_changes:
        at = min(_place_from(rows, change.changed_on), max(len(rows), 1))
        marks.append((change.changed_on, at, label_of(ChangeKind, change.kind).lower()))
    marks += [
        (line.slot.held_on, places[line.slot.id], f"risk {risk_words(line)}")
        for line in found.lines
        if line.slot.id in places and risk_was_found(line)
    ]
    ordered = sorted(marks, key=lambda m: (m[1], m[0]))
    for key, (when, at, said) in zip(ascii_lowercase, ordered, strict=False):
        yield Mark(at, key, f"{day(when)}: {said}")


def risk_was_found(line: SessionLine) -> bool:
    """Say whether risk was asked about at a slot, with another answer than none."""
    answers = {line.risk_result or "none", line.risk_band or "none"}
    return bool(line.risk_asked) and answers != {"none"}


def risk_words(line: SessionLine) -> str:
    """Say what came of asking about risk: "none", "present", "screen, low band"."""
    band = f"screen, {label_of(RiskBand, line.risk_band).lower()} band" if line.risk_band else ""
    return ", ".join(filter(None, (band, line.risk_result))) or "asked, answer not recorded"
