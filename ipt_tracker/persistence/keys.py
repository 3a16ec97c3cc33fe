"""One key of an instance, and the keys that are derived from it for each use.

The instance key opens the embedded database as it is; the other uses have keys of their own
(HKDF with SHA-256, RFC 5869), so that what is known of one use tells nothing of another. Whoever
keeps the instance key, on paper for instance, can open every backup.
"""

from dataclasses import dataclass
from functools import cached_property

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32


@dataclass(frozen=True)
class Keys:
    """The keys of one instance, 32 bytes each. They never appear in its text form."""

    root: bytes

    def __post_init__(self) -> None:
        if len(self.root) != KEY_BYTES:
            raise ValueError("an instance key has 32 bytes")

    def __repr__(self) -> str:
        return "Keys(...)"

    @property
    def database(self) -> bytes:
        """The raw key of the embedded database."""
        return self.root

    @cached_property
    def audit(self) -> bytes:
        """The key that seals the audit and its anchors."""
        return self._derived(b"audit")

    @cached_property
    def factor(self) -> bytes:
        """The key that seals the seeds of second factors."""
        return self._derived(b"second factor")

    @cached_property
    def backup(self) -> bytes:
        """The key of backup files."""
        return self._derived(b"backup")

    @cached_property
    def disguise(self) -> bytes:
        """The key of the codes and shifted dates in files without names."""
        return self._derived(b"disguise")

    def _derived(self, use: bytes) -> bytes:
        made = HKDF(SHA256(), KEY_BYTES, salt=None, info=b"ipt-tracker/1 " + use)
        return made.derive(self.root)
