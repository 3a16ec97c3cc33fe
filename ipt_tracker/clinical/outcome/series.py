"""The administrations of one instrument over a course, and the change since the first total.

A series holds one instrument key: another edition, form or lookback is another series, because a
difference between two of them is not a change in the patient.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ipt_tracker.clinical.instruments.catalogue import instrument
from ipt_tracker.clinical.outcome.change import Change, ChangeClass, judge
from ipt_tracker.clinical.outcome.thresholds import ThresholdSet


class Status(StrEnum):
    """Whether there is a total and, where there is none, why."""

    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    NOT_RETURNED = "not_returned"
    DECLINED = "declined"
    NOT_ADMINISTERED = "not_administered"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Administration:
    """One form or interview, done or due; `lowest` to `highest` is what the total could have been.

    ValueError when a complete one has no total or any other has one.
    """

    instrument_key: str
    taken_on: date
    total: int | None
    status: Status = Status.COMPLETE
    lowest: int | None = None
    highest: int | None = None
    answered: int | None = None
    session_label: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        if (self.total is not None) != (self.status is Status.COMPLETE):
            raise ValueError("A complete administration has a total, and no other has one.")


@dataclass(frozen=True, slots=True)
class Series:
    """Administrations of one instrument key in date order; those of one day keep their order."""

    instrument_key: str
    administrations: tuple[Administration, ...] = ()

    def __post_init__(self) -> None:
        others = {each.instrument_key for each in self.administrations} - {self.instrument_key}
        if others:
            raise ValueError(f"A series of {self.instrument_key} cannot hold {sorted(others)}.")
        in_order = tuple(sorted(self.administrations, key=lambda each: each.taken_on))
        object.__setattr__(self, "administrations", in_order)

    @property
    def complete(self) -> tuple[Administration, ...]:
        """The administrations that have a total."""
        return tuple(each for each in self.administrations if each.total is not None)

    @property
    def first(self) -> Administration | None:
        """The baseline: the first with a total."""
        return next((each for each in self.administrations if each.total is not None), None)

    @property
    def last(self) -> Administration | None:
        """The current one: the last with a total."""
        later = reversed(self.administrations)
        return next((each for each in later if each.total is not None), None)

    def up_to(self, day: date) -> "Series":
        """Leave out what came after a day, for example the follow-up after the end of a course."""
        kept = tuple(each for each in self.administrations if each.taken_on <= day)
        return Series(self.instrument_key, kept)


@dataclass(frozen=True, slots=True)
class Row:
    """One administration with its change since baseline; the baseline itself has none."""

    administration: Administration
    is_baseline: bool
    change: Change | None
    klass: ChangeClass | None  # None: the baseline, or no thresholds to judge by
    points: int | None

    @property
    def words(self) -> str:
        """The class as a table shows it."""
        if self.is_baseline:
            return "Start"
        if self.change is not None:
            return self.change.words
        return "" if self.klass is None else self.klass.capitalize()


@dataclass(frozen=True, slots=True)
class SeriesChange:
    """A series read from its baseline: a row each, and the change from first to last total.

    `change` is None without two totals or without thresholds; `points` needs only the totals.
    """

    rows: tuple[Row, ...]
    first: Administration | None
    last: Administration | None
    change: Change | None
    points: int | None


def change_over(series: Series, thresholds: ThresholdSet | None) -> SeriesChange:
    """Judge every administration against the first complete one.

    ValueError when the thresholds belong to another instrument family.
    """
    family = instrument(series.instrument_key).family
    if thresholds is not None and thresholds.instrument_family != family:
        raise ValueError(f"{thresholds.key} holds for the {thresholds.instrument_family} only.")
    first = series.first
    rows = tuple(_row(each, first, thresholds) for each in series.administrations)
    counted = [row for row in rows if row.points is not None]
    final = counted[-1] if counted else None
    return SeriesChange(
        rows=rows,
        first=first,
        last=series.last,
        change=final.change if final else None,
        points=final.points if final else None,
    )


def _row(
    each: Administration, first: Administration | None, thresholds: ThresholdSet | None
) -> Row:
    if each.total is None or first is None or first.total is None:
        return Row(each, is_baseline=False, change=None, klass=ChangeClass.UNKNOWN, points=None)
    if each is first:
        return Row(each, is_baseline=True, change=None, klass=None, points=None)
    change = None if thresholds is None else judge(first.total, each.total, thresholds)
    klass = None if change is None else change.klass
    return Row(each, is_baseline=False, change=change, klass=klass, points=each.total - first.total)
