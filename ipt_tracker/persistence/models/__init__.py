"""One file per table family: typed columns and constraints, no decisions."""

from ipt_tracker.persistence.models.amendment import Amendment
from ipt_tracker.persistence.models.audit import AuditEntry
from ipt_tracker.persistence.models.course import Assignment, ContractChange, Course, FocalAreaSpell
from ipt_tracker.persistence.models.fidelity import FidelityRating
from ipt_tracker.persistence.models.imported_case import ImportedCase
from ipt_tracker.persistence.models.measure import Measure
from ipt_tracker.persistence.models.patient import Patient
from ipt_tracker.persistence.models.people import Account, SignIn, StaffCode, Supervision
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
    "ContractChange",
    "Course",
    "FidelityRating",
    "FocalAreaSpell",
    "ImportedCase",
    "Measure",
    "MedicationChange",
    "Patient",
    "RiskCheck",
    "SessionRecord",
    "SignIn",
    "StaffCode",
    "Supervision",
]
