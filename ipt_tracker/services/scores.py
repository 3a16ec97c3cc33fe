"""The scores of a course, sorted into series: one instrument, one lookback, one line."""

from collections.abc import Mapping
from dataclasses import dataclass

from ipt_tracker.clinical.course.records import PrimaryDiagnosis
from ipt_tracker.clinical.instruments.bands import Cut
from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.clinical.instruments.judging import cut_at
from ipt_tracker.clinical.outcome.series import Series
from ipt_tracker.clinical.outcome.thresholds import (
    ThresholdSet,
    default_cut,
    threshold_set,
    threshold_set_at,
)
from ipt_tracker.clinical.safety import NO_ITEM_WORDS, has_item
from ipt_tracker.persistence.models import Amendment, Course
from ipt_tracker.persistence.queries.records import MeasureRow, SlotRow
from ipt_tracker.services.given import (
    Given,
    corrections_of,
    given_of,
    item9_words,
    numbered,
    session_label,
    short_day,
)
from ipt_tracker.services.measure_entries import PLANNED

__all__ = [
    "Given",
    "Scores",
    "item9_words",
    "scores_of",
    "session_label",
    "short_day",
]

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


@dataclass(frozen=True, slots=True)
class Scores:
    """All administrations of a course by instrument key; `unknown` are of instruments not ours.

    What was withdrawn stands apart, whatever its instrument, and counts for nothing.
    """

    by_key: Mapping[str, tuple[Given, ...]]
    unknown: tuple[MeasureRow, ...]
    withdrawn: tuple[Given, ...] = ()

    def series(self, key: str, *, of_treatment: bool = False) -> Series:
        """Give one instrument's series, without the follow-ups when only treatment is meant."""
        found = self.by_key.get(key, ())
        kept = (g.administration for g in found if not (of_treatment and g.is_follow_up))
        return Series(key, tuple(kept))

    def judged_by(self, key: str) -> str | None:
        """Give "key@version" of the set that judges this course: its newest total's, by family."""
        return self._newest_ref(key, "threshold_set")

    def thresholds_of(self, key: str) -> ThresholdSet | None:
        """Give the set that judges change on an instrument in this course, whatever is set today.

        None where this version does not know the set, or where no set is published.
        """
        ref = self.judged_by(key)
        return threshold_set_at(ref) if ref else threshold_set(INSTRUMENTS[key].family)

    def unknown_set(self, key: str) -> str:
        """Give the reference of a stored set that this version does not know; else nothing."""
        ref = self.judged_by(key) or ""
        return ref if ref and threshold_set_at(ref) is None else ""

    def cut_of(self, key: str) -> Cut | None:
        """Give the cut that judged this course's newest total of the instrument's family."""
        ref = self._newest_ref(key, "cut")
        return cut_at(ref) if ref else default_cut(INSTRUMENTS[key].family)

    def _newest_ref(self, key: str, name: str) -> str | None:
        family = INSTRUMENTS[key].family
        rows = [
            given.row
            for other, found in self.by_key.items()
            if INSTRUMENTS[other].family == family
            for given in found
            if given.row.total is not None and getattr(given.row, name)
        ]
        newest = max(rows, key=lambda row: (row.taken_on, row.recorded_at), default=None)
        return getattr(newest, name) if newest is not None else None

    @property
    def no_item_words(self) -> str:
        """The sentence for a course none of whose measures asks about suicide; else empty."""
        return NO_ITEM_WORDS if self.by_key and not has_item(self.by_key) else ""

    def instruments(self) -> tuple[Instrument, ...]:
        """Give the instruments that were used, in catalogue order."""
        return tuple(each for key, each in INSTRUMENTS.items() if key in self.by_key)

    def main_key(self, course: Course, wanted: str | None = None) -> str | None:
        """Choose the instrument that the page is about: the one asked for, else the best known."""
        if wanted in self.by_key:
            return wanted
        complete = {key: self._complete(key) for key in self.by_key}
        return main_key_of(complete, course.patient.primary_diagnosis)

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


def main_key_of(complete: Mapping[str, int], diagnosis: str) -> str | None:
    """Choose the best known instrument of those that were used, by how many totals each has."""
    order = MDD_FIRST if diagnosis == PrimaryDiagnosis.MDD else PTSD_FIRST
    ranked = sorted(complete, key=lambda k: order.index(k) if k in order else len(order))
    family = [k for k in ranked if INSTRUMENTS[k].family == INSTRUMENTS[ranked[0]].family]
    return max(family, key=lambda k: complete[k], default=None)


def scores_of(
    measures: tuple[MeasureRow, ...],
    slots: tuple[SlotRow, ...],
    amendments: tuple[Amendment, ...] = (),
) -> Scores:
    """Sort the measures of one course into series."""
    by_id = {slot.id: slot for slot in slots}
    changes = corrections_of(amendments)
    found: dict[str, list[Given]] = {}
    unknown, withdrawn = [], []
    for row in measures:
        given = given_of(row, by_id.get(row.session_id) if row.session_id else None, changes)
        if row.withdrawn_at is not None:
            withdrawn.append(given)
        elif row.status == PLANNED:
            continue  # what is still to come is no gap in the scores
        elif row.instrument in INSTRUMENTS:
            found.setdefault(row.instrument, []).append(given)
        else:
            unknown.append(row)
    by_key = {key: numbered(each) for key, each in found.items()}
    return Scores(by_key, tuple(unknown), tuple(withdrawn))
