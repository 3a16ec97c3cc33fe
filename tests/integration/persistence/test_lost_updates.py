"""Eight people who save at the same time, and four programs: each save is kept."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select

from ipt_tracker.persistence.models import Course
from tests.factories.stores import SQLITE, on_every_engine
from tests.reliability.adding import add, environment
from tests.reliability.trials import NAMES

ROOT = Path(__file__).resolve().parents[3]
THREADS, PROCESSES, TIMES = 8, 4, 100


@pytest.fixture
def started(clinic):
    """Let the count begin at one."""
    with clinic.writing() as work:
        work.session.get(Course, clinic.course.id).planned_sessions = 1
    return clinic


def counted(clinic):
    query = select(Course.planned_sessions).where(Course.id == clinic.course.id)
    with clinic.reading() as work:
        return work.session.scalar(query) - 1


@on_every_engine
def test_eight_threads_that_read_then_update_a_hundred_times_each_lose_nothing(
    started, engine, figures
):
    def save_a_hundred_times(_):
        return add(started.database, started.course.id, TIMES)

    with ThreadPoolExecutor(THREADS) as threads:
        done = threads.map(save_a_hundred_times, range(THREADS))
        refused = [busy for of_one in done for busy in of_one]

    kept = counted(started)
    figures("updates", NAMES[engine], threads=THREADS, updates=800, lost=800 - kept)
    assert kept == 800
    if engine != SQLITE:  # without a log a writer can be kept waiting too long, and tries again
        assert refused == []


@on_every_engine
def test_four_processes_that_read_then_update_a_hundred_times_each_lose_nothing(
    started, engine, figures
):
    command = [sys.executable, "-m", "tests.reliability.adding"]
    said = environment(started.store, started.course.id, TIMES)
    running = [subprocess.Popen(command, cwd=ROOT, env=said) for _ in range(PROCESSES)]

    assert [program.wait() for program in running] == [0] * PROCESSES
    kept = counted(started)
    figures("updates", NAMES[engine], processes=PROCESSES, updates=400, lost=400 - kept)
    assert kept == 400
