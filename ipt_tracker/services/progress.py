"""Progress of a course: the verdict in words, the scores with their classes, the trials beside."""

from dataclasses import dataclass, replace
from datetime import date

from ipt_tracker.charts.progress import Progress
from ipt_tracker.clinical.course.records import CourseStatus
from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.clinical.outcome.acute import with_acute
from ipt_tracker.clinical.outcome.second_opinion import SecondOpinion
from ipt_tracker.clinical.outcome.thresholds import ThresholdSet
from ipt_tracker.clinical.outcome.verdict import (
    Ending,
    Verdict,
    beside_window,
    verdict,
)
from ipt_tracker.governance.access import Permission
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import Course
from ipt_tracker.services.acute_end import acute_end
from ipt_tracker.services.chart_choice import Days, Lines
from ipt_tracker.services.doors import course_subject
from ipt_tracker.services.judged_by import Judgement, choices, judgements
from ipt_tracker.services.outline import Outline, outline
from ipt_tracker.services.progress_chart import chart_of, lines_of
from ipt_tracker.services.progress_facts import Facts, facts_of, read_scores, with_events
from ipt_tracker.services.score_tables import ScoreTable, score_tables
from ipt_tracker.services.unit_of_work import UnitOfWork

SCOPES = {
    Ending.OPEN: ("first to newest score", "the course goes on"),
    Ending.COMPLETED: ("first to last score of the treatment", ""),
    Ending.DROPPED_OUT: ("first to last score", "the patient left, so how it ended is unknown"),
}
WITH_MAINTENANCE = "first to last score, maintenance visits included"


@dataclass(frozen=True, slots=True)
class CourseProgress:
    """Everything on the progress page but the comparison."""

    verdict: Verdict
    tables: tuple[ScoreTable, ...]
    main: Instrument
    choices: tuple[Instrument, ...]
    unknown: int
    band: int | None
    """Points of a reliable change, for the pictures beside the trials."""
    picture: Progress
    """The frozen input of the chart."""
    facts: Facts
    judgements: tuple[Judgement, ...]
    """What the change means on the main instrument, and on the one drawn below it."""
    sets: tuple[ThresholdSet, ...]
    """By which the main instrument can be shown."""
    scope: str
    """What the first and the last total are of."""
    acute: str
    """The last score of the acute treatment, where the last of all is of a maintenance visit."""

    @property
    def lines(self) -> tuple[tuple[Lines, str], ...]:
        """What can be drawn with the main line, where there is something."""
        return lines_of(self.facts)

    @property
    def recorded(self) -> ThresholdSet | None:
        """The set stored with the results of the main instrument."""
        return self.facts.recorded_with(self.main)

    @property
    def no_item_words(self) -> str:
        """That none of the measures asks about suicide, where none does."""
        return self.facts.scores.no_item_words


def course_verdict(outline: Outline, facts: Facts | None, today: date) -> Verdict | None:
    """Put the progress of a course into one sentence; None when nothing was ever measured."""
    if facts is None:
        return None
    series = facts.scores.series(facts.main.key, of_treatment=True)
    said = verdict(
        series,
        facts.threshold_of(facts.main),
        today.year,
        ending_of(outline.course),
        _second(facts),
    )
    said = with_acute(said, acute_end(facts, facts.main, today))
    other = facts.scores.other_lookback(facts.main.key)
    if other is None:
        return said
    return beside_window(said, series, facts.scores.series(other, of_treatment=True), today.year)


def ending_of(course: Course) -> Ending:
    """Say how a course stands: it goes on, it was completed, or the patient left it."""
    if course.status == CourseStatus.ACTIVE:
        return Ending.OPEN
    dropped = course.status == CourseStatus.DROPPED_OUT
    return Ending.DROPPED_OUT if dropped else Ending.COMPLETED


def _second(facts: Facts) -> SecondOpinion | None:
    if facts.second is None:
        return None
    series = facts.scores.series(facts.second.key, of_treatment=True)
    last = series.last
    given = facts.scores.by_key[facts.second.key]
    unblind = any(g.administration is last and g.row.blind is False for g in given)
    remark = "the assessor was not blind" if unblind else ""
    return SecondOpinion(series, facts.threshold_of(facts.second), remark)


@dataclass(frozen=True, slots=True)
class ChartChoice:
    """Which chart is meant: the choice is part of its address, never anything of the patient."""

    measure: str | None = None
    events: bool = True
    by: str | None = None
    """Key of a set of thresholds to show the main instrument by, instead of the recorded one."""
    window: Days = Days.ALL
    lines: Lines = Lines.ALL

    def whole(self) -> "ChartChoice":
        """Give the same choice without what only the chart is narrowed by."""
        return replace(self, events=True, window=Days.ALL, lines=Lines.ALL)


def read_progress(
    work: UnitOfWork, course: Course, choice: ChartChoice, software: str
) -> tuple[Outline, CourseProgress | None]:
    """Read the progress of a course; None where none of our instruments was ever used."""
    where, facts = _read(work, course, choice)
    return where, progress_of(where, facts, work.today, software, choice)


def progress_of(
    where: Outline,
    facts: Facts | None,
    today: date,
    software: str,
    choice: ChartChoice,
) -> CourseProgress | None:
    """Put together what was read of a course; None where none of our instruments was ever used."""
    said = course_verdict(where, facts, today)
    if facts is None or said is None:
        return None
    thresholds = facts.threshold_of(facts.main)
    acute = acute_end(facts, facts.main, today)
    return CourseProgress(
        verdict=said,
        tables=score_tables(facts),
        main=facts.main,
        choices=facts.scores.instruments(),
        unknown=len(facts.scores.unknown),
        band=thresholds.reliable_points if thresholds else None,
        picture=_picture(facts, software, choice),
        facts=facts,
        judgements=judgements(facts, today),
        sets=choices(facts),
        scope=_scope(ending_of(facts.course), acute),
        acute=acute,
    )


def _scope(ending: Ending, acute: str) -> str:
    which, how = SCOPES[ending]
    return "; ".join(filter(None, (WITH_MAINTENANCE if acute else which, how)))


def read_chart(
    work: UnitOfWork, course: Course, choice: ChartChoice, software: str
) -> Progress | None:
    """Give the frozen input of a course's chart; None where there is nothing to draw."""
    _, facts = _read(work, course, choice)
    return _picture(facts, software, choice) if facts else None


def _picture(facts: Facts, software: str, choice: ChartChoice) -> Progress:
    return chart_of(
        facts, software, with_events=choice.events, window=choice.window, lines=choice.lines
    )


def _read(work: UnitOfWork, course: Course, choice: ChartChoice) -> tuple[Outline, Facts | None]:
    where = outline(work, course)
    facts = facts_of(where, read_scores(work, where), choice.measure, choice.by)
    return where, with_events(work, facts) if facts else None


def note_download(
    work: UnitOfWork, course: Course, fmt: str, choice: ChartChoice, what: str = "progress"
) -> None:
    """Write down that a chart leaves the building, before it does."""
    work.audit(
        Event.CHART_DOWNLOADED,
        course_subject(course),
        what=what,
        format=fmt,
        measure=choice.measure,
        by=choice.by,
        window=choice.window,
        series=choice.lines,
        permission=Permission.DOWNLOAD_CHART,
    )
