"""The find form, which stands in the head of every page."""

from wtforms import SearchField
from wtforms.validators import Length

from ipt_tracker.web.forms import Form, Needed, stripped

LONGEST = 80


class FindForm(Form):
    """A code or a name, or a part of one."""

    q = SearchField(
        "Code or name",
        [
            Needed("Type a code or a name, or a part of one."),
            Length(max=LONGEST, message=f"That is more than {LONGEST} characters."),
        ],
        filters=[stripped],
        description="A part is enough. Several words may stand in any order.",
    )
