"""The instance key as a person writes it down: 13 numbered groups of five characters.

Four characters of each group are the key, in the alphabet of Crockford's base 32 (no I, L, O or U);
the fifth is a check of the four and of the group's place, a weighted sum in the field of 32
elements. So one wrong character, two that changed places and two groups that did are each found,
and the group is named.
"""

import hashlib
from collections.abc import Sequence

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
APART = str.maketrans("-\t\r\n", "    ")
KEY_BYTES, BITS, GROUPS, IN_A_GROUP = 32, 5, 13, 4
SPARE = GROUPS * IN_A_GROUP * BITS - KEY_BYTES * 8
"""Bits that the key leaves over; they hold the beginning of its digest."""
_FIELD = 0b100101
_WEIGHTS = (2, 4, 8, 16)


class Mistyped(Exception):
    """What was typed is not a recovery key; the message says where it goes wrong."""

    def __init__(self, message: str, group: int | None = None) -> None:
        """Name the group, from 1, where it is known."""
        super().__init__(message)
        self.group = group


def encode(key: bytes) -> tuple[str, ...]:
    """Give the 13 groups of a key of 32 bytes."""
    if len(key) != KEY_BYTES:
        raise ValueError("an instance key has 32 bytes")
    number = int.from_bytes(key) << SPARE | _beginning(key)
    count = GROUPS * IN_A_GROUP
    values = [number >> BITS * (count - 1 - place) & 31 for place in range(count)]
    return tuple(
        _written(values[start : start + IN_A_GROUP], start // IN_A_GROUP)
        for start in range(0, count, IN_A_GROUP)
    )


def decode(typed: str) -> bytes:
    """Give the key back. Small letters, O for 0, I or L for 1, blanks and hyphens are welcome.

    Raises Mistyped, which names the group that is not as it was printed.
    """
    number = 0
    for place, group in enumerate(_groups(typed)):
        for value in _values(group, place):
            number = number << BITS | value
    key = (number >> SPARE).to_bytes(KEY_BYTES)
    if number & (1 << SPARE) - 1 != _beginning(key):
        raise Mistyped("Each group is whole, but together they are not one key. Compare each.")
    return key


def _groups(typed: str) -> Sequence[str]:
    """Split by what stands between groups, or by length where they were typed in one piece."""
    plain = typed.upper().translate(READ_AS)
    apart = plain.translate(APART).split()
    joined = "".join(apart)
    if len(joined) == GROUPS * (IN_A_GROUP + 1):
        size = IN_A_GROUP + 1
        return [joined[start : start + size] for start in range(0, len(joined), size)]
    for place, group in enumerate(apart, start=1):
        if len(apart) == GROUPS and len(group) != IN_A_GROUP + 1:
            raise Mistyped(f"Group {place} has {len(group)} characters, not 5.", place)
    raise Mistyped(f"The key has 65 characters in 13 groups; these are {len(joined)}.")


def _values(group: str, place: int) -> list[int]:
    strange = [letter for letter in group if letter not in ALPHABET]
    if strange:
        raise Mistyped(f"Group {place + 1} ({group}): {strange[0]} is in no key.", place + 1)
    values = [ALPHABET.index(letter) for letter in group]
    if _written(values[:IN_A_GROUP], place) != group:
        raise Mistyped(f"Group {place + 1} ({group}) is not as it was printed.", place + 1)
    return values[:IN_A_GROUP]


def _written(values: Sequence[int], place: int) -> str:
    check = place
    for value, weight in zip(values, _WEIGHTS, strict=True):
        check ^= _times(value, weight)
    return "".join(ALPHABET[value] for value in (*values, check))


def _times(one: int, other: int) -> int:
    """Multiply in the field of 32 elements."""
    product = 0
    while other:
        if other & 1:
            product ^= one
        one, other = one << 1, other >> 1
        if one & 32:
            one ^= _FIELD
    return product


def _beginning(key: bytes) -> int:
    return hashlib.sha256(key).digest()[0] >> 8 - SPARE
