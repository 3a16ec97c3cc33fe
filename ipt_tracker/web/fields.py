"""Fields that more than one form uses, with checks and messages in plain words."""

from typing import Any

from wtforms import DateField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length
from wtforms.widgets import HiddenInput

from ipt_tracker.clinical.course.codes import Code
from ipt_tracker.web.forms import stripped


class Day(DateField):  # type: ignore[misc]  # -- WTForms brings no types
    """A date that may be left empty."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist or not valuelist[0].strip():
            self.data = None
            return
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            typed = valuelist[0].strip()[:20]
            raise ValueError(f"“{typed}” is not a date. Write it like 2025-04-07.") from error


class Version(IntegerField):  # type: ignore[misc]  # -- WTForms brings no types
    """The number of the record's version that a form was filled in for."""

    widget = HiddenInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = valuelist[0].strip() if valuelist else ""
        self.data = int(typed) if typed.isdecimal() else None

    def renew(self, version: int) -> None:
        """Carry this version from now on."""
        self.raw_data, self.data = None, version


class OneOf(RadioField):  # type: ignore[misc]  # -- WTForms brings no types
    """A choice of one, which may be left open: whether it may be is for the checks to say."""

    data: Any

    def pre_validate(self, form: Any) -> None:  # noqa: ANN401 -- WTForms
        if self.data is not None:
            super().pre_validate(form)


def at_most(number: int) -> Length:
    """Refuse more characters than there is room for."""
    return Length(max=number, message=f"There is room for {number} characters here.")


def text(label: str, longest: int, *checks: Any, **more: Any) -> StringField:  # noqa: ANN401 -- WTForms
    """Make a field for one line of text."""
    return StringField(label, [*checks, at_most(longest)], filters=[stripped], **more)


def words(label: str, *checks: Any, **more: Any) -> TextAreaField:  # noqa: ANN401 -- WTForms
    """Make a field for some sentences."""
    return TextAreaField(label, [*checks, at_most(10_000)], filters=[stripped], **more)


def one_of(label: str, codes: list[Code], *checks: Any, **more: Any) -> OneOf:  # noqa: ANN401 -- WTForms
    """Make a choice of one code of a closed set."""
    return OneOf(label, [*checks], choices=options(codes), **more)


def drop_down(label: str, choices: list[SelectChoice], *checks: Any, **more: Any) -> SelectField:  # noqa: ANN401 -- WTForms
    """Make a choice of one from a longer list."""
    return SelectField(label, [*checks], choices=choices, **more)


def options(codes: list[Code]) -> list[SelectChoice]:
    """Offer codes under their labels."""
    return [SelectChoice(code.value, code.label) for code in codes]
