"""A course as a FHIR file: read, freed of names where asked, made whole, then written down."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import select

from ipt_tracker.clinical.course.attendance import Attendance, took_place
from ipt_tracker.clinical.course.codes import Code, known, label_of
from ipt_tracker.clinical.course.focal_areas import FOCAL_AREAS, focal_area_label
from ipt_tracker.clinical.course.kinds import Kind
from ipt_tracker.clinical.course.phases import Phase
from ipt_tracker.clinical.course.protocols import PROTOCOLS
from ipt_tracker.clinical.course.records import Modality
from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.clinical.outcome.series import Status
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.exchange import fhir_facts as facts
from ipt_tracker.exchange.fhir import fhir_bytes
from ipt_tracker.exchange.fhir_codes import Named
from ipt_tracker.governance.access import Permission
from ipt_tracker.governance.disguise import Disguise, age_band
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import Course, Measure, SessionRecord
from ipt_tracker.persistence.queries.records import amendments_of
from ipt_tracker.services.amendments import WITHDRAWN as TAKEN_BACK
from ipt_tracker.services.doors import course_subject
from ipt_tracker.services.unit_of_work import UnitOfWork

LONGEST_REASON = 300
NO_REASON = "Say in a few words why the file is needed."
OTHER = "Other"
REMOTE = {Modality.VIDEO, Modality.TELEPHONE}
HAPPENED = frozenset(Status)
"""A form that is still planned is no fact yet."""


def fhir_file(
    work: UnitOfWork, course: Course, reason: str, version: str, disguise: Disguise | None = None
) -> bytes:
    """Write a course that was opened as FHIR R4, and write down that it leaves the building.

    Raises RuleBroken without a reason.
    """
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise RuleBroken(NO_REASON, "reason")
    made = _Reading(work, course, disguise).course_facts(version)
    content = fhir_bytes(made)
    work.audit(
        Event.COURSE_EXPORTED,
        course_subject(course),
        format="fhir",
        without_names=disguise is not None,
        reason=reason.strip(),
        sessions=len(made.slots),
        measures=len(made.forms),
        bytes=len(content),
        sha256=sha256(content).hexdigest(),
        permission=Permission.EXPORT_COURSE,
    )
    return content


@dataclass(frozen=True, slots=True)
class _Reading:
    """One course on its way into a file, with or without names."""

    work: UnitOfWork
    course: Course
    disguise: Disguise | None

    def course_facts(self, version: str) -> facts.Course:
        """Give everything that the file holds: a fixed number of statements."""
        course = self.course
        return facts.Course(
            id=self._id(course.id),
            patient=self._person(),
            protocol=self._protocol(),
            planned_sessions=course.planned_sessions,
            started_on=self._day(course.started_on),
            ended_on=self._day_or_none(course.ended_on),
            therapist=self._therapist(),
            focus=tuple(self._focus()),
            slots=tuple(self._slots()),
            forms=tuple(self._forms()),
            software=f"IPT Tracker {version}",
            made_at=None if self.disguise else self.work.now,
            without_names=self.disguise is not None,
        )

    def _id(self, record: UUID) -> str:
        """Give a record's id, or what stands for it: the same in every file, and no way back."""
        return self.disguise.code(record) if self.disguise else str(record)

    def _day(self, day: date) -> date:
        return self._day_or_none(day) or day

    def _day_or_none(self, day: date | None) -> date | None:
        return self.disguise.day(self.course.patient_id, day) if self.disguise else day

    def _moment(self, at: datetime) -> datetime | None:
        """Give when something was recorded; a file without names does not tell."""
        return None if self.disguise else at

    def _named(self, codes: type[Code], text: str) -> Named:
        """Give a code with its words; words of another clinic can name somebody."""
        code = known(codes, text)
        return Named(str(code), code.label) if code else self._foreign(label_of(codes, text))

    def _foreign(self, words: str) -> Named:
        return Named(None, OTHER if self.disguise else words)

    def _area(self, text: str) -> Named:
        label = focal_area_label(text)
        return Named(text, label) if text in FOCAL_AREAS else self._foreign(label)

    def _protocol(self) -> Named:
        protocol = PROTOCOLS.get(self.course.protocol)
        return (
            Named(protocol.key, protocol.name) if protocol else self._foreign(self.course.protocol)
        )

    def _person(self) -> facts.Person:
        patient = self.course.patient
        band = age_band(patient.birth_date, self.course.started_on)
        if self.disguise:
            code = self.disguise.code(patient.id)
            return facts.Person(id=code, code=code, age_band=band)
        return facts.Person(str(patient.id), patient.code, patient.name, patient.birth_date, band)

    def _therapist(self) -> str:
        held = self.course.assignments
        return held[-1].therapist.display_name if held and not self.disguise else ""

    def _focus(self) -> Iterable[facts.Focus]:
        for spell in self.course.focal_areas:
            days = self._day(spell.started_on), self._day_or_none(spell.ended_on)
            yield facts.Focus(self._area(spell.area), *days)

    def _slots(self) -> Iterable[facts.Slot]:
        own = select(SessionRecord).where(SessionRecord.course_id == self.course.id)
        for row in self.work.session.scalars(own.order_by(SessionRecord.slot)):
            yield facts.Slot(
                id=self._id(row.id),
                held_on=self._day(row.held_on),
                kind=self._named(Kind, row.kind),
                attendance=self._named(Attendance, row.attendance),
                phase=self._named(Phase, row.phase),
                focal_area=self._area(row.focal_area) if row.focal_area else None,
                number=row.number,
                minutes=row.duration_minutes,
                is_remote=row.modality in REMOTE,
                took_place=took_place(row.attendance),
                is_error=row.attendance == Attendance.ENTERED_IN_ERROR,
                mood=row.mood,
            )

    def _forms(self) -> Iterable[facts.Form]:
        own = select(Measure).where(Measure.course_id == self.course.id)
        order = Measure.taken_on, Measure.recorded_at, Measure.id
        corrected = self._corrected()
        for row in self.work.session.scalars(own.order_by(*order)):
            instrument = INSTRUMENTS.get(row.instrument)
            is_told = instrument or not self.disguise  # a name from elsewhere can name somebody
            if row.status in HAPPENED and is_told:
                yield self._form(row, instrument, is_corrected=row.id in corrected)

    def _corrected(self) -> set[UUID]:
        """Give the measures that were put right; to withdraw one is not to put it right."""
        amendments = amendments_of(self.work.session, self.course.id)
        return {
            each.subject_id
            for each in amendments
            if each.subject_kind == "measure" and each.field != TAKEN_BACK
        }

    def _form(
        self, row: Measure, instrument: Instrument | None, *, is_corrected: bool
    ) -> facts.Form:
        return facts.Form(
            id=self._id(row.id),
            instrument=instrument,
            name=row.instrument,
            slot=self._id(row.session_id) if row.session_id else None,
            taken_on=self._day(row.taken_on),
            status=row.status,
            total=row.total,
            lowest=row.lowest,
            highest=row.highest,
            answers=_numbers(row.answers),
            beside=row.beside or {},
            recorded_at=self._moment(row.recorded_at),
            is_withdrawn=row.withdrawn_at is not None,
            is_corrected=is_corrected,
        )


def _numbers(answers: dict[str, Any] | None) -> dict[str, int | None] | None:
    """Give answers as numbers; what a file from elsewhere wrote in words is a blank."""
    if answers is None:
        return None
    return {key: value if isinstance(value, int) else None for key, value in answers.items()}
