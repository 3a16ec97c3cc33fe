"""Two courses with every turn that a report must get right, and what it must then say.

The expected figures were worked out by hand from the conventions of the course bundle.
"""

from typing import Any

from tests.factories.bundles import case, session

SUPERVISOR, THERAPIST = "SUP-08", "TH-09"


def rating(rater: str, *items: tuple[float | None, int | None], **more: Any) -> dict[str, Any]:
    """Give a rating with these pairs of delivered and quality."""
    scored = {f"F{n:02}": {"d": d, "q": q} for n, (d, q) in enumerate(items, start=1)}
    found = {"rater": rater, "items": scored, "proscribed": {"Z01": 0}, "basis": "full_recording"}
    return found | {"scope": "session"} | more


def pcl5(total: int | None, status: str = "complete", **more: Any) -> dict[str, Any]:
    """Give a PCL-5 over the past week."""
    return {
        "instrument": "PCL-5",
        "window": "past_week",
        "total": total,
        "status": status,
    } | more


def caps5(point: str, due: int, done: int | None, total: int | None, **more: Any) -> dict[str, Any]:
    """Give a CAPS-5 that was due at a point."""
    return {
        "instrument": "CAPS-5",
        "point": point,
        "due_day": due,
        "done_day": done,
        "total": total,
    } | more


def missed(slot: int, attendance: str, number: int | None = None, **more: Any) -> dict[str, Any]:
    """Give a slot that the patient did not attend."""
    return session(slot, number, attendance=attendance, duration_min=None, **more)


def extended() -> dict[str, Any]:
    """Give a course of eight that was extended to eleven, with every kind of attendance."""
    amended = {"field": "items.F01.q", "old": 4, "new": 2, "reason": "consensus talk", "day": 60}
    first = [
        rating("self", (1, 5), (1, 4)),
        rating(SUPERVISOR, (1, 4), (0.5, 3), (0, None), (None, None)),
    ]
    fourth = [
        rating(SUPERVISOR, (1, 2), (1, 3), proscribed={"Z01": 1}, amendments=[amended]),
        rating("IR-01", (0, None), role="independent", blind=True),
        rating("SUP-09", (0, None), proscribed={"Z01": 1}),
    ]
    last = rating(SUPERVISOR, (1, 5), (0, None), basis="consensus", consensus_with=["IR-01"])
    mistaken = rating(SUPERVISOR, (0, None), proscribed={"Z01": 1})
    month = pcl5(20, window="past_month")
    part = pcl5(None, "incomplete", items_missing=2, sum_of_answered=30)
    sessions = [
        session(1, 1, total=50, fidelity=first),
        session(2, 2, total=47, attendance="attended_late", fidelity=[rating("self", (1, 4))]),
        missed(3, "cancelled_by_patient"),
        missed(4, "late_cancellation", notice_hours=3),
        session(5, 3, attendance="left_early", left_after_min=20, measures=[part]),
        missed(6, "cancelled_by_service"),
        missed(7, "rescheduled", rescheduled_to=8),
        session(8, 4, total=40, fidelity=fourth),
        missed(9, "entered_in_error", fidelity=[mistaken]),
        session(10, 5, measures=[pcl5(None, "declined", reason="too tired")]),
        session(11, 6, measures=[month]),
        session(12, 7),
        missed(13, "no_show"),
        session(14, 8, total=38, phase="termination"),
        session(15, 9, total=36, phase="extension"),
        session(16, 1, total=30, kind="extension", phase="extension", fidelity=[last]),
        session(17, 2, total=29, kind="extension session", phase="extension"),
        missed(18, "cancelled_by_therapist", kind="extension", phase="extension"),
        missed(19, "entered_in_error", measures=[pcl5(5)]),
    ]
    contract = {
        "planned_sessions": 8,
        "frequency": "weekly",
        "agreed_day": 7,
        "phases": {
            "beginning": [1, 2],
            "middle": [3, 6],
            "termination": [7, 8],
            "extension": [9, 11],
        },
    }
    change = {
        "n": 8,
        "kind": "extension",
        "from": "8 sessions",
        "to": "11 sessions",
        "sessions_added": 3,
        "phases": {"extension": [9, 11]},
        "agreed_by": "both",
    }
    spell = {
        "area": "grief",
        "from_n": 2,
        "to_n": 11,
        "person": "a brother",
        "detail": "his death, never spoken of",
        "reason": "onset within weeks of it",
        "end_reason": "mourned",
    }
    assessments = [
        caps5("baseline", 0, -3, 40),
        caps5("mid", 30, 37, 33),
        caps5("planned_end", 91, 92, 30),
        caps5("end", 120, 128, 27),
    ]
    return case(
        "EXT-R",
        *sessions,
        supervisor=SUPERVISOR,
        contract=contract,
        contract_changes=[change],
        focal_areas=[spell],
        assessments=assessments,
        outcome={"status": "completed", "disposition": "extended", "note": "response late"},
    )


