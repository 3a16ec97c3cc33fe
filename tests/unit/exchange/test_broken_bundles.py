"""A broken file is refused whole, and the refusal names the place."""

import json
from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipt_tracker.exchange.course_bundle import BrokenBundle, content_of, first_difference, read
from tests.unit.exchange.small_case import SMALL_CASE


def spoil(bundle, path, value):
    """Set the value at a path of keys and indices."""
    *way, last = path
    for step in way:
        bundle = bundle[step]
    bundle[last] = value


CASE = ("cases", 0)
FIRST = (*CASE, "sessions", 0)
MEASURE = (*FIRST, "measures", 0)


@pytest.mark.parametrize(
    ("path", "value", "complaint"),
    [
        (("schema",), "ipt-course-bundle/2", ("schema", "ipt-course-bundle/1 is needed")),
        (("cases",), {}, ("cases", "a list of cases is needed")),
        (CASE, "SYN-01", ("cases[0]", "an object is needed, this is text")),
        ((*CASE, "id"), None, ("cases[0].id", "this is missing")),
        ((*CASE, "id"), " ", ("cases[0].id", "this is missing")),
        ((*CASE, "id"), 7, ("cases[0].id", "text is needed, this is a number")),
        ((*CASE, "id"), "x" * 61, ("cases[0].id", "at most 60 characters")),
        ((*CASE, "therapist"), None, ("SYN-01 therapist", "this is missing")),
        ((*CASE, "sessions"), None, ("SYN-01 sessions", "a list of sessions is needed")),
        ((*CASE, "sessions"), {}, ("SYN-01 sessions", "a list is needed, this is an object")),
        ((*CASE, "contract"), [], ("SYN-01 contract", "an object is needed, this is a list")),
        (FIRST, 5, ("SYN-01 sessions[0]", "an object is needed, this is a number")),
        (
            (*FIRST, "slot"),
            "three",
            ("SYN-01 sessions[0].slot", 'a whole number is needed, this is "t'),
        ),
        ((*FIRST, "slot"), True, ("SYN-01 sessions[0].slot", "a whole number is needed")),
        ((*FIRST, "slot"), 1.5, ("SYN-01 sessions[0].slot", "a whole number is needed")),
        ((*FIRST, "slot"), None, ("SYN-01 sessions[0].slot", "from 1 on is needed")),
        ((*FIRST, "slot"), 0, ("SYN-01 sessions[0].slot", "from 1 on is needed")),
        ((*FIRST, "slot"), 3, ("SYN-01 sessions[2].slot", "slot 3 is there twice")),
        ((*FIRST, "date"), None, ("SYN-01 sessions[0].date", "a date like 2025-01-06")),
        ((*FIRST, "date"), "6.1.2025", ("SYN-01 sessions[0].date", 'this is "6.1.2025"')),
        ((*FIRST, "date"), "20250106", ("SYN-01 sessions[0].date", "a date like 2025-01-06")),
        ((*FIRST, "date"), "2025-02-30", ("SYN-01 sessions[0].date", "not a day of the calendar")),
        ((*FIRST, "date"), "0025-01-06", ("SYN-01 sessions[0].date", "not a year in which")),
        ((*FIRST, "attendance"), None, ("SYN-01 sessions[0].attendance", "this is missing")),
        ((*FIRST, "plan"), "a\x00b", ("SYN-01 sessions[0].plan", "without NUL")),
        ((*FIRST, "tasks_done"), "B01", ("SYN-01 sessions[0].tasks_done", "a list is needed")),
        (
            (*FIRST, "tasks_done"),
            ["B01", 2],
            ("SYN-01 sessions[0].tasks_done[1]", "text is needed"),
        ),
        ((*FIRST, "risk"), {"asked": "yes"}, ("SYN-01 sessions[0].risk.asked", "true or false")),
        ((*MEASURE, "total"), "50", ("SYN-01 sessions[0].measures[0].total", "a whole number")),
        ((*MEASURE, "instrument"), None, ("SYN-01 sessions[0].measures[0].instrument", "missing")),
        (
            (*FIRST, "note", "signed_day"),
            99_999,
            ("SYN-01 sessions[0].note.signed_day", "99999 days from first contact is impossible"),
        ),
        (
            (*FIRST, "fidelity"),
            [{"rater": "self", "items": {"F01": {"d": 2, "q": 3}}}],
            ("SYN-01 sessions[0].fidelity[0].items.F01.d", "delivered is 1, 0.5, 0 or null"),
        ),
        (
            (*FIRST, "fidelity"),
            [{"rater": "self", "proscribed": {"Z01": "no"}}],
            ("SYN-01 sessions[0].fidelity[0].proscribed.Z01", "a flag is 0, 1 or null"),
        ),
        (
            (*FIRST, "fidelity"),
            [{"basis": "live"}],
            ("SYN-01 sessions[0].fidelity[0].rater", "this is missing"),
        ),
        (
            (*CASE, "contract", "phases", "middle"),
            [4],
            ("SYN-01 contract.phases.middle", "first and last session number"),
        ),
        (
            (*CASE, "contract", "phases", "middle"),
            [2, 11],
            ("SYN-01 contract.phases", "middle starts at session 2"),
        ),
        (
            (*CASE, "focal_areas", 0, "area"),
            None,
            ("SYN-01 focal_areas[0].area", "this is missing"),
        ),
    ],
)
def test_what_is_broken_is_refused_naming_the_place(bundle, read_back, path, value, complaint):
    place, words = complaint
    read_back()  # whole before it is spoiled

    spoil(bundle, path, value)
    with pytest.raises(BrokenBundle) as broken:
        read_back()

    assert broken.value.place == place
    assert words in broken.value.message
    assert str(broken.value) == f"{place}: {broken.value.message}"


