"""The scores of a course, sorted into series: one instrument, one lookback, one line."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ipt_tracker.clinical.course.attendance import took_place
from ipt_tracker.clinical.course.kinds import kind_of
from ipt_tracker.clinical.course.phases import Phase
from ipt_tracker.clinical.course.records import PrimaryDiagnosis
from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.clinical.outcome.series import Administration, Series, Status
from ipt_tracker.persistence.models import Amendment, Course
from ipt_tracker.persistence.queries.records import MeasureRow, SlotRow
from ipt_tracker.services.measures import PLANNED

MONTH = 28
PTSD_FIRST = ("pcl5_week", "pcl5_month", "pcl4", "phq9", "caps5_month", "caps5_week", "caps4")
MDD_FIRST = ("phq9", "hamd17", "pcl5_week", "pcl5_month")
PARTNERS = {
    "PCL-5": ("caps5_month", "caps5_week", "caps4"),
    "PCL-IV": ("caps4", "caps5_month", "caps5_week"),
    "PHQ-9": ("hamd17", "caps5_month", "caps5_week", "caps4", "pcl5_week", "pcl5_month"),
}
"""What may stand below the main instrument, on an axis of its own: the first that was used.

A course led by a depression score still says what happened to the trauma symptoms.
"""
TWO = 2  # totals make a change
STATUSES = frozenset(Status)
LATE_DAYS = 7
"""More days than this past its due day and an assessment is late (the bundle's convention)."""


@dataclass(frozen=True, slots=True)
class Given:
    """One administration with everything that a table or a chart says about it."""

    administration: Administration
    row: MeasureRow
    slot: SlotRow | None
    amended_from: int | None
    amendment: str
    """When and why the total was corrected; empty when it was not."""

    @property
    def is_follow_up(self) -> bool:
        """Whether it was made after the treatment had ended."""
        return (self.row.point or "").startswith("follow_up")

    @property
    def days_late(self) -> int | None:
        """How many days too late it was made, where that is late at all."""
        if self.row.due_on is None or self.administration.total is None:
            return None
        late = (self.row.taken_on - self.row.due_on).days
        return late if late > LATE_DAYS else None

    @property
    def gap_days(self) -> int | None:
        """Planned days since the administration before; None when there is no rhythm."""
        monthly = self.slot is not None and self.slot.phase == Phase.MAINTENANCE
        planned = INSTRUMENTS[self.row.instrument].planned_gap_days
        return MONTH if monthly and planned else planned


@dataclass(frozen=True, slots=True)
class Scores:
    """All administrations of a course by instrument key; `unknown` are of instruments not ours."""

    by_key: Mapping[str, tuple[Given, ...]]
    unknown: tuple[MeasureRow, ...]

    def series(self, key: str, *, of_treatment: bool = False) -> Series:
        """Give one instrument's series, without the follow-ups when only treatment is meant."""
        found = self.by_key.get(key, ())
        kept = (g.administration for g in found if not (of_treatment and g.is_follow_up))
        return Series(key, tuple(kept))

    def instruments(self) -> tuple[Instrument, ...]:
        """Give the instruments that were used, in catalogue order."""
        return tuple(each for key, each in INSTRUMENTS.items() if key in self.by_key)

    def main_key(self, course: Course, wanted: str | None = None) -> str | None:
        """Choose the instrument that the page is about: the one asked for, else the best known."""
        if wanted in self.by_key:
            return wanted
        mdd = course.patient.primary_diagnosis == PrimaryDiagnosis.MDD
        order = MDD_FIRST if mdd else PTSD_FIRST
        ranked = sorted(self.by_key, key=lambda k: order.index(k) if k in order else len(order))
        family = [k for k in ranked if INSTRUMENTS[k].family == INSTRUMENTS[ranked[0]].family]
        return max(family, key=self._complete, default=None)

    def second_key(self, main: str) -> str | None:
        """Choose what goes with the main instrument: one with two totals before one with fewer."""
        partners = [k for k in PARTNERS.get(INSTRUMENTS[main].family, ()) if k in self.by_key]
        return max(partners, key=lambda k: min(self._complete(k), TWO), default=None)

    def other_lookback(self, main: str) -> str | None:
        """Give the same form over another time, which is never joined with this one."""
        family = INSTRUMENTS[main].family
        others = [k for k in self.by_key if k != main and INSTRUMENTS[k].family == family]
        return others[0] if others else None

    def _complete(self, key: str) -> int:
        return sum(g.administration.total is not None for g in self.by_key[key])


def scores_of(
    measures: tuple[MeasureRow, ...],
    slots: tuple[SlotRow, ...],
    amendments: tuple[Amendment, ...] = (),
) -> Scores:
    """Sort the measures of one course into series."""
    by_id = {slot.id: slot for slot in slots}
    changes = _totals_amended(amendments)
    found: dict[str, list[Given]] = {}
    unknown = []
    for row in measures:
        if row.status == PLANNED:
            continue  # what is still to come is no gap in the scores
        if row.instrument not in INSTRUMENTS:
            unknown.append(row)
            continue
        given = _given(row, by_id.get(row.session_id) if row.session_id else None, changes)
        found.setdefault(row.instrument, []).append(given)
    return Scores({key: tuple(each) for key, each in found.items()}, tuple(unknown))


def _given(row: MeasureRow, slot: SlotRow | None, changes: Mapping[UUID, Amendment]) -> Given:
    change = changes.get(row.id)
    known = row.status in STATUSES
    administration = Administration(
        instrument_key=row.instrument,
        taken_on=row.taken_on,
        total=row.total,
        status=Status(row.status) if known else Status.MISSING,
        lowest=row.lowest,
        highest=row.highest,
        answered=row.answered,
        session_label=session_label(slot) if slot else "",
        note=row.reason or "",
    )
    old = change.old if change is not None and isinstance(change.old, int) else None
    return Given(administration, row, slot, old, _amendment_words(change))


def _totals_amended(amendments: tuple[Amendment, ...]) -> dict[UUID, Amendment]:
    """Give the newest correction of each total."""
    return {a.subject_id: a for a in amendments if a.subject_kind == "measure"}


def _amendment_words(change: Amendment | None) -> str:
    if change is None:
        return ""
    reason = f" ({change.reason})" if change.reason else ""
    return f"corrected {short_day(change.amended_on)}{reason}"


def short_day(day: date) -> str:
    """Write "2 Apr"."""
    return f"{day.day} {day:%b}"


def session_label(slot: SlotRow) -> str:
    """Name a session in a narrow place, "11" or "M2"; nothing for one that did not take place."""
    if slot.number is None or not took_place(slot.attendance):
        return ""
    kind = kind_of(slot.kind)
    return kind.short(slot.number) if kind else str(slot.number)
