"""The two lines of a clinic: conventions by default, and never off their scales."""

import pytest

from ipt_tracker.clinical.fidelity.lines import (
    ADHERENCE_SOURCE,
    CONVENTIONS,
    QUALITY_SOURCE,
    Lines,
    check_lines,
)
from ipt_tracker.clinical.rules import RuleBroken


def test_the_lines_are_conventions_until_a_clinic_chooses_and_say_so():
    assert Lines.from_json(None) == CONVENTIONS == Lines(3.0, 80.0)
    assert QUALITY_SOURCE.startswith("Convention")
    assert ADHERENCE_SOURCE.startswith("Convention")
    assert "No source" in ADHERENCE_SOURCE


def test_what_is_kept_reads_back_the_same():
    lines = Lines(3.4, 75.0)

    assert Lines.from_json(lines.to_json()) == lines
    assert lines.words == "quality 3.4, adherence 75 %"


@pytest.mark.parametrize("lines", [Lines(1.0, 0.0), Lines(5.0, 100.0)])
def test_the_ends_of_the_scales_can_be_chosen(lines):
    check_lines(lines)


@pytest.mark.parametrize(
    ("lines", "field"),
    [
        (Lines(0.9, 80), "quality_line"),
        (Lines(5.1, 80), "quality_line"),
        (Lines(float("nan"), 80), "quality_line"),
        (Lines(3, -1), "adherence_line"),
        (Lines(3, 100.5), "adherence_line"),
    ],
)
def test_a_line_off_its_scale_is_refused_beside_its_field(lines, field):
    with pytest.raises(RuleBroken) as refused:
        check_lines(lines)

    assert refused.value.field == field
