"""Reading a number and saving it one higher, again and again; run as a program, in its own process.

What it needs stands in the environment: ADD_URL, ADD_KEY (may be empty), ADD_COURSE, ADD_TIMES.
"""

import os
from datetime import UTC, datetime
from uuid import UUID

from ipt_tracker.persistence.engine import Database
from ipt_tracker.persistence.models import Course
from ipt_tracker.services.unit_of_work import DatabaseBusy, writing
from tests.factories.stores import Store

NOW = datetime(2026, 3, 11, 10, tzinfo=UTC)


def add(database: Database, course_id: UUID, times: int) -> list[DatabaseBusy]:
    """Save so often, each time in a unit of work of the application; give the refusals."""
    refused = []
    acknowledged = 0
    while acknowledged < times:
        try:
            with writing(database, None, NOW) as work:
                course = work.session.get(Course, course_id)
                course.planned_sessions = course.planned_sessions + 1
        except DatabaseBusy as busy:
            refused.append(busy)
            continue
        acknowledged += 1
    return refused


def environment(store: Store, course_id: UUID, times: int) -> dict[str, str]:
    """Give what the program needs to know."""
    key = store.key.hex() if store.key else ""
    own = {"ADD_URL": store.url, "ADD_KEY": key, "ADD_COURSE": str(course_id)}
    return {**os.environ, **own, "ADD_TIMES": str(times), "ADD_ENGINE": store.engine}


def main() -> None:
    """Add in this process what the environment says."""
    said = os.environ
    key = bytes.fromhex(said["ADD_KEY"]) or None
    database = Store(said["ADD_ENGINE"], said["ADD_URL"], key).open()
    add(database, UUID(said["ADD_COURSE"]), int(said["ADD_TIMES"]))
    database.close()


if __name__ == "__main__":
    main()
