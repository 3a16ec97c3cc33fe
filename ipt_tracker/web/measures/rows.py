"""The measures of a course in the words of their tables, and what can be entered."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.clinical.outcome.change import ChangeClass
from ipt_tracker.persistence.queries.records import MeasureRow
from ipt_tracker.services.given import item9_words
from ipt_tracker.services.measure_list import Judged, MeasureList, MeasureTable
from ipt_tracker.web.measures.history import LABELS, Act, acts
from ipt_tracker.web.measures.words import (
    Row,
    asked_words,
    keyed_words,
    remarks_of,
    result_words,
    version_of,
)
from ipt_tracker.web.page import day, signed

KIND_OF_CLASS = {
    ChangeClass.IMPROVED: "better",
    ChangeClass.UNCHANGED: "same",
    ChangeClass.WORSE: "worse",
    ChangeClass.UNKNOWN: "unsure",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One administration. `is_withdrawn`: it stays readable and counts for nothing."""

    id: UUID
    name: str
    taken_on: date
    session: str
    slot: int | None
    result: str
    has_total: bool
    change: str
    klass: str
    kind: str
    keyed: str
    remarks: tuple[str, ...]
    is_withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """The administrations of one instrument."""

    key: str
    name: str
    foot: str
    count: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Planned:
    """One measure that has a day on which it is due."""

    id: UUID
    name: str
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListView:
    """The measures of a course as the page lists them; `saved` says what was just kept."""

    tables: tuple[Table, ...]
    planned: tuple[Planned, ...]
    unknown: tuple[Line, ...]
    withdrawn: tuple[Line, ...]
    moved_away: tuple[str, ...]
    no_item_words: str
    saved: str
    saved_id: UUID | None
    is_empty: bool


@dataclass(frozen=True, slots=True)
class Marks:
    """What stands beside measures: how far second keyings differ, and what was to be asked."""

    keyed: Mapping[UUID, int]
    prompts: Mapping[UUID, tuple[Row, ...]]


@dataclass(frozen=True, slots=True)
class Offer:
    """One instrument that can be entered."""

    key: str
    name: str
    what: str
    how: str


def list_view(found: MeasureList, marks: Marks, saved: Judged | None) -> ListView:
    """Put the measures of a course into words; `marks` says what stands beside each."""
    row = saved.given.row if saved else None
    return ListView(
        tables=tuple(_table(table, marks) for table in found.tables),
        planned=tuple(
            Planned(row.id, version_of(row.instrument), remarks_of(row)) for row in found.planned
        ),
        unknown=tuple(_unknown(each) for each in found.unknown),
        withdrawn=tuple(replace(_line(each, marks), is_withdrawn=True) for each in found.withdrawn),
        moved_away=tuple(_moved(each) for each in found.moved_away),
        no_item_words=found.no_item_words,
        saved=f"{version_of(row.instrument)}: {result_words(row)}." if row else "",
        saved_id=row.id if row else None,
        is_empty=found.is_empty and not found.moved_away,
    )


def _table(table: MeasureTable, marks: Marks) -> Table:
    complete = sum(line.given.row.total is not None for line in table.lines)
    return Table(
        table.instrument.key,
        table.instrument.version,
        f"{_range(table.instrument)} {_thresholds(table)}",
        f"{len(table.lines)} entered, {complete} with a total",
        tuple(_line(line, marks) for line in table.lines),
    )


def _line(judged: Judged, marks: Marks) -> Line:
    given = judged.given
    row, slot = given.row, given.slot
    return Line(
        id=row.id,
        name=version_of(row.instrument),
        taken_on=row.taken_on,
        session=judged.row.administration.session_label,
        slot=slot.slot if slot else None,
        result=result_words(row),
        has_total=row.total is not None,
        change="" if judged.row.points is None else signed(judged.row.points),
        klass=judged.row.words,
        kind="open" if judged.row.is_baseline else _kind(judged.row.klass),
        keyed=keyed_words(marks.keyed.get(row.id)),
        remarks=(*remarks_of(row), *_day_words(judged, marks), *_acts(judged)),
    )


def _day_words(judged: Judged, marks: Marks) -> tuple[str, ...]:
    """Say which it is of several of one day, that it was entered late, and the item on suicide."""
    given = judged.given
    which, of = given.of_the_day
    late = given.entered_late
    said = (
        f"{which} of {of} on this day" if of > 1 else "",
        f"entered {late} days later" if late else "",
        *(_asked(given.row, marks) or (item9_words(given.row),)),
    )
    return tuple(filter(None, said))


def _asked(row: MeasureRow, marks: Marks) -> tuple[str, ...]:
    return asked_words(marks.prompts.get(row.id, ()), row.instrument)


def _acts(judged: Judged) -> tuple[str, ...]:
    """Say in a line each what was done to it since, newest first."""
    row = judged.given.row
    return tuple(_act_words(each) for each in acts(judged.corrections, row.instrument))


def _act_words(act: Act) -> str:
    """Write "was 33, corrected 11 Mar by R. Calder: digits swapped"."""
    was = next((f"was {each.old}, " for each in act.changes if each.what == LABELS["total"]), "")
    title = f"{was}{act.title.lower()}" if was else act.title
    return f"{title} {day(act.on)} by {act.who}{': ' + act.why if act.why else ''}"


def _unknown(row: MeasureRow) -> Line:
    return Line(
        id=row.id,
        name=row.instrument,
        taken_on=row.taken_on,
        session="",
        slot=None,
        result=result_words(row),
        has_total=row.total is not None,
        change="",
        klass="",
        kind="",
        keyed="",
        remarks=remarks_of(row),
    )


def _moved(amendment: Row) -> str:
    """Say that something was filed here and is of somebody else: nothing of that person."""
    old = amendment.old if isinstance(amendment.old, dict) else {}
    taken_on = date.fromisoformat(old["taken_on"])
    why = f": {amendment.reason}" if amendment.reason else ""
    return (
        f"{version_of(old['instrument'])}, of {day(taken_on)}, moved to another patient on "
        f"{day(amendment.amended_on)} by {amendment.author}{why}"
    )


def _kind(klass: ChangeClass | None) -> str:
    return KIND_OF_CLASS[klass] if klass is not None else ""


def _range(instrument: Instrument) -> str:
    return f"{instrument.lowest} to {instrument.highest}, lower is better."


def _thresholds(table: MeasureTable) -> str:
    used = table.thresholds
    if table.unknown_set:
        return f"Judged by {table.unknown_set}, which this version of the program does not know."
    if used is None:
        return "No threshold set is published for it, so a change is not judged."
    return (
        f"Change from the first total; reliable from {used.reliable_points} points "
        f"({used.name}, {used.population})."
    )


def offers() -> tuple[tuple[str, tuple[Offer, ...]], ...]:
    """Give the instruments that can be entered: forms the patient fills in, then interviews."""
    forms = tuple(_offer(i) for i in INSTRUMENTS.values() if i.self_report)
    interviews = tuple(_offer(i) for i in INSTRUMENTS.values() if not i.self_report)
    return ("Filled in by the patient", forms), ("Rated by a clinician", interviews)


def _offer(instrument: Instrument) -> Offer:
    how = f"By its {len(instrument.items)} items, or by the total"
    return Offer(instrument.key, instrument.version, instrument.cadence, how)
