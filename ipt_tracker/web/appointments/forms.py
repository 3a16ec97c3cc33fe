"""The forms of an appointment: one time, or the rest of the course at once."""

from typing import Any

from wtforms import SelectMultipleField, TimeField
from wtforms.fields.choices import SelectChoice

from ipt_tracker.clinical.course.records import Modality
from ipt_tracker.clinical.rules import AskFirst, RuleBroken
from ipt_tracker.services.appointments import LONGEST_REMARK, AppointmentEntry
from ipt_tracker.web.fields import Day, one_of, text
from ipt_tracker.web.forms import Form, Needed, WholeNumber
from ipt_tracker.web.measures.parts import Question
from ipt_tracker.web.page import day

COMMON = ("starts_at", "minutes", "modality", "remark")


class Hour(TimeField):
    """An hour that may be left empty."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist or not valuelist[0].strip():
            self.data = None
            return
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            typed = valuelist[0].strip()[:20]
            raise ValueError(f"“{typed}” is not a time. Write it like 14:30.") from error


class TimeForm(Form):
    """What every appointment has besides its day."""

    starts_at = Hour("Time")
    minutes = WholeNumber("Minutes")
    modality = one_of("Where", list(Modality))
    remark = text("Remark", LONGEST_REMARK, description="Shown on the start page")
    clash = Question("Yes, book it all the same")

    def reject(self, broken: RuleBroken) -> None:
        """Put a question beside its tick."""
        if isinstance(broken, AskFirst):
            broken = RuleBroken(broken.message, broken.key)
        super().reject(broken)

    @property
    def is_sure(self) -> bool:
        """Whether somebody has said that two at one hour are meant."""
        return bool(self.clash.data)

    def at(self, entry: AppointmentEntry) -> AppointmentEntry:
        """Give the day of an entry with the hour, length, place and remark of this form."""
        return AppointmentEntry(entry.planned_on, *(self[name].data for name in COMMON))

    def start_at(self, entry: AppointmentEntry) -> None:
        """Fill in hour, length, place and remark, in a form that nobody has sent yet."""
        for name in COMMON:
            self[name].data = getattr(entry, name)


class AppointmentForm(TimeForm):
    """One appointment: booked, or moved to another time."""

    planned_on = Day("Day", [Needed("Choose the day.")])

    def entry(self) -> AppointmentEntry:
        """Give what is to be booked."""
        return self.at(AppointmentEntry(self.planned_on.data))

    def start(self, entry: AppointmentEntry | None) -> None:
        """Fill in what is proposed, in a form that nobody has sent yet."""
        if not self.is_submitted() and entry is not None:
            self.planned_on.data = entry.planned_on
            self.start_at(entry)


class RestForm(TimeForm):
    """The rest of the course: a box for each day that is proposed, all at one hour."""

    days = SelectMultipleField("Days", validate_choice=False)

    def offer(self, proposed: tuple[AppointmentEntry, ...]) -> None:
        """Offer these days, all of them ticked while nobody has sent the form."""
        self.days.choices = [
            SelectChoice(e.planned_on.isoformat(), f"{e.planned_on:%a} {day(e.planned_on)}")
            for e in proposed
        ]
        if not self.is_submitted() and proposed:
            self.days.data = [e.planned_on.isoformat() for e in proposed]
            self.start_at(proposed[0])

    def entries(self, proposed: tuple[AppointmentEntry, ...]) -> tuple[AppointmentEntry, ...]:
        """Give those of the proposed days that are ticked, at the hour of the form."""
        ticked = set(self.days.data or ())
        return tuple(self.at(e) for e in proposed if e.planned_on.isoformat() in ticked)


class ButtonForm(Form):
    """Nothing to fill in: one button."""
