"""What a list of the audit is cut down to. An address holds ids and days, never a code."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from wtforms import BooleanField, HiddenField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from ipt_tracker.persistence.queries.audit import Sought
from ipt_tracker.services.audit.words import AREAS, events_of
from ipt_tracker.web.change_form import OK, REFUSED
from ipt_tracker.web.fields import Day, drop_down, text
from ipt_tracker.web.forms import Form, Needed

EVERYBODY, EVERY_KIND = "Everybody", "Every kind"
YEARS = range(1900, 9999)
BACKWARDS = "The last day lies before the first."
DATABASE_LARGEST = 2**62


class FilterForm(Form):
    """Whose acts, of which kind, on which days."""

    who = drop_down("Person", [], validate_choice=False)
    kind = drop_down(
        "Kind of act",
        [SelectChoice("", EVERY_KIND), *(SelectChoice(*pair) for pair in AREAS.items())],
        validate_choice=False,
    )
    first = Day("From", name="from")
    last = Day("Until", name="to")
    emergency = BooleanField("Only in an emergency")
    patient = HiddenField()
    below = HiddenField(name="older")

    def validate_last(self, field: Any) -> None:  # noqa: ANN401 -- WTForms
        """Refuse a time that ends before it begins."""
        if field.data and self.first.data and field.data < self.first.data:
            raise ValidationError(BACKWARDS)

    def offer(self, people: Iterable[tuple[UUID, str]]) -> None:
        """Offer everybody with an account."""
        named = [SelectChoice(str(account_id), name) for account_id, name in people]
        self.who.choices = [SelectChoice("", EVERYBODY), *named]

    def sought(self) -> Sought:
        """Give what is sought; what cannot be read cuts nothing."""
        kind = self.kind.data if self.kind.data in AREAS else ""
        days = (None, None) if self.errors else (self.first.data, self.last.data)
        return Sought(
            actor=an_id(self.who.data),
            patient=an_id(self.patient.data),
            events=events_of(kind) if kind else (),
            since=_begin(days[0]),
            until=_begin(days[1], later=timedelta(days=1)),
            emergencies=bool(self.emergency.data),
            below=a_number(self.below.data),
        )

    def query(self) -> dict[str, str]:
        """Give what is sought as it stands in an address, all but the page."""
        sought = {
            "who": an_id(self.who.data),
            "kind": self.kind.data if self.kind.data in AREAS else None,
            "from": self.first.data,
            "to": self.last.data,
            "patient": an_id(self.patient.data),
            "emergency": "y" if self.emergency.data else None,
        }
        return {name: str(value) for name, value in sought.items() if value}


class PatientForm(Form):
    """The clinic code of the patient whose audit is sought."""

    code = text("Clinic code", 40, Needed("Enter the clinic code."))

    @property
    def http_status(self) -> int:
        """The HTTP status of the page that shows this form."""
        return REFUSED if self.errors else OK


def an_id(typed: str | None) -> UUID | None:
    """Read an id from an address, or None for anything else."""
    try:
        return UUID(typed) if typed else None
    except ValueError:
        return None


def a_number(typed: str | None) -> int | None:
    """Read the number of a row from an address, or None for anything else."""
    plain = typed is not None and typed.isascii() and typed.isdecimal()
    return min(int(typed[:19]), DATABASE_LARGEST) if plain and typed else None


def _begin(day: date | None, later: timedelta = timedelta(0)) -> datetime | None:
    """Give the moment at which a day begins; a year that no clock here knows cuts nothing."""
    if day is None or day.year not in YEARS:
        return None
    return datetime.combine(day + later, time()).astimezone()
