"""Forms of evidence sets: the set itself, one trial, a file of trials, and a reason."""

from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, FloatField, HiddenField
from wtforms.validators import ValidationError

from ipt_tracker.clinical.evidence.arm_data import ArmData
from ipt_tracker.clinical.evidence.meta_analysis import StudyEffect
from ipt_tracker.clinical.evidence.own_trials import Fidelity, OwnTrial
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.services.evidence_sets import SetEntry
from ipt_tracker.web.change_form import ChangeForm
from ipt_tracker.web.fields import Day, one_of, text, words
from ipt_tracker.web.forms import Needed, WholeNumber

LARGEST_FILE = 100_000
MINUSES = str.maketrans({"−": "-", "–": "-", ",": "."})
EFFECT = ("g", "se")
ARMS = ("mean_ipt", "sd_ipt", "n_ipt", "mean_control", "sd_control", "n_control")
BOTH = "Give either g and its standard error, or the two arms, not both."
NEITHER = "Give g and its standard error, or mean, SD and number of people of both arms."
ABOUT_SOURCE = "Author, year, journal or register number"
ABOUT_PEOPLE = "Who was studied, such as: women with PTSD after assault, outpatients"


class Number(FloatField):
    """A number that may be left empty, with a point or a comma and any minus."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not typed:
            return
        try:
            self.data = float(typed.translate(MINUSES))
        except ValueError as error:
            raise ValueError(f"“{typed[:20]}” is not a number.") from error


class SetForm(ChangeForm):
    """What is said about a set."""

    name = text("Name of the set", 120, Needed("Give the set a name."))
    measured = text("What was measured", 200, Needed("Say what was measured."))
    why = words("Why this set", Needed("Say what the set is for."))
    searched_on = Day("Last search", [Needed("Enter the day of the last search.")])
    source = words("Where was searched", Needed("Say where the trials were looked for."))

    def entry(self) -> SetEntry:
        """Give what was entered."""
        return SetEntry(
            self.name.data,
            self.measured.data,
            self.why.data,
            self.searched_on.data,
            self.source.data,
        )


class NewSetForm(SetForm):
    """A new set, empty or with a copy of the library's comparisons."""

    begin = BooleanField("Begin with the obtainable comparisons of the published analysis")


class TrialForm(ChangeForm):
    """One comparison of a trial: its effect, or its two arms."""

    study = text("Study", 200, Needed("Name the study."))
    subgroup = text("Subgroup", 120, description="Every trial of the set names one, or none does")
    source = words("Source", Needed("Say where the numbers come from."), description=ABOUT_SOURCE)
    population = words("Population", Needed("Say who was studied."), description=ABOUT_PEOPLE)
    fidelity = one_of(
        "How the therapy was done", list(Fidelity), Needed("Say whether it was assessed.")
    )
    g = Number("Hedges’ g", description="Negative favours IPT")
    se = Number("Standard error of g")
    mean_ipt = Number("Mean, IPT")
    sd_ipt = Number("SD, IPT", description="Not the standard error")
    n_ipt = WholeNumber("People, IPT")
    mean_control = Number("Mean, control")
    sd_control = Number("SD, control")
    n_control = WholeNumber("People, control")
    shares = text(
        "Shares its IPT arm with",
        120,
        description="One word for all comparisons of a three-arm trial",
    )

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 -- WTForms
        """Ask for one of the two layouts, whole."""
        good: bool = super().validate(extra_validators)
        return self._one_layout() and good

    def _one_layout(self) -> bool:
        effect, arms = (self._filled(names) for names in (EFFECT, ARMS))
        if effect and arms:
            self.form_errors = [*self.form_errors, BOTH]
        elif not effect and not arms:
            self.form_errors = [*self.form_errors, NEITHER]
        else:
            return self._whole(EFFECT if effect else ARMS)
        return False

    def _filled(self, names: tuple[str, ...]) -> bool:
        return any(self[name].data is not None or self[name].errors for name in names)

    def _whole(self, names: tuple[str, ...]) -> bool:
        missing = [self[n] for n in names if self[n].data is None and not self[n].errors]
        for field in missing:
            field.errors = [*field.errors, "The number is missing."]
        return not missing

    def trial(self) -> OwnTrial:
        """Give what was entered; raises RuleBroken with the field for what cannot be."""
        names = {"study": self.study.data, "subgroup": self.subgroup.data or ""}
        numbers: StudyEffect | ArmData
        if self.g.data is not None:
            if self.shares.data:
                raise RuleBroken("Only arms can share an IPT arm; leave this empty.", "shares")
            numbers = StudyEffect(**names, g=self.g.data, se=self.se.data)
        else:
            arms = {name: self[name].data for name in ARMS}
            numbers = ArmData(**names, **arms, shares=self.shares.data or "")
        fidelity = Fidelity(self.fidelity.data)
        return OwnTrial(numbers, self.source.data, self.population.data, fidelity)


class FileForm(ChangeForm):
    """A file of trials, to be looked at before anything is kept."""

    file = FileField(
        "CSV file",
        [Needed("Choose a file.")],
        description=f"At most {LARGEST_FILE // 1000} kB. You see every row before it is kept.",
    )
    source = words("Source of all rows", description="Used where a row has no source of its own")
    population = words("Population of all rows", description="Used where a row has none of its own")

    def validate_file(self, field: Any) -> None:  # noqa: ANN401 -- a WTForms field
        """Refuse a file that no table of trials fills."""
        self.content = field.data.stream.read(LARGEST_FILE + 1) if field.data else b""
        if len(self.content) > LARGEST_FILE:
            raise ValidationError(f"It is larger than {LARGEST_FILE // 1000} kB.")


class LoadForm(ChangeForm):
    """What was looked at, to be kept."""

    content = HiddenField(validators=[Needed("Choose the file again.")])
    source = HiddenField()
    population = HiddenField()


class ReasonForm(ChangeForm):
    """Why a trial is taken out, or goes back in."""

    reason = words("Reason", Needed("Give the reason."))
