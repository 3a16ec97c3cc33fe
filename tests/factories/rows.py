"""A row in every table, written past the services: to see what the database itself refuses."""

from datetime import date
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from ipt_tracker.persistence.base import Base
from ipt_tracker.persistence.engine import Database
from ipt_tracker.persistence.models import (
    Addendum,
    Amendment,
    Appointment,
    ClinicSetting,
    ContactAttempt,
    ContactTask,
    ContractChange,
    Draft,
    FocalAreaSpell,
    Goal,
    GroupLeader,
    GroupMember,
    GroupSession,
    ImportedCase,
    InventoryPerson,
    LifeEvent,
    Measure,
    NoteStep,
    ProcessNote,
    SafetyPrompt,
    SecondKeying,
    SessionRecord,
    SignIn,
    StaffCode,
    TherapyGroup,
    Worksheet,
)
from tests.factories.clinic import NOW, Made, fill_clinic
from tests.factories.evidence_rows import of_evidence
from tests.factories.fidelity_rows import of_a_whole_group, of_fidelity
from tests.factories.report_batches import of_batches
from tests.factories.score_files import of_scores
from tests.factories.security_rows import of_security

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
                    passed_at=NOW,
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
                ContractChange(
                    course_id=course_id,
                    changed_on=TODAY,
                    kind="extension",
                    recorded_by=made.therapist.id,
                ),
                ImportedCase(case_id="X-1", content="{}", warnings=[], imported_at=NOW),
            ]
        )
        measure = session.scalars(select(Measure)).first()
        measure.session_id, measure.recorded_by = record.id, made.therapist.id
        measure.withdrawn_at, measure.withdrawn_by = NOW, made.therapist.id
        session.add_all(_of_a_measure(measure, made))
        record.signed_at, record.signed_by = NOW, made.therapist.id
        record.risk.override_band, record.risk.override_reason = "low", "knows him well"
        spell = session.scalars(select(FocalAreaSpell)).first()
        group = _group(made)
        for row in (
            *_of_the_course(record, spell, made),
            *_of_a_note(record, made),
            group,
            *_of_a_group(group, record, made),
            *of_fidelity(record, made, NOW),
            *of_evidence(made.supervisor.id, NOW),
            *of_security(made, measure.id, NOW),
            *of_batches(made, NOW),
            *of_scores(made, measure.id, NOW),
        ):
            session.add(row)
            session.flush()  # in this order: what is pointed at comes first
    _tie_sessions(database, made)
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


def _of_the_course(record: SessionRecord, spell: FocalAreaSpell, made: Made) -> list[Base]:
    whose = {"course_id": record.course_id, "recorded_by": made.therapist.id, "recorded_at": NOW}
    off = {"removed_at": NOW, "removed_by": made.therapist.id}
    person = InventoryPerson(id=uuid4(), name="Bela", ring=2, **whose, **off)
    task = ContactTask(
        id=uuid4(),
        course_id=record.course_id,
        session_id=record.id,
        because="screener, low band, 4 Mar",
        raised_at=NOW,
        closed_at=NOW,
        closed_by=made.therapist.id,
        outcome="reached",
    )
    return [
        Worksheet(kind="formulation", edition=1, content={}, **whose),
        person,
        LifeEvent(
            kind="loss",
            happened_on=TODAY,
            ended_on=TODAY,
            what="moved out",
            person_id=person.id,
            **whose,
            **off,
        ),
        Goal(what="ring a friend", set_on=TODAY, spell_id=spell.id, **whose, **off),
        task,
        ContactAttempt(
            task_id=task.id,
            way="phone",
            reached=True,
            what="spoke with him",
            tried_by=made.therapist.id,
            tried_at=NOW,
        ),
    ]


def _of_a_note(record: SessionRecord, made: Made) -> list[Base]:
    by = {"written_by": made.therapist.id, "written_at": NOW}
    step = {"taken_by": made.therapist.id, "taken_at": NOW}
    return [
        NoteStep(session_id=record.id, step="signed", **step),
        Addendum(session_id=record.id, text="rang later", reason="new", **by),
        ProcessNote(
            thread=uuid4(),
            edition=1,
            course_id=record.course_id,
            session_id=record.id,
            text="what was said",
            **by,
        ),
    ]


def _group(made: Made) -> TherapyGroup:
    return TherapyGroup(
        id=uuid4(),
        code="G-1",
        protocol="IPT-G-PTSD-16",
        phase_map={},
        planned_sessions=16,
        started_on=TODAY,
        created_at=NOW,
        leaders=[GroupLeader(account_id=made.therapist.id, role="leader", started_on=TODAY)],
        members=[GroupMember(course_id=made.course.id, joined_on=TODAY)],
    )


def _of_a_group(group: TherapyGroup, record: SessionRecord, made: Made) -> list[Base]:
    person = made.therapist.id
    meeting = GroupSession(
        id=uuid4(),
        group_id=group.id,
        slot=1,
        number=1,
        phase="beginning",
        held_on=TODAY,
        signed_by=person,
        signed_at=NOW,
        recorded_by=person,
        created_at=NOW,
        changed_at=NOW,
    )
    return [
        meeting,
        Appointment(
            course_id=record.course_id,
            planned_on=TODAY,
            session_id=record.id,
            group_session_id=meeting.id,
            booked_by=person,
            booked_at=NOW,
            taken_back_at=NOW,
            taken_back_by=person,
        ),
        Draft(
            account_id=person,
            course_id=record.course_id,
            group_id=group.id,
            address="/courses/1/sessions/new",
            fields=[],
            saved_at=NOW,
        ),
    ]


def _tie_sessions(database: Database, made: Made) -> None:
    """Say of one member's record which meeting of the group it belongs to."""
    with database.write() as session, session.begin():
        meeting = session.scalars(select(GroupSession)).one()
        record = session.scalars(
            select(SessionRecord).where(SessionRecord.signed_by == made.therapist.id)
        ).one()
        record.group_session_id = meeting.id
        session.add_all(of_a_whole_group(meeting.id, made, NOW))


def _tie_what_may_be_empty(database: Database, made: Made) -> None:
    """Fill the columns that a unique constraint needs and the clinic leaves empty."""
    table = Base.metadata.tables["course"]
    with database.write() as session, session.begin():
        session.execute(table.update().where(table.c.id == made.course.id).values(case_id="X-1"))


def first_row(session: Any, table: Any, *needed: str) -> dict[str, Any]:
    """Give the first row of a table that has all the columns filled which it can, these first."""
    rows = session.execute(select(table)).mappings().all()

    def filled(row: Any) -> tuple[int, int]:
        return sum(row[name] is not None for name in needed), sum(
            v is not None for v in row.values()
        )

    return dict(max(rows, key=filled))
