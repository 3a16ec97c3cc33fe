"""The answers of one form: by item, with what is rated beside them, or by the total alone."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, cast

from wtforms import BooleanField, Field, RadioField
from wtforms import Form as Part
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from ipt_tracker.clinical.instruments.instrument import Instrument, score_total
from ipt_tracker.clinical.instruments.items import Item
from ipt_tracker.clinical.rules import AskFirst, RuleBroken
from ipt_tracker.services.measure_entries import NOT_DONE, MeasureEntry
from ipt_tracker.web.forms import WholeNumber
from ipt_tracker.web.measures.fields import AnswerField, BesideField, LevelField, forms_of, keys_of
from ipt_tracker.web.measures.grid import Head, Row, beside_rows, heads_of, rows_of
from ipt_tracker.web.measures.ratings import (
    HELPED,
    PROPOSALS,
    YES_NO,
    answer_fields,
    beside_fields,
    blank_words,
    level_fields,
    proposed,
)

BESIDE_NEEDS_ITEMS = (
    "What is rated beside the total is kept with the items. Rate the items too, or clear it."
)
PAIRS, DUPLICATE = "Yes, that is how it was rated", "Yes, keep both"


class Question(BooleanField):  # type: ignore[misc]  # -- WTForms brings no types
    """Something that can be right but seldom is, and is kept once somebody says that it is right.

    Its name is the key of the question.
    """

    asks = True


def offered(choices: dict[str, str]) -> list[SelectChoice]:
    """Offer codes under their words."""
    return [SelectChoice(code, label) for code, label in choices.items()]


class AnswersPart(Part):  # type: ignore[misc]  # -- WTForms brings no types
    """One form of one family: its items, or a total, or why there is neither."""

    forms: tuple[Instrument, ...] = ()
    """The same form over different times; which one is chosen by `lookback`."""

    lookback = RadioField("Time asked about", coerce=str)
    total = WholeNumber("Total")
    not_done = RadioField(
        "If there is no form", choices=offered({"": "Nothing to say", **NOT_DONE}), default=""
    )
    rest_blank: BooleanField
    pairs = Question(PAIRS)
    duplicate = Question(DUPLICATE)

    def __init__(self, *args: Any, **more: Any) -> None:  # noqa: ANN401 -- WTForms
        super().__init__(*args, **more)
        self._offer(self.forms)
        if self.lookback.data is None:
            self.lookback.data = self.forms[0].key
        self.total.label.text = f"{self.forms[0].name} total"
        self.total.description = f"{self.forms[0].lowest} to {self.forms[0].highest}"

    def narrow(self, instrument: Instrument) -> None:
        """Keep to one form where those of the family are not rated alike beside the time."""
        if len({form.beside for form in self.forms}) > 1:
            self._offer((instrument,))
            self.lookback.data = instrument.key
        if not instrument.beside:
            self._drop(self.beside_fields)
        if not self.is_helped:
            self._drop(self.level_fields)

    def _drop(self, fields: Iterable[Field]) -> None:
        for field in fields:
            del self[field.short_name]

    def _offer(self, forms: tuple[Instrument, ...]) -> None:
        self.lookback.choices = [SelectChoice(f.key, str(f.lookback).capitalize()) for f in forms]

    @property
    def instrument(self) -> Instrument:
        """The form with the time that was asked about."""
        return {each.key: each for each in self.forms}.get(self.lookback.data, self.forms[0])

    @property
    def is_helped(self) -> bool:
        """Whether a published rule proposes the severities of this form."""
        return self.instrument.key in HELPED

    @property
    def answer_fields(self) -> tuple[AnswerField, ...]:
        """The fields of the items, in form order."""
        return tuple(f for f in self if isinstance(f, AnswerField))

    @property
    def beside_fields(self) -> tuple[BesideField, ...]:
        """The fields of what is rated beside the total, in form order."""
        return tuple(f for f in self if isinstance(f, BesideField))

    @property
    def level_fields(self) -> tuple[LevelField, ...]:
        """How often and how strong, where a severity is proposed from it."""
        return tuple(f for f in self if isinstance(f, LevelField))

    @property
    def questions(self) -> tuple[Question, ...]:
        """What was asked about and has to be confirmed, also what was confirmed already."""
        asked = (f for f in self if isinstance(f, Question))
        return tuple(f for f in asked if f.errors or f.data)

    @property
    def keys(self) -> tuple[Head, ...]:
        """The heads over the keys."""
        return heads_of(self.instrument, self._blank)

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows of the keypad."""
        return rows_of(self.instrument, self.answer_fields, self.keys[0].keys, self.level_fields)

    @property
    def beside_rows(self) -> tuple[Row, ...]:
        """The rows beside the total."""
        own = [keys_of(each, ()) for each in self.instrument.beside if isinstance(each, Item)]
        columns = (*max(own, key=len, default=YES_NO[:-1]), YES_NO[-1])
        return beside_rows(self.beside_fields, columns)

    @property
    def proposals(self) -> tuple[tuple[int | None, ...], ...]:
        """The severity for each level of intensity, and in it for each of frequency."""
        return PROPOSALS if self.level_fields else ()

    @property
    def _blank(self) -> str:
        return blank_words(self.instrument)

    @property
    def marked(self) -> int:
        """How many items were answered or said to be blank."""
        return sum(field.is_marked for field in self.answer_fields)

    @property
    def answered(self) -> int:
        """How many items were answered."""
        return sum(field.answer is not None for field in self.answer_fields)

    @property
    def shows_items(self) -> bool:
        """Whether something stands in the items, so that they must not be folded away."""
        return self.marked > 0 or any(field.errors for field in self.answer_fields)

    @property
    def shows_total(self) -> bool:
        """Whether something stands in the total, so that it must not be folded away."""
        typed = self.total.data is not None or any(self.total.raw_data or ())
        return bool(typed or self.not_done.data or self.total.errors or self.not_done.errors)

    def validate_total(self, field: WholeNumber) -> None:
        """Refuse a total that the form cannot have."""
        if field.data is None:
            return
        try:
            score_total(self.instrument, field.data)
        except RuleBroken as broken:
            raise ValidationError(broken.message) from broken

    def validate_rest_blank(self, field: BooleanField) -> None:
        """Ask about items that were neither answered nor said to be blank: a slip of the finger."""
        left = len(self.answer_fields) - self.marked
        if not self.answered or not left or field.data:
            return
        items = "1 item has" if left == 1 else f"{left} items have"
        raise ValidationError(
            f"{items} neither an answer nor “–”. Answer them, or tick that they were left blank."
        )

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 -- WTForms
        """Refuse ratings beside a total that has no items too: they would not be kept."""
        good: bool = super().validate(extra_validators)
        alone = [f for f in self.beside_fields if f.answer is not None and not self.answered]
        for field in alone[:1]:
            field.errors = [*field.errors, BESIDE_NEEDS_ITEMS]
        return good and not alone

    def propose(self) -> int:
        """Fill in the severities that the rule proposes where none was rated; say how many."""
        found = [each for each in self._proposed() if each[0].data is None]
        for answer, severity in found:
            answer.data = str(severity)
        return len(found)

    @property
    def otherwise(self) -> tuple[str, ...]:
        """Say where the rating differs from what the rule proposes. The rating stands."""
        return tuple(
            f"{answer.label.text}: {answer.answer} stands, the rule proposes {severity}."
            for answer, severity in self._proposed()
            if answer.answer not in (None, severity)
        )

    def _proposed(self) -> Iterator[tuple[AnswerField, int]]:
        return proposed(self.answer_fields, {each.short_name: each for each in self.level_fields})

    def reject(self, broken: RuleBroken) -> None:
        """Put the message of a broken rule beside its field, or beside the total."""
        name = broken.key if isinstance(broken, AskFirst) else broken.field or ""
        field = self._fields.get(name, self.total)
        field.errors = [*field.errors, broken.message]

    def given(self) -> dict[str, int | None]:
        """Give the answers by answer key; none where no item was answered or said to be blank."""
        fields = self.answer_fields if self.marked else ()
        return {field.item.key: field.answer for field in fields}

    def given_beside(self) -> dict[str, int | bool | None]:
        """Give what was rated beside the total, by key."""
        return {field.own.key: field.answer for field in self.beside_fields}

    def entry(self, taken_on: Any, **more: Any) -> MeasureEntry:  # noqa: ANN401 -- as MeasureEntry
        """Give what was entered."""
        return MeasureEntry(
            self.instrument,
            taken_on,
            answers=self.given(),
            beside=self.given_beside(),
            total=self.total.data,
            not_done=self.not_done.data or None,
            confirmed=frozenset(f.short_name for f in self if isinstance(f, Question) and f.data),
            **more,
        )


@lru_cache
def answers_part(family: str) -> type[AnswersPart]:
    """Make the part for one instrument family, with every field that one of its forms has."""
    forms = forms_of(family)
    fields = answer_fields(forms[0])
    fields["rest_blank"] = BooleanField("Items without an answer were left blank on the form")
    fields |= beside_fields(forms)
    if any(form.key in HELPED for form in forms):
        fields |= level_fields(forms[0])
    return cast("type[AnswersPart]", type("AnswersOf", (AnswersPart,), {"forms": forms, **fields}))
