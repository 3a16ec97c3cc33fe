"""Supervision meetings: their form, and what of an entry cannot be right."""

from collections.abc import Sequence
from datetime import date

from ipt_tracker.clinical.course.codes import Code
from ipt_tracker.clinical.rules import RuleBroken

LONGEST = 600
"""Minutes; a day of supervision with a group is the longest there is."""


class MeetingSize(Code):
    """Whether one supervisee was there or a group. Bodies that accredit count the two apart."""

    INDIVIDUAL = "individual", "Individual"
    GROUP = "group", "Group"


def check_day(held_on: date, today: date) -> None:
    """Refuse a meeting that has not taken place yet."""
    if held_on > today:
        raise RuleBroken("A meeting is recorded once it has taken place.", "held_on")


def check_length(minutes: int | None, of_cases: Sequence[int | None] = ()) -> None:
    """Refuse a length that cannot be, or cases that took longer than the meeting."""
    if minutes is None or not 1 <= minutes <= LONGEST:
        raise RuleBroken(f"Give the length of the meeting, 1 to {LONGEST} minutes.", "minutes")
    spent = sum(each for each in of_cases if each)
    if spent > minutes:
        raise RuleBroken(
            f"The cases add up to {spent} minutes, the meeting had {minutes}.", "minutes"
        )


def check_case_minutes(minutes: int | None) -> None:
    """Refuse a length of a discussion that cannot be; it may be left open."""
    if minutes is not None and not 1 <= minutes <= LONGEST:
        raise RuleBroken(f"Minutes for one case are 1 to {LONGEST}.")


def check_form(form: str | None, people: int) -> None:
    """Refuse a meeting of nobody, and an individual one with several."""
    if not people:
        raise RuleBroken("Say who was there.")
    if form not in set(MeetingSize):
        raise RuleBroken("Say whether it was individual or in a group.", "form")
    if form == MeetingSize.INDIVIDUAL and people > 1:
        raise RuleBroken("An individual meeting is with one supervisee.", "form")
