"""One frozen configuration from the environment and the instance folder; unsafe is refused."""

import json
import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from sqlalchemy import make_url

from ipt_tracker.persistence import moved, schema
from ipt_tracker.persistence.audit_chain import AuditChain
from ipt_tracker.persistence.connection import UnsafeDatabase, driver
from ipt_tracker.persistence.exposure import COOKIE_KEY, DATABASE_KEY, OF_A_DEMO, OFF
from ipt_tracker.persistence.keys import Keys
from ipt_tracker.persistence.marker import MARKER, read_marker

PROJECT = Path(__file__).resolve().parent.parent
DATABASE = "records.db"
ANCHORS = "audit.anchors"


class ConfigurationError(Exception):
    """The instance cannot be used as it is; the message says what to do."""


class NoInstance(ConfigurationError):
    """There is no instance in the folder at all."""


class Kind(StrEnum):
    """What an instance holds: invented people, or real ones."""

    DEMO = "demo"
    CLINIC = "clinic"


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that the application is given. Keys never appear in its text form."""

    instance: Path
    kind: Kind
    database_url: str
    keys: Keys = field(repr=False)
    cookie_key: bytes = field(repr=False)
    """The key that signs cookies."""
    keys_folder: Path
    encrypted: bool = True
    """Whether an embedded database is SQLCipher's; the fallback without it is plain SQLite."""
    second_factor_required: bool = True
    """Whether everybody needs a one-time code beside the password."""
    backups_folder: Path | None = None
    """Where scheduled backups go; none for beside the instance."""
    unencrypted_allowed: bool = False
    """Whether somebody answers for real patients' records in a plain file."""
    hosts: tuple[str, ...] = ()
    """The names under which people reach it, besides this machine's own."""
    behind_proxy: bool = False
    """Whether one proxy on this machine passes requests on and says for whom."""

    @property
    def is_demo(self) -> bool:
        """Whether every person in this instance is invented."""
        return self.kind is Kind.DEMO

    @property
    def is_embedded(self) -> bool:
        """Whether the records are in a file of this instance, not on a database server."""
        return self.database_url.startswith("sqlite")

    @property
    def database_key(self) -> bytes | None:
        """The raw key of the embedded database; none for a server and for the plain fallback."""
        return self.keys.database if self.is_embedded and self.encrypted else None

    @property
    def backups(self) -> Path:
        """The folder of scheduled backups: IPT_BACKUPS, else beside the instance."""
        beside = self.instance.with_name(f"{self.instance.name}.backups")
        return self.backups_folder or beside

    @property
    def audit(self) -> AuditChain:
        """What seals the audit: its key, and the file beside the keys that holds its anchors."""
        return AuditChain(self.keys.audit, self.keys_folder / ANCHORS)


