"""What is shown and narrowed down to. All of it stands in the address, from fixed lists only."""

from flask import request
from wtforms import Form as Plain
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from ipt_tracker.clinical.course.focal_areas import FOCAL_AREAS
from ipt_tracker.clinical.course.protocols import PROTOCOLS
from ipt_tracker.clinical.course.records import PrecipitatingEvent, PrimaryDiagnosis
from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.services.benchmark_page import USUAL, Choice

ANY = SelectChoice("", "Any")
AREAS = [SelectChoice(area.code, area.label) for area in FOCAL_AREAS.values()]
LISTS = {
    "instrument": [SelectChoice(one.key, one.version) for one in INSTRUMENTS.values()],
    "area": [ANY, *AREAS],
    "protocol": [ANY, *(SelectChoice(one.key, one.name) for one in PROTOCOLS.values())],
    "event": [ANY, *(SelectChoice(one.value, one.label) for one in PrecipitatingEvent)],
    "diagnosis": [ANY, *(SelectChoice(one.value, one.label) for one in PrimaryDiagnosis)],
}
"""What may stand in the address, by the name of its field."""


class ChoiceForm(Plain):
    """The instrument, and which courses. It is sent with GET: codes alone."""

    instrument = SelectField("Measure", choices=LISTS["instrument"])
    area = SelectField("Focal area", choices=LISTS["area"])
    protocol = SelectField("Protocol", choices=LISTS["protocol"])
    event = SelectField("Event", choices=LISTS["event"])
    diagnosis = SelectField("Diagnosis", choices=LISTS["diagnosis"])


def chosen() -> Choice:
    """Read the choice from the address; what is not one of a list chooses nothing."""
    return Choice(
        instrument=_one_of("instrument") or USUAL,
        area=_one_of("area"),
        protocol=_one_of("protocol"),
        event=_one_of("event"),
        diagnosis=_one_of("diagnosis"),
    )


def _one_of(name: str) -> str | None:
    text = request.args.get(name, "")
    return text if text and text in {each.value for each in LISTS[name]} else None


def filled(choice: Choice) -> ChoiceForm:
    """Give the form as the choice has it."""
    return ChoiceForm(data=choice.query())
