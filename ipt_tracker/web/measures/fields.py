"""Fields of the measure forms: an answer to one item, and the words of its keys."""

from collections.abc import Callable
from typing import Any

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError
from wtforms.widgets import RadioInput

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.instruments.instrument import Instrument, Item, Lookback
from ipt_tracker.clinical.rules import RuleBroken

BLANK = "na"
BLANK_KEY = ("–", "left blank")
KEYS = {
    "PCL-5": (
        ("0", "not at all"),
        ("1", "a little"),
        ("2", "moder\u00adately"),
        ("3", "quite a bit"),
        ("4", "extremely"),
        BLANK_KEY,
    ),
    "CAPS-5": (
        ("0", "absent"),
        ("1", "sub\u00adthreshold"),
        ("2", "threshold"),
        ("3", "marked"),
        ("4", "extreme"),
        ("–", "not rated"),
    ),
}
"""The instrument families that are entered by items, with the words over their keys."""


class AnswerField(RadioField):  # type: ignore[misc]  # -- WTForms brings no types
    """The answer to one item: a digit, "left blank", or nothing yet."""

    data: str | None

    def __init__(self, number: int, item: Item, **more: Any) -> None:  # noqa: ANN401 -- WTForms
        digits = [str(value) for value in range(item.low, item.high + 1)]
        super().__init__(
            f"Item {number}, {item.label}",
            choices=[SelectChoice(value, value) for value in (*digits, BLANK)],
            validate_choice=False,
            **more,
        )
        self.item = item

    def pre_validate(self, form: Any) -> None:  # noqa: ANN401 -- WTForms
        """Refuse what the form does not have; nothing is moved to the nearest answer."""
        del form
        low, high = self.item.low, self.item.high
        if self.data not in (None, BLANK) and not self.item.allows(self._digit()):
            raise ValidationError(
                f"{str(self.data)[:12]} is not on the form, which goes from {low} to {high}."
            )

    @property
    def answer(self) -> int | None:
        """The answer; None for an item that was left blank, or not entered."""
        return self._digit() if self.data not in (None, BLANK) else None

    def _digit(self) -> int | None:
        return int(self.data) if self.data and self.data.isdecimal() else None


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
    """Give the forms of one family, which differ only in the time asked about, the week first."""
    own = (each for each in INSTRUMENTS.values() if each.family == family)
    return tuple(sorted(own, key=lambda each: each.lookback is not Lookback.PAST_WEEK))
