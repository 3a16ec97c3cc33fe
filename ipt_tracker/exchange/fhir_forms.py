"""Forms as FHIR R4 resources: the answers as given, the items, and the total.

A blank is an item without an answer, never a zero. A total that cannot be had says why, and
between which two numbers it lies.
"""

from collections.abc import Iterator

from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.clinical.outcome.series import Status
from ipt_tracker.exchange.fhir_codes import (
    HL7,
    URN,
    Json,
    answer_coding,
    answer_concept,
    coding,
    kept,
    own,
    panel_concept,
    points,
    total_concept,
)
from ipt_tracker.exchange.fhir_course import id_of, moment, refer
from ipt_tracker.exchange.fhir_facts import Course, Form

Answer = int | bool | None
SURVEY = {"coding": [coding(f"{HL7}observation-category", "survey", "Survey")]}
ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
ABSENT = {
    Status.INCOMPLETE: "unknown",
    Status.DECLINED: "asked-declined",
    Status.NOT_RETURNED: "asked-unknown",
    Status.NOT_ADMINISTERED: "not-performed",
    Status.MISSING: "unknown",
}
"""Why there is no total, in the codes of FHIR's own list."""
ERROR = "entered-in-error"


def resources_of(course: Course, form: Form) -> Iterator[Json]:
    """Give all that one administration becomes."""
    if form.instrument and form.answers is not None:
        yield _response(course, form, form.instrument)
        yield _panel(course, form, form.instrument)
    yield _total(course, form)


def _response(course: Course, form: Form, instrument: Instrument) -> Json:
    """Write the answers. A form with blanks was stopped: nobody will fill it in further."""
    status = "completed" if form.status == Status.COMPLETE else "stopped"
    status = "amended" if form.is_corrected else status
    return kept(
        {
            "resourceType": "QuestionnaireResponse",
            "id": id_of("QuestionnaireResponse", form.id),
            "questionnaire": f"{URN}questionnaire:{instrument.key}",
            "status": ERROR if form.is_withdrawn else status,
            "subject": refer("Patient", course.patient.id),
            "encounter": refer("Encounter", form.slot) if form.slot else None,
            "authored": form.taken_on.isoformat(),
            "source": refer("Patient", course.patient.id) if instrument.self_report else None,
            "item": [
                kept({"linkId": key, "text": label, "answer": _given(instrument, key, value)})
                for key, label, value in _answers(form, instrument)
            ],
        }
    )


def _answers(form: Form, instrument: Instrument) -> Iterator[tuple[str, str, Answer]]:
    answers = form.answers or {}
    for item in instrument.answer_items:
        yield item.key, item.label, answers.get(item.key)
    for other in instrument.beside:
        if other.key in form.beside:
            yield f"beside.{other.key}", other.label, form.beside[other.key]


def _given(instrument: Instrument, key: str, value: Answer) -> list[Json]:
    """Give an answer; a coded one carries its points beside it."""
    if value is None:
        return []
    if isinstance(value, bool):
        return [{"valueBoolean": value}]
    if _not_assessed(instrument, key, value):
        return [{"valueCoding": own("answer", "not-assessed", "Not assessed")}]
    code = answer_coding(instrument, value) if key in instrument.answer_keys else None
    if code is None:
        return [{"valueInteger": value}]
    return [{"valueCoding": {"extension": [{"url": ORDINAL, "valueDecimal": value}], **code}}]


def _not_assessed(instrument: Instrument, key: str, value: int) -> bool:
    """Tell the answer that an item was not assessed from points."""
    marks = {item.key: item.not_assessed for item in instrument.answer_items}
    return marks.get(key) == value


def _panel(course: Course, form: Form, instrument: Instrument) -> Json:
    """Write the items of a form as parts of one observation, each under its own code."""
    parts = (
        {"code": answer_concept(instrument, key, label), **_value(instrument, key, value)}
        for key, label, value in _answers(form, instrument)
    )
    return _observation(course, form, "items") | {
        "code": panel_concept(instrument),
        "hasMember": [refer("Observation", f"{form.id} total")],
        "derivedFrom": [refer("QuestionnaireResponse", form.id)],
        "component": list(parts),
    }


def _value(instrument: Instrument, key: str, value: Answer) -> Json:
    if value is None or _not_assessed(instrument, key, value):
        return {"dataAbsentReason": _absent("unknown" if value is None else "not-performed")}
    if isinstance(value, bool):
        return {"valueBoolean": value}
    code = answer_coding(instrument, value) if key in instrument.answer_keys else None
    return {"valueCodeableConcept": {"coding": [code]}} if code else {"valueInteger": value}


def _total(course: Course, form: Form) -> Json:
    made = _observation(course, form, "total")
    made["code"] = total_concept(form.instrument) if form.instrument else {"text": form.name}
    if form.total is not None:
        made["valueQuantity"] = points(form.total)
    else:
        made["dataAbsentReason"] = _absent(ABSENT.get(Status(form.status), "unknown"))
        made["component"] = list(_bounds(form))
    if form.instrument and form.answers is not None:
        made["derivedFrom"] = [refer("QuestionnaireResponse", form.id)]
    return kept(made)


def _bounds(form: Form) -> Iterator[Json]:
    """Say between which numbers the total of an incomplete form lies."""
    if form.status == Status.INCOMPLETE:
        ends = {"lowest": form.lowest, "highest": form.highest}
        for end, value in ends.items():
            if value is not None:
                named = own("possible-total", end, f"{end.capitalize()} total it could have had")
                yield {"code": {"coding": [named]}, "valueQuantity": points(value)}


def _observation(course: Course, form: Form, what: str) -> Json:
    """Give what both observations of a form have in common."""
    status = "corrected" if form.is_corrected else "final"
    return kept(
        {
            "resourceType": "Observation",
            "id": id_of("Observation", f"{form.id} {what}"),
            "status": ERROR if form.is_withdrawn else status,
            "category": [SURVEY],
            "code": None,
            "subject": refer("Patient", course.patient.id),
            "encounter": refer("Encounter", form.slot) if form.slot else None,
            "effectiveDateTime": form.taken_on.isoformat(),
            "issued": moment(form.recorded_at),
        }
    )


def _absent(code: str) -> Json:
    return {"coding": [coding(f"{HL7}data-absent-reason", code)]}
