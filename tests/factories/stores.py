"""Databases for tests: migrated once for each engine, then copied, so that a fresh one is cheap."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from ipt_tracker.config import Config, Kind
from ipt_tracker.persistence import schema
from ipt_tracker.persistence.audit_chain import AuditChain
from ipt_tracker.persistence.engine import Database, open_database
from ipt_tracker.persistence.keys import Keys
from tests.postgres import Server

SQLCIPHER, SQLITE, POSTGRESQL = "sqlcipher", "sqlite", "postgresql"
KEY = sha256(b"the key of tests").digest()
ENGINES = (SQLCIPHER, SQLITE, pytest.param(POSTGRESQL, marks=pytest.mark.postgres))
"""For `params` of a fixture, and for `parametrize("engine", ENGINES, indirect=True)`."""

on_every_engine = pytest.mark.parametrize("engine", ENGINES, indirect=True)
"""Run a test that asks for `clinic`, `app` or `client_of` on all three engines, not on one."""


@dataclass(frozen=True, slots=True)
class Store:
    """Where one database is, and its key where it has one."""

    engine: str
    url: str
    key: bytes | None

    @property
    def path(self) -> Path:
        """The file of an embedded database."""
        return Path(self.url.removeprefix("sqlite:///"))

    def open(self) -> Database:
        """Open it."""
        return open_database(self.url, self.key, audit=AuditChain(Keys(KEY).audit))


@dataclass(slots=True)
class Stores:
    """Makes databases: empty ones, ones at the newest schema, and copies of what a test needs.

    On PostgreSQL where there is a server, else in files of the folder.
    """

    folder: Path
    server: Server | None = None
    _templates: dict[tuple[str, str], tuple[Store, Any]] = field(default_factory=dict)

    @contextmanager
    def empty(self, engine: str) -> Iterator[Store]:
        """Give a database without a schema until the block ends."""
        store = self._place(engine)
        try:
            yield store
        finally:
            self._remove(store)

    @contextmanager
    def fresh(self, engine: str) -> Iterator[Store]:
        """Give an empty database at the newest schema until the block ends."""
        with self.filled(engine, "newest schema", lambda _: None) as (store, _):
            yield store

    @contextmanager
    def filled(
        self, engine: str, name: str, fill: Callable[[Database], Any]
    ) -> Iterator[tuple[Store, Any]]:
        """Give a copy of what `fill` put into a database, and what it gave back.

        It is filled once in a run for each engine and name.
        """
        if (engine, name) not in self._templates:
            self._templates[engine, name] = self._template(engine, fill)
        template, made = self._templates[engine, name]
        store = self._place(engine, template)
        try:
            yield store, made
        finally:
            self._remove(store)

    def _template(self, engine: str, fill: Callable[[Database], Any]) -> tuple[Store, Any]:
        store = self._place(engine)
        schema.upgrade(store.url, store.key)
        database = store.open()
        try:
            return store, fill(database)
        finally:
            database.close()

    def _place(self, engine: str, template: Store | None = None) -> Store:
        if self.server:
            named = template.url.split("?")[0].rpartition("/")[2] if template else "template0"
            return Store(engine, self.server.fresh(named), None)
        path = self.folder / f"{uuid4().hex}.db"
        path.touch(mode=0o600)
        if template:
            shutil.copyfile(template.path, path)
        return Store(engine, f"sqlite:///{path}", KEY if engine == SQLCIPHER else None)

    def _remove(self, store: Store) -> None:
        if self.server:
            self.server.drop(store.url)
            return
        for ending in ("", "-wal", "-shm", "-journal"):
            Path(f"{store.path}{ending}").unlink(missing_ok=True)

    def remove_templates(self) -> None:
        """Remove what was kept for copying."""
        for store, _ in self._templates.values():
            self._remove(store)


def config_of(store: Store, kind: Kind, folder: Path) -> Config:
    """Give the configuration of an instance in this folder with its records in this store.

    A second factor is not asked for; `dataclasses.replace` makes it so.
    """
    cookie_key = sha256(b"the cookies of tests").digest()
    encrypted = store.key is not None
    return Config(
        folder,
        kind,
        store.url,
        Keys(KEY),
        cookie_key,
        folder,
        encrypted=encrypted,
        unencrypted_allowed=True,
        hosts=("clinic.example",),
        second_factor_required=False,
    )
