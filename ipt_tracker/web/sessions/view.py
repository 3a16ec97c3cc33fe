"""Everything about one slot, in the order and the words of its page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ipt_tracker.clinical.course.attendance import Attendance
from ipt_tracker.clinical.course.catalogue import TASKS, TITLES, task_text, technique_label
from ipt_tracker.clinical.course.codes import label_of
from ipt_tracker.clinical.course.focal_areas import DisputeStage, focal_area_label
from ipt_tracker.clinical.course.kinds import Kind
from ipt_tracker.clinical.course.records import MedicationChange, Modality
from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.clinical.instruments.items import Item
from ipt_tracker.services.session_page import Slot
from ipt_tracker.web.measures.words import remarks_of, result_words, version_of
from ipt_tracker.web.sessions.amended import Amended, amended
from ipt_tracker.web.sessions.facts import Fact, extra_facts, facts
from ipt_tracker.web.sessions.risk_view import risk_facts, screen_answers, screen_tag
from ipt_tracker.web.sessions.rows import is_at_risk, phase_label
from ipt_tracker.web.work import given

Row = Any
"""A row of a table: this room works with rows and does not know the tables."""


ASKED_HERE = "its question on suicide is settled: risk was asked about in this session"


@dataclass(frozen=True, slots=True)
class TaskList:
    """The tasks that were ticked under one heading."""

    title: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """One item as it was answered; the words say when it was not."""

    number: int
    label: str
    words: str


@dataclass(frozen=True, slots=True)
class Form:
    """One measure of the session."""

    id: str
    name: str
    result: str
    remarks: tuple[str, ...]
    answers: tuple[Answer, ...]
    extra: tuple[Fact, ...]
    known: bool
    is_withdrawn: bool


@dataclass(frozen=True, slots=True)
class Added:
    """New information that was added to a signed note."""

    paragraphs: tuple[str, ...]
    who: str
    on: date
    why: str


@dataclass(frozen=True, slots=True)
class SlotView:
    """One slot, ready for its page."""

    when: tuple[Fact, ...]
    talk: tuple[Fact, ...]
    tasks: tuple[TaskList, ...]
    techniques: tuple[str, ...]
    measures: tuple[Form, ...]
    risk: tuple[Fact, ...]
    screen_answers: tuple[Fact, ...]
    at_risk: bool
    screen: str
    """The band of a moderate or severe screen, to stand out; else empty."""
    medication: tuple[Fact, ...]
    extra: tuple[Fact, ...]
    amendments: tuple[Amended, ...]
    addenda: tuple[Added, ...]

    @property
    def corrected(self) -> tuple[Amended, ...]:
        """What was corrected after signing."""
        return tuple(each for each in self.amendments if each.after_signing)

    @property
    def changed(self) -> tuple[Amended, ...]:
        """What was changed while the note was still open."""
        return tuple(each for each in self.amendments if not each.after_signing)


def slot_view(found: Slot) -> SlotView:
    """Put one slot into words."""
    record = found.record
    return SlotView(
        when=_when(record),
        talk=_talk(record),
        tasks=_tasks(record.tasks),
        techniques=tuple(technique_label(code) for code in record.techniques),
        measures=tuple(_form(each, settled=each.id in found.settled) for each in found.measures),
        risk=risk_facts(record.risk) if record.risk else (),
        screen_answers=screen_answers(record.risk) if record.risk else (),
        at_risk=is_at_risk(record.risk),
        screen=screen_tag(record.risk),
        medication=_medication(record.medication) if record.medication else (),
        extra=extra_facts(record.extra),
        amendments=tuple(amended(each, found) for each in found.amendments),
        addenda=tuple(_added(addendum, who) for addendum, who in found.addenda),
    )


def _when(record: Row) -> tuple[Fact, ...]:
    minutes = record.duration_minutes
    return facts(
        ("Date", record.held_on),
        ("Start", f"{record.starts_at:%H:%M}" if record.starts_at else None),
        ("Length", f"{minutes} minutes" if minutes is not None else None),
        ("Attendance", label_of(Attendance, record.attendance)),
        ("Late", f"{record.minutes_late} minutes" if record.minutes_late else None),
        ("Setting", label_of(Modality, record.modality) if record.modality else None),
        ("Where the patient was", record.patient_location),
        ("Kind", label_of(Kind, record.kind)),
        ("Phase", phase_label(record.phase)),
        ("Why this phase", record.phase_reason),
    )


def _talk(record: Row) -> tuple[Fact, ...]:
    return facts(
        ("Mood", f"{record.mood} of 10" if record.mood is not None else "not given"),
        ("Event tied to it", record.linked_event),
        ("Focal area", focal_area_label(record.focal_area) if record.focal_area else None),
        (
            "Stage of the dispute",
            label_of(DisputeStage, record.dispute_stage) if record.dispute_stage else None,
        ),
        ("Homework", record.homework),
        ("Plan for next time", record.plan),
    )


def _tasks(codes: Iterable[str]) -> tuple[TaskList, ...]:
    found: dict[str, list[str]] = {}
    for code in codes:
        section = TASKS[code].section if code in TASKS else ""
        found.setdefault(section, []).append(task_text(code))
    return tuple(
        TaskList(TITLES.get(section, "From another catalogue"), tuple(texts))
        for section, texts in found.items()
    )


def _form(measure: Row, *, settled: bool) -> Form:
    known = measure.instrument in INSTRUMENTS
    return Form(
        id=str(measure.id),
        name=version_of(measure.instrument),
        result=result_words(measure),
        remarks=(*remarks_of(measure), *([ASKED_HERE] if settled else ())),
        answers=answers_of(measure) if known else (),
        extra=extra_facts(measure.extra),
        known=known,
        is_withdrawn=measure.withdrawn_at is not None,
    )


def answers_of(measure: Row) -> tuple[Answer, ...]:
    """Give the items as they were answered; none where only a total was entered."""
    if not measure.answers:
        return ()
    form = INSTRUMENTS[measure.instrument]
    return tuple(
        Answer(number, item.label, _given(form, item, measure.answers))
        for number, item in enumerate(form.items, start=1)
    )


def _given(form: Instrument, item: Item, answers: Mapping[str, int | None]) -> str:
    """Write an answer, or those to the halves of an item: "2", "1 and 3", "left blank"."""
    own = [part.of(item) for part in form.parts] or [item]
    given = [answers.get(each.key) for each in own]
    return " and ".join(str(a) if a is not None else "left blank" for a in given)


def _medication(change: Row) -> tuple[Fact, ...]:
    return facts(
        ("Medicine", change.drug),
        ("Change", label_of(MedicationChange, change.change) if change.change else None),
        ("Dose now", change.dose),
        ("Changed by", change.changed_by),
        ("Changed on", change.changed_on),
        *extra_facts(change.extra),
    )


def _added(addendum: Row, who: str) -> Added:
    lines = tuple(line for line in addendum.text.splitlines() if line.strip())
    return Added(lines, who, given().day_of(addendum.written_at), addendum.reason)
