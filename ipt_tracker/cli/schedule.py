"""What a running clinic does every hour: a thread of its own, which outlives its failures.

It makes a backup and removes the reports of caseloads that nobody took.
"""

import logging
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self

from ipt_tracker.cli.backup import about, folder_of
from ipt_tracker.cli.house import Configuration, opened
from ipt_tracker.persistence import backup, backup_folder
from ipt_tracker.services.report_batches.making import remove_expired
from ipt_tracker.services.unit_of_work import writing

HOUR = 3600
FRESH = timedelta(minutes=50)
"""A restart of the server does not make one backup more."""

_log = logging.getLogger("ipt_tracker.backup")


class Schedule:
    """Does a piece of work at once and then every hour, until it is stopped."""

    def __init__(self, work: Callable[[], None], every: float = HOUR) -> None:
        """Take the work; nothing is done before the start."""
        self._work, self._every = work, every
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="backups", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Wait for a backup that is being made, then do no more."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, failure: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        self.stop()

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self._work()
            except Exception as error:  # noqa: BLE001 -- the next hour tries again; late is shown
                _log.error("backup failed: %s", type(error).__name__)
            self._stopped.wait(self._every)


def hourly(config: Configuration) -> Schedule:
    """Make the schedule of a clinic; of a demo one that has nothing to do."""
    return Schedule(lambda: None if config.is_demo else _each_hour(config, datetime.now(UTC)))


def _each_hour(config: Configuration, now: datetime) -> None:
    try:
        _make_one(config, now)
    finally:
        remove_reports(config, now)


def remove_reports(config: Configuration, now: datetime) -> None:
    """Remove the reports of caseloads that nobody took within a day."""
    with closing(opened(config)) as database, writing(database, None, now) as work:
        remove_expired(work)


def _make_one(config: Configuration, now: datetime) -> None:
    folder = folder_of(config)
    newest = backup_folder.newest(backup_folder.listed(folder))
    if newest and newest.made_at and now - newest.made_at < FRESH:
        return
    with closing(opened(config)) as database:
        made = backup.make(
            database, config.keys, folder / backup_folder.dated_name(now), about(config, now)
        )
    removed = backup_folder.tidy(folder, now)
    _log.info("backup made: %s bytes, %s older ones removed", made.bytes, len(removed))
