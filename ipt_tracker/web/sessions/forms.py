"""The session form: one page, so that a routine session takes a minute and a half."""

from dataclasses import fields
from typing import Any

from wtforms import RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from ipt_tracker.clinical.course.attendance import took_place
from ipt_tracker.clinical.course.focal_areas import DISPUTE
from ipt_tracker.clinical.course.session_rules import (
    BEST_MOOD,
    check_date,
    check_minutes,
    check_minutes_late,
    check_mood,
)
from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.instruments.instrument import score_total
from ipt_tracker.clinical.rules import AskFirst, RuleBroken
from ipt_tracker.clinical.suicide_screen import Question as Screen
from ipt_tracker.services.appointments import AppointmentEntry
from ipt_tracker.services.measures import MeasureEntry
from ipt_tracker.services.session_questions import EVERY_QUESTION
from ipt_tracker.services.session_start import SessionStart
from ipt_tracker.services.sessions import Attached, MedicationEntry, RiskEntry, SessionEntry
from ipt_tracker.web.change_form import CONFLICT, OK, REFUSED
from ipt_tracker.web.fields import Day, OneOf, Version, text, words
from ipt_tracker.web.forms import Form, Needed, WholeNumber
from ipt_tracker.web.measures.fields import FocusFirst, Keeps
from ipt_tracker.web.measures.parts import DUPLICATE, AnswersPart, Question
from ipt_tracker.web.merging import SettledMeta
from ipt_tracker.web.sessions.choices import OTHER, fill_choices
from ipt_tracker.web.sessions.fields import MeasurePart, TimeOfDay, yes_or_no
from ipt_tracker.web.sessions.risk_answers import RiskAnswers

FIELD_OF_RULE = {"duration_min": "duration_minutes", "screen": "q1"}
"""Where the rules and the form have different names for one thing."""
OTHER_FORM_NOW = "The first measure of this form is now the {}. Enter its score, or none."
MEDICATION = tuple(f.name for f in fields(MedicationEntry))
MIRRORED = {
    *(f.name for entry in (SessionEntry, RiskEntry, MedicationEntry) for f in fields(entry)),
    *("other_attendance", "risk", "risk_detail", *map(str, Screen)),
}
"""The fields that a stored slot has too; measures and appointments are added, never changed."""


