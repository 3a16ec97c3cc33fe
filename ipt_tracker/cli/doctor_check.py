"""One thing that `doctor` looked at: how it stands, and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How a thing stands."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, how it stands, and what to do; nothing to do when it is right."""

    name: str
    state: State
    says: str
    do: str = ""


def right(name: str, says: str) -> Check:
    """Give a check that found nothing wrong."""
    return Check(name, State.OK, says)


def warn(name: str, says: str, do: str) -> Check:
    """Give a check of which somebody should know."""
    return Check(name, State.WARN, says, do)


def bad(name: str, says: str, do: str) -> Check:
    """Give a check that must be put right before work goes on."""
    return Check(name, State.BAD, says, do)
