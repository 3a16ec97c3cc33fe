"""The forms of a measure: its answers, when it was made and how."""

import re
from datetime import date
from functools import lru_cache
from typing import Any, cast

from werkzeug.datastructures import MultiDict
from wtforms import FormField, RadioField
from wtforms.validators import ValidationError

from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.clinical.rules import AskFirst, RuleBroken
from ipt_tracker.clinical.safety import prompt_for
from ipt_tracker.services.measure_entries import NOT_DONE, MeasureEntry
from ipt_tracker.services.safety import DONE
from ipt_tracker.web.fields import Day, text, words
from ipt_tracker.web.forms import Form, Needed
from ipt_tracker.web.measures.fields import BLANK, NO, YES, FocusFirst
from ipt_tracker.web.measures.parts import AnswersPart, answers_part, offered
from ipt_tracker.web.measures.points import POINTS
from ipt_tracker.web.measures.words import point_words

__all__ = [
    "AnswersPart",
    "KeyingForm",
    "MeasureForm",
    "answers_part",
    "keying_form",
    "measure_form",
    "offered",
    "prefilled",
]

BLINDNESS = {"": "Not stated", "yes": "Yes", "no": "No"}
_MONTHS = re.compile(r"follow_up_(\d{1,2})m")


class KeyingForm(Form):
    """The answers of one form alone, as when they are keyed a second time."""

    form_errors: list[str]

    def __init__(
        self,
        instrument: Instrument,
        filled: dict[str, Any] | None = None,
        *,
        starts_here: bool = True,
    ) -> None:
        """Make it for one instrument; `filled` is what stands in it, as `prefilled` gives it."""
        answers = {"lookback": instrument.key} | (filled or {}).get("answers", {})
        super().__init__(data={**(filled or {}), "answers": answers})
        self.instrument = instrument
        self.answers_part.narrow(instrument)
        if starts_here and not self.is_submitted():
            self.answers_part.answer_fields[0].option_widget = FocusFirst()

    @property
    def answers_part(self) -> AnswersPart:
        """The score, by items or by total."""
        part: AnswersPart = self["answers"].form
        return part

    def take(self, typed: MultiDict[str, str]) -> None:
        """Show what was typed at another time."""
        super().take(typed)
        self.answers_part.narrow(self.instrument)

    def reject(self, broken: RuleBroken) -> None:
        """Put the message beside the field it belongs to, or where the score is."""
        if broken.field in self._fields and not isinstance(broken, AskFirst):
            super().reject(broken)
        else:
            self.answers_part.reject(broken)


class MeasureForm(KeyingForm):
    """One form or interview of a patient, with its day and how it was made."""

    taken_on = Day("Date on the form", [Needed("Enter the date.")])
    point = RadioField("Point in the course", default="")
    assessor = text("Assessor", 120, description="Who made the interview: a name or a code")
    blind = RadioField("Assessor blind to the treatment?", choices=offered(BLINDNESS), default="")
    unblinding = text("What told the assessor", 1000, description="If not blind")
    risk_done = RadioField("What was done", choices=offered({"": "Not yet", **DONE}), default="")
    risk_note = words("What was asked, found and done")

    def __init__(
        self,
        instrument: Instrument,
        today: date,
        filled: dict[str, Any] | None = None,
        *,
        starts_here: bool = True,
    ) -> None:
        super().__init__(instrument, {"taken_on": today} | (filled or {}), starts_here=starts_here)
        self.point.choices = offered(POINTS | _named_point(self.point.data))
        if instrument.self_report:
            del self.assessor, self.blind, self.unblinding
        if instrument.suicidality_item is None:
            del self.risk_done, self.risk_note

    def validate_risk_note(self, field: Any) -> None:  # noqa: ANN401 -- WTForms
        """Ask for the words to what was ticked, and drop no words that belong to no answer."""
        if self.risk_done.data and not field.data:
            raise ValidationError("Say in a few words what was asked, found and done.")
        if field.data and not self._calls_for_question():
            raise ValidationError(
                "No answer here calls for it. Note it with the session, and clear it here."
            )

    def _calls_for_question(self) -> bool:
        entry = self.entry()
        answers = entry.answers if entry.by_items else None
        return prompt_for(entry.instrument, answers, entry.not_done is not None) is not None

    def entry(self) -> MeasureEntry:
        """Give what was entered."""
        said = {
            name: self[name].data or None
            for name in ("point", "assessor", "unblinding", "risk_done", "risk_note")
            if name in self
        }
        blind = {YES: True, NO: False}.get(self.blind.data) if "blind" in self else None
        return self.answers_part.entry(self.taken_on.data, blind=blind, **said)


def _named_point(code: str | None) -> dict[str, str]:
    """Offer a follow-up after so many months too, where that is the one meant."""
    return {code: point_words(code)} if code and _MONTHS.fullmatch(code) else {}


@lru_cache
def measure_form(family: str) -> type[MeasureForm]:
    """Make the form for one instrument family."""
    return cast(
        "type[MeasureForm]",
        type("MeasureFormOf", (MeasureForm,), {"answers": FormField(answers_part(family))}),
    )


@lru_cache
def keying_form(family: str) -> type[KeyingForm]:
    """Make the form for the answers of one instrument family alone, without a day or a point."""
    return cast(
        "type[KeyingForm]",
        type("KeyingFormOf", (KeyingForm,), {"answers": FormField(answers_part(family))}),
    )


def prefilled(measure: Any) -> dict[str, Any]:  # noqa: ANN401 -- a row of a table
    """Give what stands in the form of a measure that is there, as `filled` of a form."""
    blind = {True: YES, False: NO}.get(measure.blind, "")
    return {
        "taken_on": measure.taken_on,
        "point": measure.point or "",
        "assessor": measure.assessor,
        "blind": blind,
        "unblinding": measure.unblinding,
        "answers": _answers_of(measure),
    }


def _answers_of(measure: Any) -> dict[str, Any]:  # noqa: ANN401 -- a row of a table
    said = {**(measure.answers or {}), **(measure.beside or {})}
    return {
        "lookback": measure.instrument,
        "total": None if measure.answers else measure.total,
        "not_done": measure.status if measure.status in NOT_DONE else "",
        **{key: _pressed(value) for key, value in said.items()},
    }


def _pressed(value: object) -> str:
    if isinstance(value, bool):
        return YES if value else NO
    return BLANK if value is None else str(value)
