"""Item sets: the project's own, one that a clinic writes, and everything that can be wrong."""

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipt_tracker.clinical.course.phases import Phase
from ipt_tracker.clinical.fidelity.file_reading import MOST_FAULTS, FaultsFound
from ipt_tracker.clinical.fidelity.item_set import (
    OWN_SET,
    QUALITY_WORDS,
    domain_label,
    example_text,
    own_item_set,
    read_item_set,
)


def a_file(**changes):
    """Give a set that can be read, with these values in place of its own; None leaves one out."""
    file = json.loads(example_text()) | changes
    return {name: value for name, value in file.items() if value is not None}


def with_item(**changes):
    file = a_file()
    file["items"] = [file["items"][0] | changes]
    return file


def faults(raw):
    with pytest.raises(FaultsFound) as refused:
        read_item_set(raw)
    return refused.value.faults


def said_of(raw):
    """Give what is said of a file, nothing where it can be read."""
    try:
        read_item_set(raw)
    except FaultsFound as refused:
        return refused.faults
    return ()


def test_the_own_set_has_fourteen_items_in_five_domains_and_three_proscribed_acts():
    own = own_item_set()

    assert own.ref == OWN_SET
    assert [item.code for item in own.items] == [f"F{n:02}" for n in range(1, 15)]
    assert own.domains == ("structure", "focus", "technique", "safety", "alliance")
    assert [len(own.of_domain(domain)) for domain in own.domains] == [3, 3, 5, 1, 2]
    assert [each.code for each in own.proscribed] == ["Z01", "Z02", "Z03"]


def test_the_own_set_says_that_it_is_unvalidated_and_no_published_scale():
    assert own_item_set().notice == ("Project-defined and unvalidated. Not any published scale.")


def test_three_items_of_the_own_set_are_not_expected_before_the_middle():
    for phase in (Phase.ENGAGEMENT, Phase.BEGINNING):
        late = {item.code for item in own_item_set().items if not item.is_expected_in(phase)}
        assert late == {"F06", "F08", "F09"}
    for phase in (Phase.MIDDLE, Phase.TERMINATION, Phase.EXTENSION, Phase.MAINTENANCE):
        assert all(item.is_expected_in(phase) for item in own_item_set().items)


def test_in_a_phase_that_is_not_known_every_item_is_expected():
    assert all(item.is_expected_in("intake") for item in own_item_set().items)


def test_the_words_of_a_code_are_found_and_a_code_of_no_item_stands_as_it_is():
    own = own_item_set()

    assert own.text_of("F11") == "Makes use of the time limit"
    assert own.text_of("Z03") == "Unfocused supportive talk"
    assert own.text_of("Q9") == "Q9"
    assert own.quality_word(3) == "Adequate"
    assert domain_label("structure") == "Structure"


def test_the_example_file_can_be_read_and_another_number_of_items_is_fine():
    found = read_item_set(a_file())

    assert found.ref == "example-set@1"
    assert found.domains == ("first domain", "second domain")
    assert [item.is_always for item in found.items] == [True, False, False]
    assert found.items[2].phases == (Phase.TERMINATION,)


def test_a_set_may_have_no_proscribed_act_and_no_words_for_quality():
    found = read_item_set(a_file(proscribed=[], quality=None))

    assert found.proscribed == ()
    assert found.quality_words == QUALITY_WORDS


def test_what_is_read_has_no_spaces_at_its_ends():
    assert read_item_set(a_file(owner="  An institute ")).owner == "An institute"


TOO_LONG = "x" * 301
ONE_FAULT = {
    "no entry": ([], "File: this must be an entry with names and values, in { }."),
    "another schema": (a_file(schema="x/1"), 'File, "schema": this must be "ipt-tracker-item'),
    "nothing said of the owner": (a_file(owner=None), 'File: "owner" is missing.'),
    "a name that is not known": (a_file(scale=7), 'File: "scale" is not known here. Known are:'),
    "an empty notice": (a_file(notice=" "), 'File, "notice": this is empty.'),
    "a number for a text": (a_file(name=5), 'File, "name": this must be a text, in " ".'),
    "a key with a space": (a_file(key="our set"), 'File, "key": our set is not a key:'),
    "a version of signs": (a_file(version="1@2"), 'File, "version": 1@2 is not a version:'),
    "no list of items": (a_file(items={}), "Items: this must be a list, in [ ]."),
    "no item at all": (a_file(items=[]), "Items: there must be 1 to 120; there are 0."),
    "an item that is a text": (a_file(items=["x"]), "Items, entry 1: this must be an entry"),
    "a code with a dot": (with_item(code="A.1"), 'Items, entry 1, "code": A.1 is not a code:'),
    "an item too long": (with_item(text=TOO_LONG), 'Items, entry 1, "text": this has 301 char'),
    "a line break": (with_item(text="a\nb"), 'Items, entry 1, "text": this has a character'),
    "a text turned round": (with_item(text="a\u202eb"), 'Items, entry 1, "text": this has a ch'),
    "half a character": (with_item(text="a\ud800"), 'Items, entry 1, "text": this has a charac'),
    "an unknown phase": (with_item(phases=["end"]), 'Items, entry 1, "phases": end is not a ph'),
    "no phase": (with_item(phases=[]), 'Items, entry 1, "phases": there must be 1 to 6;'),
    "a code twice": (
        a_file(proscribed=[{"code": "a1", "text": "The same code as an item"}]),
        "Codes: A1 stands 2 times; each once.",
    ),
    "a scale of seven": (
        a_file(quality={str(n): "x" for n in range(1, 8)}),
        "Quality: the scale must run from 1 to 5, each with its words.",
    ),
    "a scale from zero": (a_file(quality={str(n): "x" for n in range(5)}), "Quality: the scale"),
    "a scale of numbers": (a_file(quality=5), "Quality: the scale must run from 1 to 5"),
}


@pytest.mark.parametrize(("raw", "sentence"), ONE_FAULT.values(), ids=ONE_FAULT.keys())
def test_what_is_wrong_is_said_in_one_sentence_that_names_the_place(raw, sentence):
    (found,) = faults(raw)

    assert found.startswith(sentence)
    assert found.endswith(".")


def test_everything_that_is_wrong_is_said_at_once_and_no_further_than_can_be_read():
    many = a_file(items=[{"code": "?", "domain": "", "text": 1}] * 50)

    assert len(faults(many)) == MOST_FAULTS
    assert len(faults(a_file(owner="", notice="", key="?"))) == 3


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_any_json_is_read_or_refused_with_sentences(raw):
    assert all(fault.endswith(".") for fault in said_of(raw))


@given(st.sampled_from(sorted(a_file())), JSON)
def test_any_value_in_any_place_is_read_or_refused_with_sentences(name, value):
    assert all(": " in fault for fault in said_of(a_file() | {name: value}))


def test_reading_changes_nothing_in_what_was_handed_in():
    raw = a_file()
    before = copy.deepcopy(raw)

    read_item_set(raw)

    assert raw == before
