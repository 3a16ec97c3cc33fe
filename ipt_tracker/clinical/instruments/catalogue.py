"""Every instrument by its key, and the spellings under which other files know it."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from ipt_tracker.clinical.instruments.caps4 import CAPS4
from ipt_tracker.clinical.instruments.caps5 import CAPS5_MONTH, CAPS5_WEEK
from ipt_tracker.clinical.instruments.hamd17 import HAMD17
from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.clinical.instruments.pcl4 import PCL4
from ipt_tracker.clinical.instruments.pcl5 import PCL5_MONTH, PCL5_WEEK
from ipt_tracker.clinical.instruments.phq9 import PHQ9

_ALL = (CAPS5_MONTH, CAPS5_WEEK, CAPS4, PCL5_MONTH, PCL5_WEEK, PCL4, PHQ9, HAMD17)
INSTRUMENTS: Mapping[str, Instrument] = MappingProxyType({each.key: each for each in _ALL})
KEYS: tuple[str, ...] = tuple(INSTRUMENTS)

# Spellings without their punctuation, and the instrument for each time window. The empty window is
# what is meant where a file names none. "CAPS" alone is not here: it could be either edition.

_SPELLINGS: Mapping[str, Mapping[str, str]] = {
    "caps5": {"": "caps5_month", "month": "caps5_month", "week": "caps5_week"},
    "caps4": {"": "caps4", "month": "caps4"},
    "pcl5": {"": "pcl5_month", "month": "pcl5_month", "week": "pcl5_week"},
    "pcl4": {"": "pcl4", "month": "pcl4"},
    "phq9": {"": "phq9", "2weeks": "phq9"},
    "hamd17": {"": "hamd17", "week": "hamd17"},
}
_SAME_AS = {
    "capsiv": "caps4",
    "capsdx": "caps4",
    "capsfordsmiv": "caps4",
    "pcliv": "pcl4",
    "pclfordsmiv": "pcl4",
    "pclc": "pcl4",
    "pclm": "pcl4",
    "pcls": "pcl4",
    "hamd": "hamd17",
    "hdrs17": "hamd17",
}
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


def instrument(key: str) -> Instrument:
    """Find an instrument by its key; KeyError if there is none."""
    return INSTRUMENTS[key]


def key_for(name: str, window: str | None = None) -> str | None:
    """Translate a name and time window as other files write them; None where they are unknown.

    Without a window the past-month form is meant. A window that the instrument does not have is
    not guessed around.
    """
    if window is None and name in INSTRUMENTS:
        return name
    plain = _plain(name)
    windows = _SPELLINGS.get(_SAME_AS.get(plain, plain))
    wanted = _WINDOWS.get(_plain(window or ""))
    return windows.get(wanted) if windows is not None and wanted is not None else None


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())
