"""What changed over a course, by the PCL-5 of its sessions and the CAPS-5 of its assessments."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ipt_tracker.clinical.course.attendance import took_place
from ipt_tracker.clinical.course.due import LATE_DAYS
from ipt_tracker.clinical.course.schedule import Occasion
from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.outcome.change import Change, judge
from ipt_tracker.clinical.outcome.thresholds import THRESHOLD_SETS
from ipt_tracker.persistence.queries.records import MeasureRow, SlotRow

PCL5, CAPS5 = "PCL-5", "CAPS-5"
PCL5_SET, CAPS5_SET = THRESHOLD_SETS["marx2022_s1_pcl5"], THRESHOLD_SETS["marx2022_s1_caps5"]
"""The sets whose points stand in the names of the figures: 15 and 28, 13 and 8."""
PERCENT_DIGITS = 2


@dataclass(frozen=True, slots=True)
class Late:
    """One assessment that was made late, and by how many days."""

    point: str
    days_late: int


@dataclass(frozen=True, slots=True)
class Outcomes:
    """First and last totals, and what is missing or late.

    `pcl5_missing` are the slot numbers of attended sessions without a complete PCL-5, even where
    none was due. A single PCL-5 is first and last, and no change: that is not known.
    """

    pcl5_first: int | None
    pcl5_last: int | None
    pcl5: Change | None
    caps5_baseline: int | None
    caps5_end: int | None
    caps5: Change | None
    pcl5_missing: tuple[int, ...]
    late: tuple[Late, ...]

    def figures(self) -> dict[str, object]:
        """Give the figures under the names of the course bundle; None is not known."""
        pcl5, caps5 = self.pcl5, self.caps5
        percent = caps5.percent if caps5 else None
        return {
            "pcl5_first": self.pcl5_first,
            "pcl5_last": self.pcl5_last,
            "pcl5_change": pcl5.points if pcl5 else None,
            "pcl5_reliable_change_15": pcl5.reliable if pcl5 else None,
            "pcl5_last_at_or_below_28": _within(self.pcl5_last, PCL5_SET.end_range_at_most),
            "caps5_baseline": self.caps5_baseline,
            "caps5_end": self.caps5_end,
            "caps5_change": caps5.points if caps5 else None,
            "caps5_pct_change": None if percent is None else round(percent, PERCENT_DIGITS),
            "caps5_reliable_change_13": caps5.reliable if caps5 else None,
            "caps5_end_at_or_below_8": _within(self.caps5_end, CAPS5_SET.end_range_at_most),
            "missing_pcl5_sessions": list(self.pcl5_missing),
            "late_assessments": [
                {"point": each.point, "days_late": each.days_late} for each in self.late
            ],
        }


def outcomes_of(slots: Sequence[SlotRow], measures: Sequence[MeasureRow]) -> Outcomes:
    """Read the outcomes off the measures that count: withdrawn ones are left out before."""
    pcl5 = _one_window([m for m in _complete(measures, PCL5) if m.session_id or m.point is None])
    interviews = _complete(measures, CAPS5)
    at_points = [m for m in interviews if m.point in (Occasion.BASELINE, Occasion.END)]
    chosen = _one_window(at_points)
    first, last = (pcl5[0].total, pcl5[-1].total) if pcl5 else (None, None)
    baseline, end = _total_at(chosen, Occasion.BASELINE), _total_at(chosen, Occasion.END)
    several = first is not None and last is not None and len(pcl5) > 1
    both = baseline is not None and end is not None
    return Outcomes(
        pcl5_first=first,
        pcl5_last=last,
        pcl5=judge(first or 0, last or 0, PCL5_SET) if several else None,
        caps5_baseline=baseline,
        caps5_end=end,
        caps5=judge(baseline or 0, end or 0, CAPS5_SET) if both else None,
        pcl5_missing=_without(slots, _complete(measures, PCL5)),
        late=_late(measures),
    )


def _complete(measures: Iterable[MeasureRow], family: str) -> list[MeasureRow]:
    """Give the complete forms of a family by day, whatever time they ask about."""
    known = (m for m in measures if m.instrument in INSTRUMENTS and m.total is not None)
    return [m for m in known if INSTRUMENTS[m.instrument].family == family]


def _one_window(measures: Sequence[MeasureRow]) -> list[MeasureRow]:
    """Keep one form and time window, the one used most, at a tie the one used first.

    A difference between the past week and the past month is no change in the patient.
    """
    found: dict[str, list[MeasureRow]] = defaultdict(list)
    for measure in measures:
        found[measure.instrument].append(measure)
    return max(found.values(), key=len, default=[])


def _total_at(measures: Iterable[MeasureRow], point: str) -> int | None:
    return next((m.total for m in measures if m.point == point), None)


def _without(slots: Iterable[SlotRow], complete: Iterable[MeasureRow]) -> tuple[int, ...]:
    """Give the attended slots with no complete form filed under them or made on their day."""
    rows = list(complete)
    filed = {m.session_id for m in rows}
    days = {m.taken_on for m in rows if m.session_id is None and m.point is None}
    attended = (slot for slot in slots if took_place(slot.attendance))
    return tuple(s.slot for s in attended if s.id not in filed and s.held_on not in days)


def _late(measures: Iterable[MeasureRow]) -> tuple[Late, ...]:
    """Give the assessments made too late, in the order in which they were due."""
    done = [m for m in measures if m.point and m.due_on and m.total is not None]
    found = []
    for measure in sorted(done, key=lambda m: (m.due_on or m.taken_on, m.taken_on)):
        days = (measure.taken_on - (measure.due_on or measure.taken_on)).days
        if days > LATE_DAYS:
            found.append(Late(measure.point or "", days))
    return tuple(found)


def _within(total: int | None, highest: int | None) -> bool | None:
    return None if total is None or highest is None else total <= highest
