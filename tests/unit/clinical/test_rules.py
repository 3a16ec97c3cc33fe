"""The errors that a person can put right: a rule, and a question to confirm."""

import pytest

from ipt_tracker.clinical.rules import AskFirst, RuleBroken


def test_a_question_is_a_rule_that_names_its_field_and_the_key_to_confirm_it_by():
    with pytest.raises(RuleBroken) as refused:
        raise AskFirst("This form is entered for that day already.", "taken_on", "same_day")

    asked = refused.value
    assert (asked.message, asked.field, asked.key) == (
        "This form is entered for that day already.",
        "taken_on",
        "same_day",
    )
    assert str(asked) == asked.message
