"""What one field of a sheet asks for, and its answer read and put into words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto

Value = str | list[str]
"""An answer as it is kept: text, a code, a day as 2026-03-11; a list for lines and choices."""
Content = Mapping[str, Value]
"""The answers of one sheet by the key of their field. What was not answered is left out."""

YES_NO_UNCLEAR = {"yes": "Yes", "no": "No", "unclear": "Unclear"}


class FieldKind(Enum):
    """How a field is answered."""

    TEXT = auto()
    LONG_TEXT = auto()
    CHOICE = auto()
    DATE = auto()
    CHOICES = auto()
    LINES = auto()
    """Any number of short entries, one on each line."""

    @property
    def is_list(self) -> bool:
        """Whether the answer is a list."""
        return self in {FieldKind.CHOICES, FieldKind.LINES}


@dataclass(frozen=True, slots=True)
class NeededWhen:
    """An answer that is asked for where another field has one of these answers."""

    field: str
    answers: frozenset[str]
    message: str


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a sheet.

    `choices` gives the words for each code, in order. `needed` is the message where the field
    must not stay empty. A day that `is_past` cannot lie in the future. One that `is_ahead` cannot
    lie in the past when it is entered, one `in_course` not before the course. `side_by_side`
    stands in one row with the field before it.
    """

    key: str
    label: str
    kind: FieldKind = FieldKind.LONG_TEXT
    help: str = ""
    choices: Mapping[str, str] | None = None
    needed: str = ""
    needed_when: NeededWhen | None = None
    is_past: bool = False
    is_ahead: bool = False
    in_course: bool = False
    side_by_side: bool = False

    def words(self, value: Value) -> tuple[str, ...]:
        """Write an answer as people read it; a code that is not offered stays as it is."""
        if isinstance(value, list):
            return tuple((self.choices or {}).get(each, each) for each in value)
        if self.choices:
            return (self.choices.get(value, value),)
        if self.kind is FieldKind.DATE:
            return (day_words(value),)
        return tuple(line for line in value.splitlines() if line.strip())


def day_words(text: str) -> str:
    """Write a kept day as "11 Mar 2026"; a text that is no day stays as it is."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return f"{day.day} {day:%b} {day.year}"


def text_of(content: Content, key: str) -> str:
    """Give an answer as text; nothing where there is none."""
    value = content.get(key, "")
    return "; ".join(value) if isinstance(value, list) else value


def list_of(content: Content, key: str) -> list[str]:
    """Give an answer as a list; an empty one where there is none."""
    value = content.get(key, [])
    return value if isinstance(value, list) else [value]
