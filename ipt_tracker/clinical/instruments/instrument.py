"""What a rating instrument is, and the small engine that adds one up.

An instrument is data: adding one is adding one file that fills in `Instrument`. The engine never
guesses: a missing answer is None, a total exists only when every item is answered, and a value
outside an item's range is refused, never moved to the nearest allowed one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from ipt_tracker.clinical.instruments.bands import BandSet, Cut
from ipt_tracker.clinical.instruments.diagnosis_rules import Algorithm, ClusterRule
from ipt_tracker.clinical.instruments.items import Cluster, Item, Part, YesNo
from ipt_tracker.clinical.instruments.source import Source
from ipt_tracker.clinical.rules import RuleBroken

__all__ = [  # all that a file of an instrument, or of its use, needs to know of one
    "Algorithm",
    "Cluster",
    "ClusterRule",
    "ClusterScore",
    "Direction",
    "Instrument",
    "Item",
    "Lookback",
    "Part",
    "Score",
    "YesNo",
    "check",
    "score",
    "score_partial",
    "score_spans",
    "score_total",
]
LAST = 1000


class Direction(StrEnum):
    """Which way a better score lies; every instrument here falls as the patient improves."""

    LOWER_IS_BETTER = "lower is better"


class Lookback(StrEnum):
    """The time that the answers speak about; two lookbacks are two instruments."""

    PAST_WEEK = "past week"
    PAST_MONTH = "past month"
    TWO_WEEKS = "last two weeks"
    UNSTATED = "time window not stated"


@dataclass(frozen=True, slots=True)
class Instrument:
    """One form with one lookback. The range is derived from its items, never typed in."""

    key: str
    family: str
    name: str
    version: str
    lookback: Lookback
    self_report: bool
    items: tuple[Item, ...]
    sources: tuple[Source, ...]
    clusters: tuple[Cluster, ...] = ()
    rule: ClusterRule | None = None  # a provisional one on a self-report form
    cuts: tuple[Cut, ...] = ()  # the default first
    band_sets: tuple[BandSet, ...] = ()  # the default first; only published ones
    suicidality_item: str | None = None
    algorithm: Algorithm | None = None
    parts: tuple[Part, ...] = ()  # halves of each item's rating
    beside: tuple[Item | YesNo, ...] = ()  # rated with the form, outside its total
    anchors: tuple[str, ...] = ()  # short words over the keys, from the lowest answer up
    names: tuple[str, ...] = ()  # what other files call it: small letters and digits alone
    windows: tuple[str, ...] = ("",)  # the time windows it is meant by; "" where none is named
    place: int = LAST  # where it stands in lists, the smallest number first
    cadence: str = ""
    planned_gap_days: int | None = None  # our drawing rule, not a published figure; None: no rhythm
    access: str = ""
    direction: Direction = Direction.LOWER_IS_BETTER

    @property
    def lowest(self) -> int:
        """The smallest total the form can have."""
        return sum(item.low for item in self.items)

    @property
    def highest(self) -> int:
        """The largest total the form can have."""
        return sum(item.high for item in self.items)

    @property
    def axis(self) -> tuple[int, int]:
        """The full range that every chart of this instrument shows."""
        return self.lowest, self.highest

    @property
    def answer_items(self) -> tuple[Item, ...]:
        """Everything that is answered, in form order: the items, or each half of each item."""
        return tuple(each for item in self.items for each in self.answers_of(item))

    @property
    def answer_keys(self) -> tuple[str, ...]:
        """The key of each answer in form order: "item", or "item.part" on a form with halves."""
        return tuple(item.key for item in self.answer_items)

    def answers_of(self, item: Item) -> tuple[Item, ...]:
        """What is answered for one item: the item itself, or each of its halves."""
        return tuple(part.of(item) for part in self.parts) or (item,)

    def item(self, key: str) -> Item:
        """Find an item by its key; KeyError if there is none."""
        return {item.key: item for item in self.items}[key]

    def answer_to(self, key: str, answers: Sequence[int | None]) -> int | None:
        """Pick one item's answer out of a whole form; None when it was left blank."""
        return answers[self.items.index(self.item(key))]


@dataclass(frozen=True, slots=True)
class ClusterScore:
    """A cluster's sum, or None with the range that its blanks allow."""

    key: str
    total: int | None
    lowest: int
    highest: int


