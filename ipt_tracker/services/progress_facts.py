"""What is known of a course's progress before anything is said or drawn."""

from dataclasses import dataclass, replace

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.clinical.outcome.thresholds import ThresholdSet, threshold_sets
from ipt_tracker.persistence.models import ContractChange, Course
from ipt_tracker.persistence.queries.events import SlotEvent, contract_changes_of, slot_events
from ipt_tracker.persistence.queries.records import SlotRow, amendments_of, measures_of
from ipt_tracker.services.outline import Outline
from ipt_tracker.services.scores import Scores, scores_of
from ipt_tracker.services.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Facts:
    """A course with its slots, its scores by instrument, and the one the page is about.

    `shown_by` is another set of thresholds that somebody wants to see the main instrument by.
    """

    course: Course
    slots: tuple[SlotRow, ...]
    scores: Scores
    main: Instrument
    second: Instrument | None
    contract_changes: tuple[ContractChange, ...] = ()
    events: tuple[SlotEvent, ...] = ()
    shown_by: ThresholdSet | None = None

    def recorded_with(self, instrument: Instrument) -> ThresholdSet | None:
        """Give the set that is stored with the results of this instrument."""
        return self.scores.thresholds_of(instrument.key)

    def threshold_of(self, instrument: Instrument) -> ThresholdSet | None:
        """Give the set that judges change on this instrument here: the stored one, or another."""
        if self.shown_by is not None and self.shown_by.instrument_family == instrument.family:
            return self.shown_by
        return self.recorded_with(instrument)

    def recorded_words(self, instrument: Instrument) -> str:
        """Name the set that is stored with the results, also one that is not known here."""
        unknown = self.scores.unknown_set(instrument.key)
        if unknown:
            return f"“{unknown}”, a set that this version does not know"
        recorded = self.recorded_with(instrument)
        return recorded.name if recorded else "no set: none is published"

    def set_words(self, instrument: Instrument) -> str:
        """Say by which set the classes are given, and whether it is the recorded one."""
        used = self.threshold_of(instrument)
        if used is None:
            return f"Recorded with {self.recorded_words(instrument)}: no class is given."
        said = f"{used.name}, {used.population}: {used.reliable_points} points"
        if used == self.recorded_with(instrument):
            return f"Reliable change: {said}."
        return f"Recorded with {self.recorded_words(instrument)}; shown here by {said}."


def read_scores(work: UnitOfWork, outline: Outline) -> Scores:
    """Read every score of a course: two statements, whatever its length."""
    course_id = outline.course.id
    measures = measures_of(work.session, [course_id]).get(course_id, ())
    return scores_of(measures, outline.slots, amendments_of(work.session, course_id))


def facts_of(
    outline: Outline, scores: Scores, wanted: str | None = None, by: str | None = None
) -> Facts | None:
    """Choose the instrument that a page is about; None where there is no score of any of ours.

    `by` is the key of another set to show it by; one of another instrument is not used.
    """
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
        shown_by=next((s for s in threshold_sets(INSTRUMENTS[main].family) if s.key == by), None),
    )


def with_events(work: UnitOfWork, facts: Facts) -> Facts:
    """Add the dated events that a chart marks."""
    course_id = facts.course.id
    return replace(
        facts,
        contract_changes=contract_changes_of(work.session, course_id),
        events=slot_events(work.session, course_id),
    )
