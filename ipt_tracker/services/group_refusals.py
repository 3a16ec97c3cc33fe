"""Everything that is wrong with a meeting as it was entered, found in one go."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from uuid import UUID

from ipt_tracker.clinical.course.groups import in_error
from ipt_tracker.clinical.rules import AskFirst, RuleBroken
from ipt_tracker.persistence.models import GroupSession
from ipt_tracker.services.group_entries import (
    SECOND_MEETING,
    CancelledEntry,
    MeetingEntry,
    MemberEntry,
    RowsRefused,
)
from ipt_tracker.services.group_page import Standing
from ipt_tracker.services.session_questions import Question


@dataclass(slots=True)
class Found:
    """What was found wrong so far: about the group, and about members by their membership."""

    own: list[RuleBroken] = field(default_factory=list)
    rows: dict[UUID, list[RuleBroken]] = field(default_factory=dict)

    @property
    def sound(self) -> bool:
        """Whether what is said about the group could be kept, once its questions are answered."""
        return all(isinstance(each, AskFirst) for each in self.own)

    def check(self, rule: Callable[[], object]) -> None:
        """Try a rule about the group."""
        self.own.extend(refusals(rule))

    def about(self, member_id: UUID, broken: Iterable[RuleBroken]) -> None:
        """Keep what is wrong about a member, each thing once."""
        own = self.rows.get(member_id, [])
        said = {(each.field, each.message) for each in own}
        for each in broken:
            if (each.field, each.message) not in said:
                said.add((each.field, each.message))
                own.append(each)
        if own:
            self.rows[member_id] = own

    def stop(self) -> None:
        """Raise everything that was found; one thing about the group alone as it is."""
        if len(self.own) == 1 and not self.rows:
            raise self.own[0]
        if self.own or self.rows:
            raise RowsRefused(self.rows, self.own)


def refusals(rule: Callable[[], object]) -> list[RuleBroken]:
    """Give the rule that was broken, or nothing."""
    try:
        rule()
    except RuleBroken as broken:
        return [broken]
    return []


def refusals_of(row: MemberEntry, act: Callable[[MemberEntry], object]) -> list[RuleBroken]:
    """Give every question about a member's row, and the rule that it breaks besides.

    What comes after a question is found by going on as if it had been answered; the one who
    asks keeps nothing of it.
    """
    asked: list[RuleBroken] = []
    while True:
        try:
            act(row)
        except AskFirst as question:
            asked.append(question)
            if question.key in row.confirmed:
                return asked
            row = replace(row, confirmed=row.confirmed | {question.key})
        except RuleBroken as broken:
            return [*asked, broken]
        else:
            return asked


def others_that_day(
    facts: Standing, entry: MeetingEntry | CancelledEntry, own: GroupSession | None = None
) -> tuple[GroupSession, ...]:
    """Give the other records of the group on the day, but for those entered in error."""
    return tuple(
        each
        for each in facts.meetings
        if each.held_on == entry.held_on
        and not in_error(each.cancel_reason)
        and (own is None or each.id != own.id)
    )


def answered_for_all(
    facts: Standing, entry: MeetingEntry | CancelledEntry, own: GroupSession | None = None
) -> frozenset[str]:
    """Give what is asked once about the group, and then of no member: a second one that day."""
    return frozenset({Question.SECOND_THAT_DAY} if others_that_day(facts, entry, own) else ())


def ask_second(
    facts: Standing, entry: MeetingEntry | CancelledEntry, own: GroupSession | None = None
) -> None:
    """Ask before a second record of a day; one that stays on its day was asked about before."""
    if SECOND_MEETING in entry.confirmed or (own is not None and own.held_on == entry.held_on):
        return
    others = others_that_day(facts, entry, own)
    if others:
        first, day = others[0], f"{entry.held_on.day} {entry.held_on:%b %Y}"
        what = "A cancelled session" if first.cancelled else f"Group session {first.number}"
        raise AskFirst(
            f"{what} of {day} is logged already. Is this another one that day?",
            SECOND_MEETING,
            SECOND_MEETING,
        )
