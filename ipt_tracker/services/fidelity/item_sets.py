"""Which item sets this clinic has, which one new ratings use, and a set that a site loads."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from ipt_tracker.clinical.fidelity.item_set import (
    OWN_SET,
    ItemSet,
    own_item_set,
    read_item_set,
)
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.exchange.bundle_reader import BrokenBundle, parse
from ipt_tracker.governance.access import Permission
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import Account, FidelityItemSet, FidelityRating
from ipt_tracker.services.clinic_settings import item_set_ref
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork

LARGEST_FILE = 100_000
"""Bytes. The longest set that can be read is far below it."""


@dataclass(frozen=True, slots=True)
class LoadedSet:
    """One set of the clinic: how many ratings were made with it, who loaded it and when."""

    item_set: ItemSet
    ratings: int
    in_use: bool
    loaded_by: str | None = None
    loaded_at: datetime | None = None


class UnknownItemSetError(LookupError):
    """A rating names a set that is not on this site."""


def item_set_for(work: UnitOfWork, ref: str) -> ItemSet:
    """Give the set that a rating was made with, in the version it was made with."""
    if ref == OWN_SET:
        return own_item_set()
    key, _, version = ref.rpartition("@")
    row = work.session.scalars(
        select(FidelityItemSet).where(
            FidelityItemSet.key == key, FidelityItemSet.version == version
        )
    ).one_or_none()
    if row is None:
        raise UnknownItemSetError(ref)
    return read_item_set(row.content)


def set_in_use(work: UnitOfWork) -> ItemSet:
    """Give the set that a new rating is made with: the clinic's choice, else the project's own."""
    return item_set_for(work, item_set_ref(work))


def look_at_file(work: UnitOfWork, data: bytes) -> tuple[ItemSet, str]:
    """Read a file as it was handed in, and give the set and the file's JSON. Nothing is kept.

    Raises RuleBroken (FaultsFound where there are several) with the place of what is not right.
    """
    work.require(Permission.MANAGE_SETTINGS)
    raw = _json(data)
    found = read_item_set(raw)
    refuse_known(work, found)
    return found, json.dumps(raw, ensure_ascii=False, separators=(",", ":"))


def load_item_set(work: UnitOfWork, data: bytes) -> ItemSet:
    """Keep a set for good. New ratings use it only once somebody has chosen it.

    Raises RuleBroken for a file that is not right and for a version that is already there.
    """
    work.require(Permission.MANAGE_SETTINGS)
    raw = _json(data)
    found = read_item_set(raw)
    refuse_known(work, found)
    row = FidelityItemSet(
        key=found.key,
        version=found.version,
        name=found.name,
        content=raw,
        loaded_by=work.person.id,
        loaded_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    work.audit(Event.ITEM_SET_LOADED, Subject("item_set", row.id), ref=found.ref)
    return found


def refuse_known(work: UnitOfWork, found: ItemSet) -> None:
    """Raise RuleBroken for a set under the project's own key, or one that is there already."""
    if found.key == own_item_set().key:
        raise RuleBroken(f'File, "key": {found.key} is the project\'s own. Give yours another.')
    known = select(FidelityItemSet.id).where(
        FidelityItemSet.key == found.key, FidelityItemSet.version == found.version
    )
    if work.session.scalar(known):
        raise RuleBroken(
            f'File, "version": {found.key} version {found.version} is loaded already, and a '
            "version never changes. Give a changed set a new version."
        )


def list_item_sets(work: UnitOfWork) -> tuple[LoadedSet, ...]:
    """List every set, the project's own first, then by name and by when it was loaded."""
    work.require(Permission.MANAGE_SETTINGS)
    used, chosen = _ratings_with_each(work), item_set_ref(work)
    rows = work.session.execute(
        select(FidelityItemSet, Account.display_name)
        .join(Account, Account.id == FidelityItemSet.loaded_by)
        .order_by(FidelityItemSet.name, FidelityItemSet.loaded_at)
    )
    own = LoadedSet(own_item_set(), used.get(OWN_SET, 0), chosen == OWN_SET)
    return (own, *(_loaded(row, person, used, chosen) for row, person in rows))


def _loaded(row: FidelityItemSet, person: str, used: Mapping[str, int], chosen: str) -> LoadedSet:
    found = read_item_set(row.content)
    is_chosen = found.ref == chosen
    return LoadedSet(found, used.get(found.ref, 0), is_chosen, person, row.loaded_at)


def _ratings_with_each(work: UnitOfWork) -> dict[str, int]:
    counted = select(FidelityRating.item_set, func.count()).group_by(FidelityRating.item_set)
    return {row[0]: row[1] for row in work.session.execute(counted)}


def _json(data: bytes) -> dict[str, Any]:
    if len(data) > LARGEST_FILE:
        raise RuleBroken(f"File: it is larger than {LARGEST_FILE // 1000} kB. No item set is.")
    try:
        raw = parse(data)
    except BrokenBundle as broken:
        place = broken.place[:1].upper() + broken.place[1:]
        raise RuleBroken(f"{place}: {broken.message}") from broken
    if not isinstance(raw, dict):
        raise RuleBroken("File: it must be one entry with names and values, in { }.")
    return raw
