"""Everything about risk that waits in a course: answers to ask about, and patients to contact."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from ipt_tracker.clinical.missed_visits import CONTACT_TITLE, contact_words
from ipt_tracker.persistence.queries.safety import (
    ContactRow,
    PromptRow,
    open_contacts_of,
    open_prompts_with_forms,
)
from ipt_tracker.services.safety import words_of
from ipt_tracker.services.unit_of_work import UnitOfWork


class TaskKind(StrEnum):
    """What a task asks for: a question about an answer, or contact after a missed visit."""

    PROMPT = "prompt"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True)
class RiskTask:
    """One thing about risk that nobody has closed yet, in the words of every page.

    `session_id` is the slot that it belongs to: where the form was given, or what was missed.
    `day` is the day of the form or of the missed visit. `measure_id` is the form of a prompt.
    """

    kind: TaskKind
    id: UUID
    course_id: UUID
    session_id: UUID | None
    title: str
    text: str
    raised_at: datetime
    day: date
    measure_id: UUID | None = None


def open_tasks(work: UnitOfWork, course_ids: Iterable[UUID]) -> dict[UUID, tuple[RiskTask, ...]]:
    """Give what waits about risk in each of these courses, oldest first: two statements.

    Every course is in the answer, one in which nothing waits with nothing.
    """
    wanted = list(dict.fromkeys(course_ids))
    tasks = [_of_prompt(row) for row in open_prompts_with_forms(work.session, wanted)]
    tasks += [_of_contact(row) for row in open_contacts_of(work.session, wanted)]
    found: dict[UUID, list[RiskTask]] = {course_id: [] for course_id in wanted}
    for task in sorted(tasks, key=lambda task: (task.raised_at, task.id)):
        found[task.course_id].append(task)
    return {course_id: tuple(each) for course_id, each in found.items()}


def _of_prompt(row: PromptRow) -> RiskTask:
    prompt, words = row.prompt, words_of(row.prompt, row.instrument)
    return RiskTask(
        TaskKind.PROMPT,
        prompt.id,
        prompt.course_id,
        row.session_id,
        words.title,
        words.text,
        prompt.raised_at,
        row.taken_on,
        prompt.measure_id,
    )


def _of_contact(row: ContactRow) -> RiskTask:
    task = row.task
    return RiskTask(
        TaskKind.CONTACT,
        task.id,
        task.course_id,
        task.session_id,
        CONTACT_TITLE,
        contact_words(row.attendance, task.because),
        task.raised_at,
        row.held_on,
    )
