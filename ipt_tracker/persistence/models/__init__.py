"""One file per table family: typed columns and constraints, no decisions."""

from ipt_tracker.persistence.models.amendment import Amendment
from ipt_tracker.persistence.models.appointment import Appointment
from ipt_tracker.persistence.models.assessment import AssessmentRequest
from ipt_tracker.persistence.models.audit import AuditEntry
from ipt_tracker.persistence.models.clinic_setting import ClinicSetting
from ipt_tracker.persistence.models.contact_task import ContactAttempt, ContactTask
from ipt_tracker.persistence.models.course import Assignment, ContractChange, Course, FocalAreaSpell
from ipt_tracker.persistence.models.emergency import EmergencyAccess, EmergencyNoticeSeen
from ipt_tracker.persistence.models.evidence import EvidenceChange, EvidenceSet, EvidenceTrial
from ipt_tracker.persistence.models.fidelity import (
    FidelityItemSet,
    FidelityRating,
    RatingAmendment,
    RatingFeedback,
    RatingRequest,
    RatingWaiver,
)
from ipt_tracker.persistence.models.group import (
    GroupLeader,
    GroupMember,
    GroupSession,
    TherapyGroup,
)
from ipt_tracker.persistence.models.identity import (
    AccessCode,
    RecoveryCode,
    SecondFactor,
    Throttle,
)
from ipt_tracker.persistence.models.imported_case import ImportedCase
from ipt_tracker.persistence.models.interpersonal import Goal, InventoryPerson, LifeEvent
from ipt_tracker.persistence.models.legal_hold import LegalHold
from ipt_tracker.persistence.models.measure import Measure, SecondKeying
from ipt_tracker.persistence.models.note import Addendum, Draft, NoteStep, ProcessNote
from ipt_tracker.persistence.models.patient import Patient
from ipt_tracker.persistence.models.people import Account, SignIn, StaffCode, Supervision
from ipt_tracker.persistence.models.report_batch import ReportBatch, ReportBatchPart
from ipt_tracker.persistence.models.safety_prompt import SafetyPrompt
from ipt_tracker.persistence.models.score_import import ImportedScore, ScoreImport
from ipt_tracker.persistence.models.session_record import (
    MedicationChange,
    RiskCheck,
    SessionRecord,
)
from ipt_tracker.persistence.models.supervision import (
    MeetingAction,
    MeetingAttendee,
    MeetingCase,
    PortfolioText,
    SampleDraw,
    SamplingPlan,
    SupervisionMeeting,
)
from ipt_tracker.persistence.models.worksheet import Worksheet

__all__ = [
    "AccessCode",
    "Account",
    "Addendum",
    "Amendment",
    "Appointment",
    "AssessmentRequest",
    "Assignment",
    "AuditEntry",
    "ClinicSetting",
    "ContactAttempt",
    "ContactTask",
    "ContractChange",
    "Course",
    "Draft",
    "EmergencyAccess",
    "EmergencyNoticeSeen",
    "EvidenceChange",
    "EvidenceSet",
    "EvidenceTrial",
    "FidelityItemSet",
    "FidelityRating",
    "FocalAreaSpell",
    "Goal",
    "GroupLeader",
    "GroupMember",
    "GroupSession",
    "ImportedCase",
    "ImportedScore",
    "InventoryPerson",
    "LegalHold",
    "LifeEvent",
    "Measure",
    "MedicationChange",
    "MeetingAction",
    "MeetingAttendee",
    "MeetingCase",
    "NoteStep",
    "Patient",
    "PortfolioText",
    "ProcessNote",
    "RatingAmendment",
    "RatingFeedback",
    "RatingRequest",
    "RatingWaiver",
    "RecoveryCode",
    "ReportBatch",
    "ReportBatchPart",
    "RiskCheck",
    "SafetyPrompt",
    "SampleDraw",
    "SamplingPlan",
    "ScoreImport",
    "SecondFactor",
    "SecondKeying",
    "SessionRecord",
    "SignIn",
    "StaffCode",
    "Supervision",
    "SupervisionMeeting",
    "TherapyGroup",
    "Throttle",
    "Worksheet",
]
