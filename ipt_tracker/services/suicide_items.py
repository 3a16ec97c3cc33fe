"""The answers on suicide in a course that call for a question, and when somebody asked."""

from dataclasses import dataclass
from datetime import date, datetime

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.clinical.safety import ASK_FROM
from ipt_tracker.persistence.queries.prompt_facts import PromptFact
from ipt_tracker.persistence.queries.records import MeasureRow


@dataclass(frozen=True, slots=True)
class ItemAnswer:
    """An answer on suicide of 1 or more as it stands on its form. Never a risk level."""

    instrument: Instrument
    number: int
    """The place of the item on its form, from 1."""
    taken_on: date
    answer: int
    asked_at: datetime | None


def standing_items(
    prompts: tuple[PromptFact, ...], measures: tuple[MeasureRow, ...]
) -> tuple[ItemAnswer, ...]:
    """Give the newest answer of each instrument that stands at 1 or more, by day.

    It is of a form that was entered, or the one answer that a file gave beside a total.
    """
    found = [
        *(_entered(fact) for fact in prompts),
        *(_of_a_file(row) for row in measures if row.withdrawn_at is None),
    ]
    known = [each for each in found if each is not None]
    ordered = sorted(known, key=lambda each: (each.taken_on, each.asked_at is not None))
    newest = {each.instrument.key: each for each in ordered}
    return tuple(sorted(newest.values(), key=lambda each: each.taken_on))


def _entered(fact: PromptFact) -> ItemAnswer | None:
    """Read a prompt; who asked about another answer than today's did not ask about this one."""
    asked = fact.asked_at if fact.answer == fact.standing else None
    return _item(fact.instrument, fact.taken_on, fact.standing, asked)


def _of_a_file(row: MeasureRow) -> ItemAnswer | None:
    text = "" if row.item9 is None else str(row.item9)
    return _item(row.instrument, row.taken_on, int(text) if text.isdecimal() else None, None)


def _item(
    key: str, taken_on: date, answer: int | None, asked_at: datetime | None
) -> ItemAnswer | None:
    one = INSTRUMENTS.get(key)
    if one is None or one.suicidality_item is None or answer is None or answer < ASK_FROM:
        return None
    number = one.items.index(one.item(one.suicidality_item)) + 1
    return ItemAnswer(one, number, taken_on, answer, asked_at)
