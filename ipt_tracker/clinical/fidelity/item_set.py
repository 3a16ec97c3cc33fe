"""Item sets as versioned data: what is rated, in which domains and phases, and in whose words.

The project's own set is one such file beside this module. A site can load another, so nothing
here counts on a number of items, on domains, or on codes. Delivered is 1, 0.5, 0 or not
applicable and quality is 1 to 5 in every set: the figures and their lines are made for that.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from ipt_tracker.clinical.course.phases import Phase
from ipt_tracker.clinical.fidelity.file_reading import FileReader, shortened

OWN_SET = "ipt-tracker-14@1"
"""The project's own set, as ratings name it. Every rating of a course bundle was made with it."""
QUALITIES = (1, 2, 3, 4, 5)
QUALITY_WORDS = ("Poor", "Weak", "Adequate", "Good", "Very good")

SCHEMA = "ipt-tracker-item-set/1"
NEEDED = ("schema", "key", "version", "name", "owner", "notice", "items", "proscribed")
TOP = "File"
MOST_ITEMS, MOST_PROSCRIBED = 120, 30
KEY, KEY_WORDS = (
    re.compile(r"[a-z0-9][a-z0-9-]{0,39}"),
    "a key: up to 40 small letters a to z, digits and hyphens",
)
VERSION, VERSION_WORDS = (
    re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,18}"),
    "a version: up to 19 letters, digits, dots and hyphens",
)
CODE, CODE_WORDS = (
    re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,11}"),
    "a code: a letter, then up to 11 letters, digits, hyphens",
)
SCALE = (
    "the scale must run from 1 to 5, each with its words. The pass line and every figure are made "
    "for 1 to 5; a set with another scale cannot be used here."
)


@dataclass(frozen=True, slots=True)
class Item:
    """One item: its code in a rating, its domain, its words, and the phases that expect it."""

    code: str
    domain: str
    text: str
    phases: tuple[Phase, ...]

    def is_expected_in(self, phase: str) -> bool:
        """Say whether the item usually applies in a phase; in a phase not known here it does.

        Where it does not, a form may propose "not applicable". The answer is the rater's.
        """
        return phase in self.phases or phase not in set(Phase)

    @property
    def is_always(self) -> bool:
        """Whether the item is expected in every phase."""
        return len(self.phases) == len(Phase)


@dataclass(frozen=True, slots=True)
class Proscribed:
    """Something that is not part of IPT: its code in a rating and its words."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class ItemSet:
    """One version of an item set. It never changes; a rating keeps the one it was made with."""

    key: str
    version: str
    name: str
    notice: str
    """Its licence, or what else must be said wherever it is shown."""
    owner: str
    items: tuple[Item, ...]
    proscribed: tuple[Proscribed, ...]
    quality_words: tuple[str, ...]
    """What quality 1 to 5 mean, in this order."""

    @property
    def ref(self) -> str:
        """The name by which a rating keeps its set: key@version."""
        return f"{self.key}@{self.version}"

    @property
    def domains(self) -> tuple[str, ...]:
        """The domains, each once, in the order in which items name them."""
        return tuple(dict.fromkeys(item.domain for item in self.items))

    def of_domain(self, domain: str) -> tuple[Item, ...]:
        """Give the items of one domain, in their order."""
        return tuple(item for item in self.items if item.domain == domain)

    def quality_word(self, quality: int) -> str:
        """Say what a quality of 1 to 5 means in this set."""
        return self.quality_words[quality - 1]

    def text_of(self, code: str) -> str:
        """Give the words of an item or of a proscribed act; a code not in the set stands as is."""
        named: tuple[Item | Proscribed, ...] = (*self.items, *self.proscribed)
        return next((each.text for each in named if each.code == code), code)


def domain_label(domain: str) -> str:
    """Give a domain as a heading: its own words with a capital."""
    return domain[:1].upper() + domain[1:]


@lru_cache(maxsize=1)
def own_item_set() -> ItemSet:
    """Give the project's own set: project-defined, unvalidated, and not any published scale."""
    return read_item_set(json.loads(_text("ipt_tracker_14.json")))


