"""The questions that the forms of one course raised, each with its form as it stands today."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from ipt_tracker.persistence.models import Measure, SafetyPrompt

ASKED = "asked"
CLOSED_UNASKED = ("corrected", "withdrawn")
"""How a prompt is closed without anybody asking: its answer was not the patient's."""


@dataclass(frozen=True, slots=True)
class PromptFact:
    """One prompt of a course with its form.

    `answer` raised it, `standing` is the form's answer today, None where it was withdrawn or only
    a total is known. `asked_at` is when somebody wrote down that they had asked.
    """

    instrument: str
    taken_on: date
    answer: int | None
    standing: int | None
    asked_at: datetime | None


def prompt_facts_of(session: Session, course_id: UUID) -> tuple[PromptFact, ...]:
    """Give the prompts of a course, asked about or not, by the day of their forms."""
    rows = session.execute(
        select(
            SafetyPrompt,
            Measure.instrument,
            Measure.taken_on,
            Measure.answers,
            Measure.withdrawn_at,
        )
        .join(Measure, Measure.id == SafetyPrompt.measure_id)
        .where(
            SafetyPrompt.course_id == course_id,
            or_(SafetyPrompt.done.is_(None), SafetyPrompt.done.not_in(CLOSED_UNASKED)),
        )
        .order_by(Measure.taken_on, SafetyPrompt.raised_at, SafetyPrompt.id)
    )
    return tuple(
        PromptFact(
            instrument,
            taken_on,
            prompt.answer,
            None if withdrawn else (answers or {}).get(prompt.item),
            prompt.acknowledged_at if prompt.done == ASKED else None,
        )
        for prompt, instrument, taken_on, answers, withdrawn in rows
    )
