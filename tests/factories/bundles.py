"""Course bundles to import: the demo clinic's, and cases invented to be awkward."""

import copy
import json
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from ipt_tracker.exchange.course_bundle import demo_text

SCHEMA = "ipt-course-bundle/1"
ANCHOR = date(2025, 2, 3)


def demo() -> dict[str, Any]:
    """Give the demo clinic's bundle, to change at will."""
    return copy.deepcopy(_demo())


@lru_cache(maxsize=1)
def _demo() -> dict[str, Any]:
    return json.loads(demo_text())


def bundle(*cases: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Give a bundle of these cases."""
    return {"schema": SCHEMA, "cases": list(cases)} | more


def text(raw: object) -> str:
    """Give a bundle as a file holds it."""
    return json.dumps(raw, ensure_ascii=False)


def session(slot: int, number: int | None = None, **more: Any) -> dict[str, Any]:
    """Give a weekly session that the patient attended, with a PCL-5 where `total` says so."""
    day = 7 * (slot - 1)
    total = more.pop("total", None)
    measures = [
        {"instrument": "PCL-5", "window": "past_week", "total": total, "status": "complete"}
    ]
    return {
        "slot": slot,
        "n": number,
        "kind": "individual",
        "phase": "middle",
        "date": str(ANCHOR + timedelta(days=day)),
        "day": day,
        "attendance": "attended",
        "duration_min": 50,
        "measures": measures if total is not None else [],
    } | more


def case(case_id: str, *sessions: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Give a case of 14 planned sessions with TH-09."""
    return {
        "id": case_id,
        "protocol": "IPT-PTSD-14",
        "format": "individual",
        "therapist": "TH-09",
        "contract": {
            "planned_sessions": 14,
            "phases": {"beginning": [1, 3], "middle": [4, 11], "termination": [12, 14]},
        },
        "sessions": list(sessions),
    } | more


def extended_case() -> dict[str, Any]:
    """Give a course of eight that was extended to ten, and one to twelve, and ran to eleven."""
    held = [session(n, n, total=50 - 2 * n) for n in range(1, 12)]
    changes = [
        {"n": 7, "kind": "extension", "from": 8, "to": 10, "reason": "mourning just begun"},
        {"n": 9, "kind": "extension", "from": 10, "to": 12, "reason": "anniversary in May"},
    ]
    contract = {
        "planned_sessions": 8,
        "phases": {"beginning": [1, 2], "middle": [3, 6], "termination": [7, 8]},
    }
    return case("EXT-1", *held, contract=contract, contract_changes=changes)


def group_case() -> dict[str, Any]:
    """Give a member of a group: one session missed, one cancelled for all, two of their own."""
    sessions = [
        session(1, 1, total=48),
        session(2, 1, kind="group", total=46),
        session(3, 2, kind="group", attendance="no_show"),
        session(4, None, kind="group", attendance="group_cancelled"),
        session(5, 3, kind="group", total=40),
        session(6, 2, total=30),
    ]
    contract = {
        "planned_sessions": 16,
        "phases": {"beginning": [1, 4], "middle": [5, 12], "termination": [13, 16]},
    }
    return case("GRP-1", *sessions, protocol="IPT-G-PTSD-16", format="group", contract=contract)


def rated_case() -> dict[str, Any]:
    """Give a session rated by its therapist and by two raters who are not the supervisor."""

    def rating(rater: str, quality: int) -> dict[str, Any]:
        items = {"F01": {"d": 1, "q": quality}, "F02": {"d": 0.5, "q": quality}}
        return {"rater": rater, "items": items, "proscribed": {"Z01": 0}, "basis": "recall"}

    ratings = [rating("self", 5), rating("SUP-08", 3), rating("SUP-09", 2), rating("EX-01", 4)]
    return case("RAT-1", session(1, 1, total=33, fidelity=ratings), supervisor="SUP-08")


def objects(value: object, place: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Give every JSON object of a bundle with its place."""
    if isinstance(value, dict):
        yield place, value
        for key, inner in list(value.items()):
            yield from objects(inner, f"{place}.{key}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from objects(inner, f"{place}[{index}]")
