"""Reading one worked case out of a file: what is wrong with a value is told by its place."""

from collections.abc import Mapping, Sequence
from typing import TypeGuard

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS, key_for
from ipt_tracker.clinical.instruments.instrument import Instrument, Item

Case = Mapping[str, object]
Place = int | str | None
OUT_OF_RANGE, UNREADABLE, WRONG_COUNT = "out_of_range", "unreadable", "wrong_item_count"
UNKNOWN_INSTRUMENT = "unknown_instrument"
MOST = 1e9  # no scale comes near; beyond it arithmetic would overflow


class BrokenCase(Exception):
    """One case cannot be scored: `error` is the reason, `item` the number or key of the value."""

    def __init__(self, error: str, item: Place = None) -> None:
        super().__init__(error, item)
        self.error, self.item = error, item


def is_case(value: object) -> TypeGuard[Case]:
    """Tell whether a JSON value is an object."""
    return isinstance(value, dict)


def instrument_of(case: Case) -> Instrument:
    """Find the instrument that a case names, without a window the past-month form."""
    name, window = case.get("instrument"), case.get("window")
    if not isinstance(name, str) or not isinstance(window, str | None):
        raise BrokenCase(UNREADABLE, "instrument")
    key = key_for(name, window)
    if key is None:
        raise BrokenCase(UNKNOWN_INSTRUMENT, "instrument")
    return INSTRUMENTS[key]


def listed(value: object, count: int, place: Place) -> Sequence[object]:
    """Take a list of exactly `count` values; the first surplus or lacking one is the place."""
    if not isinstance(value, list):
        raise BrokenCase(UNREADABLE, place)
    if len(value) != count:
        raise BrokenCase(WRONG_COUNT, min(len(value), count) + 1)
    return value


def answers_of(case: Case, items: Sequence[Item]) -> tuple[int | None, ...]:
    """Take the answers of a form, null for a blank."""
    given = listed(case.get("items"), len(items), "items")
    return tuple(
        answer(value, item, number)
        for number, (item, value) in enumerate(zip(items, given, strict=True), start=1)
    )


def answer(value: object, item: Item, place: Place) -> int | None:
    """Take one answer: a number that the item does not have is out of range, never moved."""
    if value is None:
        return None
    number = whole(value, place)
    if not item.allows(number):
        raise BrokenCase(OUT_OF_RANGE, place)
    return number


def whole(value: object, place: Place) -> int:
    """Take a whole number; 2.0 is one, as programs write it that know no other numbers."""
    number = finite(value, place)
    if int(number) != number:
        raise BrokenCase(OUT_OF_RANGE, place)
    return int(number)


def finite(value: object, place: Place) -> int | float:
    """Take a number of a size that scales have; text, a truth value or a list is not one."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BrokenCase(UNREADABLE, place)
    if not -MOST <= value <= MOST:
        raise BrokenCase(OUT_OF_RANGE, place)
    return value


def truth(value: object, place: Place) -> bool | None:
    """Take true, false or null for not recorded."""
    if value is None or isinstance(value, bool):
        return value
    raise BrokenCase(UNREADABLE, place)


def extra_of(case: Case) -> Case:
    """Take what a diagnosis needs beside the items; none of it is assumed."""
    extra = case.get("extra")
    if extra is None:
        return {}
    if not is_case(extra):
        raise BrokenCase(UNREADABLE, "extra")
    return extra


def rounded(value: float, digits: int = 4) -> float:
    """Round for print; minus zero becomes zero."""
    return round(value, digits) + 0.0
