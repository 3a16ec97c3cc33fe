"""What changed inside the trials' own groups: waiting lists, IPT arms, and the arms' rates.

A change inside a group is start to end in SDs of the start, positive for improvement. It is not
an effect of treatment against control, and never stands on one axis with one.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from ipt_tracker.clinical.evidence.library import Published, UnsourcedError, bases, without_basis

WAITING_LIST = "waiting list"
IPT = "ipt"
OWN = "CAPS-IV"
"""The instrument on which waiting lists and most IPT arms were measured."""
_IPT_BENCHMARK = {OWN: "ipt_pooled_caps4"}
_CARRIED = {
    "CAPS-5": "Both benchmarks are carried over: the waiting lists were measured on the CAPS-IV, "
    "and of the four IPT arms one was measured on the CAPS-5.",
    "PCL-5": "Both benchmarks are carried over from interviews, the CAPS-IV and the CAPS-5: no IPT "
    "arm or waiting list on the PCL-5 is pooled here. People rate their own change differently "
    "from interviewers.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WithinGroup(Published):
    """The d of one arm, or of several pooled; positive is improvement.

    `kind` is "waiting list" or "ipt"; `arms` counts what was pooled, and `study` is empty then.
    """

    study: str
    family: str
    kind: str
    arms: int
    people: int
    weeks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmRate(Published):
    """How often something happened in one IPT arm, in percent, by that trial's own definition.

    Raises UnsourcedError without the definition.
    """

    rate: str
    study: str
    family: str
    definition: str
    events: int | None
    people: int

    def __post_init__(self) -> None:
        Published.__post_init__(self)
        if not self.definition.strip():
            raise UnsourcedError(f"{self.key} does not say how it is defined")

    @property
    def words(self) -> str:
        """The rate for people: "Markowitz 2015, individual IPT: 63 % (48 to 76 %) of 40. ..."."""
        interval = "" if self.low is None else f" ({self.low:.0f} to {self.high:.0f} %)"
        return (
            f"{self.study}, {self.label}: {self.estimate:.0f} %{interval} of {self.people}; "
            f"{self.definition[0].lower() if self.rate == 'drop_out' else self.definition[0]}"
            f"{self.definition[1:]}."
        )


@dataclass(frozen=True, slots=True)
class Benchmarks:
    """What the d of a caseload on one instrument is tested against, and where that comes from."""

    waiting: WithinGroup
    ipt: WithinGroup
    words: str


@lru_cache(maxsize=1)
def within_groups() -> Mapping[str, WithinGroup]:
    """Give the pooled groups and the single arms by key: waiting lists first."""
    return MappingProxyType({e["key"]: WithinGroup(**e) for e in _entries("within_group.json")})


@lru_cache(maxsize=1)
def arm_rates() -> Mapping[str, ArmRate]:
    """Give the rates that the IPT arms print, each with its definition."""
    return MappingProxyType({e["key"]: ArmRate(**e) for e in _entries("within_rates.json")})


def rates_of_arms(rate: str) -> tuple[ArmRate, ...]:
    """Give what the arms say about one rate; nothing where none of them defines it."""
    return tuple(each for each in arm_rates().values() if each.rate == rate)


def benchmarks_for(family: str) -> Benchmarks | None:
    """Give what a caseload on this instrument is tested against; None where nothing can be.

    The CAPS-IV has both from its own arms; on the CAPS-5 and the PCL-5 they are carried over.
    """
    if family not in bases():
        return None
    groups = within_groups()
    ipt = groups[_IPT_BENCHMARK.get(family, "ipt_pooled")]
    return Benchmarks(groups["waiting_lists"], ipt, _words(family))


def why_no_benchmark(family: str) -> str:
    """Say why a caseload on this instrument cannot be set beside the trials."""
    known = without_basis().get(family)
    if known is not None:
        return known.why_none
    return f"No published group of a trial of IPT for PTSD is held for the {family}."


def _words(family: str) -> str:
    if family == OWN:
        return "Both benchmarks were measured on the CAPS-IV."
    return _CARRIED.get(family, f"Both benchmarks are carried over to the {family}.")


def _entries(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(
        files(__package__).joinpath("data", name).read_text(encoding="utf-8")
    )
    return found
