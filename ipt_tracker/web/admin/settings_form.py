"""The form of the settings: a choice for each thing of which more than one is published."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from wtforms import BooleanField, FloatField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice

from ipt_tracker.clinical.course.area_list import AreaList, check_areas
from ipt_tracker.clinical.course.focal_areas import FOCAL_AREAS
from ipt_tracker.clinical.fidelity.lines import (
    ADHERENCE_SOURCE,
    QUALITY_SOURCE,
    check_adherence_line,
    check_quality_line,
)
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.services.clinic_settings import AREAS, ESTIMATE, LINES, NAMES_SHOWN
from ipt_tracker.services.setting_list import Setting, Settings
from ipt_tracker.web.admin.forms import PersonForm
from ipt_tracker.web.fields import Version, text, words
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


class Line(FloatField):  # type: ignore[misc]  # -- WTForms brings no types
    """A line on a scale; what was typed comes back when it is not a number."""

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = valuelist[0].strip().replace(",", ".") if valuelist else ""
        self.data = None
        if not typed:
            return
        try:
            self.data = float(typed)
        except ValueError as error:
            raise ValueError(f"“{typed[:20]}” is not a number.") from error

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:g}"


class SettingsForm(PersonForm):
    """What every form of settings has, whatever can be chosen."""

    names: dict[str, str]
    """Field name to name of the setting."""
    seen = Version(validators=[Needed("Open this page again before you save.")])
    estimate = BooleanField(
        "Show an estimate for a PHQ-9 with one or two blanks", description=ESTIMATE_HELP
    )

    names_shown = BooleanField(
        "Show assessors the patient’s name", description="Otherwise the clinic code alone"
    )

    quality_line = Line(
        "Quality, from 1 to 5", [Needed("Say where the line is.")], description=QUALITY_SOURCE
    )
    adherence_line = Line(
        "Adherence, percent", [Needed("Say where the line is.")], description=ADHERENCE_SOURCE
    )

    focal_areas_offered = SelectMultipleField(
        "Offered for new focal areas",
        choices=[SelectChoice(a.code, a.label) for a in FOCAL_AREAS.values()],
        description="Some schools leave out the last. A course that has an area keeps it.",
    )
    own_areas = words("Areas of your own", description="One a line. They have no task list.")

    def wanted(self) -> dict[str, object]:
        """Give what was chosen, by the name of each setting."""
        said = {name: self[field].data for field, name in self.names.items()}
        lines = {"quality": self.quality_line.data, "adherence": self.adherence_line.data}
        return said | {AREAS: self._areas().to_json(), LINES: lines}

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 -- as WTForms has it
        """Hold what was typed to every rule, so that all that is wrong is said at once."""
        good = bool(super().validate(extra_validators))
        for check in self._rules():
            try:
                check()
            except RuleBroken as broken:
                self.reject(broken)
                good = False
        return good

    def _rules(self) -> Iterator[Callable[[], None]]:
        """Give the rules of what could be read; the rest has its message already."""
        if self.quality_line.data is not None:
            yield partial(check_quality_line, self.quality_line.data)
        if self.adherence_line.data is not None:
            yield partial(check_adherence_line, self.adherence_line.data)
        yield partial(check_areas, self._areas())

    def _areas(self) -> AreaList:
        typed = {code: _pieces(self[called(code)].data, ",") for code in FOCAL_AREAS}
        return AreaList(
            tuple(c for c in FOCAL_AREAS if c in (self.focal_areas_offered.data or ())),
            {code: names for code, names in typed.items() if names},
            _pieces(self.own_areas.data, "\n"),
        )

    def reject(self, broken: RuleBroken) -> None:
        """Put the message of a broken rule beside its choice."""
        fields = {name: field for field, name in self.names.items()}
        own = broken.field or ""
        super().reject(RuleBroken(broken.message, fields.get(own, own)))

    def prepare(self, settings: Settings) -> None:
        """Carry the number of changes that the page shows; after a conflict, say what holds now."""
        if self.stale:
            self.form_errors = [*self.form_errors, NEWER]
        self.seen.renew(settings.version)


def settings_form(settings: Settings) -> SettingsForm:
    """Make the form for what can be chosen, filled in with what holds."""
    fields: dict[str, Any] = {}
    names = {"estimate": ESTIMATE, "names_shown": NAMES_SHOWN}
    for family in settings.families:
        for setting in family.settings:
            if setting.is_open:
                key = field_name(setting)
                names[key], fields[key] = setting.name, _select(family.name, setting)
    fields |= {called(code): _called_field(code) for code in FOCAL_AREAS}
    form: SettingsForm = type("ClinicForm", (SettingsForm,), fields | {"names": names})()
    if not form.is_submitted():
        form.estimate.data = settings.estimate
        form.names_shown.data = settings.names_shown
        form.focal_areas_offered.data = list(settings.areas.offered)
        form.quality_line.data = settings.lines.quality
        form.adherence_line.data = settings.lines.adherence
        form.own_areas.data = "\n".join(settings.areas.own)
        for code, names_here in settings.areas.called.items():
            form[called(code)].data = ", ".join(names_here)
    return form


def called(code: str) -> str:
    """Name the field with what else an area is called."""
    return f"called_{code}"


def _called_field(code: str) -> Any:  # noqa: ANN401 -- WTForms
    area = FOCAL_AREAS[code]
    known = f"Found by the search already: {', '.join(area.synonyms)}"
    label = f"{area.label}, also called"
    return text(label, 300, description=known)


def _pieces(typed: str | None, mark: str) -> tuple[str, ...]:
    return tuple(piece.strip() for piece in (typed or "").split(mark) if piece.strip())


def field_name(setting: Setting) -> str:
    """Name the field of a setting, in letters that an id may hold."""
    return "".join(c if c.isalnum() else "_" for c in setting.name.casefold())


def _select(family: str, setting: Setting) -> SelectField:
    choices = [SelectChoice(each.ref, each.name) for each in setting.options]
    return SelectField(f"{family}: {setting.label.lower()}", choices=choices, default=setting.value)
