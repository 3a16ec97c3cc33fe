"""One administration with everything that its page says: how it was corrected, keyed and asked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.instruments.instrument import Score
from ipt_tracker.clinical.instruments.judging import Entered, score_entered
from ipt_tracker.persistence.models import (
    Amendment,
    Course,
    Measure,
    SafetyPrompt,
    SecondKeying,
)
from ipt_tracker.persistence.queries.people import names_of
from ipt_tracker.persistence.queries.records import SlotRow, amendments_of
from ipt_tracker.services.clinic_settings import shows_estimates
from ipt_tracker.services.measures import find_measure
from ipt_tracker.services.outline import Outline, outline
from ipt_tracker.services.safety import prompts_of
from ipt_tracker.services.second_keying import keyings_of
from ipt_tracker.services.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class OneMeasure:
    """One administration. `names` are those of everybody who entered or changed something.

    `amendments` are in the order in which they were made, keyings newest first.
    """

    facts: Outline
    measure: Measure
    slot: SlotRow | None
    amendments: tuple[Amendment, ...]
    keyings: tuple[SecondKeying, ...]
    prompts: tuple[SafetyPrompt, ...]
    names: Mapping[UUID, str]
    shows_estimates: bool

    @property
    def entered(self) -> Entered | None:
        """Its answers by item; None where there is a total alone, or nothing."""
        instrument = INSTRUMENTS.get(self.measure.instrument)
        if instrument is None or not self.measure.answers:
            return None
        return Entered(instrument, self.measure.answers, self.measure.beside or {})

    @property
    def score(self) -> Score | None:
        """What it adds up to; None for what was not done, or is not of an instrument of ours."""
        measure, instrument = self.measure, INSTRUMENTS.get(self.measure.instrument)
        if self.entered is not None:
            return score_entered(self.entered)
        if instrument is None or measure.lowest is None or measure.highest is None:
            return None
        asked = len(instrument.items)
        own = (measure.total, asked, measure.answered, measure.lowest, measure.highest)
        return Score(instrument.key, *own)


def read_measure(work: UnitOfWork, course: Course, measure_id: UUID) -> OneMeasure:
    """Read one measure of a course that was opened already, or raise AccessDenied."""
    measure = find_measure(work, course, measure_id)
    facts = outline(work, course)
    amendments = amendments_of(work.session, course.id)
    keyings, prompts = keyings_of(work, measure.id), prompts_of(work, measure.id)
    return OneMeasure(
        facts,
        measure,
        next((slot for slot in facts.slots if slot.id == measure.session_id), None),
        tuple(a for a in amendments if a.subject_id == measure.id),
        keyings,
        prompts,
        names_of(work.session, _people(measure, keyings, prompts)),
        shows_estimates(work),
    )


def _people(
    measure: Measure, keyings: Iterable[SecondKeying], prompts: Iterable[SafetyPrompt]
) -> set[UUID]:
    people = {measure.recorded_by, measure.withdrawn_by}
    people |= {keying.keyed_by for keying in keyings}
    people |= {prompt.acknowledged_by for prompt in prompts}
    return {person for person in people if person is not None}
