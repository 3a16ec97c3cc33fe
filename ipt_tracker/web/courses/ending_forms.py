"""The forms with which a course leaves its therapist: handed over, ended, and both taken back."""

from collections.abc import Iterable
from uuid import UUID

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from ipt_tracker.clinical.course.records import CourseStatus, Disposition
from ipt_tracker.clinical.rules import AskFirst, RuleBroken
from ipt_tracker.services.endings import NOTHING_HELD, EndEntry
from ipt_tracker.web.change_form import ChangeForm
from ipt_tracker.web.fields import Day, drop_down, one_of, options, text, words
from ipt_tracker.web.forms import Needed
from ipt_tracker.web.measures.parts import Question


class TransferForm(ChangeForm):
    """A course handed to another therapist; `arranged`: to whom and when it already is."""

    arranged = ""
    therapist = SelectField(
        "To", [Needed("Choose a therapist.")], choices=[], validate_choice=False
    )
    day = Day("From", [Needed("Enter the day.")], description="Today or later")
    reason = words("Why it is handed over", Needed("Say why the course is handed over."))

    def offer(self, people: Iterable[tuple[UUID, str]]) -> None:
        """Offer the therapists of the clinic."""
        named = [SelectChoice(str(account_id), name) for account_id, name in people]
        self.therapist.choices = [SelectChoice("", "Choose"), *named]

    def therapist_id(self) -> UUID | None:
        """Give the therapist chosen; None for anything that is no id."""
        try:
            return UUID(self.therapist.data)
        except ValueError:
            return None


class TakeBackForm(ChangeForm):
    """A hand-over that was arranged and is not to take place."""

    reason = words("Why it is taken back", Needed("Say why the hand-over is taken back."))


class ReopenForm(ChangeForm):
    """A course that ended and goes on."""

    reason = words("Why the course goes on", Needed("Say why the course goes on."))


ENDINGS = [s for s in CourseStatus if s is not CourseStatus.ACTIVE]


class EndForm(ChangeForm):
    """How a course ended. `falls_short`: its scores have not reliably improved."""

    falls_short = False
    nothing_held = Question(NOTHING_HELD)
    ended_on = Day("Last day", [Needed("Enter the day.")])
    status = one_of("How it ended", list(ENDINGS), Needed("Choose how the course ended."))
    disposition = drop_down(
        "What was decided",
        [SelectChoice("", "Choose"), *options(list(Disposition))],
        Needed("Choose what was decided."),
    )
    destination = text(
        "Which treatment or service goes on",
        300,
        description="Needed after “sequenced”, “referred” and “transferred”",
    )
    reason = words("Reason")

    def reject(self, broken: RuleBroken) -> None:
        """Put a question beside its tick, which then says what is confirmed by it."""
        if isinstance(broken, AskFirst):
            self.nothing_held.label.text = "No session was held, and it is completed all the same"
            broken = RuleBroken(broken.message, "nothing_held")
        super().reject(broken)

    def ending(self) -> EndEntry:
        """Give what was entered."""
        return EndEntry(
            self.ended_on.data,
            self.status.data,
            self.disposition.data,
            self.reason.data,
            self.destination.data,
            frozenset({NOTHING_HELD} if self.nothing_held.data else ()),
        )
