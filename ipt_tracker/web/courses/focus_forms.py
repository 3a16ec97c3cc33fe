"""The forms of a focal area: taken up, left, switched for another."""

from wtforms import BooleanField, SelectField
from wtforms.fields.choices import SelectChoice

from ipt_tracker.clinical.course.area_list import AreaList
from ipt_tracker.services.focal_areas import FocusEntry, SwitchEntry
from ipt_tracker.web.change_form import ChangeForm
from ipt_tracker.web.fields import Day, text, words
from ipt_tracker.web.forms import Needed


class OpenFocusForm(ChangeForm):
    """A focal area taken up."""

    focal_area = SelectField(
        "Focal area", [Needed("Choose a focal area.")], choices=[], validate_choice=False
    )
    started_on = Day("From", [Needed("Enter the day.")])
    detail = text("With whom, or about what", 300, description="For example: with her mother")
    reason = words("Why this area")

    def offer(self, areas: AreaList, leave_out: str = "") -> None:
        """Offer the focal areas of the clinic."""
        named = [SelectChoice(code, words) for code, words in areas.choices if code != leave_out]
        self.focal_area.choices = named

    def focus(self) -> FocusEntry:
        """Give what was entered."""
        return FocusEntry(
            self.focal_area.data, self.started_on.data, self.detail.data, self.reason.data
        )


class SwitchFocusForm(OpenFocusForm):
    """One focal area left for another; `area` is the name of the one that is left."""

    area = ""
    started_on = Day("On", [Needed("Enter the day.")])
    reason = words(
        "Why the focus changes",
        Needed("Say why the focus changes."),
        description="Stands with the area that is left, with the new one and in the contract",
    )
    reformulated = BooleanField("The formulation was gone through anew with the patient")
    patient_agreed = BooleanField("The patient agreed to the change")
    supervisor_informed = BooleanField("The supervisor knows of it")

    def switch(self) -> SwitchEntry:
        """Give what was entered."""
        return SwitchEntry(
            self.focus(),
            self.reformulated.data,
            self.patient_agreed.data,
            self.supervisor_informed.data,
        )


class CloseFocusForm(ChangeForm):
    """A focal area left; `area` is its name, for the page."""

    area = ""
    ended_on = Day("Last day", [Needed("Enter the day.")])
    reason = words("Why the work on it ends", Needed("Say why the work on this area ends."))
