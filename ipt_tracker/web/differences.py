"""Which words of a text another text does not have."""

import difflib
import re
from collections.abc import Iterator

Piece = tuple[str, bool]
"""Some words, and whether the other version does not have them."""


def marked(text: str, other: str) -> tuple[Piece, ...]:
    """Cut a text into pieces: those that the other text has too, and those it has not."""
    own, others = (re.findall(r"\S+|\s+", each) for each in (text, other))
    return tuple(_joined(own, _same_words(own, others)))


def _same_words(own: list[str], others: list[str]) -> list[bool]:
    """Say of each word, and of each gap, whether it stands in both texts in the same order."""
    places = [i for i, part in enumerate(own) if not part.isspace()]
    words = [own[i] for i in places]
    matcher = difflib.SequenceMatcher(
        None, words, [part for part in others if not part.isspace()], autojunk=False
    )
    same = [False] * len(own)
    for block in matcher.get_matching_blocks():
        for i in places[block.a : block.a + block.size]:
            same[i] = True
    for i, part in enumerate(own):
        if part.isspace():  # a gap belongs to the mark only between two marked words
            same[i] = same[i - 1 if i else 0] or same[min(i + 1, len(own) - 1)] or i == 0
    return same


def _joined(parts: list[str], same: list[bool]) -> Iterator[Piece]:
    text, kind = "", True
    for part, is_same in zip(parts, same, strict=True):
        if is_same != kind and text:
            yield text, not kind
            text = ""
        kind = is_same
        text += part
    if text:
        yield text, not kind
