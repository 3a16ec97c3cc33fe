"""What all forms share: the request token, and a rule that was broken put beside its field."""

from typing import Any

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Field, IntegerField
from wtforms.validators import StopValidation

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.web.plain_words import plain


class Form(FlaskForm):
    """A form of this application."""

    def reject(self, broken: RuleBroken) -> None:
        """Put the message of a broken rule beside its field, or above the form."""
        field = self._fields.get(broken.field or "")
        if field is None:
            self.form_errors.append(broken.message)
        else:
            field.errors = [*field.errors, broken.message]

    def take(self, typed: MultiDict[str, str]) -> None:
        """Show what was typed at another time; nothing is checked."""
        self.process(typed)


class WholeNumber(IntegerField):
    """A whole number that may be left empty; what was typed comes back when it is not one."""

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = valuelist[0].strip() if valuelist else ""
        if not typed:
            self.data = None
            return
        try:
            self.data = int(typed)
        except ValueError as error:
            raise ValueError(f"“{typed[:20]}” is not a whole number.") from error


class Needed:
    """Ask for an answer in plain words, also for choices whose first answer is zero."""

    def __init__(self, message: str) -> None:
        self.message = message
        self.field_flags = {"required": True}

    def __call__(self, form: Form, field: Field) -> None:
        del form
        empty = field.data is None or (isinstance(field.data, str) and not field.data.strip())
        if empty:
            already = list(field.errors)
            field.errors = []
            raise StopValidation(already[0] if already else self.message)


def stripped(value: Any) -> Any:  # noqa: ANN401 -- a WTForms filter sees whatever was typed
    """Leave no space around typed text, and no text where nothing was typed or can be seen."""
    if not isinstance(value, str):
        return value
    return plain(value).strip() or None
