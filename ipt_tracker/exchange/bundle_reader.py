"""Reading JSON with a place for every complaint: what is broken, what is merely not known.

A value of the wrong type is broken and refuses the file. A key or code that is not known, and a
number outside what its field can hold, is kept as text and listed.
"""

import json
import re
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Never

from ipt_tracker.exchange.bundle_content import canonical
from ipt_tracker.exchange.bundle_values import Kept

LONGEST_CODE = 60
LONGEST_NAME = 200
LONGEST_TEXT = 20_000
LARGEST = 1_000_000
FURTHEST_DAY = 36_500
EARLIEST_YEAR, LATEST_YEAR = 1900, 2199
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
NAMES_OF_TYPES: dict[type, str] = {
    dict: "an object",
    list: "a list",
    str: "text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    type(None): "nothing",
}


class BrokenBundle(Exception):
    """The file cannot be read: `place` names where, `message` says what is wrong there."""

    def __init__(self, place: str, message: str) -> None:
        super().__init__(f"{place}: {message}")
        self.place = place
        self.message = message


def parse(text: str | bytes) -> object:
    """Read JSON strictly: no second value for one key, no number that is not a number."""
    try:
        plain = text.decode("utf-8-sig") if isinstance(text, bytes) else text.removeprefix("\ufeff")
        value: object = json.loads(
            plain, object_pairs_hook=_one_value_each, parse_constant=_no_such_number
        )
        # Half of a surrogate pair, which only an escape can spell, can be read but never stored.
        if "\\ud" in plain.lower():
            canonical(value).encode()
    except json.JSONDecodeError as error:
        raise BrokenBundle(
            f"line {error.lineno}, column {error.colno}", f"this is not JSON ({error.msg})."
        ) from error
    except UnicodeError as error:
        raise BrokenBundle("the file", "it is not text in UTF-8.") from error
    except (RecursionError, ValueError) as error:
        raise BrokenBundle(
            "the file", "it is nested too deeply or a number is too long."
        ) from error
    return value


