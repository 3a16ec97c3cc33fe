"""Passwords: how long, how hard to guess, and how they are kept."""

import base64
import re
import secrets
from collections.abc import Sequence
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from ipt_tracker.clinical.rules import RuleBroken

SHORTEST, WITH_FACTOR, LONGEST = 15, 12, 128
"""Characters. Longer ones are refused before they are hashed; 12 beside a second factor."""
STRONG_ENOUGH = 3
"""Of 0 to 4: a hundred million guesses and more."""
OF_THE_HOUSE = (
    *("interpersonal", "psychotherapy", "administrator", "supervisor", "therapist", "supervision"),
    *("assessor", "password", "therapy", "tracker", "patient", "auditor", "clinic", "demo", "ipt"),
)
"""Words that anybody would try here. They count for nothing, like a person's own name."""
SHORTEST_WORD = 3
WORKS = "Four or five words that have nothing to do with each other work well."
WHY = {
    "repeat": "it repeats itself",
    "sequence": "it goes on like abc or 678",
    "spatial": "it follows the keys of the keyboard",
    "dictionary": "it is a common word or password",
}


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    """Give a hash that no password fits, as dear to check as a real one, without making one."""
    made = _hasher()
    cost = f"m={made.memory_cost},t={made.time_cost},p={made.parallelism}"
    salt, rest = (_base64(secrets.token_bytes(n)) for n in (made.salt_len, made.hash_len))
    return f"$argon2id$v=19${cost}${salt}${rest}"


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode().rstrip("=")


def hash_password(password: str, about: Sequence[str] = (), *, shortest: int = SHORTEST) -> str:
    """Hash a new password, or raise RuleBroken on "password" with why, and what works.

    `about` is what is known of the person: the name, the e-mail. `shortest` is lower for somebody
    who has confirmed a second factor.
    """
    if len(password) > LONGEST:
        raise RuleBroken(f"Use {LONGEST} characters at most.", "password")
    if len(password) < shortest:
        raise RuleBroken(f"Use {shortest} characters or more. {WORKS}", "password")
    why = _too_easy(password, about)
    if why:
        raise RuleBroken(f"This is too easy to guess: {why}. {WORKS}", "password")
    return _hasher().hash(password)


def _too_easy(password: str, about: Sequence[str]) -> str | None:
    """Say why a password is easily guessed; None when it is not."""
    known = known_words(about)
    left = re.sub("|".join(map(re.escape, known)), " ", password, flags=re.IGNORECASE)
    found = zxcvbn(left, user_inputs=list(known), max_length=LONGEST)
    if found["score"] >= STRONG_ENOUGH:
        return None
    if left != password:
        return "names, and words of this clinic or program, do not count, and little else is left"
    longest = max(found["sequence"], key=lambda part: len(part["token"]))
    return WHY.get(longest["pattern"], "it follows a pattern")


def known_words(about: Sequence[str]) -> tuple[str, ...]:
    """Give the words that count for nothing, the longest first: of the house and of the person."""
    own = (word for text in about for word in re.split(r"[\W_]+", text.lower()))
    words = {*OF_THE_HOUSE, *(word for word in own if len(word) >= SHORTEST_WORD)}
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


def matches(password_hash: str | None, password: str) -> bool:
    """Say whether this is the password. It takes as long when there is none to compare with."""
    if len(password) > LONGEST:
        return False
    try:
        _hasher().verify(password_hash or _nobodys_hash(), password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None
