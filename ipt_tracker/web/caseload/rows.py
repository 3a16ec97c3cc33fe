"""A course of the caseload in the words of one table row."""

from dataclasses import dataclass
from datetime import date

from flask import url_for
from markupsafe import Markup

from ipt_tracker.charts.model import LONGEST_JOINED
from ipt_tracker.charts.spark import Spark, draw
from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.clinical.outcome.change import Change, ChangeClass
from ipt_tracker.clinical.outcome.series import Administration, Status
from ipt_tracker.clinical.outcome.thresholds import default_cut
from ipt_tracker.clinical.outcome.wording import move_words
from ipt_tracker.services.caseload import Line, Standing
from ipt_tracker.web.page import day
from ipt_tracker.web.strip import Mini, mini_view
from ipt_tracker.web.work import given

USUAL = "PCL-5"
"""The instrument that needs no name in a row; a row on another one says which."""
UNPLANNED_GAP = 60
KIND_OF_CLASS = {
    ChangeClass.IMPROVED: "better",
    ChangeClass.UNCHANGED: "same",
    ChangeClass.WORSE: "worse",
    ChangeClass.UNKNOWN: "unsure",
}
WITHOUT = {
    Status.INCOMPLETE: "incomplete",
    Status.NOT_RETURNED: "not returned",
    Status.DECLINED: "declined",
    Status.NOT_ADMINISTERED: "not given",
    Status.MISSING: "missing",
}


@dataclass(frozen=True, slots=True)
class Said:
    """A state in words: a tag where it has a kind, and a smaller line under it."""

    text: str
    kind: str = ""
    sub: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row, ready for the template."""

    label: str
    code: str
    url: str
    therapists: str
    position: str
    mini: Mini
    spark: Markup | None
    last: str
    last_sub: str
    change: Said
    seen: Said
    due: Said


def row_of(line: Line) -> Row:
    """Put one course into words."""
    patient, standing = line.course.patient, line.standing
    last = standing.judged.last if standing else None
    return Row(
        label=patient.name or patient.code,
        code=patient.code,
        url=url_for("courses.show", course_id=line.course.id),
        therapists=", ".join(line.therapists),
        position=_position(line),
        mini=mini_view(line.facts),
        spark=_spark(standing) if standing and last else None,
        last="–" if last is None else str(last.total),
        last_sub=_last_words(standing, last),
        change=_change(line),
        seen=_seen(line, given().today()),
        due=due(line),
    )


def _position(line: Line) -> str:
    """Say the position in few words, beside its small picture: "11 of 16, middle"."""
    return line.facts.position.words.removeprefix("Session ").removesuffix(" phase")


def _last_words(standing: Standing | None, last: Administration | None) -> str:
    if standing is None or last is None:
        return "no score yet"
    name = standing.instrument.name
    when = day(last.taken_on).replace(" ", "\N{NO-BREAK SPACE}")
    return when if name == USUAL else f"{name}, {when}"


def _spark(standing: Standing) -> Markup:
    each = standing.series.administrations
    instrument, start = standing.instrument, each[0].taken_on
    cut = default_cut(instrument.family)
    picture = Spark(
        name=_spark_words(standing),
        days=tuple((a.taken_on - start).days for a in each),
        values=tuple(a.total for a in each),
        top=instrument.highest,
        bottom=instrument.lowest,
        line=cut.at - 0.5 if cut and instrument.self_report else None,
        gap=_gap(instrument),
    )
    return Markup(draw(picture))  # noqa: S704 -- our own drawing; its one text is escaped there


def _spark_words(standing: Standing) -> str:
    complete = standing.series.complete
    name, last = standing.instrument.name, complete[-1].total
    if len(complete) == 1:
        return f"{name}, one score, {last}"
    return f"{name}, {len(complete)} scores, from {complete[0].total} to {last}"


def _gap(instrument: Instrument) -> int:
    return int((instrument.planned_gap_days or UNPLANNED_GAP) * LONGEST_JOINED)


def _change(line: Line) -> Said:
    """Name the class of change; of a patient who left, only that it cannot be told."""
    standing = line.standing
    if standing is None or standing.judged.last is None:
        return Said("Cannot tell", "unsure", "no score yet")
    points, change = standing.judged.points, standing.judged.change
    if points is None:
        return Said("Cannot tell", "unsure", "one score so far")
    if change is None:
        return Said("Cannot tell", "unsure", f"{move_words(points)}, no threshold set")
    moved = move_words(points)
    if line.dropped_out and change.klass is not ChangeClass.WORSE:
        return Said("Cannot tell", "unsure", f"left the course; last score {moved}")
    return Said(_class_words(change, moved), KIND_OF_CLASS[change.klass], _remark(standing, change))


def _class_words(change: Change, moved: str) -> str:
    return f"{change.klass.capitalize()}, {moved}" if change.points else change.klass.capitalize()


def _remark(standing: Standing, change: Change) -> str:
    words = []
    thresholds = standing.thresholds
    if change.in_range and thresholds and change.klass is ChangeClass.IMPROVED:
        words.append(f"in range, {thresholds.end_range_at_most} or lower")
    newest = standing.newest
    if newest is not None and newest.total is None:
        words.append(f"last form {WITHOUT[newest.status]}")
    return "; ".join(words)


def _seen(line: Line, today: date) -> Said:
    if line.seen_on is None:
        return Said("not seen yet")
    if line.course.ended_on is not None:
        return Said(day(line.seen_on))
    days = (today - line.seen_on).days
    ago = {0: "today", 1: "yesterday"}.get(days, f"{days} days ago")
    return Said(day(line.seen_on), "", ago)


def due(line: Line) -> Said:
    """Say what became of the newest form: the simple rule, until there is a schedule."""
    if line.course.ended_on is not None:
        return Said("course ended")
    if line.seen_on is None:
        return Said("nothing missing")
    standing = line.standing
    if standing is None or standing.newest is None:
        return Said("First score", "due", "none entered yet")
    name, newest = standing.instrument.name, standing.newest
    if line.form_missing:
        return Said(f"{name} missing", "unsure", f"session of {day(line.seen_on)}")
    if newest.total is None:
        return Said(f"{name} {WITHOUT[newest.status]}", "unsure", day(newest.taken_on))
    return Said("nothing missing")
