"""What a therapist's portfolio is made of: cases, sessions, supervision and recordings."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date

from ipt_tracker.clinical.course.codes import Code
from ipt_tracker.clinical.course.records import CourseStatus
from ipt_tracker.clinical.fidelity.summary import Clustered, Summary

FINISHED = frozenset({CourseStatus.COMPLETED, CourseStatus.COMPLETED_WITH_MAINTENANCE})


class CaseState(Code):
    """How a case of this therapist stands at the end of the time looked at."""

    OPEN = "open", "Open"
    COMPLETED = "completed", "Completed"
    ENDED_EARLY = "ended_early", "Ended before completion"
    HANDED_OVER = "handed_over", "Handed over"


@dataclass(frozen=True, slots=True)
class Period:
    """The days looked at, both included; an end that is None is open."""

    first: date | None = None
    last: date | None = None

    def __contains__(self, day: object) -> bool:
        """Say whether a day lies in it."""
        if not isinstance(day, date):
            return False
        after = self.first is None or day >= self.first
        return after and (self.last is None or day <= self.last)

    def ends_before(self, day: date) -> bool:
        """Say whether it is over on that day."""
        return self.last is not None and self.last < day


@dataclass(frozen=True, slots=True)
class Case:
    """One course, or one group, of a therapist, by its code."""

    owner: Hashable
    code: str
    is_group: bool
    state: CaseState
    areas: tuple[str, ...]
    started_on: date
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class Look:
    """One rating by the supervisor of the case: how the session was known and how it was picked.

    `selection` is that of the rating, or any other text where it is not stated.
    """

    basis: str | None
    selection: str


@dataclass(frozen=True, slots=True)
class HeldSession:
    """One session that took place, with its supervisor's ratings, open to the viewer or sealed."""

    owner: Hashable
    phase: str
    held_on: date
    looks: tuple[Look, ...] = ()
    self_rated: bool = False


@dataclass(frozen=True, slots=True)
class Discussion:
    """One case in one supervision meeting; `minutes` is None where they were not noted."""

    owner: Hashable
    held_on: date
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """One supervision meeting that the therapist was at."""

    is_group: bool
    minutes: int


@dataclass(frozen=True, slots=True)
class CaseCount:
    """What was done in one case. `minutes` are of the meetings that noted them; `untimed` did not.

    `phases` are those of which any session was supervised.
    """

    case: Case
    held: int
    rated: int
    talked_about: int
    supervised: int
    phases: frozenset[str]
    recordings: int
    recordings_drawn: int
    meetings: int
    minutes: int
    untimed: int


@dataclass(frozen=True, slots=True)
class AreaCount:
    """The cases with one focal area, by how they stand; `area` is None for cases without one."""

    area: str | None
    cases: int
    by_state: Mapping[CaseState, int]


@dataclass(frozen=True, slots=True)
class PhaseCount:
    """The recordings of one phase, apart by how the session was picked."""

    phase: str
    drawn: int
    chosen: int
    not_stated: int

    @property
    def recordings(self) -> int:
        """All of them."""
        return self.drawn + self.chosen + self.not_stated


@dataclass(frozen=True, slots=True)
class SupervisionCount:
    """Meetings and their minutes, individual and group apart, and the minutes of own cases."""

    individual: int
    individual_minutes: int
    group: int
    group_minutes: int
    own_case_minutes: int
    untimed: int

    @property
    def minutes(self) -> int:
        """Individual and group together."""
        return self.individual_minutes + self.group_minutes


@dataclass(frozen=True, slots=True)
class Counted:
    """Everything that a portfolio counts. `other_bases` are rated sessions without a recording."""

    cases: tuple[CaseCount, ...]
    areas: tuple[AreaCount, ...]
    phases: tuple[PhaseCount, ...]
    other_bases: Mapping[str | None, int]
    supervision: SupervisionCount
    held: int
    rated: int
    talked_about: int
    supervised: int
    self_rated: int


@dataclass(frozen=True, slots=True)
class StratumFigures:
    """Adherence and quality of the sessions rated on one basis and picked in one way.

    `sealed` sessions are left out: their ratings are not open to the viewer. The clustered figures
    allow for sessions of one patient being alike.
    """

    basis: str
    selection: str
    words: str
    sessions: int
    sealed: int
    patients: int
    adherence: Summary
    quality: Summary
    adherence_clustered: Clustered
    quality_clustered: Clustered


def state_of(
    status: str, ended_on: date | None, own_until: date | None, period: Period
) -> CaseState:
    """Say how a case stands; what happened after the period has not happened yet.

    `own_until` is the day on which the case stopped being this therapist's, None while it has not.
    """
    left = own_until is not None and not period.ends_before(own_until)
    over = ended_on is not None and not period.ends_before(ended_on)
    if left and not (over and own_until == ended_on):
        return CaseState.HANDED_OVER
    if not over:
        return CaseState.OPEN
    if status == CourseStatus.TRANSFERRED:
        return CaseState.HANDED_OVER
    return CaseState.COMPLETED if status in FINISHED else CaseState.ENDED_EARLY