@dataclass(frozen=True, slots=True)
class Score:
    """What one administration adds up to.

    `total` is None while any item is blank; `lowest` to `highest` is then the range the total could
    have had. `answered` is None, and `clusters` empty, when only a total or a sum was entered.
    """

    instrument: str
    total: int | None
    asked: int
    answered: int | None
    lowest: int
    highest: int
    clusters: tuple[ClusterScore, ...] = ()

    @property
    def complete(self) -> bool:
        """Tell whether there is a total."""
        return self.total is not None


def check(instrument: Instrument, answers: Sequence[int | None]) -> None:
    """Refuse a form of the wrong length, or an answer that the form does not have (RuleBroken)."""
    asked = len(instrument.items)
    if len(answers) != asked:
        raise RuleBroken(f"The {instrument.name} has {asked} items, not {len(answers)}.")
    for number, (item, answer) in enumerate(zip(instrument.items, answers, strict=True), start=1):
        if answer is not None and not item.allows(answer):
            raise RuleBroken(
                f"Item {number}, {item.label}: {answer} is not on the form, "
                f"which goes from {item.low} to {item.high}.",
                field=item.key,
            )


def score(instrument: Instrument, answers: Sequence[int | None]) -> Score:
    """Add up one form, None for a blank; RuleBroken for an answer that the form does not have."""
    check(instrument, answers)
    spans = [item.span(answer) for item, answer in zip(instrument.items, answers, strict=True)]
    return score_spans(instrument, spans, sum(answer is not None for answer in answers))


def score_spans(instrument: Instrument, spans: Sequence[tuple[int, int]], answered: int) -> Score:
    """Add up items whose points lie between two bounds; a total needs all of them answered."""
    lowest, highest = sum(low for low, _ in spans), sum(high for _, high in spans)
    return Score(
        instrument=instrument.key,
        total=lowest if answered == len(instrument.items) else None,
        asked=len(instrument.items),
        answered=answered,
        lowest=lowest,
        highest=highest,
        clusters=tuple(_cluster(instrument, cluster.key, spans) for cluster in instrument.clusters),
    )


def _cluster(instrument: Instrument, key: str, spans: Sequence[tuple[int, int]]) -> ClusterScore:
    pairs = zip(instrument.items, spans, strict=True)
    own = [span for item, span in pairs if item.cluster == key]
    lowest, highest = sum(low for low, _ in own), sum(high for _, high in own)
    return ClusterScore(key, lowest if lowest == highest else None, lowest, highest)


def score_total(instrument: Instrument, total: int) -> Score:
    """Take a total for which no items were entered; RuleBroken when the form cannot have it.

    No cluster and no diagnosis follows from a total, so the result carries none.
    """
    if total > instrument.highest:
        raise RuleBroken(_outside(instrument, f"{total} is too high"), field="total")
    if total < instrument.lowest:
        raise RuleBroken(_outside(instrument, f"{_minus(total)} is too low"), field="total")
    return Score(instrument.key, total, len(instrument.items), None, total, total)


def _minus(value: int) -> str:
    return str(value).replace("-", "−")


def _outside(instrument: Instrument, complaint: str) -> str:
    return f"{complaint}, the form goes from {instrument.lowest} to {instrument.highest}."


def score_partial(instrument: Instrument, answered_sum: int, missing: int) -> Score:
    """Take the sum of the answered items where `missing` others are blank, unknown which.

    Gives the widest range the total could have; RuleBroken when such a sum cannot be.
    """
    asked = len(instrument.items)
    if not 1 <= missing <= asked:
        raise RuleBroken(f"1 to {asked} items can be blank, not {missing}.", field="items_missing")
    lows = sorted(item.low for item in instrument.items)
    highs = sorted((item.high for item in instrument.items), reverse=True)
    answered = asked - missing
    if not sum(lows[:answered]) <= answered_sum <= sum(highs[:answered]):
        raise RuleBroken(
            f"{answered_sum} cannot be the sum of {answered} items of the {instrument.name}.",
            field="sum_of_answered",
        )
    lowest = max(instrument.lowest, answered_sum + sum(lows[:missing]))
    highest = min(instrument.highest, answered_sum + sum(highs[:missing]))
    return Score(instrument.key, None, asked, answered, lowest, highest)
