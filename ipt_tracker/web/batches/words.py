"""Words for reports of a caseload: what they are, and how far they are."""

from ipt_tracker.services.report_batches.asking import MOST
from ipt_tracker.services.report_batches.batches import Kind, Seen, State

KINDS = {Kind.PROGRESS: "Progress reports", Kind.LETTER: "Letters to the patients"}
STATES = {
    State.MAKING: ("due", "Being made"),
    State.READY: ("done", "Ready"),
    State.TAKEN: ("done", "Downloaded"),
    State.CANCELLED: ("same", "Cancelled"),
    State.EXPIRED: ("same", "Removed after 24 hours"),
}
"""The shape and the words of the tag of each state."""
OVER = {
    State.TAKEN: "The file was downloaded and nothing of it is kept here.",
    State.CANCELLED: "Cancelled. No report is kept here.",
    State.EXPIRED: "Nobody downloaded them within 24 hours, so they were removed.",
}
MOST_WORDS = f"One file holds {MOST} reports at most."


def called(kind: str, disguised: bool) -> str:  # noqa: FBT001 -- as templates call it
    """Say what was asked for."""
    words = KINDS[Kind(kind)]
    return f"{words} without names" if disguised else words


def sentence(seen: Seen, has_reports: bool) -> str:  # noqa: FBT001 -- as templates call it
    """Say how far it is and what comes next."""
    if seen.state is State.MAKING:
        return (
            "The reports are being made. You can leave this page and go on later; nothing leaves "
            "this machine before all are made."
        )
    if seen.state is not State.READY:
        return OVER[seen.state]
    if not has_reports:
        return "No report could be made; the reasons stand below."
    return f"All are made. They wait here until {_moment(seen)} and are removed when downloaded."


def counted(number: int, thing: str) -> str:
    """Write a number with what it counts."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def _moment(seen: Seen) -> str:
    here = seen.until.astimezone()
    return f"{here.day} {here:%b}, {here:%H:%M}"
