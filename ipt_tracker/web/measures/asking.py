"""What is to be asked where an answer calls for it, in the words of the clinical room."""

from collections.abc import Mapping
from dataclasses import dataclass

from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.clinical.safety import Prompt, prompt_for
from ipt_tracker.web.measures.fields import BLANK
from ipt_tracker.web.measures.parts import AnswersPart


@dataclass(frozen=True, slots=True)
class Note:
    """The words for each answer that calls for a question: the page looks up the one given."""

    title: str
    field_id: str
    total_id: str
    texts: Mapping[str, str]


def note_for(part: AnswersPart) -> Note | None:
    """Give the words for every answer to the item on suicide; None where the form has none.

    An answer that calls for nothing has no words: nothing is said about it.
    """
    form = part.instrument
    if form.suicidality_item is None:
        return None
    item = form.item(form.suicidality_item)
    answers = {str(value): value for value in range(item.low, item.high + 1)} | {BLANK: None}
    found = {value: _prompt(form, answer) for value, answer in answers.items()}
    said = {value: prompt for value, prompt in found.items() if prompt is not None}
    return Note(
        said[BLANK].title,
        part[item.key].id,
        part.total.id,
        {value: prompt.text for value, prompt in said.items()},
    )


def _prompt(form: Instrument, answer: int | None) -> Prompt | None:
    return prompt_for(form, {form.suicidality_item or "": answer}, not_done=False)
