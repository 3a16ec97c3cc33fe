"""The forms of emergency access: whose record and why, and single buttons."""

from ipt_tracker.services.emergency.opening import SHORTEST_REASON, EmergencyEntry
from ipt_tracker.web.change_form import OK, REFUSED
from ipt_tracker.web.fields import text, words
from ipt_tracker.web.forms import Form, Needed


class EmergencyForm(Form):
    """Whose record is to be opened, and why it cannot wait."""

    form_errors: list[str]
    code = text(
        "Clinic code",
        40,
        Needed("Enter the clinic code."),
        description="As it stands on the file. There is no search here",
    )
    reason = words(
        "Why it cannot wait",
        Needed("Say why it cannot wait."),
        description=f"{SHORTEST_REASON} characters or more. The patient’s supervisor reads it",
    )

    @property
    def http_status(self) -> int:
        """The HTTP status of the page that shows this form."""
        return REFUSED if self.errors else OK

    def entry(self) -> EmergencyEntry:
        """Give what was entered."""
        return EmergencyEntry(self.code.data, self.reason.data)


class PressForm(Form):
    """One button and nothing to fill in."""
