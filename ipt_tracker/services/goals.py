"""Goals agreed with the patient: set, reworded, reviewed, taken off; every earlier one is kept."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from ipt_tracker.clinical.course.codes import known
from ipt_tracker.clinical.course.goals import GoalStatus
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import Course, Goal
from ipt_tracker.services.kept_rows import (
    change_row,
    find_row,
    put_row_back,
    require_seen,
    row_subject,
    take_row_off,
)
from ipt_tracker.services.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class GoalEntry:
    """A goal as it is agreed; `spell_id` is the focal area it belongs to, where it does to one."""

    what: str
    set_on: date
    spell_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ReviewEntry:
    """What became of a goal, on which day, in a word. An open goal has no day of review."""

    status: str
    reviewed_on: date | None
    review: str | None


def find_goal(work: UnitOfWork, course: Course, goal_id: UUID) -> Goal:
    """Give one goal of a course that was opened already, or raise AccessDenied."""
    return find_row(work, course, Goal, goal_id)


def add_goal(work: UnitOfWork, course: Course, entry: GoalEntry) -> Goal:
    """Write down a goal that was agreed."""
    _check(work, course, entry)
    goal = Goal(
        course_id=course.id,
        status=GoalStatus.OPEN,
        recorded_by=work.person.id,
        recorded_at=work.now,
        **asdict(entry),
    )
    work.session.add(goal)
    work.session.flush()
    work.audit(Event.GOAL_RECORDED, row_subject(course, goal), what="added")
    return goal


def change_goal(
    work: UnitOfWork, course: Course, goal: Goal, entry: GoalEntry, *, seen: int | None
) -> None:
    """Reword a goal, or tie it to another focal area."""
    require_seen(goal, seen)
    _check(work, course, entry)
    _change(work, course, goal, asdict(entry), "changed")


def review_goal(
    work: UnitOfWork, course: Course, goal: Goal, entry: ReviewEntry, *, seen: int | None
) -> None:
    """Say what became of a goal; a goal that was judged can be opened again."""
    require_seen(goal, seen)
    status = known(GoalStatus, entry.status)
    if status is None:
        raise RuleBroken("Choose what became of it.", "status")
    is_open = status is GoalStatus.OPEN
    if not is_open:
        _check_day(work, goal, entry.reviewed_on)
    day = None if is_open else entry.reviewed_on
    values = {"status": status.value, "reviewed_on": day, "review": entry.review}
    _change(work, course, goal, values, "reviewed")


def take_goal_off(work: UnitOfWork, course: Course, goal: Goal) -> None:
    """Take a goal off that was entered in error; it stays readable and can be put back."""
    take_row_off(work, course, goal)
    work.audit(Event.GOAL_RECORDED, row_subject(course, goal), what="taken_off")


def put_goal_back(work: UnitOfWork, course: Course, goal: Goal) -> None:
    """Put a goal back that was taken off."""
    put_row_back(work, course, goal)
    work.audit(Event.GOAL_RECORDED, row_subject(course, goal), what="put_back")


def _check(work: UnitOfWork, course: Course, entry: GoalEntry) -> None:
    if not course.started_on <= entry.set_on <= work.today:
        raise RuleBroken("The day must lie within the course, today at the latest.", "set_on")
    if entry.spell_id is not None and entry.spell_id not in {f.id for f in course.focal_areas}:
        raise RuleBroken("Choose a focal area of this course.", "spell_id")


def _check_day(work: UnitOfWork, goal: Goal, day: date | None) -> None:
    if day is None:
        raise RuleBroken("Enter the day of the review.", "reviewed_on")
    if not goal.set_on <= day <= work.today:
        raise RuleBroken("The day must lie between the goal’s own and today.", "reviewed_on")


def _change(
    work: UnitOfWork, course: Course, goal: Goal, values: dict[str, Any], what: str
) -> None:
    changed = change_row(work, course, goal, values)
    work.audit(Event.GOAL_RECORDED, row_subject(course, goal), what=what, fields=list(changed))
