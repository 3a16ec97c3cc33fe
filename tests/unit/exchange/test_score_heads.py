"""What heads and names of forms are taken to mean, and what is left to be asked."""

import pytest

from ipt_tracker.exchange.score_heads import (
    DAY,
    FORM,
    PATIENT,
    TOTAL,
    first_called,
    form_columns,
    item_columns,
    meant_by,
    spellings,
)


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("PHQ-9", ["phq9"]),
        ("phq9", ["phq9"]),
        ("PCL-5 (past week)", ["pcl5_week"]),
        ("PCL5 weekly", ["pcl5_week"]),
        ("PCL-5, past month", ["pcl5_month"]),
        ("pcl5_month", ["pcl5_month"]),
        ("PCL-5", ["pcl5_month", "pcl5_week"]),
        ("HAM-D", ["hamd17"]),
        ("PCL-C", ["pcl4"]),
        ("BDI-II", []),
        ("PCL-5 yearly", []),
        ("", []),
    ],
)
def test_a_name_means_one_form_or_several_or_none(name, keys):
    assert sorted(one.key for one in meant_by(name)) == keys


def test_a_caps_without_its_window_is_asked_about():
    assert len(meant_by("CAPS-5")) > 1


def test_heads_are_found_in_other_spellings_and_unknown_ones_are_not_guessed():
    head = ("Client ID", "Test date", "Scale", "Sum score", "Mood")

    assert [first_called(head, names) for names in (PATIENT, DAY, FORM, TOTAL)] == [0, 1, 2, 3]
    assert first_called(("Mood", "Notes"), PATIENT) is None


def test_items_and_totals_that_name_their_form_are_found():
    head = ("phq9_1", "PHQ-9 item 9", "phq9_total", "PCL5week_20", "pcl5", "item_3", "Q4", "age")
    found = [(each.place, each.spelling, each.item) for each in form_columns(head)]

    assert found == [
        *((0, "phq9", 1), (1, "phq9", 9), (2, "phq9", None)),
        *((3, "pcl5week", 20), (4, "pcl5", None)),
    ]
    assert item_columns(head) == {3: 5, 4: 6}


def test_names_that_differ_in_signs_alone_are_one():
    assert spellings(iter(["PCL-5", "pcl5", "PHQ 9", "PCL 5"])) == ("PCL-5", "PHQ 9")
