"""The scores by which each course under way is watched: one instrument's, of the treatment.

A day's page asks this of a whole caseload, so it is made from a few columns of each form. A test
holds it to what the caseload says of each course.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.outcome.series import Administration, Status
from ipt_tracker.clinical.outcome.thresholds import ThresholdSet, threshold_set, threshold_set_at
from ipt_tracker.persistence.queries.day import OpenCourse, TotalRow
from ipt_tracker.services.given import narrow_label
from ipt_tracker.services.scores import main_key_of


@dataclass(frozen=True, slots=True)
class Watched:
    """A course, its main instrument, the set that judges it, and its rows of the treatment.

    `thresholds` is None where no set is published or known. `rows` are in order of date.
    """

    course: OpenCourse
    instrument: str
    thresholds: ThresholdSet | None
    rows: tuple[TotalRow, ...]

    @property
    def administrations(self) -> tuple[Administration, ...]:
        """The rows as the rules read them."""
        return tuple(map(_administration, self.rows))


def watched(courses: Iterable[OpenCourse], rows: Iterable[TotalRow]) -> tuple[Watched, ...]:
    """Choose the instrument of each course that has a score of any of ours, in their order."""
    by_course = defaultdict[UUID, list[TotalRow]](list)
    for row in rows:
        if row.instrument in INSTRUMENTS:
            by_course[row.course_id].append(row)
    found = (_watched(course, by_course.get(course.id, [])) for course in courses)
    return tuple(each for each in found if each is not None)


def _watched(course: OpenCourse, rows: list[TotalRow]) -> Watched | None:
    by_key: dict[str, list[TotalRow]] = defaultdict(list)
    for row in rows:
        by_key[row.instrument].append(row)
    key = main_key_of({k: _complete(each) for k, each in by_key.items()}, course.diagnosis)
    if key is None:
        return None
    own = (row for row in by_key[key] if not (row.point or "").startswith("follow_up"))
    return Watched(course, key, _thresholds(key, rows), tuple(own))


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


def _administration(row: TotalRow) -> Administration:
    label = (
        narrow_label(row.kind, row.number, row.attendance) if row.kind and row.attendance else ""
    )
    status = Status.MISSING if row.total is None else Status.COMPLETE
    return Administration(row.instrument, row.taken_on, row.total, status, session_label=label)
