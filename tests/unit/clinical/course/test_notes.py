"""A note's way: every state, every act, written out by hand."""

from datetime import date

import pytest

from ipt_tracker.clinical.course.notes import (
    LATE_AFTER_DAYS,
    Act,
    NoteState,
    after,
    allows,
    is_late,
    is_signed,
)
from ipt_tracker.clinical.rules import RuleBroken

NO = "refused"
STATES = (*NoteState, None, "burnt")
"""Beside our own: no note at all, and a state of another clinic's file."""
ACTS = ("edit", "sign", "sign as a trainee", "request_changes", "cosign", "add", "correct")
TABLE = {
    "unsigned": ("unsigned", "signed", "awaiting_cosign", NO, NO, NO, NO),
    "changes_requested": ("changes_requested", "signed", "awaiting_cosign", NO, NO, NO, NO),
    "awaiting_cosign": (
        NO,
        NO,
        NO,
        "changes_requested",
        "cosigned",
        "awaiting_cosign",
        "awaiting_cosign",
    ),
    "signed": (NO, NO, NO, NO, NO, "signed", "signed"),
    "cosigned": (NO, NO, NO, NO, NO, "cosigned", "cosigned"),
    "late_entry": (NO, NO, NO, NO, NO, "late_entry", "late_entry"),
    "amended": (NO, NO, NO, NO, NO, "amended", "amended"),
    "contact_note": (NO, NO, NO, NO, NO, "contact_note", "contact_note"),
    None: (NO, NO, NO, NO, NO, None, None),
    "burnt": (NO, NO, NO, NO, NO, "burnt", "burnt"),
}
CASES = [
    (state, act, end) for state, ends in TABLE.items() for act, end in zip(ACTS, ends, strict=True)
]


def done(state, act):
    name, _, trainee = act.partition(" as a ")
    try:
        return after(state, Act(name), needs_cosign=bool(trainee))
    except RuleBroken:
        return NO


def test_the_table_knows_every_state_and_every_act():
    assert set(TABLE) == set(STATES)
    assert {act.partition(" as a ")[0] for act in ACTS} == set(Act)


@pytest.mark.parametrize(("state", "act", "end"), CASES)
def test_each_act_in_each_state_ends_where_the_table_says(state, act, end):
    assert done(state, act) == end


@pytest.mark.parametrize(("state", "act", "end"), CASES)
def test_what_is_offered_is_what_can_be_done(state, act, end):
    assert allows(state, Act(act.partition(" as a ")[0])) is (end != NO)


@pytest.mark.parametrize("state", STATES)
def test_a_note_is_either_open_or_closed_to_change_for_good(state):
    assert allows(state, Act.EDIT) is not allows(state, Act.CORRECT)


@pytest.mark.parametrize("state", [s for s in TABLE if s])
def test_a_refusal_says_in_a_sentence_what_is_the_matter(state):
    for act in Act:
        if not allows(state, act):
            with pytest.raises(RuleBroken, match=r"note|record") as refused:
                after(state, act)
            assert refused.value.message.endswith(".")


def test_what_a_file_brings_as_late_amended_or_contact_note_counts_as_signed():
    signed = {state for state in STATES if is_signed(state)}

    assert signed == {
        "awaiting_cosign",
        "signed",
        "cosigned",
        "late_entry",
        "amended",
        "contact_note",
    }


@pytest.mark.parametrize(("entered", "late"), [(9, False), (11, False), (12, True), (31, True)])
def test_an_entry_is_late_from_the_third_day_on(entered, late):
    assert LATE_AFTER_DAYS == 2
    assert is_late(date(2026, 3, 9), date(2026, 3, entered)) is late
