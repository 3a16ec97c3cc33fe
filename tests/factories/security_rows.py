"""A row in every table of identity, emergency access, assessment and retention."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from ipt_tracker.persistence.base import Base
from ipt_tracker.persistence.models import (
    AccessCode,
    AssessmentRequest,
    EmergencyAccess,
    EmergencyNoticeSeen,
    LegalHold,
    RecoveryCode,
    SecondFactor,
    Throttle,
)
from tests.factories.clinic import Made

LATER = timedelta(hours=1)


def of_security(made: Made, measure_id: UUID, now: datetime) -> list[Base]:
    """Give the rows in the order in which they can be written."""
    who = made.therapist.id
    return [
        SecondFactor(
            account_id=who, sealed_seed=b"sealed", made_at=now, confirmed_at=now, last_step=1
        ),
        RecoveryCode(account_id=who, code_digest="r" * 64, made_at=now, used_at=now),
        AccessCode(
            account_id=who,
            kind="password",
            code_digest="a" * 64,
            made_by=made.admin.id,
            made_at=now,
            expires_at=now + LATER,
            used_at=now,
        ),
        Throttle(kind="account", key_digest="t" * 64, failures=5, last_at=now, blocked_until=now),
        *_of_a_patient(made, measure_id, now),
    ]


def _of_a_patient(made: Made, measure_id: UUID, now: datetime) -> list[Base]:
    who, patient_id = made.therapist.id, made.course.patient_id
    emergency = EmergencyAccess(
        id=uuid4(),
        account_id=who,
        patient_id=patient_id,
        reason="found unwell in the waiting room",
        started_at=now,
        ends_at=now + LATER,
        ended_at=now,
    )
    return [
        emergency,
        EmergencyNoticeSeen(emergency_id=emergency.id, seen_by=made.supervisor.id, seen_at=now),
        AssessmentRequest(
            course_id=made.course.id,
            assessor_id=made.therapist2.id,
            instrument="caps5_month",
            due_on=now.date(),
            note="by video",
            asked_by=who,
            asked_at=now,
            measure_id=measure_id,
            done_at=now,
        ),
        LegalHold(
            patient_id=patient_id,
            reason="a court asked for them",
            set_by=made.admin.id,
            set_at=now,
            lifted_by=made.admin.id,
            lifted_at=now,
            lifted_why="the case is closed",
        ),
    ]
