"""What is known of a course's progress before anything is said or drawn."""

from dataclasses import dataclass

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.clinical.outcome.thresholds import ThresholdSet, threshold_set
from ipt_tracker.persistence.models import ContractChange, Course
from ipt_tracker.persistence.queries.events import SlotEvent, contract_changes_of, slot_events
from ipt_tracker.persistence.queries.records import SlotRow, amendments_of, measures_of
from ipt_tracker.services.outline import Outline
from ipt_tracker.services.scores import Scores, scores_of
from ipt_tracker.services.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Facts:
    """A course with its slots, its scores by instrument, and the one the page is about."""

    course: Course
    slots: tuple[SlotRow, ...]
    scores: Scores
    main: Instrument
    second: Instrument | None
    contract_changes: tuple[ContractChange, ...] = ()
    events: tuple[SlotEvent, ...] = ()

    def threshold_of(self, instrument: Instrument) -> ThresholdSet | None:
        """Give the set that judges change on this instrument."""
        return threshold_set(instrument.family)


def read_scores(work: UnitOfWork, outline: Outline) -> Scores:
    """Read every score of a course: two statements, whatever its length."""
    course_id = outline.course.id
    measures = measures_of(work.session, [course_id]).get(course_id, ())
    return scores_of(measures, outline.slots, amendments_of(work.session, course_id))


def facts_of(outline: Outline, scores: Scores, wanted: str | None = None) -> Facts | None:
    """Choose the instrument that a page is about; None where there is no score of any of ours."""
    main = scores.main_key(outline.course, wanted)
    if main is None:
        return None
    second = scores.second_key(main)
    return Facts(
        outline.course,
        outline.slots,
        scores,
        INSTRUMENTS[main],
        INSTRUMENTS[second] if second else None,
    )


def with_events(work: UnitOfWork, facts: Facts) -> Facts:
    """Add the dated events that a chart marks."""
    course_id = facts.course.id
    return Facts(
        facts.course,
        facts.slots,
        facts.scores,
        facts.main,
        facts.second,
        contract_changes_of(work.session, course_id),
        slot_events(work.session, course_id),
    )
