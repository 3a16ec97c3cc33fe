"""The key on paper: what is typed back is the key, or the group with the mistake is named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipt_tracker.persistence.recovery_key import ALPHABET, Mistyped, decode, encode

KEYS = st.binary(min_size=32, max_size=32)
KEY = bytes.fromhex("8f1d") * 16


@given(KEYS)
def test_a_printed_key_reads_back_as_itself(key):
    groups = encode(key)

    assert len(groups) == 13
    assert {len(group) for group in groups} == {5}
    assert decode(" ".join(groups)) == key
    assert decode("".join(groups).lower()) == key
    assert decode("-".join(groups)) == key


def test_every_wrong_character_is_found_and_its_group_is_named():
    printed = "".join(encode(KEY))

    for place, right in enumerate(printed):
        for wrong in ALPHABET.replace(right, ""):
            with pytest.raises(Mistyped) as found:
                decode(printed[:place] + wrong + printed[place + 1 :])
            assert found.value.group == place // 5 + 1


@given(KEYS, st.integers(0, 64), st.sampled_from(ALPHABET))
def test_a_wrong_character_in_any_key_is_found(key, place, wrong):
    printed = "".join(encode(key))
    typed = printed[:place] + wrong + printed[place + 1 :]

    if wrong == printed[place]:
        assert decode(typed) == key
    else:
        with pytest.raises(Mistyped, match=f"Group {place // 5 + 1} "):
            decode(typed)


@given(KEYS, st.integers(0, 63))
def test_two_neighbours_that_changed_places_are_found(key, place):
    printed = "".join(encode(key))
    one, other = printed[place], printed[place + 1]
    typed = printed[:place] + other + one + printed[place + 2 :]

    if one == other:
        assert decode(typed) == key
    else:
        with pytest.raises(Mistyped):
            decode(typed)


@given(KEYS, st.integers(0, 11), st.integers(1, 12))
def test_two_groups_that_changed_places_are_found(key, one, other):
    groups = list(encode(key))
    if groups[one] == groups[other]:
        return
    groups[one], groups[other] = groups[other], groups[one]

    with pytest.raises(Mistyped):
        decode(" ".join(groups))


@pytest.mark.parametrize("place", range(65))
def test_a_character_left_out_or_typed_twice_is_found(place):
    printed = "".join(encode(KEY))

    with pytest.raises(Mistyped, match="65 characters in 13 groups; these are 64"):
        decode(printed[:place] + printed[place + 1 :])
    with pytest.raises(Mistyped, match="these are 66"):
        decode(printed[: place + 1] + printed[place:])


def test_a_short_group_is_named():
    groups = list(encode(KEY))
    groups[3] = groups[3][:-1]

    with pytest.raises(Mistyped, match="Group 4 has 4 characters"):
        decode(" ".join(groups))


def test_letters_that_look_like_digits_are_read_as_these():
    key = bytes(32)
    printed = " ".join(encode(key))

    assert "0" in printed
    assert decode(printed.replace("0", "o").replace("1", "l")) == key


def test_a_letter_of_no_key_is_named():
    with pytest.raises(Mistyped, match="U is in no key"):
        decode("U" * 65)


@pytest.mark.parametrize("length", [0, 31, 33])
def test_only_a_key_of_32_bytes_is_printed(length):
    with pytest.raises(ValueError, match="32 bytes"):
        encode(bytes(length))