class SessionForm(RiskAnswers, Form):
    """Everything about one slot. Fields are named as the columns are, in the order of the page."""

    class Meta(SettledMeta):
        """Read what was chosen between two versions."""

    slot = Version()
    version = Version()
    held_on = Day("Date", [Needed("Enter the date.")])
    starts_at = TimeOfDay("Start")
    duration_minutes = WholeNumber("Minutes", [Keeps(check_minutes)])
    modality = SelectField("Setting")
    patient_location = text("Where the patient is", 200)
    attendance = RadioField("Attendance")
    other_attendance = SelectField("What became of it")
    minutes_late = WholeNumber("Minutes late", [Keeps(check_minutes_late)])
    kind = SelectField("Kind")
    number = WholeNumber("Number", description="Empty: the next one of its kind")
    mood = OneOf(
        "Mood, 0 worst to 10 best",
        validators=[Keeps(check_mood)],
        coerce=int,
        choices=[SelectChoice(str(n), str(n)) for n in range(BEST_MOOD + 1)],
    )
    out_of_order = Question("Yes, the date is right")
    second_that_day = Question("Yes, a second one on that day")
    still_to_come = Question("Yes, it has taken place")
    after_the_end = Question("Yes, after the end of the course")
    past_the_plan = Question("Log it beyond the contract")
    by_hand = Question("Yes, this group session is kept here alone")
    names = Question("Yes, no other member is meant")
    linked_event = text("Event tied to it", 1000)
    focal_area = RadioField("Focal area worked on")
    dispute_stage = RadioField("Stage of the dispute")
    tasks = SelectMultipleField("Tasks")
    techniques = SelectMultipleField("Techniques")
    phase = SelectField("Phase")
    phase_reason = text("Why this phase", 1000)
    measure = MeasurePart(AnswersPart)
    other_instrument = SelectField("Instrument", default="")
    other_total = WholeNumber("Its total")
    other_duplicate = Question(DUPLICATE)
    risk = OneOf("Was risk asked about?")
    risk_detail = words("What was asked, found and done")
    q1, q2, q3, q4, q5, q6_lifetime, q6_3_months = map(yes_or_no, Screen)
    override_band = SelectField("Your own band", default="")
    override_reason = text("Why another band", 500)
    action = text("What was done", 1000)
    told_who = text("Who was told", 200)
    told_on = Day("Told on")
    supervisor_told_on = Day("Supervisor told on")
    plan = text("Plan for next time", 2000)
    note = words("Note")
    homework = text("Homework", 1000)
    drug = text("Medicine", 200)
    change = SelectField("What changed", default="")
    dose = text("Dose now", 120)
    changed_by = text("Changed by", 200)
    changed_on = Day("Changed on")
    next_on = Day("Next appointment")
    next_at = TimeOfDay("At")
    form_errors: list[str]
    stale = False
    """Whether somebody else changed the record meanwhile."""

    def __init__(self, start: SessionStart, **data: Any) -> None:  # noqa: ANN401 -- WTForms
        usual = {"measure": {"lookback": start.main_form}, "other_instrument": start.other_form}
        super().__init__(data=usual | data)
        self.start = start
        fill_choices(self, start, data)
        if not self.is_submitted():
            self.mood.option_widget = FocusFirst()

    @property
    def status(self) -> int:
        """The HTTP status of the page that shows this form."""
        if self.stale:
            return CONFLICT
        return REFUSED if self.errors else OK

    @property
    def measure_part(self) -> AnswersPart:
        """The form that this course has at its sessions."""
        part: AnswersPart = self["measure"].form
        return part

    def take(self, typed: Any) -> None:  # noqa: ANN401 -- what the browser sent
        """Show what was typed at another time; not a score that belongs to another form."""
        super().take(typed)
        if self._is_of_another_form():
            self["measure"].process(None, {"lookback": self.start.main_form})

    def _is_of_another_form(self) -> bool:
        part = self.measure_part
        return part.lookback.data not in {each.key for each in part.forms}

    @property
    def attended(self) -> str:
        """What became of the appointment."""
        chosen = self.other_attendance if self.attendance.data == OTHER else self.attendance
        return chosen.data or OTHER

    @property
    def held(self) -> bool:
        """Whether the session took place."""
        return took_place(self.attended)

    def validate_held_on(self, field: Day) -> None:
        """Refuse a day outside the course."""
        began, today = self.start.facts.course.started_on, self.start.today
        Keeps(lambda held_on: check_date(held_on, began, today))(self, field)

    def validate_other_attendance(self, field: SelectField) -> None:
        """Ask what “Other” means."""
        if self.attendance.data == OTHER and not field.data:
            raise ValidationError("Say what became of the appointment.")

    def validate_other_total(self, field: WholeNumber) -> None:
        """Ask for both halves, and refuse a total that the form cannot have."""
        named = INSTRUMENTS.get(self.other_instrument.data)
        if named is None and field.data is not None:
            raise ValidationError("Say which instrument this is the total of.")
        if named is None:
            return
        chosen_here = named.key != self.start.other_form
        if chosen_here and field.data is None and not field.errors:
            raise ValidationError(f"Enter the total of the {named.name}, or choose no instrument.")
        Keeps(lambda total: score_total(named, total))(self, field)

    def validate_next_at(self, field: TimeOfDay) -> None:
        """Ask for the day of a time."""
        if field.data is not None and self.next_on.data is None and not self.next_on.errors:
            raise ValidationError("Enter the day, or clear the time.")

    def validate_drug(self, field: Any) -> None:  # noqa: ANN401 -- WTForms
        """Ask for the medicine where something else about it was entered."""
        if not field.data and any(self[name].data for name in MEDICATION):
            raise ValidationError("Name the medicine.")

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 -- WTForms
        """Check every answer at once, so that nothing has to be mended twice."""
        good: bool = super().validate(extra_validators)
        if self._is_of_another_form():
            name = self.measure_part.forms[0].name
            self.measure_part.lookback.errors = [OTHER_FORM_NOW.format(name)]
        return self.risk_is_said() and good

    def reject(self, broken: RuleBroken) -> None:
        """Put the message of a broken rule beside its field, a measure's too."""
        if isinstance(broken, AskFirst) and broken.key in EVERY_QUESTION:
            super().reject(RuleBroken(broken.message, broken.key))
            return
        key, _, part = (broken.field or "").partition(".")
        if key not in INSTRUMENTS:
            super().reject(RuleBroken(broken.message, FIELD_OF_RULE.get(key, key) or None))
        elif INSTRUMENTS[key].family == self.measure_part.forms[0].family:
            self.measure_part.reject(_inside(broken, part))
        else:
            asked = isinstance(broken, AskFirst)
            super().reject(
                RuleBroken(broken.message, "other_duplicate" if asked else "other_total")
            )

    @property
    def mirrored(self) -> list[str]:
        """The names of the fields that a stored record has too, in the order of the page."""
        return [field.name for field in self if field.name in MIRRORED]

    def entry(self) -> SessionEntry:
        """Give what was entered about the slot.

        Length, setting and focus are filled in beforehand: where nothing took place they mean
        nothing and are left out. What a person entered never is.
        """
        said: dict[str, Any] = {f.name: self[f.name].data or None for f in fields(SessionEntry)}
        said |= {name: self[name].data for name in ("number", "mood", "duration_minutes")}
        said |= {
            "attendance": self.attended,
            "minutes_late": self.minutes_late.data or 0,
            "tasks": tuple(self.tasks.data or ()),
            "techniques": tuple(self.techniques.data or ()),
        }
        if not self.held:
            said |= dict.fromkeys(("duration_minutes", "modality", "focal_area", "dispute_stage"))
        if said["focal_area"] != DISPUTE:
            said["dispute_stage"] = None
        return SessionEntry(**said)

    @property
    def texts(self) -> tuple[str | None, ...]:
        """The sentences of the page, in which nobody else of a group may be named."""
        names = ("linked_event", "risk_detail", "action", "plan", "note", "homework")
        return tuple(self[name].data for name in names)

    def attached(self) -> Attached:
        """Give what was entered on the same page for other tables."""
        medication: dict[str, Any] = {name: self[name].data or None for name in MEDICATION}
        return Attached(
            self.risk_entry(),
            MedicationEntry(**medication) if self.drug.data else None,
            tuple(self._measures()),
            self.following(),
            frozenset(key for key in EVERY_QUESTION if self[key].data),
        )

    def following(self) -> AppointmentEntry | None:
        """Give the next appointment, as long as this one, where one was agreed."""
        if self.next_on.data is None:
            return None
        minutes = self.duration_minutes.data or self.start.facts.course.session_minutes
        modality = self.modality.data or None
        return AppointmentEntry(self.next_on.data, self.next_at.data, minutes, modality)

    def _measures(self) -> list[MeasureEntry]:
        part, found = self.measure_part, []
        first = part.entry(self.held_on.data)
        if part.marked or not first.is_empty:
            found.append(first)
        if self.other_total.data is not None:
            other = INSTRUMENTS[self.other_instrument.data]
            confirmed = frozenset({"duplicate"} if self.other_duplicate.data else ())
            total = self.other_total.data
            found.append(MeasureEntry(other, self.held_on.data, total=total, confirmed=confirmed))
        return found


def _inside(broken: RuleBroken, field: str) -> RuleBroken:
    """Name the field as the part of the form does; what is asked about stays a question."""
    if isinstance(broken, AskFirst):
        return AskFirst(broken.message, field, broken.key)
    return RuleBroken(broken.message, field)
