"""A visit missed by somebody at risk lately: contact is sought on the same day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from ipt_tracker.clinical.course.attendance import OWN_ABSENCES, Attendance
from ipt_tracker.clinical.course.codes import Code, label_of

CONTACT_TITLE = "Same-day contact"
LATELY = timedelta(days=30)
"""How long what was found counts after something newer was found. Our own rule."""


class ContactWay(Code):
    """How contact was sought."""

    PHONE = "phone", "Phone call"
    MESSAGE = "text_message", "Text message"
    LETTER = "letter", "Letter or e-mail"
    VISIT = "visit", "Visit"
    EMERGENCY_CONTACT = "emergency_contact", "Emergency contact"
    WELFARE_CHECK = "welfare_check", "Police or welfare check"


class ContactOutcome(Code):
    """How a request for contact ended."""

    SAFE = "reached_safe", "Reached, and safe"
    ESCALATED = "reached_escalated", "Reached, and help was called in"
    SUPERVISOR = "handed_to_supervisor", "Not reached: handed to the supervisor"
    EMERGENCY = "handed_to_emergency", "Not reached: handed to emergency services"
    MOVED = "moved", "The patient had moved the appointment"


REACHED = frozenset({ContactOutcome.SAFE, ContactOutcome.ESCALATED})


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check on risk said: its day, what it was made with, and whether it found anything.

    `is_open` marks an answer that nobody has asked about yet.
    """

    day: date
    source: str
    is_positive: bool
    words: str
    is_open: bool = False


def found_lately(findings: Iterable[Finding], missed_on: date) -> tuple[Finding, ...]:
    """Give what makes a missed visit a reason for contact, newest first.

    What was found counts for 30 days; so does the newest check of its source, however old it is,
    because nothing newer says otherwise; so does an answer that nobody has asked about yet.
    """
    past = [each for each in findings if each.day <= missed_on]
    newest: dict[str, date] = {}
    for each in past:
        newest[each.source] = max(each.day, newest.get(each.source, each.day))
    counting = [
        each
        for each in past
        if each.is_positive
        and (each.is_open or missed_on - each.day <= LATELY or each.day == newest[each.source])
    ]
    return tuple(sorted(counting, key=lambda each: each.day, reverse=True))


def because(found: Iterable[Finding]) -> str:
    """Say what was positive and when, each thing once."""
    return " ".join(dict.fromkeys(each.words for each in found))


def contact_words(attendance: str, reason: str) -> str:
    """Say what was missed, why it matters, and what to do; never a level of risk."""
    missed = label_of(Attendance, attendance)
    if attendance in OWN_ABSENCES:
        return f"{missed}. {reason} Try to reach the patient today; write each attempt down."
    return (
        f"The visit now says “{missed}”. {reason} The request stays open until somebody says how "
        "it ended."
    )
