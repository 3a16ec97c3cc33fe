"""Which appointments count, and the two attendance rates, worked by hand."""

import pytest

from ipt_tracker.clinical.course.attendance import (
    Attendance,
    is_slot,
    rates,
    took_place,
    was_delivered,
)

# Ten slots: 5 attended, 2 own absences, 1 each by therapist, service and whole group.
MIXED = [
    "attended",
    "attended",
    "attended",
    "attended_late",
    "left_early",
    "no_show",
    "late_cancellation",
    "cancelled_by_therapist",
    "cancelled_by_service",
    "group_cancelled",
]


def test_arriving_late_and_leaving_early_still_count_as_attended():
    assert rates(MIXED).attended == 5
    assert [code.value for code in Attendance if took_place(code)] == [
        "attended",
        "attended_late",
        "left_early",
    ]


def test_only_a_cancelled_group_leaves_the_attendance_rate():
    counts = rates(MIXED)

    assert counts.slots == 10
    assert counts.attendance_rate == 5 / 9


def test_the_stricter_rate_counts_the_patients_own_absences_alone():
    counts = rates(MIXED)

    assert counts.own_absences == 2
    assert counts.own_attendance_rate == 5 / 7


@pytest.mark.parametrize("code", ["entered_in_error", "rescheduled"])
def test_a_slot_moved_or_entered_in_error_never_was_one(code):
    assert not is_slot(code)
    assert rates([*MIXED, code]) == rates(MIXED)


def test_a_code_of_another_clinic_is_a_slot_that_nobody_is_blamed_for():
    counts = rates(["attended", "snowed_in"])

    assert (counts.slots, counts.other, counts.own_absences) == (2, 1, 0)
    assert (counts.attendance_rate, counts.own_attendance_rate) == (0.5, 1.0)


def test_a_course_without_appointments_has_no_rate_rather_than_zero():
    assert rates([]).attendance_rate is None
    assert rates(["group_cancelled"]).attendance_rate is None
    assert rates(["cancelled_by_service"]).own_attendance_rate is None


@pytest.mark.parametrize(
    ("kind", "number", "code", "delivered"),
    [
        ("individual", 4, "left_early", True),
        ("individual", None, "no_show", False),
        ("group", 4, "no_show", True),
        ("group", None, "cancelled_by_patient", True),
        ("group", 4, "cancelled_by_therapist", True),
        ("group", None, "cancelled_by_therapist", False),
        ("group", None, "group_cancelled", False),
        ("group", 4, "entered_in_error", False),
    ],
)
def test_a_group_session_is_delivered_even_when_this_member_was_absent(
    kind, number, code, delivered
):
    assert was_delivered(kind, number, code) is delivered
