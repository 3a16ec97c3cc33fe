"""Codes that people type from paper: how they are made, read back, and kept.

Twelve characters out of 32 are 60 bits, less than what may be kept under a plain digest, so they
are kept as passwords are: under argon2id, with the person's random id as the salt.
"""

import secrets
from uuid import UUID

from argon2.low_level import Type, hash_secret_raw

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Digits and letters without I, L, O and U, which are mistaken for others."""
LENGTH, GROUP = 12, 4
LONGEST = 40
"""Characters that are looked at: a code with whatever stands between its groups."""
MEANT = str.maketrans("OIL", "011")
PASSES, KIBIBYTES = 2, 19_456
DIGEST_BYTES = 32


def new_code() -> str:
    """Make a code, in groups that are easy to read: "7K2M-QX09-D4TP"."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return "-".join(drawn[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def could_be(code: str) -> bool:
    """Say whether something has the shape of a code: what has not need not be digested."""
    return len(_meant(code)) == LENGTH


def _meant(code: str) -> str:
    return "".join(c for c in code[:LONGEST].upper() if c.isalnum()).translate(MEANT)


def digest(code: str, account_id: UUID) -> str:
    """Give what a code of this person is kept as; small letters, gaps and dashes do not matter."""
    made = hash_secret_raw(
        _meant(code).encode(),
        account_id.bytes,
        time_cost=PASSES,
        memory_cost=KIBIBYTES,
        parallelism=1,
        hash_len=DIGEST_BYTES,
        type=Type.ID,
    )
    return made.hex()
