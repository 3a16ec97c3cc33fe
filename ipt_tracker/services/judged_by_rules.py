"""What the rules of off track and of sudden gains say of one course and instrument, in words."""

from collections.abc import Iterator
from datetime import date

from ipt_tracker.clinical.course.attendance import took_place
from ipt_tracker.clinical.course.records import CourseStatus
from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.clinical.outcome.on_track import OffTrack, off_track, worse_before
from ipt_tracker.clinical.outcome.rule_words import (
    GAIN_ADVICE,
    criteria_words,
    fell_words,
    lost_words,
    verdict_words,
    worse_words,
)
from ipt_tracker.clinical.outcome.series import Series, change_over
from ipt_tracker.clinical.outcome.sudden_gains import SuddenGain, sudden_gains
from ipt_tracker.clinical.outcome.thresholds import ThresholdSet
from ipt_tracker.clinical.outcome.wording import sentence
from ipt_tracker.persistence.queries.day import COUNTED
from ipt_tracker.services.progress_facts import Facts
from ipt_tracker.services.sudden_gain_list import gap_of

ON_TRACK = "By a rule, not a prediction"
SUDDEN = "Sudden gains"
NO_GAIN = "No large drop from one session's score to the next."


def rules_of(facts: Facts, one: Instrument, today: date) -> tuple[tuple[str, str], ...]:
    """Say what the rules say by the set in use; nothing without one."""
    thresholds = facts.threshold_of(one)
    if thresholds is None:
        return ()
    series = facts.scores.series(one.key, of_treatment=True)
    gains = sudden_gains(series.administrations, thresholds, gap_of(facts.course.spacing))
    said = " ".join(_gain_words(each, today.year) for each in gains) or NO_GAIN
    about = f"Criteria: {criteria_words(thresholds)}."
    return (
        *_track(facts, series, thresholds, today.year),
        (SUDDEN, " ".join(filter(None, (said, about, GAIN_ADVICE if gains else "")))),
    )


def _gain_words(gain: SuddenGain, year: int) -> str:
    lost = lost_words(gain, year)
    said = (
        sentence(fell_words(gain, year)),
        f"{verdict_words(gain)}.",
        sentence(lost) if lost else "",
    )
    return " ".join(filter(None, said))


def _track(
    facts: Facts, series: Series, thresholds: ThresholdSet, year: int
) -> Iterator[tuple[str, str]]:
    """Say which rule fires in a course under way, and at which score it was reliably worse."""
    earlier = worse_before(series.administrations, thresholds)
    course, judged = facts.course, change_over(series, thresholds)
    if course.status == CourseStatus.ACTIVE and series.instrument_key == facts.main.key:
        held = sum(s.phase in COUNTED and took_place(s.attendance) for s in facts.slots)
        off = off_track(judged.change, thresholds, held, course.planned_sessions, earlier)
        yield ON_TRACK, _off_words(off)
    if earlier is not None:
        yield "Reliably worse earlier", f"{worse_words(earlier, year)}."


def _off_words(off: OffTrack | None) -> str:
    if off is None:
        return "On track: no rule says that the course should be looked at again."
    return f"Not on track: {off.rule.label.lower()}. {sentence(off.source)}"
