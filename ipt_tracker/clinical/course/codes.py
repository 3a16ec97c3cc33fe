"""Closed sets of codes: each code is kept as its text, and is shown to people as its label."""

from enum import StrEnum
from functools import lru_cache
from typing import Self, TypeVar


class Code(StrEnum):
    """One code of a closed set, with the words that people read instead of it."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        """Make the code compare as its text and carry its label."""
        code = str.__new__(cls, value)
        code._value_ = value
        code.label = label
        return code


C = TypeVar("C", bound=Code)


def known(codes: type[C], text: str) -> C | None:
    """Give the code of the set that the text spells, or None for one that is not in it."""
    return next((code for code in codes if code == text), None)


@lru_cache(maxsize=512)
def label_of(codes: type[Code], text: str) -> str:
    """Give the label of a code; a code of another clinic is shown in its own words."""
    code = known(codes, text)
    return code.label if code else text.replace("_", " ").capitalize()
