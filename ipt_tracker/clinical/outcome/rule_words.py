"""Sudden gains and the rules of off track in words, the same on every page."""

from math import isinf

from ipt_tracker.clinical.outcome.on_track import OffTrack
from ipt_tracker.clinical.outcome.series import Administration
from ipt_tracker.clinical.outcome.sudden_gains import (
    CRITICAL_T,
    SIDE,
    SMALLEST_PERCENT,
    Lasted,
    SuddenGain,
)
from ipt_tracker.clinical.outcome.thresholds import ThresholdSet
from ipt_tracker.clinical.outcome.wording import day_words

GAIN_ADVICE = (
    "A rule, not a prediction. What happened between the two sessions is worth asking about."
)


def fell_words(gain: SuddenGain, year: int) -> str:
    """Say what fell where: "fell from 48 to 30 between session 4 (3 Mar) and session 5 (10 Mar)".

    `year` is the one that goes without saying.
    """
    one, other = _place(gain.before, year), _place(gain.after, year)
    return f"fell from {gain.first} to {gain.last} between {one} and {other}"


def lost_words(gain: SuddenGain, year: int) -> str:
    """Say that at least half of the drop was lost again, and when; else nothing."""
    if gain.lost is None:
        return ""
    return f"at least half of it was lost again: {gain.lost.total} at {_place(gain.lost, year)}"


def verdict_words(gain: SuddenGain) -> str:
    """Say what the third criterion says: "Sudden gain", or why that cannot be told."""
    if gain.lasted is Lasted.UNKNOWN:
        return f"Cannot tell whether it is a sudden gain: {gain.why}"
    if gain.t is None or isinf(gain.t):
        said = "neither the three scores before nor the three after vary"
    else:
        said = f"t {gain.t:.1f}, more than {CRITICAL_T} is needed"
    return f"{gain.lasted.capitalize()} ({said})"


def criteria_words(thresholds: ThresholdSet) -> str:
    """Name the three criteria with their sources."""
    return (
        f"down {thresholds.reliable_points} points or more ({thresholds.name}) and "
        f"{SMALLEST_PERCENT} % or more from one session to the next; the {SIDE} scores before "
        f"against the {SIDE} after by a t test (Tang and DeRubeis 1999, adapted)"
    )


def earlier_words(off: OffTrack, year: int) -> str:
    """Say where a score was reliably worse than the first, where the newest is not; else nothing.

    "reliably worse earlier: 57 at session 4 (3 Mar)".
    """
    if off.earlier is None:
        return ""
    return f"reliably worse earlier: {worse_words(off.earlier, year)}"


def worse_words(each: Administration, year: int) -> str:
    """Name a score with its place: "57 at session 4 (3 Mar)"."""
    return f"{each.total} at {_place(each, year)}"


def _place(each: Administration, year: int) -> str:
    day = day_words(each.taken_on, year)
    return f"session {each.session_label} ({day})" if each.session_label else f"the form of {day}"
