"""Forms of a supervision meeting: who was there, what was talked about, and what follows."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from wtforms import FieldList, FormField, HiddenField, SelectMultipleField
from wtforms import Form as Part
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from ipt_tracker.clinical.course.records import Modality
from ipt_tracker.clinical.fidelity.meetings import (
    MeetingSize,
    check_case_minutes,
    check_length,
)
from ipt_tracker.services.supervision.entries import (
    ANOTHER,
    ActionEntry,
    AttendeeEntry,
    CaseEntry,
    MeetingEntry,
)
from ipt_tracker.services.supervision.meeting_page import Offered
from ipt_tracker.web.change_form import ChangeForm
from ipt_tracker.web.fields import Day, drop_down, one_of, options, text, words
from ipt_tracker.web.forms import Form, Needed, WholeNumber
from ipt_tracker.web.measures.fields import Keeps
from ipt_tracker.web.measures.parts import Question

PREFIX = "p_"
FIRST_ROWS, MOST_ROWS = 2, 40
NOBODY = SelectChoice("", "Choose a case")


class WhoForm(Form):
    """Which day it was, and who was there."""

    day = Day("Date", [Needed("Enter the date.")])
    people = SelectMultipleField("Who was there", [Needed("Say who was there.")], name="with")

    def offer(self, people: Mapping[UUID, str]) -> None:
        """Offer whom the actor supervised on the day."""
        self.people.choices = [SelectChoice(str(key), name) for key, name in people.items()]


class CasePart(Part):
    """One course that was talked about."""

    course = drop_down("Case", [NOBODY])
    minutes = WholeNumber("Minutes", [Keeps(check_case_minutes)])
    remark = words("Remark")

    def validate_course(self, field: Any) -> None:  # noqa: ANN401 -- WTForms
        """Ask which case a remark is about."""
        if not field.data and (self.remark.data or self.minutes.data is not None):
            raise ValidationError("Choose the case.")

    @property
    def entry(self) -> CaseEntry | None:
        """What was entered; None for an empty row."""
        if not self.course.data:
            return None
        return CaseEntry(UUID(self.course.data), self.minutes.data, self.remark.data)


class ActionPart(Part):
    """One thing that the supervisee is to do."""

    what = text("What is to be done", 1000)
    due_on = Day("By")

    def validate_what(self, field: Any) -> None:  # noqa: ANN401 -- WTForms
        """Ask what is due on a day."""
        if not field.data and self.due_on.data is not None:
            raise ValidationError("Say what is to be done by that day.")

    @property
    def entry(self) -> ActionEntry | None:
        """What was entered; None for an empty row."""
        return ActionEntry(self.what.data, self.due_on.data) if self.what.data else None


class PersonPart(Part):
    """What is one supervisee's alone: their cases, the feedback for them, their actions."""

    cases = FieldList(FormField(CasePart), max_entries=MOST_ROWS)
    feedback = words("Feedback")
    actions = FieldList(FormField(ActionPart), max_entries=MOST_ROWS)
    therapist_id: UUID
    title = ""

    def make_room(self, *, more: bool) -> None:
        """Have empty rows to write in: two at first, two more on demand."""
        for rows in (self.cases, self.actions):
            while len(rows.entries) < FIRST_ROWS or (more and _room(rows) < FIRST_ROWS):
                rows.append_entry()

    def offer(self, courses: Iterable[Any]) -> None:
        """Offer the courses of this supervisee."""
        mine = [SelectChoice(str(c.id), _label(c)) for c in courses]
        for row in self.cases:
            row.form.course.choices = [NOBODY, *mine]

    def name_rows(self) -> None:
        """Let each row say to the ear whose it is."""
        for place, row in enumerate(self.cases, start=1):
            row.form.course.label.text = f"Case {place}"
        for place, row in enumerate(self.actions, start=1):
            row.form.what.label.text = f"Action {place}"

    @property
    def entry(self) -> AttendeeEntry:
        """What was entered about this supervisee."""
        cases = (row.form.entry for row in self.cases)
        actions = (row.form.entry for row in self.actions)
        return AttendeeEntry(
            self.therapist_id,
            self.feedback.data,
            tuple(each for each in cases if each),
            tuple(each for each in actions if each),
        )


