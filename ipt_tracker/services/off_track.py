"""The courses under way in which a rule says that they should be looked at again.

A day's page asks this of a whole caseload, so it is judged from a few columns of each form. A
test holds it to what the caseload says of each course.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.outcome.change import Change, judge
from ipt_tracker.clinical.outcome.on_track import OffTrack, Rule, off_track
from ipt_tracker.clinical.outcome.thresholds import ThresholdSet, threshold_set, threshold_set_at
from ipt_tracker.persistence.queries.day import OpenCourse, TotalRow
from ipt_tracker.services.scores import main_key_of

TWO = 2  # totals make a change


@dataclass(frozen=True, slots=True)
class Fired:
    """A course, the instrument that it was judged on, and the rule that fired."""

    course: OpenCourse
    instrument: str
    off: OffTrack


def fired(courses: Iterable[OpenCourse], rows: Iterable[TotalRow]) -> tuple[Fired, ...]:
    """Apply the rules to every course under way: the worst first."""
    by_course = defaultdict[UUID, list[TotalRow]](list)
    for row in rows:
        if row.instrument in INSTRUMENTS:
            by_course[row.course_id].append(row)
    found = (_fired(course, by_course.get(course.id, [])) for course in courses)
    return tuple(sorted((each for each in found if each is not None), key=_rank))


def _fired(course: OpenCourse, rows: list[TotalRow]) -> Fired | None:
    by_key: dict[str, list[TotalRow]] = defaultdict(list)
    for row in rows:
        by_key[row.instrument].append(row)
    key = main_key_of({k: _complete(each) for k, each in by_key.items()}, course.diagnosis)
    if key is None:
        return None
    thresholds = _thresholds(key, rows)
    off = off_track(
        _change(by_key[key], thresholds), thresholds, course.held, course.planned_sessions
    )
    return Fired(course, key, off) if off else None


def _complete(rows: Iterable[TotalRow]) -> int:
    return sum(row.total is not None for row in rows)


def _thresholds(key: str, rows: Iterable[TotalRow]) -> ThresholdSet | None:
    """Give the set that judges the course: that of its newest total of the family, by day."""
    family = INSTRUMENTS[key].family
    refs = [
        row.threshold_set
        for row in rows
        if row.total is not None and row.threshold_set
        if INSTRUMENTS[row.instrument].family == family
    ]
    return threshold_set_at(refs[-1]) if refs else threshold_set(family)


def _change(rows: Iterable[TotalRow], thresholds: ThresholdSet | None) -> Change | None:
    """Judge the last total of the treatment against the first."""
    totals = [
        row.total
        for row in rows
        if row.total is not None and not (row.point or "").startswith("follow_up")
    ]
    if thresholds is None or len(totals) < TWO:
        return None
    return judge(totals[0], totals[-1], thresholds)


def _rank(each: Fired) -> tuple[object, ...]:
    return list(Rule).index(each.off.rule), -each.off.points, each.course.code
