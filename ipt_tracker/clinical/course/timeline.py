"""The timeline: what happened in a life, as exactly as its day is known, and what lies near onset.

Interpersonal psychotherapy lines up the onset and course of symptoms with events and changes in
relationships, and gives changes near onset special weight (IPT-UK, stages of IPT). How near is
near is not published: three months is a rule of our own.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ipt_tracker.clinical.course.codes import Code
from ipt_tracker.clinical.rules import AskFirst, RuleBroken

NEAR_MONTHS = 3
NEAR_DAYS = 92  # no three months are longer
NEAR_WORDS = f"within {NEAR_MONTHS} months of onset"
PERHAPS_WORDS = f"perhaps {NEAR_WORDS}"
NEAR_SOURCE = (
    "IPT gives changes near the onset of symptoms special weight; how near is near is our own rule."
)
LONGEST_WHAT = 300
OLDEST_YEAR = 1850
BEFORE_BIRTH = "before_birth"
"""Key of the question whether something before the patient's birth belongs here."""
MONTHS = 12


class EventKind(Code):
    """What an entry of the timeline is."""

    LIFE_EVENT = "life_event", "Life event"
    LOSS = "loss", "Loss"
    ROLE_CHANGE = "role_change", "Change of role"
    CONFLICT = "conflict", "Conflict"
    ONSET = "onset", "Onset of symptoms"
    SYMPTOM_CHANGE = "symptom_change", "Change of symptoms"
    TREATMENT = "treatment", "Treatment"


WEIGHED = frozenset(
    {EventKind.LIFE_EVENT, EventKind.LOSS, EventKind.ROLE_CHANGE, EventKind.CONFLICT}
)
"""The kinds that are looked at for an onset nearby."""
OF_SYMPTOMS = frozenset({EventKind.ONSET, EventKind.SYMPTOM_CHANGE})


class Exactness(Code):
    """How exactly a day is known."""

    DAY = "day", "To the day"
    MONTH = "month", "To the month"
    YEAR = "year", "To the year"


class Nearness(StrEnum):
    """Whether something happened near an onset; perhaps, where only a year is known."""

    NEAR = NEAR_WORDS
    PERHAPS = PERHAPS_WORDS
    NO = ""


@dataclass(frozen=True, slots=True)
class When:
    """A day, a month or a year, kept as its first day."""

    start: date
    exactness: Exactness = Exactness.DAY

    @property
    def stop(self) -> date:
        """The last day that it can mean."""
        return last_day(self.start, self.exactness)

    @property
    def words(self) -> str:
        """Write "3 Mar 2019", "Mar 2019" or "2019"."""
        return day_words(self.start, self.exactness)


def last_day(start: date, exactness: str) -> date:
    """Give the last day of the day, month or year that begins here."""
    if exactness == Exactness.YEAR:
        return date(start.year, MONTHS, 31)
    if exactness == Exactness.MONTH:
        return start.replace(day=monthrange(start.year, start.month)[1])
    return start


def day_words(day: date, exactness: str) -> str:
    """Write a day no more exactly than it is known."""
    if exactness == Exactness.YEAR:
        return f"{day.year}"
    return f"{day:%b} {day.year}" if exactness == Exactness.MONTH else f"{day.day} {day:%b %Y}"


def when_of(year: int | None, month: int | None, day: int | None, field: str) -> When | None:
    """Read a date of which only the year, or year and month, may be known; None for nothing.

    Raises RuleBroken, naming the part of `field` that is wrong.
    """
    if year is None:
        if month is None and day is None:
            return None
        raise RuleBroken("Enter the year too.", f"{field}_year")
    if not OLDEST_YEAR <= year <= date.max.year:
        raise RuleBroken("Write the year with four digits, such as 2019.", f"{field}_year")
    if month is None:
        if day is not None:
            raise RuleBroken("Choose the month too, or leave the day empty.", f"{field}_month")
        return When(date(year, 1, 1), Exactness.YEAR)
    if day is None:
        return When(date(year, month, 1), Exactness.MONTH)
    longest = monthrange(year, month)[1]
    if not 1 <= day <= longest:
        raise RuleBroken(f"That month has the days 1 to {longest}.", f"{field}_day")
    return When(date(year, month, day))


def check_when(
    when: When | None, end: When | None, today: date, born: date | None, *, is_confirmed: bool
) -> When:
    """Give the day of an event, or refuse it.

    Raises RuleBroken for what lies in the future, ends before it begins, or ends less or more
    exactly than it begins; AskFirst for what lies before the patient's birth.
    """
    if when is None:
        raise RuleBroken("Enter at least the year.", "start_year")
    if when.start > today:
        raise RuleBroken("That is in the future. The timeline holds what has happened.", _at(when))
    if end is not None:
        _check_end(when, end, today)
    if born is not None and when.stop < born and not is_confirmed:
        raise AskFirst(
            f"{when.words} is before the patient was born ({day_words(born, Exactness.DAY)}).",
            _at(when),
            BEFORE_BIRTH,
        )
    return when


def _check_end(when: When, end: When, today: date) -> None:
    if end.exactness != when.exactness:
        known = {Exactness.DAY: "a day", Exactness.MONTH: "a month", Exactness.YEAR: "a year"}
        said = known[when.exactness]
        raise RuleBroken(f"Give the end as the beginning is given: {said}.", "end_year")
    if end.start < when.start:
        raise RuleBroken("It ends before it begins.", "end_year")
    if end.start > today:
        raise RuleBroken("The end is in the future. Leave it empty while it goes on.", "end_year")


def _at(when: When) -> str:
    return f"start_{when.exactness}"


def nearness(event: When, onset: When) -> Nearness:
    """Say whether an event lies within three months of an onset, before or after.

    Days are compared by days, months by months. Where only a year is known, it is perhaps near.
    """
    exact = {event.exactness, onset.exactness}
    if exact == {Exactness.DAY}:
        near = abs((event.start - onset.start).days) <= NEAR_DAYS
        return Nearness.NEAR if near else Nearness.NO
    if Exactness.YEAR not in exact:
        apart = abs(_months(event.start) - _months(onset.start))
        return Nearness.NEAR if apart <= NEAR_MONTHS else Nearness.NO
    gap = max((event.start - onset.stop).days, (onset.start - event.stop).days, 0)
    return Nearness.PERHAPS if gap <= NEAR_DAYS else Nearness.NO


def _months(day: date) -> int:
    return day.year * MONTHS + day.month
