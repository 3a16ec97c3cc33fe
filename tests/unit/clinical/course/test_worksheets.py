"""Sheets: what each asks, what it refuses, what it asks about first, what it says in a line."""

import importlib
import sys
from datetime import date
from textwrap import dedent

import pytest

from ipt_tracker.clinical.course import worksheets as package
from ipt_tracker.clinical.course.worksheets.catalogue import SHEETS, discover
from ipt_tracker.clinical.course.worksheets.fields import FieldKind
from ipt_tracker.clinical.course.worksheets.suitability import (
    CONCERNS,
    TRIAL_CONCERNS,
    suicide_risk_words,
)
from ipt_tracker.clinical.rules import AskFirst, RuleBroken

TODAY = date(2026, 3, 11)
DAY = "2026-03-04"
ALL_ABSENT = dict.fromkeys([*CONCERNS, *TRIAL_CONCERNS], "absent")


def refusals(kind, content):
    """Give the field and the message of each rule that is broken."""
    return [(b.field, b.message) for b in SHEETS[kind].broken(content, TODAY)]


def summary(kind, **content):
    return SHEETS[kind].summary(content)


# -- every sheet


def test_the_sheets_stand_in_the_order_of_a_course():
    assert tuple(SHEETS) == (
        "suitability",
        "medication_evaluation",
        "formulation",
        "midpoint_review",
        "ending",
        "safety_plan",
    )


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=lambda sheet: sheet.key)
def test_a_sheet_says_what_it_is_for_and_where_it_comes_from(sheet):
    assert sheet.purpose
    assert sheet.known
    assert sheet.source


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=lambda sheet: sheet.key)
def test_codes_are_offered_where_and_only_where_one_chooses(sheet):
    choosing = {FieldKind.CHOICE, FieldKind.CHOICES}

    assert [f.key for f in sheet.fields if (f.choices is not None) != (f.kind in choosing)] == []


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=lambda sheet: sheet.key)
def test_what_an_answer_depends_on_is_a_field_of_the_same_sheet_with_that_answer(sheet):
    by_key = {field.key: field for field in sheet.fields}
    needed = [field.needed_when for field in sheet.fields if field.needed_when]

    assert [n.field for n in needed if not n.answers <= set(by_key[n.field].choices)] == []
    assert {question.field for question in sheet.questions} <= set(by_key)


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=lambda sheet: sheet.key)
def test_an_empty_sheet_is_refused_and_has_a_summary_all_the_same(sheet):
    assert refusals(sheet.key, {}) == [(None, "Nothing is filled in yet.")]
    assert sheet.summary({})


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=lambda sheet: sheet.key)
def test_an_answer_that_is_not_offered_is_refused(sheet):
    for field in sheet.fields:
        if field.choices:
            wrong = ["other", "no_such"] if field.kind.is_list else "no_such"
            assert (field.key, "Choose one of the answers.") in refusals(
                sheet.key, {field.key: wrong}
            )


def test_one_row_holds_one_field_or_two():
    (concerns, *_) = SHEETS["suitability"].sections

    assert {len(row) for row in concerns.rows} == {2}
    assert [len(row) for row in SHEETS["safety_plan"].sections[-1].rows] == [2]
    assert [len(row) for row in SHEETS["ending"].sections[0].rows] == [1, 1, 1, 1]


def test_what_was_answered_is_read_section_by_section_and_the_rest_is_left_out():
    content = {"coping": ["walk", "sing"], "agreed_on": DAY, "copy_given": "no"}

    first, last = SHEETS["safety_plan"].answered(content)

    assert [(a.label, a.texts, a.is_list) for a in first.answers] == [
        ("What I can do by myself", ("walk", "sing"), True)
    ]
    assert [a.texts for a in last.answers] == [("4 Mar 2026",), ("Not yet",)]


def test_a_text_is_read_line_by_line_and_what_is_no_day_and_no_code_stays_as_it_is():
    (answered,) = SHEETS["midpoint_review"].answered({"helped": "one\n\ntwo"})
    (odd,) = SHEETS["safety_plan"].answered({"agreed_on": "in spring", "copy_given": "lost"})

    assert answered.answers[0].texts == ("one", "two")
    assert [a.texts for a in odd.answers] == [("in spring",), ("lost",)]


def test_the_answers_that_differ_between_two_editions_are_named():
    before = {"event": "a move", "link": "silence", "focal_areas": ["grief"]}
    after = {"event": "a move", "symptom": "sleep", "focal_areas": ["grief", "dispute"]}

    changed = SHEETS["formulation"].changed(before, after)

    assert [field.key for field in changed] == ["symptom", "link", "focal_areas"]


# -- suitability


