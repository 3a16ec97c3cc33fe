"""The form of any sheet, made from the fields that the sheet declares."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Any, cast

from wtforms import Field as WebField
from wtforms import SelectMultipleField
from wtforms.fields.choices import SelectChoice

from ipt_tracker.clinical.course.worksheets.fields import Content, Field, FieldKind, Value
from ipt_tracker.clinical.course.worksheets.sheet import Sheet
from ipt_tracker.clinical.rules import AskFirst, RuleBroken
from ipt_tracker.web.change_form import ChangeForm
from ipt_tracker.web.fields import Day, OneOf, text, words
from ipt_tracker.web.measures.parts import Question
from ipt_tracker.web.work import given

LONGEST = 300


class SheetForm(ChangeForm):
    """One sheet: a field for each that it declares, and why there is another edition.

    `version` carries the number of the newest edition that the person had before them. A question
    that has to be confirmed is a field of its own.
    """

    sheet: Sheet
    reason = words("Why there is another edition")

    @property
    def questions(self) -> tuple[Question, ...]:
        """What was asked about and has to be confirmed, also what was confirmed already."""
        asked = (f for f in self if isinstance(f, Question))
        return tuple(f for f in asked if f.errors or f.data)

    @property
    def confirmed(self) -> frozenset[str]:
        """The keys of the questions that were answered with yes."""
        return frozenset(f.name for f in self if isinstance(f, Question) and f.data)

    def content(self) -> dict[str, Value]:
        """Give what was answered; what was left empty is left out."""
        found = ((f.key, _answer(f, self[f.key].data)) for f in self.sheet.fields)
        return {key: value for key, value in found if value}

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 -- WTForms
        """Put every rule that is broken beside its field, all at once."""
        good: bool = super().validate(extra_validators)
        unread: set[str | None] = {f.name for f in self if f.errors}
        unread |= {None} if unread else set()  # what cannot be read is not empty
        for broken in self.sheet.broken(self.content(), given().today()):
            if broken.field not in unread:
                self.reject(broken)
                good = False
        return good

    def reject(self, broken: RuleBroken) -> None:
        """Put the message of a broken rule beside its field or its question, or above the form."""
        if isinstance(broken, AskFirst):
            broken = RuleBroken(broken.message, broken.key)
        super().reject(broken)

    def fill(self, content: Content) -> None:
        """Show an edition."""
        for declared in self.sheet.fields:
            self[declared.key].data = _typed(declared, content.get(declared.key))

    def start(self, content: Content, edition: int) -> None:
        """Start from the newest edition; a form that was sent keeps what was typed."""
        if not self.is_submitted():
            self.fill(content)
        self.version.renew(edition)


@lru_cache
def form_of(sheet: Sheet) -> type[SheetForm]:
    """Make the form of one sheet; ValueError for a key that a form has a use of its own for."""
    fields: dict[str, Any] = {field.key: _field(field) for field in sheet.fields}
    fields |= {each.key: Question(each.confirmed) for each in sheet.questions}
    taken = [key for key in fields if hasattr(SheetForm, key)]
    if taken:
        raise ValueError(f"The sheet {sheet.key} cannot call a field {taken[0]}.")
    return cast("type[SheetForm]", type("FormOf", (SheetForm,), {"sheet": sheet, **fields}))


def _field(field: Field) -> WebField:
    more = {"description": field.help}
    offered = list(_offered(field))
    match field.kind:
        case FieldKind.TEXT:
            return text(field.label, LONGEST, **more)
        case FieldKind.DATE:
            return Day(field.label, **more)
        case FieldKind.CHOICE:
            return OneOf(field.label, choices=offered, **more)
        case FieldKind.CHOICES:
            return SelectMultipleField(field.label, choices=offered, **more)
        case _:
            return words(field.label, **more)


def _offered(field: Field) -> Iterator[SelectChoice]:
    return (SelectChoice(code, label) for code, label in (field.choices or {}).items())


def _typed(field: Field, value: Value | None) -> Any:  # noqa: ANN401 -- as the web field has it
    """Write a kept answer as its field takes it."""
    if value is None:
        return None
    if field.kind is FieldKind.LINES:
        return "\n".join(value)
    return date.fromisoformat(str(value)) if field.kind is FieldKind.DATE else value


def _answer(field: Field, data: Any) -> Value | None:  # noqa: ANN401 -- as the web field has it
    """Write what was typed as it is kept."""
    if not data:
        return None
    if field.kind is FieldKind.LINES:
        return [line.strip() for line in data.splitlines() if line.strip()]
    if field.kind is FieldKind.CHOICES:
        return list(data)
    return data.isoformat() if field.kind is FieldKind.DATE else str(data)
