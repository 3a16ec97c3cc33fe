"""What a running clinic does every hour beside its backup: reports that nobody took are removed."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from time import monotonic, sleep

from sqlalchemy import select

from ipt_tracker.cli.house import opened
from ipt_tracker.cli.schedule import hourly
from ipt_tracker.governance.access import Role
from ipt_tracker.persistence.models import ReportBatch, ReportBatchPart
from ipt_tracker.services.unit_of_work import writing
from tests.factories.courses import add_course
from tests.factories.people import add_person

PATIENCE = 20
"""Seconds."""


def left_lying(database, now):
    """Let a report be there since 25 hours, and another one since an hour."""
    with writing(database, None, now) as work:
        person = add_person(work, "t@clinic.example", "R. Calder", Role.THERAPIST)
    with writing(database, person.actor(), now) as work:
        course = add_course(work, code="T-1")
        for hours in (25, 1):
            asked_at = now - timedelta(hours=hours)
            batch = ReportBatch(
                asked_by=person.id, asked_at=asked_at, kind="letter", disguised=False, reason="x"
            )
            work.session.add(batch)
            work.session.flush()
            part = {"course_id": course.id, "place": 1, "made_at": asked_at}
            work.session.add(ReportBatchPart(batch_id=batch.id, content=b"%PDF", **part))


def kept(config):
    """Say of each batch, the older first, whether it was cancelled and what is kept of it."""
    with closing(opened(config)) as database, database.read() as session:
        found = session.execute(
            select(ReportBatch.cancelled_at.is_not(None), ReportBatchPart.content)
            .join(ReportBatchPart, ReportBatchPart.batch_id == ReportBatch.id)
            .order_by(ReportBatch.asked_at)
        )
        return [tuple(row) for row in found]


def test_every_hour_reports_of_caseloads_that_nobody_took_in_a_day_are_removed(house):
    config = house.load()
    with closing(opened(config)) as database:
        left_lying(database, datetime.now(UTC))

    with hourly(config):
        until = monotonic() + PATIENCE
        while not kept(config)[0][0] and monotonic() < until:
            sleep(0.05)

    assert kept(config) == [(True, None), (False, b"%PDF")]
