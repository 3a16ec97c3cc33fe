"""A rule's answer in three values, because a missing rating must never read as "not met"."""

from collections.abc import Iterable
from enum import StrEnum


class Finding(StrEnum):
    """Whether a rule is met; CANNOT_TELL only where the missing answers could change it."""

    MET = "met"
    NOT_MET = "not_met"
    CANNOT_TELL = "indeterminate"

    @property
    def words(self) -> str:
        """The finding as people read it."""
        return {"met": "met", "not_met": "not met", "indeterminate": "cannot tell"}[self.value]


def known(answer: bool | None) -> Finding:  # noqa: FBT001 -- the answer itself, not a switch
    """Turn a yes, a no or no answer at all into a finding."""
    if answer is None:
        return Finding.CANNOT_TELL
    return Finding.MET if answer else Finding.NOT_MET


def at_least(answer: int | None, needed: int) -> Finding:
    """Judge one answer, None where it was left blank."""
    return known(None if answer is None else answer >= needed)


def between(surely: int, possibly: int, needed: int) -> Finding:
    """Judge "at least `needed`" where the true number lies from `surely` to `possibly`."""
    if surely >= needed:
        return Finding.MET
    return Finding.CANNOT_TELL if possibly >= needed else Finding.NOT_MET


def all_of(findings: Iterable[Finding]) -> Finding:
    """Join independent conditions of which each must be met."""
    found = set(findings)
    if Finding.NOT_MET in found:
        return Finding.NOT_MET
    return Finding.CANNOT_TELL if Finding.CANNOT_TELL in found else Finding.MET


def any_of(findings: Iterable[Finding]) -> Finding:
    """Join independent conditions of which one is enough."""
    found = set(findings)
    if Finding.MET in found:
        return Finding.MET
    return Finding.CANNOT_TELL if Finding.CANNOT_TELL in found else Finding.NOT_MET
