"""The forms of an export: what is chosen, and why it is taken."""

from collections.abc import Iterable
from typing import Any

from wtforms import BooleanField, RadioField, SelectMultipleField
from wtforms.fields.choices import SelectChoice

from ipt_tracker.exchange.export_scores import TABLES
from ipt_tracker.exchange.table_columns import Table
from ipt_tracker.services.exports.choice import Choice, Format, Which
from ipt_tracker.services.exports.taking import LONGEST_REASON
from ipt_tracker.web.fields import options, text
from ipt_tracker.web.forms import Form, Needed

NONE_CHOSEN = "Choose at least one table."
FORMS = [
    SelectChoice(Format.XLSX.value, "Workbook, XLSX"),
    SelectChoice(Format.CSV.value, "Text, CSV"),
]
OK, REFUSED = 200, 422


class ChoiceForm(Form):
    """Which tables, of which courses, in which form. It is sent with GET: codes alone."""

    tables = SelectMultipleField("Tables", choices=[])
    which = RadioField(
        "Courses",
        [Needed("Choose which courses.")],
        choices=options(list(Which)),
        default=Which.ALL.value,
    )
    form = RadioField(
        "File",
        [Needed("Choose the form of the file.")],
        choices=FORMS,
        default=Format.XLSX.value,
        description="Several tables as CSV come in one zip file.",
    )
    disguised = BooleanField(
        "Without names",
        description="A code of its own for each patient, dates shifted, no names of staff, no free "
        "text.",
    )

    def offer(self, tables: Iterable[Table]) -> None:
        """Offer the tables that the person may take."""
        self.tables.choices = [SelectChoice(each.name, each.title) for each in tables]

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 -- as WTForms has it
        """Ask for at least one table."""
        good = bool(super().validate(extra_validators))
        if not self.tables.data:
            self.tables.errors = [*self.tables.errors, NONE_CHOSEN]
            good = False
        return good

    def choice(self) -> Choice:
        """Give what was chosen, the tables in their own order."""
        wanted = set(self.tables.data)
        return Choice(
            tuple(table for table in TABLES.values() if table.name in wanted),
            Which(self.which.data),
            Format(self.form.data),
            disguised=self.disguised.data,
        )

    @property
    def http_status(self) -> int:
        """The HTTP status of the page that shows this form."""
        return REFUSED if self.errors else OK


class ReasonForm(Form):
    """Why the tables are taken. What was chosen stands in the address."""

    reason = text(
        "Reason",
        LONGEST_REASON,
        Needed("Say why the tables are needed."),
        description="It stands in the audit. No names, no clinical content.",
    )

    @property
    def http_status(self) -> int:
        """The HTTP status of the page that shows this form."""
        return REFUSED if self.errors else OK
