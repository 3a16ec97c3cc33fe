"""The change and its audit row are kept together or not at all, and a reader cannot write."""

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import AuditEntry, Patient
from ipt_tracker.services.unit_of_work import Subject
from tests.factories.audit import broken_audit
from tests.factories.stores import on_every_engine

pytestmark = on_every_engine
SUBJECT = Subject("patient", "x")


def rows(clinic):
    with clinic.reading() as work:
        patients = work.session.scalar(select(func.count()).select_from(Patient))
        audited = work.session.scalar(select(func.count()).select_from(AuditEntry))
    return patients, audited


def add_patient(work, code="NEW-1"):
    work.session.add(
        Patient(code=code, created_at=work.now, primary_diagnosis="x", precipitating_event="x")
    )


def test_a_change_and_its_audit_row_are_kept_together(clinic):
    patients, audited = rows(clinic)

    with clinic.writing(clinic.therapist) as work:
        add_patient(work)
        work.audit(Event.PATIENT_CHANGED, SUBJECT)

    assert rows(clinic) == (patients + 1, audited + 1)


def test_an_exception_keeps_neither_the_change_nor_its_audit_row(clinic):
    before = rows(clinic)

    def change_and_fail():
        with clinic.writing(clinic.therapist) as work:
            add_patient(work)
            work.audit(Event.PATIENT_CHANGED, SUBJECT)
            work.session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change_and_fail()

    assert rows(clinic) == before


def test_a_change_whose_audit_row_fails_is_not_kept(clinic):
    before = rows(clinic)

    def change():
        with clinic.writing(clinic.therapist) as work:
            add_patient(work)
            work.audit(Event.PATIENT_CHANGED, SUBJECT)

    with broken_audit(clinic.database), pytest.raises(DBAPIError, match="disk of the audit"):
        change()

    assert rows(clinic) == before


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE patient SET name = 'Another'",
        "DELETE FROM measure",
        "INSERT INTO staff_code (code, account_id) SELECT 'X', id FROM account",
        "CREATE TABLE another (id integer)",
    ],
)
def test_a_reading_unit_cannot_write_whatever_the_statement(clinic, statement):
    with clinic.reading(clinic.therapist) as work, pytest.raises(DBAPIError) as refused:
        work.session.execute(text(statement))

    assert any(word in str(refused.value.orig).lower() for word in ("readonly", "read-only"))


def test_a_connection_that_read_can_write_when_it_is_next_taken_for_writing(clinic):
    for number in range(12):  # more than the pool holds, so that each is used for both
        with clinic.reading() as work:
            work.session.scalar(select(func.count()).select_from(Patient))
        with clinic.writing() as work:
            add_patient(work, f"NEW-{number}")

    assert rows(clinic)[0] == 2 + 12


def test_a_reading_units_audit_row_is_committed_at_once_and_stays_when_the_reading_fails(clinic):
    _, audited = rows(clinic)

    def read_and_fail():
        with clinic.reading(clinic.therapist) as work:
            work.audit(Event.COURSE_OPENED, SUBJECT)
            assert rows(clinic)[1] == audited + 1
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        read_and_fail()

    assert rows(clinic)[1] == audited + 1


def test_an_audit_row_says_who_when_what_and_about_whom(clinic):
    with clinic.writing(clinic.therapist) as work:
        subject = Subject("course", clinic.course.id, clinic.course.patient_id)
        work.audit(Event.COURSE_CHANGED, subject, fields=["spacing"])

    with clinic.reading() as work:
        row = work.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (row.at, row.actor_id, row.event) == (clinic.now, clinic.therapist.id, "course.changed")
    assert (row.subject_kind, row.subject_id) == ("course", str(clinic.course.id))
    assert (row.patient_id, row.details) == (clinic.course.patient_id, {"fields": ["spacing"]})


FORGERIES = {
    "sqlite": (
        "UPDATE audit_entry SET event = 'x'",
        "DELETE FROM audit_entry",
        "INSERT OR REPLACE INTO audit_entry (id, at, event) VALUES (1, '2020-01-01', 'forged')",
    ),
    "postgresql": (
        "UPDATE audit_entry SET event = 'x'",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
    ),
}


@pytest.mark.parametrize("number", [0, 1, 2])
def test_no_statement_changes_an_audit_row_that_is_there(clinic, number):
    before = rows(clinic)

    statement = FORGERIES[clinic.database.engine.dialect.name][number]
    with pytest.raises(DBAPIError, match="append-only"), clinic.writing() as work:
        work.session.execute(text(statement))

    assert rows(clinic) == before


def test_what_was_read_can_still_be_shown_when_the_reading_has_ended(clinic):
    with clinic.reading() as work:
        patient = work.session.get(Patient, clinic.course.patient_id)

    assert patient.name == clinic.course.name