def test_the_same_case_twice_in_one_file_is_refused(bundle, case, read_back):
    bundle["cases"].append(case)

    with pytest.raises(BrokenBundle, match=r"cases\[1\]\.id: SYN-01 is there twice"):
        read_back()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "line 1, column 1: this is not JSON"),
        ('{"schema": "ipt-course-bundle/1",\n "cases": [}', "line 2, column 12: this is not JSON"),
        ("[]", "an object is needed, this is a list"),
        ('{"schema": NaN}', "NaN is not a number"),
        ('{"cases": [], "cases": []}', 'two values for "cases"'),
        ('{"notice": "\\ud800"}', "not text in UTF-8"),
        (b"\xff\xfe", "not text in UTF-8"),
        ("[" * 100_000, "nested too deeply"),
        ('{"n": ' + "9" * 5000 + "}", "a number is too long"),
    ],
)
def test_a_file_that_is_no_clean_json_is_refused(text, words):
    with pytest.raises(BrokenBundle) as broken:
        read(text)

    assert words in str(broken.value)


def test_a_byte_order_mark_does_not_matter(bundle):
    assert read(json.dumps(bundle).encode("utf-8-sig")).cases[0].id == "SYN-01"


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=4)
    | st.sampled_from(["2025-01-06", "grief", "attended", "group", "F01"]),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=4,
)


def places(value, way=()):
    """Walk to every place of a JSON value."""
    if way:
        yield way
    if isinstance(value, dict | list):
        inner = value.items() if isinstance(value, dict) else enumerate(value)
        for step, found in inner:
            yield from places(found, (*way, step))


PLACES = list(places({"schema": "ipt-course-bundle/1", "cases": [SMALL_CASE]}))


@given(st.sampled_from(PLACES), json_values)
def test_whatever_stands_at_any_place_is_read_or_refused_and_never_crashes(place, value):
    bundle = {"schema": "ipt-course-bundle/1", "cases": [deepcopy(SMALL_CASE)]}
    spoil(bundle, place, value)

    complaint = None
    cases = ()
    try:
        cases = read(json.dumps(bundle)).cases
    except BrokenBundle as broken:
        complaint = broken

    assert complaint is None or (complaint.place and complaint.message.endswith("."))
    for case in cases:
        assert first_difference(case.content, content_of(bundle["cases"][0])) is None
