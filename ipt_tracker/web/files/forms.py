"""The form of a course that is taken out: which file, and why."""

from enum import StrEnum

from wtforms.fields.choices import SelectChoice

from ipt_tracker.services.fhir_export import LONGEST_REASON
from ipt_tracker.web.fields import OneOf, text
from ipt_tracker.web.forms import Form, Needed

OK, REFUSED = 200, 422


class Whole(StrEnum):
    """A file that holds a whole course."""

    COURSE = "course"
    FHIR = "fhir"
    FHIR_WITHOUT_NAMES = "fhir_without_names"


LABELS = {
    Whole.COURSE: "Whole record, JSON",
    Whole.FHIR: "FHIR, with the name",
    Whole.FHIR_WITHOUT_NAMES: "FHIR, without names",
}


class TakeForm(Form):
    """Which file of the course is taken, and the reason."""

    file = OneOf(
        "File",
        [Needed("Choose a file.")],
        choices=[SelectChoice(kind.value, label) for kind, label in LABELS.items()],
    )
    reason = text(
        "Reason",
        LONGEST_REASON,
        Needed("Say why the file is needed."),
        description="It stands in the audit. No names, no clinical content.",
    )

    @property
    def http_status(self) -> int:
        """The HTTP status of the page that shows this form."""
        return REFUSED if self.errors else OK
