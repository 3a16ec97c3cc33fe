"""Never another member's name in a member's record: what seems to be one is asked about."""

from collections.abc import Iterable

from ipt_tracker.clinical.course.groups import Named, names_in
from ipt_tracker.clinical.rules import AskFirst
from ipt_tracker.persistence.models import GroupMember, TherapyGroup
from ipt_tracker.services.group_entries import (
    NAMES_MEANT,
    CancelledEntry,
    MeetingEntry,
    MemberEntry,
)


def check_group_texts(group: TherapyGroup, entry: MeetingEntry | CancelledEntry) -> None:
    """Ask about a member's name or code in what is written about the group."""
    if NAMES_MEANT in entry.confirmed:
        return
    everybody = [named(member) for member in group.members]
    if isinstance(entry, CancelledEntry):
        texts = {"cancel_reason": entry.cancel_reason}
    else:
        texts = {"theme": entry.theme, "note": entry.note, "plan": entry.plan}
    for field, text in texts.items():
        found = names_in(text, everybody)
        if found:
            raise AskFirst(
                f"{_quoted(found)} stands in the text, as in the name or code of a member. Write "
                "it without; if it only looks like one, say so.",
                field,
                NAMES_MEANT,
            )


def check_member_texts(group: TherapyGroup, member: GroupMember, entry: MemberEntry) -> None:
    """Ask about another member's name or code in what is written about one."""
    if NAMES_MEANT in entry.confirmed:
        return
    others = [named(each) for each in group.members if each is not member]
    for text in entry.texts:
        found = names_in(text, others, named(member))
        if found:
            raise AskFirst(
                f"{_quoted(found)} stands in this member's record, as in the name or code of "
                "another member. Write it without; if it only looks like one, say so.",
                "note",
                NAMES_MEANT,
            )


def named(member: GroupMember) -> Named:
    """Give a member as texts could name them."""
    patient = member.course.patient
    return Named(patient.code, patient.name)


def _quoted(found: Iterable[str]) -> str:
    return ", ".join(f"“{word}”" for word in found)