def instance_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Give the folder of IPT_INSTANCE, else `instance` beside the source or in this folder."""
    named = environment.get("IPT_INSTANCE")
    if named:
        return Path(named).expanduser().resolve()
    beside = PROJECT if (PROJECT / "pyproject.toml").exists() else Path.cwd()
    return beside / "instance"


def keys_folder(kind: "Kind", environment: Mapping[str, str] = os.environ) -> Path:
    """Give the folder of the keys: IPT_KEYS, else beside a clinic's instance, not inside it.

    A demo keeps them inside, so that removing its folder removes all of it.
    """
    named = environment.get("IPT_KEYS")
    if named:
        return Path(named).expanduser().resolve()
    folder = instance_folder(environment)
    return folder if kind is Kind.DEMO else folder.with_name(f"{folder.name}.keys")


def load(environment: Mapping[str, str] = os.environ) -> Config:
    """Read the configuration of an instance that exists, or raise ConfigurationError."""
    folder = instance_folder(environment)
    marker = folder / MARKER
    if not marker.exists():
        raise NoInstance(
            f"There is no instance in {folder}. Make one with `python3 -m ipt_tracker init`, "
            "or name another folder in IPT_INSTANCE."
        )
    said = read_marker(folder)
    try:
        kind = Kind(said["kind"])
    except (ValueError, KeyError) as error:
        raise ConfigurationError(f"{marker} is damaged: it does not say what it holds.") from error
    keys = keys_folder(kind, environment)
    _refuse_keys_inside(folder, keys)
    url = environment.get("IPT_DATABASE_URL") or f"sqlite:///{folder / DATABASE}"
    if to := moved.moved_to(folder, url):
        raise ConfigurationError(
            f"The records of {folder} were moved to {to}; what is here is no longer kept up. Set "
            "IPT_DATABASE_URL to the new place."
        )
    backups = environment.get("IPT_BACKUPS")
    return Config(
        folder,
        kind,
        url,
        Keys(_key(keys / DATABASE_KEY, kind)),
        _key(keys / COOKIE_KEY, kind),
        keys,
        encrypted=bool(said.get("encrypted", True)),
        second_factor_required=_second_factor(kind, environment),
        backups_folder=Path(backups).expanduser().resolve() if backups else None,
        unencrypted_allowed=_is_on("IPT_ALLOW_UNENCRYPTED", environment),
        hosts=tuple(filter(None, re.split(r"[\s,]+", environment.get("IPT_HOSTS", "")))),
        behind_proxy=_is_on("IPT_PROXY", environment),
    )


def _is_on(name: str, environment: Mapping[str, str]) -> bool:
    return environment.get(name, "").strip().lower() not in OFF


def _second_factor(kind: Kind, environment: Mapping[str, str]) -> bool:
    said = environment.get("IPT_SECOND_FACTOR") or ("optional" if kind is Kind.DEMO else "required")
    if said not in {"required", "optional"}:
        raise ConfigurationError("IPT_SECOND_FACTOR is neither `required` nor `optional`.")
    return said == "required"


def _refuse_keys_inside(folder: Path, keys: Path) -> None:
    """Say how to move keys that an earlier version kept beside the records."""
    inside = [name for name in (DATABASE_KEY, COOKIE_KEY) if (folder / name).exists()]
    if keys != folder and inside and not (keys / DATABASE_KEY).exists():
        names = " ".join(str(folder / name) for name in inside)
        raise ConfigurationError(
            f"The keys are in {folder}, beside the records that they open. "
            f"Run: mkdir -m 700 {keys} ; then: mv {names} {keys}"
        )


def _key(path: Path, kind: Kind) -> bytes:
    try:
        if os.name == "posix" and path.stat().st_mode & 0o077:
            raise ConfigurationError(f"{path} can be read by others. Run: chmod 600 {path}")
        said = path.read_text(encoding="ascii")
        if said.startswith(OF_A_DEMO) and kind is not Kind.DEMO:
            raise ConfigurationError(f"{path} is the key of a demo; a clinic needs its own.")
        key = bytes.fromhex(said.removeprefix(OF_A_DEMO).strip())
        Keys(key)  # refuses another length
    except (FileNotFoundError, ValueError) as error:
        raise ConfigurationError(
            f"The key {path} is missing or damaged; without it the records cannot be opened. "
            "Put it back from your safe copy."
        ) from error
    return key


Fill = Callable[[str, bytes | None], None]
"""Puts records into a new database: its URL, and its raw key where it has one."""


def create_instance(
    kind: str,
    environment: Mapping[str, str] = os.environ,
    *,
    root: bytes | None = None,
    fill: Fill = schema.upgrade,
) -> Config:
    """Make an instance: keys, an encrypted database at the newest schema, no people.

    A restore on a new machine gives the instance key as `root` and fills in the records. Raises
    ConfigurationError when the folder holds an instance already. The marker is written last, so
    that a set-up cut short is not taken for an instance.
    """
    folder = instance_folder(environment)
    if (folder / MARKER).exists():
        raise ConfigurationError(f"There is an instance in {folder} already; nothing was changed.")
    leftover = folder / DATABASE
    if leftover.exists():
        raise ConfigurationError(
            f"{leftover} is there without its marker {MARKER}. If nothing in it is needed, "
            "move it away and run this again."
        )
    holds, keys = Kind(kind), keys_folder(Kind(kind), environment)
    for each in (folder, keys):
        each.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write_key(keys / DATABASE_KEY, holds, root)
    _write_key(keys / COOKIE_KEY, holds)
    url = environment.get("IPT_DATABASE_URL") or f"sqlite:///{folder / DATABASE}"
    written = _key(keys / DATABASE_KEY, holds)
    if root not in {None, written}:
        raise ConfigurationError(
            f"{keys / DATABASE_KEY} holds another key. If nothing needs it, move it away and run "
            "this again."
        )
    embedded = url.startswith("sqlite")
    encrypted = embedded and _can_encrypt(holds, environment)
    if embedded:
        _private(Path(str(make_url(url).database)))
    fill(url, written if encrypted else None)
    created = datetime.now(UTC).isoformat(timespec="seconds")
    made = {"kind": holds.value, "created": created, "encrypted": encrypted or not embedded}
    (folder / MARKER).write_text(json.dumps(made) + "\n", encoding="utf-8")
    return load(environment)


def _can_encrypt(kind: Kind, environment: Mapping[str, str]) -> bool:
    """Say whether SQLCipher is here. Without it only a demo, or one who answers for it, goes on."""
    try:
        driver(bytes(32))
    except UnsafeDatabase:
        if kind is Kind.DEMO or _is_on("IPT_ALLOW_UNENCRYPTED", environment):
            return False
        raise
    return True


def _private(path: Path) -> None:
    """Make an empty file that nobody else can read; the database and its log take its mode."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))


def _write_key(path: Path, kind: Kind, key: bytes | None = None) -> None:
    if path.exists():
        return
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        written = (key or secrets.token_bytes(32)).hex()
        file.write(f"{OF_A_DEMO if kind is Kind.DEMO else ''}{written}\n")
