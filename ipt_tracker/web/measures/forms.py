"""The forms of a measure: its score by items or by total, and how it was made."""

from datetime import date
from functools import lru_cache
from typing import Any, cast

from wtforms import BooleanField, FormField, RadioField
from wtforms import Form as Part
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from ipt_tracker.clinical.instruments.instrument import Instrument, score_total
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.services.measures import NOT_DONE, Correction, MeasureEntry
from ipt_tracker.web.fields import Day, text
from ipt_tracker.web.forms import Form, Needed, WholeNumber
from ipt_tracker.web.measures.fields import KEYS, AnswerField, FocusFirst, forms_of

POINTS = {
    "": "Not stated",
    "baseline": "Baseline",
    "mid": "Half way",
    "end": "End",
    "follow_up": "Follow-up",
}
BLINDNESS = {"": "Not stated", "yes": "Yes", "no": "No"}


def offered(choices: dict[str, str]) -> list[SelectChoice]:
    """Offer codes under their words."""
    return [SelectChoice(code, label) for code, label in choices.items()]


class AnswersPart(Part):
    """One form of one family: a total, or its items, or why there is neither."""

    forms: tuple[Instrument, ...] = ()
    """The same form over different times; which one is chosen by `lookback`."""

    lookback = RadioField("Time asked about", coerce=str)
    total = WholeNumber("Total")
    not_done = RadioField(
        "If there is no form", choices=offered({"": "Nothing to say", **NOT_DONE}), default=""
    )

    def __init__(self, *args: Any, **more: Any) -> None:  # noqa: ANN401 -- WTForms
        super().__init__(*args, **more)
        self.lookback.choices = [
            SelectChoice(f.key, str(f.lookback).capitalize()) for f in self.forms
        ]
        if self.lookback.data is None:
            self.lookback.data = self.forms[0].key
        self.total.label.text = f"{self.forms[0].name} total"
        self.total.description = f"{self.forms[0].lowest} to {self.forms[0].highest}"

    @property
    def instrument(self) -> Instrument:
        """The form with the time that was asked about."""
        return {each.key: each for each in self.forms}.get(self.lookback.data, self.forms[0])

    @property
    def answer_fields(self) -> tuple[AnswerField, ...]:
        """The fields of the items; none where only a total can be entered."""
        return tuple(f for f in self if isinstance(f, AnswerField))

    @property
    def rows(self) -> tuple[tuple[str, AnswerField, str], ...]:
        """The lines of the keypad: our short label, its field, the cluster it belongs to."""
        clusters = {c.key: f"{c.key} {c.label}" for c in self.forms[0].clusters}
        fields = self.answer_fields
        return tuple((f.item.label, f, clusters.get(f.item.cluster, "")) for f in fields)

    @property
    def keys(self) -> tuple[tuple[str, str], ...]:
        """The words over the keys."""
        return KEYS.get(self.forms[0].family, ())

    @property
    def marked(self) -> int:
        """How many items were answered or said to be blank."""
        return sum(field.data is not None for field in self.answer_fields)

    @property
    def answered(self) -> int:
        """How many items were answered."""
        return sum(field.answer is not None for field in self.answer_fields)

    @property
    def shows_items(self) -> bool:
        """Whether something stands in the items, so that they must not be folded away."""
        return self.marked > 0 or any(field.errors for field in self.answer_fields)

    def validate_total(self, field: WholeNumber) -> None:
        """Refuse a total that the form cannot have."""
        if field.data is None:
            return
        try:
            score_total(self.forms[0], field.data)
        except RuleBroken as broken:
            raise ValidationError(broken.message) from broken

    def reject(self, broken: RuleBroken) -> None:
        """Put the message of a broken rule beside its field, or beside the total."""
        field = self._fields.get(broken.field or "", self.total)
        field.errors = [*field.errors, broken.message]

    def entry(self, taken_on: Any, **more: Any) -> MeasureEntry:  # noqa: ANN401 -- as MeasureEntry
        """Give what was entered; items only where one was answered or said to be blank."""
        fields = self.answer_fields if self.marked else ()
        return MeasureEntry(
            self.instrument,
            taken_on,
            answers={field.item.key: field.answer for field in fields},
            total=self.total.data,
            not_done=self.not_done.data or None,
            **more,
        )


class ItemsPart(AnswersPart):
    """A form that can also be entered item by item."""

    def validate_rest_blank(self, field: BooleanField) -> None:
        """Ask about items that were neither answered nor said to be blank: a slip of the finger."""
        left = len(self.answer_fields) - self.marked
        if not self.answered or not left or field.data:
            return
        items = "1 item has" if left == 1 else f"{left} items have"
        raise ValidationError(
            f"{items} neither an answer nor “–”. Answer them, or tick that they were left blank."
        )


@lru_cache
def answers_part(family: str) -> type[AnswersPart]:
    """Make the part for one instrument family, with its items where they can be entered."""
    forms = forms_of(family)
    if family not in KEYS:
        return cast("type[AnswersPart]", type("TotalOf", (AnswersPart,), {"forms": forms}))
    items = {i.key: AnswerField(number, i) for number, i in enumerate(forms[0].items, start=1)}
    rest = BooleanField("Items without an answer were left blank on the form")
    parts = {"forms": forms, **items, "rest_blank": rest}
    return cast("type[AnswersPart]", type("ItemsOf", (ItemsPart,), parts))


class MeasureForm(Form):
    """One form or interview of a patient, with its day and how it was made."""

    taken_on = Day("Date on the form", [Needed("Enter the date.")])
    point = RadioField("Point in the course", choices=offered(POINTS), default="")
    assessor = text("Assessor", 120, description="Who made the interview: a name or a code")
    blind = RadioField("Assessor blind to the treatment?", choices=offered(BLINDNESS), default="")
    form_errors: list[str]

    def __init__(self, instrument: Instrument, today: date) -> None:
        super().__init__(data={"taken_on": today, "answers": {"lookback": instrument.key}})
        if instrument.self_report:
            del self.assessor, self.blind
        if not self.is_submitted() and self.answers_part.answer_fields:
            self.answers_part.answer_fields[0].option_widget = FocusFirst()

    @property
    def answers_part(self) -> AnswersPart:
        """The score, by items or by total."""
        part: AnswersPart = self["answers"].form
        return part

    def reject(self, broken: RuleBroken) -> None:
        """Put the message beside the date, or where the score is."""
        if broken.field in self._fields:
            super().reject(broken)
        else:
            self.answers_part.reject(broken)

    def entry(self) -> MeasureEntry:
        """Give what was entered."""
        interview = "assessor" in self
        blind = {"yes": True, "no": False}.get(self.blind.data) if interview else None
        return self.answers_part.entry(
            self.taken_on.data,
            point=self.point.data or None,
            assessor=self.assessor.data if interview else None,
            blind=blind,
        )


@lru_cache
def measure_form(family: str) -> type[MeasureForm]:
    """Make the form for one instrument family."""
    return cast(
        "type[MeasureForm]",
        type("MeasureFormOf", (MeasureForm,), {"answers": FormField(answers_part(family))}),
    )


class CorrectionForm(Form):
    """A total as it should have been, and why it was not."""

    total: Any = WholeNumber("Total as it should be", [Needed("Enter the total.")])
    reason = text("Why it is corrected", 500, Needed("Say why the total is corrected."))

    def correction(self) -> Correction:
        """Give what was entered."""
        return Correction(self.total.data, self.reason.data)
