"""Three rules that say when a course should be looked at again. Rules, never predictions.

Half way is the moment of the midpoint review (ipt-course section 1.4). That both bounds must be
missed is a rule of this project; each bound has its own source. Getting reliably worse counts at
any time: the newest score is judged against the first, and where an earlier one was reliably worse
that is said as well, and fires by itself until the newest is reliably better than the first.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from ipt_tracker.clinical.course.codes import Code
from ipt_tracker.clinical.outcome.change import Change, ChangeClass, classify
from ipt_tracker.clinical.outcome.series import Administration
from ipt_tracker.clinical.outcome.thresholds import ThresholdSet

RESPONSE_PERCENT = 30
"""A fall of more than 30 % was a response in the trial of IPT for PTSD (Markowitz 2015, CAPS)."""


class Rule(Code):
    """Why a course is not on track."""

    WORSE = "reliably_worse", "Reliably worse"
    LITTLE_CHANGE = "little_change_half_way", "Half way or later, little change"
    WAS_WORSE = "was_reliably_worse", "Reliably worse at an earlier score"


@dataclass(frozen=True, slots=True)
class OffTrack:
    """The rule that fired, the totals it looked at, and by what it judged them.

    `earlier` is the highest score that was reliably worse than the first where the newest is not.
    """

    rule: Rule
    first: int
    last: int
    source: str
    earlier: Administration | None = None

    @property
    def points(self) -> int:
        """Give the change; a rise is worse."""
        return self.last - self.first


def off_track(
    change: Change | None,
    thresholds: ThresholdSet | None,
    held: int,
    planned: int,
    earlier: Administration | None = None,
) -> OffTrack | None:
    """Apply the rules to the change of a course; None while on track or where it cannot be told.

    `held` of `planned` sessions of the contract took place. Who began in the range that the
    treatment aims at has little to gain: only getting worse counts there. `earlier` is what
    `worse_before` found.
    """
    if change is None or thresholds is None:
        return None
    worse = f"{thresholds.reliable_points} points or more: {thresholds.name}"
    if change.klass is ChangeClass.WORSE:
        return OffTrack(Rule.WORSE, change.first, change.last, worse)
    if change.klass is not ChangeClass.UNCHANGED:
        return None
    if _little_change(change, held, planned):
        source = (
            f"under {thresholds.reliable_points} points ({thresholds.name}) and under "
            f"{RESPONSE_PERCENT} % (response on the CAPS, Markowitz 2015); both together: this "
            "program's rule"
        )
        return OffTrack(Rule.LITTLE_CHANGE, change.first, change.last, source, earlier)
    if earlier is not None:
        return OffTrack(Rule.WAS_WORSE, change.first, change.last, worse, earlier)
    return None


def _little_change(change: Change, held: int, planned: int) -> bool:
    fell = -(change.percent or 0)
    return 2 * held >= planned and not change.started_in_range and fell < RESPONSE_PERCENT


def worse_before(
    given: Iterable[Administration], thresholds: ThresholdSet | None
) -> Administration | None:
    """Give the highest score that was reliably worse than the first, unless the newest is too.

    `given` are one instrument's forms of the treatment in order of date.
    """
    totals = [(each.total, each) for each in given if each.total is not None]
    if thresholds is None or not totals:
        return None
    first, last = totals[0][0], totals[-1][0]
    if classify(last - first, thresholds) is ChangeClass.WORSE:
        return None
    most, which = max(totals, key=lambda each: each[0])
    return which if classify(most - first, thresholds) is ChangeClass.WORSE else None
