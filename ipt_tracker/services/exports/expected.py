"""How many rows an export will have, counted before its first byte is sent."""

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.exchange.export_people import COURSES, PATIENTS, SESSIONS
from ipt_tracker.exchange.export_scores import FIDELITY, MEASURE_ITEMS, MEASURES
from ipt_tracker.exchange.table_columns import Table
from ipt_tracker.exchange.xlsx_cells import MOST_ROWS
from ipt_tracker.persistence.models import Measure, SessionRecord
from ipt_tracker.persistence.queries import exported as query
from ipt_tracker.services.exports.choice import Choice, Format, chosen_courses
from ipt_tracker.services.exports.ratings import count_ratings
from ipt_tracker.services.unit_of_work import UnitOfWork


def expected_rows(work: UnitOfWork, choice: Choice) -> dict[str, int]:
    """Count the rows of each chosen table; what is rated beside a total is not counted.

    Raises RuleBroken where a workbook cannot hold them.
    """
    found = {table.name: _count(work, table, choice) for table in choice.tables}
    if choice.form is Format.XLSX and max(found.values()) > MOST_ROWS:
        raise RuleBroken("A sheet of a workbook cannot hold so many rows. Choose CSV.", "form")
    return found


def _count(work: UnitOfWork, table: Table, choice: Choice) -> int:
    session, courses = work.session, chosen_courses(work, choice.which)
    if table is FIDELITY:
        return count_ratings(work)
    counts = {
        PATIENTS.name: lambda: query.count_patients(session, courses),
        COURSES.name: lambda: query.count_courses(session, courses),
        SESSIONS.name: lambda: query.count_of(session, SessionRecord, courses),
        MEASURES.name: lambda: query.count_of(session, Measure, courses),
        MEASURE_ITEMS.name: lambda: _items(query.count_with_answers(session, courses)),
    }
    return counts[table.name]()


def _items(forms: dict[str, int]) -> int:
    return sum(
        number * len(INSTRUMENTS[key].answer_keys)
        for key, number in forms.items()
        if key in INSTRUMENTS
    )
