"""What makes a password good enough, and how it is kept."""

import pytest

from ipt_tracker.cli.demo import PASSWORD as DEMO_PASSWORD
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.services.identity.passwords import (
    LONGEST,
    SHORTEST,
    WITH_FACTOR,
    WORKS,
    hash_password,
    matches,
)

GOOD = "meadow copper thirteen anvils"
PERSON = ("Ines Marlowe-Quist", "i.marlowe@lakeside.example")


def refused(password, about=(), **more):
    with pytest.raises(RuleBroken) as broken:
        hash_password(password, about, **more)
    assert broken.value.field == "password"
    return broken.value.message


def test_a_password_is_kept_as_argon2id_and_found_again():
    kept = hash_password(GOOD, PERSON)

    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert matches(kept, GOOD)
    assert not matches(kept, GOOD + " ")
    assert not matches(None, GOOD)


def test_any_characters_count_one_each():
    assert matches(hash_password("Größe läuft übers Éck ☂ 雨"), "Größe läuft übers Éck ☂ 雨")


def test_fifteen_characters_are_needed_and_twelve_beside_a_second_factor():
    just, shorter = "kv7&mQ2xw9#Lp4z", "kv7&mQ2xw9#L"
    assert (len(just), len(shorter)) == (SHORTEST, WITH_FACTOR) == (15, 12)

    assert hash_password(just)
    assert hash_password(shorter, shortest=WITH_FACTOR)
    assert refused(just[:-1]) == f"Use 15 characters or more. {WORKS}"
    assert refused(shorter[:-1], shortest=WITH_FACTOR) == f"Use 12 characters or more. {WORKS}"


def test_a_hundred_and_twenty_eight_characters_are_taken_and_not_one_more():
    longest = ("meadow copper thirteen anvils " * 5)[:LONGEST]

    assert matches(hash_password(longest), longest)
    assert refused(longest + "x") == "Use 128 characters at most."
    assert refused("x" * 10_000_000) == "Use 128 characters at most."


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("x" * 15, "it repeats itself"),
        ("abcabcabcabcabc", "it repeats itself"),
        ("passwordpassword", "do not count"),
        ("abcdefghijklmnopq", "it goes on like abc or 678"),
        ("qwertyuiopasdfgh", "it is a common word or password"),
        ("rtyuio0987654321", "it follows the keys of the keyboard"),
    ],
)
def test_what_is_easily_guessed_is_refused_with_why_and_with_what_works(password, why):
    said = refused(password)

    assert said.startswith("This is too easy to guess: ")
    assert why in said
    assert said.endswith(WORKS)


@pytest.mark.parametrize(
    "password",
    [
        "MarloweQuist1985",
        "ines-marlowe-quist",
        "i.marlowe@lakeside",
        "ipt-tracker-2026",
        "IPTTrackerClinic1",
        "Lakeside-Clinic-7",
        "therapist therapist",
    ],
)
def test_a_persons_own_words_and_those_of_the_house_do_not_count(password):
    assert "do not count" in refused(password, PERSON)


def test_a_good_password_may_hold_such_words_beside_others():
    assert hash_password("our clinic stands near the old ferry", PERSON)


def test_the_demos_password_is_held_to_the_same_rule():
    assert hash_password(DEMO_PASSWORD, ("R. Calder", "therapist@demo.example"))
