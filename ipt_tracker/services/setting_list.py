"""Everything that a clinic can choose, with its sources, and every choice made so far."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from ipt_tracker.clinical.course.area_list import AreaList, area_names
from ipt_tracker.clinical.fidelity.lines import Lines
from ipt_tracker.clinical.instruments.bands import BandSet, Cut
from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.clinical.instruments.judging import band_set_at, cut_at
from ipt_tracker.clinical.outcome.criteria import options
from ipt_tracker.clinical.outcome.readings import end_range_words, meaningful_words
from ipt_tracker.clinical.outcome.thresholds import ThresholdSet, threshold_set_at
from ipt_tracker.clinical.outcome.wording import points_words
from ipt_tracker.governance.access import Permission
from ipt_tracker.persistence.models import Account, ClinicSetting
from ipt_tracker.services.clinic_settings import (
    AREAS,
    ESTIMATE,
    ITEM_SET,
    LINES,
    NAMES_SHOWN,
    RETENTION,
    chosen,
    in_force,
    version,
)
from ipt_tracker.services.unit_of_work import UnitOfWork

KINDS = {"threshold_set": "Reliable change", "cut": "Cut", "band_set": "Severity bands"}
LABELS = {
    ESTIMATE: "PHQ-9, estimate for up to two blanks",
    NAMES_SHOWN: "Patient names for assessors",
    AREAS: "Focal areas",
    LINES: "Fidelity lines",
    ITEM_SET: "Item set of new ratings",
    RETENTION: "Years for which records are kept",
}


@dataclass(frozen=True, slots=True)
class Option:
    """One published set: what it says, where it comes from, and how sure we are of it."""

    ref: str
    name: str
    says: str
    source: str
    population: str
    certainty: str


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that can be chosen for an instrument family; the default stands first."""

    name: str
    label: str
    options: tuple[Option, ...]
    value: object

    @property
    def is_open(self) -> bool:
        """Whether there is more than one to choose from."""
        return len(self.options) > 1


@dataclass(frozen=True, slots=True)
class Family:
    """An instrument family with what can be chosen for it."""

    name: str
    versions: str
    settings: tuple[Setting, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One choice that was made: when, by whom, of what, from what to what."""

    at: datetime
    by: str
    what: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Settings:
    """The whole page: what holds, and how it came to hold, newest first."""

    families: tuple[Family, ...]
    estimate: bool
    names_shown: bool
    areas: AreaList
    lines: Lines
    item_set: str
    changes: tuple[Change, ...]
    version: int


def read_settings(work: UnitOfWork) -> Settings:
    """Read what holds and every change that was made. For administrators."""
    work.require(Permission.MANAGE_SETTINGS)
    now = in_force(chosen(work))
    return Settings(
        families(now),
        now[ESTIMATE] is True,
        now[NAMES_SHOWN] is True,
        AreaList.from_json(now[AREAS]),
        Lines.from_json(now[LINES]),
        str(now[ITEM_SET]),
        _changes(work),
        version(work),
    )


def families(now: Mapping[str, object]) -> tuple[Family, ...]:
    """List every instrument family with its choices; `now` says which of them hold."""
    found: dict[str, list[Instrument]] = {}
    for one in INSTRUMENTS.values():
        found.setdefault(one.family, []).append(one)
    return tuple(
        Family(name, "; ".join(one.version for one in each), tuple(_settings(each, now)))
        for name, each in found.items()
    )


def _settings(each: list[Instrument], now: Mapping[str, object]) -> Iterable[Setting]:
    first, every = each[0], [options(one) for one in each]
    of_kind = {
        "threshold_set": [_of_set(s) for o in every for s in o.threshold_sets],
        "cut": [_of_cut(c) for o in every for c in o.cuts],
        "band_set": [_of_bands(b) for o in every for b in o.band_sets],
    }
    for kind, found in of_kind.items():
        if found:
            name = f"{kind}.{first.family}"
            yield Setting(name, KINDS[kind], tuple(dict.fromkeys(found)), now.get(name))


def _of_set(each: ThresholdSet) -> Option:
    said = [f"{points_words(each.reliable_points)} or more", meaningful_words(each, None)]
    said.append(f"end range: {end_range_words(each)}")
    words = "; ".join(filter(None, said))
    return Option(each.ref, each.name, words, each.source, each.population, each.certainty.value)


def _of_cut(each: Cut) -> Option:
    name, _, says = each.label.partition(": ")
    source = each.source
    return Option(each.ref, name, says, source.text, "", source.certainty.value)


def _of_bands(each: BandSet) -> Option:
    says = ", ".join(f"{band.label} from {band.low}" for band in each.bands)
    return Option(each.ref, each.name, says, each.source.text, "", each.source.certainty.value)


def _changes(work: UnitOfWork) -> tuple[Change, ...]:
    rows = work.session.execute(
        select(ClinicSetting, Account.display_name)
        .join(Account, Account.id == ClinicSetting.set_by)
        .order_by(ClinicSetting.set_at)
    )
    before = in_force({})
    found = []
    for row, person in rows:
        old, new = _value(row.name, before.get(row.name)), _value(row.name, row.value)
        found.append(Change(row.set_at, person, _label(row.name), old, new))
        before[row.name] = row.value
    return tuple(reversed(found))


def _label(name: str) -> str:
    kind, _, family = name.partition(".")
    if name in LABELS:
        return LABELS[name]
    return f"{family}, {KINDS[kind].lower() if kind in KINDS else kind}"


def _value(name: str, value: object) -> str:
    """Name a value as the page does; one that this version does not know by its reference."""
    if isinstance(value, bool):
        return "shown" if value else "not shown"
    if name == AREAS:
        return _areas_words(AreaList.from_json(value))
    if name == LINES:
        return Lines.from_json(value).words
    if name == RETENTION:
        return f"{value} years" if value else "no period"
    ref = str(value)
    kind = name.partition(".")[0]
    if kind == "cut":
        found: Cut | None = cut_at(ref)
        return found.label if found else ref
    named = threshold_set_at(ref) if kind == "threshold_set" else band_set_at(ref)
    return named.name if named else ref


def _areas_words(areas: AreaList) -> str:
    called = [
        f"{area_names([code])} also {', '.join(names)}" for code, names in areas.called.items()
    ]
    return "; ".join([area_names(code for code, _ in areas.choices), *called])
