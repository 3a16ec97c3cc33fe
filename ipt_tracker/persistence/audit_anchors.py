"""Anchors: how far the audit went, in an append-only file outside the database.

A chain by itself does not tell that its newest rows are gone, or that an older copy of the whole
database was put back. Each line names the newest row of a moment, and is itself sealed onto the
line before it.
"""

import json
import logging
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from ipt_tracker.persistence.audit_seal import FIRST, AuditChain, digest

if sys.platform != "win32":
    import fcntl

DUE_SECONDS = 60
"""While the audit grows, its head is anchored this often."""
RESTORE = "restore"
"""Why the anchor of a restored backup was written: the audit went back to it, and openly."""
LONGEST_LINE = 1000
log = logging.getLogger("ipt_tracker")


@dataclass(frozen=True, slots=True)
class Head:
    """The newest row of the audit: its number and its seal."""

    id: int
    seal: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """One line of the file of anchors."""

    line: int
    why: str
    at: str
    id: int
    seal: str
    hmac: str


@dataclass(frozen=True, slots=True)
class Anchors:
    """The anchors that their key vouches for, and the lines that it does not."""

    good: tuple[Anchor, ...] = ()
    bad: tuple[int, ...] = ()


def write_anchor(chain: AuditChain, head: Head, why: str, now: datetime) -> bool:
    """Write one line and wait for the disk; say whether that worked. It never raises.

    A failure is logged without anything of the audit: nobody's work waits for this file.
    """
    chain.lately.tried = time.monotonic()
    if chain.anchor is None:
        return False
    try:
        with _alone(chain.anchor) as file:
            file.write(_line(chain.key, head, why, now, _newest_hmac(file)))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        log.error("audit anchor: not written, %s", type(error).__name__)  # noqa: TRY400 -- a trace would name the folder
        return False
    return True


def write_when_due(chain: AuditChain, head: Head, now: datetime) -> None:
    """Write an anchor of what was just kept, when this process last wrote one a minute ago."""
    tried = chain.lately.tried
    if chain.anchor and (tried is None or time.monotonic() - tried > DUE_SECONDS):
        write_anchor(chain, head, "interval", now)


def read_anchors(path: Path) -> tuple[Anchor, ...]:
    """Give the anchors of a file, oldest first, without asking whether their key vouches."""
    if not path.exists():
        return ()
    lines = path.read_bytes().split(b"\n")
    parsed = (_parsed(number, line) for number, line in enumerate(lines, 1) if line.strip())
    return tuple(each for each in parsed if isinstance(each, Anchor))


def newest_anchor(path: Path) -> Anchor | None:
    """Give the newest anchor, or None when there is none."""
    anchors = read_anchors(path)
    return anchors[-1] if anchors else None


def checked_anchors(chain: AuditChain) -> Anchors:
    """Read the anchors and check each against the key and the line before it."""
    if chain.anchor is None or not chain.anchor.exists():
        return Anchors()
    good: list[Anchor] = []
    bad: list[int] = []
    before = FIRST
    for number, line in enumerate(chain.anchor.read_bytes().split(b"\n"), 1):
        found = _parsed(number, line) if line.strip() else True
        if not isinstance(found, Anchor):
            bad += [] if found else [number]
            continue
        if found.hmac == _hmac(chain.key, found, before):
            good.append(found)
        else:
            bad.append(number)
        before = found.hmac
    return Anchors(tuple(good), tuple(bad))


@contextmanager
def _alone(path: Path) -> Iterator[BinaryIO]:
    """Open the file for adding, while no other process of the instance does."""
    handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(handle, "rb+") as file:
        if sys.platform != "win32":
            fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def _newest_hmac(file: BinaryIO) -> str:
    """Give the seal of the newest whole line. A line that a power cut tore is closed first."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(size - LONGEST_LINE, 0))
    end = file.read()
    if end and not end.endswith(b"\n"):
        file.write(b"\n")
    found = [_parsed(0, line) for line in end.split(b"\n") if line.strip()]
    return next((each.hmac for each in reversed(found) if isinstance(each, Anchor)), FIRST)


def _line(key: bytes, head: Head, why: str, now: datetime, before: str) -> bytes:
    anchor = Anchor(0, why, now.isoformat(timespec="seconds"), head.id, head.seal, "")
    said = {"at": anchor.at, "why": why, "id": anchor.id, "seal": anchor.seal}
    return json.dumps(said | {"hmac": _hmac(key, anchor, before)}).encode() + b"\n"


def _hmac(key: bytes, anchor: Anchor, before: str) -> str:
    said = ["anchor", before, anchor.at, anchor.why, anchor.id, anchor.seal]
    return digest(key, json.dumps(said).encode())


def _parsed(number: int, line: bytes) -> Anchor | bool:
    """Read one line: an anchor, True for one that a power cut tore, False for anything else."""
    try:
        said = json.loads(line)
        return Anchor(number, *(said[name] for name in ("why", "at", "id", "seal", "hmac")))
    except ValueError:
        return line.startswith(b'{"at"') and not line.rstrip().endswith(b"}")
    except (KeyError, TypeError):
        return False
