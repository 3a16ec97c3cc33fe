"""From the timeline of a course to the frozen input of its picture."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ipt_tracker.charts.lifelanes import Mark, counted
from ipt_tracker.charts.model import Provenance, Visit
from ipt_tracker.charts.progress import Progress
from ipt_tracker.charts.timeline import Lifeline
from ipt_tracker.charts.windows import days_words, months_before, since, spells_since
from ipt_tracker.charts.words import plural
from ipt_tracker.clinical.course.attendance import is_slot
from ipt_tracker.clinical.course.timeline import NEAR_SOURCE, NEAR_WORDS, Exactness, Nearness
from ipt_tracker.services.chart_choice import Lines
from ipt_tracker.services.chart_series import given_of, series_of
from ipt_tracker.services.chart_words import completeness, recorded
from ipt_tracker.services.progress_chart import chart_of, focus_of, phases_of
from ipt_tracker.services.progress_facts import Facts
from ipt_tracker.services.scores import session_label
from ipt_tracker.services.timeline_page import LANES, Item, Timeline

LONGEST_TEXT = 110
EACH = "the course window shows each."


class Window(StrEnum):
    """How much time the picture shows."""

    LIFE = "life"
    COURSE = "course"
    SIX_MONTHS = "6m"


NAMES = {
    Window.LIFE: "Whole life history",
    Window.COURSE: "Course",
    Window.SIX_MONTHS: "Last 6 months",
}


@dataclass(frozen=True, slots=True)
class View:
    """What is drawn: how much time, with `kinds_only` none of the words typed, with the scores."""

    window: Window = Window.LIFE
    kinds_only: bool = False
    with_scores: bool = True


def lifeline_of(found: Timeline, view: View, today: date, software: str) -> Lifeline:
    """Give everything that the picture shows."""
    course, window = found.outline.course, view.window
    drawn = found.facts if view.with_scores else None
    scores = chart_of(drawn, software, lines=Lines.LOOKBACK) if drawn else None
    marks = tuple(_mark(item, today, kinds_only=view.kinds_only) for item in found.items)
    first, last = _days(found, scores, marks, window, today)
    whole = window is Window.LIFE
    start = first if window is Window.SIX_MONTHS else None
    slots = found.outline.slots
    return Lifeline(
        title=f"{course.patient.code}   Timeline: {NAMES[window].lower()}",
        verdict=_verdict(found, marks),
        footer=NEAR_SOURCE if found.has_onset else "",
        first=first,
        last=last,
        marks=marks,
        lanes=LANES,
        series=series_of(drawn, drawn.main, start) if drawn else None,
        visits=since(scores.visits if scores else _visits(found), start),
        phases=() if whole else spells_since(phases_of(slots), start),
        focus=() if whole else spells_since(focus_of(course, slots), start),
        near=NEAR_WORDS,
        each=EACH if whole else "",
        provenance=_provenance(found, drawn, (first, last), start, software),
    )


def _verdict(found: Timeline, marks: tuple[Mark, ...]) -> str:
    near = sum(item.near is Nearness.NEAR for item in found.items)
    said = counted(marks)
    if not found.has_onset:
        return f"{said}; no onset of symptoms is written down yet."
    return f"{said}; {plural(near, 'event', 'events')} {NEAR_WORDS}."


def _course_days(found: Timeline, scores: Progress | None, today: date) -> tuple[date, date]:
    """Give the first and the last day of the course, its scores and slots included."""
    course = found.outline.course
    days = [course.started_on, *(s.held_on for s in found.outline.slots)]
    if scores:
        days += [s.day for s in (*scores.main.scores, *scores.main.other_scores)]
    return min(days), max(*days, course.ended_on or today)


def _days(
    found: Timeline,
    scores: Progress | None,
    marks: tuple[Mark, ...],
    window: Window,
    today: date,
) -> tuple[date, date]:
    """Give the first and the last day of the window. Six months end with the newest value."""
    first, last = _course_days(found, scores, today)
    if window is Window.LIFE:
        return min([first, *(m.start for m in marks)]), last
    if window is Window.COURSE:
        return first, last
    days = [s.day for s in scores.main.scores] if scores else []
    days += [s.held_on for s in found.outline.slots] + [m.start for m in marks]
    newest = max((day for day in days if day <= last), default=first)
    return months_before(newest), newest


def _visits(found: Timeline) -> tuple[Visit, ...]:
    slots = (s for s in found.outline.slots if is_slot(s.attendance))
    return tuple(Visit(s.held_on, session_label(s), False, s.phase) for s in slots)  # noqa: FBT003 -- no score


def _mark(item: Item, today: date, *, kinds_only: bool) -> Mark:
    stop = (item.end or item.when).stop
    return Mark(
        number=item.number,
        lane=item.lane,
        start=item.when.start,
        stop=max(item.when.start, min(stop, today)),
        day=item.day_words,
        text=item.kind if kinds_only else _text(item),
        exact=item.when.exactness is Exactness.DAY,
        spell=item.end is not None,
        near=item.near is Nearness.NEAR,
        onset=item.is_onset,
        recorded="" if item.event else f"{item.kind.lower()} change",
    )


def _text(item: Item) -> str:
    """Write "Mother died (loss)", cut where it is long."""
    what = item.what
    if len(what) > LONGEST_TEXT:
        what = what[:LONGEST_TEXT].rstrip() + "\N{HORIZONTAL ELLIPSIS}"
    return f"{what} ({item.kind.lower()})" if item.event else what


def _provenance(
    found: Timeline,
    drawn: Facts | None,
    days: tuple[date, date],
    start: date | None,
    software: str,
) -> Provenance:
    first, last = days
    scores = [g for g in given_of(drawn, drawn.main) if _in(g.row.taken_on, start)] if drawn else []
    moments = [i.event.recorded_at for i in found.items if i.event and _shown(i, days)]
    used = drawn.threshold_of(drawn.main) if drawn else None
    said = days_words(first, last)
    return Provenance(
        patient_code=found.outline.course.patient.code,
        instrument=drawn.main.version if drawn else "",
        completeness=completeness(drawn, start) if drawn else "",
        threshold_source=f"{used.name} ({used.population})" if used else "",
        window=f"{said} (last 6 months)" if start else said,
        software=f"IPT Tracker {software}",
        newest_recorded=recorded([*moments, *(g.changed_at for g in scores)]),
        left_out=found.facts.main.version if found.facts and not drawn else "",
    )


def _shown(item: Item, days: tuple[date, date]) -> bool:
    return item.when.start <= days[1] and (item.end or item.when).stop >= days[0]


def _in(day: date, start: date | None) -> bool:
    return start is None or day >= start
