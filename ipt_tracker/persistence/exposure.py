"""What would expose or lose the records of real patients, were the instance started as it stands.

Each finding is one sentence that says what to do. `serve` and the application refuse on the first;
`doctor` lists all.
"""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Protocol

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from ipt_tracker.persistence.keys import Keys

DATABASE_KEY, COOKIE_KEY = "database.key", "cookie.key"
OF_A_DEMO = "demo "
OTHERS = 0o077
LOOPBACK = {"", "localhost", "127.0.0.1", "::1"}
TLS = {"require", "verify-ca", "verify-full"}
OFF = {"", "0", "false", "no", "off"}


class UnsafeInstance(Exception):
    """The instance would expose or lose records; the message says what to do."""


class Standing(Protocol):
    """An instance, as far as its safety goes."""

    @property
    def instance(self) -> Path:
        """The folder of the instance."""
        ...

    @property
    def keys_folder(self) -> Path:
        """The folder of its keys."""
        ...

    @property
    def database_url(self) -> str:
        """Where the records are."""
        ...

    @property
    def is_demo(self) -> bool:
        """Whether every person in it is invented."""
        ...

    @property
    def encrypted(self) -> bool:
        """Whether an embedded database is encrypted."""
        ...

    @property
    def unencrypted_allowed(self) -> bool:
        """Whether somebody has taken it upon themselves that it is not."""
        ...

    @property
    def keys(self) -> Keys:
        """The keys of the instance."""
        ...

    @property
    def cookie_key(self) -> bytes:
        """The key that signs cookies."""
        ...


@dataclass(frozen=True, slots=True)
class Exposure:
    """One thing that is not safe: a short name for machines, and a sentence for people."""

    name: str
    says: str


def require_safe(standing: Standing, environment: Mapping[str, str] = os.environ) -> None:
    """Raise UnsafeInstance with the first thing that is not safe."""
    for found in exposures(standing, environment):
        raise UnsafeInstance(found.says)


def exposures(
    standing: Standing, environment: Mapping[str, str] = os.environ
) -> Iterator[Exposure]:
    """Give what is not safe. A demo holds invented people: only what it must not be is asked."""
    looks: tuple[Callable[[Standing], Iterator[Exposure]], ...] = (_engine, _kind)
    if not standing.is_demo:
        looks += (_keys_place, _modes, _weak_keys, _plain_records, _plain_network)
    for look in looks:
        yield from look(standing)
    if not standing.is_demo:
        yield from _debugging(environment)


def _url(standing: Standing) -> URL | None:
    try:
        return make_url(standing.database_url)
    except ArgumentError:
        return None


def _engine(standing: Standing) -> Iterator[Exposure]:
    url = _url(standing)
    if url is None or url.get_backend_name() not in {"sqlite", "postgresql"}:
        yield Exposure(
            "engine",
            "IPT_DATABASE_URL names an unknown database. Leave it out for the encrypted file, or "
            "write postgresql+psycopg://...",
        )


def _kind(standing: Standing) -> Iterator[Exposure]:
    """Compare the marker with the keys: one of the two was changed by hand."""
    for path in _key_files(standing):
        of_a_demo = path.read_bytes().startswith(OF_A_DEMO.encode())
        if of_a_demo and not standing.is_demo:
            yield Exposure(
                "demo key",
                f"{path} is the key of a demo, which anybody may know. Make an instance of your "
                "own with: python3 -m ipt_tracker init",
            )
        if not of_a_demo and standing.is_demo:
            yield Exposure(
                "marker",
                f"{standing.instance / 'instance.json'} says demo, but {path} is a clinic's key. "
                'Write "kind": "clinic" into the marker again.',
            )


def _key_files(standing: Standing) -> list[Path]:
    paths = (standing.keys_folder / name for name in (DATABASE_KEY, COOKIE_KEY))
    return [path for path in paths if path.is_file()]


def _keys_place(standing: Standing) -> Iterator[Exposure]:
    folder, keys = standing.instance.resolve(), standing.keys_folder.resolve()
    if _key_files(standing) and (keys == folder or folder in keys.parents):
        beside = folder.with_name(f"{folder.name}.keys")
        yield Exposure(
            "keys beside the records",
            f"The keys are inside {folder}, so one stolen copy holds lock and key. Run: "
            f"mkdir -m 700 {beside} ; then: mv {keys}/*.key {beside}/",
        )


def _modes(standing: Standing) -> Iterator[Exposure]:
    url = _url(standing)
    embedded = url is not None and url.get_backend_name() == "sqlite" and url.database
    database = [Path(str(url.database))] if url is not None and embedded else []
    folders = (standing.instance, standing.keys_folder)
    for path in (*folders, *_key_files(standing), *database):
        if os.name == "posix" and path.exists() and path.stat().st_mode & OTHERS:
            mode = 700 if path.is_dir() else 600
            yield Exposure("mode", f"{path} can be read by others. Run: chmod {mode} {path}")


def _weak_keys(standing: Standing) -> Iterator[Exposure]:
    named = ((DATABASE_KEY, standing.keys.root), (COOKIE_KEY, standing.cookie_key))
    for name, key in named:
        if is_weak(key):
            yield Exposure(
                "weak key",
                f"{standing.keys_folder / name} is not random and can be guessed. Make a new "
                "instance with `init` and bring the records over with a backup.",
            )
    if standing.cookie_key == standing.keys.root:
        yield Exposure(
            "one key for two uses",
            f"{standing.keys_folder / COOKIE_KEY} is the same as {DATABASE_KEY}. Remove "
            f"{COOKIE_KEY}, then write 64 random hexadecimal digits into it: openssl rand -hex 32",
        )


def is_weak(key: bytes) -> bool:
    """Say whether a key repeats one step from byte to byte: all the same, or counting."""
    steps = {(after - before) % 256 for before, after in pairwise(key)}
    return len(steps) <= 1


def _plain_records(standing: Standing) -> Iterator[Exposure]:
    url = _url(standing)
    embedded = url is not None and url.get_backend_name() == "sqlite"
    if embedded and not standing.encrypted and not standing.unencrypted_allowed:
        yield Exposure(
            "unencrypted",
            "The records are not encrypted, because sqlcipher3 was missing when the instance was "
            "made. Install it and make the instance anew, or, if the whole disk is encrypted and "
            "you answer for it, set IPT_ALLOW_UNENCRYPTED=1.",
        )


def _plain_network(standing: Standing) -> Iterator[Exposure]:
    url = _url(standing)
    if url is None or url.get_backend_name() != "postgresql":
        return
    asked = url.normalized_query
    hosts = {url.host or "", *asked.get("host", ()), *asked.get("hostaddr", ())}
    each = {one for host in hosts for one in host.split(",")}
    away = {host for host in each if host not in LOOPBACK and not host.startswith("/")}
    modes = set(asked.get("sslmode", ()))
    if away and (not modes or modes - TLS):
        yield Exposure(
            "no TLS to the database",
            "PostgreSQL is on another machine and IPT_DATABASE_URL does not ask for TLS. Add "
            "?sslmode=verify-full (or require) to it.",
        )


def _debugging(environment: Mapping[str, str]) -> Iterator[Exposure]:
    for name in ("FLASK_DEBUG", "PYTHONDEVMODE"):
        if environment.get(name, "").strip().lower() not in OFF:
            yield Exposure(
                "debug", f"{name} is set, which shows records in errors. Run: unset {name}"
            )
    if sys.flags.dev_mode and "PYTHONDEVMODE" not in environment:
        yield Exposure("debug", "Python runs with -X dev. Start it without.")
