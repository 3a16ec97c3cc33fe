"""The first rows of what would be taken out, as they would stand in the file."""

from collections.abc import Callable
from dataclasses import dataclass

from ipt_tracker.exchange.table_columns import Table
from ipt_tracker.exchange.table_rows import shape_of
from ipt_tracker.exchange.tables import Value
from ipt_tracker.governance.disguise import Disguise
from ipt_tracker.governance.events import Event
from ipt_tracker.services.exports.choice import Choice, check
from ipt_tracker.services.exports.expected import expected_rows
from ipt_tracker.services.exports.reading import pages_of
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork

FIRST_ROWS = 5
PATIENTS_READ = 5
CASELOAD = Subject("caseload", "tables")


@dataclass(frozen=True, slots=True)
class Look:
    """One table with its first rows, how many there will be, and what is left out of it."""

    table: Table
    rows: tuple[tuple[Value, ...], ...]
    total: int
    left_out: tuple[str, ...]


def look_at(
    begin: Callable[[], UnitOfWork], choice: Choice, disguise: Disguise
) -> tuple[Look, ...]:
    """Read the first rows of each chosen table; looking is written down.

    Raises AccessDenied and RuleBroken as taking them out would.
    """
    with begin() as work:
        check(work, choice)
        work.audit(Event.EXPORT_PREVIEWED, CASELOAD, **choice.details())
        expected = expected_rows(work, choice)
    hidden = disguise if choice.disguised else None
    return tuple(_look(begin, table, choice, hidden, expected) for table in choice.tables)


def _look(
    begin: Callable[[], UnitOfWork],
    table: Table,
    choice: Choice,
    disguise: Disguise | None,
    expected: dict[str, int],
) -> Look:
    shape = shape_of(table, disguise)
    read = next(pages_of(table, begin, choice, PATIENTS_READ), [])
    rows = tuple(shape.rows(read[:FIRST_ROWS]))
    gone = tuple(name for name in table.head if name not in shape.table.head)
    return Look(shape.table, rows, expected[table.name], gone)
