"""From the timeline of a course to the frozen input of its picture."""

from datetime import UTC, date
from enum import StrEnum

from ipt_tracker.charts.lifelanes import Mark, counted
from ipt_tracker.charts.model import Provenance, Visit
from ipt_tracker.charts.progress import Progress
from ipt_tracker.charts.timeline import Lifeline
from ipt_tracker.charts.words import plural
from ipt_tracker.clinical.course.attendance import is_slot
from ipt_tracker.clinical.course.timeline import NEAR_SOURCE, NEAR_WORDS, Exactness, Nearness
from ipt_tracker.services.progress_chart import chart_of, focus_of, phases_of
from ipt_tracker.services.scores import session_label
from ipt_tracker.services.timeline_page import LANES, Item, Timeline

LONGEST_TEXT = 110
EACH = "the course window shows each."


class Window(StrEnum):
    """How much time the picture shows."""

    LIFE = "life"
    COURSE = "course"


NAMES = {Window.LIFE: "Whole life history", Window.COURSE: "Course"}


def lifeline_of(
    found: Timeline,
    window: Window,
    today: date,
    software: str,
    *,
    kinds_only: bool = False,
) -> Lifeline:
    """Give everything that the picture shows; with `kinds_only` none of the words typed."""
    course = found.outline.course
    scores = chart_of(found.facts, software, with_events=False) if found.facts else None
    marks = tuple(_mark(item, today, kinds_only=kinds_only) for item in found.items)
    first, last = _course_days(found, scores, today)
    whole = window is Window.LIFE
    if whole and marks:
        first = min(first, *(m.start for m in marks))
    slots = found.outline.slots
    return Lifeline(
        title=f"{course.patient.code}   Timeline: {NAMES[window].lower()}",
        verdict=_verdict(found, marks),
        footer=NEAR_SOURCE if found.has_onset else "",
        first=first,
        last=last,
        marks=marks,
        lanes=LANES,
        series=scores.main if scores else None,
        visits=scores.visits if scores else _visits(found),
        phases=() if whole else phases_of(slots),
        focus=() if whole else focus_of(course, slots),
        near=NEAR_WORDS,
        each=EACH if whole else "",
        provenance=_provenance(found, (first, last), software),
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


def _provenance(found: Timeline, days: tuple[date, date], software: str) -> Provenance:
    facts = found.facts
    moments = [i.event.recorded_at for i in found.items if i.event]
    if facts:
        moments += [g.changed_at for g in facts.scores.by_key[facts.main.key]]
    newest = max(moments, default=None)
    code = found.outline.course.patient.code
    first, last = (f"{d.day} {d:%b %Y}" for d in days)
    return Provenance(
        patient_code=code,
        instrument=facts.main.version if facts else "",
        completeness="",
        threshold_source="",
        window=f"{first} to {last}",
        software=f"IPT Tracker {software}",
        newest_recorded=f"{newest.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if newest else "",
    )
