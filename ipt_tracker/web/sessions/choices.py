"""What can be chosen on the session form: it depends on the course and on the record."""

from collections.abc import Mapping
from typing import Any

from wtforms.fields.choices import SelectChoice

from ipt_tracker.clinical.course.attendance import Attendance
from ipt_tracker.clinical.course.catalogue import TASKS, TECHNIQUES, technique_label
from ipt_tracker.clinical.course.focal_areas import DISPUTE, DisputeStage, focal_area_label
from ipt_tracker.clinical.course.kinds import Kind
from ipt_tracker.clinical.course.phases import Phase
from ipt_tracker.clinical.course.records import MedicationChange, Modality, RiskBand, RiskCheck
from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.services.outline import contract_kind
from ipt_tracker.services.session_start import SessionStart
from ipt_tracker.web.page import day
from ipt_tracker.web.sessions.fields import with_own

OTHER = "other"
USUAL = (
    Attendance.ATTENDED,
    Attendance.ATTENDED_LATE,
    Attendance.LEFT_EARLY,
    Attendance.NO_SHOW,
    Attendance.CANCELLED_BY_PATIENT,
)
"""What is offered as keys, the most used first; the rest stands behind “Other”."""
GROUP_ONLY = Attendance.GROUP_CANCELLED
NOT_STATED = SelectChoice("", "Not stated")


def fill_choices(form: Any, start: SessionStart, said: Mapping[str, Any]) -> None:  # noqa: ANN401 -- the form
    """Offer what this course has; codes that a file brought stay choosable where they stand."""
    rest = [c for c in Attendance if c not in USUAL and (c != GROUP_ONLY or is_of_group(start))]
    form.attendance.choices = [*with_own(USUAL, Attendance, None), SelectChoice(OTHER, "Other")]
    form.other_attendance.choices = [
        SelectChoice("", "Choose"),
        *with_own(rest, Attendance, said.get("other_attendance")),
    ]
    form.modality.choices = [NOT_STATED, *with_own(Modality, Modality, said.get("modality"))]
    form.kind.choices = with_own(Kind, Kind, said.get("kind"))
    form.phase.choices = [
        SelectChoice("", "As the protocol has it"),
        *with_own(Phase, Phase, said.get("phase")),
    ]
    form.focal_area.choices = areas(start, said.get("focal_area"))
    form.dispute_stage.choices = [
        NOT_STATED,
        *with_own(DisputeStage, DisputeStage, said.get("dispute_stage")),
    ]
    form.tasks.choices = [
        *(SelectChoice(task.code, task.text) for task in TASKS.values()),
        *(SelectChoice(code, code) for code in said.get("tasks", ()) if code not in TASKS),
    ]
    form.techniques.choices = [
        SelectChoice(code, technique_label(code))
        for code in dict.fromkeys([*TECHNIQUES, *said.get("techniques", ())])
    ]
    main = INSTRUMENTS[start.main_form].family
    form.other_instrument.choices = [
        SelectChoice("", "None"),
        *(SelectChoice(i.key, i.version) for i in INSTRUMENTS.values() if i.family != main),
    ]
    form.risk.choices = with_own(RiskCheck, RiskCheck, None)
    bands = [band for band in RiskBand if band is not RiskBand.CANNOT_TELL]
    form.override_band.choices = [
        SelectChoice("", "As it follows"),
        *with_own(bands, RiskBand, said.get("override_band")),
    ]
    form.change.choices = [
        NOT_STATED,
        *with_own(MedicationChange, MedicationChange, said.get("change")),
    ]


def is_of_group(start: SessionStart) -> bool:
    """Say whether the course is one of a group."""
    return contract_kind(start.facts.course) is Kind.GROUP


def areas(start: SessionStart, own: str | None) -> list[SelectChoice]:
    """Offer the course's focal areas, those open now first, and none."""
    made = {spell.area: _area_words(spell.area, spell.ended_on) for spell in start.areas}
    if own and own not in made:
        made[own] = focal_area_label(own)
    return [
        *(SelectChoice(k, label) for k, label in made.items()),
        SelectChoice("", "No focus today"),
    ]


def _area_words(area: str, ended_on: Any) -> str:  # noqa: ANN401 -- a day, or None
    label = focal_area_label(area)
    return f"{label} (closed {day(ended_on)})" if ended_on else label


def has_dispute(start: SessionStart, own: str | None) -> bool:
    """Say whether the stage of a dispute can be asked about."""
    return own == DISPUTE or DISPUTE in {spell.area for spell in start.areas}
