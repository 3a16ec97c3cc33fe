"""What must stand beside a change: its time window, repeated forms, and the other window."""

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS, instrument
from ipt_tracker.clinical.outcome.series import Administration, Series
from ipt_tracker.clinical.outcome.wording import day_words

COUNTS = {2: "two", 3: "three", 4: "four"}


def window_name(key: str) -> str:
    """The short name, with the time that it asks about where its family has several of them."""
    one = instrument(key)
    windows = {each.lookback for each in INSTRUMENTS.values() if each.family == one.family}
    return f"{one.name} ({one.lookback})" if len(windows) > 1 else one.name


def differing_totals(series: Series, at: Administration | None) -> tuple[int, ...]:
    """The totals of the day of one administration, as entered; empty unless they differ."""
    if at is None:
        return ()
    totals = [one.total for one in series.complete if one.taken_on == at.taken_on]
    known = tuple(total for total in totals if total is not None)
    return known if len(set(known)) > 1 else ()


def repeat_words(series: Series, today_year: int) -> str:
    """Which of several differing totals is used, of the first day and of the last."""
    first, last = series.first, series.last
    if first is None or last is None:
        return ""
    if first.taken_on == last.taken_on:
        used = "the change is from the one entered first to the one entered last, within one day"
        return _repeat(series, last, today_year, used)
    said = (
        _repeat(series, first, today_year, "the one entered first is used"),
        _repeat(series, last, today_year, "the one entered last is used"),
    )
    return " ".join(filter(None, said))


def _repeat(series: Series, at: Administration, today_year: int, used: str) -> str:
    totals = [str(total) for total in differing_totals(series, at)]
    if not totals:
        return ""
    count = COUNTS.get(len(totals), str(len(totals)))
    named = f"{', '.join(totals[:-1])} and {totals[-1]}"
    return f"On {day_words(at.taken_on, today_year)} there are {count} totals, {named}; {used}."


def other_window_words(series: Series, other: Series, today_year: int) -> str:
    """The newest total over another time, where it is as new as this one's last or newer."""
    newest, last = other.last, series.last
    if newest is None or (last is not None and newest.taken_on < last.taken_on):
        return ""
    one = instrument(other.instrument_key)
    window, day = one.lookback.replace(" ", "-"), day_words(newest.taken_on, today_year)
    said = "the two are not compared" if last is not None else "it does not count here"
    return f"A {window} {one.name} of {day} stands at {newest.total}; {said}."
