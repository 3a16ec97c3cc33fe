"""What a supervisor wants to see of one therapist's work: shares by phase and risk.

Of 249 published ways to measure adherence over half do not say how sessions were picked; the one
share that was tabulated is 20 to 25 % of sessions (Schoenwald and Garland 2013).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ipt_tracker.clinical.course.codes import label_of
from ipt_tracker.clinical.course.phases import Phase
from ipt_tracker.clinical.rules import RuleBroken

ALL, MOST_PER_COURSE, MOST_FIRST = 100, 20, 500


@dataclass(frozen=True, slots=True)
class Plan:
    """How much of one therapist's work is to be seen. Shares are whole percent, 0 to 100.

    `by_phase` replaces `share` in the phases it names. `new_extra` is added for a new therapist's
    sessions, up to a day or for the first so many; `off_track_extra` for courses that are off
    track. `per_course` is the fewest of each course.
    """

    share: int
    by_phase: Mapping[str, int] = field(default_factory=dict)
    per_course: int = 0
    new_extra: int = 0
    new_until: date | None = None
    new_first: int | None = None
    off_track_extra: int = 0

    def is_new(self, held_on: date, place: int) -> bool:
        """Say whether a session, the therapist's `place`th from 1, is one of a new therapist."""
        early = self.new_until is not None and held_on <= self.new_until
        first = self.new_first is not None and place <= self.new_first
        return self.new_extra > 0 and (early or first)

    def share_of(self, stratum: "Stratum") -> int:
        """Give the share of a stratum in percent, 100 at most."""
        share = self.by_phase.get(stratum.phase, self.share)
        share += self.new_extra if stratum.is_new else 0
        share += self.off_track_extra if stratum.is_off_track else 0
        return min(ALL, share)

    def stratum_of(self, session: "Delivered") -> "Stratum":
        """Give the stratum of a session; what does not change its share does not split a phase."""
        return Stratum(
            session.phase,
            session.is_new and self.new_extra > 0,
            session.is_off_track and self.off_track_extra > 0,
        )

    def to_json(self) -> dict[str, Any]:
        """Write the plan as it is kept."""
        return {
            "share": self.share,
            "by_phase": dict(self.by_phase),
            "per_course": self.per_course,
            "new_extra": self.new_extra,
            "new_until": self.new_until.isoformat() if self.new_until else None,
            "new_first": self.new_first,
            "off_track_extra": self.off_track_extra,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Plan":
        """Read a plan as it is kept."""
        until = kept.get("new_until")
        return cls(
            share=kept.get("share", 0),
            by_phase=kept.get("by_phase", {}),
            per_course=kept.get("per_course", 0),
            new_extra=kept.get("new_extra", 0),
            new_until=date.fromisoformat(until) if until else None,
            new_first=kept.get("new_first"),
            off_track_extra=kept.get("off_track_extra", 0),
        )


def check_plan(plan: Plan) -> None:
    """Raise RuleBroken, with the field, for a plan that cannot be kept to."""
    shares = {
        "share": plan.share,
        "new_extra": plan.new_extra,
        "off_track_extra": plan.off_track_extra,
        **{f"share_{phase}": share for phase, share in plan.by_phase.items()},
    }
    for name, share in shares.items():
        if not 0 <= share <= ALL:
            raise RuleBroken("A share is a whole number of percent, from 0 to 100.", name)
    if not 0 <= plan.per_course <= MOST_PER_COURSE:
        raise RuleBroken(f"The fewest of a course is 0 to {MOST_PER_COURSE}.", "per_course")
    if plan.new_first is not None and not 1 <= plan.new_first <= MOST_FIRST:
        raise RuleBroken(f"Say 1 to {MOST_FIRST} sessions, or leave it open.", "new_first")
    ends = plan.new_until is not None or plan.new_first is not None
    if plan.new_extra and not ends:
        raise RuleBroken("Say until when, or for how many sessions.", "new_until")
    if ends and not plan.new_extra:
        raise RuleBroken("Say how much is added while the therapist is new.", "new_extra")
    if not (any(shares.values()) or plan.per_course):
        raise RuleBroken(
            "This plan asks for nothing. Say a share, or a fewest of a course.", "share"
        )


@dataclass(frozen=True, slots=True)
class Delivered:
    """One session that can be drawn: its key for good, its course or group, and what it is."""

    key: str
    course: str
    phase: str
    is_new: bool = False
    is_off_track: bool = False


@dataclass(frozen=True, slots=True)
class Stratum:
    """The sessions of one phase that have one share."""

    phase: str
    is_new: bool = False
    is_off_track: bool = False

    @property
    def words(self) -> str:
        """Name it, such as "Middle, new therapist, off track"."""
        because = ["new therapist"] * self.is_new + ["off track"] * self.is_off_track
        return ", ".join([label_of(Phase, self.phase), *because])

    @property
    def order(self) -> tuple[object, ...]:
        """The phases as a course has them, then the usual ones first."""
        known = [phase.value for phase in Phase]
        place = known.index(self.phase) if self.phase in known else len(known)
        return place, self.phase, self.is_new, self.is_off_track
