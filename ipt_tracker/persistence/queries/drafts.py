"""Drafts of one account: the one of an address, and those of the courses that are open to it."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ipt_tracker.governance.access import Actor
from ipt_tracker.persistence.models import Course, Draft
from ipt_tracker.persistence.visibility import visible_to


def draft_at(session: Session, account_id: UUID, address: str) -> Draft | None:
    """Give the draft that this account has of the form at this address."""
    return session.scalar(
        select(Draft).where(Draft.account_id == account_id, Draft.address == address)
    )


def drafts_open_to(session: Session, actor: Actor, today: date) -> list[Draft]:
    """Give the actor's own drafts of the courses that they may open today, newest first."""
    found = session.scalars(
        select(Draft)
        .join(Course, Course.id == Draft.course_id)
        .where(Draft.account_id == actor.id, visible_to(actor, today))
        .order_by(Draft.saved_at.desc(), Draft.address)
    )
    return list(found)
