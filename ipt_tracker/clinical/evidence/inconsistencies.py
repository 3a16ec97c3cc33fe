"""What does not add up in the pooled analysis: what it says, what was checked, what is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from ipt_tracker.clinical.evidence.library import entries, require_provenance


class Severity(StrEnum):
    """How much a reader could be misled by it."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inconsistency:
    """One point; `says` is what the paper has, `check` what was computed or read against it."""

    key: str
    severity: Severity
    where: str
    says: str
    check: str
    shown: str
    source: str
    population: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "severity", Severity(self.severity))
        require_provenance(self.key, self.source, self.population)


@lru_cache(maxsize=1)
def inconsistencies() -> Mapping[str, Inconsistency]:
    """All known points, in the order of the paper's own claims."""
    return entries("inconsistencies.json", Inconsistency)
