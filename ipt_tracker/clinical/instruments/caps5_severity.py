"""CAPS-5, past month: the severity of one item from how strong and how often it was.

A proposal for the interviewer, whose own rating stands. Past-month form only.
"""

from ipt_tracker.clinical.instruments.source import Certainty, Source
from ipt_tracker.clinical.rules import RuleBroken

SOURCE = Source("VA CAPS-5 training, past-month rule and grid", Certainty.SEEN)
INTENSITIES = ("absent", "minimal", "clear", "pronounced", "extreme")
FREQUENCIES = (
    "not at all",
    "once a month, or 1–19 %",
    "twice a month, or 20–49 %",
    "twice a week, or 50–79 %",
    "daily or nearly, or 80–100 %",
)


def propose(intensity: int, frequency: int) -> int | None:
    """Propose the severity, 0 to 4, from two levels 0 to 4; RuleBroken outside them.

    None where the two contradict each other: some intensity of what did not happen at all. The
    published grid has no such row.

    Equal: that value. Different: the lower. But an intensity two or more above the frequency gives
    one above the frequency; it is never rounded up for frequency.
    """
    for level, words, name in (
        (intensity, INTENSITIES, "intensity"),
        (frequency, FREQUENCIES, "frequency"),
    ):
        if level not in range(len(words)):
            raise RuleBroken(f"{level} is not a level of {name}: they go from 0 to 4.", field=name)
    if intensity and not frequency:
        return None
    return frequency + 1 if intensity >= frequency + 2 else min(intensity, frequency)
