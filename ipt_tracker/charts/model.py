"""What a chart is drawn from: frozen values only, because the input is also the cache key."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

LONGEST_JOINED = 1.5  # planned intervals; beyond that the line would claim what nobody measured


@dataclass(frozen=True, slots=True)
class Visit:
    """One appointment slot; an empty label means that it did not take place."""

    day: date
    label: str
    scored: bool = True
    phase: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """One administration. Without a total, `low` to `high` is the range it could have had."""

    day: date
    value: int | None
    session: str = ""
    low: int = 0
    high: int = 0
    gap_days: int = 7  # planned interval since the administration before
    note: str = ""  # shown on hover, and beside the point in the interview's panel
    was: str = ""  # before its last correction: a total, or that there was none
    hollow: bool = False  # for example an assessor who was not blind

    @property
    def height(self) -> float:
        """Where a mark goes: the total, or the middle of the range it could have had."""
        return (self.low + self.high) / 2 if self.value is None else self.value

    @property
    def total(self) -> int:
        if self.value is None:
            raise ValueError("an incomplete administration has no total")
        return self.value


@dataclass(frozen=True, slots=True)
class Span:
    """A spell in time, such as a phase or a focal area; `short` are names for narrow places."""

    label: str
    start: date
    stop: date
    short: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    day: date
    text: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A horizontal line, given half a point away from the scores that it separates."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Series:
    """One instrument with one lookback. What stands after a comma in the name is set lighter.

    `other_scores` are totals of the same form over another lookback (`other_name`): drawn as
    hollow squares on the same scale, never joined, never part of the change.
    """

    name: str
    top: int
    scores: tuple[Score, ...]
    bottom: int = 0
    references: tuple[Reference, ...] = ()
    reliable: int | None = None  # smallest change that counts as reliable, in points
    source: str = ""  # name of the threshold set
    remarks: tuple[str, ...] = ()  # assessments not done, late or not blind, in words
    other_scores: tuple[Score, ...] = ()
    other_name: str = ""
    base: Score | None = None  # what change is counted from, where it lies before the days drawn

    @property
    def counted_from(self) -> Score | None:
        """The administration that change is counted from: the first one that has a total."""
        return self.base or next(iter(self.known), None)

    @property
    def known(self) -> tuple[Score, ...]:
        """The administrations that have a total."""
        return tuple(s for s in self.scores if s.value is not None)


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a picture comes from; printed inside it and written into the file."""

    patient_code: str
    instrument: str
    completeness: str
    threshold_source: str
    window: str
    software: str
    newest_recorded: str  # when the newest value drawn was recorded; never the time of drawing
    therapist: str = ""  # staff code, of a picture about a therapist; it names no patient then
    ratings: str = ""  # item set, basis and how sessions were picked, of a picture of ratings
    evidence: str = ""  # whose published figures they are, of a picture of trials
    left_out: str = ""  # what was chosen not to be drawn

    @property
    def entries(self) -> tuple[tuple[str, str], ...]:
        """The stated fields in printing order, each with its name."""
        named = (
            ("Patient", self.patient_code),
            ("Therapist", self.therapist),
            ("Instrument", self.instrument),
            ("Ratings", self.ratings),
            ("Evidence", self.evidence),
            ("Complete", self.completeness),
            ("Thresholds", self.threshold_source),
            ("Data", self.window),
            ("Left out", self.left_out),
            ("Newest value recorded", self.newest_recorded),
            ("Software", self.software),
        )
        return tuple((name, text) for name, text in named if text)


def runs(scores: Sequence[Score]) -> list[list[Score]]:
    """Split where a total is missing, or where more than 1.5 planned intervals have passed."""
    out: list[list[Score]] = [[]]
    for score in scores:
        if score.value is None:
            out.append([])
            continue
        last = out[-1][-1] if out[-1] else None
        if last and (score.day - last.day).days > LONGEST_JOINED * score.gap_days:
            out.append([])
        out[-1].append(score)
    return [run for run in out if run]
