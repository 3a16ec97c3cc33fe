"""The contract in words, and every change of it as a record."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from ipt_tracker.clinical.course.codes import label_of
from ipt_tracker.clinical.course.focal_areas import focal_area_label
from ipt_tracker.clinical.course.protocols import Spacing
from ipt_tracker.clinical.course.records import ContractChange as ChangeKind
from ipt_tracker.services.worksheet_page import Plan
from ipt_tracker.web.page import day_year

Row = Any
"""A row of a table: this room works with rows and does not know the tables."""
Fact = tuple[str, str]
YES_NO = {True: "Yes", False: "No", None: "Not recorded"}


@dataclass(frozen=True, slots=True)
class Changed:
    """One change of the contract in words."""

    on: date
    at: str
    text: str
    reason: str
    agreed: str
    who: str


def contract_facts(plan: Plan) -> tuple[Fact, ...]:
    """Say what is agreed. What was never recorded is named as such."""
    course, held = plan.course, plan.facts.position.held
    visits = course.maintenance_sessions
    found = (
        ("Sessions", f"{course.planned_sessions} planned, {held} held"),
        ("Length", f"{course.session_minutes} minutes" if course.session_minutes else "not stated"),
        ("Spacing", spacing_words(course.spacing)),
        ("Last session by", day_year(course.contract_ends_on) or "no end date agreed"),
        ("Maintenance", f"{visits} {'visit' if visits == 1 else 'visits'}" if visits else ""),
        ("Patient agrees", agreed_words(course.contract_agreed, course.contract_agreed_on)),
        ("Adapted", course.adaptations or ""),
    )
    return tuple((label, words) for label, words in found if words)


def spacing_words(spacing: str | None) -> str:
    """Write the spacing as people read it."""
    return label_of(Spacing, spacing).lower() if spacing else "not stated"


def agreed_words(agreed: bool | None, day: date | None) -> str:  # noqa: FBT001 -- a stored answer
    """Say whether and when the patient agreed."""
    words = YES_NO[agreed].lower()
    return f"{words}, on {day_year(day)}" if agreed and day else words


def contract_changes(changes: Iterable[Row], names: Mapping[UUID, str]) -> tuple[Changed, ...]:
    """Give the changes of the contract, newest first."""
    return tuple(
        Changed(
            each.changed_on,
            f"session {each.at_session}" if each.at_session is not None else "",
            _change_words(each),
            each.reason or "",
            YES_NO[each.patient_agreed],
            names.get(each.recorded_by, "") if each.recorded_by else "from a file",
        )
        for each in reversed(tuple(changes))
    )


def _change_words(change: Row) -> str:
    label = label_of(ChangeKind, change.kind)
    old, new = _term(change.kind, change.old), _term(change.kind, change.new)
    if old and new:
        return f"{label}: {old} to {new}"
    return f"{label}: {new or old}" if new or old else label


def _term(kind: str, text: str | None) -> str:
    if not text:
        return ""
    if kind == ChangeKind.FOCUS_SWITCH:
        return focal_area_label(text)
    if kind == ChangeKind.SPACING_CHANGE:
        return spacing_words(text)
    return text.replace("_", " ")
