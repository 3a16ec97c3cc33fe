"""How a diagnosis is read off a form: by counts in clusters, or by a published algorithm.

A released key and version never changes its meaning: what changes gets a new version.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ipt_tracker.clinical.instruments.finding import Finding, all_of, at_least
from ipt_tracker.clinical.instruments.source import Source


@dataclass(frozen=True, slots=True)
class ClusterRule:
    """A diagnosis by counts: an item counts from `present_from`, each cluster needs so many.

    `parts_from` is for a form whose items have halves: an item counts when each half named reaches
    its own number, and `present_from` is not used. `beside` names what must also be answered yes.
    `subtype` names the ratings beside the total of which one at `present_from` makes the
    dissociative subtype.
    """

    key: str
    name: str
    present_from: int
    needed: tuple[tuple[str, int], ...]
    source: Source
    version: str = "1"
    parts_from: tuple[tuple[str, int], ...] = ()
    beside: tuple[str, ...] = ()
    subtype: tuple[str, ...] = ()

    @property
    def ref(self) -> str:
        """The key and version that are stored with each result."""
        return f"{self.key}@{self.version}"

    def counts(self, halves: Mapping[str, int | None]) -> Finding:
        """Tell whether an item counts, given its halves by key, None where one is blank."""
        return all_of(at_least(halves[part], least) for part, least in self.parts_from)


@dataclass(frozen=True, slots=True)
class Algorithm:
    """A published decision on the answers in form order, None for a blank; gives its own words."""

    key: str
    name: str
    decide: Callable[[Sequence[int | None]], str]
    source: Source
    version: str = "1"

    @property
    def ref(self) -> str:
        """The key and version that are stored with each result."""
        return f"{self.key}@{self.version}"
