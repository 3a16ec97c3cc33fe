"""What rows that do not fit tell: edited, replaced, put in, deleted, moved or hashed anew."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from ipt_tracker.persistence.audit_seal import seal

MOST_KEPT = 24
"""So many rows that do not fit are looked at together, each against every place of the others."""
A_NEW_KEY = 3
"""From so many rows up to the very end, none of which fits, the seals are of another key."""


class Kind(StrEnum):
    """What a check can find."""

    EDITED = "edited"
    REPLACED = "replaced"
    INSERTED = "inserted"
    DELETED = "deleted"
    REORDERED = "reordered"
    ANOTHER_KEY = "another_key"
    TAIL_CUT = "tail_cut"
    OLDER_COPY = "older_copy"
    ANCHOR_EDITED = "anchor_edited"
    TRIGGERS = "triggers"
    RECURSIVE_TRIGGERS = "recursive_triggers"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: its kind, the row (or line) where it begins, and a sentence."""

    kind: Kind
    id: int | None
    says: str


@dataclass(frozen=True, slots=True)
class Place:
    """One row as it stands in the table: its number, what it says, its seal."""

    id: int
    said: Sequence[Any]
    seal: str


@dataclass(frozen=True, slots=True)
class Suspect:
    """A row that does not fit onto the seal `before` it."""

    place: Place
    before: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Numbers that no row has."""

    first: int
    last: int


@dataclass(slots=True)
class Run:
    """Rows one after the other none of which fits; of a long run the first ones are kept."""

    suspects: list[Suspect] = field(default_factory=list)
    count: int = 0
    first: int = 0
    last: int = 0
    at_end: bool = False

    def add(self, suspect: Suspect) -> None:
        """Take in the next row."""
        self.first = self.first or suspect.place.id
        self.last = suspect.place.id
        self.count += 1
        if self.count <= MOST_KEPT:
            self.suspects.append(suspect)


def findings_of(
    key: bytes,
    runs: Sequence[Run],
    gaps: Sequence[Gap],
    after_gaps: Sequence[Suspect],
    anchored: int,
) -> Iterator[Finding]:
    """Say what happened where rows do not fit. `anchored`: the highest row that has an anchor."""
    kept = [each for run in runs if run.count <= MOST_KEPT for each in run.suspects]
    pool = [*kept, *after_gaps]
    missing = {n for gap in gaps if gap.last - gap.first < MOST_KEPT for n in _numbers(gap)}
    origins = _origins(key, pool, missing) if len(pool) <= MOST_KEPT else {}
    yield from _moved(origins)
    for gap in gaps:
        yield from _deleted(gap, set(origins.values()))
    for run in runs:
        yield from _of_a_run(run, origins, anchored)


def _numbers(gap: Gap) -> range:
    return range(gap.first, gap.last + 1)


def _origins(key: bytes, pool: Sequence[Suspect], missing: Iterable[int]) -> dict[int, int]:
    """Find for each row the number that its seal was made for, among the places of all of them."""
    numbers = {each.place.id for each in pool} | set(missing)
    seals = {each.before for each in pool} | {each.place.seal for each in pool}
    return {
        each.place.id: number
        for each in pool
        for number in sorted(numbers)
        if any(seal(key, before, (number, *each.place.said)) == each.place.seal for before in seals)
    }


def _moved(origins: dict[int, int]) -> Iterator[Finding]:
    moved = {here: there for here, there in origins.items() if here != there}
    if moved:
        words = ", ".join(f"row {there} stands at {here}" for here, there in sorted(moved.items()))
        yield Finding(Kind.REORDERED, min(moved), f"The order of rows was changed: {words}.")


def _deleted(gap: Gap, elsewhere: set[int]) -> Iterator[Finding]:
    if gap.last - gap.first < MOST_KEPT and set(_numbers(gap)) <= elsewhere:
        return
    says = f"{rows_words(gap.first, gap.last)} deleted."
    yield Finding(Kind.DELETED, gap.first, says)


def _of_a_run(run: Run, origins: dict[int, int], anchored: int) -> Iterator[Finding]:
    left = [each for each in run.suspects if each.place.id not in origins]
    if not left:
        return
    first, last = left[0].place.id, run.last if run.count > MOST_KEPT else left[-1].place.id
    if run.at_end and len(left) >= A_NEW_KEY:
        yield _another_key(first, last)
    elif run.at_end and first > anchored:
        is_one = "it was" if first == last else "they were"
        says = f"{rows_words(first, last)} put in at the end, or changed since {is_one} written."
        yield Finding(Kind.INSERTED, first, says)
    elif len(left) == 2:  # noqa: PLR2004 -- a replaced row and the one that was sealed onto it
        says = f"Row {first} was replaced, its seal too; row {last} cannot be checked for that."
        yield Finding(Kind.REPLACED, first, says)
    elif not left[0].place.seal:
        yield Finding(Kind.REPLACED, first, f"Row {first} was replaced by one without a seal.")
    else:
        yield Finding(Kind.EDITED, first, f"{rows_words(first, last)} changed since the writing.")


def _another_key(first: int, last: int) -> Finding:
    if first == 1:
        says = f"No seal of the {last} rows is of this key: all were hashed anew, or it is not "
        says += "the key of these records."
    else:
        says = f"From row {first} to the end, row {last}, no seal is of this key: rows were "
        says += "changed or put in, and hashed anew with another."
    return Finding(Kind.ANOTHER_KEY, first, says)


def rows_words(first: int, last: int, one: str = "was", more: str = "were") -> str:
    """Write "Row 5 was", or "Rows 5 to 7 were"."""
    return f"Row {first} {one}" if first == last else f"Rows {first} to {last} {more}"
