"""Which measure is given when: the schedule of a course, and the days it leads to."""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from ipt_tracker.clinical.course.codes import Code, known
from ipt_tracker.clinical.course.protocols import CUSTOM, PROTOCOLS, Certainty, Spacing
from ipt_tracker.clinical.course.records import CourseStatus, Disposition, PrimaryDiagnosis
from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.rules import RuleBroken

FOLLOW_UP_MONTHS = 3


class Occasion(Code):
    """When a measure is given. The points of a course are kept with a measure under this code."""

    BASELINE = "baseline", "Baseline"
    EVERY_SESSION = "every_session", "Every session"
    EVERY_SECOND_SESSION = "every_second_session", "Every second session"
    MID = "mid", "Half way"
    END = "end", "End"
    FOLLOW_UP = "follow_up_3m", "3 months after"

    @property
    def is_point(self) -> bool:
        """Whether it comes once in a course and has a day, not at each session."""
        return self not in {Occasion.EVERY_SESSION, Occasion.EVERY_SECOND_SESSION}


@dataclass(frozen=True, slots=True)
class Schedule:
    """Pairs of an occasion and the key of an instrument; in the order of occasions and catalogue.

    Raises RuleBroken for an instrument that is not ours, and for an interview at every session.
    """

    given: frozenset[tuple[Occasion, str]] = frozenset()

    def __post_init__(self) -> None:
        """Refuse what cannot be given."""
        for occasion, key in self.given:
            if key not in INSTRUMENTS:
                raise RuleBroken(f"{key} is not an instrument of ours.", "schedule")
            if not may_be_given(key, occasion):
                one = INSTRUMENTS[key]
                raise RuleBroken(f"The {one.name} is an interview, not for sessions.", "schedule")

    @classmethod
    def of(cls, **keys: Iterable[str]) -> "Schedule":
        """Make one from keys by occasion: `Schedule.of(every_session=["phq9"])`."""
        pairs = ((Occasion(code), key) for code, each in keys.items() for key in each)
        return cls(frozenset(pairs))

    @classmethod
    def from_json(cls, kept: Mapping[str, Any] | None) -> "Schedule | None":
        """Read what a course keeps; None where it keeps none. What is not known here is left out.

        A newer version may have known more instruments.
        """
        if kept is None:
            return None
        pairs = ((known(Occasion, code), key) for code, keys in kept.items() for key in keys)
        return cls(frozenset((o, k) for o, k in pairs if o and may_be_given(k, o)))

    def to_json(self) -> dict[str, list[str]]:
        """Give what a course keeps."""
        found = {str(occasion): list(self.keys(occasion)) for occasion in Occasion}
        return {code: keys for code, keys in found.items() if keys}

    def keys(self, occasion: Occasion) -> tuple[str, ...]:
        """Give the keys of what is given then, in catalogue order."""
        return tuple(key for key in INSTRUMENTS if (occasion, key) in self.given)

    def occasions(self, key: str) -> tuple[Occasion, ...]:
        """Give the occasions at which an instrument is given."""
        return tuple(occasion for occasion in Occasion if (occasion, key) in self.given)

    @property
    def points(self) -> frozenset[tuple[str, str]]:
        """The assessments: pairs of a point and the key of an instrument."""
        return frozenset((str(o), key) for o, key in self.given if o.is_point)


