"""The panel beside the session form: what was said and scored last time."""

from dataclasses import dataclass

from markupsafe import Markup

from ipt_tracker.charts.model import LONGEST_JOINED
from ipt_tracker.charts.spark import Spark, draw
from ipt_tracker.clinical.course.kinds import kind_of
from ipt_tracker.clinical.instruments.bands import Cut
from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.outcome.change import judge
from ipt_tracker.clinical.outcome.series import Series
from ipt_tracker.clinical.outcome.wording import move_words
from ipt_tracker.services.session_start import LOOKED_BACK, SessionStart
from ipt_tracker.web.page import day
from ipt_tracker.web.sessions.rows import risk_words


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the panel."""

    label: str
    text: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class LastTime:
    """The panel: which session it was, its facts, and the scores so far as a line."""

    which: str
    facts: tuple[Fact, ...]
    spark: Markup | None
    spark_words: str
    caption: str


def last_time(start: SessionStart) -> LastTime | None:
    """Put the last session into words; None before the first."""
    last = start.last
    if last is None:
        return None
    kind = kind_of(last.kind)
    name = kind.short(last.number) if kind and last.number is not None else "–"
    facts = (
        Fact("Event", last.linked_event or "none noted"),
        Fact("Mood", "not noted" if last.mood is None else f"{last.mood} of 10"),
        _score(start),
        _risk(start),
        Fact("Plan", last.plan or "none noted"),
        Fact("Homework", last.homework) if last.homework else None,
    )
    series = start.scores.series(start.main_form, of_treatment=True)
    return LastTime(
        f"session {name}, {day(last.held_on)}",
        tuple(fact for fact in facts if fact),
        _spark(series, start.scores.cut_of(start.main_form)) if series.complete else None,
        _spark_words(series),
        _caption(start),
    )


def _caption(start: SessionStart) -> str:
    """Say the range of the picture, and what its dashes mean."""
    one, cut = INSTRUMENTS[start.main_form], start.scores.cut_of(start.main_form)
    words = f"{one.name}, {one.lowest} to {one.highest}, lower is better"
    return f"{words}. Dashes: {cut_words(cut)}" if cut else words


def cut_words(cut: Cut) -> str:
    """Name a cut in a narrow place: "33, provisional PTSD"."""
    meaning = cut.label.partition(": ")[2].partition(" (")[0]
    return f"{cut.at}, {meaning}" if meaning else f"{cut.at}"


def _score(start: SessionStart) -> Fact:
    given, name = start.last_score, INSTRUMENTS[start.main_form].name
    if given is None or given.row.total is None:
        return Fact(name, "no total yet")
    was = f", corrected from {given.total_was}" if given.total_was else ""
    return Fact(name, str(given.row.total), f"{day(given.row.taken_on)}{was}")


def _risk(start: SessionStart) -> Fact:
    asked = start.last_asked
    if asked is None or asked.risk is None:
        return Fact("Risk", "not asked", f"in the last {LOOKED_BACK} appointments")
    return Fact("Risk", risk_words(asked.risk), day(asked.held_on))


def _spark(series: Series, cut: Cut | None) -> Markup:
    instrument, each = INSTRUMENTS[series.instrument_key], series.administrations
    picture = Spark(
        name=_spark_words(series),
        days=tuple((a.taken_on - each[0].taken_on).days for a in each),
        values=tuple(a.total for a in each),
        top=instrument.highest,
        bottom=instrument.lowest,
        line=cut.at - 0.5 if cut else None,
        gap=int((instrument.planned_gap_days or 0) * LONGEST_JOINED),
    )
    drawn = draw(picture).replace('class="spark"', 'class="spark big"', 1)
    return Markup(drawn)  # noqa: S704 -- our own drawing; its one text is escaped there


def _spark_words(series: Series) -> str:
    scores = [a.total for a in series.complete]
    name = INSTRUMENTS[series.instrument_key].version
    if not scores:
        return ""
    if len(scores) == 1:
        return f"{name}, one score, {scores[0]}"
    return f"{name}, {len(scores)} scores, from {scores[0]} to {scores[-1]}"


def start_words(start: SessionStart) -> str:
    """Say beside the total where the scores started and what a reliable change is."""
    series = start.scores.series(start.main_form, of_treatment=True)
    thresholds = start.scores.thresholds_of(start.main_form)
    first, last = series.first, series.last
    if thresholds is None or first is None or last is None or first.total is None:
        return "The first total is the start that later ones are compared with."
    said = f"Start {first.total}"
    if last is not first and last.total is not None:
        change = judge(first.total, last.total, thresholds)
        said += f", last {last.total} ({move_words(change.points)})"
    return f"{said}. A change of {thresholds.reliable_points} or more is reliable."
