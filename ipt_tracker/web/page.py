"""What every page is given: who is signed in, where they can go, and words for dates."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Flask, request, url_for

from ipt_tracker.governance.access import OF_THE_CLINIC, Permission, Role
from ipt_tracker.web.identity import must_enrol
from ipt_tracker.web.work import current_actor, given


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the main navigation."""

    label: str
    url: str
    current: bool


MAIN = (
    (Permission.SUPERVISE, "Supervision", "supervision.show"),
    (Permission.SEE_CASELOAD, "Today", "today.show"),
    (Permission.SEE_CASELOAD, "Caseload", "caseload.show"),
    (Permission.SEE_CASELOAD, "Measures due", "due.show"),
    (Permission.SEE_CASELOAD, "Notes", "notes.list_all"),
    (Permission.SEE_CASELOAD, "Groups", "groups.list_all"),
    (Permission.RATE_SESSION, "Ratings", "fidelity.mine"),
    (Permission.SEE_FIDELITY, "Meetings", "meetings.list_all"),
    (Permission.SEE_EVIDENCE, "Evidence", "evidence.show"),
    (Permission.ASSESS, "Assessments", "assessments.list_all"),
    (Permission.MANAGE_USERS, "People", "admin.accounts"),
    (Permission.HOLD_RECORDS, "Records", "records.show"),
    (Permission.SEE_AUDIT, "Audit", "audit.show"),
    (Permission.MANAGE_SETTINGS, "Settings", "settings.show"),
)

MENU = (
    (Permission.BREAK_GLASS, "Read a record in an emergency", "emergency.show"),
    (Permission.SEE_EMERGENCIES, "Emergency access", "emergency.notices"),
)
"""What stands under the person's name, because it is seldom needed."""


def install(app: Flask) -> None:
    """Give every template these names and filters."""
    app.context_processor(_shared)
    app.jinja_env.filters.update(day=day, day_year=day_year, at_moment=at_moment, signed=signed)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def _shared() -> dict[str, Any]:
    made = given()
    return {
        "actor": current_actor(),
        "nav": _places(MAIN),
        "menu": _places(MENU),
        "find_url": _find_url(),
        "demo": made.is_demo,
        "version": made.version,
        "today": made.today(),
        "backup_is_late": _is_administrator() and made.backup_is_late(made.clock()),
        "plain_records": made.plain_records and not made.is_demo and _is_administrator(),
    }


def _places(of: Iterable[tuple[Permission, str, str]]) -> tuple[Place, ...]:
    actor = current_actor()
    if actor is None or must_enrol():
        return ()
    open_to = OF_THE_CLINIC[actor.role]
    return tuple(
        Place(label, url_for(endpoint), endpoint == request.endpoint)
        for permission, label, endpoint in of
        if permission in open_to
    )


def _is_administrator() -> bool:
    actor = current_actor()
    return actor is not None and actor.role is Role.ADMINISTRATOR


def _find_url() -> str | None:
    """Give the address of the search to those who have patients to look for."""
    actor = current_actor()
    if actor is None or must_enrol() or Permission.SEE_CASELOAD not in OF_THE_CLINIC[actor.role]:
        return None
    return url_for("caseload.find")


def day(value: date | None) -> str:
    """Write a date as "7 Apr", with its year when it is not this one."""
    if value is None:
        return ""
    plain = f"{value.day} {value:%b}"
    return plain if value.year == given().today().year else f"{plain} {value.year}"


def day_year(value: date | None) -> str:
    """Write a date as "7 Apr 2025"."""
    return f"{value.day} {value:%b} {value.year}" if value else ""


def at_moment(value: datetime | None) -> str:
    """Write a moment as "7 Apr 2025, 09:30", in the machine's own time zone."""
    if value is None:
        return ""
    here = value.astimezone()
    return f"{day_year(here.date())}, {here:%H:%M}"


def signed(value: float | None) -> str:
    """Write a change with its sign and a true minus: "−22", "+3", "0"."""
    if value is None:
        return "–"
    text = f"{value:+g}" if value else "0"
    return text.replace("-", "−")
