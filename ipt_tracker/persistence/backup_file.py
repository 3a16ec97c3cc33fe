"""One backup in one file: what it is, in clear but sealed, then the encrypted database.

The layout: magic, format, length of the manifest, salt, nonce prefix, key check; the manifest, a
JSON text; the seal of all that; then parts of one mebibyte, each AES-256-GCM with a nonce made of
prefix, number and "last" mark. The head of the file is associated data of every part. So a flipped
bit, a lost end, two parts that changed places and an edited manifest are each found and named.
"""

import hmac
import json
import os
import secrets
import struct
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC, FORMAT = b"IPTBACK\n", 1
HEAD = struct.Struct(">8sHI16s7s16s")
"""Magic, format, bytes of the manifest, salt, nonce prefix, key check."""
SEAL, TAG, PART = 32, 16, 1 << 20
LONGEST_MANIFEST = 1_000_000
ENDING = ".iptbackup"
WORKING = ".ipt-backup-"
"""How the folder begins in which a backup is made, beside where it will stand."""

Progress = Callable[[str], None]
"""Takes one line for the person who waits."""


class Sink(Protocol):
    """Takes bytes: a file, or a digest of them."""

    def write(self, data: bytes, /) -> int:
        """Take the next bytes."""
        ...


class Fault(StrEnum):
    """What can be wrong with a file."""

    FOREIGN = "foreign"
    NEWER = "newer"
    KEY = "key"
    MANIFEST = "manifest"
    CUT_SHORT = "cut_short"
    LONGER = "longer"
    ORDER = "order"
    CHANGED = "changed"
    CONTENT = "content"


