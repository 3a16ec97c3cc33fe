"""A schedule in words, and where a proposed one comes from."""

from collections.abc import Iterable
from dataclasses import dataclass

from ipt_tracker.clinical.course.schedule import PROPOSALS, Occasion, Schedule
from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS

COLUMNS = tuple((str(occasion), occasion.label) for occasion in Occasion)


@dataclass(frozen=True, slots=True)
class Proposed:
    """A schedule that a course can start with."""

    name: str
    lines: tuple[tuple[str, str], ...]
    reasons: tuple[tuple[str, str, str], ...]
    """Name of a form, where its place in the schedule comes from, and how sure that is."""


def lines_of(schedule: Schedule) -> tuple[tuple[str, str], ...]:
    """Give each occasion with the names of what is given then."""
    return tuple(
        (occasion.label, ", ".join(name_of(key, schedule) for key in keys))
        for occasion in Occasion
        if (keys := schedule.keys(occasion))
    )


def session_lines(schedule: Schedule) -> tuple[tuple[str, str], ...]:
    """Give what is given at sessions; the points have rows of their own."""
    at_points = {occasion.label for occasion in Occasion if occasion.is_point}
    return tuple(line for line in lines_of(schedule) if line[0] not in at_points)


def name_of(key: str, schedule: Schedule) -> str:
    """Name a form, with its lookback where the schedule has two of its family."""
    own = INSTRUMENTS[key]
    others = {k for _, k in schedule.given if INSTRUMENTS[k].family == own.family}
    return own.version if len(others) > 1 else own.name


def passed_words(passed: Iterable[tuple[str, str]]) -> str:
    """Say which points are not planned, because their day has passed and nothing stands there."""
    said = (f"{INSTRUMENTS[key].version}, {Occasion(point).label.lower()}" for point, key in passed)
    return (
        f"Not planned, because their day has passed: {'; '.join(said)}. "
        "If they were made, enter them under Measures."
    )


def proposed() -> tuple[Proposed, ...]:
    """Give the schedules that the program proposes, with their sources."""
    return tuple(
        Proposed(
            each.name,
            lines_of(each.schedule),
            tuple((INSTRUMENTS[r.key].version, r.source, r.certainty) for r in each.reasons),
        )
        for each in PROPOSALS.values()
    )
