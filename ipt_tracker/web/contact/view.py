"""A request for contact in the words of its page."""

from dataclasses import dataclass
from datetime import datetime

from ipt_tracker.clinical.course.codes import label_of
from ipt_tracker.clinical.missed_visits import (
    CONTACT_TITLE,
    ContactOutcome,
    ContactWay,
    contact_words,
)
from ipt_tracker.services.contact_tasks import Contact
from ipt_tracker.web.page import day
from ipt_tracker.web.work import given


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt, ready for its row."""

    when: str
    way: str
    reached: bool
    what: str
    who: str


@dataclass(frozen=True, slots=True)
class ContactView:
    """One request, ready for its page. `ended` is empty while it is open."""

    title: str
    visit: str
    slot: int
    text: str
    attempts: tuple[Attempt, ...]
    ended: str
    ended_words: str


def contact_view(found: Contact) -> ContactView:
    """Put one request into words."""
    task = found.task
    ended = label_of(ContactOutcome, task.outcome) if task.outcome else ""
    return ContactView(
        title=CONTACT_TITLE,
        visit=f"Visit of {day(found.held_on)}",
        slot=found.slot,
        text=contact_words(found.attendance, task.because),
        attempts=tuple(
            Attempt(
                moment(each.tried_at),
                label_of(ContactWay, each.way),
                each.reached,
                each.what,
                each.tried_by,
            )
            for each in found.attempts
        ),
        ended=ended,
        ended_words=f"{moment(task.closed_at)}, {found.closed_by}" if task.closed_at else "",
    )


def moment(at: datetime) -> str:
    """Write a moment as "7 Apr, 14:30", in the clinic's own time."""
    return f"{day(given().day_of(at))}, {at.astimezone():%H:%M}"
