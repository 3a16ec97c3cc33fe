"""The work of a course outside its sessions, in short: sheets, goals, people, the next meeting."""

from dataclasses import dataclass

from ipt_tracker.clinical.course.worksheets.catalogue import SHEETS
from ipt_tracker.persistence.models import Appointment, Course, FocalAreaSpell
from ipt_tracker.persistence.queries.course_work import GoalLine, goal_lines
from ipt_tracker.persistence.queries.worksheets import SheetRow, counts_of, newest_sheets
from ipt_tracker.services.appointments import next_of
from ipt_tracker.services.unit_of_work import UnitOfWork

__all__ = ["CourseWork", "GoalLine", "goals_of_spell", "read_work"]


@dataclass(frozen=True, slots=True)
class CourseWork:
    """What was written down about a course beside its sessions."""

    people: int
    events: int
    sheets: dict[str, SheetRow]
    goals: tuple[GoalLine, ...]
    appointment: Appointment | None

    def summary(self, kind: str) -> str:
        """Say in one line what the newest edition of a sheet says; empty without one."""
        row = self.sheets.get(kind)
        return SHEETS[kind].summary(row.content) if row else ""


def read_work(work: UnitOfWork, course: Course) -> CourseWork:
    """Read it in a fixed number of statements."""
    people, events = counts_of(work.session, course.id)
    return CourseWork(
        people,
        events,
        newest_sheets(work.session, course.id),
        goal_lines(work.session, course.id),
        next_of(work, [course.id]).get(course.id),
    )


def goals_of_spell(work: UnitOfWork, course: Course, spell: FocalAreaSpell) -> tuple[GoalLine, ...]:
    """Give the goals that belong to one focal area."""
    return tuple(g for g in goal_lines(work.session, course.id) if g.spell_id == spell.id)
