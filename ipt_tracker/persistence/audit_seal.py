"""The seal of one audit row: a keyed digest of what it says and of the seal before it."""

import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ipt_tracker.persistence.models.audit import AuditEntry

FIRST = "0" * 64
"""Stands for the seal before the first row."""
SEALED = tuple(
    getattr(AuditEntry, name)
    for name in (
        "id",
        "at",
        "actor_id",
        "event",
        "subject_kind",
        "subject_id",
        "patient_id",
        "details",
        "emergency_id",
    )
)
"""What a seal covers, in the order in which `seal` takes it: everything but the seal itself."""
_plain = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str
).encode


@dataclass(slots=True)
class Lately:
    """When this process last wrote an anchor, or tried to: the one thing that changes."""

    tried: float | None = None


@dataclass(frozen=True, slots=True)
class AuditChain:
    """What seals the audit of one instance: its key, and the file of anchors outside the database.

    `key` has 32 bytes. Without `anchor` nothing outside the database knows how far the audit went.
    """

    key: bytes = field(repr=False)
    anchor: Path | None = None
    lately: Lately = field(default_factory=Lately, repr=False, compare=False)


def seal(key: bytes, before: str, said: Sequence[Any]) -> str:
    """Seal what a row says (in the order of SEALED) onto the seal of the row before it."""
    return digest(key, before.encode() + _plain([_word(each) for each in said]).encode())


def digest(key: bytes, message: bytes) -> str:
    """Give a keyed digest in hexadecimal digits."""
    return hmac.digest(key, message, "sha256").hex()


def as_stored(details: dict[str, Any] | None) -> dict[str, Any] | None:
    """Give details as the database will give them back: lists for tuples, words for names."""
    kept: dict[str, Any] | None = json.loads(json.dumps(details))
    return kept


def _word(value: Any) -> Any:  # noqa: ANN401 -- a column of any type
    if value is None or isinstance(value, int | dict):
        return value
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)
