"""Ratings of how a session was done: records about the therapist, not the patient."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from ipt_tracker.persistence.base import CODE, Base, HasId

OF_ONE_SESSION = "(session_id IS NULL) <> (group_session_id IS NULL)"
MADE_HERE = text("submitted_at IS NOT NULL")


class FidelityItemSet(HasId, Base):
    """An item set that this site has loaded from a file; a version never changes."""

    __tablename__ = "fidelity_item_set"
    __table_args__ = (UniqueConstraint("key", "version"),)

    key: Mapped[str] = mapped_column(CODE)
    version: Mapped[str] = mapped_column(CODE)
    name: Mapped[str] = mapped_column(String(200))
    content: Mapped[dict[str, Any]]
    loaded_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    loaded_at: Mapped[datetime]


class FidelityRating(HasId, Base):
    """One rater's rating of one session, on one basis. It is amended, never replaced."""

    __tablename__ = "fidelity_rating"
    __table_args__ = (
        CheckConstraint(OF_ONE_SESSION, name="of_one_session"),
        CheckConstraint(
            "role IN ('self', 'supervisor', 'independent', 'consensus')", name="role_is_known"
        ),
        CheckConstraint("global_competence BETWEEN 1 AND 5", name="competence_is_possible"),
        CheckConstraint("alliance BETWEEN 1 AND 5", name="alliance_is_possible"),
        CheckConstraint("minutes_heard BETWEEN 1 AND 600", name="portion_is_possible"),
        CheckConstraint("selection IN ('random', 'chosen')", name="selection_is_known"),
        # What a file brings is history and may hold two of one rater; what is rated here may not.
        Index(
            "uq_fidelity_rating_session_id_rater_id_role",
            *("session_id", "rater_id", "role"),
            unique=True,
            sqlite_where=MADE_HERE,
            postgresql_where=MADE_HERE,
        ),
        Index(
            "uq_fidelity_rating_group_session_id_rater_id_role",
            *("group_session_id", "rater_id", "role"),
            unique=True,
            sqlite_where=MADE_HERE,
            postgresql_where=MADE_HERE,
        ),
    )

    session_id: Mapped[UUID | None] = mapped_column(ForeignKey("session_record.id"), index=True)
    group_session_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("group_session.id"), index=True
    )
    role: Mapped[str] = mapped_column(CODE)
    """As what the rater rated: self, supervisor, independent, or consensus of earlier ratings."""
    rater: Mapped[str] = mapped_column(String(60))
    """Self, or the code by which files and reports name the rater."""
    rater_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"), index=True)
    item_set: Mapped[str] = mapped_column(CODE)
    """The item set, as key@version."""
    basis: Mapped[str | None] = mapped_column(CODE)
    scope: Mapped[str | None] = mapped_column(CODE)
    portion: Mapped[str | None] = mapped_column(String(120))
    """Which part was heard, in words."""
    minutes_heard: Mapped[int | None]
    selection: Mapped[str | None] = mapped_column(CODE)
    """Whether the session was drawn at random or chosen; None where a file does not say."""
    request_id: Mapped[UUID | None] = mapped_column(ForeignKey("rating_request.id"), index=True)
    rated_on: Mapped[date | None]
    items: Mapped[dict[str, Any]]
    proscribed: Mapped[dict[str, Any]]
    global_competence: Mapped[int | None]
    alliance: Mapped[int | None] = mapped_column(SmallInteger)
    remark: Mapped[str | None]
    """The rater's own words, for the feedback or for a consensus."""
    agreed_from: Mapped[list[str] | None]
    """Of a consensus: the ids of the ratings it was reached from."""
    submitted_at: Mapped[datetime | None]
    """None for one that came from a file."""
    extra: Mapped[dict[str, Any] | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own form


class RatingAmendment(HasId, Base):
    """One amended field of a rating. As first submitted, a rating is what these lead back to."""

    __tablename__ = "rating_amendment"

    rating_id: Mapped[UUID] = mapped_column(ForeignKey("fidelity_rating.id"), index=True)
    place: Mapped[int]
    """Its place in the order of this rating's amendments, from 1."""
    field: Mapped[str] = mapped_column(String(200))
    """Such as items.F09.q."""
    old: Mapped[Any] = mapped_column(JSON)
    new: Mapped[Any] = mapped_column(JSON)
    reason: Mapped[str | None]
    author: Mapped[str | None] = mapped_column(String(120))
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    amended_on: Mapped[date]
    recorded_at: Mapped[datetime]
    extra: Mapped[dict[str, Any] | None]


class RatingWaiver(HasId, Base):
    """Somebody gave up rating a session, so that its other ratings may open to them."""

    __tablename__ = "rating_waiver"
    __table_args__ = (
        CheckConstraint(OF_ONE_SESSION, name="of_one_session"),
        UniqueConstraint("session_id", "account_id"),
        UniqueConstraint("group_session_id", "account_id"),
    )

    session_id: Mapped[UUID | None] = mapped_column(ForeignKey("session_record.id"))
    group_session_id: Mapped[UUID | None] = mapped_column(ForeignKey("group_session.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    reason: Mapped[str]
    waived_at: Mapped[datetime]


class RatingRequest(HasId, Base):
    """A session that somebody is to rate: drawn at random or chosen, with why and until when."""

    __tablename__ = "rating_request"
    __table_args__ = (
        CheckConstraint(OF_ONE_SESSION, name="of_one_session"),
        CheckConstraint("role IN ('supervisor', 'independent')", name="role_is_known"),
        CheckConstraint("selection IN ('random', 'chosen')", name="selection_is_known"),
        CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_reason IS NULL)", name="withdrawn_has_a_reason"
        ),
        Index("ix_rating_request_rater_id_withdrawn_at", "rater_id", "withdrawn_at"),
    )

    session_id: Mapped[UUID | None] = mapped_column(ForeignKey("session_record.id"), index=True)
    group_session_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("group_session.id"), index=True
    )
    rater_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    role: Mapped[str] = mapped_column(CODE)
    selection: Mapped[str] = mapped_column(CODE)
    reason: Mapped[str | None]
    """Why this one, where it was chosen: off track, a second rater, the therapist asked."""
    draw_id: Mapped[UUID | None] = mapped_column(ForeignKey("sample_draw.id"), index=True)
    due_on: Mapped[date | None]
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str | None]


class RatingFeedback(HasId, Base):
    """What a supervisor tells the therapist about one rating; the therapist acknowledges it."""

    __tablename__ = "rating_feedback"
    __table_args__ = (
        CheckConstraint(
            "acknowledged_at IS NULL OR acknowledged_by IS NOT NULL",
            name="acknowledged_by_somebody",
        ),
    )

    rating_id: Mapped[UUID] = mapped_column(ForeignKey("fidelity_rating.id"), unique=True)
    keep_doing: Mapped[str | None]
    try_next: Mapped[str | None]
    written_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    sent_at: Mapped[datetime]
    acknowledged_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    acknowledged_at: Mapped[datetime | None]
    answer: Mapped[str | None]
    """What the therapist says to it."""
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own form
