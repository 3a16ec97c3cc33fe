"""The forms of the inventory: a person in one line, and everything about them."""

from typing import Any

from ipt_tracker.clinical.course.inventory import LONGEST_NAME, Ring
from ipt_tracker.services.inventory import PersonEntry
from ipt_tracker.web.change_form import ChangeForm
from ipt_tracker.web.fields import drop_down, one_of, options, text, words
from ipt_tracker.web.forms import Form, Needed

NAME_NEEDED = "Enter a first name or initials."


class QuickForm(Form):
    """A person in one line; the details can come later."""

    name = text("Name or initials", LONGEST_NAME, Needed(NAME_NEEDED))
    relation = text("Relation", 120)
    ring = drop_down("Closeness", options(list(Ring)), default=Ring.CLOSE.value)
    form_errors: list[str]

    def entry(self) -> PersonEntry:
        """Give what was entered."""
        return PersonEntry(self.name.data, self.relation.data, int(self.ring.data))


class PersonForm(ChangeForm):
    """Everything about one person. Its fields are named as the columns are."""

    name = text("Name or initials", LONGEST_NAME, Needed(NAME_NEEDED))
    relation = text("Relation", 120, description="Such as partner, mother, friend from work")
    ring = one_of("Closeness", list(Ring), Needed("Choose how close this person is."))
    given = words("What is given")
    expected = words("What is expected of each other")
    missing = words("What is missing")
    to_change = words("What the patient wants to change")
    remark = words("Remark")

    def entry(self) -> PersonEntry:
        """Give what was entered."""
        names = PersonEntry.__dataclass_fields__
        values = {name: self[name].data for name in names} | {"ring": int(self.ring.data)}
        return PersonEntry(**values)

    def show(self, person: Any) -> None:  # noqa: ANN401 -- a row of a table
        """Fill in what is known of a person."""
        names = PersonEntry.__dataclass_fields__
        values = {name: getattr(person, name) for name in names} | {"ring": str(person.ring)}
        self.prepare(person, **values)
