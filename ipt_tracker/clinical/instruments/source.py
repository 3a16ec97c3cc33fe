"""Where a clinical figure comes from, and how sure we are of it."""

from dataclasses import dataclass
from enum import StrEnum


class Certainty(StrEnum):
    """How the figure was checked."""

    SEEN = "seen in the publication, its abstract or the scale's own training page"
    SECOND_HAND = "seen in a text that quotes the publication"
    COMPUTED = "computed from published figures"
    CONVENTION = "common convention, no single publication"
    UNVERIFIED = "not checked against the publication: for comparison only, never shown as a result"


@dataclass(frozen=True, slots=True)
class Source:
    """One citation: author, year, population where there is one, and its certainty."""

    text: str
    certainty: Certainty
