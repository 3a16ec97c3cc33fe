"""The demo clinic's bundle is read whole, with nothing left over."""

import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date, timedelta

import pytest

from ipt_tracker.clinical.course.attendance import rates, was_delivered
from ipt_tracker.exchange.bundle_values import Kept
from ipt_tracker.exchange.course_bundle import demo_text, last_day, read_demo, shift

CASES = read_demo().cases
BY_ID = {case.id: case for case in CASES}


def leaves(value) -> Iterator[object]:
    """Walk through everything that a value holds."""
    if isinstance(value, tuple):
        for inner in value:
            yield from leaves(inner)
    elif is_dataclass(value):
        yield value
        for each in fields(value):
            yield from leaves(getattr(value, each.name))
    else:
        yield value


def test_nothing_in_the_demo_bundle_is_unknown():
    bundle = read_demo()

    assert bundle.warnings == ()
    assert not [leaf for leaf in leaves(bundle.cases) if isinstance(leaf, Kept)]
    assert [case.id for case in bundle.cases] == ["SYN-01", "SYN-02", "SYN-04", "SYN-06"]
    assert bundle.notice.startswith("Every person and event here is invented.")
    assert "attendance_rate" in [kept.key for kept in bundle.conventions]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_attendance_comes_out_as_the_bundle_expects(case):
    expected = json.loads(case.expected)
    counts = rates(session.attendance for session in case.sessions)
    delivered = sum(was_delivered(s.kind, s.number, s.attendance) for s in case.sessions)

    assert counts.slots == expected["slots"]
    assert counts.attended == expected["attended"]
    assert counts.cancelled_by_patient == expected["cancelled_by_patient"]
    assert counts.cancelled_by_therapist == expected["cancelled_by_therapist"]
    assert counts.no_show == expected["no_show"]
    assert round(counts.attendance_rate, 4) == expected["attendance_rate"]
    assert delivered == expected["delivered_sessions"]


def test_every_value_of_the_file_is_somewhere_in_what_was_read():
    """Each text and number of the raw file is found again, keys that became dates aside."""
    for raw in json.loads(demo_text())["cases"]:
        case = BY_ID[raw.pop("id")]
        del raw["expected"]
        held = {str(leaf) for leaf in leaves(case)}
        lost = [value for value in json_leaves(raw) if value not in held]
        assert lost == []


def json_leaves(value, key=""):
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from json_leaves(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from json_leaves(inner, key)
    elif value is not None and not key.endswith("day"):
        yield str(float(value)) if key == "d" else str(bool(value)) if key[0] == "Z" else str(value)


def test_days_from_first_contact_become_dates():
    case = BY_ID["SYN-02"]
    amended = case.sessions[12].amendments[0]

    assert case.first_contact == date(2025, 1, 6)
    assert case.assessments[0].done_on == date(2025, 1, 1)
    assert case.assessments[3].done_on is None
    assert (amended.old, amended.new) == ("63", "36")
    assert amended.amended_on == date(2025, 4, 2)
    assert case.contract_changes[0].changed_on == date(2025, 3, 24)
    assert BY_ID["SYN-04"].outcome.closed_on == date(2025, 3, 3)
    assert BY_ID["SYN-06"].sessions[2].medication_change.changed_on == date(2025, 1, 18)
    assert BY_ID["SYN-06"].sessions[3].note.service_on == date(2025, 1, 27)


def test_a_spell_of_session_numbers_becomes_a_spell_of_days():
    dispute, transition = BY_ID["SYN-02"].focal_areas

    assert (dispute.opened_on, dispute.closed_on) == (date(2025, 1, 20), date(2025, 3, 17))
    assert (transition.opened_on, transition.closed_on) == (date(2025, 3, 24), date(2025, 5, 5))


def test_shifting_moves_every_date_by_the_same_days_and_nothing_else():
    for case in CASES:
        moved = shift(case, 400)
        pairs = list(zip(leaves(case), leaves(moved), strict=True))
        dates = [(before, after) for before, after in pairs if isinstance(before, date)]

        assert len(dates) > 30
        assert all(after - before == timedelta(days=400) for before, after in dates)
        assert all(
            before == after
            for before, after in pairs
            if not isinstance(before, date) and not is_dataclass(before)
        )
        assert moved.content == case.content
        assert shift(moved, -400) == case


def test_the_last_day_of_a_course_is_that_of_its_last_session():
    assert last_day(BY_ID["SYN-06"]) == date(2025, 6, 2)
