"""What the change of a course means by everything published, and which thresholds say so."""

from dataclasses import dataclass
from datetime import date

from ipt_tracker.clinical.course.records import CourseStatus
from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.clinical.outcome.change import Change
from ipt_tracker.clinical.outcome.readings import (
    Reading,
    class_words,
    end_range_words,
    meaningful_words,
    none_published,
    outcome_words,
    percent_words,
    readings,
)
from ipt_tracker.clinical.outcome.series import SeriesChange, change_over
from ipt_tracker.clinical.outcome.thresholds import ThresholdSet, threshold_sets
from ipt_tracker.clinical.outcome.wording import points_words
from ipt_tracker.services.acute_end import acute_end
from ipt_tracker.services.judged_by_rules import rules_of
from ipt_tracker.services.progress_facts import Facts


@dataclass(frozen=True, slots=True)
class Judgement:
    """The change on one instrument, first total to last of the treatment, and its criteria.

    `recorded` names the set stored with the results, known here or not; `thresholds` is the one
    used on this page. Texts that have nothing to say are empty.
    """

    instrument: Instrument
    recorded: str
    thresholds: ThresholdSet | None
    is_other: bool
    from_to: str
    called: str
    """What its class is: the outcome, or the change alone where the patient left."""
    outcome: str
    acute: str
    meaningful: str
    percent: str
    readings: tuple[Reading, ...]
    none_published: str
    rules: tuple[tuple[str, str], ...]
    """What the rules of off track and of sudden gains say, as names and texts."""

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """The set in use as names and texts, in the order of a page."""
        used = self.thresholds
        if used is None:
            return (("Recorded with", self.recorded),)
        shown = (("Shown here by", used.name),) if self.is_other else ()
        return (
            ("Recorded with", self.recorded),
            *shown,
            ("Reliable change", f"{points_words(used.reliable_points)} or more"),
            ("End range", end_range_words(used)),
            ("Source", used.source),
            ("Population", used.population),
            ("How sure", used.certainty.value),
        )


def judgements(facts: Facts, today: date) -> tuple[Judgement, ...]:
    """Read the change on the main instrument, and on the one drawn below it."""
    shown = [each for each in (facts.main, facts.second) if each is not None]
    return tuple(_judgement(facts, each, today) for each in shown)


def choices(facts: Facts) -> tuple[ThresholdSet, ...]:
    """List the sets by which the main instrument can be shown."""
    return threshold_sets(facts.main.family)


def _judgement(facts: Facts, one: Instrument, today: date) -> Judgement:
    thresholds = facts.threshold_of(one)
    judged = change_over(facts.scores.series(one.key, of_treatment=True), thresholds)
    pair = _pair(judged)
    found = readings(one.family, *pair) if pair else ()
    left = facts.course.status == CourseStatus.DROPPED_OUT
    return Judgement(
        instrument=one,
        recorded=facts.recorded_words(one),
        thresholds=thresholds,
        is_other=thresholds != facts.recorded_with(one),
        from_to=f"{pair[0]} to {pair[1]}" if pair else "",
        called="First to last score" if left else "Outcome",
        outcome=_outcome(judged.change, thresholds, left=left),
        acute=acute_end(facts, one, today),
        meaningful=meaningful_words(thresholds, judged.points) if pair and thresholds else "",
        percent=percent_words(one, *pair) if pair else "",
        readings=found,
        none_published=none_published(one) if pair and not found else "",
        rules=rules_of(facts, one, today) if pair else (),
    )


def _pair(judged: SeriesChange) -> tuple[int, int] | None:
    first, last = judged.first, judged.last
    if judged.points is None or first is None or last is None:
        return None
    return (first.total or 0, last.total or 0)


def _outcome(change: Change | None, thresholds: ThresholdSet | None, *, left: bool) -> str:
    if change is None or thresholds is None:
        return ""
    return class_words(change, thresholds) if left else outcome_words(change, thresholds)
