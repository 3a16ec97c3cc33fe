"""A spreadsheet of scores as it is read in: its head and its rows as text, within limits.

What a file is, its content says, never its name. Nothing in it is calculated, followed or run.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from ipt_tracker.clinical.rules import RuleBroken

LARGEST_FILE = 2_000_000
MOST_ROWS = 5_000
MOST_COLUMNS = 100
LONGEST_CELL = 200
"""Longer than any code, date, name of a form or number; the rest of a cell is not kept."""

TOO_LARGE = "It is larger than 2 MB. Take fewer columns, or split it."
TOO_MANY_ROWS = f"It has more than {MOST_ROWS:,} rows. Split it."
TOO_WIDE = f"It has more than {MOST_COLUMNS} columns. Take away those that hold no scores."
NOTHING = "It holds no table: the first row names the columns, the scores follow."


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row below the head, with its number as the spreadsheet shows it."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as text. A cell that was a date is written like 2025-04-07.

    `from_1904` says that its days are counted from 1904, where a day is written as a number.
    """

    head: tuple[str, ...]
    rows: tuple[SheetRow, ...]
    from_1904: bool = False

    def column(self, place: int) -> str:
        """Name a column for people: its letter and its head."""
        return f"{letter(place)}, {self.head[place]}"

    def values(self, place: int) -> Iterator[str]:
        """Give what stands in a column, without what is blank."""
        return (row.cells[place] for row in self.rows if row.cells[place])

    def as_json(self) -> str:
        """Write it as it is kept until it is taken in or dropped."""
        rows = [[row.number, *row.cells] for row in self.rows]
        table = {"head": self.head, "rows": rows, "from_1904": self.from_1904}
        return json.dumps(table, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `as_json` wrote."""
        kept = json.loads(text)
        rows = (SheetRow(row[0], tuple(row[1:])) for row in kept["rows"])
        return cls(tuple(kept["head"]), tuple(rows), kept["from_1904"])


def letter(place: int) -> str:
    """Give the letter of a column as spreadsheet programs do, from 0."""
    before, own = divmod(place, 26)
    return (letter(before - 1) if before else "") + chr(ord("A") + own)


def tidy(text: str) -> str:
    """Leave what can be read of a cell: one line, no signs that cannot be seen, not too long."""
    plain = " ".join(text.split())
    return "".join(sign for sign in plain if sign.isprintable())[:LONGEST_CELL].strip()


def sheet_of(lines: Iterable[tuple[int, Sequence[str]]], *, from_1904: bool = False) -> Sheet:
    """Make a table of numbered lines; the first that is not blank is the head.

    Raises RuleBroken where there is too much, and where a column with values has no head.
    """
    head: tuple[str, ...] = ()
    rows: list[SheetRow] = []
    for number, cells in lines:
        texts = _trimmed([tidy(cell) for cell in cells])
        if len(texts) > MOST_COLUMNS:
            raise RuleBroken(TOO_WIDE)
        if not head:
            head = texts
        elif texts:
            rows.append(SheetRow(number, texts))
        if len(rows) > MOST_ROWS:
            raise RuleBroken(TOO_MANY_ROWS)
    if not head or not rows:
        raise RuleBroken(NOTHING)
    width = len(head)
    _refuse_without_head(head, rows)
    padded = (SheetRow(row.number, (*row.cells, *[""] * width)[:width]) for row in rows)
    return Sheet(head, tuple(padded), from_1904)


def _trimmed(texts: list[str]) -> tuple[str, ...]:
    while texts and not texts[-1]:
        texts.pop()
    return tuple(texts)


def _refuse_without_head(head: tuple[str, ...], rows: list[SheetRow]) -> None:
    """Refuse what a head over several columns, or in two rows, leaves: values without a name."""
    for row in rows:
        for place, cell in enumerate(row.cells):
            if cell and (place >= len(head) or not head[place]):
                raise RuleBroken(
                    f"Row {row.number}, column {letter(place)}: there is a value, and the first "
                    "row does not name the column. Give every column one name in one row; take "
                    "merged cells and rows above the names away."
                )
