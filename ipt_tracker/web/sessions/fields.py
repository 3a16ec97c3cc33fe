"""Fields of the session form."""

from collections.abc import Iterable
from typing import Any

from wtforms import FormField, RadioField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.utils import unset_value

from ipt_tracker.clinical.course.codes import Code, label_of
from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.web.measures.parts import answers_part


class TimeOfDay(TimeField):  # type: ignore[misc]  # -- WTForms brings no types
    """A time of day that may be left empty."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = valuelist[0].strip() if valuelist else ""
        if not typed:
            self.data = None
            return
        try:
            super().process_formdata([typed[:5]])  # some browsers add the seconds
        except ValueError as error:
            raise ValueError(f"“{typed[:20]}” is not a time. Write it like 14:30.") from error


class MeasurePart(FormField):  # type: ignore[misc]  # -- WTForms brings no types
    """The answers of one form: of the family of the instrument that its data names."""

    def process(self, formdata: Any, data: Any = unset_value, **more: Any) -> None:  # noqa: ANN401 -- WTForms
        if isinstance(data, dict) and "lookback" in data:
            self.form_class = answers_part(INSTRUMENTS[data["lookback"]].family)
        super().process(formdata, data, **more)


YES, NO = "yes", "no"


def yes_or_no(question: Code) -> RadioField:
    """Make a question that is answered with yes, no, or not at all."""
    offered = [SelectChoice(YES, "Yes"), SelectChoice(NO, "No"), SelectChoice("", "Not answered")]
    return RadioField(question.label, choices=offered, default="")


def with_own(codes: Iterable[Code], kind: type[Code], own: str | None) -> list[SelectChoice]:
    """Offer codes, and the record's own where a file brought one that is not among them."""
    offered = list(codes)
    made = [SelectChoice(code.value, code.label) for code in offered]
    if own and own not in offered:
        made.append(SelectChoice(own, label_of(kind, own)))
    return made
