"""The forms of retention: a period, a hold, and lifting one."""

from wtforms import StringField, TextAreaField
from wtforms.validators import Length

from ipt_tracker.services.retention import FEWEST, MOST
from ipt_tracker.web.forms import Form, Needed, WholeNumber, stripped

OK, REFUSED = 200, 422
ROOM = Length(max=1000, message="There is room for 1,000 characters here.")


class RecordsForm(Form):
    """What these forms share."""

    @property
    def http_status(self) -> int:
        """The HTTP status of the page that shows this form."""
        return REFUSED if self.errors else OK


class PeriodForm(RecordsForm):
    """For how many years records are kept."""

    years = WholeNumber(
        "Years",
        [Needed("Enter the number of years.")],
        description=f"{FEWEST} to {MOST}, after the newest day of a patient's records",
    )


class HoldForm(RecordsForm):
    """Whose records are held, and why."""

    code = StringField(
        "Patient's code",
        [Needed("Enter the code."), Length(max=40, message="A code has 40 characters at most.")],
        filters=[stripped],
    )
    reason = TextAreaField(
        "Reason",
        [Needed("Say why the records must be kept."), ROOM],
        filters=[stripped],
        description="A court order or a complaint, for example. No clinical content.",
    )


class LiftForm(RecordsForm):
    """Why a hold is lifted."""

    why = TextAreaField(
        "Why it is lifted", [Needed("Say why the hold is lifted."), ROOM], filters=[stripped]
    )
