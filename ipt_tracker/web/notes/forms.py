"""The forms of a note: sign it, judge it, add to it; and the form of a process note."""

from typing import Any

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from ipt_tracker.services.process_notes import ProcessEntry
from ipt_tracker.web.change_form import ChangeForm
from ipt_tracker.web.fields import OneOf, Version, drop_down, words
from ipt_tracker.web.forms import Form, Needed

READ_AGAIN = (
    "This note was changed while you had it open, so nothing was kept. It stands here as it is "
    "now. Read it again."
)
APPROVE, REQUEST, SEEN = "approve", "request", "seen"
NO_SESSION = "none"


class ReadForm(ChangeForm):
    """A form that stands under a note which the person has read: it carries its version."""

    version = Version(validators=[Needed("Open the note again, then send this.")])

    def show(self, record: Any) -> None:  # noqa: ANN401 -- a row of a table
        """Carry the version that is on the page; after a conflict, ask to read it again."""
        if self.stale:
            self.form_errors = [*self.form_errors, READ_AGAIN]
        self.version.renew(record.version)


class SignForm(ReadForm):
    """The signature: nothing to fill in."""


class SeenForm(ReadForm):
    """The supervisor has seen what was changed after co-signing."""


class CosignForm(ReadForm):
    """A supervisor's decision about a note that waits."""

    decision = OneOf(
        "Your decision",
        [Needed("Choose one.")],
        choices=[
            SelectChoice(APPROVE, "Approve and co-sign"),
            SelectChoice(REQUEST, "Request changes"),
        ],
    )
    comment = words("What shall be changed")


class AddendumForm(Form):
    """New information to a signed note."""

    text = words("What is added", Needed("Write what is to be added."))
    reason = words("Why it is added now", Needed("Say why it is added now."))


class ProcessForm(Form):
    """A process note: words, and the session that they are about."""

    edition = Version()
    slot: SelectField = drop_down("About", [])
    text = words("Process note")
    stale = False
    form_errors: list[str]

    def offer(self, titles: list[tuple[int, str]]) -> None:
        """Offer the sessions of the course, newest first."""
        self.slot.choices = [
            SelectChoice(NO_SESSION, "The course as a whole"),
            *(SelectChoice(str(slot), title) for slot, title in titles),
        ]

    def entry(self) -> ProcessEntry:
        """Give what was entered."""
        about = self.slot.data or NO_SESSION
        return ProcessEntry(self.text.data, None if about == NO_SESSION else int(about))
