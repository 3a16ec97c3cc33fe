"""A row in every table, written past the services: to see what the database itself refuses."""

from datetime import date
from typing import Any

from sqlalchemy import select

from ipt_tracker.persistence.base import Base
from ipt_tracker.persistence.engine import Database
from ipt_tracker.persistence.models import (
    Amendment,
    ClinicSetting,
    ContractChange,
    FidelityRating,
    ImportedCase,
    Measure,
    SafetyPrompt,
    SecondKeying,
    SessionRecord,
    SignIn,
    StaffCode,
)
from tests.factories.clinic import NOW, Made, fill_clinic

TODAY = date(2026, 3, 11)


def fill_every_table(database: Database) -> Made:
    """Put the clinic into an empty database, and a row into each table that it leaves empty."""
    made = fill_clinic(database)
    with database.write() as session, session.begin():
        record = session.scalars(select(SessionRecord)).first()
        course_id = made.course.id
        session.add_all(
            [
                SignIn(
                    account_id=made.therapist.id,
                    token_digest="d" * 64,
                    created_at=NOW,
                    last_seen_at=NOW,
                ),
                StaffCode(code="TH-01", account_id=made.therapist.id),
                Amendment(
                    course_id=course_id,
                    subject_kind="course",
                    subject_id=course_id,
                    field="spacing",
                    old="weekly",
                    new="fortnightly",
                    author_id=made.therapist.id,
                    amended_on=TODAY,
                    recorded_at=NOW,
                ),
                ContractChange(course_id=course_id, changed_on=TODAY, kind="extension"),
                FidelityRating(
                    session_id=record.id,
                    rater="SUP-01",
                    rater_id=made.supervisor.id,
                    items={},
                    proscribed={},
                ),
                ImportedCase(case_id="X-1", content="{}", warnings=[], imported_at=NOW),
            ]
        )
        measure = session.scalars(select(Measure)).first()
        measure.session_id, measure.recorded_by = record.id, made.therapist.id
        measure.withdrawn_at, measure.withdrawn_by = NOW, made.therapist.id
        session.add_all(_of_a_measure(measure, made))
    _tie_what_may_be_empty(database, made)
    return made


def _of_a_measure(measure: Measure, made: Made) -> list[Base]:
    person = made.therapist.id
    return [
        ClinicSetting(name="cut.PCL-5", value="cut_31@1", set_by=person, set_at=NOW),
        SecondKeying(
            measure_id=measure.id,
            answers={},
            beside={},
            differing=[],
            keyed_by=person,
            keyed_at=NOW,
        ),
        SafetyPrompt(
            course_id=made.course.id,
            measure_id=measure.id,
            item="self_harm",
            reason="positive",
            answer=1,
            raised_at=NOW,
            acknowledged_at=NOW,
            acknowledged_by=person,
            done="asked",
            action="asked directly",
        ),
    ]


def _tie_what_may_be_empty(database: Database, made: Made) -> None:
    """Fill the columns that a unique constraint needs and the clinic leaves empty."""
    table = Base.metadata.tables["course"]
    with database.write() as session, session.begin():
        session.execute(table.update().where(table.c.id == made.course.id).values(case_id="X-1"))


def first_row(session: Any, table: Any) -> dict[str, Any]:
    """Give the first row of a table that has all the columns filled which it can."""
    rows = session.execute(select(table)).mappings().all()
    return dict(max(rows, key=lambda row: sum(value is not None for value in row.values())))
