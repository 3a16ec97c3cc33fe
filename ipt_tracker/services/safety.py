"""Answers on suicide: what must be asked, who asked, and what was done. Never a risk level."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.clinical.safety import Prompt, Reason, prompt_for
from ipt_tracker.governance.access import AccessDenied, Permission
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import Course, Measure, SafetyPrompt
from ipt_tracker.persistence.queries.prompt_facts import ASKED, CLOSED_UNASKED
from ipt_tracker.persistence.queries.safety import (
    open_prompts_of,
    open_prompts_with_forms,
    prompts_of_course,
)
from ipt_tracker.services.measure_entries import COMPLETE, INCOMPLETE, MeasureEntry
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork

HANDED_ON = "handed_on"
DONE = {
    ASKED: "Asked directly",
    HANDED_ON: "Handed on to somebody who asks today",
}
"""What a person can say was done. Neither says how high the risk is."""
FOUND = {"none": "None", "present": "Present", "unclear": "Could not be told"}
"""What came of asking."""
CORRECTED, WITHDRAWN = CLOSED_UNASKED
"""Why a prompt was closed without anybody asking: its answer was not the patient's."""
SCORED = frozenset({COMPLETE, INCOMPLETE})


@dataclass(frozen=True, slots=True)
class Asked:
    """A prompt that nobody has acknowledged yet, with its words and the day of the form."""

    id: UUID
    measure_id: UUID
    taken_on: date
    words: Prompt


def raise_prompt(
    work: UnitOfWork, course: Course, measure: Measure, entry: MeasureEntry
) -> SafetyPrompt | None:
    """Keep the prompt that an entry calls for, acknowledged when it says what was done already."""
    answers = entry.answers if entry.by_items else None
    found = prompt_for(entry.instrument, answers, not_done=entry.not_done is not None)
    if found is None:
        return None
    prompt = _kept(work, course, measure, found)
    if entry.risk_note:
        acknowledge(work, course, prompt, entry.risk_done or "", entry.risk_note)
    return prompt


def _kept(work: UnitOfWork, course: Course, measure: Measure, found: Prompt) -> SafetyPrompt:
    prompt = SafetyPrompt(
        course_id=course.id,
        measure_id=measure.id,
        item=found.item_key,
        reason=str(found.reason),
        answer=found.answer,
        raised_at=work.now,
    )
    work.session.add(prompt)
    work.session.flush()
    work.audit(Event.SAFETY_PROMPTED, _subject(course, prompt), reason=prompt.reason)
    return prompt


def _subject(course: Course, prompt: SafetyPrompt) -> Subject:
    return Subject("safety_prompt", prompt.id, course.patient_id)


def find_prompt(work: UnitOfWork, course: Course, prompt_id: UUID) -> SafetyPrompt:
    """Give one prompt of a course that was opened already, or raise AccessDenied."""
    wanted = select(SafetyPrompt).where(
        SafetyPrompt.id == prompt_id, SafetyPrompt.course_id == course.id
    )
    prompt = work.session.scalar(wanted)
    if prompt is None:
        raise AccessDenied(Permission.RECORD_MEASURE)
    return prompt


def acknowledge(
    work: UnitOfWork, course: Course, prompt: SafetyPrompt, done: str, action: str | None
) -> None:
    """Write down who did what about a prompt, and when. RuleBroken when it does not say what."""
    if prompt.acknowledged_at is not None:
        raise RuleBroken("This was acknowledged already.")
    if done not in DONE:
        raise RuleBroken("Say whether you asked, or to whom you handed it on.", "risk_done")
    if not action:
        raise RuleBroken("Say in a few words what was asked, found and done.", "risk_note")
    _close(work, course, prompt, done, action)


def asked_directly(done: str | None) -> bool:
    """Say whether somebody asked, so that something came of it."""
    return done == ASKED


def found_words(found: str | None, action: str) -> str:
    """Put what came of asking before the words of what was done: "Present: ..."."""
    return f"{FOUND[found]}: {action}" if found in FOUND else action


def _close(work: UnitOfWork, course: Course, prompt: SafetyPrompt, done: str, action: str) -> None:
    prompt.acknowledged_at, prompt.acknowledged_by = work.now, work.person.id
    prompt.done, prompt.action = done, action
    work.audit(Event.SAFETY_ACKNOWLEDGED, _subject(course, prompt), done=done)


