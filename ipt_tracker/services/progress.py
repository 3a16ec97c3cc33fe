"""Progress of a course: the verdict in words, the scores with their classes, the trials beside."""

from dataclasses import dataclass
from datetime import date

from ipt_tracker.charts.progress import Progress
from ipt_tracker.clinical.course.records import CourseStatus
from ipt_tracker.clinical.evidence.comparison import Comparison, NoComparison
from ipt_tracker.clinical.evidence.patient_benchmark import beside_trials
from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.clinical.outcome.change import ChangeClass
from ipt_tracker.clinical.outcome.second_opinion import SecondOpinion
from ipt_tracker.clinical.outcome.series import Row, Status, change_over
from ipt_tracker.clinical.outcome.verdict import Ending, Verdict, verdict
from ipt_tracker.governance.access import Permission
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import Course
from ipt_tracker.services.doors import course_subject
from ipt_tracker.services.outline import Outline, outline
from ipt_tracker.services.progress_chart import chart_of, point_words
from ipt_tracker.services.progress_facts import Facts, facts_of, read_scores, with_events
from ipt_tracker.services.scores import Given
from ipt_tracker.services.unit_of_work import UnitOfWork

NO_FORM = {
    Status.NOT_RETURNED: "not returned",
    Status.DECLINED: "declined",
    Status.NOT_ADMINISTERED: "not given",
    Status.MISSING: "missing",
}


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One administration as the table under the chart shows it."""

    given: Given
    row: Row

    @property
    def score_words(self) -> str:
        """The total, or in words why there is none."""
        one = self.row.administration
        if one.total is not None:
            return str(one.total)
        if one.status is Status.INCOMPLETE:
            return f"{one.answered} answered" if one.answered is not None else "incomplete"
        return NO_FORM[one.status]

    @property
    def tag(self) -> str:
        """The kind of tag for its class: open for the start, better, worse, same or unsure."""
        kinds = {ChangeClass.IMPROVED: "better", ChangeClass.WORSE: "worse"}
        if self.row.is_baseline:
            return "open"
        if self.row.klass is ChangeClass.UNKNOWN:
            return "unsure"
        return kinds.get(self.row.klass, "same") if self.row.klass else ""

    @property
    def remarks(self) -> tuple[str, ...]:
        """What must be known beside the number."""
        one, late = self.row.administration, self.given.days_late
        possible = one.total is None and one.lowest is not None
        return tuple(
            filter(
                None,
                (
                    point_words(self.given.row.point),
                    f"{one.lowest} to {one.highest} possible, no total" if possible else "",
                    f"{late} days late" if late else "",
                    "assessor not blind" if self.given.row.blind is False else "",
                    f"was {self.given.amended_from}, {self.given.amendment}"
                    if self.given.amended_from is not None
                    else "",
                    one.note,
                ),
            )
        )


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """The administrations of one instrument, and whose thresholds judged them."""

    instrument: Instrument
    lines: tuple[ScoreLine, ...]
    thresholds: str
    complete: int

    def shown(self, most: int) -> tuple[ScoreLine, ...]:
        """Give every line, or the first and the newest when there are more than that."""
        if len(self.lines) <= most:
            return self.lines
        return (self.lines[0], *self.lines[1 - most :])


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


def course_verdict(outline: Outline, facts: Facts | None, today: date) -> Verdict | None:
    """Put the progress of a course into one sentence; None when nothing was ever measured."""
    if facts is None:
        return None
    return verdict(
        facts.scores.series(facts.main.key, of_treatment=True),
        facts.threshold_of(facts.main),
        today.year,
        _ending(outline.course),
        _second(facts),
    )


def _ending(course: Course) -> Ending:
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


def read_progress(
    work: UnitOfWork, course: Course, choice: ChartChoice, software: str
) -> tuple[Outline, CourseProgress | None]:
    """Read the progress of a course; None where none of our instruments was ever used."""
    where, facts = _read(work, course, choice)
    said = course_verdict(where, facts, work.today)
    if facts is None or said is None:
        return where, None
    thresholds = facts.threshold_of(facts.main)
    return where, CourseProgress(
        verdict=said,
        tables=tuple(_table(facts, each) for each in _shown(facts)),
        main=facts.main,
        choices=facts.scores.instruments(),
        unknown=len(facts.scores.unknown),
        band=thresholds.reliable_points if thresholds else None,
        picture=chart_of(facts, software, with_events=choice.events),
        facts=facts,
    )


def read_chart(
    work: UnitOfWork, course: Course, choice: ChartChoice, software: str
) -> Progress | None:
    """Give the frozen input of a course's chart; None where there is nothing to draw."""
    _, facts = _read(work, course, choice)
    return chart_of(facts, software, with_events=choice.events) if facts else None


