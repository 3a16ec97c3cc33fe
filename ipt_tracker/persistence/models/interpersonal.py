"""The people in a patient's life, the events on their timeline, and the goals that were agreed."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger, String
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from ipt_tracker.persistence.base import CODE, Base, HasId

REMOVED = "(removed_at IS NULL) = (removed_by IS NULL)"


class Recorded:
    """Who wrote a row of a course down and when, and whether it was taken off the page again."""

    recorded_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    @declared_attr
    def course_id(self) -> Mapped[UUID]:
        """The course it belongs to."""
        return mapped_column(ForeignKey("course.id"), index=True)

    @declared_attr
    def recorded_by(self) -> Mapped[UUID]:
        """The account that wrote it down."""
        return mapped_column(ForeignKey("account.id"))

    @declared_attr
    def removed_by(self) -> Mapped[UUID | None]:
        """The account that took it off the page; it stays readable in the history."""
        return mapped_column(ForeignKey("account.id"))

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, object]:  # noqa: N805 -- a class, to SQLAlchemy
        return {"version_id_col": cls.version}


class InventoryPerson(Recorded, HasId, Base):
    """One person of the interpersonal inventory: how close, what is given, expected, missing."""

    __tablename__ = "inventory_person"
    __table_args__ = (
        CheckConstraint("ring BETWEEN 1 AND 4", name="ring_is_1_to_4"),
        CheckConstraint(REMOVED, name="removed_has_who_and_when"),
    )

    name: Mapped[str] = mapped_column(String(120))
    """First name or initials, as the patient speaks of them."""
    relation: Mapped[str | None] = mapped_column(String(120))
    ring: Mapped[int] = mapped_column(SmallInteger)
    """Closeness circle: 1 closest, 2 close, 3 further away, 4 lost or out of touch."""
    given: Mapped[str | None]
    expected: Mapped[str | None]
    missing: Mapped[str | None]
    to_change: Mapped[str | None]
    remark: Mapped[str | None]


class LifeEvent(Recorded, HasId, Base):
    """One event or change of symptoms on the timeline, as exactly as its day is known."""

    __tablename__ = "life_event"
    __table_args__ = (
        CheckConstraint("ended_on IS NULL OR ended_on >= happened_on", name="ends_after_start"),
        CheckConstraint("exactness IN ('day', 'month', 'year')", name="exactness_is_known"),
        CheckConstraint(REMOVED, name="removed_has_who_and_when"),
    )

    kind: Mapped[str] = mapped_column(CODE)
    happened_on: Mapped[date]
    exactness: Mapped[str] = mapped_column(String(10), default="day")
    ended_on: Mapped[date | None]
    what: Mapped[str] = mapped_column(String(300))
    effect: Mapped[str | None]
    """What it did to symptoms, mood or to a relationship."""
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("inventory_person.id"))


class Goal(Recorded, HasId, Base):
    """One goal agreed with the patient, tied to a focal area where it belongs to one."""

    __tablename__ = "goal"
    __table_args__ = (
        CheckConstraint("(status = 'open') = (reviewed_on IS NULL)", name="open_is_not_reviewed"),
        CheckConstraint(REMOVED, name="removed_has_who_and_when"),
    )

    spell_id: Mapped[UUID | None] = mapped_column(ForeignKey("focal_area_spell.id"))
    what: Mapped[str] = mapped_column(String(500))
    set_on: Mapped[date]
    status: Mapped[str] = mapped_column(CODE, default="open")
    reviewed_on: Mapped[date | None]
    review: Mapped[str | None]
