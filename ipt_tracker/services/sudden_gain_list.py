"""The courses under way in which a score fell suddenly, told in the last four weeks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from ipt_tracker.clinical.course.schedule import GAP_DAYS, WEEK
from ipt_tracker.clinical.outcome.sudden_gains import Lasted, SuddenGain, sudden_gains
from ipt_tracker.persistence.queries.day import OpenCourse
from ipt_tracker.services.watched import Watched

NEWS = timedelta(days=28)
"""How long a gain is told, from the score on which it could first be told."""


@dataclass(frozen=True, slots=True)
class Gained:
    """A course, the instrument, and its newest large drop that may be a sudden gain."""

    course: OpenCourse
    instrument: str
    gain: SuddenGain


def gap_of(spacing: str | None) -> float:
    """Give the days from session to session that a contract plans."""
    return GAP_DAYS.get(spacing or "", WEEK)


def recent_gains(courses: Iterable[Watched], today: date) -> tuple[Gained, ...]:
    """Give the newest of each course: those that lasted first, then those that cannot be told."""
    found = (_newest(each, today - NEWS) for each in courses if _may_have(each, today - NEWS))
    return tuple(sorted((each for each in found if each is not None), key=_rank))


def _may_have(each: Watched, since: date) -> bool:
    """Leave out at a glance what has no new score, or no drop as large as the set asks for."""
    if each.thresholds is None or not each.rows or each.rows[-1].taken_on < since:
        return False
    totals = [row.total for row in each.rows if row.total is not None]
    return any(one - two >= each.thresholds.reliable_points for one, two in pairwise(totals))


def _newest(each: Watched, since: date) -> Gained | None:
    found = sudden_gains(each.administrations, each.thresholds, gap_of(each.course.spacing))
    news = [one for one in found if one.lasted is not Lasted.NO and one.told_on >= since]
    if not news:
        return None
    newest = max(news, key=lambda one: (one.lasted is Lasted.YES, one.after.taken_on))
    return Gained(each.course, each.instrument, newest)


def _rank(each: Gained) -> tuple[object, ...]:
    days_back = -each.gain.after.taken_on.toordinal()
    return each.gain.lasted is not Lasted.YES, days_back, each.course.code
