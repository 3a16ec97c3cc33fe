"""The patient, the course and its appointments as FHIR R4 resources."""

from collections.abc import Iterator
from datetime import date, datetime
from uuid import NAMESPACE_URL, uuid5

from ipt_tracker.exchange.fhir_codes import (
    HL7,
    UCUM,
    URN,
    Json,
    Named,
    coding,
    concept,
    kept,
    own,
    points,
)
from ipt_tracker.exchange.fhir_facts import Course, Focus, Slot

SPACE = uuid5(NAMESPACE_URL, URN)
IPT = Named("ipt", "Interpersonal Psychotherapy")
ENDS_ALIKE = {True: "finished", False: "cancelled"}


def id_of(kind: str, record: str) -> str:
    """Give the id of a resource: the same in every file made of the same record."""
    return str(uuid5(SPACE, f"{kind} {record}"))


def refer(kind: str, record: str) -> Json:
    """Point at a resource of the same file."""
    return {"reference": f"urn:uuid:{id_of(kind, record)}", "type": kind}


def moment(at: datetime | None) -> str | None:
    """Write a moment with its offset, as an instant has it."""
    return None if at is None else at.isoformat(timespec="seconds")


def period(first: date, last: date | None) -> Json:
    """Write a span of days; one that is open has no end."""
    return kept({"start": first.isoformat(), "end": last.isoformat() if last else None})


def patient(course: Course) -> Json:
    """Write the patient: a code, and name and birth date where the file may name anybody."""
    who = course.patient
    band = {"url": f"{URN}age-band-at-start", "valueString": who.age_band}
    return kept(
        {
            "resourceType": "Patient",
            "id": id_of("Patient", who.id),
            "extension": [band] if who.age_band else [],
            "identifier": [{"system": f"{URN}patient-code", "value": who.code}],
            "name": [{"text": who.name}] if who.name else [],
            "birthDate": who.birth_date.isoformat() if who.birth_date else None,
        }
    )


def episode(course: Course) -> Json:
    """Write the course as an episode of care. Any end is an end: how it came is not told here."""
    return kept(
        {
            "resourceType": "EpisodeOfCare",
            "id": id_of("EpisodeOfCare", course.id),
            "status": "finished" if course.ended_on else "active",
            "type": [concept("treatment", IPT)],
            "patient": refer("Patient", course.patient.id),
            "period": period(course.started_on, course.ended_on),
            "careManager": {"display": course.therapist} if course.therapist else None,
        }
    )


def plan(course: Course) -> Json:
    """Write what was agreed: the protocol, how many sessions, and each focal area in its time."""
    sessions = {
        "kind": "ServiceRequest",
        "code": concept("treatment", IPT),
        "status": _activity(course.ended_on),
        "scheduledTiming": {"repeat": {"count": course.planned_sessions}},
    }
    return {
        "resourceType": "CarePlan",
        "id": id_of("CarePlan", course.id),
        "status": "completed" if course.ended_on else "active",
        "intent": "plan",
        "category": [concept("protocol", course.protocol)],
        "title": IPT.label,
        "subject": refer("Patient", course.patient.id),
        "period": period(course.started_on, course.ended_on),
        "activity": [{"detail": sessions}, *({"detail": _focus(each)} for each in course.focus)],
    }


def _focus(focus: Focus) -> Json:
    return {
        "code": concept("focal-area", focus.area),
        "status": _activity(focus.ended_on),
        "scheduledPeriod": period(focus.started_on, focus.ended_on),
    }


def _activity(ended_on: date | None) -> str:
    return "completed" if ended_on else "in-progress"


def encounter(course: Course, slot: Slot) -> Json:
    """Write one appointment; one that did not take place is cancelled, the extension says why."""
    kind = ("VR", "virtual") if slot.is_remote else ("AMB", "ambulatory")
    status = "entered-in-error" if slot.is_error else ENDS_ALIKE[slot.took_place]
    minutes = {"value": slot.minutes, "unit": "min", "system": UCUM, "code": "min"}
    return kept(
        {
            "resourceType": "Encounter",
            "id": id_of("Encounter", slot.id),
            "extension": list(_more_of(slot)),
            "status": status,
            "class": coding(f"{HL7}v3-ActCode", *kind),
            "type": [concept("session-kind", slot.kind)],
            "subject": refer("Patient", course.patient.id),
            "episodeOfCare": [refer("EpisodeOfCare", course.id)],
            "period": period(slot.held_on, slot.held_on),
            "length": minutes if slot.minutes and slot.took_place else None,
        }
    )


def _more_of(slot: Slot) -> Iterator[Json]:
    told = {"attendance": slot.attendance, "phase": slot.phase, "focal-area": slot.focal_area}
    for area, named in told.items():
        if named is not None:
            yield {"url": f"{URN}{area}", "valueCodeableConcept": concept(area, named)}
    if slot.number is not None:
        yield {"url": f"{URN}session-number", "valueInteger": slot.number}


def mood(course: Course, slot: Slot) -> Json | None:
    """Write the mood of a session, 0 to 10; None where it was not asked."""
    if slot.mood is None:
        return None
    return {
        "resourceType": "Observation",
        "id": id_of("Observation", f"{slot.id} mood"),
        "status": "entered-in-error" if slot.is_error else "final",
        "code": {
            "coding": [own("rating", "mood", "Mood, 0 to 10")],
            "text": "Mood, 0 to 10, said in the session",
        },
        "subject": refer("Patient", course.patient.id),
        "encounter": refer("Encounter", slot.id),
        "effectiveDateTime": slot.held_on.isoformat(),
        "valueQuantity": points(slot.mood),
    }
