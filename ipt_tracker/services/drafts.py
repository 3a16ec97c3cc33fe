"""Drafts: what somebody typed into a form and has not saved yet. A draft is its writer's alone.

Drafts are not part of the record: nothing but the form itself shows them, and nothing deletes one
but saving the form or discarding it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import Draft
from ipt_tracker.persistence.queries.drafts import draft_at, drafts_open_to
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork

MOST_SIGNS = 300_000
"""More than the longest form holds with every field full."""
TOO_LONG = "This is more than can be kept as a draft. Save the form, or shorten the text."

Pairs = tuple[tuple[str, str], ...]
"""The fields of a form as they were typed, in their order; a name can come more than once."""


class NewerDraft(Exception):
    """Another window kept a newer draft of the same form."""

    def __init__(self, draft: Draft) -> None:
        super().__init__("another window kept a newer draft")
        self.seen, self.saved_at = seen(draft), draft.saved_at


@dataclass(frozen=True, slots=True)
class Key:
    """What a page knows of the draft of its form: whose page, which window, the version seen."""

    owner: UUID
    window: str
    seen: str = ""

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Read a key as a page sends it; None when it is none."""
        owner, _, rest = text.partition(".")
        window, _, seen = rest.partition(".")
        try:
            return cls(UUID(owner), window[:40], seen[:80])
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{self.owner}.{self.window}.{self.seen}"

    def knows(self, draft: Draft) -> bool:
        """Say whether the page has seen this draft as it is, or is the window that kept it."""
        return self.seen == seen(draft) or bool(self.window and self.window == _head(draft, 1))


@dataclass(frozen=True, slots=True)
class Place:
    """The form that a draft is of: its address, what it is called, whose record it is about.

    The form of a rating is about a session and names neither course nor group.
    """

    address: str
    title: str
    course_id: UUID | None = None
    group_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One draft in a list."""

    course_id: UUID
    title: str
    saved_at: datetime
    url: str


def seen(draft: Draft) -> str:
    """Name one version of one draft."""
    return f"{draft.id.hex}-{draft.version}"


def pairs_of(draft: Draft) -> Pairs:
    """Give the fields as they were typed."""
    return tuple((name, value) for name, value in draft.fields[1:])


def find_draft(work: UnitOfWork, address: str) -> Draft | None:
    """Give the actor's own draft of the form at this address."""
    return draft_at(work.session, work.person.id, address)


def keep_draft(work: UnitOfWork, place: Place, pairs: Pairs, key: Key) -> Draft:
    """Keep what is typed in a form, over the draft that the page knows.

    The form's record was opened by the caller, with the form's own permission. Raises NewerDraft
    when another window kept one that the page has not seen; RuleBroken when it is too long.
    """
    if sum(len(name) + len(value) for name, value in pairs) > MOST_SIGNS:
        raise RuleBroken(TOO_LONG)
    draft = find_draft(work, place.address)
    if draft is not None and not key.knows(draft):
        raise NewerDraft(draft)
    if draft is None:
        draft = Draft(account_id=work.person.id, address=place.address)
        work.session.add(draft)
    draft.course_id, draft.group_id = place.course_id, place.group_id
    draft.fields = [[place.title, key.window], *([name, value] for name, value in pairs)]
    draft.saved_at = work.now
    work.session.flush()
    return draft


def let_go(
    work: UnitOfWork, address: str, key: Key | None, sent: Sequence[tuple[str, str]]
) -> None:
    """Delete the draft of a form that was saved, in the transaction that saves it.

    A draft of another window that holds something else stays: what is in it was not saved.
    """
    draft = find_draft(work, address)
    if draft is None:
        return
    known = key is not None and key.knows(draft)
    if known or sorted(sent) == sorted(pairs_of(draft)):
        work.session.delete(draft)


def discard_draft(work: UnitOfWork, address: str) -> None:
    """Throw away the actor's draft of a form, as they asked."""
    draft = find_draft(work, address)
    if draft is not None:
        work.audit(Event.DRAFT_DISCARDED, Subject("draft", draft.id), kept_at=str(draft.saved_at))
        work.session.delete(draft)


def drafts_of(work: UnitOfWork) -> tuple[DraftLine, ...]:
    """Give the actor's drafts, newest first, of the courses that they may still open."""
    found = drafts_open_to(work.session, work.person, work.today)
    return tuple(
        DraftLine(draft.course_id, _head(draft, 0), draft.saved_at, draft.address)
        for draft in found
        if draft.course_id is not None
    )


def _head(draft: Draft, place: int) -> str:
    """Give what stands before the fields: the form's title, and the window that kept it."""
    return str(draft.fields[0][place])
