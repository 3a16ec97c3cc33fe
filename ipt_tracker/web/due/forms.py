"""The small form beside what is due: why there is none."""

from wtforms import StringField

from ipt_tracker.web.forms import Form


class NotDoneForm(Form):
    """Which of its buttons was pressed; the service knows which there are."""

    not_done = StringField("Why there is none", default="")
