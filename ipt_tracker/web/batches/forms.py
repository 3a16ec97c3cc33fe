"""The forms of reports of a caseload: what is asked for, and going on without a word typed."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from wtforms import BooleanField, SelectMultipleField
from wtforms.fields.choices import SelectChoice

from ipt_tracker.persistence.queries.report_batches import Choice
from ipt_tracker.services.report_batches.asking import NONE_CHOSEN, Wanted
from ipt_tracker.services.report_batches.batches import Kind
from ipt_tracker.web.fields import OneOf, text
from ipt_tracker.web.forms import Form, Needed

ALL, CHOSEN = "all", "chosen"
OK, REFUSED = 200, 422
LONGEST_REASON = 200
FIRST = {"kind": Kind.PROGRESS.value, "which": ALL}
"""What stands chosen on a form that nobody has filled in."""


class AskForm(Form):
    """Which courses, which kind of report, and why."""

    kind = OneOf(
        "What",
        [Needed("Choose what is made.")],
        choices=[
            SelectChoice(Kind.PROGRESS.value, "Progress report"),
            SelectChoice(Kind.LETTER.value, "Letter to the patient"),
        ],
    )
    disguised = BooleanField(
        "Without names",
        description="Codes of their own for the patients, dates shifted, no free text. "
        "For progress reports.",
    )
    which = OneOf(
        "Courses",
        [Needed("Choose which courses.")],
        choices=[
            SelectChoice(ALL, "All open courses"),
            SelectChoice(CHOSEN, "Those ticked below"),
        ],
    )
    courses = SelectMultipleField("Which", choices=[])
    reason = text(
        "Reason",
        LONGEST_REASON,
        Needed("Say why these reports are needed."),
        description="It stands in the audit. No clinical content, no names.",
    )

    def offer(self, choices: Iterable[Choice]) -> None:
        """Offer the courses that the person may report on."""
        self.courses.choices = [
            SelectChoice(str(each.course_id), _called(each)) for each in choices
        ]

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 -- as WTForms has it
        """Ask for a course when none is ticked and those ticked are meant."""
        good = bool(super().validate(extra_validators))
        if self.which.data == CHOSEN and not self.courses.data:
            self.courses.errors = [*self.courses.errors, NONE_CHOSEN]
            good = False
        return good

    def wanted(self) -> Wanted:
        """Give what is asked for."""
        ticked = frozenset(UUID(each) for each in self.courses.data or ())
        chosen = ticked if self.which.data == CHOSEN else None
        return Wanted(Kind(self.kind.data), self.disguised.data, self.reason.data or "", chosen)

    @property
    def http_status(self) -> int:
        """The HTTP status of the page that shows this form."""
        return REFUSED if self.errors else OK


class PressForm(Form):
    """A button and the request token, nothing else."""


def _called(choice: Choice) -> str:
    words = f"{choice.code}, {choice.name}" if choice.name else choice.code
    return words if choice.is_open else f"{words} (ended)"
