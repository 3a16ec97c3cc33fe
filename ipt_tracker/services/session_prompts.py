"""Prompts on suicide that a session answers itself, because risk was asked about in it."""

from collections.abc import Iterable

from ipt_tracker.clinical.safety import SETTLED, settled_words, settles
from ipt_tracker.persistence.models import Course, Measure, SafetyPrompt, SessionRecord
from ipt_tracker.persistence.queries.prompt_facts import ASKED
from ipt_tracker.persistence.queries.sessions import measures_at
from ipt_tracker.services.safety import acknowledge, prompts_of, raise_again
from ipt_tracker.services.session_entries import RiskEntry
from ipt_tracker.services.unit_of_work import UnitOfWork


def settled_of(prompts: Iterable[SafetyPrompt]) -> SafetyPrompt | None:
    """Give the prompt that the session's own question answered, unless another was raised since."""
    every = [*prompts]
    own = [p for p in every if p.done == ASKED and (p.action or "").startswith(SETTLED)]
    newest = max(own, key=lambda p: p.raised_at, default=None)
    others = (p for p in every if p not in own)
    stands = newest is not None and all(p.raised_at < newest.raised_at for p in others)
    return newest if stands else None


def settle_prompts(
    work: UnitOfWork,
    course: Course,
    record: SessionRecord,
    risk: RiskEntry,
    measures: Iterable[Measure],
) -> None:
    """Acknowledge what forms of this very save ask, where risk was asked about in the session."""
    for measure in measures:
        for prompt in prompts_of(work, measure.id):
            if prompt.acknowledged_at is None and _answers(risk, prompt):
                words = settled_words(record.held_on, risk.answer)
                acknowledge(work, course, prompt, ASKED, words)


def reopen_prompts(
    work: UnitOfWork, course: Course, record: SessionRecord, risk: RiskEntry
) -> None:
    """Ask again what the session had answered, when its answer on risk no longer answers it."""
    for measure in measures_at(work.session, record.id):
        prompt = settled_of(prompts_of(work, measure.id))
        if prompt is None or measure.withdrawn_at is not None:
            continue
        if not _answers(risk, prompt):
            raise_again(work, course, measure, prompt)


def _answers(risk: RiskEntry, prompt: SafetyPrompt) -> bool:
    return settles(prompt.reason, risk.answer, is_told=bool(risk.detail or risk.action))
