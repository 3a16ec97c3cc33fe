"""The courses under way in which a rule says that they should be looked at again."""

from collections.abc import Iterable
from dataclasses import dataclass

from ipt_tracker.clinical.outcome.change import judge
from ipt_tracker.clinical.outcome.on_track import OffTrack, Rule, off_track, worse_before
from ipt_tracker.clinical.outcome.series import Administration
from ipt_tracker.clinical.outcome.thresholds import ThresholdSet
from ipt_tracker.persistence.queries.day import OpenCourse
from ipt_tracker.services.watched import Watched

TWO = 2  # totals make a change


@dataclass(frozen=True, slots=True)
class Fired:
    """A course, the instrument that it was judged on, and the rule that fired."""

    course: OpenCourse
    instrument: str
    off: OffTrack


def fired(courses: Iterable[Watched]) -> tuple[Fired, ...]:
    """Apply the rules to every course under way: the worst first."""
    found = (_fired(each) for each in courses)
    return tuple(sorted((each for each in found if each is not None), key=_rank))


def _fired(each: Watched) -> Fired | None:
    """Judge the last total of the treatment against the first, and the highest in between."""
    totals = [row.total for row in each.rows if row.total is not None]
    if each.thresholds is None or len(totals) < TWO:
        return None
    change = judge(totals[0], totals[-1], each.thresholds)
    course, earlier = each.course, _earlier(each, each.thresholds, totals)
    off = off_track(change, each.thresholds, course.held, course.planned_sessions, earlier)
    return Fired(course, each.instrument, off) if off else None


def _earlier(each: Watched, by: ThresholdSet, totals: list[int]) -> Administration | None:
    """Look for an earlier score that was worse, where any total is high enough for that."""
    if max(totals) - totals[0] < by.reliable_points:
        return None
    return worse_before(each.administrations, by)


def _rank(each: Fired) -> tuple[object, ...]:
    return list(Rule).index(each.off.rule), -each.off.points, each.course.code
