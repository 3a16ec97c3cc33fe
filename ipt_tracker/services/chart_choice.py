"""What can be chosen about the picture of a course: its days and its lines, never a patient."""

from datetime import date

from ipt_tracker.charts.windows import days_words, months_before
from ipt_tracker.clinical.course.codes import Code


class Days(Code):
    """How much of a course a picture shows."""

    ALL = "all", "Whole course"
    SIX_MONTHS = "6m", "Last 6 months"


class Lines(Code):
    """Which lines stand beside the main one in the chart of a course."""

    ALL = "all", "All lines"
    INTERVIEW = "interview", "With the interview alone"
    LOOKBACK = "lookback", "With the other lookback alone"
    MAIN = "main", "One line alone"

    @property
    def interview(self) -> bool:
        """Whether the other instrument is drawn below."""
        return self in {Lines.ALL, Lines.INTERVIEW}

    @property
    def lookback(self) -> bool:
        """Whether the same form over another lookback is drawn with it."""
        return self in {Lines.ALL, Lines.LOOKBACK}


def first_day(days: Days, drawn: list[date]) -> date | None:
    """Give the day on which the window begins; None for the whole course or without a value."""
    return months_before(max(drawn)) if days is Days.SIX_MONTHS and drawn else None


def window_words(first: date | None, drawn: list[date]) -> str:
    """Write "last 6 months, 7 Oct 2024 to 7 Apr 2025", and nothing for the whole course."""
    if first is None:
        return ""
    return f"{Days.SIX_MONTHS.label.lower()}, {days_words(first, max([first, *drawn]))}"
