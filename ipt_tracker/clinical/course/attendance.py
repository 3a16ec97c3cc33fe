"""Attendance: who missed what. A slot is a planned appointment; only some slots become sessions.

Codes: ipt-course section 5.2. The two rates and what counts as a slot: the conventions of the
course bundle, `ipt-course-bundle/1`.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from ipt_tracker.clinical.course.codes import Code
from ipt_tracker.clinical.course.kinds import Kind


class Attendance(Code):
    """What became of one appointment."""

    ATTENDED = "attended", "Attended"
    ATTENDED_LATE = "attended_late", "Attended, late"
    LEFT_EARLY = "left_early", "Left early"
    CANCELLED_BY_PATIENT = "cancelled_by_patient", "Cancelled by patient"
    LATE_CANCELLATION = "late_cancellation", "Cancelled late by patient"
    NO_SHOW = "no_show", "No-show"
    CANCELLED_BY_THERAPIST = "cancelled_by_therapist", "Cancelled by therapist"
    CANCELLED_BY_SERVICE = "cancelled_by_service", "Cancelled by service"
    GROUP_CANCELLED = "group_cancelled", "Group session cancelled"
    RESCHEDULED = "rescheduled", "Rescheduled"
    ENTERED_IN_ERROR = "entered_in_error", "Entered in error"


TOOK_PLACE = frozenset({Attendance.ATTENDED, Attendance.ATTENDED_LATE, Attendance.LEFT_EARLY})
OWN_ABSENCES = frozenset(
    {Attendance.CANCELLED_BY_PATIENT, Attendance.LATE_CANCELLATION, Attendance.NO_SHOW}
)
NOT_SLOTS = frozenset({Attendance.RESCHEDULED, Attendance.ENTERED_IN_ERROR})


def took_place(code: str) -> bool:
    """Say whether the patient was seen: attended, came late, or left early."""
    return code in TOOK_PLACE


def is_slot(code: str) -> bool:
    """Say whether the appointment counts: not when entered in error or moved to another day."""
    return code not in NOT_SLOTS


def was_delivered(kind: str, number: int | None, code: str) -> bool:
    """Say whether the session was given, for coverage by supervision.

    A group session is given even when this member was absent; its number is then kept.
    """
    if took_place(code):
        return True
    if kind != Kind.GROUP or not is_slot(code) or code == Attendance.GROUP_CANCELLED:
        return False
    return number is not None or code in OWN_ABSENCES


@dataclass(frozen=True, slots=True)
class AttendanceCounts:
    """How many appointments there were and what became of them.

    `slots` counts every appointment, whole-group cancellations included. `other` counts codes
    that are not known here: slots, not attended, nobody's absence.
    """

    slots: int
    attended: int
    cancelled_by_patient: int
    late_cancellation: int
    no_show: int
    cancelled_by_therapist: int
    cancelled_by_service: int
    group_cancelled: int
    other: int

    @property
    def own_absences(self) -> int:
        """Appointments that the patient cancelled or did not come to."""
        return self.cancelled_by_patient + self.late_cancellation + self.no_show

    @property
    def attendance_rate(self) -> float | None:
        """Attended of all slots except whole-group cancellations, 0 to 1; None without any."""
        return _share(self.attended, self.slots - self.group_cancelled)

    @property
    def own_attendance_rate(self) -> float | None:
        """Attended of attended and own absences, 0 to 1; None without any.

        The stricter rate: what therapist, service or whole group cancelled is left out too.
        """
        return _share(self.attended, self.attended + self.own_absences)


def rates(codes: Iterable[str]) -> AttendanceCounts:
    """Count the attendance codes of a course, one for each of its appointments."""
    counted = Counter(code for code in codes if is_slot(code))
    attended = sum(counted[code] for code in TOOK_PLACE)
    known = sum(counted[code] for code in Attendance)
    slots = counted.total()
    return AttendanceCounts(
        slots=slots,
        attended=attended,
        cancelled_by_patient=counted[Attendance.CANCELLED_BY_PATIENT],
        late_cancellation=counted[Attendance.LATE_CANCELLATION],
        no_show=counted[Attendance.NO_SHOW],
        cancelled_by_therapist=counted[Attendance.CANCELLED_BY_THERAPIST],
        cancelled_by_service=counted[Attendance.CANCELLED_BY_SERVICE],
        group_cancelled=counted[Attendance.GROUP_CANCELLED],
        other=slots - known,
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
