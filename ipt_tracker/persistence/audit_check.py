"""Checking the audit: walking the table once, in small parts, and naming what does not fit."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from ipt_tracker.persistence import triggers
from ipt_tracker.persistence.audit_anchors import RESTORE, Anchor, Anchors, checked_anchors
from ipt_tracker.persistence.audit_findings import (
    MOST_KEPT,
    Finding,
    Gap,
    Kind,
    Place,
    Run,
    Suspect,
    findings_of,
    rows_words,
)
from ipt_tracker.persistence.audit_seal import FIRST, SEALED, AuditChain, seal
from ipt_tracker.persistence.models.audit import AuditEntry

CHUNK = 5000
LOWEST = -(2**62)
MOST_TAKEN_OUT = 5
"""Up to so many rows taken out in one place are recognised after the later ones were renumbered."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found, how many rows it read, and how far the audit goes."""

    findings: tuple[Finding, ...]
    counted: int
    head: int
    anchors: int

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings


@dataclass(slots=True)
class _Walk:
    """The state of one walk over the rows, oldest first.

    `fits` is the newest seal that fitted; `shift` by how much the rows here were numbered anew.
    """

    key: bytes
    anchored: frozenset[int]
    last: Place = field(default_factory=lambda: Place(0, (), FIRST))
    fits: str = FIRST
    shift: int = 0
    shifted_by: int = 0
    shifted_from: int | None = None
    counted: int = 0
    run: Run = field(default_factory=Run)
    runs: list[Run] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    after_gaps: list[Suspect] = field(default_factory=list)
    found: list[Finding] = field(default_factory=list)
    seals_at: dict[int, str] = field(default_factory=dict)

    def take(self, place: Place) -> None:
        """Check one row against the one before it."""
        self.counted += 1
        if place.id < 1:
            says = f"Row {place.id} was put in: the program begins at row 1."
            self.found.append(Finding(Kind.INSERTED, place.id, says))
            return
        before, self.last = self.last, place
        if place.id in self.anchored:
            self.seals_at[place.id] = place.seal
        if place.id != before.id + 1:
            self._gap(before, place)
        elif not self._fits(place, before.seal, self.shift) and not self._renumbered(place, before):
            self.run.add(Suspect(place, before.seal))
            return
        self.close()
        self.fits = place.seal

    def _fits(self, place: Place, before: str, shift: int) -> bool:
        return seal(self.key, before, (place.id - shift, *place.said)) == place.seal

    def _gap(self, before: Place, place: Place) -> None:
        self.gaps.append(Gap(before.id + 1, place.id - 1))
        self.after_gaps.append(Suspect(place, before.seal))

    def _renumbered(self, place: Place, before: Place) -> bool:
        """Recognise that rows were put in or taken out here and all later ones numbered anew."""
        held = self.run.count
        if held and self._fits(place, self.fits, self.shift + held):
            return self._shift(place, held, Kind.INSERTED, self.run.first)
        for by in range(1, MOST_TAKEN_OUT + 1):
            if self._fits(place, before.seal, self.shift - by):
                first = self.run.first if held else place.id
                return self._shift(place, -by, Kind.DELETED, first)
        return False

    def _shift(self, place: Place, by: int, kind: Kind, first: int) -> bool:
        count = abs(by)
        if kind is Kind.INSERTED:
            says = f"{rows_words(first, first + by - 1)} put in, and the later rows numbered anew."
        else:
            some = "A row was" if count == 1 else f"{count} rows were"
            says = f"{some} deleted before row {first}, and the later rows numbered anew."
        opposite = self.shifted_by == -by and self.shift + by == 0
        if opposite and self.found and place.id - (self.found[-1].id or 0) <= MOST_KEPT:
            first = self.found.pop().id or first
            kind = Kind.REORDERED
            says = (
                f"Rows {first} to {place.id - 1} do not stand in the order in which they were "
                "written, or one was taken out and another put in."
            )
        self.found.append(Finding(kind, first, says))
        self.run = Run()
        self.shifted_by = by
        self.shift += by
        self.shifted_from = self.shifted_from or first
        return True

    def close(self, *, at_end: bool = False) -> None:
        """End a run of rows that do not fit."""
        if self.run.count:
            self.run.at_end = at_end
            self.runs.append(self.run)
            self.run = Run()


