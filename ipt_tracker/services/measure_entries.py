"""What a person entered for one form, and the columns of a measure that come of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from ipt_tracker.clinical.instruments.instrument import Instrument, Score, score_total
from ipt_tracker.clinical.instruments.judging import (
    Criteria,
    Entered,
    check_beside,
    findings,
    score_entered,
)
from ipt_tracker.clinical.rules import RuleBroken

COMPLETE, INCOMPLETE, PLANNED = "complete", "incomplete", "planned"
"""Planned: it has a day on which it is due, and has not been done."""
NOT_DONE = {
    "not_returned": "Not returned",
    "declined": "Declined",
    "not_administered": "Not given",
}
"""Why there is no score. Each differs from the others, and from a row that is not there."""
EARLIEST = timedelta(days=366)
"""Before the course began. What is dated earlier is a typing mistake, and would be the baseline."""


@dataclass(frozen=True, slots=True)
class MeasureEntry:
    """One form: its answers, or its total, or why there is neither, and how it was made.

    `answers` and `beside` are by the instrument's keys. `confirmed` holds the keys of questions
    that were answered with yes. `risk_done` and `risk_note` say what was done about an answer on
    suicide, where that is known already. `is_history` is a form of earlier times whose answer on
    suicide is kept and raises no question today.
    """

    instrument: Instrument
    taken_on: date
    answers: Mapping[str, int | None] = field(default_factory=dict)
    beside: Mapping[str, int | bool | None] = field(default_factory=dict)
    total: int | None = None
    not_done: str | None = None
    assessor: str | None = None
    blind: bool | None = None
    unblinding: str | None = None
    point: str | None = None
    confirmed: frozenset[str] = frozenset()
    risk_done: str | None = None
    risk_note: str | None = None
    is_history: bool = False

    @property
    def by_items(self) -> bool:
        """Whether at least one item was answered."""
        return any(answer is not None for answer in self.answers.values())

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was entered."""
        return not self.by_items and self.total is None and self.not_done is None

    @property
    def entered(self) -> Entered | None:
        """The answers as the clinical room takes them; None where there are none by item."""
        return Entered(self.instrument, self.answers, self.beside) if self.by_items else None

    @property
    def how(self) -> dict[str, object]:
        """The columns that say when and how it was made."""
        return {
            "taken_on": self.taken_on,
            "point": self.point,
            "assessor": self.assessor,
            "blind": self.blind,
            "unblinding": self.unblinding,
        }


def check_day(taken_on: date, course_started_on: date, today: date) -> None:
    """Refuse a day that has not come, and one long before the course began."""
    if taken_on > today:
        raise RuleBroken("The date is in the future.", "taken_on")
    if taken_on < course_started_on - EARLIEST:
        raise RuleBroken("The date is more than a year before the course began.", "taken_on")


def scored(entry: MeasureEntry, criteria: Criteria) -> dict[str, object]:
    """Give every column of a measure that its answers decide, judged by these criteria.

    Raises RuleBroken for answers, ratings or a total that the form does not have, and where they
    disagree with each other.
    """
    if entry.is_empty:
        raise RuleBroken("Enter the items, the total, or why there is no form.", "total")
    if entry.not_done is not None and (entry.by_items or entry.total is not None):
        raise RuleBroken("There is a score, and a reason why there is none. Keep one.", "not_done")
    if entry.by_items:
        return _from_items(entry, criteria)
    if entry.total is not None:
        return _columns(entry, criteria, score_total(entry.instrument, entry.total))
    if entry.not_done not in NOT_DONE:
        raise RuleBroken("Say why there is no form.", "not_done")
    return _columns(entry, criteria, None)


def _from_items(entry: MeasureEntry, criteria: Criteria) -> dict[str, object]:
    entered = Entered(entry.instrument, entry.answers, entry.beside)
    check_beside(entered)
    result = score_entered(entered)
    if entry.total is not None and entry.total != result.total:
        raise RuleBroken(_disagree(entry.total, result.total), "total")
    return _columns(entry, criteria, result)


def _columns(entry: MeasureEntry, criteria: Criteria, result: Score | None) -> dict[str, object]:
    keys = entry.instrument.answer_keys
    by_items = result is not None and entry.by_items
    rated = {k: v for k, v in entry.beside.items() if v is not None} if by_items else {}
    return {
        "status": _status(entry, result),
        "total": result.total if result else None,
        "answers": {key: entry.answers.get(key) for key in keys} if by_items else None,
        "beside": rated or None,
        "answered": result.answered if result else None,
        "lowest": result.lowest if result else None,
        "highest": result.highest if result else None,
        "findings": findings(entry.instrument, result, criteria, entry.entered) if result else None,
        "rule": criteria.rule,
        "cut": criteria.cut,
        "band_set": criteria.band_set,
        "threshold_set": criteria.threshold_set,
    }


def _status(entry: MeasureEntry, result: Score | None) -> str:
    if result is None:
        return entry.not_done or ""
    return COMPLETE if result.complete else INCOMPLETE


def _disagree(typed: int, added: int | None) -> str:
    if added is None:
        return "Some items are blank, so there is no total. Answer them, or enter the total alone."
    return f"The items add up to {added}, the total says {typed}. Correct one of them."
