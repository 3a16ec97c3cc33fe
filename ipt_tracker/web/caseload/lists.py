"""The quick lists above the table, its sortable heads, and what an empty list says."""

from dataclasses import dataclass

from flask import url_for

from ipt_tracker.governance.access import Actor, Permission, allows
from ipt_tracker.services.caseload import QUIET_DAYS, Caseload, Show, Sort
from ipt_tracker.web.caseload.forms import arguments
from ipt_tracker.web.page import Place

PILLS = {
    Show.OPEN: "Open",
    Show.SAFETY: "Ask or follow up risk",
    Show.ENDING: "Ending phase",
    Show.QUIET: f"No session for {QUIET_DAYS} days",
    Show.UNBOOKED: "Nothing booked",
    Show.CLOSED: "Closed",
}
DIRECTIONS = {
    Sort.PATIENT: "ascending",
    Sort.THERAPIST: "ascending",
    Sort.STARTED: "descending",
    Sort.SEEN: "ascending",
    Sort.BOOKED: "ascending",
}
"""The one direction of each order: names from A, newest course first, longest unseen first,
next appointment first."""
NUMBERS = (
    *("no", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)


@dataclass(frozen=True, slots=True)
class Pill:
    """One quick list with its count."""

    place: Place
    count: int


@dataclass(frozen=True, slots=True)
class Head:
    """A column head that sorts; `current` is the direction while the list is in its order."""

    url: str
    current: str | None


@dataclass(frozen=True, slots=True)
class Nothing:
    """Why a list is empty and what to press."""

    text: str
    actions: tuple[Place, ...] = ()
    title: str | None = None
    note: str | None = None


def label(show: Show) -> str:
    """Name a list: "Open courses"."""
    return {
        Show.OPEN: "Open courses",
        Show.SAFETY: "Courses with suicide or risk to ask about",
        Show.ENDING: "Courses in the ending phase",
        Show.QUIET: f"Courses without a session for {QUIET_DAYS} days",
        Show.UNBOOKED: "Courses without an appointment",
        Show.CLOSED: "Closed courses",
    }[show]


def pills(found: Caseload) -> tuple[Pill, ...]:
    """Give the quick lists in their order."""
    return tuple(
        Pill(Place(words, _url(found, show, found.sort), show is found.show), found.counts[show])
        for show, words in PILLS.items()
    )


def heads(found: Caseload) -> dict[str, Head]:
    """Give the heads that sort, by the name of their order."""
    return {
        str(sort): Head(_url(found, found.show, sort), words if sort is found.sort else None)
        for sort, words in DIRECTIONS.items()
    }


def _url(found: Caseload, show: Show, sort: Sort) -> str:
    return url_for("caseload.show", show=show, sort=sort, **arguments(found.filters))


def summary(found: Caseload) -> str:
    """Count in words what is listed, and say when filters leave something out."""
    said = _summary(found.counts)
    return f"As filtered: {said[:1].lower()}{said[1:]}" if found.filters.any else said


def _summary(counts: dict[Show, int]) -> str:
    """Count in words what is in treatment: "Twelve open courses, two in the ending phase."."""
    if not counts[Show.OPEN]:
        return f"No open courses.{_to_ask(counts[Show.SAFETY])}"
    courses = "course" if counts[Show.OPEN] == 1 else "courses"
    words = [f"{number_words(counts[Show.OPEN]).capitalize()} open {courses}"]
    if counts[Show.ENDING]:
        words.append(f"{number_words(counts[Show.ENDING])} in the ending phase")
    if counts[Show.QUIET]:
        words.append(f"{number_words(counts[Show.QUIET])} without a session for {QUIET_DAYS} days")
    return f"{', '.join(words)}.{_to_ask(counts[Show.SAFETY])}"


def _to_ask(number: int) -> str:
    if not number:
        return ""
    courses = "course has" if number == 1 else "courses have"
    return f" {number_words(number).capitalize()} {courses} suicide or risk to ask about."


def files(actor: Actor) -> tuple[Place, ...]:
    """Give where the caseload is taken out as files, and scores are taken in."""
    ways = (
        ("Tables", "exports.show", Permission.EXPORT_CASELOAD),
        ("Progress reports", "batches.show", Permission.EXPORT_CASELOAD),
        ("Take in scores", "score_imports.show", Permission.IMPORT_SCORES),
    )
    return tuple(
        Place(label, url_for(endpoint), current=False)
        for label, endpoint, needed in ways
        if allows(actor, needed)
    )


def number_words(number: int) -> str:
    """Write small numbers as words, larger ones as figures."""
    return NUMBERS[number] if number < len(NUMBERS) else str(number)


def nothing(found: Caseload, *, may_start: bool) -> Nothing:
    """Say why this list is empty."""
    if found.filters.any:
        every = url_for("caseload.show", show=found.show, sort=found.sort)
        return Nothing(
            "No course of this list is left by the filters.",
            (Place("Take the filters off", every, current=False),),
        )
    if any(found.counts.values()):
        return _empty_list(found)
    if not may_start:
        return Nothing(
            "Courses appear here while their therapist is your supervisee.",
            title="No courses yet",
            note="The clinic administrator keeps the list of who supervises whom.",
        )
    return Nothing(
        "A course needs a clinic code, a protocol and a first date. You can add the diagnosis, "
        "the event and the rest in the first sessions.",
        (Place("Add a patient", url_for("courses.new"), current=False),),
        "Start with one patient",
        "Waiting for a patient to be handed over? The therapist or supervisor who has the course "
        "hands it over; it then appears here.",
    )


def _empty_list(found: Caseload) -> Nothing:
    is_open = found.counts[Show.OPEN]
    texts = {
        Show.OPEN: "No course is open. Closed ones keep their whole record.",
        Show.SAFETY: "No answer on suicide waits to be acknowledged, and no risk was found when it "
        "was last asked about. That says nothing about today.",
        Show.ENDING: "No open course is in its ending phase.",
        Show.QUIET: f"Every open course had a session in the last {QUIET_DAYS} days.",
        Show.UNBOOKED: "Every open course has an appointment.",
        Show.CLOSED: "No course is closed. One that ends stays readable here.",
    }
    if is_open:
        action = Place("Show open courses", _url(found, Show.OPEN, found.sort), current=False)
    else:
        action = Place("Show closed courses", _url(found, Show.CLOSED, found.sort), current=False)
    return Nothing(texts[found.show], (action,))
