"""Every instrument by its key, and the spellings under which other files know it.

Each module of this package with a tuple `INSTRUMENTS` is found and listed here, so that adding an
instrument is adding one file.
"""

import pkgutil
import re
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from types import MappingProxyType, ModuleType
from typing import TypeVar

from ipt_tracker.clinical import instruments as package
from ipt_tracker.clinical.instruments.instrument import Instrument

Key = TypeVar("Key")
Value = TypeVar("Value")

# The time windows as files write them; the empty one stands for a file that names none.
_WINDOWS = {
    "": "",
    "week": "week",
    "weekly": "week",
    "pastweek": "week",
    "month": "month",
    "monthly": "month",
    "pastmonth": "month",
    "twoweeks": "2weeks",
    "pasttwoweeks": "2weeks",
    "past2weeks": "2weeks",
    "lasttwoweeks": "2weeks",
}


def discover(where: ModuleType) -> Mapping[str, Instrument]:
    """Collect the instruments of a package by key, in the order of their places.

    ValueError where two share a key, or one name within one time window.
    """
    found = sorted(_declared(where), key=lambda one: one.place)
    _spellings(found)
    return MappingProxyType(_once((one.key, one) for one in found))


def _declared(where: ModuleType) -> Iterator[Instrument]:
    for module in pkgutil.iter_modules(where.__path__, f"{where.__name__}."):
        declared = getattr(import_module(module.name), "INSTRUMENTS", None)
        if isinstance(declared, tuple):  # the catalogue's own is a mapping
            yield from declared


def _spellings(found: Iterable[Instrument]) -> dict[tuple[str, str], str]:
    return _once(
        ((name, window), one.key) for one in found for name in one.names for window in one.windows
    )


def _once(pairs: Iterable[tuple[Key, Value]]) -> dict[Key, Value]:
    taken: dict[Key, Value] = {}
    for key, value in pairs:
        if key in taken:
            raise ValueError(f"Two instruments are called {key}.")
        taken[key] = value
    return taken


INSTRUMENTS: Mapping[str, Instrument] = discover(package)
KEYS: tuple[str, ...] = tuple(INSTRUMENTS)
_SPELLINGS = _spellings(INSTRUMENTS.values())


def instrument(key: str) -> Instrument:
    """Find an instrument by its key; KeyError if there is none."""
    return INSTRUMENTS[key]


def key_for(name: str, window: str | None = None) -> str | None:
    """Translate a name and time window as other files write them; None where they are unknown.

    Without a window the past-month form is meant. A window that the instrument does not have is
    not guessed around.
    """
    wanted = _WINDOWS.get(_plain(window or ""))
    if wanted is None:
        return None
    if name in INSTRUMENTS:
        return name if wanted in ("", *INSTRUMENTS[name].windows) else None
    return _SPELLINGS.get((_plain(name), wanted))


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())
