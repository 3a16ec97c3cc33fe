"""How long records are kept, what is held by law, and what removing takes away."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import AccessDenied
from ipt_tracker.persistence.base import Base
from ipt_tracker.persistence.erasure import erase_patient
from ipt_tracker.persistence.models import AuditEntry, Course, LegalHold, Patient
from ipt_tracker.services.retention import (
    is_past,
    lift_hold,
    read_kept,
    remove_records,
    set_hold,
    set_years,
)
from tests.factories.rows import fill_every_table
from tests.factories.stores import on_every_engine
from tests.factories.tables import contents, differences

AN_ORDER = "A court asked for them."


def end_course(clinic, course):
    """End the course on its newest day and give that day."""
    with clinic.writing() as work:
        found = work.session.get(Course, course.id)
        found.status, found.ended_on = "completed", clinic.today
        found.disposition = "completed"
    return clinic.today


def keep_for(clinic, years):
    with clinic.writing(clinic.admin) as work:
        set_years(work, years)


def hold(clinic, code, reason=AN_ORDER):
    with clinic.writing(clinic.admin) as work:
        return set_hold(work, code, reason).id


def later(clinic, years=11):
    """Give the clinic as it is years from now."""
    now = clinic.now + timedelta(days=366 * years)
    return replace(clinic, now=now, today=now.date())


@pytest.mark.parametrize(
    ("last", "years", "today", "past"),
    [
        (date(2016, 3, 11), 10, date(2026, 3, 11), False),
        (date(2016, 3, 11), 10, date(2026, 3, 12), True),
        (date(2016, 2, 29), 1, date(2017, 2, 28), False),
        (date(2016, 2, 29), 1, date(2017, 3, 1), True),
    ],
)
def test_the_period_ends_with_the_same_day_of_a_later_year(last, years, today, past):
    assert is_past(last, years, today) is past


def test_without_a_period_nothing_is_past_it(clinic):
    end_course(clinic, clinic.course)

    with later(clinic, 100).writing(clinic.admin) as work:
        kept = read_kept(work)

    assert (kept.years, kept.past) == (None, ())


@on_every_engine
def test_a_patient_is_past_the_period_when_every_course_ended_long_ago(clinic):
    last = end_course(clinic, clinic.course)
    keep_for(clinic, 10)

    with later(clinic).writing(clinic.admin) as work:
        kept = read_kept(work)

    assert [(each.code, each.last_day, each.held) for each in kept.past] == [
        (clinic.course.code, last, False)
    ]


@pytest.mark.parametrize("years", [0, -1, 101])
def test_a_period_that_cannot_be_meant_is_refused(clinic, years):
    with pytest.raises(RuleBroken, match="1 to 100"), clinic.writing(clinic.admin) as work:
        set_years(work, years)


@pytest.mark.parametrize("who", ["therapist", "supervisor"])
def test_only_administrators_hold_records_or_choose_the_period(clinic, who):
    person = getattr(clinic, who)
    for act in (
        lambda work: set_years(work, 10),
        lambda work: set_hold(work, clinic.course.code, AN_ORDER),
        read_kept,
    ):
        with pytest.raises(AccessDenied), clinic.writing(person) as work:
            act(work)


def test_a_hold_is_set_once_lifted_with_a_reason_and_both_are_audited(clinic):
    held = hold(clinic, clinic.course.code)
    with pytest.raises(RuleBroken, match="held already"):
        hold(clinic, clinic.course.code)

    with clinic.writing(clinic.admin) as work:
        lift_hold(work, work.session.get(LegalHold, held), "the case is closed")
        kept = read_kept(work)

    assert [(each.reason, each.lifted_why) for each in kept.holds] == [
        (AN_ORDER, "the case is closed")
    ]
    with clinic.reading() as work:
        rows = work.session.scalars(
            select(AuditEntry).where(AuditEntry.event.like("hold.%")).order_by(AuditEntry.id)
        ).all()
    assert [(row.event, row.patient_id) for row in rows] == [
        ("hold.set", clinic.course.patient_id),
        ("hold.lifted", clinic.course.patient_id),
    ]


def test_a_code_that_nobody_has_is_refused(clinic):
    with pytest.raises(RuleBroken, match="No patient has this code"):
        hold(clinic, "NOBODY-1")


@on_every_engine
def test_records_are_removed_only_past_the_period_without_a_hold_and_without_a_course(clinic):
    code = clinic.course.code
    before = contents(clinic.database)

    def refused(because):
        with pytest.raises(RuleBroken, match=because), later(clinic).writing() as work:
            remove_records(work, code)

    refused("No period of retention")
    keep_for(clinic, 10)
    refused("under way")
    end_course(clinic, clinic.course)
    held = hold(clinic, code)
    refused("are held")
    with clinic.writing(clinic.admin) as work:
        lift_hold(work, work.session.get(LegalHold, held), "closed")
    with pytest.raises(RuleBroken, match="less than 10 years ago"), clinic.writing() as work:
        remove_records(work, code)
    assert set(differences(before, contents(clinic.database))) == {
        "clinic_setting",
        "course",
        "legal_hold",
    }

    with later(clinic).writing() as work:
        removed = remove_records(work, code)

    assert removed["patient"] == 1
    assert removed["session_record"] > 0
    with clinic.reading() as work:
        assert work.session.get(Patient, clinic.course.patient_id) is None
        assert work.session.get(Patient, clinic.course2.patient_id) is not None
        last = work.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (last.event, last.patient_id) == ("records.removed", clinic.course.patient_id)


def test_removing_leaves_no_row_of_the_patient_in_any_table_and_touches_nobody_elses(database):
    made = fill_every_table(database)
    patient, other = made.course.patient_id, made.course2.patient_id
    counted = {table.name: 0 for table in Base.metadata.sorted_tables}
    with database.write() as session, session.begin():
        for table in Base.metadata.sorted_tables:
            counted[table.name] = session.scalar(select(func.count()).select_from(table))
        others = session.scalar(
            select(func.count()).select_from(Course).where(Course.patient_id == other)
        )
        removed = erase_patient(session, patient)

    left = contents(database)
    said = "\n".join(str(rows) for rows in left.values())
    for gone in (patient, made.course.id, *made.course.measures, *made.course.spells):
        assert str(gone) not in said
    assert {name: len(left[name]) for name in left} == {
        name: counted[name] - removed.get(name, 0) for name in left
    }
    assert "X-1" not in str(left["imported_case"])
    with database.read() as session:
        courses = select(func.count()).select_from(Course).where(Course.patient_id == other)
        assert session.scalar(courses) == others


def test_every_table_that_points_at_a_patient_is_emptied_of_theirs(database):
    made = fill_every_table(database)
    with database.write() as session, session.begin():
        removed = erase_patient(session, made.course.patient_id)

    reached = {"patient"}
    for table in Base.metadata.sorted_tables:
        if any(fk.column.table.name in reached for fk in table.foreign_keys):
            reached.add(table.name)
    assert reached | {"imported_case"} == set(removed)
