"""What is due in the words of its table: whose, what, since when, and what can be pressed."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from flask import url_for

from ipt_tracker.clinical.course.kinds import kind_of
from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.services.due import DueList, Line, Show, reasons
from ipt_tracker.web.caseload.lists import Nothing, Pill, number_words
from ipt_tracker.web.due.words import enter_url, occasion_words, state_of
from ipt_tracker.web.page import Place

PILLS = {
    Show.WAITING: "Due and overdue",
    Show.OVERDUE: "Overdue",
    Show.DUE: "Due now",
    Show.COMING: "Next 14 days",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One measure that waits. One of another clinic's instruments has no addresses."""

    label: str
    code: str
    url: str
    form: str
    occasion: str
    kind: str
    state: str
    since: str
    enter_url: str
    settle_url: str
    reasons: tuple[tuple[str, str], ...]

    @property
    def what(self) -> str:
        """What the buttons of the row are about, for screen readers."""
        return f"{self.form}, {self.occasion}, {self.label}"


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one therapist on this page, and how many the whole list has of theirs."""

    name: str
    count: str
    rows: tuple[Row, ...]


def groups(found: DueList) -> tuple[Group, ...]:
    """Put the list into words, by therapist."""
    by_name = groupby(found.lines, key=lambda line: line.course.therapist)
    return tuple(
        Group(
            name,
            f"{found.by_therapist[name]} in this list",
            tuple(_row(line, found.show) for line in lines),
        )
        for name, lines in by_name
    )


def _row(line: Line, show: Show) -> Row:
    course, due = line.course, line.due
    instrument = INSTRUMENTS.get(due.key)
    said = state_of(due)
    return Row(
        label=course.name or course.code,
        code=course.code,
        url=url_for("courses.show", course_id=course.id),
        form=instrument.version if instrument else due.key,
        occasion=_occasion(line),
        kind=said.kind,
        state=said.word.capitalize(),
        since=said.when,
        enter_url=enter_url(course.id, due) if instrument else "",
        settle_url=_settle_url(line, show) if instrument else "",
        reasons=tuple(reasons(instrument).items()) if instrument else (),
    )


def _occasion(line: Line) -> str:
    if line.session is None:
        return occasion_words(line.due.occasion)
    kind, number = kind_of(line.session.kind), line.session.number
    name = kind.short(number) if kind and number is not None else str(number or "")
    return " ".join(filter(None, ("Session", name)))


def _settle_url(line: Line, show: Show) -> str:
    course_id, due = line.course.id, line.due
    if due.measure_id is not None:
        return url_for(
            "due.settle_planned", course_id=course_id, measure_id=due.measure_id, show=show
        )
    return url_for(
        "due.settle_session", course_id=course_id, slot=due.slot, instrument=due.key, show=show
    )


def pills(found: DueList) -> tuple[Pill, ...]:
    """Give the lists in their order."""
    return tuple(
        Pill(Place(words, url_for("due.show", show=show), show is found.show), found.counts[show])
        for show, words in PILLS.items()
    )


def summary(counts: dict[Show, int]) -> str:
    """Count in words what waits: "Three overdue, four due now, one more in the next 14 days."."""
    parts = [
        (counts[Show.OVERDUE], "overdue"),
        (counts[Show.DUE], "due now"),
        (counts[Show.COMING], "coming up in the next 14 days"),
    ]
    words = ", ".join(_counted(parts))
    return f"{words[0].upper()}{words[1:]}." if words else "Nothing is due in the next 14 days."


def _counted(parts: Iterable[tuple[int, str]]) -> Iterable[str]:
    return (f"{number_words(number)} {words}" for number, words in parts if number)


def nothing(found: DueList) -> Nothing:
    """Say why a list is empty."""
    texts = {
        Show.WAITING: "Every measure that was planned up to today is entered, or its absence is.",
        Show.OVERDUE: "No measure is more than a week past its day.",
        Show.DUE: "No measure came due in the last week.",
        Show.COMING: "No assessment is planned for the next 14 days. Forms of the sessions come "
        "due on the day of a session.",
    }
    if not any(found.counts.values()):
        note = "Courses without a schedule list only the form that was in use at their sessions."
        caseload = Place("Show the caseload", url_for("caseload.show"), current=False)
        return Nothing(texts[found.show], (caseload,), "Nothing is due", note)
    other = Show.COMING if not found.counts[Show.WAITING] else Show.WAITING
    if other is found.show:
        other = Show.WAITING
    action = Place(f"Show {PILLS[other].lower()}", url_for("due.show", show=other), current=False)
    return Nothing(texts[found.show], (action,))