def answer_changed(  # noqa: PLR0913 -- what was corrected, to what, why, and which fields
    work: UnitOfWork,
    course: Course,
    measure: Measure,
    entry: MeasureEntry,
    *,
    reason: str,
    fields: Collection[str],
) -> None:
    """After a correction: close what the new answers no longer call for, raise what they do.

    What a second keying raised stands until the answer itself is corrected.
    """
    answers = entry.answers if entry.by_items else None
    wanted = prompt_for(entry.instrument, answers, not_done=entry.not_done is not None)
    prompts = prompts_of(work, measure.id)
    decided = f"answers.{entry.instrument.suicidality_item}" in fields or not entry.by_items
    others = [p for p in prompts if wanted is None or not _asks(p, wanted)]
    settled = [p for p in others if decided or p.reason == Reason.BLANK]
    close_prompts(work, course, settled, CORRECTED, reason)
    if wanted is None:
        return
    prompt = _raise_unless_asked(work, course, measure, wanted)
    if entry.risk_note and prompt.acknowledged_at is not None:
        raise RuleBroken("What was done about this answer is kept already.", "risk_note")
    if entry.risk_note:
        acknowledge(work, course, prompt, entry.risk_done or "", entry.risk_note)


def keyed_again(
    work: UnitOfWork, course: Course, measure: Measure, answers: Mapping[str, int | None]
) -> None:
    """Raise what the answer of a second keying calls for, unless that stands or was asked.

    Which keying is right is not known yet, so neither is taken to be. A blank raises nothing here.
    """
    wanted = prompt_for(INSTRUMENTS[measure.instrument], answers, not_done=False)
    if wanted is not None and wanted.reason is Reason.POSITIVE:
        _raise_unless_asked(work, course, measure, wanted)


def ask_again(
    work: UnitOfWork, course: Course, measure: Measure, withdrawn_at: datetime | None = None
) -> None:
    """Raise what a measure that was put back calls for, unless somebody asked about it already.

    So is what stood open when it was withdrawn, at `withdrawn_at`: a second keying can have
    raised it.
    """
    closed = (p for p in prompts_of(work, measure.id) if p.done == WITHDRAWN)
    for prompt in closed:
        if prompt.acknowledged_at == withdrawn_at:
            _raise_unless_asked(work, course, measure, words_of(prompt, measure.instrument))
    instrument = INSTRUMENTS.get(measure.instrument)
    scored = measure.status in SCORED
    wanted = prompt_for(instrument, measure.answers, not_done=not scored) if instrument else None
    if wanted is not None:
        _raise_unless_asked(work, course, measure, wanted)


def raise_again(
    work: UnitOfWork, course: Course, measure: Measure, prompt: SafetyPrompt
) -> SafetyPrompt:
    """Raise once more what a prompt asked, when what was said to be done about it was not."""
    return _kept(work, course, measure, words_of(prompt, measure.instrument))


def _asks(prompt: SafetyPrompt, wanted: Prompt) -> bool:
    return (prompt.reason, prompt.answer) == (str(wanted.reason), wanted.answer)


def _raise_unless_asked(
    work: UnitOfWork, course: Course, measure: Measure, wanted: Prompt
) -> SafetyPrompt:
    """Keep a prompt, unless there is one for this very answer that stands open or was answered.

    One that was closed because its answer was corrected or withdrawn asked nobody.
    """
    stands = (p for p in prompts_of(work, measure.id) if p.done is None or p.done in DONE)
    found = next((p for p in stands if _asks(p, wanted)), None)
    return found or _kept(work, course, measure, wanted)


def prompts_of(work: UnitOfWork, measure_id: UUID) -> tuple[SafetyPrompt, ...]:
    """Give every prompt that a measure raised, oldest first."""
    wanted = select(SafetyPrompt).where(SafetyPrompt.measure_id == measure_id)
    return tuple(work.session.scalars(wanted.order_by(SafetyPrompt.raised_at, SafetyPrompt.id)))


def prompts_by_measure(work: UnitOfWork, course: Course) -> dict[UUID, tuple[SafetyPrompt, ...]]:
    """Give every prompt of a course, open or not, by its measure, oldest first."""
    found: dict[UUID, tuple[SafetyPrompt, ...]] = {}
    for prompt in prompts_of_course(work.session, course.id):
        found[prompt.measure_id] = (*found.get(prompt.measure_id, ()), prompt)
    return found


def close_prompts(
    work: UnitOfWork, course: Course, prompts: Iterable[SafetyPrompt], done: str, reason: str
) -> None:
    """Close open prompts whose answer was not the patient's, with the reason why."""
    for prompt in prompts:
        if prompt.acknowledged_at is None:
            _close(work, course, prompt, done, reason)


def open_prompts(work: UnitOfWork, course: Course) -> tuple[SafetyPrompt, ...]:
    """Give what must still be asked in one course, oldest first."""
    return open_prompts_of(work.session, [course.id]).get(course.id, ())


def still_to_ask(work: UnitOfWork, course: Course) -> tuple[Asked, ...]:
    """Give what must still be asked in one course in the words of its pages, oldest first."""
    return tuple(
        Asked(
            row.prompt.id, row.prompt.measure_id, row.taken_on, words_of(row.prompt, row.instrument)
        )
        for row in open_prompts_with_forms(work.session, [course.id])
    )


def words_of(prompt: SafetyPrompt, instrument: str) -> Prompt:
    """Give the words of a prompt that was kept; `instrument` is the key of its measure's."""
    return Prompt(instrument, prompt.item, Reason(prompt.reason), prompt.answer)
