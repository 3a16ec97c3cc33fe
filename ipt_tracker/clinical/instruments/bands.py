"""Cuts and severity bands: one table gives both the words and the lines of a chart."""

from dataclasses import dataclass

from ipt_tracker.clinical.instruments.finding import Finding, between
from ipt_tracker.clinical.instruments.source import Source


@dataclass(frozen=True, slots=True)
class Cut:
    """A total at or above `at` points to the condition; stored by its key with each result."""

    key: str
    at: int
    label: str
    source: Source
    version: str = "1"

    @property
    def ref(self) -> str:
        """The key and version that are stored with each result."""
        return f"{self.key}@{self.version}"

    def judge(self, lowest: int, highest: int) -> Finding:
        """Judge a total that lies from `lowest` to `highest` (equal when complete)."""
        return between(lowest, highest, self.at)


@dataclass(frozen=True, slots=True)
class Band:
    """A named stretch of totals that starts at `low` and ends below the next band."""

    key: str
    label: str
    low: int


@dataclass(frozen=True, slots=True)
class BandSet:
    """One published set of severity bands, lowest band first; stored by its key."""

    key: str
    name: str
    bands: tuple[Band, ...]
    source: Source
    version: str = "1"

    @property
    def ref(self) -> str:
        """The key and version that are stored with each result."""
        return f"{self.key}@{self.version}"

    def at(self, total: int) -> Band:
        """Find the band of a whole total; ValueError below the first band."""
        below = [band for band in self.bands if band.low <= total]
        if not below:
            raise ValueError(f"{total} lies below the lowest band of {self.name}.")
        return below[-1]

    def judge(self, lowest: int, highest: int) -> Band | None:
        """Find the band of a total between two bounds; None when it could be either of two."""
        low, high = self.at(lowest), self.at(highest)
        return low if low is high else None
