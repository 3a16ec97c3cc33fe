"""One file per table family: typed columns and constraints, no decisions."""

from ipt_tracker.persistence.models.amendment import Amendment
from ipt_tracker.persistence.models.audit import AuditEntry
from ipt_tracker.persistence.models.clinic_setting import ClinicSetting
from ipt_tracker.persistence.models.course import Assignment, ContractChange, Course, FocalAreaSpell
from ipt_tracker.persistence.models.fidelity import FidelityRating
from ipt_tracker.persistence.models.imported_case import ImportedCase
from ipt_tracker.persistence.models.measure import Measure, SecondKeying
from ipt_tracker.persistence.models.patient import Patient
from ipt_tracker.persistence.models.people import Account, SignIn, StaffCode, Supervision
from ipt_tracker.persistence.models.safety_prompt import SafetyPrompt
from ipt_tracker.persistence.models.session_record import (
    MedicationChange,
    RiskCheck,
    SessionRecord,
)

__all__ = [
    "Account",
    "Amendment",
    "Assignment",
    "AuditEntry",
    "ClinicSetting",
    "ContractChange",
    "Course",
    "FidelityRating",
    "FocalAreaSpell",
    "ImportedCase",
    "Measure",
    "MedicationChange",
    "Patient",
    "RiskCheck",
    "SafetyPrompt",
    "SecondKeying",
    "SessionRecord",
    "SignIn",
    "StaffCode",
    "Supervision",
]