class BackupRefused(Exception):
    """A backup cannot be made, read or restored; the message says why and what to do."""

    def __init__(self, sentence: str, fault: Fault | None = None) -> None:
        super().__init__(sentence)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself."""

    kind: str
    schema: str
    software: str
    made_at: str
    engine: str
    counts: dict[str, int]
    head_id: int
    head_seal: str
    instance: str
    payload_bytes: int

    @property
    def parts(self) -> int:
        """How many parts the encrypted database has."""
        return max(1, -(-self.payload_bytes // PART))


@dataclass(frozen=True, slots=True)
class _Head:
    """The beginning of one file, and the key of this one file."""

    raw: bytes
    manifest: Manifest
    prefix: bytes
    key: bytes

    def nonce(self, number: int, *, last: bool) -> bytes:
        return self.prefix + struct.pack(">IB", number, last)


def write(target: Path, payload: Path, manifest: Manifest, key: bytes) -> None:
    """Seal the payload into a new file that only its owner can read, and wait for the disk."""
    salt, prefix = secrets.token_bytes(16), secrets.token_bytes(7)
    text = json.dumps(asdict(manifest), sort_keys=True).encode()
    of_file = _file_key(key, salt)
    raw = HEAD.pack(MAGIC, FORMAT, len(text), salt, prefix, _mac(of_file, b"key")[:16]) + text
    head = _Head(raw, manifest, prefix, of_file)
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file, payload.open("rb") as source:
        file.write(raw + _mac(of_file, raw))
        cipher = AESGCM(of_file)
        for number in range(manifest.parts):
            nonce = head.nonce(number, last=number == manifest.parts - 1)
            file.write(cipher.encrypt(nonce, source.read(PART), raw))
        file.flush()
        os.fsync(file.fileno())


def told(path: Path) -> Manifest:
    """Read what a file says of itself, without a key: not yet proved. For lists of backups."""
    with path.open("rb") as file:
        return _manifest(path, _beginning(path, file)[1])


def is_complete(path: Path, manifest: Manifest) -> bool:
    """Say whether the file has the length that its manifest promises."""
    with path.open("rb") as file:
        return path.stat().st_size == _expected(len(_beginning(path, file)[0]), manifest)


def proved(path: Path, key: bytes) -> Manifest:
    """Read what a file says of itself, proved with the key."""
    with path.open("rb") as file:
        return _head(path, file, key).manifest


def unpack(path: Path, key: bytes, target: Sink, tell: Progress = lambda _: None) -> Manifest:
    """Write the encrypted database out of a backup; BackupRefused names what is wrong with it."""
    with path.open("rb") as file:
        head = _head(path, file, key)
        _check_length(path, head)
        for number, part in enumerate(_parts(path, file, head), start=1):
            target.write(part)
            if number % 256 == 0:
                tell(f"  {number} of {head.manifest.parts} MiB read")
        return head.manifest


def _beginning(path: Path, file: BinaryIO) -> tuple[bytes, bytes]:
    """Give head and manifest as they stand, and the manifest alone."""
    fixed = file.read(HEAD.size)
    if not fixed.startswith(MAGIC):
        raise BackupRefused(f"{path.name} is not a backup of IPT Tracker.", Fault.FOREIGN)
    if len(fixed) < HEAD.size:
        raise _cut_short(path)
    _, version, length, *_ = HEAD.unpack(fixed)
    if version > FORMAT:
        raise BackupRefused(
            f"{path.name} was made by a newer version of IPT Tracker (format {version}; this "
            f"version reads {FORMAT}). Install that version first.",
            Fault.NEWER,
        )
    text = file.read(min(length, LONGEST_MANIFEST))
    if len(text) < length:
        raise _cut_short(path)
    return fixed + text, text


def _head(path: Path, file: BinaryIO, key: bytes) -> _Head:
    raw, text = _beginning(path, file)
    _, _, _, salt, prefix, check = HEAD.unpack(raw[: HEAD.size])
    of_file = _file_key(key, salt)
    if not hmac.compare_digest(check, _mac(of_file, b"key")[:16]):
        raise BackupRefused(
            f"{path.name} does not open with this key: it belongs to another instance, or its "
            "first bytes are damaged.",
            Fault.KEY,
        )
    seal = file.read(SEAL)
    if len(seal) < SEAL:
        raise _cut_short(path)
    if not hmac.compare_digest(seal, _mac(of_file, raw)):
        raise _false_manifest(path)
    return _Head(raw, _manifest(path, text), prefix, of_file)


def _manifest(path: Path, text: bytes) -> Manifest:
    try:
        found = json.loads(text)
        return Manifest(**{field.name: found[field.name] for field in fields(Manifest)})
    except (ValueError, KeyError, TypeError) as error:
        raise _false_manifest(path) from error


def _parts(path: Path, file: BinaryIO, head: _Head) -> Iterator[bytes]:
    cipher, parts = AESGCM(head.key), head.manifest.parts
    for number in range(parts):
        sealed = file.read(PART + TAG)
        try:
            yield cipher.decrypt(head.nonce(number, last=number == parts - 1), sealed, head.raw)
        except InvalidTag:
            raise _wrong_part(path, head, number, sealed) from None


def _wrong_part(path: Path, head: _Head, number: int, sealed: bytes) -> BackupRefused:
    """Say of a part that does not open whether it is another part of the file, or damaged."""
    cipher, parts = AESGCM(head.key), head.manifest.parts
    for other in range(parts):
        try:
            cipher.decrypt(head.nonce(other, last=other == parts - 1), sealed, head.raw)
        except InvalidTag:
            continue
        where = f"part {other + 1} stands where part {number + 1} of {parts} belongs"
        return BackupRefused(f"{path.name} is out of order: {where}.", Fault.ORDER)
    return BackupRefused(
        f"{path.name} is damaged: part {number + 1} of {parts} is not as it was written.",
        Fault.CHANGED,
    )


def _check_length(path: Path, head: _Head) -> None:
    there, expected = path.stat().st_size, _expected(len(head.raw), head.manifest)
    if there < expected:
        raise _cut_short(path, f" ({there:,} of {expected:,} bytes are there)")
    if there > expected:
        raise BackupRefused(
            f"{path.name} is longer than it was: {there - expected:,} bytes were added at its end.",
            Fault.LONGER,
        )


def _expected(head: int, manifest: Manifest) -> int:
    return head + SEAL + manifest.payload_bytes + manifest.parts * TAG


def _cut_short(path: Path, how: str = "") -> BackupRefused:
    return BackupRefused(f"{path.name} was cut short{how}: its end is missing.", Fault.CUT_SHORT)


def _false_manifest(path: Path) -> BackupRefused:
    return BackupRefused(
        f"{path.name} is not as it was written: what it says of itself (its manifest) was changed.",
        Fault.MANIFEST,
    )


def _file_key(key: bytes, salt: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=salt, info=b"ipt-tracker/1 backup file").derive(key)


def _mac(key: bytes, data: bytes) -> bytes:
    return hmac.digest(key, data, "sha256")
