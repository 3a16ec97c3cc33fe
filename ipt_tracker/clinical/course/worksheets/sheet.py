"""A sheet: its sections, what it refuses, what it asks about, and what it says in one line."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from ipt_tracker.clinical.course.phases import Phase
from ipt_tracker.clinical.course.worksheets.fields import Content, Field, Value, day_words
from ipt_tracker.clinical.rules import AskFirst, RuleBroken

EMPTY = "Nothing is filled in yet."


@dataclass(frozen=True, slots=True)
class Section:
    """Fields that stand under one heading."""

    title: str
    fields: tuple[Field, ...]
    help: str = ""

    @property
    def rows(self) -> tuple[tuple[Field, ...], ...]:
        """The fields as they stand on the page: one or two in a row."""
        rows: list[tuple[Field, ...]] = []
        for field in self.fields:
            if field.side_by_side and rows:
                rows[-1] = (*rows[-1], field)
            else:
                rows.append((field,))
        return tuple(rows)


@dataclass(frozen=True, slots=True)
class Question:
    """What can be right but seldom is: asked once, kept when somebody says that it is right."""

    key: str
    field: str
    message: str
    confirmed: str
    """The words beside the box."""
    arises: Callable[[Content], bool]


@dataclass(frozen=True, slots=True)
class Answer:
    """One answered question, ready to be read: each text a line or a paragraph."""

    key: str
    label: str
    texts: tuple[str, ...]
    is_list: bool


@dataclass(frozen=True, slots=True)
class Answered:
    """The answered questions of one section."""

    title: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """One kind of sheet. There is one of each, so a sheet equals itself alone.

    `phase` is the part of the course that it belongs to, None for any. `known` are sentences for
    the person who fills it in, `source` says by whose account. `summary` gives a sheet in one
    line. `shows_scores` puts the scores of the record beside it, which nobody has to type.
    """

    key: str
    label: str
    place: int
    phase: Phase | None
    purpose: str
    sections: tuple[Section, ...]
    summary: Callable[[Content], str]
    source: str
    known: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    shows_scores: bool = False

    @property
    def fields(self) -> tuple[Field, ...]:
        """Every field, in the order of the page."""
        return tuple(field for section in self.sections for field in section.fields)

    def broken(self, content: Content, today: date) -> Iterator[RuleBroken]:
        """Give every rule that these answers break, in the order of the page."""
        if not any(field.key in content for field in self.fields):
            yield RuleBroken(EMPTY)
            return
        for field in self.fields:
            message = _refusal(field, content, today)
            if message:
                yield RuleBroken(message, field.key)

    def check(self, content: Content, today: date, confirmed: frozenset[str] = frozenset()) -> None:
        """Raise RuleBroken for the first rule broken, AskFirst for what has to be confirmed."""
        for broken in self.broken(content, today):
            raise broken
        for each in self.questions:
            if each.key not in confirmed and each.arises(content):
                raise AskFirst(each.message, each.field, each.key)

    def check_days(self, before: Content, content: Content, today: date, started: date) -> None:
        """Raise RuleBroken for a newly entered day that cannot be: one that stood stays."""
        for field in self.changed(before, content):
            message = _day_refusal(field, content.get(field.key), today, started)
            if message:
                raise RuleBroken(message, field.key)

    def answered(self, content: Content) -> tuple[Answered, ...]:
        """Give what was answered, section by section; what was not is left out."""
        found = ((s.title, tuple(_answers(s, content))) for s in self.sections)
        return tuple(Answered(title, answers) for title, answers in found if answers)

    def changed(self, before: Content, after: Content) -> tuple[Field, ...]:
        """Give the fields whose answers differ between two editions."""
        return tuple(f for f in self.fields if before.get(f.key) != after.get(f.key))


def _answers(section: Section, content: Content) -> Iterator[Answer]:
    for field in section.fields:
        if field.key in content:
            texts = field.words(content[field.key])
            yield Answer(field.key, field.label, texts, field.kind.is_list)


def _refusal(field: Field, content: Content, today: date) -> str:
    value = content.get(field.key)
    if value is None:
        return _missing(field, content)
    if field.choices is not None and not _codes(value) <= set(field.choices):
        return "Choose one of the answers."
    return "This day is in the future." if field.is_past and _is_after(value, today) else ""


def _missing(field: Field, content: Content) -> str:
    if field.needed:
        return field.needed
    when = field.needed_when
    return when.message if when and content.get(when.field) in when.answers else ""


def _day_refusal(field: Field, value: Value | None, today: date, started: date) -> str:
    if not isinstance(value, str):
        return ""
    if field.is_ahead and value < today.isoformat():
        return "This day is in the past."
    if field.in_course and value < started.isoformat():
        return f"This is before the course began, on {day_words(started.isoformat())}."
    return ""


def _codes(value: Value) -> set[str]:
    return set(value) if isinstance(value, list) else {value}


def _is_after(value: Value, today: date) -> bool:
    return isinstance(value, str) and value > today.isoformat()
