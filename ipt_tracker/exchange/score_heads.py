"""What the heads of a table and its names of forms mean: proposed where sure, asked where not."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS, key_for
from ipt_tracker.clinical.instruments.instrument import Instrument

PATIENT = ("patient", "patientcode", "code", "client", "clientcode", "patientid", "clientid", "id")
DAY = ("date", "day", "takenon", "dateontheform", "assessmentdate", "testdate", "completedon")
FORM = ("form", "instrument", "measure", "questionnaire", "scale", "test")
TOTAL = ("total", "totalscore", "score", "sum", "sumscore")
_ITEM = re.compile(r"(?:item|i|q)0*([1-9]\d?)")
_REST = re.compile(r"(?:item|i|q)?0*([1-9]\d?)")
_TOTALS = {"", *TOTAL}


@dataclass(frozen=True, slots=True)
class FormColumn:
    """A column that names its form: "phq9_total", or "pcl5_3" for item 3."""

    place: int
    spelling: str
    item: int | None
    """Its number on the form, from 1; None for a total."""


def small(text: str) -> str:
    """Leave letters and digits of a text, small: how names are compared."""
    return re.sub(r"[^a-z0-9]", "", text.lower())


def first_called(head: Sequence[str], names: tuple[str, ...]) -> int | None:
    """Find the first column that is called by one of these names."""
    return next((place for place, text in enumerate(head) if small(text) in names), None)


def item_columns(head: Sequence[str]) -> dict[int, int]:
    """Give the columns called item_1, item_2 and so on, by the number of the item."""
    found: dict[int, int] = {}
    for place, text in enumerate(head):
        if match := _ITEM.fullmatch(small(text)):
            found.setdefault(int(match[1]), place)
    return found


def form_columns(head: Sequence[str]) -> tuple[FormColumn, ...]:
    """Give the columns that name a form of ours with an item or a total."""
    found = (_form_column(place, small(text)) for place, text in enumerate(head))
    return tuple(each for each in found if each is not None)


def _form_column(place: int, text: str) -> FormColumn | None:
    for name in _names():
        if not text.startswith(name):
            continue
        rest = text.removeprefix(name)
        if rest in _TOTALS:
            return FormColumn(place, name, None)
        if match := _REST.fullmatch(rest):
            return FormColumn(place, name, int(match[1]))
    return None


def _names() -> list[str]:
    """Give every name of a form and every key, the longest first."""
    names = {name for one in INSTRUMENTS.values() for name in (*one.names, small(one.key))}
    return sorted(names, key=len, reverse=True)


def meant_by(spelling: str) -> tuple[Instrument, ...]:
    """Give the forms that a name can mean: one where it is sure, several where it must be asked.

    A name without its time window, such as "PCL-5", means each form of that name.
    """
    plain = small(spelling)
    for one in INSTRUMENTS.values():
        if plain in {small(one.key), small(one.version)}:
            return (one,)
    for name in _names():
        if plain == name:
            return tuple(one for one in INSTRUMENTS.values() if name in one.names)
        window = plain.removeprefix(name) if plain.startswith(name) else ""
        if window and (key := key_for(name, window)):
            return (INSTRUMENTS[key],)
    return ()


def spellings(texts: Iterator[str]) -> tuple[str, ...]:
    """Give the different names in a column, as first written, in their order."""
    found: dict[str, str] = {}
    for text in texts:
        found.setdefault(small(text), text)
    return tuple(found.values())
