"""Fields of the measure forms: an answer to one item, and the keys with which it is given."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError
from wtforms.widgets import RadioInput

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.instruments.instrument import Instrument, Lookback
from ipt_tracker.clinical.instruments.items import Item, YesNo
from ipt_tracker.clinical.rules import RuleBroken

BLANK = "na"
NO_SIGN = "–"
"""What is sent for an item that was left blank, and what stands on its key."""
YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a row: what stands on it, what it sends, what it says, the points it adds."""

    sign: str
    value: str
    words: str = ""
    points: int | None = None

    @property
    def is_blank(self) -> bool:
        """Whether it says that there is no answer."""
        return self.value == BLANK

    @property
    def pressed(self) -> str:
        """The key of the keyboard that stands for it."""
        return "-" if self.is_blank else self.sign[0].lower()

    @property
    def said(self) -> str:
        """What a screen reader says for it."""
        return self.words if self.is_blank or not self.words else f"{self.sign} {self.words}"


def blank_key(words: str) -> Key:
    """Give the key of an item that has no answer on the form."""
    return Key(NO_SIGN, BLANK, words)


def keys_of(item: Item, anchors: tuple[str, ...]) -> tuple[Key, ...]:
    """Give the keys of one rating, with the words over them where there are any."""
    named = dict(zip(range(item.low, item.high + 1), anchors, strict=False))
    digits = [
        Key(str(value), str(value), named.get(value, ""), value)
        for value in range(item.low, item.high + 1)
    ]
    if item.not_assessed is not None:
        digits.append(Key(str(item.not_assessed), str(item.not_assessed), "not assessed", 0))
    return tuple(digits)


class KeyField(RadioField):  # type: ignore[misc]  # -- WTForms brings no types
    """A choice that is made with one key, or not made at all."""

    data: str | None

    def __init__(self, label: str, keys: tuple[Key, ...], **more: Any) -> None:  # noqa: ANN401 -- WTForms
        choices = [SelectChoice(key.value, key.sign) for key in keys]
        super().__init__(label, choices=choices, validate_choice=False, **more)
        self.keys = keys

    def pre_validate(self, form: Any) -> None:  # noqa: ANN401 -- WTForms
        """Refuse what the form does not have; nothing is moved to the nearest answer."""
        del form
        if self.data is not None and self.data not in {key.value for key in self.keys}:
            raise ValidationError(f"{self.data[:12]} is not on the form, {self.extent}.")

    @property
    def extent(self) -> str:
        """What the form has instead, as the end of a sentence."""
        return f"which has {', '.join(key.sign for key in self.keys)}"

    @property
    def is_marked(self) -> bool:
        """Whether it was answered or said to be blank."""
        return self.data is not None

    @property
    def _number(self) -> int | None:
        return int(self.data) if self.data and self.data.isdecimal() else None


class AnswerField(KeyField):
    """The answer to one item: a digit, "left blank", or nothing yet."""

    def __init__(self, number: int, item: Item, keys: tuple[Key, ...], **more: Any) -> None:  # noqa: ANN401 -- WTForms
        super().__init__(f"Item {number}, {item.label}", keys, **more)
        self.item = item

    @property
    def extent(self) -> str:
        return f"which goes from {self.item.low} to {self.item.high}"

    @property
    def answer(self) -> int | None:
        """The answer; None for an item that was left blank, or not entered."""
        return self._number


class LevelField(KeyField):
    """How often or how strong: half of what a severity is proposed from. It is not kept."""

    def __init__(self, item: Item, half: str, words: Iterable[str], **more: Any) -> None:  # noqa: ANN401 -- WTForms
        keys = tuple(Key(str(n), str(n), each) for n, each in enumerate(words))
        super().__init__(f"{item.label}, {half}", keys, **more)
        self.half = half

    @property
    def level(self) -> int | None:
        """The level, None where none was chosen."""
        return self._number


class BesideField(KeyField):
    """What is rated with the form outside its total: a digit, or yes and no, or not recorded."""

    def __init__(self, own: Item | YesNo, keys: tuple[Key, ...], **more: Any) -> None:  # noqa: ANN401 -- WTForms
        super().__init__(own.label[:1].upper() + own.label[1:], keys, **more)
        self.own = own

    @property
    def answer(self) -> int | bool | None:
        """The rating; None where it was not recorded."""
        if isinstance(self.own, YesNo):
            return {YES: True, NO: False}.get(self.data or "")
        return self._number


class Keeps:
    """Hold one answer to a rule of the clinical room, and say its message beside the field."""

    def __init__(self, rule: Callable[[Any], object]) -> None:
        self.rule = rule

    def __call__(self, form: Any, field: Any) -> None:  # noqa: ANN401 -- WTForms
        del form
        if field.data is None:
            return
        try:
            self.rule(field.data)
        except RuleBroken as broken:
            raise ValidationError(broken.message) from broken


class FocusFirst(RadioInput):  # type: ignore[misc]  # -- WTForms brings no types
    """A row of choices that the page opens on: the keyboard stands on its first choice."""

    def __call__(self, field: Any, **attributes: Any) -> Any:  # noqa: ANN401 -- WTForms
        if field.id.endswith("-0"):
            attributes["autofocus"] = True
        return super().__call__(field, **attributes)


def forms_of(family: str) -> tuple[Instrument, ...]:
    """Give the forms of one family, which differ in the time asked about, the week first."""
    own = (each for each in INSTRUMENTS.values() if each.family == family)
    return tuple(sorted(own, key=lambda each: each.lookback is not Lookback.PAST_WEEK))
