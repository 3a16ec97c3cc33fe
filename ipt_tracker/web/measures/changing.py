"""The forms that change a measure which is there: each wants a reason."""

from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any, cast

from flask import request
from wtforms import FormField, HiddenField, RadioField
from wtforms.validators import ValidationError

from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.clinical.rules import AskFirst, RuleBroken
from ipt_tracker.services.measure_entries import MeasureEntry
from ipt_tracker.services.safety import DONE, FOUND, asked_directly
from ipt_tracker.web.change_form import CONFLICT, OK, REFUSED
from ipt_tracker.web.fields import OneOf, Version, text, words
from ipt_tracker.web.forms import Form, Needed
from ipt_tracker.web.measures.forms import MeasureForm, answers_part, offered, prefilled
from ipt_tracker.web.measures.parts import Question

NEWER = (
    "Somebody else changed this measure while you had it open, so nothing was saved. What you "
    "typed is still here; what it says by now stands beside the form. Save again to keep yours."
)
Row = Any
"""A row of a table: this room works with rows and does not know the tables."""


class CorrectionForm(MeasureForm):
    """One form as it should have been entered, and why it was not.

    It starts from what is there; what came back from a person is theirs alone, blanks included.
    """

    reason = text("Why it is corrected", 500, Needed("Say why it is corrected."))
    version = Version()
    stale = False

    def __init__(self, measure: Row, instrument: Instrument, today: date) -> None:
        filled = None if request.method == "POST" else prefilled(measure)
        super().__init__(instrument, today, filled, starts_here=False)
        if measure.due_on is not None:
            del self.point  # its place in the plan is not for a correction
        if not self.is_submitted():
            self.version.data = measure.version

    def reject(self, broken: RuleBroken) -> None:
        """Put the message beside its field; what is about the whole form stands above it."""
        if broken.field is None and not isinstance(broken, AskFirst):
            self.form_errors = [*self.form_errors, broken.message]
        else:
            super().reject(broken)

    def entry_of(self, measure: Row) -> MeasureEntry:
        """Give what was entered; a measure of the plan keeps its point."""
        entry = self.entry()
        return entry if "point" in self else replace(entry, point=measure.point)

    @property
    def says_what_was_done(self) -> bool:
        """Whether something was typed about an answer on suicide: it stays in view."""
        return "risk_note" in self and bool(self.risk_note.data or self.risk_done.data)

    @property
    def http_status(self) -> int:
        """The HTTP status of the page that shows this form."""
        if self.stale:
            return CONFLICT
        return REFUSED if self.errors else OK

    def renew(self, version: int) -> None:
        """After a conflict, carry the newer version and say what happened."""
        self.form_errors = [*self.form_errors, NEWER]
        self.version.renew(version)


@lru_cache
def correction_form(family: str) -> type[CorrectionForm]:
    """Make the form for one instrument family."""
    answers = {"answers": FormField(answers_part(family))}
    return cast("type[CorrectionForm]", type("CorrectionFormOf", (CorrectionForm,), answers))


class ReasonForm(Form):
    """Why something is taken back or put back."""

    reason = text("Why", 500, Needed("Say why."))
    form_errors: list[str]


class MoveForm(Form):
    """Whose form it is, and how it came to be filed elsewhere."""

    code = text("Code of the patient it is of", 40, Needed("Enter the code of the patient."))
    reason = text("Why", 500, Needed("Say why."))
    target = Question("Yes, it belongs there")
    asked = HiddenField()
    form_errors: list[str]

    @property
    def confirmed(self) -> frozenset[str]:
        """What was confirmed: where it goes, for the very code that was asked about."""
        same = (self.asked.data or "").casefold() == (self.code.data or "").casefold()
        return frozenset({"target"} if self.target.data and same else ())

    def reject(self, broken: RuleBroken) -> None:
        """Put the message beside its field; a question is about the code that was typed now."""
        super().reject(broken)
        if isinstance(broken, AskFirst):
            self.asked.raw_data, self.asked.data = None, self.code.data
            self.target.data = False


class AskedForm(Form):
    """What was done about an answer on suicide. It asks for no level of risk."""

    risk_done = RadioField("What was done", choices=offered(DONE), validate_choice=False)
    risk_found = OneOf("What came of asking", choices=offered(FOUND))
    risk_note = words("What was asked, found and done", Needed("Say in a few words what was done."))
    form_errors: list[str]

    def validate_risk_done(self, field: RadioField) -> None:
        """Ask for one of the two; neither is chosen beforehand."""
        Needed("Say whether you asked, or to whom you handed it on.")(self, field)

    def validate_risk_found(self, field: OneOf) -> None:
        """Ask what came of it, where somebody asked."""
        if asked_directly(self.risk_done.data) and not field.data:
            raise ValidationError("Say what came of asking.")
