"""A progress note from its first word to the last addendum: what may be done in which state.

Sign, then lock; a trainee's note is approved or sent back by the supervisor; after that nothing
is overwritten, only added to or corrected with old and new text (ipt-course section 6).
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from ipt_tracker.clinical.course.codes import Code, known
from ipt_tracker.clinical.rules import RuleBroken

LATE_AFTER_DAYS = 2
"""A note signed more days than this after the session is a late entry. A convention: a couple of
days is usual with billers, no rule gives a number (ipt-course section 6, source S77)."""
OVERDUE_DAYS = 7
"""Days after which a supervisor is told how many notes of a supervisee are not signed. Ours."""
TRAINEE = "trainee"
"""The role of a therapist in a course, as files have it, whose notes are co-signed."""


class NoteState(Code):
    """Where a note stands. The last three come from files alone, where they mean signed."""

    UNSIGNED = "unsigned", "Not signed"
    CHANGES_REQUESTED = "changes_requested", "Changes requested"
    AWAITING_COSIGN = "awaiting_cosign", "Awaiting co-signature"
    SIGNED = "signed", "Signed"
    COSIGNED = "cosigned", "Signed and co-signed"
    LATE_ENTRY = "late_entry", "Signed, late entry"
    AMENDED = "amended", "Signed, amended since"
    CONTACT_NOTE = "contact_note", "Contact note"


class Act(Code):
    """What can be done with a note."""

    EDIT = "edit", "Change"
    SIGN = "sign", "Sign"
    REQUEST_CHANGES = "request_changes", "Request changes"
    COSIGN = "cosign", "Co-sign"
    ADD = "add", "Add"
    CORRECT = "correct", "Correct"


class Step(Code):
    """What is kept of a note's way. Steps are only ever added."""

    SIGNED = "signed", "Signed"
    CHANGES_REQUESTED = "changes_requested", "Changes requested"
    COSIGNED = "cosigned", "Co-signed"
    SEEN = "correction_seen", "Changes after co-signing seen"


OPEN = frozenset({NoteState.UNSIGNED, NoteState.CHANGES_REQUESTED})
"""States in which the author can still change the note itself."""
SIGNED_STATES = frozenset(NoteState) - OPEN
REFUSALS: Mapping[Act, str] = MappingProxyType(
    {
        Act.EDIT: "This session is signed. A signed record is not changed, only added to or "
        "corrected.",
        Act.SIGN: "This note cannot be signed: it is signed already, or came from a file.",
        Act.REQUEST_CHANGES: "This note does not wait for a co-signature.",
        Act.COSIGN: "This note does not wait for a co-signature.",
        Act.ADD: "This note is not signed yet. Change the note itself.",
        Act.CORRECT: "This note is not signed yet. Change the note itself.",
    }
)


def allows(state: str | None, act: Act) -> bool:
    """Say whether this can be done with a note in this state.

    A record without a note, or in a state of another clinic, came from a file: it is not signed
    here, and whatever is changed of it is a correction.
    """
    if act in {Act.EDIT, Act.SIGN}:
        return state in OPEN
    if act in {Act.REQUEST_CHANGES, Act.COSIGN}:
        return state == NoteState.AWAITING_COSIGN
    return state not in OPEN


def after(state: str | None, act: Act, *, needs_cosign: bool = False) -> str | None:
    """Give the state of a note after this was done; RuleBroken where it cannot be."""
    if not allows(state, act):
        raise RuleBroken(REFUSALS[act])
    if act is Act.SIGN:
        return NoteState.AWAITING_COSIGN if needs_cosign else NoteState.SIGNED
    if act is Act.REQUEST_CHANGES:
        return NoteState.CHANGES_REQUESTED
    return NoteState.COSIGNED if act is Act.COSIGN else state


def is_signed(state: str | None) -> bool:
    """Say whether somebody has signed the note, co-signed or not."""
    return state is not None and known(NoteState, state) in SIGNED_STATES


def is_late(service_on: date, entered_on: date) -> bool:
    """Say whether what was entered on a day is late for a session of that day."""
    return (entered_on - service_on).days > LATE_AFTER_DAYS
