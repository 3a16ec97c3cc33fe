"""What stands on a timeline: life events and what the record has, numbered in one list."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from ipt_tracker.clinical.course.codes import known, label_of
from ipt_tracker.clinical.course.timeline import (
    OF_SYMPTOMS,
    WEIGHED,
    EventKind,
    Exactness,
    Nearness,
    When,
    nearness,
)
from ipt_tracker.persistence.models import Course, InventoryPerson, LifeEvent
from ipt_tracker.persistence.queries.events import contract_changes_of, slot_events
from ipt_tracker.persistence.queries.inventory import changes_of, people_of
from ipt_tracker.persistence.queries.timeline import events_of
from ipt_tracker.services.kept_rows import Change, by_row
from ipt_tracker.services.outline import Outline, outline
from ipt_tracker.services.progress_chart import contract_words, medication_words
from ipt_tracker.services.progress_facts import Facts, facts_of, read_scores
from ipt_tracker.services.timeline import when_stored
from ipt_tracker.services.unit_of_work import UnitOfWork

LIFE, SYMPTOMS, TREATMENT, COURSE = "Life", "Symptoms", "Treatment", "Course"
LANES = (LIFE, SYMPTOMS, TREATMENT, COURSE)
"""The rows of the picture."""
MEDICATION, CONTRACT = "Medication", "Contract"


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the timeline, in words. `event` is None for what the record of sessions has."""

    number: int
    lane: str
    kind: str
    when: When
    end: When | None
    what: str
    near: Nearness = Nearness.NO
    is_onset: bool = False
    event: LifeEvent | None = None
    person: InventoryPerson | None = None

    @property
    def day_words(self) -> str:
        """Write "3 Mar 2019", or "2010 to 2012"."""
        return f"{self.when.words} to {self.end.words}" if self.end else self.when.words

    @property
    def effect(self) -> str | None:
        """What it did to symptoms or to a relationship."""
        return self.event.effect if self.event else None


@dataclass(frozen=True, slots=True)
class Timeline:
    """Everything of one course's timeline, oldest first."""

    outline: Outline
    items: tuple[Item, ...]
    removed: tuple[LifeEvent, ...]
    changes: dict[UUID, tuple[Change, ...]]
    facts: Facts | None

    @property
    def has_own(self) -> bool:
        """Whether anything was written down for it."""
        return any(item.event for item in self.items)

    @property
    def has_onset(self) -> bool:
        """Whether an onset is known."""
        return any(item.is_onset for item in self.items)


def read_timeline(work: UnitOfWork, course: Course) -> Timeline:
    """Read the timeline of a course in a fixed number of statements, whatever its length."""
    where = outline(work, course)
    rows = events_of(work.session, course.id)
    people = {each.id: each for each in people_of(work.session, course.id)}
    kept = tuple(row for row in rows if row.removed_at is None)
    found = [*_events(kept, people), *_of_the_record(work, course)]
    return Timeline(
        where,
        tuple(_numbered(found)),
        tuple(row for row in rows if row.removed_at is not None),
        by_row(changes_of(work.session, course.id, [LifeEvent.__tablename__])),
        facts_of(where, read_scores(work, where)),
    )


def lane_of(kind: str) -> str:
    """Say in which row of the picture a kind of event stands."""
    code = known(EventKind, kind)
    if code in OF_SYMPTOMS:
        return SYMPTOMS
    return TREATMENT if code is EventKind.TREATMENT else LIFE


def _events(rows: tuple[LifeEvent, ...], people: dict[UUID, InventoryPerson]) -> Iterable[Item]:
    onsets = [_when(row) for row in rows if row.kind == EventKind.ONSET]
    for row in rows:
        when = _when(row)
        yield Item(
            number=0,
            lane=lane_of(row.kind),
            kind=label_of(EventKind, row.kind),
            when=when,
            end=when_stored(row.ended_on, row.exactness) if row.ended_on else None,
            what=row.what,
            near=_near(row, when, onsets),
            is_onset=row.kind == EventKind.ONSET,
            event=row,
            person=people.get(row.person_id) if row.person_id else None,
        )


def _when(row: LifeEvent) -> When:
    return when_stored(row.happened_on, row.exactness)


def _near(row: LifeEvent, when: When, onsets: list[When]) -> Nearness:
    """Give the surest answer for any onset; kinds without weight get none."""
    if known(EventKind, row.kind) not in WEIGHED:
        return Nearness.NO
    found = {nearness(when, onset) for onset in onsets}
    return next((n for n in (Nearness.NEAR, Nearness.PERHAPS) if n in found), Nearness.NO)


def _of_the_record(work: UnitOfWork, course: Course) -> Iterable[Item]:
    """Give the changes of medication, contract and focus that the record holds already."""
    for change in contract_changes_of(work.session, course.id):
        yield _recorded(COURSE, CONTRACT, change.changed_on, contract_words(change))
    for slot in slot_events(work.session, course.id):
        if slot.drug:
            day = slot.changed_on or slot.held_on
            yield _recorded(TREATMENT, MEDICATION, day, medication_words(slot))


def _recorded(lane: str, kind: str, day: date, what: str) -> Item:
    said = f"{what[:1].upper()}{what[1:]}"
    return Item(0, lane, kind, When(day, Exactness.DAY), None, said)


def _numbered(found: Iterable[Item]) -> Iterable[Item]:
    order = {name: place for place, name in enumerate(LANES)}
    ranked = sorted(found, key=lambda i: (i.when.start, i.when.stop, order[i.lane], i.what))
    for number, item in enumerate(ranked, 1):
        yield replace(item, number=number)
