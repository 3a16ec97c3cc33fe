"""The codes that a course bundle may use without a warning."""

import re
from collections.abc import Set as AbstractSet

from ipt_tracker.clinical.course.attendance import Attendance
from ipt_tracker.clinical.course.catalogue import TASKS, TECHNIQUES
from ipt_tracker.clinical.course.codes import Code, known
from ipt_tracker.clinical.course.focal_areas import FOCAL_AREAS, DisputeStage
from ipt_tracker.clinical.course.kinds import Kind, kind_of
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


_WORD = re.compile(r"[a-z]+")
_OF_ANY_KIND = frozenset({"session", "sessions", "meeting", "visit", "interview"})
_OF_GROUP_MEETINGS = frozenset(
    {"pre", "mid", "post", "group", "individual", "pregroup", "midgroup", "postgroup"}
)
_AROUND_A_GROUP = {"pre": Kind.PRE_GROUP, "mid": Kind.MID_GROUP, "post": Kind.POST_GROUP}
MEETINGS_AROUND_A_GROUP = frozenset({"pre_group", "mid_group", "post_group"})
"""They have counters of their own, so a map of the group's session numbers leaves them out."""
_PHASE_SYNONYMS = {
    "initial": Phase.BEGINNING,
    "acute": Phase.BEGINNING,
    "assessment": Phase.BEGINNING,
    "intermediate": Phase.MIDDLE,
    "concluding": Phase.TERMINATION,
    "ending": Phase.TERMINATION,
    "final": Phase.TERMINATION,
    "pre_group": Phase.BEGINNING,
    "mid_group": Phase.MIDDLE,
    "post_group": Phase.TERMINATION,
}

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
    {
        "baseline",
        "mid",
        "end",
        "planned_end",
        "extension",
        "extension_end",
        "follow_up_1m",
        "follow_up_3m",
        "follow_up_6m",
        "follow_up_12m",
    }
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
        "consensus",
    }
)
RATING_SCOPES = frozenset({"session", "group", "group_session", "part_session", "member"})


def kind_spelled(text: str) -> Kind | None:
    """Give the kind that a text spells: "Pre-group individual session", "group meeting"."""
    words = [word for word in _WORD.findall(text.lower()) if word not in _OF_ANY_KIND]
    kind = kind_of("_".join(words))
    if kind is None and set(words) <= _OF_GROUP_MEETINGS:
        run_together = "".join(words)
        kind = next((k for part, k in _AROUND_A_GROUP.items() if part in run_together), None)
    return kind


def is_spacing(text: str) -> bool:
    """Tell whether a text is a spacing, or several known ones after each other."""
    return text in SPACINGS or set(re.split(r",? then ", text.lower())) <= SPACINGS


def phase_spelled(text: str) -> Phase | None:
    """Give the phase that a text names by its code or a synonym of the field, or None."""
    plain = "_".join(_WORD.findall(text.lower()))
    return known(Phase, plain) or _PHASE_SYNONYMS.get(plain)