class Node:
    """One JSON object while it is read: every key is taken once, what is left over is kept."""

    def __init__(self, value: object, name: str, warnings: list[str], joint: str = ".") -> None:
        self.name = name
        self.warnings = warnings
        self._joint = joint
        if not isinstance(value, dict):
            raise BrokenBundle(name, f"an object is needed, this is {_type_of(value)}.")
        self._values: dict[str, object] = value
        self._taken: set[str] = set()
        self._odd: set[str] = set()

    def place(self, key: str) -> str:
        """Name the place of one key, the way a person would look for it in the file."""
        return f"{self.name}{self._joint}{key}" if self.name else key

    def broken(self, key: str, message: str) -> BrokenBundle:
        """Say that the file is to be refused because of one key."""
        return BrokenBundle(self.place(key), message)

    def warn(self, key: str, message: str) -> None:
        """List something about one key that does not stop the reading."""
        self.warnings.append(f"{self.place(key)}: {message}")

    def raw(self, key: str) -> object:
        """Take a value as it is; None when it is absent or null."""
        self._taken.add(key)
        return self._values.get(key)

    def names(self) -> Iterable[str]:
        """Give the object's keys, taken or not, in the order of the file."""
        return self._values.keys()

    def keep(self, key: str, why: str) -> None:
        """Keep the value of a key as text, because its field cannot hold it, and list it."""
        self._odd.add(key)
        self.warn(key, f"{why}, kept as text")

    def set_aside(self, *keys: str) -> None:
        """Keep the values of known keys that no field holds as text, without a warning."""
        there = {key for key in keys if self._values.get(key) is not None}
        self._taken |= set(keys)
        self._odd |= there

    def plain_text(self, key: str, longest: int) -> str | None:
        """Take a text where it is one that fits; anything else is set aside."""
        value = self.raw(key)
        if isinstance(value, str) and _storable(value, longest):
            return value
        self.set_aside(key)
        return None

    def text(self, key: str, longest: int = LONGEST_TEXT) -> str | None:
        """Take a text; None when absent."""
        value = self.raw(key)
        if value is None or (isinstance(value, str) and _storable(value, longest)):
            return value
        if isinstance(value, str):
            raise self.broken(key, f"text of at most {longest} characters is needed, without NUL.")
        raise self.broken(key, f"text is needed, this is {_type_of(value)}.")

    def one_of_several(self, key: str) -> str | None:
        """Take a text; of a list of them take the first, and keep the whole list as text."""
        several = self.raw(key)
        if not isinstance(several, list) or not several:
            return self.text(key, LONGEST_CODE)
        first = self.texts(key)[0]
        self.keep(key, f'several are given, "{first[:LONGEST_CODE]}" is taken')
        return first

    def needed_text(self, key: str) -> str:
        """Take a text that must not be absent or empty."""
        value = self.text(key, LONGEST_CODE)
        if not value or not value.strip():
            raise self.broken(key, "this is missing.")
        return value

    def code(self, key: str, known: Collection[str]) -> str | None:
        """Take a code; one that is not known is listed and stays as it is."""
        value = self.text(key, LONGEST_CODE)
        if value is not None and value not in known:
            self.warn(key, f'unknown code "{value}", kept as text')
        return value

    def flag(self, key: str) -> bool | None:
        """Take true or false; None when absent."""
        value = self.raw(key)
        if value is None or isinstance(value, bool):
            return value
        raise self.broken(key, f"true or false is needed, this is {_type_of(value)}.")

    def whole(self, key: str, lowest: int = -LARGEST, highest: int = LARGEST) -> int | None:
        """Take a whole number; one out of range is kept as text, never clamped."""
        value = self.raw(key)
        if value is None:
            return None
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.broken(key, f"a whole number is needed, this is {_said(value)}.")
        if lowest <= value <= highest:
            return value
        self.keep(key, f"{value} is outside {lowest} to {highest}")
        return None

    def calendar_date(self, key: str) -> date:
        """Take a date that must be there, written 2025-01-06."""
        value = self.raw(key)
        if not isinstance(value, str) or not ISO_DATE.fullmatch(value):
            raise self.broken(key, f"a date like 2025-01-06 is needed, this is {_said(value)}.")
        try:
            day = date.fromisoformat(value)
        except ValueError as error:
            raise self.broken(key, f"{value} is not a day of the calendar.") from error
        if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
            raise self.broken(key, f"{value} is not a year in which this can have happened.")
        return day

    def day(self, key: str, first_contact: date | None) -> date | None:
        """Take whole days from first contact and give the date they fall on."""
        days = self.whole(key)
        if days is None:
            return None
        if abs(days) > FURTHEST_DAY:
            raise self.broken(key, f"{days} days from first contact is impossible.")
        if first_contact is None:
            raise self.broken(key, "there is no session from which days could be counted.")
        return first_contact + timedelta(days=days)

    def node(self, key: str) -> "Node | None":
        """Take an inner object; None when absent."""
        value = self.raw(key)
        return None if value is None else Node(value, self.place(key), self.warnings)

    def nodes(self, key: str) -> list["Node"]:
        """Take a list of objects; empty when absent."""
        return [
            Node(value, f"{self.place(key)}[{index}]", self.warnings)
            for index, value in enumerate(self._list(key))
        ]

    def texts(self, key: str) -> tuple[str, ...]:
        """Take a list of texts; empty when absent."""
        values = self._list(key)
        for index, value in enumerate(values):
            if not isinstance(value, str) or not _storable(value, LONGEST_TEXT):
                raise self.broken(f"{key}[{index}]", f"text is needed, this is {_said(value)}.")
        return tuple(str(value) for value in values)

    def wholes(self, key: str) -> tuple[int | None, ...]:
        """Take a list of whole numbers, null for one that is missing; anything else stays text."""
        values = self.raw(key)
        if values is None:
            return ()
        if isinstance(values, list) and all(_whole_or_none(value) for value in values):
            return tuple(values)
        self.keep(key, "a list of whole numbers is needed")
        return ()

    def codes(self, key: str, known: Collection[str]) -> tuple[str, ...]:
        """Take a list of codes; unknown ones are listed, one named twice is kept once."""
        codes = self.texts(key)
        for index, code in enumerate(codes):
            if len(code) > LONGEST_CODE:
                raise self.broken(f"{key}[{index}]", "this is too long for a code.")
            if code not in known:
                self.warn(f"{key}[{index}]", f'unknown code "{code}", kept as text')
            if code in codes[:index]:
                self.warn(f"{key}[{index}]", f"{code} is named twice, kept once")
        return tuple(dict.fromkeys(codes))

    def json(self, key: str) -> str | None:
        """Take any value as JSON text; None when absent or null."""
        value = self.raw(key)
        return None if value is None else canonical(value)

    def left_over(self) -> tuple[Kept, ...]:
        """Give what no field holds, and list the keys that are not known."""
        unknown = [key for key in self._values if key not in self._taken]
        for key in unknown:
            self.warn(key, "unknown key, kept as text")
        kept = [key for key in self._values if key in self._odd or key not in self._taken]
        return tuple(Kept(key, canonical(self._values[key])) for key in kept)

    def _list(self, key: str) -> list[object]:
        value = self.raw(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self.broken(key, f"a list is needed, this is {_type_of(value)}.")
        return value


def _one_value_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    values = dict(pairs)
    if len(values) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise BrokenBundle("the file", f'one object has two values for "{twice}".')
    return values


def _no_such_number(name: str) -> Never:
    raise BrokenBundle("the file", f"{name} is not a number.")


def _whole_or_none(value: object) -> bool:
    return value is None or (isinstance(value, int) and not isinstance(value, bool))


def _storable(value: str, longest: int) -> bool:
    return len(value) <= longest and "\x00" not in value


def _type_of(value: object) -> str:
    return NAMES_OF_TYPES.get(type(value), "something else")


def _said(value: object) -> str:
    return f'"{value[:LONGEST_CODE]}"' if isinstance(value, str) else _type_of(value)
