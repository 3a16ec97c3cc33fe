"""One session as a note in three parts: data, assessment, plan (DAP)."""

from dataclasses import dataclass
from typing import Any

from ipt_tracker.clinical.course.catalogue import task_text, technique_label
from ipt_tracker.clinical.course.codes import label_of
from ipt_tracker.clinical.course.focal_areas import DisputeStage, focal_area_label
from ipt_tracker.clinical.course.kinds import kind_of
from ipt_tracker.services.session_page import Note
from ipt_tracker.web.page import day_year, signed
from ipt_tracker.web.sessions.facts import Fact
from ipt_tracker.web.sessions.rows import place_words, short_name
from ipt_tracker.web.sessions.view import SlotView, slot_view

Row = Any
"""A row of a table: this room works with rows and does not know the tables."""
ELSEWHERE = frozenset({"Kind", "Phase", "Date"})
"""What the note says in its heading or under assessment."""
NO_RISK_WORD = "Nothing is recorded about risk. That is not the same as none."


@dataclass(frozen=True, slots=True)
class Dap:
    """The three parts, each in pairs of label and words."""

    data: tuple[Fact, ...]
    words: tuple[str, ...]
    """The free text of the note, in paragraphs; it stands with the data."""
    assessment: tuple[Fact, ...]
    plan: tuple[Fact, ...]


def dap_of(note: Note) -> Dap:
    """Put one session into the three parts."""
    record, view = note.slot.record, slot_view(note.slot)
    return Dap(
        data=_data(record, view),
        words=tuple(p for p in (record.note or "").splitlines() if p.strip()),
        assessment=_assessment(note, view),
        plan=_plan(note),
    )


def _data(record: Row, view: SlotView) -> tuple[Fact, ...]:
    when = tuple(fact for fact in view.when if fact[0] not in ELSEWHERE)
    return (
        ("Date", day_year(record.held_on)),
        *when,
        *_said(
            ("Mood", f"{record.mood} of 10, 10 is best" if record.mood is not None else None),
            ("Event tied to it", record.linked_event),
        ),
        *((form.name, form.result) for form in view.measures if not form.is_withdrawn),
        *_said(
            ("Tasks", "; ".join(task_text(code) for code in record.tasks)),
            ("Techniques", ", ".join(technique_label(code) for code in record.techniques)),
        ),
        *((f"Medication: {label.lower()}", text) for label, text in view.medication),
    )


def _assessment(note: Note, view: SlotView) -> tuple[Fact, ...]:
    record, course = note.slot.record, note.slot.facts.course
    stage = record.dispute_stage
    return (
        ("Course", place_words(record, course.planned_sessions)),
        *_said(
            ("Why this phase", record.phase_reason),
            ("Focal area", focal_area_label(record.focal_area) if record.focal_area else None),
            ("Stage of the dispute", label_of(DisputeStage, stage) if stage else None),
        ),
        *(("Progress", text) for text in _progress(note)),
        *(_risk(view.risk) or (("Risk", NO_RISK_WORD),)),
        *view.screen_answers,
    )


def _risk(kept: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """Give what was asked with its detail as sentences under one label, the rest after it."""
    found = dict(kept)
    if "Detail" not in found:
        return kept
    said, detail = found["Risk"].replace(": ", ", ", 1), found["Detail"].strip()
    stop = "" if detail.endswith((".", "!", "?")) else "."
    rest = (fact for fact in kept if fact[0] not in {"Risk", "Detail"})
    return (("Risk", f"{said}. {detail[:1].upper()}{detail[1:]}{stop}"), *rest)


def _progress(note: Note) -> list[str]:
    """Say of each form given at this session how far its total is from the first one.

    The form that the course is followed with leads.
    """
    said = []
    for measure in sorted(note.slot.measures, key=lambda m: m.instrument != note.main):
        first = note.firsts.get(measure.instrument)
        if measure.withdrawn_at is not None or measure.total is None or first is None:
            continue
        if first.id == measure.id or first.total is None:
            continue
        change = signed(measure.total - first.total)
        said.append(
            f"{short_name(measure.instrument)} {first.total} on {day_year(first.taken_on)}, "
            f"{measure.total} now ({change})"
        )
    return said


def _plan(note: Note) -> tuple[Fact, ...]:
    record = note.slot.record
    return _said(
        ("Plan for next time", record.plan or "none written"),
        ("Homework", record.homework),
        ("Sessions left", _left(note)),
    )


def _left(note: Note) -> str | None:
    record, planned = note.slot.record, note.slot.facts.course.planned_sessions
    kind = kind_of(record.kind)
    if record.number is None or (kind and not kind.counts_against_the_contract):
        return None
    return f"{max(planned - record.number, 0)} of {planned}"


def _said(*pairs: tuple[str, str | None]) -> tuple[Fact, ...]:
    return tuple((label, text) for label, text in pairs if text)
