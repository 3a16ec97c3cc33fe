"""The form of a request for contact: one attempt, and how it ended once it has."""

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from ipt_tracker.clinical.missed_visits import ContactOutcome, ContactWay
from ipt_tracker.services.contact_tasks import AttemptEntry
from ipt_tracker.web.change_form import OK, REFUSED
from ipt_tracker.web.fields import OneOf, Version, one_of, options, words
from ipt_tracker.web.forms import Form
from ipt_tracker.web.sessions.fields import NO, YES

OPEN = ""


class ContactForm(Form):
    """An attempt, the end of the request, or both at once.

    `seen` is how many attempts stood there when the page was opened.
    """

    seen = Version()
    way = one_of("How", list(ContactWay))
    reached = OneOf(
        "Was somebody reached?", choices=[SelectChoice(YES, "Yes"), SelectChoice(NO, "No")]
    )
    what = words("Who, and what was said or left")
    outcome = RadioField(
        "How it stands now",
        choices=[SelectChoice(OPEN, "Stays open"), *options(list(ContactOutcome))],
        default=OPEN,
    )
    form_errors: list[str]

    @property
    def http_status(self) -> int:
        """The HTTP status of the page that shows this form."""
        return REFUSED if self.errors else OK

    @property
    def has_attempt(self) -> bool:
        """Whether something was said about an attempt."""
        return bool(self.way.data or self.reached.data or self.what.data)

    def validate_way(self, field: OneOf) -> None:
        """Ask how, unless the request only ends."""
        if not field.data and (self.has_attempt or self.outcome.data == OPEN):
            raise ValidationError("Say how you tried to reach the patient.")

    def validate_reached(self, field: OneOf) -> None:
        """Ask whether it worked."""
        if self.has_attempt and not field.data:
            raise ValidationError("Say whether somebody was reached.")

    def validate_what(self, field: OneOf) -> None:
        """Ask for some words."""
        if self.has_attempt and not field.data:
            raise ValidationError("Say in a few words what happened.")

    def attempt(self) -> AttemptEntry | None:
        """Give the attempt, where one was made."""
        if not self.has_attempt:
            return None
        return AttemptEntry(self.way.data, self.reached.data == YES, self.what.data)
