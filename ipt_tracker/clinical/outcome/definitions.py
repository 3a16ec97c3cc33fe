"""Published definitions of response and remission, each with its strictness spelled out.

None is listed for the CAPS-5 or the PCL-5: the figures of the trial of IPT for PTSD belong to the
CAPS for DSM-IV and do not transfer.
"""

from dataclasses import dataclass
from enum import StrEnum

from ipt_tracker.clinical.instruments.finding import Finding, known
from ipt_tracker.clinical.instruments.source import Certainty, Source


class Limit(StrEnum):
    """Whether the number itself still counts."""

    MORE_THAN = "more than"
    AT_LEAST = "at least"
    BELOW = "below"
    AT_MOST = "at most"


@dataclass(frozen=True, slots=True)
class Response:
    """A fall of so many percent of the first total."""

    key: str
    family: str
    percent: int
    limit: Limit
    source: Source

    def judge(self, first: int, last: int) -> Finding:
        """Judge a pair of totals in whole numbers; a first total of 0 cannot be judged."""
        if first == 0:
            return Finding.CANNOT_TELL
        fall, needed = 100 * (first - last), self.percent * first
        return known(fall > needed if self.limit is Limit.MORE_THAN else fall >= needed)


@dataclass(frozen=True, slots=True)
class Remission:
    """A total under, or at most, so many points."""

    key: str
    family: str
    at: int
    limit: Limit
    source: Source

    def judge(self, lowest: int, highest: int) -> Finding:
        """Judge a total that lies from `lowest` to `highest` (equal when complete)."""
        limit = self.at if self.limit is Limit.AT_MOST else self.at - 1
        if highest <= limit:
            return Finding.MET
        return Finding.NOT_MET if lowest > limit else Finding.CANNOT_TELL


_MARKOWITZ = "Markowitz 2015 (chronic PTSD, N 110)"
_HALF = Source("convention: a fall by at least half", Certainty.CONVENTION)

CAPS4_RESPONSE = Response(
    "response_gt30", "CAPS-IV", 30, Limit.MORE_THAN, Source(_MARKOWITZ, Certainty.SEEN)
)
CAPS4_RESPONSE_LENIENT = Response(
    "response_ge30",
    "CAPS-IV",
    30,
    Limit.AT_LEAST,
    Source("the same figure read as at least", Certainty.CONVENTION),
)
PHQ9_RESPONSE = Response("response_ge50", "PHQ-9", 50, Limit.AT_LEAST, _HALF)
HAMD17_RESPONSE = Response("response_ge50", "HAM-D17", 50, Limit.AT_LEAST, _HALF)

CAPS4_REMISSION = Remission(
    "remission_lt20",
    "CAPS-IV",
    20,
    Limit.BELOW,
    Source(f"book by the author of {_MARKOWITZ}", Certainty.SECOND_HAND),
)
PHQ9_REMISSION = Remission(
    "remission_lt5", "PHQ-9", 5, Limit.BELOW, Source("HEDIS DRR-E", Certainty.SEEN)
)
HAMD17_REMISSION = Remission(
    "remission_le7",
    "HAM-D17",
    7,
    Limit.AT_MOST,
    Source("convention, widely used", Certainty.SEEN),
)

RESPONSES = (CAPS4_RESPONSE, CAPS4_RESPONSE_LENIENT, PHQ9_RESPONSE, HAMD17_RESPONSE)
REMISSIONS = (CAPS4_REMISSION, PHQ9_REMISSION, HAMD17_REMISSION)
