"""Every course with its first and last score as one frame: two statements, whatever the caseload.

The database reduces the scores to a line for each course and form; a frame does the rest.
"""

from collections.abc import Collection, Iterator
from datetime import date
from uuid import UUID

import pandas as pd
from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    String,
    Subquery,
    func,
    or_,
    select,
    true,
    type_coerce,
)
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from ipt_tracker.clinical.evidence.caseload_benchmark import BenchmarkFilter
from ipt_tracker.governance.access import Actor
from ipt_tracker.persistence.models import Course, FocalAreaSpell, Measure, Patient
from ipt_tracker.persistence.visibility import visible_to

FACTS = ("course_id", "status", "protocol", "event", "diagnosis", "focal_area")
SCORES = ("course_id", "instrument", "scores", "first_on", "last_on", "newest", "first", "last")
LAST_PLACE = 3  # after the two places that an open focal area can have


def courses(
    session: Session, actor: Actor | None, today: date, filters: BenchmarkFilter
) -> pd.DataFrame:
    """Give what is known of each course that counts; without an actor, of the whole instance."""
    main = _main_areas()
    query = (
        select(
            _quick(Course.id),
            Course.status,
            Course.protocol,
            Patient.precipitating_event,
            Patient.primary_diagnosis,
            main.c.area,
        )
        .join(Patient, Patient.id == Course.patient_id)
        .outerjoin(main, (main.c.course_id == Course.id) & (main.c.place == 1))
        .where(*_counted(actor, today, filters))
    )
    if filters.focal_area:
        query = query.where(main.c.area == filters.focal_area)
    return pd.DataFrame.from_records([tuple(row) for row in session.execute(query)], columns=FACTS)


def scores(
    session: Session, actor: Actor | None, today: date, instruments: Collection[str]
) -> pd.DataFrame:
    """Give first and last total of the treatment for each visible course and form.

    The number of totals, their first and last day and when the newest of them was recorded go
    with them. A follow-up is not of the treatment, and
    what was withdrawn counts for nothing. All is read out of one index.
    """
    query = (
        select(
            Measure.course_id.label("course_id"),
            Measure.instrument.label("instrument"),
            func.count().label("scores"),
            func.min(Measure.taken_on).label("first_on"),
            func.max(Measure.taken_on).label("last_on"),
            func.max(Measure.recorded_at).label("newest"),
        )
        .where(Measure.instrument.in_(sorted(instruments)), *_of_treatment(Measure))
        .group_by(Measure.instrument, Measure.course_id)
    )
    if actor is not None:
        mine = select(Course.id).where(visible_to(actor, today))
        query = query.where(Measure.course_id.in_(mine))
    found = query.subquery()
    ends = (_end(found, newest=False), _end(found, newest=True))
    _, *facts = found.c
    rows = session.execute(select(_quick(found.c.course_id), *facts, *ends))
    return pd.DataFrame.from_records([tuple(row) for row in rows], columns=SCORES)


def _quick(course_id: ColumnElement[UUID] | InstrumentedAttribute[UUID]) -> ColumnElement[str]:
    """Take the id as the driver gives it: making an object of each costs as much as the scores."""
    return type_coerce(course_id, String)


def _end(found: Subquery, *, newest: bool) -> ScalarSelect[int | None]:
    """Select the total at one end of a course; two of one day stand as they were entered."""
    one = aliased(Measure)
    order = (one.taken_on, one.recorded_at, one.id)
    return (
        select(one.total)
        .where(one.course_id == found.c.course_id, one.instrument == found.c.instrument)
        .where(*_of_treatment(one))
        .order_by(*(each.desc() if newest else each for each in order))
        .limit(1)
        .correlate(found)
        .scalar_subquery()
    )


def _of_treatment(measure: type[Measure]) -> tuple[ColumnElement[bool], ...]:
    follow_up = measure.point.startswith("follow_up", autoescape=True)
    return (
        measure.total.is_not(None),
        measure.withdrawn_at.is_(None),
        or_(measure.point.is_(None), ~follow_up),
    )


def _counted(
    actor: Actor | None, today: date, filters: BenchmarkFilter
) -> Iterator[ColumnElement[bool]]:
    """Select the courses that count, all but by focal area."""
    yield true() if actor is None else visible_to(actor, today)
    if filters.ended_only:
        yield Course.ended_on.is_not(None)
    if filters.since is not None:
        yield Course.started_on >= filters.since
    if filters.until is not None:
        yield Course.started_on <= filters.until
    wanted = (
        (Course.protocol, filters.protocol),
        (Patient.precipitating_event, filters.event),
        (Patient.primary_diagnosis, filters.diagnosis),
    )
    yield from (column == code for column, code in wanted if code)


def _main_areas() -> Subquery:
    """Put the focal areas of a course in order: the one taken up first leads."""
    order = (
        FocalAreaSpell.started_on,
        func.coalesce(FocalAreaSpell.open_place, LAST_PLACE),
        FocalAreaSpell.area,
        FocalAreaSpell.id,
    )
    place = func.row_number().over(partition_by=FocalAreaSpell.course_id, order_by=order)
    return select(FocalAreaSpell.course_id, FocalAreaSpell.area, place.label("place")).subquery()
