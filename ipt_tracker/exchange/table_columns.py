"""What a column of an exported table is: declared once, and all else follows from it.

CSV, workbook, dictionary and the file without names are all made of these declarations, so none of
them can say something else than the others.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from ipt_tracker.clinical.course.codes import Code

NO_CODES: Mapping[str, str] = MappingProxyType({})


class Kind(StrEnum):
    """The type of every value of a column, as the dictionary says it."""

    PATIENT = "code of the patient"
    KEY = "key"
    TEXT = "text"
    CODE = "code"
    CODES = "codes, with semicolons between"
    WHOLE = "whole number"
    NUMBER = "number"
    DAY = "date"
    MOMENT = "date and time, UTC"
    YES_NO = "TRUE or FALSE"


DATED = frozenset({Kind.DAY, Kind.MOMENT})
CODED = frozenset({Kind.CODE, Kind.CODES})
REPLACED = frozenset({Kind.PATIENT, Kind.KEY})


class Holds(StrEnum):
    """Whether a column can tell who somebody is."""

    ORDINARY = "no"
    IDENTITY = "the patient"
    STAFF = "a member of staff"
    WORDS = "free text may"
    ENTRY = "what was entered at one moment may"
    """Records of many patients entered together would tell the shift of each one's dates."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name in the file, its type, what it means and where it comes from.

    `codes` are the values that a coded column can have, to their meaning.
    """

    name: str
    kind: Kind
    meaning: str
    source: str
    unit: str = ""
    codes: Mapping[str, str] = field(default_factory=lambda: NO_CODES)
    holds: Holds = Holds.ORDINARY

    @property
    def identifies(self) -> bool:
        """Whether it says by itself who the patient or a member of staff is."""
        return self.kind is Kind.PATIENT or self.holds in {Holds.IDENTITY, Holds.STAFF}

    @property
    def is_figure(self) -> bool:
        """Whether its values are numbers that one compares by their place."""
        return self.kind in {Kind.WHOLE, Kind.NUMBER}

    @property
    def is_free_text(self) -> bool:
        """Whether somebody typed it in their own words."""
        return self.holds is Holds.WORDS

    @property
    def stays(self) -> bool:
        """Whether a file without names has it at all."""
        return self.holds is Holds.ORDINARY

    @property
    def without_names(self) -> str:
        """Say what becomes of it in a file without names."""
        if not self.stays:
            return "left out"
        if self.kind in REPLACED:
            return "replaced by a code of its own"
        if self.kind in DATED:
            return "shifted with all dates of the patient, day alone"
        if self.kind in CODED:
            return "as recorded; a code that is not listed becomes other"
        return "as recorded"


@dataclass(frozen=True, slots=True)
class Table:
    """One table of an export: its name, what one row is, and its columns in their order."""

    name: str
    title: str
    row: str
    columns: tuple[Column, ...]
    keys: tuple[str, ...]
    """The columns by which its rows are told apart and found in the other tables."""

    @property
    def head(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(column.name for column in self.columns)


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it was read: whose dates are shifted with it, and a value for each column."""

    patient: UUID
    values: Mapping[str, object]


def words_of(codes: type[Code]) -> Mapping[str, str]:
    """Give the codes of a closed set with their meaning."""
    return MappingProxyType({str(code): code.label for code in codes})
