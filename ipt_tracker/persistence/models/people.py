"""Accounts, who supervises whom, and who is signed in."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ipt_tracker.persistence.base import Base, HasId


class Account(HasId, Base):
    """A person who works here. Who may sign in sets the first password with a one-time code."""

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint(
            "role IN ('therapist', 'supervisor', 'administrator', 'auditor', 'assessor')",
            name="role_is_known",
        ),
        CheckConstraint("NOT enabled OR email IS NOT NULL", name="enabled_can_sign_in"),
        CheckConstraint(
            "(password_hash IS NULL) = (password_set_at IS NULL)", name="password_has_its_day"
        ),
        CheckConstraint("email = lower(email)", name="email_is_lower_case"),
    )

    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    display_name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(20))
    password_hash: Mapped[str | None]
    password_set_at: Mapped[datetime | None]
    enabled: Mapped[bool]
    needs_cosign: Mapped[bool] = mapped_column(default=False)
    """Whether the supervisor signs this therapist's notes too: a trainee's."""
    exports_fidelity: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether this clinician may take fidelity ratings out of the building as a table."""
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own form


class StaffCode(Base):
    """The id by which an imported file names a therapist, supervisor or rater, such as TH-01."""

    __tablename__ = "staff_code"

    code: Mapped[str] = mapped_column(String(60), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)


class Supervision(HasId, Base):
    """One supervisor, one supervisee, from a day and until a day."""

    __tablename__ = "supervision"
    __table_args__ = (
        CheckConstraint("supervisor_id <> supervisee_id", name="not_of_oneself"),
        CheckConstraint("ended_on IS NULL OR ended_on >= started_on", name="ends_after_start"),
        Index("ix_supervision_supervisor_id_ended_on", "supervisor_id", "ended_on"),
    )

    supervisor_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    supervisee_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    started_on: Mapped[date]
    ended_on: Mapped[date | None]


class SignIn(HasId, Base):
    """One browser that is signed in. Only a digest of its newest token is kept."""

    __tablename__ = "sign_in"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    passed_at: Mapped[datetime | None]
    """When the second step was passed or found not needed; until then nothing is open."""
    stepped_up_at: Mapped[datetime | None]
    """When the person last proved who they are, for what needs a fresh sign-in."""
    last_seen_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    address: Mapped[str | None] = mapped_column(String(64))
    device: Mapped[str | None] = mapped_column(String(80))
    """Browser and system in words, so that a person knows their own."""

    account: Mapped[Account] = relationship()