@pytest.mark.parametrize("concern", [*CONCERNS, *TRIAL_CONCERNS])
@pytest.mark.parametrize("state", ["present", "unclear"])
def test_a_concern_asks_for_the_reason_to_go_on_and_forbids_nothing(concern, state):
    content = ALL_ABSENT | {concern: state, "decision": "ipt"}

    (refusal,) = refusals("suitability", content)
    assert refusal == (
        f"{concern}_reason",
        "Say why you go on, what is done first, or how it will be found out.",
    )

    SHEETS["suitability"].check(content | {f"{concern}_reason": "asked again"}, TODAY)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (ALL_ABSENT | {"decision": "ipt"}, "IPT. No concern found."),
        ({"decision": "ipt"}, "IPT. 7 of 7 not answered."),
        (
            ALL_ABSENT | {"decision": "adapted", "psychosis": "unclear", "bipolarity": "present"},
            "IPT with an adaptation. Present: bipolarity. Unclear: psychosis.",
        ),
        (
            {"decision": "other", "suicide_risk": "present"},
            "Another treatment is considered. Present: high suicide risk. 6 of 7 not answered.",
        ),
    ],
)
def test_what_was_not_asked_is_never_said_to_be_absent(content, words):
    assert summary("suitability", **content) == words


@pytest.mark.parametrize("decision", ["adapted", "other"])
def test_a_decision_for_something_else_says_for_what(decision):
    assert refusals("suitability", ALL_ABSENT | {"decision": decision}) == [
        ("adaptation", "Say which adaptation, or which other treatment.")
    ]
    assert refusals("suitability", {"psychosis": "absent"}) == [
        ("decision", "Choose what was decided.")
    ]


# -- the others


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            {"focal_areas": ["grief", "dispute"], "agreed": "yes", "agreed_on": DAY},
            "Grief and Role dispute; the patient agreed on 4 Mar 2026.",
        ),
        ({"own_area": "Exile", "agreed": "no"}, "Exile; the patient does not agree."),
        ({"agreed": "not_yet"}, "No focal area named; not yet shared with the patient."),
        ({"event": "x"}, "No focal area named; agreement of the patient not recorded."),
    ],
)
def test_a_formulation_says_its_area_and_whether_the_patient_agrees(content, words):
    assert summary("formulation", **content) == words


def test_agreement_has_its_day_and_the_day_is_not_in_the_future():
    assert refusals("formulation", {"agreed": "yes"}) == [
        ("agreed_on", "Say on which day the patient agreed.")
    ]
    assert refusals("formulation", {"agreed": "yes", "agreed_on": "2026-03-12"}) == [
        ("agreed_on", "This day is in the future.")
    ]
    assert refusals("formulation", {"agreed": "not_yet"}) == []


def test_medication_is_looked_at_again_on_a_day_to_come():
    content = {"decision": "goes_on", "medicines": ["sertraline 50 mg", "none other"]}

    SHEETS["medication_evaluation"].check(content | {"again_on": "2026-06-01"}, TODAY)

    assert summary("medication_evaluation", **content, again_on="2026-06-01") == (
        "Present medication goes on; sertraline 50 mg; none other; look again on 1 Jun 2026."
    )


@pytest.mark.parametrize(
    ("right", "words"),
    [
        ("yes", "The focus is right."),
        ("no", "The focus is not right."),
        ("unclear", "Unclear whether the focus is right."),
        ("", "Focus not reviewed."),
    ],
)
def test_a_midpoint_review_says_whether_the_focus_is_right(right, words):
    assert summary("midpoint_review", reviewed_on=DAY, focus_right=right) == (
        f"Reviewed on 4 Mar 2026. {words}"
    )


def test_a_focus_that_is_not_right_says_why():
    assert refusals("midpoint_review", {"reviewed_on": DAY, "focus_right": "no"}) == [
        ("focus_words", "Say what does not fit.")
    ]


def test_an_ending_says_what_is_written_down_and_what_is_open():
    sheet = SHEETS["ending"]
    everything = dict.fromkeys(("raised_in", "feelings", "gains", "normal_sadness"), "x")

    assert summary("ending", shortfall="x").startswith("Begun. Still open: ending raised,")
    assert summary("ending", **everything) == (
        "Written down: ending raised, feelings about it, gains reviewed, sadness told apart from "
        "illness. Still open: warning signs, contingency plan, goodbye."
    )
    rest = {"warning_signs": ["x"], "contingency": "x", "goodbye": "x"}
    assert sheet.summary(everything | rest).endswith("contingency plan, goodbye.")


def test_sadness_and_illness_are_two_questions():
    labels = {f.key: f.label for f in SHEETS["ending"].fields}

    assert labels["normal_sadness"] == "What is normal sadness here"
    assert labels["illness"] == "What would be illness again"


