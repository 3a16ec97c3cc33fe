"""The demo clinic on a real server, and courses of its own for each journey."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from ipt_tracker.app import create_app
from ipt_tracker.cli.demo import PASSWORD, fill
from ipt_tracker.cli.instance import Server, claim
from ipt_tracker.config import create_instance
from ipt_tracker.exchange import course_bundle
from ipt_tracker.governance.access import Role
from ipt_tracker.persistence.engine import Database, open_database
from ipt_tracker.persistence.models import Account, Assignment, Course, Patient
from ipt_tracker.services.imports import Options, PersonDetails, import_bundle
from ipt_tracker.services.unit_of_work import UnitOfWork, writing
from tests.factories.bundles import bundle, case, session, text
from tests.factories.courses import add_course, add_focus, add_measure, add_session, measure
from tests.factories.people import Clock, Person
from tests.factories.templates import keep_compiled

__all__ = ["PASSWORD", "PCL5", "Known", "Site", "serving"]

NOW = datetime(2026, 3, 11, 10, tzinfo=UTC)
TODAY = NOW.date()
WEEK = timedelta(weeks=1)
GENERATED, SEED = 6, 7
PCL5 = (58, 55, 49, 44, 41)
"""Totals of a journey's course: one a week, the next session is today."""
NAMES = ("Nora Winther", "Emil Ravn", "Asta Kjeldsen", "Otto Lysgaard", "Vera Thorsen")


@dataclass(frozen=True, slots=True)
class Known:
    """A course, by what a journey needs to reach it and to recognise its patient."""

    id: UUID
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Site:
    """A clinic that answers at `address`, its database open beside it."""

    address: str
    app: Flask
    database: Database
    people: dict[str, Person]
    _counted: count = field(default_factory=lambda: count(1))

    def person(self, who: str) -> Person:
        """Give one of the demo's people: therapist, therapist2, supervisor or admin."""
        return self.people[who]

    def writing(self, who: str | None = None) -> UnitOfWork:
        """Begin a unit of work of this person, or of the command line."""
        return writing(self.database, self.person(who).actor() if who else None, NOW, TODAY)

    def known(self, code: str) -> Known:
        """Give a course of the demo by its patient's code."""
        with self.database.read() as db:
            row = db.execute(
                select(Course.id, Patient.name).join(Patient).where(Patient.code == code)
            ).one()
        return Known(row.id, code, row.name)

    def therapist_of(self, known: Known) -> str:
        """Say to whom a course is assigned, as `person` calls them."""
        with self.database.read() as db:
            of_course = select(Assignment.therapist_id).where(Assignment.course_id == known.id)
            holder = db.scalars(of_course).one()
        return next(who for who, person in self.people.items() if person.id == holder)

    def course(self, totals: Sequence[int] = PCL5, who: str = "therapist") -> Known:
        """Start a course of its own for a journey: a weekly session with a PCL-5 for each total."""
        nth = next(self._counted)
        code, name = f"J-{nth:03}", f"{NAMES[nth % len(NAMES)]} {nth}"
        first = TODAY - len(totals) * WEEK
        with self.writing(who) as work:
            course = add_course(work, first, code=code, name=name)
            if totals:
                add_measure(work, course, measure("caps5_month", first, 41, point="baseline"))
                add_focus(work, course, "role_transition", first)
            work.session.refresh(course)
            for number, total in enumerate(totals, start=1):
                _held(work, course, first + (number - 1) * WEEK, number, total)
        return Known(course.id, code, name)

    def imported(self, therapist: str) -> Known:
        """Take in a course from a file that names a therapist whom nobody here knows."""
        nth = next(self._counted)
        code, name = f"J-{nth:03}", f"{NAMES[nth % len(NAMES)]} {nth}"
        raw = case(code, session(1, 1, total=40), therapist=therapist, supervisor=f"of {therapist}")
        read = course_bundle.read(text(bundle(raw)))
        with self.writing() as work:
            import_bundle(work, read, Options(people={code: PersonDetails(name)}))
        return self.known(code)


def _held(work: UnitOfWork, course: Course, day: date, number: int, total: int) -> None:
    pcl5 = measure("pcl5_week", day, total)
    add_session(
        work, course, pcl5, held_on=day, number=number, focal_area="role_transition", mood=4
    )


@contextmanager
def serving(folder: Path) -> Iterator[Site]:
    """Make the demo clinic in this folder and serve it on a free port until the block ends."""
    config = create_instance("demo", {"IPT_INSTANCE": str(folder)})
    database = open_database(config.database_url, config.database_key, audit=config.audit)
    with writing(database, None, NOW, TODAY) as work:
        fill(work, GENERATED, SEED)
    app = keep_compiled(create_app(config, Clock(NOW)))
    server = Server(SimpleNamespace(create_app=lambda _: app), config, claim(0))
    thread = threading.Thread(target=_run, args=(server,), daemon=True)
    thread.start()
    try:
        yield Site(server.address, app, database, _people(database))
    finally:
        server.close()
        thread.join(5)
        database.close()
        app.extensions["ipt_tracker"].database.close()


def _run(server: Server) -> None:
    with suppress(OSError):  # closed by the other thread while it was waiting
        server.run()


def _people(database: Database) -> dict[str, Person]:
    with database.read() as db:
        found = db.scalars(select(Account).where(Account.enabled))
        return {
            account.email.partition("@")[0]: Person(
                account.id, account.email, account.display_name, Role(account.role)
            )
            for account in found
        }
