"""Forms of a portfolio: the time that it covers, and its report text."""

from typing import Any

from wtforms import TextAreaField
from wtforms.validators import ValidationError

from ipt_tracker.clinical.fidelity.portfolio import Period
from ipt_tracker.services.fidelity.portfolio_text import LONGEST, TextEntry
from ipt_tracker.web.change_form import ChangeForm
from ipt_tracker.web.fields import Day, at_most, text, words
from ipt_tracker.web.forms import Form, Needed, stripped

BACKWARDS = "The last day lies before the first."


class PeriodForm(Form):
    """The days looked at; an end that is left empty is open."""

    first = Day("From", name="from")
    last = Day("Until", name="to")

    def validate_last(self, field: Any) -> None:  # noqa: ANN401 -- WTForms
        """Refuse a time that ends before it begins."""
        if field.data and self.first.data and field.data < self.first.data:
            raise ValidationError(BACKWARDS)

    @property
    def period(self) -> Period:
        """Give the days; all of them where they cannot be read."""
        return Period() if self.errors else Period(self.first.data, self.last.data)

    def query(self) -> dict[str, str]:
        """Give the period as it stands in an address."""
        ends = {"from": self.period.first, "to": self.period.last}
        return {name: day.isoformat() for name, day in ends.items() if day}


class TextForm(ChangeForm):
    """The report text, for a body that accredits."""

    body = text("For which body", 200)
    text = TextAreaField(
        "Report", [Needed("Write the report."), at_most(LONGEST)], filters=[stripped]
    )
    reason = words("Why another edition")

    def entry(self) -> TextEntry:
        """Give what was written, over the edition that was seen."""
        seen = self.version.data or 0
        return TextEntry(self.body.data, self.text.data, self.reason.data, seen)