class MeetingForm(ChangeForm):
    """One meeting; the parts of the supervisees are added for who was there."""

    present = HiddenField(name="with")
    held_on = Day("Date", [Needed("Enter the date.")])
    minutes = WholeNumber("Minutes", [Needed("Give the length."), Keeps(check_length)])
    form = one_of("Form", list(MeetingSize), Needed("Say which."))
    modality = drop_down("Setting", [SelectChoice("", "Not stated"), *options(list(Modality))])
    remark = words("Remark")
    another_that_day = Question("Yes, another one that day")
    people: tuple[UUID, ...] = ()

    @property
    def parts(self) -> list[Any]:
        """The parts of the supervisees, in order of name."""
        return [self[part_name(each)].form for each in self.people]

    def entry(self) -> MeetingEntry:
        """Give what was entered."""
        return MeetingEntry(
            held_on=self.held_on.data,
            minutes=self.minutes.data,
            form=self.form.data,
            modality=self.modality.data or None,
            remark=self.remark.data,
            people=tuple(part.entry for part in self.parts),
            confirmed=frozenset({ANOTHER} if self.another_that_day.data else ()),
        )


class ChangedMeetingForm(MeetingForm):
    """A meeting that is recorded anew, with the reason."""

    reason = text("Why the record is changed", 500, Needed("Say why the record is changed."))


class StrikeForm(ChangeForm):
    """Why a meeting was entered in error."""

    reason = text("Why it is struck", 500, Needed("Say why the record is struck."))


class DoneForm(Form):
    """What a supervisee says of an action that is done."""

    done_remark = words("Remark")


class PeriodForm(Form):
    """The time looked at."""

    first = Day("From", name="from")
    last = Day("Until", name="until")


def meeting_form(
    kind: type[MeetingForm], found: Offered, own: Mapping[str, Any], *, more: bool = False
) -> MeetingForm:
    """Make the form of a meeting with these supervisees; `own` fills in one nobody has typed in."""
    fields = {part_name(each): FormField(PersonPart) for each in found.people}
    made = type("MeetingFormOfDay", (kind,), {**fields, "people": tuple(found.people)})(data=own)
    made.present.data = " ".join(str(each) for each in found.people)
    for key, name in found.people.items():
        part = made[part_name(key)].form
        part.therapist_id, part.title = key, name
        part.make_room(more=more)
        part.offer(course for course in found.courses if course.therapist_id == key)
        part.name_rows()
    result: MeetingForm = made
    return result


def part_name(therapist_id: UUID) -> str:
    """Name the part of one supervisee."""
    return f"{PREFIX}{therapist_id.hex}"


def filled_from(meeting: Any) -> dict[str, Any]:  # noqa: ANN401 -- a row of a table
    """Give what stands in a record, for the form that changes it."""
    own = ("held_on", "minutes", "form", "remark")
    said = {name: getattr(meeting, name) for name in own} | {"modality": meeting.modality or ""}
    for person in meeting.attendees:
        mine = person.therapist_id
        said[part_name(mine)] = {
            "feedback": person.feedback,
            "cases": [_case(row) for row in meeting.cases if row.therapist_id == mine],
            "actions": [_action(row) for row in meeting.actions if row.therapist_id == mine],
        }
    return said


def usual(people: int, day: date) -> dict[str, Any]:
    """Give what stands in the form of a new meeting."""
    form = MeetingSize.INDIVIDUAL if people == 1 else MeetingSize.GROUP
    return {"held_on": day, "form": form.value}


def _case(row: Any) -> dict[str, Any]:  # noqa: ANN401 -- a row of a table
    return {"course": str(row.course_id), "minutes": row.minutes, "remark": row.remark}


def _action(row: Any) -> dict[str, Any]:  # noqa: ANN401 -- a row of a table
    return {"what": row.text, "due_on": row.due_on}


def _room(rows: Any) -> int:  # noqa: ANN401 -- WTForms
    """Count the empty rows at the end."""
    empty = 0
    for row in reversed(rows.entries):
        if row.form.entry is not None:
            break
        empty += 1
    return empty


def _label(course: Any) -> str:  # noqa: ANN401 -- a row of a query
    return f"{course.code}, {course.name}" if course.name else str(course.code)
