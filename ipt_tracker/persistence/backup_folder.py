"""The folder of scheduled backups: which are there, whether they are late, which may go."""

import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ipt_tracker.persistence import backup_file
from ipt_tracker.persistence.backup_file import ENDING, WORKING, BackupRefused

LATE = timedelta(hours=24)
HOURLY = timedelta(hours=48)
DAYS, WEEKS, MONTHS = 14, 8, 12
LEFTOVER = timedelta(days=1)

Period = Callable[[datetime], object]


@dataclass(frozen=True, slots=True)
class Found:
    """A file in the folder of backups, as it tells of itself; `fault` when it cannot be used."""

    path: Path
    made_at: datetime | None
    bytes: int
    fault: str | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it was checked when it was made and still has its length."""
        return self.fault is None and self.made_at is not None


def listed(folder: Path) -> tuple[Found, ...]:
    """List the backups of a folder, the newest first, those that tell no date last."""
    files = sorted(folder.glob(f"*{ENDING}")) if folder.is_dir() else []
    oldest = datetime.min.replace(tzinfo=UTC)
    return tuple(sorted(map(_found, files), key=lambda f: f.made_at or oldest, reverse=True))


def _found(path: Path) -> Found:
    try:
        size = path.stat().st_size
        manifest = backup_file.told(path)
        made_at = datetime.fromisoformat(manifest.made_at)
        whole = backup_file.is_complete(path, manifest)
    except BackupRefused as error:
        return Found(path, None, size, str(error))
    except (OSError, ValueError):
        return Found(path, None, 0, f"{path.name} cannot be read.")
    return Found(path, made_at, size, None if whole else f"{path.name} was cut short.")


def newest(found: Iterable[Found]) -> Found | None:
    """Give the newest backup that is whole."""
    whole = [each for each in found if each.is_whole]
    oldest = datetime.min.replace(tzinfo=UTC)
    return max(whole, key=lambda each: each.made_at or oldest, default=None)


def late(found: Iterable[Found], now: datetime) -> bool:
    """Say whether there is no whole backup of the last 24 hours."""
    last = newest(found)
    return last is None or last.made_at is None or now - last.made_at > LATE


def superfluous(found: Sequence[Found], now: datetime) -> tuple[Found, ...]:
    """Choose what may go: all but 48 hours, 14 days, 8 weeks and 12 months, the newest of each.

    What is not whole is left for a person to look at, and the newest whole one always stays.
    """
    dated = [(each, each.made_at) for each in found if each.is_whole and each.made_at]
    dated.sort(key=lambda pair: pair[1], reverse=True)
    kept = {each.path for each, made_at in dated if now - made_at <= HOURLY}
    kept |= {each.path for each, _ in dated[:1]}
    kept |= _newest_of_each(dated, lambda at: at.date(), DAYS)
    kept |= _newest_of_each(dated, lambda at: at.isocalendar()[:2], WEEKS)
    kept |= _newest_of_each(dated, lambda at: (at.year, at.month), MONTHS)
    return tuple(each for each, _ in dated if each.path not in kept)


def _newest_of_each(
    dated: Sequence[tuple[Found, datetime]], period: Period, how_many: int
) -> set[Path]:
    """Give the newest backup of each of so many periods in which there is one."""
    newest_of: dict[object, Path] = {}
    for each, made_at in dated:
        newest_of.setdefault(period(made_at), each.path)
    return set(list(newest_of.values())[:how_many])


def tidy(folder: Path, now: datetime) -> tuple[Found, ...]:
    """Remove what may go, and what a backup cut short by a power cut left; give the former."""
    gone = superfluous(listed(folder), now)
    for each in gone:
        each.path.unlink(missing_ok=True)
    for left in folder.glob(f"{WORKING}*"):
        if now - datetime.fromtimestamp(left.stat().st_mtime, UTC) > LEFTOVER:
            shutil.rmtree(left, ignore_errors=True)
    return gone


def dated_name(now: datetime) -> str:
    """Name a scheduled backup after its moment."""
    return f"{now.astimezone(UTC):%Y-%m-%dT%H%M%SZ}{ENDING}"
