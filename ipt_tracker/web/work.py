"""From a request to a unit of work: the database and the clock that the application was given."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import cast

from flask import current_app, g, request

from ipt_tracker.governance.access import Actor
from ipt_tracker.persistence.engine import Database
from ipt_tracker.services.unit_of_work import UnitOfWork, reading, writing

LOOKING = {"GET", "HEAD", "OPTIONS"}


@dataclass(frozen=True, slots=True)
class Given:
    """What the application hands to its views."""

    database: Database
    clock: Callable[[], datetime]
    is_demo: bool
    version: str
    factor_key: bytes = field(repr=False)
    """Seals the seeds of second factors."""
    disguise_key: bytes = field(repr=False)
    """Makes the codes and shifted dates of files without names."""
    second_factor_required: bool = True
    """Whether everybody needs a one-time code beside the password."""
    plain_records: bool = False
    """Whether the records are in a file that is not encrypted."""
    backup_is_late: Callable[[datetime], bool] = lambda _: False
    """Says of a moment whether the newest checked backup is too old by then."""

    def today(self) -> date:
        """Give the clinic's day: the clock's moment in the machine's own time zone."""
        return self.day_of(self.clock())

    def day_of(self, moment: datetime) -> date:
        """Give the day of a moment in the machine's own time zone."""
        return moment.astimezone().date()


def given() -> Given:
    """Give what this application was made with."""
    return cast("Given", current_app.extensions["ipt_tracker"])


def current_actor() -> Actor | None:
    """Give who is signed in, or None."""
    return cast("Actor | None", g.get("actor"))


def begin_work() -> UnitOfWork:
    """Begin a unit of work that may change records. For POST."""
    made = given()
    return writing(made.database, current_actor(), made.clock(), made.today())


def begin_reading() -> UnitOfWork:
    """Begin a unit of work that can only read. For GET, and for a form that is shown again.

    Emergency access is for looking alone: whatever is sent is answered as if there were none.
    """
    made, actor = given(), current_actor()
    if actor is not None and request.method not in LOOKING:
        actor = replace(actor, emergencies={})
    return reading(made.database, actor, made.clock(), made.today(), page=request.endpoint)
