"""What proves that somebody is who they say: second factors, one-time codes, wrong tries."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from ipt_tracker.persistence.base import Base, HasId


class SecondFactor(Base):
    """The telephone of one person. It counts once a first code from it was confirmed."""

    __tablename__ = "second_factor"
    __table_args__ = (
        CheckConstraint("confirmed_at IS NOT NULL OR last_step IS NULL", name="used_is_confirmed"),
    )

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    sealed_seed: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int | None] = mapped_column(BigInteger)
    """The newest time step whose code was accepted; it and older ones are never taken again."""


class RecoveryCode(HasId, Base):
    """One of the codes that stand in for a lost telephone, once each. Only a digest is kept."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("account_id", "code_digest"),)

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    code_digest: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class AccessCode(HasId, Base):
    """A one-time code handed over in person: for a password, or after a lost second factor."""

    __tablename__ = "access_code"
    __table_args__ = (
        CheckConstraint("kind IN ('password', 'second_factor')", name="kind_is_known"),
        CheckConstraint("expires_at > made_at", name="expires_later"),
        CheckConstraint("used_at IS NULL OR withdrawn_at IS NULL", name="used_or_withdrawn"),
    )

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    code_digest: Mapped[str] = mapped_column(String(64), unique=True)
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    """The administrator who made it; none for the command line."""
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class Throttle(Base):
    """Wrong tries against one account, from one address, or at all. It outlives a restart."""

    __tablename__ = "throttle"
    __table_args__ = (
        CheckConstraint("kind IN ('account', 'address', 'global', 'code')", name="kind_is_known"),
        CheckConstraint("failures >= 0", name="failures_are_counted"),
    )

    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    key_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime]
    blocked_until: Mapped[datetime | None]
