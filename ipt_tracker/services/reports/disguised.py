"""Rows without names: dates shifted, and every text gone that is not a code of the program.

The rows are changed before anything is put into words or drawn, so that no sentence, picture or
file can hold what a list of sentences forgot.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar, cast
from uuid import UUID

from sqlalchemy import inspect
from sqlalchemy.orm.attributes import set_committed_value

from ipt_tracker.clinical.course.attendance import Attendance
from ipt_tracker.clinical.course.focal_areas import FOCAL_AREAS, DisputeStage
from ipt_tracker.clinical.course.kinds import Kind
from ipt_tracker.clinical.course.phases import Phase
from ipt_tracker.clinical.course.protocols import PROTOCOLS, Format
from ipt_tracker.clinical.course.records import (
    ContractChange,
    CourseStatus,
    Disposition,
    MedicationChange,
    PrecipitatingEvent,
    PrimaryDiagnosis,
    RiskBand,
)
from ipt_tracker.clinical.course.schedule import Occasion
from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.instruments.judging import cut_at
from ipt_tracker.clinical.outcome.series import Status
from ipt_tracker.clinical.outcome.thresholds import threshold_set_at
from ipt_tracker.governance.disguise import Disguise
from ipt_tracker.persistence.base import Base
from ipt_tracker.services.measure_entries import PLANNED
from ipt_tracker.services.reports.rows import CourseRows

ENUMS = (
    *(Attendance, ContractChange, CourseStatus, Disposition, DisputeStage, Format, Kind),
    *(MedicationChange, Occasion, Phase, PrecipitatingEvent, PrimaryDiagnosis, RiskBand, Status),
)
CODES = frozenset(
    {
        *(str(code) for codes in ENUMS for code in codes),
        *(*INSTRUMENTS, *FOCAL_AREAS, *PROTOCOLS, PLANNED),
        *("measure", "total", "none", "present", "PTSD"),
    }
)
"""Words of the program's own: they say nothing that somebody typed."""
NEEDED = frozenset(
    {
        *("area", "attendance", "cut", "format", "instrument", "kind", "phase", "protocol"),
        *("status", "threshold_set"),
    }
)
"""Fields that are never empty: a word of another clinic becomes OTHER there."""
OTHER = "other"
A_DRUG = "a medicine"
LONGEST_NUMBER = 3
NEVER = frozenset({"birth_date", "findings", "demographics", "extra", "schedule"})
"""Fields that are left out whatever they hold."""

Row = TypeVar("Row")


def disguised(rows: CourseRows, disguise: Disguise) -> CourseRows:
    """Give the rows of a course as a file without names may show them."""
    patient = rows.course.patient_id
    made = without_names(rows, disguise.days(patient))
    made.course.patient.code = disguise.code(patient)
    return replace(
        made,
        events=tuple(
            replace(event, drug=A_DRUG if before.drug else None)
            for event, before in zip(made.events, rows.events, strict=True)
        ),
        age_band=rows.age_band,
        therapist="",
        supervisor="",
        is_disguised=True,
    )


def without_names(rows: Row, days: int) -> Row:
    """Give dataclasses and rows of the database, however deep, shifted and without any text typed.

    Rows of the database are copied; the copies belong to no session and are never saved.
    """
    return cast("Row", _Copy(timedelta(days=days)).of(rows))


@dataclass(slots=True)
class _Copy:
    """One copying. `made` holds the copies so far: rows of the database point at each other."""

    shift: timedelta
    made: dict[int, Any] = field(default_factory=dict)

    def of(self, value: Any, name: str = "") -> Any:  # noqa: ANN401 -- values of any kind
        if name in NEVER or value is None:
            return None
        for kinds, copy in self._ways():
            if isinstance(value, kinds):
                return copy(value, name)
        return self._parts(value) if is_dataclass(value) else None

    def _ways(self) -> tuple[tuple[Any, Callable[[Any, str], Any]], ...]:
        """Give what is done with each kind of value; another kind than these is left out."""
        return (
            (str, self._text),
            (date, lambda day, _: self._date(day)),
            (Base, lambda row, _: self._row(row)),
            (tuple | list | set | frozenset, self._several),
            (Mapping, self._by_code),
            (int | float | UUID, lambda value, _: value),
        )

    def _parts(self, value: Any) -> Any:  # noqa: ANN401 -- a dataclass of any kind
        made = {each.name: self.of(getattr(value, each.name), each.name) for each in fields(value)}
        return replace(value, **made)

    def _several(self, values: Any, name: str) -> Any:  # noqa: ANN401 -- a collection of any kind
        return type(values)(self.of(each, name) for each in values)

    def _by_code(self, values: Mapping[Any, Any], name: str) -> dict[str, Any]:
        return {key: self.of(each, name) for key, each in values.items() if key in CODES}

    def _text(self, text: str, name: str) -> str | None:
        number = text.isdecimal() and len(text) <= LONGEST_NUMBER
        if number or text in CODES or cut_at(text) or threshold_set_at(text):
            return text
        return OTHER if name in NEEDED else None

    def _date(self, day: date) -> date:
        """Shift a day; of a moment its time is cut off too, which tells of a clinic's hours."""
        shifted = day + self.shift
        if isinstance(shifted, datetime):
            return datetime.combine(shifted.date(), time(), shifted.tzinfo)
        return shifted

    def _row(self, row: Base) -> Any:  # noqa: ANN401 -- a row of the same table
        if id(row) in self.made:
            return self.made[id(row)]
        copy = self.made[id(row)] = type(row)()
        for name, value in inspect(row).dict.items():
            if not name.startswith("_"):
                set_committed_value(copy, name, self.of(value, name))
        return copy
