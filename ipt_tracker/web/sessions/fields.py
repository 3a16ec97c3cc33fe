"""Fields of the session form."""

from collections.abc import Iterable
from typing import Any

from wtforms import RadioField, TimeField
from wtforms.fields.choices import SelectChoice

from ipt_tracker.clinical.course.codes import Code, label_of


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
