"""Eight people who save at the same time: each save is kept."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select

from ipt_tracker.persistence.models import Course
from ipt_tracker.services.unit_of_work import DatabaseBusy
from tests.factories.stores import SQLITE, on_every_engine

THREADS, TIMES = 8, 100


@on_every_engine
def test_eight_threads_that_read_then_update_a_hundred_times_each_lose_nothing(clinic, engine):
    with clinic.writing() as work:
        work.session.get(Course, clinic.course.id).planned_sessions = 1

    def add_one():
        with clinic.writing() as work:
            course = work.session.get(Course, clinic.course.id)
            course.planned_sessions = course.planned_sessions + 1

    refused = []

    def save_a_hundred_times(_):
        acknowledged = 0
        while acknowledged < TIMES:
            try:
                add_one()
            except DatabaseBusy as busy:
                refused.append(busy)
                continue
            acknowledged += 1

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(save_a_hundred_times, range(THREADS)))

    with clinic.reading() as work:
        kept = work.session.scalar(
            select(Course.planned_sessions).where(Course.id == clinic.course.id)
        )
    assert kept - 1 == 800
    if engine != SQLITE:  # without a log a writer can be kept waiting too long, and tries again
        assert refused == []
