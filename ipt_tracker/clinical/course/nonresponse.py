"""When the end is near and the scores have not reliably improved: three ways on.

Extend, re-evaluate or sequence (CPA Bulletin 2003). It is said as the treatment's shortfall, never
the patient's. It is a rule about scores, not a prediction.
"""

from ipt_tracker.clinical.course.codes import Code
from ipt_tracker.clinical.course.phases import Phase
from ipt_tracker.clinical.outcome.change import ChangeClass

NEAR_THE_END = frozenset({Phase.TERMINATION, Phase.EXTENSION})


class WayOn(Code):
    """What can follow a treatment that has not reached enough."""

    EXTEND = "extend", "Extend: agree more sessions, with a reason"
    RE_EVALUATE = "re_evaluate", "Re-evaluate: diagnosis, focus, what stands in the way"
    SEQUENCE = "sequence", "Sequence: another treatment goes on from here"


def asks_for_a_way_on(phase: str, change: ChangeClass | None) -> bool:
    """Say whether a course near its end must be decided on, by its class of change.

    `change` is that from first to last score of the treatment, None where it cannot be told: then
    nobody knows that it failed either, and the page says that scores are missing instead.
    """
    return phase in NEAR_THE_END and change in {ChangeClass.UNCHANGED, ChangeClass.WORSE}
