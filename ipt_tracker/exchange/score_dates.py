"""Dates as spreadsheets write them. What can be read in two ways is asked about, not guessed."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from ipt_tracker.clinical.rules import RuleBroken

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ][\d:.+Z-]*)?")
_TWO_WAYS = re.compile(r"(\d{1,2})([-/. ]+)(\d{1,2})[-/. ]+(\d{4})(?: [\d:]+)?")
_DAY_NAMED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[-/. ]+([A-Za-z]{3,9})[-/., ]+(\d{4})")
_MONTH_NAMED = re.compile(r"([A-Za-z]{3,9})[. ]+(\d{1,2})(?:st|nd|rd|th)?[, ]+(\d{4})")
_NUMBER = re.compile(r"\d{5}(?:\.\d+)?")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
SHORTEST_MONTH = 3
FROM_1900, FROM_1904 = date(1899, 12, 30), date(1904, 1, 1)
MONTHS = 12
UNREADABLE = "is no date that can be read for certain. Write it like 2025-04-07."


@dataclass(frozen=True, slots=True)
class DateOrder:
    """What the dates of a column say about their order.

    `both` is an example that can be read in two ways; the others prove one way.
    """

    both: str | None
    day_first: str | None
    month_first: str | None

    @property
    def must_ask(self) -> bool:
        """Whether a date changes with the order."""
        return self.both is not None

    @property
    def proposal(self) -> bool | None:
        """Whether the day comes first, as far as the other dates all say the same."""
        if (self.day_first is None) == (self.month_first is None):
            return None
        return self.day_first is not None


def date_order(texts: Iterable[str]) -> DateOrder:
    """Look through the dates of a column."""
    both = day_first = month_first = None
    for text in texts:
        numbers = _two_ways(text)
        if numbers is None or numbers[0] == numbers[1]:
            continue
        first, second = numbers
        if first <= MONTHS and second <= MONTHS:
            both = both or text
        elif second <= MONTHS:
            day_first = day_first or text
        elif first <= MONTHS:
            month_first = month_first or text
    return DateOrder(both, day_first, month_first)


def _two_ways(text: str) -> tuple[int, int] | None:
    """Give the two numbers of 03/04/2025. With points the day comes first everywhere."""
    found = _TWO_WAYS.fullmatch(text)
    if found is None or "." in found[2]:
        return None
    return int(found[1]), int(found[3])


def read_date(text: str, *, day_first: bool | None = None, from_1904: bool = False) -> date:
    """Read one date. RuleBroken where it is none, or where its order is not known.

    `day_first` says how to read 03/04/2025. A number of five digits is the spreadsheet's own
    count of days.
    """
    try:
        found = _read(text, day_first, from_1904=from_1904)
    except ValueError:
        found = None
    if found is None:
        raise RuleBroken(f"“{text[:30]}” {UNREADABLE}")
    return found


def _read(text: str, day_first: bool | None, *, from_1904: bool) -> date | None:  # noqa: FBT001 -- what was answered, or nothing yet
    if found := _ISO.fullmatch(text):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if _NUMBER.fullmatch(text):
        return (FROM_1904 if from_1904 else FROM_1900) + timedelta(days=int(float(text)))
    if found := _DAY_NAMED.fullmatch(text):
        return date(int(found[3]), _month(found[2]), int(found[1]))
    if found := _MONTH_NAMED.fullmatch(text):
        return date(int(found[3]), _month(found[1]), int(found[2]))
    if found := _TWO_WAYS.fullmatch(text):
        return _ordered(found, day_first)
    return None


def _ordered(found: re.Match[str], day_first: bool | None) -> date | None:  # noqa: FBT001 -- what was answered, or nothing yet
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    if "." in found[2]:
        return date(year, second, first)
    if first == second:
        return date(year, first, second)
    if day_first is None and first <= MONTHS and second <= MONTHS:
        return None
    by_day = first > MONTHS if day_first is None else day_first
    return date(year, second, first) if by_day else date(year, first, second)


def _month(name: str) -> int:
    """Give the number of a month by its English name or its beginning. ValueError for none."""
    small = name.lower()
    short = "sep" if small == "sept" else small
    numbers = [n for n, each in enumerate(_MONTHS, start=1) if each.startswith(short)]
    if len(numbers) != 1 or len(short) < SHORTEST_MONTH:
        raise ValueError(name)
    return numbers[0]
