"""Reports of a caseload: which courses can be asked for, and how far each part is."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, undefer

from ipt_tracker.governance.access import Actor
from ipt_tracker.persistence.models import Course, Patient, ReportBatch, ReportBatchPart
from ipt_tracker.persistence.visibility import visible_to


@dataclass(frozen=True, slots=True)
class Choice:
    """A course that can be asked for, by its patient."""

    course_id: UUID
    code: str
    name: str | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class PartFound:
    """One course of a batch and how far its report is, without the report itself."""

    id: UUID
    course_id: UUID
    patient_id: UUID
    code: str
    has_report: bool
    was_made: bool
    left_out: str | None


def choices(session: Session, actor: Actor, today: date) -> tuple[Choice, ...]:
    """List the courses that the actor may see, those under way first, by code."""
    is_open = Course.ended_on.is_(None)
    found = session.execute(
        select(Course.id, Patient.code, Patient.name, is_open)
        .join(Patient)
        .where(visible_to(actor, today))
        .order_by(is_open.desc(), Patient.code, Course.started_on, Course.id)
    )
    return tuple(Choice(*row) for row in found)


def visible(session: Session, actor: Actor, today: date, batch_id: UUID) -> frozenset[UUID]:
    """Name those courses of a batch that the actor may see today."""
    own = select(ReportBatchPart.course_id).where(ReportBatchPart.batch_id == batch_id)
    found = select(Course.id).where(Course.id.in_(own), visible_to(actor, today))
    return frozenset(session.scalars(found))


def newest(session: Session, account_id: UUID, limit: int) -> list[ReportBatch]:
    """List what somebody asked for, the newest first."""
    own = select(ReportBatch).where(ReportBatch.asked_by == account_id)
    return list(session.scalars(own.order_by(ReportBatch.asked_at.desc()).limit(limit)))


def counts(session: Session, batch_ids: list[UUID]) -> dict[UUID, int]:
    """Count the courses of some batches."""
    found = session.execute(
        select(ReportBatchPart.batch_id, func.count().label("courses"))
        .where(ReportBatchPart.batch_id.in_(batch_ids))
        .group_by(ReportBatchPart.batch_id)
    )
    return {row.batch_id: row.courses for row in found}


def parts(session: Session, batch_id: UUID) -> tuple[PartFound, ...]:
    """List the courses of a batch in their order."""
    found = session.execute(
        select(
            ReportBatchPart.id,
            ReportBatchPart.course_id,
            Course.patient_id,
            Patient.code,
            ReportBatchPart.content.is_not(None),
            ReportBatchPart.made_at.is_not(None),
            ReportBatchPart.left_out,
        )
        .join(Course, Course.id == ReportBatchPart.course_id)
        .join(Patient, Patient.id == Course.patient_id)
        .where(ReportBatchPart.batch_id == batch_id)
        .order_by(ReportBatchPart.place)
    )
    return tuple(PartFound(*row) for row in found)


def next_part(session: Session, batch_id: UUID) -> ReportBatchPart | None:
    """Give the first part of a batch that is neither made nor left out."""
    own = select(ReportBatchPart).where(ReportBatchPart.batch_id == batch_id, _awaited())
    return session.scalars(own.order_by(ReportBatchPart.place).limit(1)).first()


def with_reports(session: Session, batch_id: UUID) -> list[ReportBatchPart]:
    """Give the parts of a batch whose reports are there, with the reports."""
    made = select(ReportBatchPart).where(
        ReportBatchPart.batch_id == batch_id, ReportBatchPart.content.is_not(None)
    )
    wanted = made.options(undefer(ReportBatchPart.content))
    return list(session.scalars(wanted.order_by(ReportBatchPart.place)))


def running(session: Session, account_id: UUID, since: datetime) -> ReportBatch | None:
    """Give what somebody asked for since then that is being made or waits to be taken."""
    waits = (
        select(ReportBatchPart.id)
        .where(ReportBatchPart.batch_id == ReportBatch.id)
        .where(_awaited() | ReportBatchPart.content.is_not(None))
    )
    return session.scalars(
        select(ReportBatch)
        .where(ReportBatch.asked_by == account_id, ReportBatch.asked_at > since, _goes_on())
        .where(waits.exists())
        .limit(1)
    ).first()


def old(session: Session, until: datetime) -> list[ReportBatch]:
    """List what was asked for until then and neither taken nor cancelled since."""
    return list(
        session.scalars(
            select(ReportBatch)
            .where(ReportBatch.asked_at <= until, _goes_on())
            .order_by(ReportBatch.asked_at)
            .with_for_update()
        )
    )


def held(session: Session, batch_id: UUID) -> ReportBatch | None:
    """Give a batch and keep other writers off it until the transaction ends."""
    return session.scalars(
        select(ReportBatch).where(ReportBatch.id == batch_id).with_for_update()
    ).one_or_none()


def _awaited() -> ColumnElement[bool]:
    return ReportBatchPart.made_at.is_(None) & ReportBatchPart.left_out.is_(None)


def _goes_on() -> ColumnElement[bool]:
    return ReportBatch.taken_at.is_(None) & ReportBatch.cancelled_at.is_(None)
