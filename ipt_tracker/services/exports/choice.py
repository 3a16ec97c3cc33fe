"""What is taken out: which tables of which courses, in which form, with or without names."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement

from ipt_tracker.clinical.course.codes import Code
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.exchange.export_scores import FIDELITY, TABLES
from ipt_tracker.exchange.table_columns import Table
from ipt_tracker.governance.access import Actor, Permission, allows
from ipt_tracker.persistence.models import Course
from ipt_tracker.persistence.visibility import visible_to
from ipt_tracker.services.unit_of_work import UnitOfWork

NEEDED = Permission.EXPORT_CASELOAD


class Which(Code):
    """Which courses of the caseload."""

    ALL = "all", "All courses, open and ended"
    OPEN = "open", "Open courses"


class Format(StrEnum):
    """The form of the file."""

    XLSX = "xlsx"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen, step by step."""

    tables: tuple[Table, ...]
    which: Which
    form: Format
    disguised: bool

    @property
    def is_one_table(self) -> bool:
        """Whether the file is a single table as text."""
        return self.form is Format.CSV and len(self.tables) == 1

    @property
    def file_name(self) -> str:
        """Name the file by what is in it, never by whom it is about."""
        stem = self.tables[0].name if len(self.tables) == 1 else "tables"
        ending = self.form if self.form is Format.XLSX or self.is_one_table else "zip"
        return f"{stem}{'_without_names' if self.disguised else ''}.{ending}"

    def details(self) -> dict[str, object]:
        """Give the choice as the audit keeps it."""
        return {
            "tables": [table.name for table in self.tables],
            "courses": str(self.which),
            "format": str(self.form),
            "without_names": self.disguised,
        }


def offered(actor: Actor) -> tuple[Table, ...]:
    """Give the tables that the actor may take out; ratings need a permission of their own."""
    may_rate = allows(actor, Permission.EXPORT_FIDELITY)
    return tuple(table for table in TABLES.values() if may_rate or table is not FIDELITY)


def check(work: UnitOfWork, choice: Choice) -> None:
    """Raise AccessDenied for what the actor may not take, RuleBroken where nothing is chosen."""
    work.require(NEEDED)
    if FIDELITY in choice.tables:
        work.require(Permission.EXPORT_FIDELITY)
    if not choice.tables:
        raise RuleBroken("Choose at least one table.", "tables")


def chosen_courses(work: UnitOfWork, which: Which) -> ColumnElement[bool]:
    """Select the chosen courses among those that the actor may see today."""
    visible = visible_to(work.person, work.today)
    return visible & Course.ended_on.is_(None) if which is Which.OPEN else visible
