"""How many sessions an imported contract has in the end: those agreed, and every extension."""

import re

from ipt_tracker.clinical.course.protocols import LONGEST_CONTRACT, PROTOCOLS
from ipt_tracker.clinical.course.records import ContractChange
from ipt_tracker.exchange.bundle_values import CaseIn, ContractChangeIn

SESSIONS_ADDED = ("sessions_added", "added", "additional_sessions")
_SESSIONS = re.compile(r"(\d{1,6})")
_MORE = re.compile(r"\+|\bmore\b|\badditional\b|\bextra\b")


def planned_sessions(case: CaseIn) -> int:
    """Give the number of sessions agreed last: the contract's, or that of its newest extension."""
    protocol = PROTOCOLS.get(case.protocol)
    held = max((s.number for s in case.sessions if s.number), default=1)
    usual = protocol.planned_sessions if protocol else held
    planned = (case.contract.planned_sessions if case.contract else None) or usual
    for change in case.contract_changes:
        if change.kind == ContractChange.EXTENSION:
            planned = _extended(change, planned)
    return max(planned, 1)


def _extended(change: ContractChangeIn, planned: int) -> int:
    """Give the number of sessions after an extension, written 18, "18 sessions" or "+4"."""
    said = change.after or next((e.text for e in change.extra if e.key in SESSIONS_ADDED), "")
    found = _SESSIONS.search(said)
    number = int(found[1]) if found else 0
    if not 0 < number <= LONGEST_CONTRACT:
        return planned
    added = not change.after or _MORE.search(said)
    return planned + number if added else number
