"""Trials that a clinic collects itself, beside the published result, which they never alter."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ipt_tracker.persistence.base import CODE, Base, HasId

EFFECT_OR_ARMS = (
    "(g IS NULL) = (se IS NULL) AND (g IS NULL) <> (mean_ipt IS NULL)"
    " AND (mean_ipt IS NULL) = (sd_ipt IS NULL) AND (mean_ipt IS NULL) = (n_ipt IS NULL)"
    " AND (mean_ipt IS NULL) = (mean_control IS NULL)"
    " AND (mean_ipt IS NULL) = (sd_control IS NULL)"
    " AND (mean_ipt IS NULL) = (n_control IS NULL)"
)


class EvidenceSet(HasId, Base):
    """A named collection of trials that one clinic keeps."""

    __tablename__ = "evidence_set"
    __table_args__ = (CheckConstraint("name <> ''", name="name_is_not_empty"),)

    name: Mapped[str] = mapped_column(String(120), unique=True)
    measured: Mapped[str]
    """What was measured, in words."""
    why: Mapped[str]
    """What the set is for."""
    searched_on: Mapped[date]
    """Trials published later are not in it."""
    source: Mapped[str]
    """Where the trials were looked for."""
    begun_from: Mapped[str | None] = mapped_column(CODE)
    """The library, where its trials were copied from there at the start."""
    made_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own form


class EvidenceTrial(HasId, Base):
    """One comparison of a set: an effect as reported, or two arms. It is never edited."""

    __tablename__ = "evidence_trial"
    __table_args__ = (
        CheckConstraint(EFFECT_OR_ARMS, name="effect_or_arms"),
        CheckConstraint("se > 0", name="se_is_positive"),
        CheckConstraint("sd_ipt > 0 AND sd_control > 0", name="sds_are_positive"),
        CheckConstraint("n_ipt >= 2 AND n_control >= 2", name="arms_have_two_people"),
        CheckConstraint("fidelity IN ('yes', 'no', 'unknown')", name="fidelity_is_known"),
        CheckConstraint("source <> '' AND population <> ''", name="says_whence_and_who"),
        UniqueConstraint("set_id", "place"),
    )

    set_id: Mapped[UUID] = mapped_column(ForeignKey("evidence_set.id"))
    place: Mapped[int]
    """Its place in the order in which trials were added, from 1."""
    study: Mapped[str] = mapped_column(String(200))
    subgroup: Mapped[str | None] = mapped_column(String(120))
    g: Mapped[float | None]
    se: Mapped[float | None]
    mean_ipt: Mapped[float | None]
    sd_ipt: Mapped[float | None]
    n_ipt: Mapped[int | None]
    mean_control: Mapped[float | None]
    sd_control: Mapped[float | None]
    n_control: Mapped[int | None]
    shares: Mapped[str | None] = mapped_column(String(120))
    """Comparisons with one label share an IPT arm; its patients are divided among them."""
    source: Mapped[str]
    population: Mapped[str]
    fidelity: Mapped[str] = mapped_column(CODE)
    """Whether the trial assessed how the therapy was done."""
    certainty: Mapped[str | None]
    """How certain the effect is, in words, where somebody judged it."""
    added_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    added_at: Mapped[datetime]
    withdrawn: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own form


class EvidenceChange(HasId, Base):
    """What was done to a set after it was made: a changed field, a trial out or back in."""

    __tablename__ = "evidence_change"
    __table_args__ = (
        CheckConstraint("act IN ('changed', 'withdrawn', 'restored')", name="act_is_known"),
        CheckConstraint("(act = 'changed') = (trial_id IS NULL)", name="act_has_its_object"),
        CheckConstraint("act <> 'withdrawn' OR reason IS NOT NULL", name="withdrawn_has_a_reason"),
        UniqueConstraint("set_id", "place"),
    )

    set_id: Mapped[UUID] = mapped_column(ForeignKey("evidence_set.id"))
    place: Mapped[int]
    """Its place in the order of this set's changes, from 1."""
    trial_id: Mapped[UUID | None] = mapped_column(ForeignKey("evidence_trial.id"), index=True)
    act: Mapped[str] = mapped_column(CODE)
    field: Mapped[str | None] = mapped_column(String(60))
    old: Mapped[str | None]
    new: Mapped[str | None]
    reason: Mapped[str | None]
    done_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    done_at: Mapped[datetime]
