"""Every measure of a course, by instrument: done, not done, planned, corrected."""

from dataclasses import dataclass
from uuid import UUID

from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.clinical.outcome.series import Row, change_over
from ipt_tracker.clinical.outcome.thresholds import ThresholdSet, threshold_set
from ipt_tracker.persistence.models import Amendment
from ipt_tracker.persistence.queries.records import MeasureRow, amendments_of, measures_of
from ipt_tracker.services.measures import PLANNED
from ipt_tracker.services.outline import Outline
from ipt_tracker.services.scores import Given, Scores, scores_of
from ipt_tracker.services.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Judged:
    """One administration with its change since the first total, and how it was corrected."""

    given: Given
    row: Row
    corrections: tuple[Amendment, ...]


@dataclass(frozen=True, slots=True)
class MeasureTable:
    """The administrations of one instrument in their order, and whose thresholds judged them."""

    instrument: Instrument
    lines: tuple[Judged, ...]
    thresholds: ThresholdSet | None


@dataclass(frozen=True, slots=True)
class MeasureList:
    """All measures of a course. `unknown` are of instruments that are not ours."""

    tables: tuple[MeasureTable, ...]
    planned: tuple[MeasureRow, ...]
    unknown: tuple[MeasureRow, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever entered or planned."""
        return not (self.tables or self.planned or self.unknown)

    def find(self, measure_id: UUID | None) -> Judged | None:
        """Give one administration by its id."""
        lines = (line for table in self.tables for line in table.lines)
        return next((line for line in lines if line.given.row.id == measure_id), None)


def list_measures(work: UnitOfWork, facts: Outline) -> MeasureList:
    """Read every measure of a course: two statements, whatever its length."""
    course_id = facts.course.id
    rows = measures_of(work.session, [course_id]).get(course_id, ())
    amendments = amendments_of(work.session, course_id)
    scores = scores_of(rows, facts.slots, amendments)
    return MeasureList(
        tuple(_table(each, scores, amendments) for each in scores.instruments()),
        tuple(row for row in rows if row.status == PLANNED),
        scores.unknown,
    )


def _table(
    instrument: Instrument, scores: Scores, amendments: tuple[Amendment, ...]
) -> MeasureTable:
    thresholds = threshold_set(instrument.family)
    judged = change_over(scores.series(instrument.key), thresholds).rows
    rows = {id(row.administration): row for row in judged}
    return MeasureTable(
        instrument,
        tuple(
            Judged(
                given,
                rows[id(given.administration)],
                tuple(a for a in amendments if a.subject_id == given.row.id),
            )
            for given in scores.by_key[instrument.key]
        ),
        thresholds,
    )
