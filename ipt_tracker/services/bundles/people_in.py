"""The accounts that a file names: found here, or made as ones that cannot sign in."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from ipt_tracker.persistence.models import Account, StaffCode, Supervision
from ipt_tracker.services.bundles.naming import Row, Rows
from ipt_tracker.services.imports import ImportRefused
from ipt_tracker.services.unit_of_work import UnitOfWork


def accounts_in(work: UnitOfWork, staff: Rows) -> dict[str, UUID]:
    """Give the account of each name: by staff code, by sign-in address, else a new one."""
    codes: dict[str, list[str]] = {}
    for row in staff["staff_code"]:
        codes.setdefault(row["account_id"], []).append(row["code"])
    found: dict[str, UUID] = {}
    for row in staff["account"]:
        mine = codes.get(row["id"], [])
        account = _by_code(work, mine, row) or _by_address(work, row)
        if account is None and not mine:
            account = _by_name(work, row, found.values())
        account = account or _new(work, row)
        found[row["id"]] = account.id
        _give_codes(work, account, mine)
    return found


def _by_code(work: UnitOfWork, codes: list[str], row: Row) -> Account | None:
    if not codes:
        return None
    coded = select(Account).join(StaffCode, StaffCode.account_id == Account.id)
    people = work.session.scalars(coded.where(StaffCode.code.in_(codes))).unique().all()
    for person in people:
        other = person.email is not None and row["email"] not in (None, person.email)
        if other or len(people) > 1:
            raise ImportRefused(
                f"{', '.join(codes)} is the staff code of somebody else here. Nothing was imported."
            )
    return people[0] if people else None


def _by_address(work: UnitOfWork, row: Row) -> Account | None:
    if row["email"] is None:
        return None
    account = work.session.scalars(select(Account).where(Account.email == row["email"])).first()
    if account is not None and account.role != row["role"]:
        raise ImportRefused(
            f"{row['email']} is {account.role} here and {row['role']} in the file. "
            "Nothing was imported."
        )
    return account


def _by_name(work: UnitOfWork, row: Row, taken: Iterable[UUID]) -> Account | None:
    """Find somebody who came by such a file before: without an address, and unable to sign in."""
    if row["email"] is not None:
        return None
    same = select(Account).where(
        Account.display_name == row["display_name"],
        Account.role == row["role"],
        Account.email.is_(None),
        Account.enabled.is_(False),
        Account.id.not_in(list(taken)),
        Account.id.not_in(select(StaffCode.account_id)),
    )
    return work.session.scalars(same).first()


def _new(work: UnitOfWork, row: Row) -> Account:
    values: dict[str, Any] = {"enabled": False, "created_at": work.now}
    account = Account(**(values | {c: v for c, v in row.items() if c != "id"}))
    work.session.add(account)
    work.session.flush()
    return account


def _give_codes(work: UnitOfWork, account: Account, codes: list[str]) -> None:
    for code in codes:
        if work.session.get(StaffCode, code) is None:
            work.session.add(StaffCode(code=code, account_id=account.id))
    work.session.flush()


def supervise(work: UnitOfWork, assignments: Iterable[Row]) -> None:
    """Let each open course's supervisor supervise its therapist, where nobody has said so yet."""
    for row in assignments:
        pair = (row["supervisor_id"], row["therapist_id"])
        if row["ended_on"] is not None or pair[0] in (None, pair[1]):
            continue
        known = select(Supervision.id).where(
            Supervision.supervisor_id == pair[0], Supervision.supervisee_id == pair[1]
        )
        if work.session.scalars(known).first() is None:
            start = min(row["started_on"], work.today)
            work.session.add(
                Supervision(supervisor_id=pair[0], supervisee_id=pair[1], started_on=start)
            )
            work.session.flush()
