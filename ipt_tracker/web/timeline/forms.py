"""The form of an event: as exact as its day is known, with an end where it lasted."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from ipt_tracker.clinical.course.timeline import (
    BEFORE_BIRTH,
    LONGEST_WHAT,
    EventKind,
    Exactness,
    When,
    when_of,
)
from ipt_tracker.clinical.rules import AskFirst, RuleBroken
from ipt_tracker.services.timeline import EventEntry
from ipt_tracker.web.change_form import ChangeForm
from ipt_tracker.web.fields import one_of, text, words
from ipt_tracker.web.forms import Needed, WholeNumber
from ipt_tracker.web.measures.parts import Question

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
NOBODY = SelectChoice("", "Nobody")


def month_field(label: str) -> SelectField:
    """Make the choice of a month, which may be left open."""
    known = [SelectChoice(str(number), name) for number, name in enumerate(MONTHS, 1)]
    return SelectField(label, choices=[SelectChoice("", "Not known"), *known], default="")


class EventForm(ChangeForm):
    """One event of the timeline. How exact it is follows from what is filled in."""

    before_birth = Question("Yes, keep it on the timeline")
    kind = one_of("What it is", list(EventKind), Needed("Choose what it is."))
    what = text("In a few words", LONGEST_WHAT, Needed("Say in a few words what happened."))
    start_year = WholeNumber("Year", [Needed("Enter at least the year.")])
    start_month = month_field("Month")
    start_day = WholeNumber("Day", description="Empty when not known")
    end_year = WholeNumber("Year it ended", description="Only for what lasted")
    end_month = month_field("Month it ended")
    end_day = WholeNumber("Day it ended")
    effect = words("What it did to symptoms or to a relationship")
    person_id = SelectField("Person", choices=[NOBODY], default="", validate_choice=False)

    def offer(self, people: Iterable[Any]) -> None:
        """Offer the people of the inventory."""
        own = [SelectChoice(str(p.id), self._words(p)) for p in people]
        self.person_id.choices = [NOBODY, *own]

    def entry(self) -> EventEntry:
        """Give what was entered. Raises RuleBroken for a date that there is none of."""
        return EventEntry(
            kind=self.kind.data,
            when=self._when("start"),
            end=self._when("end"),
            what=self.what.data,
            effect=self.effect.data,
            person_id=self._person(),
            confirmed=frozenset({BEFORE_BIRTH} if self.before_birth.data else ()),
        )

    def show(self, event: Any) -> None:  # noqa: ANN401 -- a row of a table
        """Fill in what is known of an event."""
        values: dict[str, object] = {name: getattr(event, name) for name in ("what", "effect")}
        values |= {"kind": event.kind, "person_id": str(event.person_id or "")}
        values |= _parts("start", event.happened_on, event.exactness)
        if event.ended_on:
            values |= _parts("end", event.ended_on, event.exactness)
        self.prepare(event, **values)

    def reject(self, broken: RuleBroken) -> None:
        """Put the message beside its field; a question goes to its own tick."""
        if isinstance(broken, AskFirst):
            broken = RuleBroken(broken.message, broken.key)
        super().reject(broken)

    def _person(self) -> UUID | None:
        """Read who was chosen; whether they are of this course is for the service to say."""
        try:
            return UUID(self.person_id.data) if self.person_id.data else None
        except ValueError as error:
            raise RuleBroken("Choose somebody of this course.", "person_id") from error

    def _when(self, side: str) -> When | None:
        month = self[f"{side}_month"].data
        year, day = self[f"{side}_year"].data, self[f"{side}_day"].data
        return when_of(year, int(month) if month else None, day, side)

    @staticmethod
    def _words(person: Any) -> str:  # noqa: ANN401 -- a row of a table
        return f"{person.name}, {person.relation}" if person.relation else person.name


def _parts(side: str, day: Any, exactness: str) -> dict[str, object]:  # noqa: ANN401 -- a date
    """Give the parts of a stored day, no more of them than are known."""
    known: dict[str, object] = {f"{side}_year": day.year}
    if exactness != Exactness.YEAR:
        known[f"{side}_month"] = str(day.month)
    if exactness == Exactness.DAY:
        known[f"{side}_day"] = day.day
    return known
