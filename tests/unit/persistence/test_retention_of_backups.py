"""Which backups may go, told by an invented clock."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from ipt_tracker.persistence.backup_folder import Found, dated_name, late, newest, superfluous

NOW = datetime(2026, 3, 11, 10, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def found(*moments, fault=None):
    return tuple(Found(Path(dated_name(at)), at, 1, fault) for at in moments)


def a_year_of_hourly_backups():
    """Run the clinic for a year: each hour one backup more, then what may go goes."""
    kept = ()
    for hour in range(24 * 365, -1, -1):
        now = NOW - hour * HOUR
        kept += found(now)
        if now.hour == 10:
            gone = superfluous(kept, now)
            kept = tuple(each for each in kept if each not in gone)
    return kept


def test_after_a_year_there_are_48_hours_14_days_8_weeks_and_12_months():
    kept = [each.made_at for each in a_year_of_hourly_backups()]

    assert {NOW - hour * HOUR for hour in range(49)} <= set(kept)
    assert len({at.date() for at in kept if NOW - at < 14 * DAY}) == 14
    assert len({at.isocalendar()[:2] for at in kept if NOW - at < 8 * 7 * DAY}) >= 8
    assert len({(at.year, at.month) for at in kept}) == 12
    assert len(kept) < 49 + 14 + 8 + 12


def test_nothing_of_the_last_48_hours_goes():
    recent = found(*(NOW - minutes * timedelta(minutes=10) for minutes in range(288)))

    assert superfluous(recent, NOW) == ()


def test_the_only_whole_backup_stays_however_old_it_is():
    old, broken = found(NOW - 900 * DAY), found(NOW - HOUR, fault="cut short")

    assert superfluous(old + broken, NOW) == ()


def test_a_broken_backup_is_left_for_a_person_and_takes_nobodys_place():
    broken = found(*(NOW - day * DAY for day in range(3, 40)), fault="cut short")
    whole = found(NOW - 30 * DAY)

    assert superfluous(broken + whole, NOW) == ()


def test_late_means_no_whole_backup_within_24_hours():
    assert not late(found(NOW - 24 * HOUR), NOW)
    assert late(found(NOW - 24 * HOUR - timedelta(seconds=1)), NOW)
    assert late(found(NOW - HOUR, fault="cut short"), NOW)
    assert late((), NOW)


def test_the_newest_is_the_newest_whole_one():
    broken, whole = found(NOW, fault="cut short"), found(NOW - HOUR)

    assert newest(broken + whole) == whole[0]
