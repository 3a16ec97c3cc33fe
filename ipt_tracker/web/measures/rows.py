"""The measures of a course in the words of their tables, and what can be entered."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.clinical.outcome.change import ChangeClass
from ipt_tracker.clinical.outcome.thresholds import ThresholdSet
from ipt_tracker.services.measure_list import Judged, MeasureTable
from ipt_tracker.web.measures.fields import KEYS
from ipt_tracker.web.measures.words import remarks_of, result_words
from ipt_tracker.web.page import day, signed

KIND_OF_CLASS = {
    ChangeClass.IMPROVED: "better",
    ChangeClass.UNCHANGED: "same",
    ChangeClass.WORSE: "worse",
    ChangeClass.UNKNOWN: "unsure",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One administration."""

    id: UUID
    taken_on: date
    session: str
    slot: int | None
    result: str
    has_total: bool
    change: str
    klass: str
    kind: str
    remarks: tuple[str, ...]
    corrections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The administrations of one instrument."""

    key: str
    name: str
    foot: str
    count: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """One instrument that can be entered."""

    key: str
    name: str
    what: str
    how: str


def table_of(table: MeasureTable) -> Table:
    """Put one instrument's administrations into words."""
    complete = sum(line.given.row.total is not None for line in table.lines)
    return Table(
        table.instrument.key,
        table.instrument.version,
        f"{_range(table.instrument)} {_thresholds(table.thresholds)}",
        f"{len(table.lines)} entered, {complete} with a total",
        tuple(_line(line) for line in table.lines),
    )


def _line(judged: Judged) -> Line:
    row, slot = judged.given.row, judged.given.slot
    return Line(
        id=row.id,
        taken_on=row.taken_on,
        session=judged.row.administration.session_label,
        slot=slot.slot if slot else None,
        result=result_words(row),
        has_total=row.total is not None,
        change="" if judged.row.points is None else signed(judged.row.points),
        klass=judged.row.words,
        kind="open" if judged.row.is_baseline else _kind(judged.row.klass),
        remarks=remarks_of(row),
        corrections=tuple(
            f"was {'nothing' if a.old is None else a.old}, "
            f"{'' if a.field == 'total' else a.field + ' '}corrected {day(a.amended_on)}"
            f"{' by ' + a.author if a.author else ''}{': ' + a.reason if a.reason else ''}"
            for a in judged.corrections
        ),
    )


def _kind(klass: ChangeClass | None) -> str:
    return KIND_OF_CLASS[klass] if klass is not None else ""


def _range(instrument: Instrument) -> str:
    return f"{instrument.lowest} to {instrument.highest}, lower is better."


def _thresholds(used: ThresholdSet | None) -> str:
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
    count = len(instrument.items)
    by_items = instrument.family in KEYS
    how = f"By {count} items, or by the total" if by_items else "By the total"
    return Offer(instrument.key, instrument.version, instrument.cadence, how)