@pytest.mark.parametrize(
    ("kind", "content", "key"),
    [
        ("ending", {"goodbye": "said"}, "nobody_to_call"),
        ("medication_evaluation", {"needed": "yes", "decision": "none"}, "needed_not_given"),
        ("medication_evaluation", {"decision": "goes_on"}, "goes_on_unnamed"),
        ("formulation", {"agreed": "no", "agreed_on": DAY}, "day_without_yes"),
        ("suitability", {"decision": "ipt", "adaptation": "IPSRT"}, "adaptation_of_ipt"),
        ("safety_plan", {"agreed_on": DAY}, "no_number"),
        ("safety_plan", {"agreed_on": DAY, "professionals": ["the clinic"]}, "no_number"),
    ],
)
def test_what_contradicts_itself_is_asked_about_once(kind, content, key):
    with pytest.raises(AskFirst) as asked:
        SHEETS[kind].check(content, TODAY)

    assert asked.value.key == key
    SHEETS[kind].check(content, TODAY, frozenset({key}))


@pytest.mark.parametrize(
    ("kind", "key", "value", "words"),
    [
        ("medication_evaluation", "again_on", "2026-03-10", "This day is in the past."),
        ("medication_evaluation", "again_on", "2026-03-11", ""),
        ("formulation", "agreed_on", "2026-01-06", "This is before the course began"),
        ("formulation", "agreed_on", "2026-01-07", ""),
        ("midpoint_review", "reviewed_on", "2026-01-06", "This is before the course began"),
    ],
)
def test_a_day_that_cannot_be_is_refused_when_it_is_entered_and_not_later(kind, key, value, words):
    sheet, started = SHEETS[kind], date(2026, 1, 7)

    if words:
        with pytest.raises(RuleBroken, match=words) as broken:
            sheet.check_days({}, {key: value}, TODAY, started)
        assert broken.value.field == key
    sheet.check_days({key: value}, {key: value}, TODAY, started)
    sheet.check_days({key: value}, {}, TODAY, started)
    if not words:
        sheet.check_days({}, {key: value}, TODAY, started)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("present", "High suicide risk is marked: ask directly"),
        ("unclear", "High suicide risk is marked as unclear: ask directly"),
        ("absent", ""),
        (None, ""),
    ],
)
def test_a_marked_suicide_risk_says_what_to_do(state, words):
    said = suicide_risk_words({"suicide_risk": state} if state else {})

    assert said.startswith(words)
    assert bool(said) == bool(words)


def test_a_rule_comes_before_a_question():
    with pytest.raises(RuleBroken, match="Enter the day on which it was agreed") as broken:
        SHEETS["safety_plan"].check({"coping": ["walk"]}, TODAY)

    assert not isinstance(broken.value, AskFirst)


@pytest.mark.parametrize(
    ("copy", "words"),
    [("yes", "the patient has a copy"), ("no", "no copy given"), ("", "no copy given")],
)
def test_a_safety_plan_says_when_it_was_agreed_and_who_has_it(copy, words):
    assert summary("safety_plan", agreed_on=DAY, copy_given=copy) == (
        f"Agreed on 4 Mar 2026; {words}."
    )


# -- adding one

ONE_FILE = """
    from ipt_tracker.clinical.course.worksheets.fields import Field
    from ipt_tracker.clinical.course.worksheets.sheet import Section, Sheet

    def sheet(key, place, *fields):
        asked = tuple(Field(each, each) for each in fields)
        return Sheet(key, key, place, None, "for a test", (Section("All", asked),), str, "ours")

    SHEETS = ({sheets},)
"""


@pytest.fixture
def package_with(tmp_path, monkeypatch):
    """A package whose modules declare the given sheets, one file each."""
    folder = tmp_path / tmp_path.name
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "no_sheet.py").write_text("NUMBER = 1\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)

    def package_with(**files):
        for file, sheets in files.items():
            text = dedent(ONE_FILE).replace("{sheets}", sheets)
            (folder / f"{file}.py").write_text(text, encoding="utf-8")
        return importlib.import_module(tmp_path.name)

    yield package_with
    for loaded in [each for each in sys.modules if each.split(".")[0] == tmp_path.name]:
        del sys.modules[loaded]


def test_one_file_is_enough_for_a_sheet_to_be_found_in_its_place(package_with):
    found = discover(package_with(zzz="sheet('first', 1, 'a', 'b')", aaa="sheet('last', 2, 'a')"))

    assert tuple(found) == ("first", "last")
    assert [field.key for field in found["first"].fields] == ["a", "b"]


@pytest.mark.parametrize(
    "sheets", ["sheet('one', 1, 'a'), sheet('one', 2, 'a')", "sheet('one', 1, 'a', 'a')"]
)
def test_two_of_one_name_are_refused(package_with, sheets):
    with pytest.raises(ValueError, match="is there twice"):
        discover(package_with(aaa=sheets))


def test_the_catalogue_is_what_its_own_package_declares():
    assert discover(package) == SHEETS
