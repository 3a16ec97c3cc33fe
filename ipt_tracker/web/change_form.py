"""A form that changes a record which somebody else may be changing at the same time."""

from typing import Any

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from ipt_tracker.web.fields import Version
from ipt_tracker.web.forms import Form

OK, REFUSED, CONFLICT = 200, 422, 409
NEWER = (
    "Somebody else changed this record while you had it open, so nothing was saved. What you typed "
    "is still here; where the record now says something else, that stands beside the field. "
    "Save again to keep yours."
)


class ChangeForm(Form):
    """A form that changes a record. It carries the version that the person was looking at."""

    version = Version()
    mirrors = False
    """Whether the fields are the record's own, so that its newer values can be named."""
    stale = False
    form_errors: list[str]

    @property
    def http_status(self) -> int:
        """The HTTP status of the page that shows this form."""
        if self.stale:
            return CONFLICT
        return REFUSED if self.errors else OK

    def prepare(self, record: Any, **fresh: object) -> None:  # noqa: ANN401 -- a row of a table
        """Fill in a form that nobody has typed in; after a conflict, say what the record now says.

        A form that mirrors the record starts from it, another one from `fresh`.
        """
        if not self.is_submitted():
            self.process(obj=record if self.mirrors else None, data=fresh)
        if self.stale:
            self.form_errors = [*self.form_errors, NEWER]
        if self.stale and self.mirrors:
            self._name_newer(record)
        self.version.renew(record.version)

    def _name_newer(self, record: Any) -> None:  # noqa: ANN401 -- a row of a table
        for field in self:
            if field is self.version or not hasattr(record, field.name):
                continue
            stored = getattr(record, field.name)
            if stored != field.data:
                newer = f"The record now says: {said(field, stored)}."
                field.errors = [*field.errors, newer]


def said(field: Any, value: Any) -> str:  # noqa: ANN401 -- any field of a form
    """Write a stored value in the words that its field offers for it."""
    if value in (None, "", []):
        return "nothing"
    if not isinstance(field, SelectField):
        return str(value)
    labels = {c.value: c.label for c in map(SelectChoice.from_input, field.choices or ())}
    values = value if isinstance(value, list) else [value]
    return ", ".join(labels.get(str(each), str(each)) for each in values)
