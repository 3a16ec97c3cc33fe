"""The forms of an assessment: asking for it, making it, declining it, taking it back."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any, cast
from uuid import UUID

from wtforms import FormField
from wtforms.fields.choices import SelectChoice

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.clinical.rules import AskFirst, RuleBroken
from ipt_tracker.services.assessments.requests import RequestEntry
from ipt_tracker.web.change_form import CONFLICT, OK, REFUSED
from ipt_tracker.web.fields import Day, Version, drop_down, text
from ipt_tracker.web.forms import Form, Needed
from ipt_tracker.web.measures.forms import MeasureForm, answers_part, prefilled

OF_A_CLINICIAN = ("point", "assessor", "blind", "risk_done", "risk_note")
"""Fields of a form of one's own patient that an assessor is not asked for."""
NEWER = "This form was changed meanwhile, so nothing was saved. Save again to keep what you typed."


class AskForm(Form):
    """Who shall assess, with which form, until when."""

    form_errors: list[str]
    assessor = drop_down("Assessor", [], Needed("Choose an assessor."), validate_choice=False)
    instrument = drop_down(
        "Form or interview", [], Needed("Choose a form or an interview."), validate_choice=False
    )
    due_on = Day("Due", description="May stay empty")
    note = text(
        "Note for the assessor",
        300,
        description="Where and how to reach the patient. Nothing of the treatment, its phase, "
        "how far it is, or earlier scores: that would unblind",
    )

    @property
    def http_status(self) -> int:
        """The HTTP status of the page that shows this form."""
        return REFUSED if self.errors else OK

    def offer(self, people: Iterable[tuple[UUID, str]]) -> None:
        """Offer the assessors of the clinic, and every instrument."""
        known = [SelectChoice(str(person), name) for person, name in people]
        self.assessor.choices = [SelectChoice("", "Choose"), *known]
        forms = [SelectChoice(key, one.version) for key, one in INSTRUMENTS.items()]
        self.instrument.choices = [SelectChoice("", "Choose"), *forms]

    def entry(self) -> RequestEntry:
        """Give what was entered."""
        return RequestEntry(
            _id(self.assessor.data), self.instrument.data, self.due_on.data, self.note.data
        )


def _id(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


class WhyForm(Form):
    """Why something that was asked for will not be done."""

    form_errors: list[str]
    why = text("Why", 300, Needed("Say why."))

    @property
    def http_status(self) -> int:
        """The HTTP status of the page that shows this form."""
        return REFUSED if self.errors else OK


class AssessmentForm(MeasureForm):
    """One form or interview as a blinded assessor enters it: the answers, the day, no more."""

    unblinding = text(
        "What told you of the treatment",
        1000,
        description="Empty if nothing did. What you write here marks the rating as not blind",
    )
    version = Version()
    stale = False

    def __init__(self, instrument: Instrument, today: date, filled: dict[str, Any] | None) -> None:
        super().__init__(instrument, today, filled)
        for name in OF_A_CLINICIAN:
            if name in self:
                del self[name]

    @property
    def http_status(self) -> int:
        """The HTTP status of the page that shows this form."""
        if self.stale:
            return CONFLICT
        return REFUSED if self.errors else OK

    def reject(self, broken: RuleBroken) -> None:
        """Put the message beside its field; what is about the whole form stands above it."""
        if broken.field is None and not isinstance(broken, AskFirst):
            self.form_errors = [*self.form_errors, broken.message]
        else:
            super().reject(broken)

    def reject_as_stale(self) -> None:
        """Say that the form was changed meanwhile."""
        self.stale = True
        self.form_errors = [*self.form_errors, NEWER]


@lru_cache
def _form_of(family: str) -> type[AssessmentForm]:
    return cast(
        "type[AssessmentForm]",
        type("AssessmentFormOf", (AssessmentForm,), {"answers": FormField(answers_part(family))}),
    )


def assessment_form(instrument: Instrument, today: date) -> AssessmentForm:
    """Make the form for what was asked."""
    return _form_of(instrument.family)(instrument, today, None)


def correction_form(instrument: Instrument, today: date, measure: Any) -> AssessmentForm:  # noqa: ANN401 -- a row of a table
    """Make the form with what was entered before."""
    form = _form_of(instrument.family)(instrument, today, prefilled(measure))
    if not form.is_submitted():
        form.version.data = measure.version
    return form
