"""The codes that a course bundle may use without a warning."""

from collections.abc import Set as AbstractSet

from ipt_tracker.clinical.course.attendance import Attendance
from ipt_tracker.clinical.course.catalogue import TASKS, TECHNIQUES
from ipt_tracker.clinical.course.codes import Code
from ipt_tracker.clinical.course.focal_areas import FOCAL_AREAS, DisputeStage
from ipt_tracker.clinical.course.kinds import Kind
from ipt_tracker.clinical.course.phases import Phase
from ipt_tracker.clinical.course.protocols import PROTOCOLS, Format, Spacing
from ipt_tracker.clinical.course.records import (
    ContractChange,
    CourseStatus,
    Disposition,
    MedicationChange,
    Modality,
    RiskBand,
)


def _of(codes: type[Code]) -> AbstractSet[str]:
    return frozenset(code.value for code in codes)


ATTENDANCE = _of(Attendance)
KINDS = _of(Kind)
PHASES = _of(Phase)
MODALITIES = _of(Modality)
FORMATS = _of(Format)
SPACINGS = _of(Spacing)
AREAS: AbstractSet[str] = FOCAL_AREAS.keys()
DISPUTE_STAGES = _of(DisputeStage)
TASK_CODES: AbstractSet[str] = TASKS.keys()
TECHNIQUE_CODES: AbstractSet[str] = TECHNIQUES.keys()
PROTOCOL_KEYS: AbstractSet[str] = PROTOCOLS.keys()
STATUSES = _of(CourseStatus)
DISPOSITIONS = _of(Disposition)
CHANGES = _of(ContractChange)
MEDICATION = _of(MedicationChange)
RISK_BANDS = _of(RiskBand)

MEASURE_STATUSES = frozenset(
    {"complete", "incomplete", "missing", "not_returned", "not_administered", "declined"}
)
ASSESSMENT_POINTS = frozenset(
    {"baseline", "mid", "end", "follow_up_3m", "follow_up_6m", "follow_up_12m"}
)
NOTE_STATUSES = frozenset(
    {
        "draft",
        "unsigned",
        "signed",
        "awaiting_cosign",
        "cosigned",
        "late_entry",
        "amended",
        "contact_note",
    }
)
SCREENERS = frozenset({"C-SSRS screener"})
SCREENER_QUESTIONS = frozenset({"q1", "q2", "q3", "q4", "q5", "q6_lifetime", "q6_3_months"})
THERAPIST_ROLES = frozenset({"trainee", "therapist"})

FIDELITY_ITEMS = frozenset(f"F{number:02}" for number in range(1, 15))
PROSCRIBED_ITEMS = frozenset({"Z01", "Z02", "Z03"})
RATING_BASES = frozenset(
    {
        "full_recording",
        "part_recording",
        "live",
        "report_in_supervision",
        "recall",
        "transcript",
    }
)
RATING_SCOPES = frozenset({"session"})
