"""Never another member's name in a member's record: what seems to be one is asked about."""

from collections.abc import Iterable, Mapping

from ipt_tracker.clinical.course.groups import Named, names_in
from ipt_tracker.clinical.rules import AskFirst
from ipt_tracker.persistence.models import GroupMember, TherapyGroup
from ipt_tracker.services.group_entries import (
    NAMES_MEANT,
    CancelledEntry,
    MeetingEntry,
    MemberEntry,
)


def group_texts_asked(
    group: TherapyGroup, entry: MeetingEntry | CancelledEntry
) -> tuple[AskFirst, ...]:
    """Ask about a member's name or code in each text about the group."""
    if NAMES_MEANT in entry.confirmed:
        return ()
    if isinstance(entry, CancelledEntry):
        return reason_asked(group, "cancel_reason", entry.cancel_reason)
    texts = {"theme": entry.theme, "note": entry.note, "plan": entry.plan}
    return _asked(texts, map(named, group.members), None, "a member")


def reason_asked(group: TherapyGroup, field: str, text: str | None) -> tuple[AskFirst, ...]:
    """Ask about a member's name or code in one text about the group."""
    return _asked({field: text}, map(named, group.members), None, "a member")


def member_texts_asked(
    group: TherapyGroup, member: GroupMember, entry: MemberEntry
) -> tuple[AskFirst, ...]:
    """Ask about another member's name or code in each text about one."""
    if NAMES_MEANT in entry.confirmed:
        return ()
    others = (named(each) for each in group.members if each is not member)
    return _asked(entry.texts, others, named(member), "another member")


def _asked(
    texts: Mapping[str, str | None], others: Iterable[Named], own: Named | None, whose: str
) -> tuple[AskFirst, ...]:
    everybody = tuple(others)
    found = {field: names_in(text, everybody, own) for field, text in texts.items()}
    return tuple(
        AskFirst(
            f"{_quoted(words)} stands here, as in the name or code of {whose}. Write it without; "
            "if it only looks like one, say so.",
            field,
            NAMES_MEANT,
        )
        for field, words in found.items()
        if words
    )


def named(member: GroupMember) -> Named:
    """Give a member as texts could name them."""
    patient = member.course.patient
    return Named(patient.code, patient.name)


def _quoted(found: Iterable[str]) -> str:
    return ", ".join(f"“{word}”" for word in found)
