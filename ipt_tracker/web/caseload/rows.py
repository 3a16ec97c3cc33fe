"""A course of the caseload in the words of one table row."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import url_for
from markupsafe import Markup

from ipt_tracker.charts.model import LONGEST_JOINED
from ipt_tracker.charts.spark import Spark, draw
from ipt_tracker.clinical.course.due import Due, Dues, State
from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.clinical.missed_visits import CONTACT_TITLE
from ipt_tracker.clinical.outcome.caveats import differing_totals
from ipt_tracker.clinical.outcome.change import Change, ChangeClass
from ipt_tracker.clinical.outcome.series import Administration, Status
from ipt_tracker.clinical.outcome.wording import move_words
from ipt_tracker.services.caseload import Line, Safety, Standing
from ipt_tracker.web.due.words import form_name, state_of
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

    course_id: UUID
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
    following: Said
    attendance: str
    safety: tuple[Said, ...]
    due: Said


def row_of(line: Line) -> Row:
    """Put one course into words."""
    patient, standing = line.course.patient, line.standing
    last = standing.judged.last if standing else None
    return Row(
        course_id=line.course.id,
        label=patient.name or patient.code,
        code=patient.code,
        url=url_for("courses.show", course_id=line.course.id),
        therapists=", ".join(line.therapists),
        position=_position(line),
        mini=mini_view(line.facts),
        spark=spark(standing) if standing and last else None,
        last="–" if last is None else str(last.total),
        last_sub=_last_words(standing, last),
        change=_change(line),
        seen=_seen(line, given().today()),
        following=_following(line, given().today()),
        attendance=_attendance(line),
        safety=safety(line.safety),
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
    often = len(differing_totals(standing.series, last))
    repeats = f"{often} totals that day" if often else ""
    return ", ".join(filter(None, ("" if name == USUAL else name, when, repeats)))


def spark(standing: Standing) -> Markup:
    each = standing.series.administrations
    instrument, start = standing.instrument, each[0].taken_on
    cut = standing.cut
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
    start = _start_repeats(standing)
    if change is None:
        return Said("Cannot tell", "unsure", _and(f"{move_words(points)}, no threshold set", start))
    moved = move_words(points)
    if line.dropped_out and change.klass is not ChangeClass.WORSE:
        return Said("Cannot tell", "unsure", _and(f"left the course; last score {moved}", start))
    words = _and(_remark(standing, change), start)
    return Said(_class_words(change, moved), KIND_OF_CLASS[change.klass], words)


def _and(*words: str) -> str:
    return "; ".join(filter(None, words))


def _start_repeats(standing: Standing) -> str:
    """Say that the first day has several totals; of the last day its own cell says it."""
    first, last = standing.judged.first, standing.judged.last
    often = len(differing_totals(standing.series, first))
    apart = first is not None and last is not None and first.taken_on != last.taken_on
    return f"{often} totals on the first day" if often and apart else ""


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


def _following(line: Line, today: date) -> Said:
    """Say what is booked next; that nothing is booked is said too."""
    booked = line.following
    if booked is None:
        return Said("" if line.course.ended_on else "not booked")
    on = booked.planned_on
    when = "today" if on == today else f"{on:%a} {day(on)}"
    return Said(when, "", f"{booked.starts_at:%H:%M}" if booked.starts_at else "")


def _attendance(line: Line) -> str:
    """Give both rates: of all appointments, and of own absences alone."""
    of_all, own = line.attendance.of_all, line.attendance.own
    if of_all.percent is None:
        return ""
    return f"attended {_percent(of_all.percent)}, own\N{NO-BREAK SPACE}{_percent(own.percent)}"


def _percent(value: int | None) -> str:
    return "–" if value is None else f"{value}\N{NO-BREAK SPACE}%"


def safety(found: Safety) -> tuple[Said, ...]:
    """Say what waits about suicide and risk. Never a level, and nothing where nothing waits."""
    said = []
    if found.contacts:
        missed = day(found.contacts[0].day)
        said.append(Said(CONTACT_TITLE, "risk", f"missed {missed}"))
    if found.prompts:
        since = day(given().day_of(found.prompts[0].raised_at))
        said.append(Said("Ask about suicide", "risk", f"answer entered {since}"))
    if found.risk:
        said.append(Said("Risk present", "flag", f"asked {day(found.risk.held_on)}"))
    return tuple(said)


def due(line: Line) -> Said:
    """Say what waits first, and how much more; else what became of the newest form."""
    waiting = line.dues.open
    if waiting:
        return _waiting(waiting)
    if line.course.ended_on is not None:
        return Said("course ended")
    standing, planned = line.standing, line.course.schedule is not None
    quiet = Said("nothing due" if planned else "nothing missing", "", _coming(line.dues))
    if line.seen_on is None:
        return quiet
    if standing is None or standing.newest is None:
        return quiet if planned else Said("First score", "due", "none entered yet")
    name, newest = standing.instrument.name, standing.newest
    if newest.total is None:
        return Said(f"{name} {WITHOUT[newest.status]}", "unsure", day(newest.taken_on))
    return quiet


def _waiting(waiting: tuple[Due, ...]) -> Said:
    first, more = waiting[0], len(waiting) - 1
    state = state_of(first)
    words = [state.when if first.expected else f"session of {day(first.due_on)}"]
    if more:
        words.append(f"{more} more due")
    return Said(f"{form_name(first)} {state.word}", state.kind, ", ".join(words))


def _coming(dues: Dues) -> str:
    coming = [each for each in dues.lines if each.state is State.COMING]
    return f"{form_name(coming[0])} on {day(coming[0].due_on)}" if coming else ""
