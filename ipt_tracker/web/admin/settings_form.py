"""The form of the settings: a choice for each thing of which more than one is published."""

from typing import Any

from wtforms import BooleanField, SelectField
from wtforms.fields.choices import SelectChoice

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.services.clinic_settings import ESTIMATE
from ipt_tracker.services.setting_list import Setting, Settings
from ipt_tracker.web.admin.forms import PersonForm
from ipt_tracker.web.fields import Version
from ipt_tracker.web.forms import Needed

NEWER = (
    "Somebody else changed the settings while you had them open, so nothing was saved. What you "
    "chose is still here. Save again to keep yours."
)
ESTIMATE_HELP = (
    "Off unless you switch it on. The estimate is the mean of the answered items times nine, it is "
    "always marked as an estimate, it is never stored and never used for a change or a cut, and "
    "there is none while item 9 is blank. Source: Arrieta 2017, seen in a text that quotes it."
)


class SettingsForm(PersonForm):
    """What every form of settings has, whatever can be chosen."""

    names: dict[str, str]
    """Field name to name of the setting."""
    seen = Version(validators=[Needed("Open this page again before you save.")])
    estimate = BooleanField(
        "Show an estimate for a PHQ-9 with one or two blanks", description=ESTIMATE_HELP
    )

    def wanted(self) -> dict[str, object]:
        """Give what was chosen, by the name of each setting."""
        return {name: self[field].data for field, name in self.names.items()}

    def reject(self, broken: RuleBroken) -> None:
        """Put the message of a broken rule beside its choice."""
        fields = {name: field for field, name in self.names.items()}
        super().reject(RuleBroken(broken.message, fields.get(broken.field or "")))

    def prepare(self, settings: Settings) -> None:
        """Carry the number of changes that the page shows; after a conflict, say what holds now."""
        if self.stale:
            self.form_errors = [*self.form_errors, NEWER]
        self.seen.renew(settings.version)


def settings_form(settings: Settings) -> SettingsForm:
    """Make the form for what can be chosen, filled in with what holds."""
    fields: dict[str, Any] = {}
    names = {"estimate": ESTIMATE}
    for family in settings.families:
        for setting in family.settings:
            if setting.is_open:
                key = field_name(setting)
                names[key], fields[key] = setting.name, _select(family.name, setting)
    form: SettingsForm = type("ClinicForm", (SettingsForm,), fields | {"names": names})()
    if not form.is_submitted():
        form.estimate.data = settings.estimate
    return form


def field_name(setting: Setting) -> str:
    """Name the field of a setting, in letters that an id may hold."""
    return "".join(c if c.isalnum() else "_" for c in setting.name.casefold())


def _select(family: str, setting: Setting) -> SelectField:
    choices = [SelectChoice(each.ref, each.name) for each in setting.options]
    return SelectField(f"{family}: {setting.label.lower()}", choices=choices, default=setting.value)
