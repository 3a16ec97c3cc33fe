"""What a change between two totals means. Scores fall as patients improve: negative is better."""

from dataclasses import dataclass
from enum import StrEnum

from ipt_tracker.clinical.outcome.thresholds import ThresholdSet


class ChangeClass(StrEnum):
    """The four classes of change, in the words that every page uses."""

    IMPROVED = "reliably improved"
    UNCHANGED = "no reliable change"
    WORSE = "reliably worse"
    UNKNOWN = "cannot tell"


class Outcome(StrEnum):
    """Change and end state together; who began in range can improve but cannot recover."""

    RECOVERED = "recovered"
    IMPROVED = "improved"
    UNCHANGED = "unchanged"
    DETERIORATED = "deteriorated"


@dataclass(frozen=True, slots=True)
class Change:
    """The change from `first` to `last`, in points (`last` minus `first`), judged by one set.

    `in_range` and `started_in_range` are None where the set has no end range. `percent` is of the
    raw first total, negative for a fall, and None when that total is 0.
    """

    first: int
    last: int
    points: int
    klass: ChangeClass
    in_range: bool | None
    started_in_range: bool | None
    percent: float | None
    threshold_set: str

    @property
    def reliable(self) -> bool:
        """Tell whether the change, in either direction, is more than measurement error."""
        return self.klass in (ChangeClass.IMPROVED, ChangeClass.WORSE)

    @property
    def outcome(self) -> Outcome:
        """Classify change and end state together (Jacobson and Truax 1991)."""
        if self.klass is ChangeClass.WORSE:
            return Outcome.DETERIORATED
        if self.klass is not ChangeClass.IMPROVED:
            return Outcome.UNCHANGED
        recovered = self.in_range is True and self.started_in_range is False
        return Outcome.RECOVERED if recovered else Outcome.IMPROVED

    @property
    def words(self) -> str:
        """The class as a table shows it, with "in range" added where that is true."""
        in_range = self.klass is ChangeClass.IMPROVED and self.in_range
        return f"{self.klass.capitalize()}, in range" if in_range else self.klass.capitalize()


def judge(first: int, last: int, thresholds: ThresholdSet) -> Change:
    """Judge the change between two totals of one instrument by one set of thresholds."""
    points = last - first
    return Change(
        first=first,
        last=last,
        points=points,
        klass=classify(points, thresholds),
        in_range=thresholds.holds(last),
        started_in_range=thresholds.holds(first),
        percent=percent_change(first, last),
        threshold_set=thresholds.key,
    )


def classify(points: int, thresholds: ThresholdSet) -> ChangeClass:
    """Name a change in points; exactly the reliable number of points counts."""
    if abs(points) < thresholds.reliable_points:
        return ChangeClass.UNCHANGED
    return ChangeClass.IMPROVED if points < 0 else ChangeClass.WORSE


def percent_change(first: int, last: int, floor: int = 0) -> float | None:
    """Give the change in percent of what the first total had above `floor`; negative is a fall.

    None when the first total stands on the floor. Say which floor was used: on the PCL for DSM-IV
    a fall from 51 to 34 is 33 % of the total and 50 % of what lies above its floor of 17.
    """
    if first < floor:
        raise ValueError(f"A first total of {first} lies below the floor of {floor}.")
    return None if first == floor else 100 * (last - first) / (first - floor)