def example_text() -> str:
    """Give a file that shows a clinic the form of an item set."""
    return _text("example_item_set.json")


def _text(name: str) -> str:
    return files(__package__).joinpath("data", name).read_text(encoding="utf-8")


def read_item_set(raw: object) -> ItemSet:
    """Read what an item set file says, as JSON gives it.

    Raises FaultsFound, a RuleBroken that names every place that is not right.
    """
    reader = FileReader()
    file = reader.entry(raw, TOP, NEEDED, ("quality",))
    _check_schema(reader, file)
    items = tuple(_items(reader, file))
    proscribed = tuple(_proscribed(reader, file))
    _check_codes(reader, [*(each.code for each in items), *(each.code for each in proscribed)])
    found = ItemSet(
        key=reader.code(file, "key", TOP, KEY, KEY_WORDS),
        version=reader.code(file, "version", TOP, VERSION, VERSION_WORDS),
        name=reader.text(file, "name", TOP, 200),
        notice=reader.text(file, "notice", TOP, 500),
        owner=reader.text(file, "owner", TOP, 200),
        items=items,
        proscribed=proscribed,
        quality_words=_quality_words(reader, file),
    )
    reader.finish()
    return found


def _check_schema(reader: FileReader, file: Mapping[str, object]) -> None:
    if "schema" in file and file["schema"] != SCHEMA:
        reader.fault(f'{TOP}, "schema"', f'this must be "{SCHEMA}".')


def _items(reader: FileReader, file: Mapping[str, object]) -> Iterable[Item]:
    raw = reader.entries(file["items"], "Items", 1, MOST_ITEMS) if "items" in file else ()
    for n, each in enumerate(raw, 1):
        place = f"Items, entry {n}"
        entry = reader.entry(each, place, ("code", "domain", "text"), ("phases",))
        yield Item(
            code=reader.code(entry, "code", place, CODE, CODE_WORDS),
            domain=reader.text(entry, "domain", place, 60),
            text=reader.text(entry, "text", place, 300),
            phases=_phases(reader, entry, place),
        )


def _phases(reader: FileReader, entry: Mapping[str, object], place: str) -> tuple[Phase, ...]:
    """Read in which phases an item is expected: in all of them where the file does not say."""
    if "phases" not in entry:
        return tuple(Phase)
    at = f'{place}, "phases"'
    named = reader.entries(entry["phases"], at, 1, len(Phase))
    for each in named:
        if each not in [phase.value for phase in Phase]:
            known_ones = ", ".join(phase.value for phase in Phase)
            reader.fault(at, f"{shortened(str(each))} is not a phase. Phases are: {known_ones}.")
    return tuple(phase for phase in Phase if phase.value in named)


def _proscribed(reader: FileReader, file: Mapping[str, object]) -> Iterable[Proscribed]:
    """Read what is not part of IPT; a set may have none."""
    held = "proscribed" in file
    raw = reader.entries(file["proscribed"], "Proscribed", 0, MOST_PROSCRIBED) if held else ()
    for n, each in enumerate(raw, 1):
        place = f"Proscribed, entry {n}"
        entry = reader.entry(each, place, ("code", "text"))
        yield Proscribed(
            code=reader.code(entry, "code", place, CODE, CODE_WORDS),
            text=reader.text(entry, "text", place, 300),
        )


def _check_codes(reader: FileReader, codes: Sequence[str]) -> None:
    for code, times in Counter(code.casefold() for code in codes if code).items():
        if times > 1:
            reader.fault("Codes", f"{shortened(code.upper())} stands {times} times; each once.")


def _quality_words(reader: FileReader, file: Mapping[str, object]) -> tuple[str, ...]:
    """Read the words of quality 1 to 5; the project's own where the file has none."""
    if "quality" not in file:
        return QUALITY_WORDS
    raw = file["quality"]
    wanted = [str(quality) for quality in QUALITIES]
    if not isinstance(raw, Mapping) or sorted(map(str, raw)) != wanted:
        reader.fault("Quality", SCALE)
        return QUALITY_WORDS
    return tuple(reader.text(raw, quality, "Quality", 60) for quality in wanted)
