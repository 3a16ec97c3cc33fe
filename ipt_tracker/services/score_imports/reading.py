"""From rows of text to forms: each row becomes one form or more, or a plain sentence why not."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.clinical.instruments.judging import Criteria
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.exchange import score_heads as heads
from ipt_tracker.exchange.score_dates import read_date
from ipt_tracker.exchange.score_heads import FormColumn
from ipt_tracker.exchange.score_sheet import Sheet, SheetRow
from ipt_tracker.services.measure_entries import MeasureEntry, scored
from ipt_tracker.services.score_imports.matching import LEAVE, NAMED, Matching

BLANKS = {"", "na", "n/a", "#n/a", "null", ".", "-", "–"}
"""How files write that there is no answer. A zero is a zero."""
MINUSES = str.maketrans({"−": "-", "–": "-", ",": "."})
WHOLE = re.compile(r"([+-]?[0-9]{1,7})(?:\.0*)?")
"""A spreadsheet may write 17 as 17.0, or 17,0 with a comma."""
NO_CRITERIA = Criteria(None, None, None, None)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row cannot be taken in, and where it is."""

    row: int
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class FormIn:
    """One form of the file: whose, and what would be kept."""

    row: int
    code: str
    entry: MeasureEntry
    total: int | None
    lowest: int
    highest: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says. `left_out` counts the rows whose form is not to be taken in."""

    forms: tuple[FormIn, ...]
    problems: tuple[Problem, ...]
    left_out: int
    blank: int
    """Rows with a patient and no score at all."""


class _Wrong(Exception):
    """A cell that cannot be read, with its place."""

    def __init__(self, place: int, message: str) -> None:
        super().__init__(message)
        self.place, self.message = place, message


def read_forms(sheet: Sheet, matching: Matching) -> Reading:
    """Read every row. One problem is named for each form of a row, the first that is met."""
    reader = _Reader(sheet, matching)
    forms: list[FormIn] = []
    problems: list[Problem] = []
    left_out = blank = 0
    for row in sheet.rows:
        try:
            asked = list(reader.asked(row))
        except _Wrong as wrong:
            problems.append(Problem(row.number, sheet.column(wrong.place), wrong.message))
            continue
        if not asked:
            left_out += 1
            continue
        found = [each for each in asked if reader.is_filled(row, each)]
        blank += not found
        for cells in found:
            try:
                forms.append(reader.form(row, cells))
            except _Wrong as wrong:
                problems.append(Problem(row.number, sheet.column(wrong.place), wrong.message))
    return Reading(tuple(forms), tuple(problems), left_out, blank)


@dataclass(frozen=True, slots=True)
class _Cells:
    """Where one form of a row has its total and its items."""

    instrument: Instrument
    total: int | None
    items: Mapping[int, int]

    @property
    def places(self) -> tuple[int, ...]:
        return (*([] if self.total is None else [self.total]), *self.items.values())


class _Reader:
    """Reads the rows of one table as they were matched."""

    def __init__(self, sheet: Sheet, matching: Matching) -> None:
        self.sheet, self.matching = sheet, matching
        named = heads.form_columns(sheet.head)
        self.named = named if matching.items == NAMED else tuple(c for c in named if not c.item)
        self.numbered = heads.item_columns(sheet.head) if matching.items == NAMED else {}
        chosen = (matching.patient, matching.day, matching.form, matching.total)
        self.taken = {place for place in chosen if place is not None}
        self.of_row: dict[str, _Cells] = {}

    def asked(self, row: SheetRow) -> Iterator[_Cells]:
        """Give the forms that a row can hold; none where its form is to be left out."""
        if self.matching.names_forms:
            by_key: dict[str, list[FormColumn]] = {}
            for column in self.named:
                by_key.setdefault(self.matching.forms[column.spelling], []).append(column)
            yield from (self._cells(key, own) for key, own in by_key.items() if key != LEAVE)
            return
        key = self._key_of(row)
        if key != LEAVE:
            cells = self.of_row.get(key) or self._one_form(key)
            self.of_row[key] = cells
            self._refuse_other_forms(row, cells)
            yield cells

    def _key_of(self, row: SheetRow) -> str:
        if self.matching.every_form is not None:
            return self.matching.every_form
        place = self.matching.form or 0
        text = row.cells[place]
        if not text:
            raise _Wrong(place, "The form is not named.")
        return self.matching.forms[heads.small(text)]

    def _one_form(self, key: str) -> _Cells:
        """Find the columns of the one form that a row is of."""
        instrument = INSTRUMENTS[key]
        own = [column for column in self.named if self._is_of(column, instrument)]
        cells = self._cells(key, own)
        total = cells.total if self.matching.total is None else self.matching.total
        items = cells.items or dict(self.numbered)
        if self.matching.items.isdecimal():
            first = int(self.matching.items)
            last = min(first + len(instrument.answer_keys), len(self.sheet.head))
            items = dict(enumerate(range(first, last), start=1))
        return _Cells(instrument, total, items)

    def _is_of(self, column: FormColumn, instrument: Instrument) -> bool:
        meant = heads.meant_by(column.spelling)
        return column.place not in self.taken and instrument in meant

    def _cells(self, key: str, columns: list[FormColumn]) -> _Cells:
        total = next((column.place for column in columns if column.item is None), None)
        items = {column.item: column.place for column in columns if column.item is not None}
        return _Cells(INSTRUMENTS[key], total, items)

    def _refuse_other_forms(self, row: SheetRow, cells: _Cells) -> None:
        """Refuse answers in the columns of another form than the row says it is of."""
        for column in self.named:
            own = column.place in cells.places or column.place in self.taken
            if not own and not _is_blank(row.cells[column.place]):
                form = cells.instrument.version
                raise _Wrong(column.place, f"The row is of the {form}; here is another form's.")

    def is_filled(self, row: SheetRow, cells: _Cells) -> bool:
        """Tell whether a row holds anything of a form."""
        return any(not _is_blank(row.cells[place]) for place in cells.places)

    def form(self, row: SheetRow, cells: _Cells) -> FormIn:
        """Read one form of a row and add it up as a form entered by hand is."""
        code = row.cells[self.matching.patient]
        if not code:
            raise _Wrong(self.matching.patient, "The patient code is missing.")
        entry = MeasureEntry(
            cells.instrument,
            self._day(row),
            answers=self._answers(row, cells),
            total=None if cells.total is None else _whole(row, cells.total),
            is_history=True,
        )
        try:
            columns = scored(entry, NO_CRITERIA)
        except RuleBroken as broken:
            raise _Wrong(self._place_of(broken.field, cells), broken.message) from broken
        numbers = (columns[name] for name in ("total", "lowest", "highest"))
        total, lowest, highest = (each if isinstance(each, int) else None for each in numbers)
        return FormIn(row.number, code, entry, total, lowest or 0, highest or 0)

    def _day(self, row: SheetRow) -> date:
        place, text = self.matching.day, row.cells[self.matching.day]
        if _is_blank(text):
            raise _Wrong(place, "The date is missing.")
        order, from_1904 = self.matching.day_first, self.sheet.from_1904
        try:
            return read_date(text, day_first=order, from_1904=from_1904)
        except RuleBroken as broken:
            raise _Wrong(place, broken.message) from broken

    def _answers(self, row: SheetRow, cells: _Cells) -> dict[str, int | None]:
        keys = cells.instrument.answer_keys
        found: dict[str, int | None] = {}
        for number, place in cells.items.items():
            answer = _whole(row, place)
            if number <= len(keys):
                found[keys[number - 1]] = answer
            elif answer is not None:
                has = f"The {cells.instrument.name} has {len(keys)} answers."
                raise _Wrong(place, f"{has} This would be number {number}.")
        return found

    def _place_of(self, field: str | None, cells: _Cells) -> int:
        """Find the column that the message of a broken rule is about."""
        keys = cells.instrument.answer_keys
        if field in keys:
            return cells.items[keys.index(field) + 1]
        return cells.places[0] if cells.total is None else cells.total


def _is_blank(text: str) -> bool:
    return text.lower() in BLANKS


def _whole(row: SheetRow, place: int) -> int | None:
    """Read a whole number; None for a blank."""
    text = row.cells[place]
    if _is_blank(text):
        return None
    found = WHOLE.fullmatch(text.translate(MINUSES))
    if found is None:
        raise _Wrong(place, f"“{text[:30]}” is not a whole number.")
    return int(found[1])
