"""What the scores said when the acute treatment ended, where maintenance visits go on after it."""

from dataclasses import replace

from ipt_tracker.clinical.outcome.series import Administration, Series, change_over
from ipt_tracker.clinical.outcome.thresholds import ThresholdSet
from ipt_tracker.clinical.outcome.verdict import Verdict
from ipt_tracker.clinical.outcome.wording import day_words, move_words


def acute_words(acute: Series, thresholds: ThresholdSet | None, today_year: int) -> str:
    """Say the last score of the acute treatment with its class: "20 (session 8, 13 Jul), ..."."""
    judged = change_over(acute, thresholds)
    if judged.last is None:
        return "no complete score"
    at = f"{judged.last.total} ({_where(judged.last, today_year)})"
    if judged.points is None:
        return f"{at}, the first score"
    if judged.change is None:
        return f"{at}, {move_words(judged.points)}, not judged"
    words = judged.change.words
    return f"{at}, {move_words(judged.points)}: {words[:1].lower()}{words[1:]}"


def with_acute(said: Verdict, words: str) -> Verdict:
    """Say first in the second text that maintenance visits are in the scores, and what was before.

    `words` are those of `acute_words`; where they are empty nothing is said.
    """
    if not words:
        return said
    before = f"Maintenance visits are included. Last score of the acute treatment: {words}."
    return replace(said, then=" ".join(filter(None, (before, said.then))))


def _where(last: Administration, today_year: int) -> str:
    label = last.session_label
    session = f"session {label}" if label.isdecimal() else label
    return ", ".join(filter(None, (session, day_words(last.taken_on, today_year))))
