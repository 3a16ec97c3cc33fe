"""What can be right about a slot but seldom is: it is asked first, and passes when confirmed."""

from collections.abc import Collection
from datetime import date, datetime
from enum import StrEnum

from ipt_tracker.clinical.course.attendance import is_slot, took_place
from ipt_tracker.clinical.rules import AskFirst
from ipt_tracker.persistence.models import SessionRecord
from ipt_tracker.persistence.queries.records import SlotRow
from ipt_tracker.services.outline import Outline, contract_kind
from ipt_tracker.services.session_entries import SessionEntry


class Question(StrEnum):
    """The key of one question, and the name of its field."""

    OUT_OF_ORDER = "out_of_order"
    SECOND_THAT_DAY = "second_that_day"
    STILL_TO_COME = "still_to_come"
    AFTER_THE_END = "after_the_end"
    PAST_THE_PLAN = "past_the_plan"


EVERY_QUESTION = frozenset(Question)
"""What somebody confirms who has answered them all elsewhere."""


def ask_first(  # noqa: PLR0913 -- the slot as it was and is, what was confirmed, and the moment
    facts: Outline,
    entry: SessionEntry,
    number: int | None,
    record: SessionRecord | None,
    confirmed: Collection[str],
    *,
    now: datetime,
) -> None:
    """Raise AskFirst for the first question that the slot raises and nobody has answered.

    A record that is changed is asked about only where the change raises the question. `now` is the
    moment on the clocks of the clinic.
    """
    if not is_slot(entry.attendance):
        return
    asked = _of_day(facts, entry, record) | _of_number(facts, entry, number, record)
    asked |= _of_hour(entry, record, now)
    for question in Question:
        if question in asked and question not in confirmed:
            message, field = asked[question]
            raise AskFirst(message, field, question)


def _of_day(
    facts: Outline, entry: SessionEntry, record: SessionRecord | None
) -> dict[Question, tuple[str, str]]:
    """Ask about the day: before a later one, a second one on it, after the end of the course."""
    held = took_place(entry.attendance)
    before = record is not None and took_place(record.attendance)
    if record is not None and record.held_on == entry.held_on and (before or not held):
        return {}
    day, own = entry.held_on, record.slot if record else facts.next.slot
    others = [s for s in facts.slots if s.slot != own and is_slot(s.attendance)]
    found = {}
    across = [s for s in others if (s.held_on > day) == (s.slot < own) and s.held_on != day]
    if across:
        words = f"An appointment of {_words(across[0].held_on)} is logged already, "
        words += "later than this day." if across[0].held_on > day else "and was to come after it."
        found[Question.OUT_OF_ORDER] = (f"{words} Is the date right?", "held_on")
    if any(_held_on(s, entry) for s in others):
        second = "one" if held else "appointment"
        words = f"A session on {_words(day)} is logged already. Is this a second {second} that day?"
        found[Question.SECOND_THAT_DAY] = (words, "held_on")
    ended = facts.course.ended_on
    if held and ended is not None and day > ended:
        words = f"The course ended on {_words(ended)}. Did this session take place after that?"
        found[Question.AFTER_THE_END] = (words, "held_on")
    return found


def _held_on(slot: SlotRow, entry: SessionEntry) -> bool:
    return slot.held_on == entry.held_on and took_place(slot.attendance)


def _of_hour(
    entry: SessionEntry, record: SessionRecord | None, now: datetime
) -> dict[Question, tuple[str, str]]:
    """Ask about a session that is said to have taken place and starts later today."""
    start = entry.starts_at
    if not took_place(entry.attendance) or start is None:
        return {}
    before = None
    if record is not None and took_place(record.attendance):
        before = (record.held_on, record.starts_at)
    if entry.held_on != now.date() or start <= now.time() or before == (entry.held_on, start):
        return {}
    words = f"This session starts later today, at {start:%H:%M}. Has it taken place?"
    return {Question.STILL_TO_COME: (words, "starts_at")}


def _of_number(
    facts: Outline, entry: SessionEntry, number: int | None, record: SessionRecord | None
) -> dict[Question, tuple[str, str]]:
    """Ask about a session of the contract's own kind past those that were agreed."""
    agreed = facts.course.planned_sessions
    if number is None or number <= agreed or entry.kind != contract_kind(facts.course):
        return {}
    if record is not None and record.number == number:
        return {}
    words = f"This is session {number} of {agreed} agreed. Extend the contract, or log it anyway."
    return {Question.PAST_THE_PLAN: (words, "number")}


def _words(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
