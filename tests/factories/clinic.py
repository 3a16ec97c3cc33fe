"""A small clinic: two therapists with a course each, one supervised, and every other role."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from ipt_tracker.governance.access import Role
from ipt_tracker.persistence.engine import Database
from ipt_tracker.persistence.models import Course, FocalAreaSpell, Measure, Supervision
from ipt_tracker.services.sessions import MedicationEntry
from ipt_tracker.services.unit_of_work import UnitOfWork, reading, writing
from tests.factories.courses import (
    CourseRef,
    add_course,
    add_focus,
    add_measure,
    add_session,
    measure,
)
from tests.factories.people import Person, add_person, add_supervision
from tests.factories.stores import Store

NOW = datetime(2026, 3, 11, 10, tzinfo=UTC)
FIRST_DAY = date(2026, 1, 7)
WEEK = timedelta(weeks=1)
PCL5 = (58, 55, 49, 44, 41, 33)
"""Totals of the first course, one for each session that took place."""


@dataclass(frozen=True, slots=True)
class Made:
    """Who and what the clinic is made of."""

    therapist: Person
    therapist2: Person
    supervisor: Person
    admin: Person
    auditor: Person
    assessor: Person
    course: CourseRef
    course2: CourseRef
    supervision: UUID


@dataclass(frozen=True, slots=True)
class Clinic:
    """The clinic of one test: its people, its courses, and its database, open beside the app's.

    `course` belongs to `therapist`, whom `supervisor` supervises; `course2` to `therapist2`, whom
    nobody supervises. The next slot of `course` is 7, its next session number 7.
    """

    store: Store
    database: Database
    people: Made
    now: datetime = NOW
    today: date = field(default=NOW.date())

    @property
    def therapist(self) -> Person:
        return self.people.therapist

    @property
    def therapist2(self) -> Person:
        return self.people.therapist2

    @property
    def supervisor(self) -> Person:
        return self.people.supervisor

    @property
    def admin(self) -> Person:
        return self.people.admin

    @property
    def auditor(self) -> Person:
        return self.people.auditor

    @property
    def assessor(self) -> Person:
        return self.people.assessor

    @property
    def course(self) -> CourseRef:
        return self.people.course

    @property
    def course2(self) -> CourseRef:
        return self.people.course2

    def writing(self, person: Person | None = None) -> UnitOfWork:
        """Begin a unit of work of this person, or of the command line."""
        return writing(self.database, self._actor(person), self.now, self.today)

    def reading(self, person: Person | None = None) -> UnitOfWork:
        """Begin a unit of work that only reads."""
        return reading(self.database, self._actor(person), self.now, self.today)

    def _actor(self, person: Person | None):
        if person is None:
            return None
        return person.actor(*([self.therapist] if person == self.supervisor else []))


def fill_clinic(database: Database) -> Made:
    """Put the clinic into an empty database."""
    with writing(database, None, NOW, NOW.date()) as work:
        therapist = add_person(work, "therapist@clinic.example", "R. Calder", Role.THERAPIST)
        therapist2 = add_person(work, "therapist2@clinic.example", "A. Okafor", Role.THERAPIST)
        supervisor = add_person(work, "supervisor@clinic.example", "I. Marlowe", Role.SUPERVISOR)
        admin = add_person(work, "admin@clinic.example", "S. Lindqvist", Role.ADMINISTRATOR)
        auditor = add_person(work, "auditor@clinic.example", "E. Brandvold", Role.AUDITOR)
        assessor = add_person(work, "assessor@clinic.example", "J. Moreau", Role.ASSESSOR)
        add_supervision(work, supervisor, therapist, date(2025, 9, 1))
    with writing(database, therapist.actor(), NOW, NOW.date()) as work:
        course = _long_course(work)
    with writing(database, therapist2.actor(), NOW, NOW.date()) as work:
        course2 = _short_course(work)
        supervision = work.session.scalars(select(Supervision.id)).one()
    people = (therapist, therapist2, supervisor, admin, auditor, assessor)
    return Made(*people, course, course2, supervision)


def _long_course(work: UnitOfWork) -> CourseRef:
    """Seven slots, six of them held, with a PCL-5 each and a CAPS-5 before the first."""
    course = add_course(work, FIRST_DAY, code="T-101", name="Imre Solberg")
    add_measure(work, course, measure("caps5_month", FIRST_DAY, 41, point="baseline"))
    add_focus(work, course, "role_transition", FIRST_DAY + 2 * WEEK)
    work.session.refresh(course)
    slots = []
    for slot in range(7):
        day = FIRST_DAY + slot * WEEK
        missed = slot == 4
        number = None if missed else slot + (slot < 4)
        kept = () if missed else (measure("pcl5_week", day, PCL5[(number or 1) - 1]),)
        record = add_session(
            work,
            course,
            *kept,
            held_on=day,
            number=number,
            attendance="no_show" if missed else "attended",
            duration_minutes=None if missed else 50,
            mood=None if missed else 4,
            focal_area="role_transition" if slot > 1 and not missed else None,
            medication=MedicationEntry("sertraline", "started") if slot == 3 else None,
        )
        slots.append(record.slot)
    return _reference(work, course, slots)


def _short_course(work: UnitOfWork) -> CourseRef:
    course = add_course(work, FIRST_DAY, code="T-202", name="Wanda Kestrel")
    add_focus(work, course, "grief", FIRST_DAY)
    first = measure("pcl5_week", FIRST_DAY, 47)
    slots = [add_session(work, course, first, held_on=FIRST_DAY, number=1).slot]
    return _reference(work, course, slots)


def _reference(work: UnitOfWork, course: Course, slots: list[int]) -> CourseRef:
    measures = select(Measure.id).where(Measure.course_id == course.id)
    spells = select(FocalAreaSpell.id).where(FocalAreaSpell.course_id == course.id)
    return CourseRef(
        course.id,
        course.patient_id,
        course.patient.code,
        course.patient.name,
        tuple(slots),
        tuple(work.session.scalars(measures.order_by(Measure.taken_on, Measure.instrument))),
        tuple(work.session.scalars(spells)),
    )
