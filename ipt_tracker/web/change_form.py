"""A form that changes a record which somebody else may be changing at the same time."""

from typing import Any

from ipt_tracker.web.fields import Version
from ipt_tracker.web.forms import Form
from ipt_tracker.web.merging import SettledMeta

OK, REFUSED, CONFLICT = 200, 422, 409
NEWER = (
    "Somebody else changed this record while you had it open, so nothing was saved. What you typed "
    "is still here. Look at the record as it is now, then save again to keep yours."
)


class ChangeForm(Form):
    """A form that changes a record. It carries the version that the person was looking at.

    A form that mirrors its record meets a newer version on a page with both of them; `about` says
    there what it is about.
    """

    class Meta(SettledMeta):
        """Read what was chosen between two versions."""

    version = Version()
    mirrors = False
    """Whether the fields are the record's own, so that its newer values can be named."""
    about = "this record"
    stale = False
    tracked = False
    """Whether each change of the record is kept as a correction, so that its author is known."""
    record: Any = None
    seen_version: int | None = None
    form_errors: list[str]

    @property
    def http_status(self) -> int:
        """The HTTP status of the page that shows this form."""
        if self.stale:
            return CONFLICT
        return REFUSED if self.errors else OK

    @property
    def must_merge(self) -> bool:
        """Whether two versions of the record met, which the person has to bring together."""
        return self.stale and self.mirrors

    def prepare(self, record: Any, **fresh: object) -> None:  # noqa: ANN401 -- a row of a table
        """Fill in a form that nobody has typed in; after a conflict, say that there was one.

        A form that mirrors the record starts from it, another one from `fresh`.
        """
        self.record, self.seen_version = record, self.version.data
        if not self.is_submitted():
            self.process(obj=record if self.mirrors else None, data=fresh)
        if self.stale:
            self.form_errors = [*self.form_errors, NEWER]
        self.version.renew(record.version)
