"""How something that waits is said, the same on every page."""

from dataclasses import dataclass
from uuid import UUID

from flask import url_for

from ipt_tracker.clinical.course.codes import known
from ipt_tracker.clinical.course.due import Due, State
from ipt_tracker.clinical.course.schedule import Occasion
from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.services.chart_series import point_words as usual_words
from ipt_tracker.web.page import day

KINDS = {State.OVERDUE: "late", State.DUE: "due", State.COMING: "open"}


@dataclass(frozen=True, slots=True)
class Said:
    """The kind of a tag, its word, and smaller words with the day."""

    kind: str
    word: str
    when: str


def state_of(due: Due) -> Said:
    """Say whether it is overdue, due or coming, and since when."""
    since = f"since {day(due.due_on)}"
    if not due.expected:
        return Said("unsure", "missing", since)
    if due.state is State.COMING:
        ahead = "tomorrow" if due.days == -1 else f"in {-due.days} days"
        return Said(KINDS[due.state], "coming", f"{day(due.due_on)}, {ahead}")
    if due.state is State.OVERDUE:
        return Said(KINDS[due.state], "overdue", f"{since}, {due.days} days")
    return Said(KINDS[due.state], "due", since if due.days else "today")


def form_name(due: Due) -> str:
    """Name the form; one of another clinic in its own words."""
    known = INSTRUMENTS.get(due.key)
    return known.name if known else due.key


def occasion_words(point: str) -> str:
    """Name a point of the course; one of another clinic in its own words."""
    occasion = known(Occasion, point)
    return occasion.label if occasion else usual_words(point).capitalize() or "Planned"


def point_words(due: Due) -> str:
    """Name the point of a planned assessment in running text; nothing for a form of a session."""
    return occasion_words(due.occasion).lower() if due.measure_id else ""


def enter_url(course_id: UUID, due: Due) -> str:
    """Give the address of the entry form, with the point of the course where there is one."""
    point = due.occasion if due.measure_id else None
    return url_for("measures.record", course_id=course_id, instrument=due.key, point=point)
