"""One course of three appointments, as plain JSON values."""

SMALL_CASE = {
    "id": "SYN-01",
    "label": "A small course",
    "demographics": {"age_band": "35-44", "gender": "woman"},
    "protocol": "IPT-PTSD-14",
    "format": "individual",
    "primary_diagnosis": "PTSD",
    "precipitating_event": "a crash",
    "focal_areas": [{"area": "grief", "from_n": 1, "to_n": None}],
    "contract": {
        "planned_sessions": 14,
        "frequency": "weekly",
        "session_min": 50,
        "phases": {"beginning": [1, 3], "middle": [4, 11], "termination": [12, 14]},
    },
    "contract_changes": [{"n": 2, "kind": "extension", "from": 14, "to": 18}],
    "therapist": "TH-01",
    "supervisor": "SUP-01",
    "recording_consent": True,
    "assessments": [
        {"instrument": "CAPS-5", "point": "baseline", "due_day": 0, "done_day": -3, "total": 38}
    ],
    "outcome": {"status": "dropped_out", "closed_day": 30, "disposition": "closed_by_service"},
    "edge_cases": ["small"],
    "expected": {"slots": 3},
    "sessions": [
        {
            "slot": slot,
            "n": number,
            "kind": "individual",
            "phase": "beginning",
            "date": f"2025-01-{6 + 7 * (slot - 1):02}",
            "day": 7 * (slot - 1),
            "attendance": "attended" if number else "no_show",
            "measures": [
                {"instrument": "PCL-5", "window": "past_week", "total": 50, "status": "complete"}
            ],
            "tasks_done": ["B01", "B02"] if number else [],
            "note": {"status": "signed", "signed_day": 7 * (slot - 1)},
            "fidelity": [],
        }
        for slot, number in ((1, 1), (2, None), (3, 2))
    ],
}