EXTENDED = {
    "slots": 16,  # 19 less the moved one and the two entered in error
    "attended": 11,
    "delivered_sessions": 11,
    "cancelled_by_patient": 1,  # the late cancellation has a code of its own
    "cancelled_by_therapist": 1,
    "no_show": 1,
    "attendance_rate": 0.6875,  # 11 / 16
    "self_rated": 2,
    "supervisor_rated": 3,
    "supervisor_coverage": 0.2727,  # 3 / 11
    "supervisor_adherence_pct_mean": 66.667,  # 50, 100, 50
    "supervisor_competence_mean": 3.667,  # 3.5, 2.5, 5
    "self_competence_mean": 4.25,  # 4.5, 4
    "pcl5_first": 50,
    "pcl5_last": 29,
    "pcl5_change": -21,
    "pcl5_reliable_change_15": True,
    "pcl5_last_at_or_below_28": False,
    "caps5_baseline": 40,
    "caps5_end": 27,
    "caps5_change": -13,
    "caps5_pct_change": -32.5,
    "caps5_reliable_change_13": True,
    "caps5_end_at_or_below_8": False,
    "missing_pcl5_sessions": [5, 10, 12],
    "late_assessments": [{"point": "end", "days_late": 8}],  # mid was seven: not late
    "proscribed_flagged_by_supervisor": 1,
}


def group() -> dict[str, Any]:
    """Give one member of a group with two leaders, absences of every kind and no scale at all."""
    of_group = {"scope": "group", "group_n": 1}
    first = [
        rating("self", (1, 4)),
        rating("TH-06", (1, 1)),
        rating(SUPERVISOR, (1, 4), (1, 4), **of_group),
    ]
    second = [rating(SUPERVISOR, (1, 3), (0, None), member_absent=True, **of_group)]
    third = [rating("self", (1, 2))]
    middle = [rating("SUP-09", (0, None))]
    sessions = [
        session(1, 1, kind="Pre-group individual session", phase="pre_group"),
        session(2, 2, kind="pre_group", phase="beginning"),
        session(3, 1, kind="group", phase="initial", fidelity=first, members_present=7),
        missed(4, "no_show", 2, kind="group", fidelity=second),
        missed(5, "group_cancelled", kind="group", reason="snow"),
        missed(6, "cancelled_by_patient", 3, kind="group", fidelity=third),
        session(7, 1, kind="mid-group individual", phase="mid_group", fidelity=middle),
        session(8, 4, kind="group", attendance="attended_late", members_present=["M-2", "M-3"]),
        missed(9, "late_cancellation", 5, kind="group"),
        missed(10, "cancelled_by_service", kind="group"),
        session(11, 6, kind="group", phase="termination", co_therapist="TH-06"),
        session(12, 1, kind="individual_post_group", phase="post_group"),
    ]
    contract = {
        "planned_sessions": 6,
        "pre_group_individual": 2,
        "mid_group_individual": 1,
        "phases": {
            "pre_group": [1, 2],
            "beginning": [1, 2],
            "middle": [3, 4],
            "termination": [5, 6],
            "maintenance": None,
        },
    }
    return case(
        "GRP-R",
        *sessions,
        protocol="IPT-G-PTSD-16",
        format="group",
        supervisor=SUPERVISOR,
        co_therapist="TH-06",
        group={"id": "G-1", "members": ["M-2", "M-3"], "leaders": [THERAPIST, "TH-06"]},
        contract=contract,
        focal_areas=[{"area": "sensitivity", "from_n": 0, "to_n": 6, "rank": "primary"}],
    )


GROUP = {
    "slots": 12,
    "attended": 7,
    "delivered_sessions": 10,  # three group sessions went on without this member
    "cancelled_by_patient": 1,
    "cancelled_by_therapist": 0,
    "no_show": 1,
    "attendance_rate": 0.6364,  # 7 / 11
    "self_rated": 2,
    "supervisor_rated": 2,
    "supervisor_coverage": 0.2,
    "supervisor_adherence_pct_mean": 75.0,  # 100 and, of the one that was missed, 50
    "supervisor_competence_mean": 3.5,
    "self_competence_mean": 3.0,  # 4 and 2; the co-leader's own is not the therapist's
    "pcl5_first": None,
    "pcl5_last": None,
    "pcl5_change": None,
    "pcl5_reliable_change_15": None,
    "pcl5_last_at_or_below_28": None,
    "caps5_baseline": None,
    "caps5_end": None,
    "caps5_change": None,
    "caps5_pct_change": None,
    "caps5_reliable_change_13": None,
    "caps5_end_at_or_below_8": None,
    "missing_pcl5_sessions": [1, 2, 3, 7, 8, 11, 12],
    "late_assessments": [],
    "proscribed_flagged_by_supervisor": 0,
}