def verify(session: Session, chain: AuditChain) -> Report:
    """Check every row, the anchors and the guards; memory stays flat however many rows there are.

    It ends the session's transaction first, so that no anchor can be newer than the rows it reads.
    """
    if session.in_transaction():
        session.commit()
    anchors = checked_anchors(chain)
    standing = _standing(anchors.good)
    walk = _Walk(chain.key, frozenset(each.id for each in standing))
    for place in _places(session):
        walk.take(place)
    walk.close(at_end=True)
    found = [*_guards(session), *_lines(chain, anchors, walk.last.id), *walk.found]
    found += findings_of(
        chain.key, walk.runs, walk.gaps, walk.after_gaps, max(walk.anchored, default=0)
    )
    found += _against(standing, walk)
    return Report(tuple(found), walk.counted, walk.last.id, len(anchors.good))


def _places(session: Session) -> Iterator[Place]:
    """Read the table in the order of its numbers, a chunk at a time."""
    last = LOWEST
    found = select(*SEALED, AuditEntry.seal).order_by(AuditEntry.id).limit(CHUNK)
    while rows := session.execute(found.where(AuditEntry.id > last)).all():
        for row in rows:
            yield Place(row[0], row[1:-1], row[-1] or "")
        last = rows[-1][0]


def _guards(session: Session) -> Iterator[Finding]:
    """Ask whether the database still refuses changes of the audit."""
    connection = session.connection()
    expected = set(triggers.expected(connection.dialect.name))
    for name in sorted(expected - triggers.present(connection)):
        yield Finding(Kind.TRIGGERS, None, f"The trigger {name} is missing: rows can be changed.")
    if connection.dialect.name != "sqlite":
        return
    if not connection.scalar(text("PRAGMA recursive_triggers")):
        says = "recursive_triggers is off: a row can be replaced without any trigger seeing it."
        yield Finding(Kind.RECURSIVE_TRIGGERS, None, says)


def _lines(chain: AuditChain, anchors: Anchors, head: int) -> Iterator[Finding]:
    for line in anchors.bad:
        says = f"Line {line} of the file of anchors was changed, or a line before it was taken out."
        yield Finding(Kind.ANCHOR_EDITED, line, says)
    if head and chain.anchor is not None and not (anchors.good or anchors.bad):
        says = (
            "The file of anchors is missing or empty, so a cut of the newest rows would not show."
        )
        yield Finding(Kind.ANCHOR_EDITED, None, says)


def _standing(anchors: tuple[Anchor, ...]) -> tuple[Anchor, ...]:
    """Leave out anchors of work that a restore went back behind, openly."""
    standing: list[Anchor] = []
    for each in anchors:
        if each.why == RESTORE:
            standing = [a for a in standing if a.id < each.id]
        standing.append(each)
    return tuple(standing)


def _against(anchors: tuple[Anchor, ...], walk: _Walk) -> Iterator[Finding]:
    """Set what was anchored outside the database against what is in it."""
    explained = [(run.first, run.last) for run in walk.runs]
    forks = [
        each
        for each in anchors
        if each.id in walk.seals_at
        and walk.seals_at[each.id] != each.seal
        and (walk.shifted_from is None or each.id < walk.shifted_from)
        and not any(first <= each.id <= last for first, last in explained)
    ]
    if forks:
        one = min(forks, key=lambda each: each.id)
        yield Finding(
            Kind.OLDER_COPY,
            one.id,
            f"Row {one.id} is not the row that was anchored at {one.at}: an older copy of the "
            "database was put in its place, and work went on from there.",
        )
        return
    newest = max(anchors, key=lambda each: each.id, default=None)
    if newest is not None and newest.id + walk.shift > walk.last.id:
        says = (
            f"{rows_words(walk.last.id + 1, newest.id, 'is', 'are')} missing at the end, anchored "
            f"at {newest.at}: they were cut off, or an older copy of the database was put in its "
            "place."
        )
        yield Finding(Kind.TAIL_CUT, walk.last.id + 1, says)
