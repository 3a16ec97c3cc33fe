"""What the forms about a meeting share: its questions, and where they say what is wrong."""

from collections.abc import Iterable
from typing import Any

from ipt_tracker.clinical.rules import AskFirst, RuleBroken
from ipt_tracker.services.group_entries import (
    NAMES_MEANT,
    SECOND_MEETING,
    CancelledEntry,
    RowsRefused,
)
from ipt_tracker.services.session_questions import EVERY_QUESTION
from ipt_tracker.web.change_form import NEWER, ChangeForm
from ipt_tracker.web.fields import Day, Version, words
from ipt_tracker.web.forms import Form, Needed
from ipt_tracker.web.measures.parts import Question
from ipt_tracker.web.sessions.fields import TimeOfDay

NO_NAME = "Yes, no member is meant"
RIGHT_FOR_ALL = "Yes, that is right for everybody whom it concerns"
ANOTHER = "Yes, another one that day"


class RecordForm(ChangeForm):
    """What the forms about a meeting ask alike, and where they say what is wrong."""

    another_that_day = Question(ANOTHER)
    names = Question(NO_NAME)
    for_all = Question(RIGHT_FOR_ALL)
    asks_names = False
    held_on: Any

    @property
    def confirmed(self) -> frozenset[str]:
        """The questions about the group's own record that were answered with yes."""
        ticks = {NAMES_MEANT: self.names, SECOND_MEETING: self.another_that_day}
        return frozenset(key for key, tick in ticks.items() if tick.data)

    def reject(self, broken: RuleBroken) -> None:
        """Put each message beside its field, those about members into their rows."""
        if isinstance(broken, RowsRefused):
            for each in broken.own:
                self.reject(each)
            self.reject_rows(broken)
            return
        self.asks_names |= is_about_names(broken)
        if broken.field in self:
            say(self[broken.field], broken.message)
        elif broken.message not in self.form_errors:
            self.form_errors = [*self.form_errors, broken.message]

    def reject_rows(self, refused: RowsRefused) -> None:
        """Say above the form what is wrong about members; a form with their rows does better."""
        every = [each for broken in refused.rows.values() for each in broken]
        for each in every:
            self.reject(RuleBroken(each.message))
        self.ask_for_all(every)

    def ask_for_all(self, broken: Iterable[RuleBroken]) -> None:
        """Offer one answer where members' records raise questions."""
        if any(isinstance(each, AskFirst) and each.key in EVERY_QUESTION for each in broken):
            say(self.for_all, "Some members' records ask whether that is right.")


class CancelledForm(RecordForm):
    """A meeting that was cancelled for the whole group."""

    slot = Version()
    held_on = Day("Date", [Needed("Enter the date.")])
    starts_at = TimeOfDay("Start")
    cancel_reason = words("Why it was cancelled", Needed("Say why the session was cancelled."))

    def entry(self) -> CancelledEntry:
        """Give what was entered."""
        return CancelledEntry(
            self.held_on.data,
            self.starts_at.data,
            self.cancel_reason.data,
            self.confirmed | (EVERY_QUESTION if self.for_all.data else frozenset[str]()),
        )

    def reject(self, broken: RuleBroken) -> None:
        """Offer an answer also to what a member's record asks when it is moved."""
        super().reject(broken)
        if not isinstance(broken, RowsRefused):
            self.ask_for_all([broken])

    def say_stale(self) -> None:
        """After a conflict, say that there was one."""
        if self.stale:
            self.form_errors = [*self.form_errors, NEWER]


class ErrorForm(ChangeForm):
    """Why a record of the group should not be there."""

    reason = words("What was wrong", Needed("Say what was wrong with it."))
    names = Question(NO_NAME)
    asks_names = False

    def reject(self, broken: RuleBroken) -> None:
        """Put each message beside its field."""
        self.asks_names |= is_about_names(broken)
        super().reject(broken)

    def say_stale(self) -> None:
        """After a conflict, say that there was one."""
        if self.stale:
            self.form_errors = [*self.form_errors, NEWER]


class SignForm(Form):
    """The version of the record that somebody has read and signs."""

    version = Version()


def is_about_names(broken: RuleBroken) -> bool:
    """Say whether a name was found in a text."""
    return isinstance(broken, AskFirst) and broken.key == NAMES_MEANT


def say(field: Any, message: str) -> None:  # noqa: ANN401 -- a field of WTForms
    """Put a message beside a field, once."""
    if message not in field.errors:
        field.errors = [*field.errors, message]