def may_be_given(key: str, occasion: Occasion) -> bool:
    """Whether an instrument can be planned for this: interviews only at the points of a course."""
    instrument = INSTRUMENTS.get(key)
    return instrument is not None and (instrument.self_report or occasion.is_point)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a schedule has a measure where it has it, and how sure that is."""

    key: str
    source: str
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Proposal:
    """A schedule that a course can start with, and where each part of it comes from."""

    key: str
    name: str
    schedule: Schedule
    reasons: tuple[Reason, ...]


AT_POINTS = ("baseline", "mid", "end", "follow_up_3m")

FOR_PTSD = Proposal(
    "ptsd",
    "For PTSD",
    Schedule.of(
        every_session=["pcl5_week"],
        every_second_session=["phq9"],
        **{point: ["caps5_month"] for point in AT_POINTS}
        | {"baseline": ["caps5_month", "pcl5_month"]},
    ),
    (
        Reason(
            "caps5_month",
            "Weeks 0, 7 and 14: Markowitz 2015 (civilians with PTSD, 110; with the CAPS for "
            "DSM-IV of its time, the CAPS-5 since). Three months after: military open trial of "
            "IPT for PTSD (Psychiatric Services 2020, 50)",
            Certainty.PARTLY_READ,
        ),
        Reason(
            "pcl5_month",
            "Monthly form before session 1: practice in cognitive processing therapy, not in IPT",
            Certainty.PARTLY_READ,
        ),
        Reason(
            "pcl5_week",
            "Weekly form at the sessions: practice in cognitive processing therapy, not in IPT",
            Certainty.PARTLY_READ,
        ),
        Reason("phq9", "Every second session, as it asks about two weeks", Certainty.OWN),
    ),
)
FOR_DEPRESSION = Proposal(
    "depression",
    "For depression",
    Schedule.of(every_session=["phq9"], **{point: ["hamd17"] for point in AT_POINTS}),
    (
        Reason("phq9", "Every session, so that one score a week is there", Certainty.OWN),
        Reason(
            "hamd17",
            "Baseline, half way, end and three months after: military open trial of IPT "
            "(Psychiatric Services 2020, 50, PTSD); taken over for depression",
            Certainty.OWN,
        ),
    ),
)
PROPOSALS: Mapping[str, Proposal] = MappingProxyType({p.key: p for p in (FOR_PTSD, FOR_DEPRESSION)})


def default_schedule(protocol: str, diagnosis: str) -> Proposal:
    """Choose what a course starts with: by its diagnosis where that decides, else by its protocol.

    A protocol that is not known here counts as one that is not for PTSD.
    """
    if diagnosis == PrimaryDiagnosis.MDD:
        return FOR_DEPRESSION
    plan = PROTOCOLS.get(protocol, PROTOCOLS[CUSTOM])
    return FOR_PTSD if diagnosis == PrimaryDiagnosis.PTSD or plan.for_ptsd else FOR_DEPRESSION


# -- the days of the points

WEEK = 7
GAP_DAYS: Mapping[str, float] = MappingProxyType(
    {
        Spacing.WEEKLY: WEEK,
        Spacing.WEEKLY_THEN_MONTHLY: WEEK,  # monthly are the maintenance visits
        Spacing.TWICE_WEEKLY: WEEK / 2,
        Spacing.FORTNIGHTLY: 2 * WEEK,
        Spacing.MONTHLY: 4 * WEEK,
    }
)
"""Days from session to session. A spacing in words of its own counts as weekly."""


@dataclass(frozen=True, slots=True)
class Span:
    """What the days of the points follow from: the contract, and the end once it is known."""

    started_on: date
    planned_sessions: int
    spacing: str | None
    ended_on: date | None = None
    status: str = CourseStatus.ACTIVE
    disposition: str | None = None


NO_END = frozenset({CourseStatus.DROPPED_OUT, CourseStatus.TRANSFERRED})
NO_FOLLOW_UP = frozenset({CourseStatus.TRANSFERRED})


def point_days(span: Span) -> dict[str, date]:
    """Give the day of each point that the course still has.

    Half way and end are counted from the first day by the spacing, as trials count weeks (7 and 14
    of 14 weekly sessions). Once the course is over its real end takes the place of the planned
    one. A patient who left has no end of treatment, but a follow-up three months after leaving;
    one who went on elsewhere has neither; of one who died nothing is asked.
    """
    length = span.planned_sessions * GAP_DAYS.get(span.spacing or "", WEEK)
    end = span.ended_on or span.started_on + timedelta(days=int(length))
    mid = span.started_on + timedelta(days=int(length / 2))
    days = {
        Occasion.BASELINE: span.started_on,
        Occasion.MID: mid,
        Occasion.END: end,
        Occasion.FOLLOW_UP: months_after(end, FOLLOW_UP_MONTHS),
    }
    if span.ended_on is None:
        return {str(point): day for point, day in days.items()}
    if span.disposition == Disposition.DECEASED:
        return {}
    gone = {
        Occasion.MID: mid > span.ended_on,
        Occasion.END: span.status in NO_END,
        Occasion.FOLLOW_UP: span.status in NO_FOLLOW_UP,
    }
    return {str(point): day for point, day in days.items() if not gone.get(point)}


def months_after(day: date, months: int) -> date:
    """Give the same day some months later, or the last of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
