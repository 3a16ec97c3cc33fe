"""Two rules that say when a course should be looked at again. Rules, never predictions.

Half way is the moment of the midpoint review (ipt-course section 1.4). That both bounds must be
missed is a rule of this project; each bound has its own source.
"""

from dataclasses import dataclass

from ipt_tracker.clinical.course.codes import Code
from ipt_tracker.clinical.outcome.change import Change, ChangeClass
from ipt_tracker.clinical.outcome.thresholds import ThresholdSet

RESPONSE_PERCENT = 30
"""A fall of more than 30 % was a response in the trial of IPT for PTSD (Markowitz 2015, CAPS)."""


class Rule(Code):
    """Why a course is not on track."""

    WORSE = "reliably_worse", "Reliably worse"
    LITTLE_CHANGE = "little_change_half_way", "Half way or later, little change"


@dataclass(frozen=True, slots=True)
class OffTrack:
    """The rule that fired, the totals it looked at, and by what it judged them."""

    rule: Rule
    first: int
    last: int
    source: str

    @property
    def points(self) -> int:
        """Give the change; a rise is worse."""
        return self.last - self.first


def off_track(
    change: Change | None, thresholds: ThresholdSet | None, held: int, planned: int
) -> OffTrack | None:
    """Apply the rules to the change of a course; None while on track or where it cannot be told.

    `held` of `planned` sessions of the contract took place. Who began in the range that the
    treatment aims at has little to gain: only getting worse counts there.
    """
    if change is None or thresholds is None:
        return None
    if change.klass is ChangeClass.WORSE:
        source = f"{thresholds.reliable_points} points or more: {thresholds.name}"
        return OffTrack(Rule.WORSE, change.first, change.last, source)
    half_way = 2 * held >= planned
    fell = -(change.percent or 0)
    if not half_way or change.klass is not ChangeClass.UNCHANGED or change.started_in_range:
        return None
    if fell >= RESPONSE_PERCENT:
        return None
    source = (
        f"under {thresholds.reliable_points} points ({thresholds.name}) and under "
        f"{RESPONSE_PERCENT} % (response on the CAPS, Markowitz 2015); both together: this "
        "program's rule"
    )
    return OffTrack(Rule.LITTLE_CHANGE, change.first, change.last, source)
