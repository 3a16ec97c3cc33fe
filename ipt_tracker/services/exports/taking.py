"""Taking tables out: written down before the first byte, and again after the last."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Self
from uuid import UUID, uuid4

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.exchange.table_columns import Row
from ipt_tracker.governance.disguise import Disguise
from ipt_tracker.governance.events import Event
from ipt_tracker.services.exports.choice import Choice, check
from ipt_tracker.services.exports.expected import expected_rows
from ipt_tracker.services.exports.pieces import File, pieces_of
from ipt_tracker.services.fidelity.doors import RatedKind
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork

Begin = Callable[[], UnitOfWork]
LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Units:
    """Where units of work come from while a file is on its way, after its request has ended."""

    reading: Begin
    writing: Begin


@dataclass
class Download:
    """A file on its way: its bytes as they are made. It says in the audit how it ended."""

    subject: Subject
    units: Units
    rows: Counter[str]
    pieces: Iterator[bytes]
    ended: bool = False
    size: int = 0
    _digest: Any = field(default_factory=sha256)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        """Give the next bytes; at the end, write down what was taken."""
        try:
            piece = next(self.pieces)
        except StopIteration:
            self._end(Event.EXPORT_FINISHED, sha256=self._digest.hexdigest())
            raise
        except Exception:
            self._end(Event.EXPORT_BROKEN_OFF, because="failed")
            raise
        self._digest.update(piece)
        self.size += len(piece)
        return piece

    def close(self) -> None:
        """Write down that whoever asked went away before the end."""
        if not self.ended:
            self._end(Event.EXPORT_BROKEN_OFF, because="not fetched to the end")

    def _end(self, event: Event, **more: str) -> None:
        if self.ended:
            return
        self.ended = True
        with self.units.writing() as work:
            rows = dict(self.rows)
            work.audit(event, self.subject, rows=rows, bytes=self.size, **more)


def take(
    units: Units, choice: Choice, reason: str, disguise: Disguise, about: Sequence[tuple[str, str]]
) -> Download:
    """Begin to take tables out. That it was begun is kept before anything is handed over.

    Raises AccessDenied for what the actor may not take, RuleBroken without a reason and where a
    workbook cannot hold the rows.
    """
    subject = Subject("export", uuid4())
    with units.reading() as work:
        check(work, choice)
        expected = expected_rows(work, choice)
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise RuleBroken("Say in a few words why the tables are needed.", "reason")
    with units.writing() as work:
        check(work, choice)
        said = {"reason": reason.strip(), "expected": expected}
        work.audit(Event.EXPORT_BEGUN, subject, **choice.details(), **said)
        at = work.now
    hidden = disguise if choice.disguised else None
    told = _Told(subject, units.writing)
    pieces = pieces_of(File(choice, hidden, about, at), units.reading, told)
    return Download(subject, units, told.rows, pieces)


@dataclass
class _Told:
    """Counts the rows, and writes down whose they are before they are handed over."""

    subject: Subject
    writing: Begin
    rows: Counter[str] = field(default_factory=Counter)
    patients: set[UUID] = field(default_factory=set)

    def __call__(self, table: str, page: list[Row]) -> None:
        self.rows[table] += len(page)
        new = sorted({row.patient for row in page if _of_one(row)} - self.patients)
        if not new:
            return
        self.patients.update(new)
        with self.writing() as work:
            for one in new:
                about = Subject("export", self.subject.id, one)
                work.audit(Event.PATIENT_EXPORTED, about)


def _of_one(row: Row) -> bool:
    """Say whether a row is of one patient; a rated meeting is of a whole group."""
    return row.values.get("rated") != RatedKind.GROUP
