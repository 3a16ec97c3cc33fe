"""What a rater marks in one session, and when these marks make a whole rating.

Every item is answered: delivered, partly, not delivered, or not applicable. Quality belongs to
what was delivered, wholly or in part, and to nothing else.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ipt_tracker.clinical.fidelity.codes import Basis
from ipt_tracker.clinical.fidelity.item_set import QUALITIES, ItemSet
from ipt_tracker.clinical.fidelity.rating import DELIVERED, QUALITY
from ipt_tracker.clinical.rules import RuleBroken

YES, PARTLY, NO = 1, 0.5, 0
APPLICABLE = (YES, PARTLY, NO)
OF_A_RECORDING = frozenset({Basis.FULL_RECORDING, Basis.PART_RECORDING, Basis.TRANSCRIPT})
"""A transcript is made from a recording too."""
MOST_MINUTES = 600

NOT_RECORDED = (
    "Recording was not agreed to for this session, so it cannot be rated from a recording or a "
    "transcript. Choose another basis, or put the agreement right in the course first."
)

Item = Mapping[str, Any]
"""One item as marked: "d" for delivered (1, 0.5, 0, None for not applicable), "q" for quality."""


@dataclass(frozen=True, slots=True)
class Marks:
    """All that a rater marks and says about one session.

    An item that is not in `items` is unanswered; one that is there with "d" None does not apply.
    """

    items: Mapping[str, Item]
    proscribed: Mapping[str, bool]
    global_competence: int | None
    alliance: int | None
    basis: str | None
    portion: str | None = None
    """Which part was heard, in words."""
    minutes_heard: int | None = None
    remark: str | None = None
    """The rater's own words, for the feedback."""


class MarksRefused(RuleBroken):
    """A rating is not whole, or cannot be: `faults` says everything, each with its field."""

    def __init__(self, faults: tuple[RuleBroken, ...]) -> None:
        super().__init__(faults[0].message, faults[0].field)
        self.faults = faults


def mark(delivered: float | None, quality: int | None = None) -> dict[str, float | None]:
    """Give one item as ratings keep it."""
    return {DELIVERED: delivered, QUALITY: quality}


def was_done(delivered: object) -> bool:
    """Say whether an item was delivered, wholly or in part, so that it has a quality."""
    return delivered in {YES, PARTLY} and not isinstance(delivered, bool)


def faults_of(marks: Marks, item_set: ItemSet, *, recorded: bool = True) -> tuple[RuleBroken, ...]:
    """Give everything that keeps marks from being a rating, in the order of the form.

    `recorded` is False where the patient did not agree to recording. A fault's field is "basis",
    "items.F01", "proscribed.Z01" or the name of the mark.
    """
    found = [*_of_basis(marks, recorded=recorded)]
    for item in item_set.items:
        found += _of_item(item.code, marks.items.get(item.code))
    found += _strangers(marks, item_set)
    found += _of_scale(marks.global_competence, "global_competence", "overall competence")
    found += _of_scale(marks.alliance, "alliance", "the alliance")
    return tuple(found)


def check_marks(marks: Marks, item_set: ItemSet, *, recorded: bool = True) -> None:
    """Raise MarksRefused with everything that is not right."""
    faults = faults_of(marks, item_set, recorded=recorded)
    if faults:
        raise MarksRefused(faults)


def _of_basis(marks: Marks, *, recorded: bool) -> Iterable[RuleBroken]:
    if marks.basis not in set(Basis):
        yield RuleBroken("Say how you know the session.", "basis")
    elif marks.basis in OF_A_RECORDING and not recorded:
        yield RuleBroken(NOT_RECORDED, "basis")
    if marks.basis == Basis.PART_RECORDING:
        if marks.minutes_heard is None:
            yield RuleBroken("Say how many minutes you heard.", "minutes_heard")
        if not marks.portion:
            yield RuleBroken("Say which part you heard.", "portion")
    if marks.minutes_heard is not None and not 1 <= marks.minutes_heard <= MOST_MINUTES:
        yield RuleBroken(f"Give minutes from 1 to {MOST_MINUTES}.", "minutes_heard")


def _of_item(code: str, item: Item | None) -> Iterable[RuleBroken]:
    field = f"items.{code}"
    if item is None:
        yield RuleBroken("Answer this item, or mark it n/a.", field)
        return
    delivered, quality = item.get(DELIVERED), item.get(QUALITY)
    if delivered is not None and (isinstance(delivered, bool) or delivered not in APPLICABLE):
        yield RuleBroken("Mark it yes, partly, no or n/a.", field)
    elif was_done(delivered) and not _on_scale(quality):
        yield RuleBroken("Give a quality from 1 to 5.", field)
    elif not was_done(delivered) and quality is not None:
        yield RuleBroken("Quality is for what was delivered. Take it away.", field)


def _strangers(marks: Marks, item_set: ItemSet) -> Iterable[RuleBroken]:
    """Refuse what is not in the item set, and a flag that is neither seen nor not seen."""
    for code in marks.items.keys() - {item.code for item in item_set.items}:
        yield RuleBroken("This item is not in the item set.", f"items.{code}")
    known = {each.code for each in item_set.proscribed}
    for code, seen in marks.proscribed.items():
        if code not in known or seen not in {True, False}:
            yield RuleBroken("This is not in the item set.", f"proscribed.{code}")


def _of_scale(value: object, field: str, name: str) -> Iterable[RuleBroken]:
    if not _on_scale(value):
        yield RuleBroken(f"Rate {name} from 1 to 5.", field)


def _on_scale(value: object) -> bool:
    return not isinstance(value, bool) and value in QUALITIES
