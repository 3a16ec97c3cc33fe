"""How long files take that leave the building: charts, reports, tables and whole courses."""

import time
import tracemalloc
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace

from sqlalchemy import select

from ipt_tracker.charts import export
from ipt_tracker.config import Config
from ipt_tracker.exchange.export_scores import TABLES
from ipt_tracker.governance.access import Actor, Permission, Role
from ipt_tracker.governance.disguise import Disguise
from ipt_tracker.persistence.engine import Database, open_database
from ipt_tracker.persistence.models import Account, Course
from ipt_tracker.services.bundles.course_file import course_bundle
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.exports.choice import Choice, Format, Which
from ipt_tracker.services.exports.taking import Units, take
from ipt_tracker.services.fhir_export import fhir_file
from ipt_tracker.services.progress import ChartChoice, read_chart
from ipt_tracker.services.reports.files import report_file
from ipt_tracker.services.unit_of_work import UnitOfWork, reading, writing
from tests.benchmarks.clinic import LONG_ID

VERSION, REASON = "bench", "To measure"
SUPERVISOR = "supervisor@demo.example"
ROUNDS = 3
LIMITS = {"chart": 200, "report": 3_000, "tables, first byte": 1_000}
"""Milliseconds, by how the name of a file begins; the others have none."""


@dataclass(frozen=True, slots=True)
class Took:
    """One file: milliseconds and bytes; for tables also the most that was allocated, in MB."""

    milliseconds: float
    size: int
    megabytes: float | None = None


def files_of(made: Config) -> dict[str, Took]:
    """Make each file of an ordinary and of the longest course, and the tables of all of them."""
    with closing(open_database(made.database_url, made.database_key, audit=made.audit)) as database:
        actor, moment, courses = _clinic(database)
        found = {}
        for words, course_id in courses.items():
            with reading(database, actor, moment) as work:
                course = open_course(work, course_id, Permission.OPEN_COURSE)
                for name, act in _files(work, course).items():
                    found[f"{name}{words}"] = _best(act)
        units = Units(
            lambda: reading(database, actor, moment), lambda: writing(database, actor, moment)
        )
        for form in Format:
            found |= _tables(units, form)
        return found


def kept(found: dict[str, Took]) -> bool:
    """Say whether each file was within its limit."""
    return all(
        took.milliseconds < limit
        for name, took in found.items()
        for start, limit in LIMITS.items()
        if name.startswith(start)
    )


def shown(name: str, took: Took) -> str:
    """Write one line."""
    memory = "" if took.megabytes is None else f"{took.megabytes:8.1f} MB allocated at most"
    return f"{name:44}{took.milliseconds:9.0f} ms{took.size / 1e3:11.1f} kB{memory}"


def _clinic(database: Database):
    with database.read() as session:
        account = session.scalars(select(Account).where(Account.email == SUPERVISOR)).one()
        people = frozenset(session.scalars(select(Account.id)))
        usual = select(Course.id).where(Course.case_id != LONG_ID).order_by(Course.case_id)
        courses = {
            "": session.scalars(usual.limit(1)).one(),
            ", 500 sessions": session.scalars(
                select(Course.id).where(Course.case_id == LONG_ID)
            ).one(),
        }
    granted = frozenset({Permission.EXPORT_FIDELITY})
    actor = Actor(account.id, Role.SUPERVISOR, "", people, granted=granted)
    return actor, account.created_at, courses


def _files(work: UnitOfWork, course: Course) -> dict[str, Callable[[], bytes]]:
    disguise = Disguise(b"a key of the benchmark, 32 bytes")
    chart = read_chart(work, course, ChartChoice(), VERSION)
    drawn = {
        f"chart, {name}": lambda draw=draw: draw.__wrapped__(chart)
        for name, draw in {"SVG": export.svg, "PNG": export.png, "PDF": export.pdf}.items()
        if chart is not None
    }
    dense = {"chart, PNG at 300 dpi": lambda: export.png.__wrapped__(chart, 300)} if chart else {}
    return (
        drawn
        | dense
        | {
            "report": lambda: report_file(work, course, "progress", VERSION),
            "report without names": lambda: report_file(
                work, course, "progress", VERSION, disguise
            ),
            "letter": lambda: report_file(work, course, "letter", VERSION),
            "course bundle": lambda: course_bundle(work, course, VERSION, REASON),
            "FHIR": lambda: fhir_file(work, course, REASON, VERSION),
        }
    )


def _best(act: Callable[[], bytes]) -> Took:
    found = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        size = len(act())
        found.append(Took(1e3 * (time.perf_counter() - began), size))
    return min(found, key=lambda took: took.milliseconds)


def _tables(units: Units, form: Format) -> dict[str, Took]:
    """Take all tables once for the time, and once more for the memory, which tracing slows."""
    choice = Choice(tuple(TABLES.values()), Which.ALL, form, disguised=False)
    first, whole = _taken(units, choice)
    tracemalloc.start()
    try:
        _taken(units, choice)
        most = tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()
    return {
        f"tables, first byte, {form}": first,
        f"tables, whole, {form}": replace(whole, megabytes=most),
    }


def _taken(units: Units, choice: Choice) -> tuple[Took, Took]:
    began, first, size = time.perf_counter(), None, 0
    for piece in take(units, choice, REASON, Disguise(b"a key of the benchmark, 32 bytes"), []):
        size += len(piece)
        first = first or Took(1e3 * (time.perf_counter() - began), len(piece))
    return first or Took(0, 0), Took(1e3 * (time.perf_counter() - began), size)
