"""The rows of each table, patient after patient in the order of their codes.

Every page is a reading of its own, so a slow download holds up nobody who writes, and what the
actor may see is asked again for each page. A file is therefore not a picture of one moment.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.exchange.export_people import COURSES, PATIENTS, SESSIONS
from ipt_tracker.exchange.export_scores import FIDELITY, MEASURE_ITEMS, MEASURES
from ipt_tracker.exchange.table_columns import Row, Table
from ipt_tracker.governance.disguise import age_band
from ipt_tracker.persistence.models import Course, Patient
from ipt_tracker.persistence.queries import exported as query
from ipt_tracker.persistence.queries.exported import Order
from ipt_tracker.services.exports.choice import Choice, chosen_courses
from ipt_tracker.services.exports.ratings import rating_pages
from ipt_tracker.services.unit_of_work import UnitOfWork

PATIENTS_OF_A_PAGE = 100

Begin = Callable[[], UnitOfWork]


@dataclass(frozen=True, slots=True)
class Page:
    """Some patients with their courses, and the unit of work in which they are read."""

    work: UnitOfWork
    patients: Sequence[Patient]
    courses: Sequence[Course]

    @property
    def course_ids(self) -> list[UUID]:
        return [course.id for course in self.courses]


def pages_of(
    table: Table, begin: Begin, choice: Choice, size: int = PATIENTS_OF_A_PAGE
) -> Iterator[list[Row]]:
    """Give the rows of a table page by page, each read when it is asked for.

    Without names the order is one by chance: an order by codes would tell whose each row is.
    """
    if table is FIDELITY:
        yield from rating_pages(begin, choice)
        return
    order = Order.BY_CHANCE if choice.disguised else Order.BY_CODE
    last: Patient | None = None
    while True:
        with begin() as work:
            chosen = chosen_courses(work, choice.which)
            patients = query.patients_after(work.session, chosen, last, order, size)
            rows = _rows(work, table, chosen, patients)
        if not patients:
            return
        yield rows
        last = patients[-1]


def _rows(
    work: UnitOfWork, table: Table, chosen: ColumnElement[bool], patients: Sequence[Patient]
) -> list[Row]:
    if not patients:
        return []
    ids = [patient.id for patient in patients]
    courses = [] if table is PATIENTS else query.courses_of(work.session, chosen, ids)
    place = {patient: at for at, patient in enumerate(ids)}
    in_order = sorted(courses, key=lambda course: place[course.patient_id])
    return list(READ[table.name](Page(work, patients, in_order)))


def _patients(page: Page) -> Iterator[Row]:
    for one in page.patients:
        yield Row(
            one.id,
            {
                "patient": one.code,
                "name": one.name,
                "birth_date": one.birth_date,
                "primary_diagnosis": one.primary_diagnosis,
                "diagnosis_words": one.primary_diagnosis_text,
                "precipitating_event": one.precipitating_event,
                "event_words": one.precipitating_event_text,
                "recorded_at": one.created_at,
            },
        )


def _courses(page: Page) -> Iterator[Row]:
    of = {patient.id: patient for patient in page.patients}
    ids, session = page.course_ids, page.work.session
    therapists, areas = query.therapists(session, ids), query.areas(session, ids)
    for one in page.courses:
        patient = of[one.patient_id]
        yield Row(
            patient.id,
            {
                **_start(patient, one),
                "therapist": therapists.get(one.id),
                "protocol": one.protocol,
                "format": one.format,
                "started_on": one.started_on,
                "ended_on": one.ended_on,
                "status": one.status,
                "disposition": one.disposition,
                "end_reason": one.outcome_reason,
                "planned_sessions": one.planned_sessions,
                "maintenance_sessions": one.maintenance_sessions,
                "session_minutes": one.session_minutes,
                "spacing": one.spacing,
                "contract_agreed_on": one.contract_agreed_on,
                "contract_ends_on": one.contract_ends_on,
                "recording_consent": one.recording_consent,
                "criterion_a": one.criterion_a,
                "age_at_start": age_band(patient.birth_date, one.started_on) or None,
                "focal_areas": areas.get(one.id),
            },
        )


def _start(patient: Patient, course: Course) -> dict[str, Any]:
    return {"patient": patient.code, "course": course.id}


def _sessions(page: Page) -> Iterator[Row]:
    return _in_order(page, query.sessions(page.work.session, page.course_ids))


def _measures(page: Page) -> Iterator[Row]:
    return _in_order(page, query.measures(page.work.session, page.course_ids))


def _in_order(page: Page, found: Any) -> Iterator[Row]:  # noqa: ANN401 -- rows of any columns
    """Put rows that come course by course into the order of the courses."""
    of = {patient.id: patient for patient in page.patients}
    rows: dict[UUID, list[Mapping[str, Any]]] = {course.id: [] for course in page.courses}
    for each in found:
        rows[each.course_id].append(each._mapping)  # noqa: SLF001 -- public by its documentation
    for course in page.courses:
        patient = of[course.patient_id]
        start = _start(patient, course)
        for values in rows[course.id]:
            yield Row(patient.id, start | dict(values))


def _items(page: Page) -> Iterator[Row]:
    for form in _in_order(page, query.answers(page.work.session, page.course_ids)):
        one = INSTRUMENTS.get(str(form.values["instrument"]))
        if one is not None:
            for item, answer, in_total in _answers(one.answer_keys, form.values):
                more = {"item": item, "answer": answer, "in_total": in_total}
                yield Row(form.patient, {**form.values, **more})


def _answers(
    keys: Sequence[str], values: Mapping[str, Any]
) -> Iterator[tuple[str, int | None, bool]]:
    """Give each answer in the order of the form, then what was rated beside the total."""
    given = values["answers"] or {}
    for key in keys:
        yield key, _whole(given.get(key)), True
    for key, answer in (values["beside"] or {}).items():
        yield key, _whole(answer), False


def _whole(answer: object) -> int | None:
    """Give an answer as a number; what a file may have kept in its place is nobody's answer."""
    return int(answer) if isinstance(answer, int) else None


READ: Mapping[str, Callable[[Page], Iterator[Row]]] = {
    PATIENTS.name: _patients,
    COURSES.name: _courses,
    SESSIONS.name: _sessions,
    MEASURES.name: _measures,
    MEASURE_ITEMS.name: _items,
}
