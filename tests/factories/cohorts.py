"""Courses with scores by the dozen, written past the services: what a caseload's figures read."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert
from sqlalchemy.orm import Session

from ipt_tracker.persistence.models import Assignment, Course, FocalAreaSpell, Measure, Patient

NOW = datetime(2026, 3, 11, 10, tzinfo=UTC)
START = date(2025, 9, 1)
LENGTH = timedelta(days=120)


@dataclass(frozen=True, slots=True)
class Score:
    """One administration `day` days after the start."""

    total: int | None
    day: int
    instrument: str = "pcl5_week"
    point: str | None = None
    withdrawn_by: UUID | None = None

    def row(self, course_id: UUID, at: datetime) -> dict[str, Any]:
        withdrawn = self.withdrawn_by is not None
        return {
            "id": uuid4(),
            "course_id": course_id,
            "instrument": self.instrument,
            "taken_on": START + timedelta(days=self.day),
            "status": "complete" if self.total is not None else "not_returned",
            "total": self.total,
            "point": self.point,
            "recorded_at": at,
            "withdrawn_by": self.withdrawn_by,
            "withdrawn_at": at if withdrawn else None,
            "version": 1,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Treated:
    """One course to be: its scores, and where it differs from a completed one of grief."""

    scores: tuple[Score, ...]
    status: str = "completed"
    areas: tuple[str, ...] = ("grief",)
    event: str = "interpersonal_trauma"
    diagnosis: str = "ptsd"
    protocol: str = "IPT-PTSD-14"
    started_on: date = START
    therapist: UUID | None = None


def weekly(*totals: int | None, **more: Any) -> Treated:
    """Give a course with these totals of the PCL-5, a week apart."""
    return Treated(scores=tuple(Score(each, 7 * n) for n, each in enumerate(totals)), **more)


def add_treated(session: Session, *courses: Treated) -> None:
    """Write the courses, the rows of one table at once."""
    rows: dict[type, list[dict[str, Any]]] = {
        table: [] for table in (Patient, Course, Assignment, FocalAreaSpell, Measure)
    }
    for each in courses:
        _add(rows, each)
    for table, found in rows.items():
        if found:
            session.execute(insert(table), found)


def _add(rows: dict[type, list[dict[str, Any]]], each: Treated) -> None:
    patient_id, course_id = uuid4(), uuid4()
    rows[Patient].append(
        {
            "id": patient_id,
            "code": f"C-{patient_id.hex}",
            "primary_diagnosis": each.diagnosis,
            "precipitating_event": each.event,
            "created_at": NOW,
        }
    )
    rows[Course].append(
        {
            "id": course_id,
            "patient_id": patient_id,
            "protocol": each.protocol,
            "phase_map": {},
            "planned_sessions": 14,
            "started_on": each.started_on,
            "ended_on": None if each.status == "active" else each.started_on + LENGTH,
            "status": each.status,
            "created_at": NOW,
        }
    )
    if each.therapist is not None:
        held = {"course_id": course_id, "therapist_id": each.therapist}
        rows[Assignment].append({"id": uuid4(), "started_on": each.started_on, **held})
    for place, area in enumerate(each.areas):
        day = each.started_on + timedelta(weeks=place)
        spell = {"course_id": course_id, "area": area, "started_on": day, "open_place": place + 1}
        rows[FocalAreaSpell].append({"id": uuid4(), **spell})
    for later, score in enumerate(each.scores):
        rows[Measure].append(score.row(course_id, NOW + timedelta(minutes=later)))
