"""The forms of item sets: hand in a file, load what was looked at, choose one for new ratings."""

from collections.abc import Iterable

from flask_wtf.file import FileField
from wtforms import HiddenField
from wtforms.fields.choices import SelectChoice

from ipt_tracker.services.clinic_settings import ITEM_SET
from ipt_tracker.services.fidelity.item_sets import LARGEST_FILE, LoadedSet
from ipt_tracker.web.admin.forms import PersonForm
from ipt_tracker.web.fields import OneOf, Version
from ipt_tracker.web.forms import Needed

NEWER = (
    "Somebody else changed the settings while you had them open, so nothing was saved. Choose "
    "again to keep yours."
)


class FileForm(PersonForm):
    """A file with an item set, to be looked at before it is loaded."""

    file = FileField(
        "File with an item set",
        [Needed("Choose a file.")],
        description=f"JSON, at most {LARGEST_FILE // 1000} kB. You see what is in it first.",
    )

    def content(self) -> bytes:
        """Give what is in the file; one byte more than can be is enough to refuse it."""
        data: bytes = self.file.data.stream.read(LARGEST_FILE + 1)
        return data


class LoadForm(PersonForm):
    """What was looked at, to be loaded."""

    content = HiddenField(validators=[Needed("Choose the file again.")])


class ChooseForm(PersonForm):
    """The item set of new ratings."""

    ref = OneOf("New ratings use", [Needed("Choose a set.")])
    seen = Version(validators=[Needed("Open this page again before you choose.")])

    def offer(self, sets: Iterable[LoadedSet], version: int) -> None:
        """Offer every set, the one in use first chosen."""
        sets = tuple(sets)
        self.ref.choices = [
            SelectChoice(
                each.item_set.ref, f"{each.item_set.name}, version {each.item_set.version}"
            )
            for each in sets
        ]
        if not self.is_submitted():
            self.ref.data = next((s.item_set.ref for s in sets if s.in_use), None)
            self.seen.renew(version)

    def prepare(self, version: int) -> None:
        """After a conflict say so, and carry today's number of changes."""
        if self.stale:
            self.form_errors = [*self.form_errors, NEWER]
        self.seen.renew(version)

    def wanted(self) -> dict[str, object]:
        """Give the choice as a setting."""
        return {ITEM_SET: self.ref.data}
