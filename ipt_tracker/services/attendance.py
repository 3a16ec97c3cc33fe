"""The attendance of a course in two rates, each with its name, counts and what it leaves out."""

from collections.abc import Iterable
from dataclasses import dataclass

from ipt_tracker.clinical.course.attendance import AttendanceCounts, rates

__all__ = ["AttendanceRates", "Rate", "attendance_of"]


@dataclass(frozen=True, slots=True)
class Rate:
    """One rate: how many attended of how many, in whole percent; None without any appointment."""

    name: str
    attended: int
    of: int
    percent: int | None
    left_out: str
    """What the rate does not count, for a person who asks."""

    @property
    def words(self) -> str:
        """Say it with its counts: "11 of 13, 85 %"."""
        if self.percent is None:
            return "no appointment yet"
        return f"{self.attended} of {self.of}, {self.percent}\N{NO-BREAK SPACE}%"


@dataclass(frozen=True, slots=True)
class AttendanceRates:
    """Both rates of a course, and the counts that they come from."""

    counts: AttendanceCounts
    of_all: Rate
    own: Rate


def attendance_of(codes: Iterable[str]) -> AttendanceRates:
    """Count the attendance codes of one course, one for each of its slots."""
    counts = rates(codes)
    return AttendanceRates(
        counts,
        _rate(
            "Of all appointments but whole-group cancellations",
            counts.attended,
            counts.slots - counts.group_cancelled,
            "Counts what therapist or service cancelled as missed.",
        ),
        _rate(
            "Own absences only",
            counts.attended,
            counts.attended + counts.own_absences,
            "Leaves out what therapist, service or whole group cancelled.",
        ),
    )


def _rate(name: str, attended: int, of: int, left_out: str) -> Rate:
    return Rate(name, attended, of, round(100 * attended / of) if of else None, left_out)
