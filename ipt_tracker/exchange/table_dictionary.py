"""The data dictionary of an export, written by the declarations of its columns."""

from collections.abc import Iterable, Iterator

from ipt_tracker.exchange.table_columns import Column, Table
from ipt_tracker.exchange.tables import Value

HEAD = (
    "table",
    "column",
    "type",
    "meaning",
    "unit",
    "code",
    "meaning_of_code",
    "source",
    "identifies_somebody",
    "free_text",
    "without_names",
)
GUARDED = (
    "In CSV a text that a spreadsheet would take for a formula begins with an apostrophe, and so "
    "does one that begins with an apostrophe itself."
)
NOTES = (
    "An empty cell says that nothing is recorded. It is never 0 and never no.",
    "Rows of two tables belong together where patient, course and measure are the same.",
    "Telephone numbers, emergency contacts and notes are in no table.",
    "Rows of what was entered in error are there and marked; they count for nothing.",
    GUARDED,
)
ABOUT_DISGUISE = (
    "Without names: each patient has another code, the same in every such file of this clinic. All "
    "dates of one patient are shifted by the same whole number of weeks, so days between two of "
    "them are as recorded. Rare events, long courses and small clinics can still point to a person."
)


def dictionary(tables: Iterable[Table]) -> Iterator[tuple[Value, ...]]:
    """Give a row for each column, and one more for each code that it can have."""
    for table in tables:
        for column in table.columns:
            yield _of_column(table, column)
            for code, meaning in column.codes.items():
                yield _of_code(table, column, code, meaning)


def notes(*, disguised: bool) -> tuple[str, ...]:
    """Give what holds for every table of a file."""
    return (*NOTES, ABOUT_DISGUISE) if disguised else NOTES


def _of_column(table: Table, column: Column) -> tuple[Value, ...]:
    return (
        table.name,
        column.name,
        str(column.kind),
        column.meaning,
        column.unit,
        "",
        "",
        column.source,
        "yes" if column.identifies else "no",
        "yes" if column.is_free_text else "no",
        column.without_names,
    )


def _of_code(table: Table, column: Column, code: str, meaning: str) -> tuple[Value, ...]:
    return table.name, column.name, "", "", "", code, meaning, "", "", "", ""
