"""What must be asked next, and never inferred.

A prompt asks for an assessment. It states no level of risk, and no answer takes it back: a 0 is not
reassurance and a blank is not a 0.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ipt_tracker.clinical.course.records import RiskCheck
from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.instruments.instrument import Instrument

ASK_FROM = 1  # PHQ-9 item 9 and HAM-D item 3 alike
NO_ITEM_WORDS = (
    "No measure entered in this course so far asks about suicide or self-harm, so none has "
    "prompted the question. Ask it yourself."
)


class Reason(StrEnum):
    """Why the question comes up."""

    POSITIVE = "positive"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question about suicide or self-harm that an entry raises."""

    instrument_key: str
    item_key: str
    reason: Reason
    answer: int | None

    @property
    def title(self) -> str:
        """What to do, in a few words."""
        return "Ask about suicide and self-harm"

    @property
    def text(self) -> str:
        """What was answered, and what to do; never a level of risk."""
        one = INSTRUMENTS[self.instrument_key]
        item = one.item(self.item_key)
        said = "has no answer here" if self.answer is None else f"stands at {self.answer}"
        return (
            f"Item {one.items.index(item) + 1} of the {one.name} ({item.label}) {said}. "
            "Ask about it and assess now; note what was asked and what was done."
        )


def prompt_for(
    instrument: Instrument,
    answers: Mapping[str, int | None] | None,
    not_done: bool,  # noqa: FBT001 -- a fact of the form, not a switch
) -> Prompt | None:
    """Say what to ask after a form was entered; None where it raises no question.

    `answers` is None where only a total was entered. None says nothing about risk.
    """
    key = instrument.suicidality_item
    if key is None or not_done:
        return None
    answer = None if answers is None else answers.get(key)
    if answer is None:
        return Prompt(instrument.key, key, Reason.BLANK, None)
    return Prompt(instrument.key, key, Reason.POSITIVE, answer) if answer >= ASK_FROM else None


def settles(reason: str, asked: str, *, is_told: bool) -> bool:
    """Tell whether asking about risk in the session answers a prompt that came with it.

    A blank only calls for the question. An answer of 1 or more is never answered by "none": it
    needs what was found and done, which `is_told` says.
    """
    if reason == Reason.BLANK:
        return asked in {RiskCheck.ASKED_NONE, RiskCheck.ASKED_PRESENT}
    return asked == RiskCheck.ASKED_PRESENT and is_told


SETTLED = "Risk was asked in the session of "


def settled_words(day: date, asked: str) -> str:
    """Say what was done about a prompt that the session's own question answers."""
    if asked == RiskCheck.ASKED_NONE:
        return f"{SETTLED}{day.day} {day:%b %Y}: none."
    return f"{SETTLED}{day.day} {day:%b %Y}: present. Its record says what was found and done."


def has_item(instrument_keys: Iterable[str]) -> bool:
    """Tell whether one of these instruments asks about suicide or self-harm."""
    known = (INSTRUMENTS.get(key) for key in instrument_keys)
    return any(one is not None and one.suicidality_item is not None for one in known)
