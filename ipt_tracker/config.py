"""One frozen configuration from the environment and the instance folder; unsafe is refused."""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from ipt_tracker.persistence import schema

PROJECT = Path(__file__).resolve().parent.parent
MARKER, DATABASE = "instance.json", "records.db"
DATABASE_KEY, COOKIE_KEY = "database.key", "cookie.key"


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
    _keys: tuple[bytes | None, bytes]

    def __repr__(self) -> str:
        return f"Config({self.instance}, {self.kind})"

    @property
    def is_demo(self) -> bool:
        """Whether every person in this instance is invented."""
        return self.kind is Kind.DEMO

    @property
    def database_key(self) -> bytes | None:
        """The raw key of the embedded database; none for a database server."""
        return self._keys[0]

    @property
    def cookie_key(self) -> bytes:
        """The key that signs cookies."""
        return self._keys[1]


def instance_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Give the folder of IPT_INSTANCE, else `instance` beside the source or in this folder."""
    named = environment.get("IPT_INSTANCE")
    if named:
        return Path(named).expanduser().resolve()
    beside = PROJECT if (PROJECT / "pyproject.toml").exists() else Path.cwd()
    return beside / "instance"


def load(environment: Mapping[str, str] = os.environ) -> Config:
    """Read the configuration of an instance that exists, or raise ConfigurationError."""
    folder = instance_folder(environment)
    marker = folder / MARKER
    if not marker.exists():
        raise NoInstance(
            f"There is no instance in {folder}. Make one with `python3 -m ipt_tracker init`, "
            "or name another folder in IPT_INSTANCE."
        )
    try:
        kind = Kind(json.loads(marker.read_text(encoding="utf-8"))["kind"])
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigurationError(f"{marker} is damaged: it does not say what it holds.") from error
    url = environment.get("IPT_DATABASE_URL") or f"sqlite:///{folder / DATABASE}"
    embedded = url.startswith("sqlite")
    keys = (_key(folder / DATABASE_KEY) if embedded else None, _key(folder / COOKIE_KEY))
    return Config(folder, kind, url, keys)


def _key(path: Path) -> bytes:
    try:
        if os.name == "posix" and path.stat().st_mode & 0o077:
            raise ConfigurationError(f"{path} can be read by others. Run: chmod 600 {path}")
        return bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (FileNotFoundError, ValueError) as error:
        raise ConfigurationError(
            f"The key {path} is missing or damaged; without it the records cannot be opened. "
            "Put it back from your safe copy."
        ) from error


def create_instance(kind: str, environment: Mapping[str, str] = os.environ) -> Config:
    """Make an empty instance: keys, an encrypted database at the newest schema, no people.

    Raises ConfigurationError when the folder holds an instance already. The marker is written
    last, so that a set-up cut short is not taken for an instance.
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
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in (DATABASE_KEY, COOKIE_KEY):
        _write_key(folder / name)
    url = environment.get("IPT_DATABASE_URL") or f"sqlite:///{folder / DATABASE}"
    key = _key(folder / DATABASE_KEY) if url.startswith("sqlite") else None
    schema.upgrade(url, key)
    made = {"kind": Kind(kind).value, "created": datetime.now(UTC).isoformat(timespec="seconds")}
    (folder / MARKER).write_text(json.dumps(made) + "\n", encoding="utf-8")
    return load(environment)


def _write_key(path: Path) -> None:
    if path.exists():
        return
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32) + "\n")
