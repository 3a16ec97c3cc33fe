"""`score FILE.json`: every worked case comes out as expected, and nothing in a file is a crash."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from ipt_tracker.cli.score import score_command

WORKED = Path(__file__).parents[2] / "data" / "scoring_cases.json"
SECTIONS = ("cases", "change_cases", "jt_cutoff_cases")


def run(path):
    return CliRunner().invoke(score_command, [str(path)])


@pytest.fixture
def scored(tmp_path):
    """Score one case of a section and return its result."""

    def scored(case, section="cases"):
        path = tmp_path / "one.json"
        path.write_text(json.dumps({section: [{"id": "x"} | case]}), encoding="utf-8")
        outcome = run(path)
        assert (outcome.exit_code, outcome.stderr) == (0, "")
        (result,) = json.loads(outcome.stdout)
        assert result["id"] == "x"
        return result["result"]

    return scored


def worked_cases():
    content = json.loads(WORKED.read_text(encoding="utf-8"))
    return [case for section in SECTIONS for case in content[section]]


def test_every_worked_case_comes_out_exactly_and_in_order():
    outcome = run(WORKED)

    assert outcome.exit_code == 0
    assert json.loads(outcome.stdout) == [
        {"id": case["id"], "result": case["expected"]} for case in worked_cases()
    ]


def test_the_keys_stand_in_the_order_of_the_worked_cases():
    results = json.loads(run(WORKED).stdout)

    assert [list(each["result"]) for each in results] == [
        list(case["expected"]) for case in worked_cases()
    ]


@pytest.mark.parametrize(
    ("instrument", "items", "error", "place"),
    [
        ("PCL-5", [1] * 19 + [5], "out_of_range", 20),
        ("PCL-5", [-1] + [1] * 19, "out_of_range", 1),
        ("PCL-5", [1, 2.5] + [1] * 18, "out_of_range", 2),
        ("PCL-5", [1, 10**400] + [1] * 18, "out_of_range", 2),
        ("PCL-5", [1, "2"] + [1] * 18, "unreadable", 2),
        ("PCL-5", [1, True] + [1] * 18, "unreadable", 2),
        ("PCL-5", [1] * 17, "wrong_item_count", 18),
        ("PCL-5", [1] * 21, "wrong_item_count", 21),
        ("PCL-5", None, "unreadable", "items"),
        ("PCL-5", "2", "unreadable", "items"),
        ("PCL-IV", [0] + [1] * 16, "out_of_range", 1),
        ("CAPS-IV", [[1, 2]] * 16 + [[1, 5]], "out_of_range", 17),
        ("CAPS-IV", [[1, 2]] * 16 + [[1]], "unreadable", 17),
        ("CAPS-IV", [[1, 2]] * 16 + [3], "unreadable", 17),
        ("CAPS-IV", [[1, 2]] * 16, "wrong_item_count", 17),
        ("PHQ-9", [4] + [0] * 8, "out_of_range", 1),
        ("PHQ-9", [0] * 10, "wrong_item_count", 10),
        ("HAM-D17", [0] * 3 + [3] + [0] * 13, "out_of_range", 4),
        ("HAM-D17", [0] * 15 + [4, 0], "out_of_range", 16),
        ("CAPS", [0] * 20, "unknown_instrument", "instrument"),
        ("GAD-7", [0] * 7, "unknown_instrument", "instrument"),
        (None, [0] * 20, "unreadable", "instrument"),
        (5, [0] * 20, "unreadable", "instrument"),
        ("PCL-5", {}, "unreadable", "items"),
        ("PCL-5", [], "wrong_item_count", 1),
        ("PCL-5", [1, [2]] + [1] * 18, "unreadable", 2),
        ("CAPS-5", [4] * 19 + [5], "out_of_range", 20),
        ("CAPS-5", [float("nan")] + [1] * 19, "out_of_range", 1),
        ("CAPS-5", [1, float("-inf")] + [1] * 18, "out_of_range", 2),
        ("PCL-IV", [1] * 16 + [6], "out_of_range", 17),
        ("CAPS-IV", [[-1, 0]] + [[1, 2]] * 16, "out_of_range", 1),
        ("CAPS-IV", [[1, 1.5]] + [[1, 2]] * 16, "out_of_range", 1),
        ("CAPS-IV", [[1, True]] + [[1, 2]] * 16, "unreadable", 1),
        ("CAPS-IV", [[None, 5]] + [[1, 2]] * 16, "out_of_range", 1),
        ("HAM-D17", [0] * 16 + [3], "out_of_range", 17),
        ("HAM-D17", [0, 0, 5] + [0] * 14, "out_of_range", 3),
    ],
)
def test_a_value_that_cannot_be_is_reported_at_its_place(scored, instrument, items, error, place):
    assert scored({"instrument": instrument, "items": items}) == {"error": error, "item": place}


@pytest.mark.parametrize(
    ("extra", "error", "place"),
    [
        ({"g_items": [0, 0, 5]}, "out_of_range", 25),
        ({"g_items": [0, 0]}, "wrong_item_count", 3),
        ({"dissociation": [-1, 0]}, "out_of_range", 29),
        ({"dissociation": [0, "1"]}, "unreadable", 30),
        ({"f_duration_met": 1}, "unreadable", "f_duration_met"),
        ({"g_items": [5, 0, 0]}, "out_of_range", 23),
        ({"g_items": [0, 0, 0, 0]}, "wrong_item_count", 4),
        ({"g_items": [True, 0, 0]}, "unreadable", 23),
        ({"g_items": 2}, "unreadable", "g_items"),
        ({"dissociation": [0, 4.5]}, "out_of_range", 30),
        ({"f_duration_met": "yes"}, "unreadable", "f_duration_met"),
        ("yes", "unreadable", "extra"),
        ([], "unreadable", "extra"),
    ],
)
def test_what_stands_beside_the_items_is_checked_too(scored, extra, error, place):
    case = {"instrument": "CAPS-5", "items": [2] * 20, "extra": extra}

    assert scored(case) == {"error": error, "item": place}


@pytest.mark.parametrize("key", ["e_duration_met", "f_impairment_met"])
def test_what_stands_beside_the_caps4_is_checked_too(scored, key):
    case = {"instrument": "CAPS-IV", "items": [[1, 2]] * 17, "extra": {key: 1}}

    assert scored(case) == {"error": "unreadable", "item": key}


@pytest.mark.parametrize(
    ("instrument", "answers", "same"),
    [
        ("PCL-5", [2.0] * 20, [2] * 20),
        ("CAPS-IV", [[1.0, 2.0]] * 17, [[1, 2]] * 17),
        ("HAM-D17", [0.0, 0.0, 2.0] + [0.0] * 12 + [3.0, None], [0, 0, 2] + [0] * 12 + [3, None]),
    ],
)
def test_a_whole_number_written_with_a_point_is_that_number(scored, instrument, answers, same):
    given, expected = (scored({"instrument": instrument, "items": x}) for x in (answers, same))

    assert json.dumps(given) == json.dumps(expected)
    assert "error" not in given


@pytest.mark.parametrize("extra", [None, {}, {"g_items": None, "dissociation": None}])
def test_extra_that_is_null_or_empty_is_not_recorded(scored, extra):
    result = scored({"instrument": "CAPS-5", "items": [2] * 20, "extra": extra})

    assert (result["dx"], result["dissociative_subtype"]) == ("indeterminate", "indeterminate")


@pytest.mark.parametrize(
    ("extra", "dx", "subtype"),
    [
        ({"f_duration_met": True, "g_items": [0, 0, 2], "dissociation": [0, 2]}, "met", "yes"),
        ({"f_duration_met": True, "g_items": [0, 1, None], "dissociation": [2, 2]}, None, None),
        ({"f_duration_met": True, "g_items": [2, 0, 0], "dissociation": [1, None]}, "met", None),
        ({"f_duration_met": False, "g_items": [4, 4, 4], "dissociation": [4, 4]}, "not_met", "no"),
        ({"f_duration_met": None, "g_items": [4, 4, 4], "dissociation": [1, 1]}, None, "no"),
    ],
)
def test_the_caps5_diagnosis_follows_what_stands_beside_it(scored, extra, dx, subtype):
    result = scored({"instrument": "CAPS-5", "items": [2] * 20, "extra": extra})

    assert result["dx"] == (dx or "indeterminate")
    assert result["dissociative_subtype"] == (subtype or "indeterminate")


def test_caps5_criteria_that_are_not_given_leave_the_diagnosis_open(scored):
    result = scored({"instrument": "CAPS-5", "items": [2] * 20})

    assert (result["dx"], result["dissociative_subtype"]) == ("indeterminate", "indeterminate")


def test_the_past_week_caps5_counts_symptoms_and_gives_no_diagnosis(scored):
    result = scored({"instrument": "CAPS-5", "window": "past_week", "items": [2] * 20})

    assert (result["total"], result["symptom_counts"]["B"]) == (40, 5)
    assert (result["dx"], result["dissociative_subtype"]) == (None, None)


def test_an_unrated_caps4_item_may_be_written_as_null_or_as_two_nulls(scored):
    one = scored({"instrument": "CAPS-IV", "items": [None] + [[1, 2]] * 16})
    two = scored({"instrument": "CAPS-IV", "items": [[None, None]] + [[1, 2]] * 16})

    assert one == two
    assert (one["bounds"], one["clusters"]["B"]) == ([48, 56], None)


def test_contradicting_caps4_ratings_are_listed(scored):
    result = scored({"instrument": "CAPS-IV", "items": [[0, 2], [3, 0]] + [[1, 1]] * 15})

    assert result["inconsistent_items"] == [1, 2]


def test_a_weight_that_was_not_assessed_is_told_and_adds_nothing(scored):
    result = scored({"instrument": "HAM-D17", "items": [1] * 15 + [3, 1]})

    assert (result["total"], result["weight_assessed"]) == (16, False)


@pytest.mark.parametrize(
    ("case", "result"),
    [
        (
            {"instrument": "PCL-5", "pre": 40, "post": 25},
            {"change": -15, "marx_s1": True, "marx_s2": False, "csc_range": True},
        ),
        (
            {"instrument": "PCL-5", "pre": 43, "post": 29},
            {"change": -14, "marx_s1": False, "marx_s2": False, "csc_range": False},
        ),
        (
            {"instrument": "CAPS-5", "pre": 20, "post": 8},
            {"change": -12, "marx_s1": False, "marx_s2": True, "csc_range": True},
        ),
        (
            {"instrument": "CAPS-5", "pre": None, "post": 8},
            {"change": None, "marx_s1": None, "marx_s2": None, "csc_range": True},
        ),
        (
            {"instrument": "CAPS-IV", "pre": 70, "post": 49},
            {
                "change": -21,
                "pct_drop": 30.0,
                "response_gt30": False,
                "response_ge30": True,
                "remission_lt20": False,
            },
        ),
        (
            {"instrument": "CAPS-IV", "pre": 60, "post": 20},
            {
                "change": -40,
                "pct_drop": 66.67,
                "response_gt30": True,
                "response_ge30": True,
                "remission_lt20": False,
            },
        ),
        (
            {"instrument": "PHQ-9", "pre": 9, "post": 5},
            {"change": -4, "pct_drop": 44.44, "response_ge50": False, "remission_lt5": False},
        ),
        (
            {"instrument": "PHQ-9", "pre": 10, "post": 12},
            {"change": 2, "pct_drop": -20.0, "response_ge50": False, "remission_lt5": False},
        ),
        (
            {"instrument": "HAM-D17", "pre": 20, "post": 8},
            {"change": -12, "pct_drop": 60.0, "response_ge50": True, "remission_le7": False},
        ),
        ({"instrument": "PCL-IV", "pre": 51, "post": 51}, {"change": 0, "pct_drop": 0.0}),
        (
            {"instrument": "PHQ-9", "pre": 16, "post": None},
            {"change": None, "pct_drop": None, "response_ge50": None, "remission_lt5": None},
        ),
        (
            {"instrument": "PHQ-9", "pre": None, "post": 4},
            {"change": None, "pct_drop": None, "response_ge50": None, "remission_lt5": True},
        ),
        (
            {"instrument": "PCL-IV", "pre": 17, "post": 20, "floor": 17},
            {"change": 3, "pct_drop": -17.65, "pct_drop_floor": None},
        ),
        (
            {"instrument": "CAPS-5", "pre": 40, "post": 27, "sd": 10, "r": 0.78},
            {
                "sem": 4.6904,
                "sdiff": 6.6332,
                "rc_score": 13.0011,
                "rci": -1.9598,
                "reliable": False,
            },
        ),
        (
            {"instrument": "PHQ-9", "pre": 16, "post": None, "sd": 4.29, "r": 0.84},
            {"sem": 1.716, "sdiff": 2.4268, "rc_score": 4.7565, "rci": None, "reliable": None},
        ),
        (
            {"instrument": "PCL-5", "pre": 81, "post": 20},
            {"error": "out_of_range", "item": "pre"},
        ),
        (
            {"instrument": "PCL-IV", "pre": 40, "post": 16},
            {"error": "out_of_range", "item": "post"},
        ),
        (
            {"instrument": "PCL-IV", "pre": 40, "post": 30, "floor": 41},
            {"error": "out_of_range", "item": "floor"},
        ),
        (
            {"instrument": "PCL-IV", "pre": 40, "post": 30, "floor": -1},
            {"error": "out_of_range", "item": "floor"},
        ),
        (
            {"instrument": "PCL-IV", "pre": 40, "post": 30, "floor": True},
            {"error": "unreadable", "item": "floor"},
        ),
        (
            {"instrument": "CAPS-5", "pre": 40, "post": 28, "floor": 0},
            {
                "change": -12,
                "marx_s1": False,
                "marx_s2": True,
                "csc_range": False,
                "pct_drop_floor": 30.0,
            },
        ),
        (
            {"instrument": "PCL-IV", "pre": None, "post": 30, "floor": 17},
            {"change": None, "pct_drop": None, "pct_drop_floor": None},
        ),
        (
            {"instrument": "CAPS-5", "pre": 21, "post": 9},
            {"change": -12, "marx_s1": False, "marx_s2": True, "csc_range": False},
        ),
        (
            {"instrument": "PCL-5", "pre": 46.0, "post": 28.0},
            {"change": -18, "marx_s1": True, "marx_s2": True, "csc_range": True},
        ),
        (
            {"instrument": "PCL-5", "pre": 45, "post": 28},
            {"change": -17, "marx_s1": True, "marx_s2": False, "csc_range": True},
        ),
        (
            {"instrument": "PCL-5", "pre": 40.5, "post": 28},
            {"error": "out_of_range", "item": "pre"},
        ),
        ({"instrument": "CAPS", "pre": 40}, {"error": "unknown_instrument", "item": "instrument"}),
        (
            {"instrument": "PHQ-9", "pre": float("inf"), "post": 3},
            {"error": "out_of_range", "item": "pre"},
        ),
        (
            {"instrument": "PHQ-9", "pre": 16, "post": 3, "sd": float("nan"), "r": 0.8},
            {"error": "out_of_range", "item": "sd"},
        ),
        (
            {"instrument": "PHQ-9", "pre": "16", "post": 3},
            {"error": "unreadable", "item": "pre"},
        ),
        (
            {"instrument": "PHQ-9", "pre": 16, "post": 3, "sd": 4.29},
            {"error": "unreadable", "item": "r"},
        ),
        (
            {"instrument": "PHQ-9", "pre": 16, "post": 3, "sd": 0, "r": 0.8},
            {"error": "out_of_range", "item": "sd"},
        ),
        (
            {"instrument": "PHQ-9", "pre": 16, "post": 3, "sd": 1e-9, "r": 0.8},
            {"error": "out_of_range", "item": "sd"},
        ),
        (
            {"instrument": "PHQ-9", "pre": 16, "post": 3, "sd": 4.29, "r": 1},
            {"error": "out_of_range", "item": "r"},
        ),
    ],
)
def test_a_change_case_gets_the_keys_of_its_kind(scored, case, result):
    assert scored(case, "change_cases") == result


def test_no_change_is_never_printed_as_minus_zero(scored):
    result = scored({"instrument": "PHQ-9", "pre": 9, "post": 9}, "change_cases")

    assert str(result["pct_drop"]) == "0.0"


@pytest.mark.parametrize(
    ("case", "result"),
    [
        (
            {"clinical": [40, 10], "functional": [60, 5], "lower_is_better": False},
            {"a": 60.0, "b": 50.0, "c": 53.3333},
        ),
        (
            {"instrument": "none at all", "clinical": [60, 10], "functional": [40, 10]},
            {"a": 40.0, "b": 60.0, "c": 50.0},
        ),
        (
            {"clinical": [60, 0], "functional": [40, 10]},
            {"error": "out_of_range", "item": "clinical"},
        ),
        ({"clinical": [60, 10]}, {"error": "unreadable", "item": "functional"}),
        (
            {
                "instrument": "PHQ-9",
                "clinical": [40, 10],
                "functional": [60, 5],
                "lower_is_better": True,
            },
            {"a": 20.0, "b": 70.0, "c": 53.3333},
        ),
        ({"clinical": ["60", 10]}, {"error": "unreadable", "item": "clinical"}),
        ({"clinical": [60]}, {"error": "wrong_item_count", "item": 2}),
        (
            {"clinical": [60, 10], "functional": [40, 10], "lower_is_better": "yes"},
            {"error": "unreadable", "item": "lower_is_better"},
        ),
    ],
)
def test_a_line_case_is_pure_arithmetic(scored, case, result):
    assert scored(case, "jt_cutoff_cases") == result


def test_one_unreadable_case_does_not_stop_the_others(tmp_path):
    path = tmp_path / "cases.json"
    good = {"id": 7, "instrument": "PHQ-9", "items": [0] * 9}
    path.write_text(json.dumps({"cases": ["nonsense", good]}), encoding="utf-8")

    first, second = json.loads(run(path).stdout)

    assert first == {"id": None, "result": {"error": "unreadable", "item": None}}
    assert (second["id"], second["result"]["total"]) == (7, 0)


def test_a_case_or_an_id_that_is_no_number_stays_a_matter_of_its_own_case(tmp_path):
    path = tmp_path / "cases.json"
    path.write_text('{"cases": [NaN, {"id": Infinity, "instrument": "PHQ-9"}]}', encoding="utf-8")

    results = json.loads(run(path).stdout, parse_constant=pytest.fail)

    assert [each["result"]["error"] for each in results] == ["unreadable", "unreadable"]
    assert [each["id"] for each in results] == [None, None]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{", "is not readable as JSON"),
        ("", "is not readable as JSON"),
        ("[" * 100_000, "is not readable as JSON"),
        ("[]", "holds none of cases, change_cases, jt_cutoff_cases"),
        ('{"other": 1}', "holds none of cases, change_cases, jt_cutoff_cases"),
        ('{"cases": {}}', "cases is not a list"),
    ],
)
def test_a_broken_file_gives_one_sentence_and_a_failure(tmp_path, content, sentence):
    path = tmp_path / "broken.json"
    path.write_text(content, encoding="utf-8")

    outcome = run(path)

    assert (outcome.exit_code, outcome.stdout) == (1, "")
    assert sentence in outcome.stderr
    assert outcome.stderr.count("\n") == 1


def test_a_file_that_is_not_text_gives_one_sentence(tmp_path):
    path = tmp_path / "picture.json"
    path.write_bytes(b"\xff\xd8\xff")

    outcome = run(path)

    assert (outcome.exit_code, outcome.stderr.count("\n")) == (1, 1)
    assert "is not readable as JSON" in outcome.stderr


def test_a_missing_file_gives_one_sentence(tmp_path):
    outcome = run(tmp_path / "nowhere.json")

    assert (outcome.exit_code, outcome.stdout) == (1, "")
    assert "cannot be opened: No such file or directory." in outcome.stderr
