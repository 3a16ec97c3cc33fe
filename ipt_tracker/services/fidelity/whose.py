"""Whose session it was, and who supervised it: by the ties of the day, not of today."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Protocol, TypeVar
from uuid import UUID

from ipt_tracker.persistence.models import GroupLeader


class _Dated(Protocol):
    @property
    def started_on(self) -> date: ...


class _Supervised(_Dated, Protocol):
    @property
    def supervisor_id(self) -> UUID | None: ...


A = TypeVar("A", bound=_Dated)


def holding(assignments: Sequence[A], day: date) -> A | None:
    """Give the assignment of a day; before the first one begins, that first one."""
    if len(assignments) == 1:  # as nearly every course has, and a page asks thousands of times
        return assignments[0]
    begun = [each for each in assignments if each.started_on <= day]
    first = sorted(assignments, key=lambda each: each.started_on)[:1]
    return max(begun or first, key=lambda each: each.started_on, default=None)


def supervisors_of(
    assignments: Sequence[_Supervised], held_on: date, rated_on: date | None
) -> frozenset[UUID]:
    """Give the case supervisors of the day of the session and of the day of its rating.

    A new supervisor may rate a recording from before.
    """
    days = {held_on, rated_on or held_on}
    held = (holding(assignments, day) for day in days)
    return frozenset(each.supervisor_id for each in held if each and each.supervisor_id)


def leading_on(leaders: Iterable[GroupLeader], day: date) -> frozenset[UUID]:
    """Give who led a group on a day, both leaders alike."""
    return frozenset(
        each.account_id
        for each in leaders
        if each.started_on <= day and (each.ended_on is None or each.ended_on > day)
    )
