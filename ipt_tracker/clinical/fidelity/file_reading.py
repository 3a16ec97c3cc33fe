"""Reading a file that a clinic wrote: each thing that is not right, with its place, in a sentence.

Nothing is guessed or mended. What a file says is kept as plain text or refused.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from ipt_tracker.clinical.rules import RuleBroken

MOST_FAULTS = 20
"""A file that is wrong throughout is told so no further."""
TURNS_TEXT = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that make a text look like another one."""


class FaultsFound(RuleBroken):
    """Everything that is not right in a file, one sentence each."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults[:MOST_FAULTS])
        super().__init__(" ".join(self.faults))


class FileReader:
    """Reads values out of a file and collects what is wrong with them."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    def fault(self, place: str, words: str) -> None:
        """Note that something at a place is not right."""
        self.faults.append(f"{place}: {words}")

    def entry(
        self, raw: object, place: str, needed: Sequence[str], also: Sequence[str] = ()
    ) -> Mapping[str, object]:
        """Give the named values of an entry; empty when it is none. All of `needed` must stand."""
        if not isinstance(raw, Mapping):
            self.fault(place, "this must be an entry with names and values, in { }.")
            return {}
        for name in needed:
            if name not in raw:
                self.fault(place, f'"{name}" is missing.')
        known = (*needed, *also)
        for name in raw:
            if name not in known:
                shown = shortened(str(name))
                self.fault(place, f'"{shown}" is not known here. Known are: {", ".join(known)}.')
        return raw

    def entries(self, raw: object, place: str, fewest: int, most: int) -> Sequence[object]:
        """Give the entries of a list, of which there must be so many; empty when it is none."""
        if not isinstance(raw, list):
            self.fault(place, "this must be a list, in [ ].")
            return ()
        if not fewest <= len(raw) <= most:
            self.fault(place, f"there must be {fewest} to {most}; there are {len(raw)}.")
            return ()
        return raw

    def text(self, entry: Mapping[str, object], name: str, place: str, longest: int) -> str:
        """Give a text of one line, without spaces at its ends; empty when it is none."""
        if name not in entry:  # said to be missing already
            return ""
        at, value = f'{place}, "{name}"', entry[name]
        if not isinstance(value, str):
            self.fault(at, 'this must be a text, in " ".')
            return ""
        words = value.strip()
        if not words:
            self.fault(at, "this is empty.")
        elif len(words) > longest:
            self.fault(at, f"this has {len(words)} characters; {longest} are allowed.")
        elif any(map(_cannot_be_shown, words)):
            self.fault(at, "this has a character that cannot be shown, such as a line break.")
        return words

    def code(
        self, entry: Mapping[str, object], name: str, place: str, form: re.Pattern[str], like: str
    ) -> str:
        """Give a short text of a given form; `like` says the form in words."""
        faults = len(self.faults)
        code = self.text(entry, name, place, 1000)
        if code and len(self.faults) == faults and not form.fullmatch(code):
            self.fault(f'{place}, "{name}"', f"{shortened(code)} is not {like}.")
        return code

    def finish(self) -> None:
        """Raise FaultsFound if anything was not right."""
        if self.faults:
            raise FaultsFound(self.faults)


def shortened(text: str, longest: int = 40) -> str:
    """Give a text from a file for a sentence about it: inert, and not long."""
    shown = "".join(" " if _cannot_be_shown(each) else each for each in text)
    return shown if len(shown) <= longest else f"{shown[: longest - 1]}…"


def _cannot_be_shown(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} or character in TURNS_TEXT
