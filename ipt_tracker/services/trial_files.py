"""A file of trials: looked at first, then kept in a set of the clinic."""

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.exchange.trial_file import TrialFile, read_trial_file
from ipt_tracker.persistence.models import EvidenceSet
from ipt_tracker.services.evidence_sets import CURATE, MOST_TRIALS, add_trials
from ipt_tracker.services.unit_of_work import UnitOfWork


def look_at_file(
    work: UnitOfWork, content: bytes, source: str, population: str
) -> tuple[TrialFile, str]:
    """Read a file as it was handed in, and give its trials and its text. Nothing is kept.

    Raises RuleBroken with one sentence naming row and column.
    """
    work.require(CURATE)
    found = read_trial_file(content, source, population)
    if len(found.trials) > MOST_TRIALS:
        raise RuleBroken(f"A set holds {MOST_TRIALS} trials at most.")
    return found, content.decode("utf-8-sig")


def add_file(
    work: UnitOfWork, kept: EvidenceSet, content: bytes, source: str, population: str
) -> None:
    """Keep the trials of a file that was looked at; it is read and checked anew."""
    add_trials(work, kept, read_trial_file(content, source, population).trials)
