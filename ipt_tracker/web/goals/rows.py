"""The goals of a course as rows: what, tied to which area, what became of it, what was changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ipt_tracker.clinical.course.codes import label_of
from ipt_tracker.clinical.course.focal_areas import focal_area_label
from ipt_tracker.clinical.course.goals import GoalStatus
from ipt_tracker.persistence.queries.worksheets import GoalRow
from ipt_tracker.web.page import day_year

LABELS = {
    "what": "Wording",
    "set_on": "Set on",
    "spell_id": "Focal area",
    "status": "What became of it",
    "reviewed_on": "Reviewed on",
    "review": "In a word",
    "removed": "Taken off",
}
TAGS = {
    GoalStatus.OPEN: "open",
    GoalStatus.PARTLY_REACHED: "same",
    GoalStatus.REACHED: "done",
    GoalStatus.GIVEN_UP: "same",
}


@dataclass(frozen=True, slots=True)
class Changed:
    """One earlier value of a goal."""

    label: str
    old: str
    new: str
    who: str
    on: date


@dataclass(frozen=True, slots=True)
class GoalLine:
    """One goal in words."""

    id: UUID
    what: str
    area: str
    set_on: date
    who: str
    status: str
    tag: str
    review: str
    reviewed_on: date | None
    is_open: bool
    is_off: bool
    changes: tuple[Changed, ...]


def goal_lines(goals: Iterable[GoalRow], areas: Mapping[str, str]) -> tuple[GoalLine, ...]:
    """Put goals into words; `areas` names the focal areas of the course by their id."""
    return tuple(
        GoalLine(
            id=each.id,
            what=each.what,
            area=area_words(each.area, each.detail) if each.area else "",
            set_on=each.set_on,
            who=each.who,
            status=label_of(GoalStatus, each.status),
            tag=TAGS.get(GoalStatus(each.status), "open"),
            review=each.review or "",
            reviewed_on=each.reviewed_on,
            is_open=each.status == GoalStatus.OPEN,
            is_off=each.is_off,
            changes=_changes(each, areas),
        )
        for each in goals
    )


def area_words(area: str, detail: str | None) -> str:
    """Name a focal area with whom or what it is about."""
    return f"{focal_area_label(area)}, {detail}" if detail else focal_area_label(area)


def _changes(goal: GoalRow, areas: Mapping[str, str]) -> tuple[Changed, ...]:
    return tuple(
        Changed(
            LABELS.get(each.field, each.field),
            _words(each.field, each.old, areas),
            _words(each.field, each.new, areas),
            each.author or "not stated",
            each.amended_on,
        )
        for each in goal.changes
    )


def _words(field: str, value: object, areas: Mapping[str, str]) -> str:
    if value in (None, ""):
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    if field == "status":
        return label_of(GoalStatus, text)
    if field == "spell_id":
        return areas.get(text, text)
    return day_year(date.fromisoformat(text)) if field.endswith("_on") else text
