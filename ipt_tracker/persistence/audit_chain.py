"""The sealed audit: each row carries a keyed digest of itself and of the seal before it."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class AuditChain:
    """What seals the audit of one instance: its key, and the file of anchors outside the database.

    `key` has 32 bytes. Without `anchor` nothing outside the database knows how far the audit went.
    """

    key: bytes = field(repr=False)
    anchor: Path | None = None
