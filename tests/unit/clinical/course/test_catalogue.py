"""The task groups that a page shows for each phase, focus and protocol."""

import pytest

from ipt_tracker.clinical.course.catalogue import (
    TASKS,
    TECHNIQUES,
    TITLES,
    task_text,
    tasks_for,
    technique_label,
)
from ipt_tracker.clinical.course.focal_areas import FOCAL_AREAS
from ipt_tracker.clinical.course.phases import Phase
from ipt_tracker.clinical.course.protocols import PROTOCOLS


@pytest.mark.parametrize(
    ("phase", "area", "protocol", "titles"),
    [
        ("beginning", None, "IPT-16", ["Beginning"]),
        ("beginning", "grief", "IPT-PTSD-14", ["Beginning", "After trauma"]),
        ("middle", None, "IPT-16", ["Every middle session"]),
        ("middle", "role_transition", "IPT-16", ["Every middle session", "Role transition"]),
        (
            "middle",
            "sensitivity",
            "IPT-PTSD-14",
            ["Every middle session", "Interpersonal deficits / sensitivity", "After trauma"],
        ),
        ("middle", None, "IPT-G-PTSD-16", ["Every middle session", "After trauma", "Group"]),
        ("termination", "grief", "IPT-PTSD-14", ["Ending"]),
        ("maintenance", "grief", "IPT-B-8-maintenance", ["Maintenance"]),
        ("engagement", None, "IPT-B-8-maintenance", ["Beginning"]),
        ("extension", "dispute", "custom", ["Every middle session", "Role dispute", "Ending"]),
        ("another phase", None, "another protocol", ["Every middle session"]),
    ],
)
def test_a_page_shows_the_tasks_of_its_phase_and_focus(phase, area, protocol, titles):
    assert [group.title for group in tasks_for(phase, area, protocol).shown] == titles


def test_every_task_is_on_every_page_exactly_once():
    for phase in Phase:
        for protocol in PROTOCOLS:
            for area in (None, *FOCAL_AREAS):
                sheet = tasks_for(phase, area, protocol)
                codes = [t.code for group in (*sheet.shown, *sheet.others) for t in group.tasks]
                assert sorted(codes) == sorted(TASKS)


def test_every_section_of_the_catalogue_has_a_title():
    assert {task.section for task in TASKS.values()} == set(TITLES)


def test_every_technique_has_plain_words():
    assert len(TECHNIQUES) == 11
    assert TECHNIQUES["exploration_nondirective"].label == "Free exploration"


def test_what_is_not_in_the_catalogue_is_shown_in_its_own_words():
    assert technique_label("ball_game") == "Ball game"
    assert task_text("Q99") == "Q99"
    assert task_text("M02") == "Review the symptom score of the week"
