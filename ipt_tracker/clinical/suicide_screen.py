"""The suicide screener: its answers lead to a band, never to a sum.

Questions and bands: the C-SSRS screener with the triage of ipt-course section 4. The labels are
our own; the wording belongs to the form.
"""

from collections.abc import Mapping

from ipt_tracker.clinical.course.codes import Code
from ipt_tracker.clinical.course.records import RiskBand

SCREENER = "C-SSRS screener"
Answers = Mapping[str, bool | None]
"""Yes, no, or nothing: None and absent both mean that there is no answer."""


class Question(Code):
    """One question of the screener, by the key under which its answer is kept."""

    WISH = "q1", "1. Wish to be dead"
    THOUGHTS = "q2", "2. Thoughts of suicide"
    METHOD = "q3", "3. Has thought of a way"
    INTENT = "q4", "4. Some intent to act"
    PLAN = "q5", "5. A plan, meant to be carried out"
    EVER = "q6_lifetime", "6. Acted or prepared to, ever"
    LATELY = "q6_3_months", "6. In the past 3 months"


FURTHER = (Question.METHOD, Question.INTENT, Question.PLAN)
"""Asked only when question 2 is a yes."""
SEVERE = (Question.INTENT, Question.PLAN, Question.LATELY)
MODERATE = (Question.METHOD, Question.EVER)
LOW = (Question.WISH, Question.THOUGHTS)
URGENT = frozenset({RiskBand.MODERATE, RiskBand.SEVERE})
"""Bands after which it must be said what was done and who was told."""


def derive_band(answers: Answers) -> RiskBand:
    """Give the band that follows from the answers.

    One answer that makes it severe is enough, whatever is missing. Otherwise a missing answer
    means that the screener cannot tell.
    """
    found = at_least(answers)
    if found is RiskBand.SEVERE:
        return found
    return RiskBand.CANNOT_TELL if missing(answers) else found


def at_least(answers: Answers) -> RiskBand:
    """Give the band of the answers that were a yes, as if nothing else had been answered so."""
    if _any_yes(answers, SEVERE):
        return RiskBand.SEVERE
    if _any_yes(answers, MODERATE):
        return RiskBand.MODERATE
    return RiskBand.LOW if _any_yes(answers, LOW) else RiskBand.NONE


def missing(answers: Answers) -> tuple[Question, ...]:
    """Name the questions that have to be answered and are not."""
    needed = {Question.WISH, Question.THOUGHTS, Question.EVER}
    if answers.get(Question.THOUGHTS):
        needed.update(FURTHER)
    if answers.get(Question.EVER):
        needed.add(Question.LATELY)
    return tuple(each for each in Question if each in needed and answers.get(each) is None)


def kept_answers(answers: Answers) -> dict[str, bool | None] | None:
    """Give the answers as they are kept: a needed one that is missing stays there as nothing.

    None when no question was answered: the screener was then not used.
    """
    if all(answers.get(each) is None for each in Question):
        return None
    needed = missing(answers)
    return {
        str(each): answers.get(each)
        for each in Question
        if answers.get(each) is not None or each in needed
    }


def is_urgent(answers: Answers) -> bool:
    """Say whether the answers so far already call for action and for telling somebody."""
    return at_least(answers) in URGENT


def band_words(answers: Answers) -> str:
    """Say the band of the answers, and what is missing where it cannot be told."""
    band = derive_band(answers)
    if band is not RiskBand.CANNOT_TELL:
        return band.label
    count = len(missing(answers))
    words = f"Cannot tell: {'1 answer is' if count == 1 else f'{count} answers are'} missing"
    found = at_least(answers)
    return words if found is RiskBand.NONE else f"{words}; at least {found.label.lower()}"


def _any_yes(answers: Answers, questions: tuple[Question, ...]) -> bool:
    return any(answers.get(each) for each in questions)