def _read(work: UnitOfWork, course: Course, choice: ChartChoice) -> tuple[Outline, Facts | None]:
    where = outline(work, course)
    facts = facts_of(where, read_scores(work, where), choice.measure)
    return where, with_events(work, facts) if facts else None


def _shown(facts: Facts) -> list[Instrument]:
    """The instruments with a table: the main one first, then the one drawn below it, the rest."""
    first = [each for each in (facts.main, facts.second) if each is not None]
    return first + [each for each in facts.scores.instruments() if each not in first]


def _table(facts: Facts, instrument: Instrument) -> ScoreTable:
    thresholds = facts.threshold_of(instrument)
    series = facts.scores.series(instrument.key)
    rows = {id(r.administration): r for r in change_over(series, thresholds).rows}
    given = sorted(facts.scores.by_key[instrument.key], key=lambda g: g.row.taken_on)
    words = f"{thresholds.name}, {thresholds.population}" if thresholds else ""
    return ScoreTable(
        instrument,
        tuple(ScoreLine(g, rows[id(g.administration)]) for g in given),
        f"{words}: {thresholds.reliable_points} points" if thresholds else "No threshold set",
        sum(g.administration.total is not None for g in given),
    )


def beside(progress: CourseProgress, sd: float | None = None) -> Comparison | NoComparison | None:
    """Set the change of a course beside the trials; None while there are no two scores.

    Raises RuleBroken for an SD that cannot be one.
    """
    facts = progress.facts
    series = facts.scores.series(facts.main.key, of_treatment=True)
    first, last = series.first, series.last
    if first is None or last is None or first is last:
        return None
    thresholds = facts.threshold_of(facts.main)
    words = source = ""
    if thresholds:
        points = thresholds.reliable_points
        words = f"under {points} points could be measurement error"
        source = f"{thresholds.name}, {thresholds.population}"
    return beside_trials(
        facts.main.family,
        first.total or 0,
        last.total or 0,
        sd,
        reliable_words=words,
        reliable_source=source,
    )


def where_in_treatment(progress: CourseProgress, outline: Outline) -> str:
    """Say what the comparison must not hide: that the course is not at its end; empty when it is.

    The trials' figures are of the end of treatment.
    """
    ending = _ending(progress.facts.course)
    if ending is Ending.DROPPED_OUT:
        return (
            "The patient left the course: the last score is not an end-of-treatment score, "
            "and the trials' figures are of the end of treatment."
        )
    if ending is Ending.OPEN:
        return (
            f"The course goes on ({outline.position.words[:1].lower()}"
            f"{outline.position.words[1:]}); the trials' figures are of the end of treatment."
        )
    return ""


def note_download(work: UnitOfWork, course: Course, fmt: str, choice: ChartChoice) -> None:
    """Write down that a chart leaves the building, before it does."""
    work.audit(
        Event.CHART_DOWNLOADED,
        course_subject(course),
        format=fmt,
        measure=choice.measure,
        permission=Permission.DOWNLOAD_CHART,
    )
