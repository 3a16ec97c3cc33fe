"""The server is killed while people save: what it acknowledged is there, and nothing by halves."""

import os
import random
import time
from datetime import UTC, datetime, timedelta

import pytest

from ipt_tracker.persistence import audit_chain
from ipt_tracker.services.unit_of_work import writing
from tests.factories.courses import add_course
from tests.factories.people import PASSWORD
from tests.factories.stores import on_every_engine
from tests.reliability.savers import Drafts, Measures, Sessions
from tests.reliability.server import Killable
from tests.reliability.trials import NAMES, half_written, integrity

KILLS = int(os.environ.get("IPT_TEST_KILLS", "10"))
"""How often the server is killed on each engine; a release is tried with 1,000."""
MOST_SAVES, LONGEST = 12, 20
"""Until the kill: acknowledged saves, at random up to so many, or seconds where they are slow."""


@pytest.fixture
def server(clinic, tmp_path):
    """Give the server of the clinic, not yet started."""
    made = Killable(clinic.store, tmp_path)
    yield made
    made.close()


@pytest.fixture
def savers(server, clinic):
    """Start the server and sign four people in."""
    server.start()
    return [
        kind.signed_in(server.port, person, PASSWORD)
        for kind, person in (
            (Sessions, clinic.therapist),
            (Sessions, clinic.therapist2),
            (Measures, clinic.therapist),
            (Drafts, clinic.therapist2),
        )
    ]


def course_of(database, person_id, people, nth, first_day):
    """Start a course of this person's, so that each round begins with an empty one."""
    person = next(each for each in people if each.id == person_id)
    with writing(database, person.actor(), datetime.now(UTC)) as work:
        return add_course(work, first_day, code=f"K-{nth}").id


def begin(savers, clinic, code):
    """Let everybody save at a course of their own."""
    first_day = datetime.now(UTC).date() - timedelta(days=90)
    people = (clinic.therapist, clinic.therapist2)
    places = [
        course_of(clinic.database, saver.owner, people, code + nth, first_day)
        for nth, saver in enumerate(savers)
    ]
    return [
        saver.begin(course_id, first_day) for saver, course_id in zip(savers, places, strict=True)
    ]


def wait_for_saves(savers, enough, moment):
    """Wait until so many saves are acknowledged, then a moment more, into the next ones."""
    until = time.monotonic() + LONGEST
    while time.monotonic() < until and sum(len(each.acknowledged) for each in savers) < enough:
        time.sleep(0.002)
    time.sleep(moment)


@on_every_engine
def test_the_server_is_killed_during_saves_and_all_it_acknowledged_is_there(
    server, savers, clinic, engine, figures
):
    chance = random.Random()  # noqa: S311 -- moments, not secrets
    database, counted = clinic.database, {"acknowledged_saves": 0, "lost": 0, "half_written": 0}
    damaged = 0

    for kill in range(KILLS):
        threads = begin(savers, clinic, kill * len(savers))
        wait_for_saves(savers, chance.randint(1, MOST_SAVES), chance.uniform(0, 0.05))
        server.kill()
        for thread in threads:
            thread.join()
        assert [words for saver in savers for words in saver.refused] == []
        counted["acknowledged_saves"] += sum(len(saver.acknowledged) for saver in savers)
        counted["lost"] += sum(len(saver.lost(database)) for saver in savers)
        counted["half_written"] += len(half_written(database))
        damaged += integrity(database) != "ok"
        server.start()

    with database.read() as session:
        chain = audit_chain.verify(session, database.audit)
    figures("kills", NAMES[engine], kills=KILLS, damaged_files=damaged, **counted)
    assert (counted["lost"], counted["half_written"], damaged) == (0, 0, 0)
    assert counted["acknowledged_saves"] >= KILLS
    assert chain.findings == ()
