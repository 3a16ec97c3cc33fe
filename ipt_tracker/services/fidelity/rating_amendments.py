"""Amending one's own rating: each changed mark keeps what it was, when and why."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from ipt_tracker.clinical.fidelity.item_set import ItemSet
from ipt_tracker.clinical.fidelity.marks import Marks, MarksRefused, faults_of
from ipt_tracker.clinical.fidelity.rating import DELIVERED, QUALITY
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import AccessDenied, Permission
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import FidelityRating, RatingAmendment
from ipt_tracker.services.fidelity.doors import Rated, RatedKind, open_rated
from ipt_tracker.services.fidelity.item_sets import item_set_for
from ipt_tracker.services.fidelity.ratings import RatingEntry, may_be_recorded
from ipt_tracker.services.unit_of_work import ChangedMeanwhile, UnitOfWork

Change = tuple[str, Any, Any]
"""A field such as items.F09.q, what it was, and what it shall be."""

PLAIN = ("global_competence", "alliance", "basis", "portion", "minutes_heard", "remark")
NOT_A_MARK = "Say why you amend it."


def open_own_rating(work: UnitOfWork, rating_id: UUID) -> tuple[Rated, FidelityRating]:
    """Hand over a rating to its own rater, to amend it, or raise AccessDenied."""
    rating = work.session.get(FidelityRating, rating_id)
    if rating is None or rating.rater_id != work.person.id:
        raise AccessDenied(Permission.RATE_SESSION)
    kind = RatedKind.SESSION if rating.session_id else RatedKind.GROUP
    rated_id = rating.session_id or rating.group_session_id
    if rated_id is None:
        raise AccessDenied(Permission.RATE_SESSION)
    return open_rated(work, kind, rated_id, Permission.RATE_SESSION), rating


def entry_of(rating: FidelityRating) -> RatingEntry:
    """Give a rating as it stands, to be changed in part."""
    plain = {name: getattr(rating, name) for name in PLAIN}
    return RatingEntry(rating.item_set, Marks(rating.items, rating.proscribed, **plain))


def amend_rating(  # noqa: PLR0913 -- whose rating of what, what it shall be, why, the version seen
    work: UnitOfWork,
    rated: Rated,
    rating: FidelityRating,
    marks: Marks,
    reason: str | None,
    *,
    seen_version: int | None,
) -> tuple[str, ...]:
    """Change marks of the actor's own rating and name the fields that are changed.

    `marks` is the whole rating as it shall be. What is left as it was is not judged anew: a
    rating from a file may lack what is asked here. Raises MarksRefused, RuleBroken without a
    reason or a change, ChangedMeanwhile.
    """
    if rating.rater_id != work.person.id:
        raise AccessDenied(Permission.RATE_SESSION)
    if rating.version != seen_version:
        raise ChangedMeanwhile(f"version {seen_version} of this rating was changed meanwhile")
    item_set = item_set_for(work, rating.item_set)
    changes = tuple(changes_between(entry_of(rating).marks, marks, item_set))
    _check(changes, marks, item_set, recorded=may_be_recorded(work, rated))
    if not changes:
        raise RuleBroken("Nothing is changed.")
    if not reason:
        raise RuleBroken(NOT_A_MARK, "reason")
    _keep(work, rating, changes, reason)
    _change(rating, marks, item_set)
    work.session.flush()
    fields = tuple(field for field, _, _ in changes)
    work.audit(Event.RATING_AMENDED, rated.subject(), rating=str(rating.id), fields=list(fields))
    return fields


def changes_between(old: Marks, new: Marks, item_set: ItemSet) -> Iterable[Change]:
    """Give each mark that differs, item by item, then flags, then the rest."""
    for item in item_set.items:
        was, now = old.items.get(item.code, {}), new.items.get(item.code, {})
        for part in (DELIVERED, QUALITY):
            if was.get(part) != now.get(part):
                yield f"items.{item.code}.{part}", was.get(part), now.get(part)
    for flag in item_set.proscribed:
        seen = bool(old.proscribed.get(flag.code)), bool(new.proscribed.get(flag.code))
        if seen[0] != seen[1]:
            yield f"proscribed.{flag.code}", *seen
    for name in PLAIN:
        if getattr(old, name) != getattr(new, name):
            yield name, getattr(old, name), getattr(new, name)


def _check(changes: Iterable[Change], marks: Marks, item_set: ItemSet, *, recorded: bool) -> None:
    """Refuse what is wrong in the marks that change; a part recording needs its portion too."""
    changed = {_mark(field) for field, _, _ in changes}
    if "basis" in changed:
        changed |= {"portion", "minutes_heard"}
    faults = faults_of(marks, item_set, recorded=recorded)
    found = tuple(each for each in faults if each.field in changed)
    if found:
        raise MarksRefused(found)


def _mark(field: str) -> str:
    """Give the mark that a field is part of: both parts of an item are one."""
    return ".".join(field.split(".")[:2])


def _keep(work: UnitOfWork, rating: FidelityRating, changes: Iterable[Change], reason: str) -> None:
    own = select(func.max(RatingAmendment.place)).where(RatingAmendment.rating_id == rating.id)
    last = work.session.scalar(own) or 0
    for place, (field, old, new) in enumerate(changes, last + 1):
        work.session.add(
            RatingAmendment(
                rating_id=rating.id,
                place=place,
                field=field,
                old=old,
                new=new,
                reason=reason,
                author=work.person.display_name,
                author_id=work.person.id,
                amended_on=work.today,
                recorded_at=work.now,
            )
        )


def _change(rating: FidelityRating, marks: Marks, item_set: ItemSet) -> None:
    """Write new marks into the columns; what the item set does not know stays in them."""
    codes = {item.code for item in item_set.items}
    rating.items = rating.items | {
        code: dict(item) for code, item in marks.items.items() if code in codes
    }
    flags = {each.code: bool(marks.proscribed.get(each.code)) for each in item_set.proscribed}
    rating.proscribed = rating.proscribed | flags
    for name in PLAIN:
        setattr(rating, name, getattr(marks, name))
