"""The form of a schedule: a line for each instrument, with a box for each occasion."""

from typing import Any

from wtforms import Form as Part
from wtforms import FormField, RadioField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from ipt_tracker.clinical.course.codes import known
from ipt_tracker.clinical.course.schedule import (
    PROPOSALS,
    Occasion,
    Schedule,
    default_schedule,
    may_be_given,
)
from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.web.change_form import ChangeForm
from ipt_tracker.web.fields import words

AS_PROTOCOL, OWN, NOTHING = "protocol", "own", "none"
EMPTY = "Tick at least one box. What a patient declines is entered as declined."
FIRST = PROPOSALS["ptsd"].schedule
"""What the grid of a new course starts from: the form of this clinic's first protocol."""


class GridPart(Part):
    """A line for each instrument; which boxes there are follows from what can be planned."""

    @property
    def lines(self) -> tuple[SelectMultipleField, ...]:
        """The lines in catalogue order."""
        return tuple(self)

    def fill(self, schedule: Schedule) -> None:
        """Tick what a schedule has."""
        for field in self:
            field.data = [str(o) for o in schedule.occasions(field.short_name)]

    def schedule(self) -> Schedule:
        """Give what is ticked; of a box that the page does not have the field complains."""
        pairs = ((known(Occasion, code), f.short_name) for f in self for code in f.data or ())
        return Schedule(frozenset((o, key) for o, key in pairs if o and may_be_given(key, o)))


def _offered(key: str) -> list[SelectChoice]:
    return [SelectChoice(str(o), o.label) for o in Occasion if may_be_given(key, o)]


for _key, _one in INSTRUMENTS.items():
    setattr(GridPart, _key, SelectMultipleField(_one.version, choices=_offered(_key)))


class ScheduleForm(ChangeForm):
    """The schedule of a course that is under way, and why it changes."""

    grid = FormField(GridPart)
    reason = words("Why the schedule changes")

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 -- as WTForms has it
        """Refuse a schedule of nothing: a form that a patient refuses is declined, not left out."""
        valid = super().validate(extra_validators)
        if self.grid.form.schedule().given:
            return bool(valid)
        self.form_errors = [*self.form_errors, EMPTY]
        return False

    def start_from(self, schedule: Schedule) -> None:
        """Tick what is agreed, in a form that nobody has sent yet."""
        if not self.is_submitted():
            self.grid.form.fill(schedule)


class MeasuresPart(Part):
    """Which measures a new course starts with: the usual ones, one's own, or none."""

    choice = RadioField(
        "Measures",
        choices=[
            SelectChoice(AS_PROTOCOL, "As usual for protocol and diagnosis"),
            SelectChoice(OWN, "As ticked below"),
            SelectChoice(NOTHING, "None planned yet"),
        ],
        default=AS_PROTOCOL,
    )
    grid = FormField(GridPart)

    def validate_choice(self, field: RadioField) -> None:
        """Ask when boxes were changed that would count for nothing, or when there are none."""
        ticked = self.grid.form.schedule()
        if field.data == OWN and not ticked.given:
            raise ValidationError("Tick at least one box, or choose “None planned yet”.")
        if field.data != OWN and ticked != FIRST:
            raise ValidationError("You changed the boxes. Choose “As ticked below” to use them.")

    def schedule(self, protocol: str, diagnosis: str) -> Schedule | None:
        """Give the schedule that was chosen; None for none."""
        if self.choice.data == AS_PROTOCOL:
            return default_schedule(protocol, diagnosis).schedule
        return self.grid.form.schedule() if self.choice.data == OWN else None

    def start(self) -> None:
        """Tick the boxes of a form that nobody has sent yet."""
        self.grid.form.fill(FIRST)
