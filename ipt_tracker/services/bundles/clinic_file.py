"""The file of a whole clinic: every course, one at a time, then all that belongs to no course."""

import hashlib
from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import select

from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import Course, Patient
from ipt_tracker.services.bundles.finding import of_the_clinic
from ipt_tracker.services.bundles.holds import Holds
from ipt_tracker.services.bundles.naming import Names, Rows, named
from ipt_tracker.services.bundles.tables import STAFF
from ipt_tracker.services.bundles.writing import SCHEMA, Case, as_text, head, in_file, named_case
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork

EVERYTHING = Holds(draws=True)
SAID_OUTSIDE = ("session_record.",)
"""Rows of a course, beside the course and its patient, that the clinic's own rows name."""


def clinic_bundle(work: UnitOfWork, version: str) -> Iterator[bytes]:
    """Give the file piece by piece, one course in memory at a time; write it down at the end."""
    digest, size = hashlib.sha256(), 0
    whole = Whole(work)
    for piece in _pieces(whole, version):
        digest.update(piece)
        size += len(piece)
        yield piece
    work.audit(
        Event.CLINIC_EXPORTED,
        Subject("clinic", "records"),
        format=SCHEMA,
        courses=len(whole.courses),
        bytes=size,
        sha256=digest.hexdigest(),
    )


def _pieces(whole: "Whole", version: str) -> Iterator[bytes]:
    yield as_text(head(version))[:-1].encode() + b',"cases":['
    for place, course in enumerate(whole.courses):
        yield (b",\n" if place else b"\n") + as_text(whole.case(course)).encode()
    yield b'\n],"clinic":' + as_text(whole.clinic()).encode() + b"}\n"


class Whole:
    """A clinic while it is written: the names of what is outside the courses, and of sessions."""

    def __init__(self, work: UnitOfWork) -> None:
        self._session = work.session
        ordered = (
            select(Course.id, Course.patient_id)
            .join(Patient, Patient.id == Course.patient_id)
            .order_by(Patient.code, Course.created_at, Course.case_id)
        )
        found = work.session.execute(ordered).all()
        self.courses = [course for course, _ in found]
        self._place = {course: place for place, course in enumerate(self.courses)}
        inside: Names = {}
        for place, (course, patient) in enumerate(found):
            inside[course] = f"{place}/course.1"
            inside.setdefault(patient, f"{place}/patient.1")
        self.rows: Rows = of_the_clinic(work.session)
        people: Rows = {name: self.rows[name] for name in STAFF}
        self._names = named(people, {})
        others = {name: each for name, each in self.rows.items() if name not in STAFF}
        self._names |= named(others, self._names | inside)
        self._inside = inside

    def case(self, course: UUID) -> Case:
        """Give one course."""
        case, own = named_case(self._session, course, EVERYTHING, self._names)
        place = self._place[course]
        for each, name in own.items():
            if name.startswith(SAID_OUTSIDE):
                self._inside[each] = f"{place}/{name}"
        return case

    def clinic(self) -> dict[str, list[dict[str, object]]]:
        """Give all that belongs to no course."""
        return in_file(self.rows, self._names | self._inside)
