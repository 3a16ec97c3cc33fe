"""Every measure of a course, by instrument: done, not done, planned, corrected."""

from dataclasses import dataclass
from uuid import UUID

from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.clinical.outcome.series import Row, change_over
from ipt_tracker.clinical.outcome.thresholds import ThresholdSet
from ipt_tracker.persistence.models import Amendment
from ipt_tracker.persistence.queries.records import MeasureRow, amendments_of, measures_of
from ipt_tracker.services.amendments import MOVED_AWAY
from ipt_tracker.services.measure_entries import PLANNED
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
    """The administrations of one instrument in their order, and whose thresholds judged them.

    `unknown_set` names the stored set where this version does not know it: then nothing is judged.
    """

    instrument: Instrument
    lines: tuple[Judged, ...]
    thresholds: ThresholdSet | None
    unknown_set: str = ""


@dataclass(frozen=True, slots=True)
class MeasureList:
    """All measures of a course. `unknown` are of instruments that are not ours.

    `withdrawn` were entered in error: readable, judged by nothing. `no_item_words` is the sentence
    for a course none of whose measures asks about suicide, else empty. `moved_away` says what
    was filed here and is of somebody else.
    """

    tables: tuple[MeasureTable, ...]
    planned: tuple[MeasureRow, ...]
    unknown: tuple[MeasureRow, ...]
    withdrawn: tuple[Judged, ...] = ()
    no_item_words: str = ""
    moved_away: tuple[Amendment, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever entered or planned."""
        return not (self.tables or self.planned or self.unknown or self.withdrawn)

    def find(self, measure_id: UUID | None) -> Judged | None:
        """Give one administration by its id, withdrawn or not."""
        lines = [line for table in self.tables for line in table.lines]
        found = (each for each in [*lines, *self.withdrawn] if each.given.row.id == measure_id)
        return next(found, None)


def list_measures(work: UnitOfWork, facts: Outline) -> MeasureList:
    """Read every measure of a course: two statements, whatever its length."""
    course_id = facts.course.id
    rows = measures_of(work.session, [course_id]).get(course_id, ())
    amendments = amendments_of(work.session, course_id)
    scores = scores_of(rows, facts.slots, amendments)
    return MeasureList(
        tuple(_table(each, scores, amendments) for each in scores.instruments()),
        tuple(row for row in rows if row.status == PLANNED and row.withdrawn_at is None),
        scores.unknown,
        tuple(Judged(g, _not_judged(g), _own(g, amendments)) for g in scores.withdrawn),
        scores.no_item_words,
        tuple(each for each in amendments if each.field == MOVED_AWAY),
    )


def _table(
    instrument: Instrument, scores: Scores, amendments: tuple[Amendment, ...]
) -> MeasureTable:
    thresholds = scores.thresholds_of(instrument.key)
    judged = change_over(scores.series(instrument.key), thresholds).rows
    rows = {id(row.administration): row for row in judged}
    return MeasureTable(
        instrument,
        tuple(
            Judged(given, rows[id(given.administration)], _own(given, amendments))
            for given in scores.by_key[instrument.key]
        ),
        thresholds,
        scores.unknown_set(instrument.key),
    )


def _own(given: Given, amendments: tuple[Amendment, ...]) -> tuple[Amendment, ...]:
    return tuple(each for each in amendments if each.subject_id == given.row.id)


def _not_judged(given: Given) -> Row:
    return Row(given.administration, is_baseline=False, change=None, klass=None, points=None)
