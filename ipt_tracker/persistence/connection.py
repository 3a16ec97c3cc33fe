"""The settings of a connection to an embedded database: set, read back, refused when they differ.

SQLite takes an unknown or impossible setting without a word, so setting one proves nothing.
"""

import platform
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

BUSY_SECONDS = 10

WAL_RESET_BUG = ((3, 7, 0), (3, 51, 3))
WAL_RESET_FIXED = ((3, 44, 6), (3, 50, 7))
"""Engines that can damage a file in WAL mode, and the branches with the fix carried back."""

OLDEST_SQLITE = (3, 35, 0)
OLDEST_CIPHER = 4


class UnsafeDatabase(Exception):
    """The database would not keep what it acknowledges; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One pragma: what it is set to, and what the engine must then answer."""

    name: str
    to: str
    answer: str


ALWAYS = (
    Setting("busy_timeout", str(BUSY_SECONDS * 1000), str(BUSY_SECONDS * 1000)),
    Setting("recursive_triggers", "ON", "1"),  # else INSERT OR REPLACE walks past the triggers
    Setting("secure_delete", "ON", "1"),
    Setting("trusted_schema", "OFF", "0"),
    Setting("cell_size_check", "ON", "1"),  # a damaged page is found when it is read
    Setting("temp_store", "MEMORY", "2"),  # a large sort leaves no plain text in a file
    Setting("mmap_size", "0", "0"),
)
APPLE = (Setting("fullfsync", "ON", "1"), Setting("checkpoint_fullfsync", "ON", "1"))
"""On macOS an ordinary fsync leaves what it was given in the disk's own memory."""

NO_CIPHER = (
    "The records are encrypted and the package sqlcipher3 cannot be used here ({why}). Install it: "
    "pip install sqlcipher3"
)


def settings_for(version: tuple[int, ...], *, foreign_keys: bool) -> tuple[Setting, ...]:
    """Give all settings of a connection on this version of the engine."""
    journal = (
        (Setting("journal_mode", "WAL", "wal"), Setting("synchronous", "FULL", "2"))
        if wal_is_safe(version)
        else (Setting("journal_mode", "DELETE", "delete"), Setting("synchronous", "EXTRA", "3"))
    )
    keys = Setting("foreign_keys", *(("ON", "1") if foreign_keys else ("OFF", "0")))
    apple = APPLE if platform.system() == "Darwin" else ()
    return (keys, *journal, *ALWAYS, *apple)


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Say whether this engine is free of the fault that can damage a file in WAL mode."""
    first, fixed = WAL_RESET_BUG
    carried_back = any(version[:2] == v[:2] and version >= v for v in WAL_RESET_FIXED)
    return not first <= version < fixed or carried_back


def driver(key: bytes | None) -> ModuleType:
    """Give the encrypting driver when there is a key, else the one of the standard library.

    The first is imported only here, so that a machine without it can still use the second.
    """
    if key is None:
        import sqlite3  # noqa: PLC0415 -- each driver only where it is used

        return sqlite3
    try:
        from sqlcipher3 import dbapi2  # noqa: PLC0415 -- each driver only where it is used
    except ImportError as error:
        raise UnsafeDatabase(NO_CIPHER.format(why=type(error).__name__)) from error
    module: ModuleType = dbapi2
    return module


def preparing(
    module: ModuleType, key: bytes | None, *, foreign_keys: bool
) -> Callable[[Any, Any], None]:
    """Give what prepares each new connection of the pool."""
    wanted = settings_for(module.sqlite_version_info, foreign_keys=foreign_keys)

    def prepare(connection: Any, _: Any) -> None:  # noqa: ANN401 -- a driver's own connection object
        connection.isolation_level = None
        cursor = connection.cursor()
        try:
            if key is not None:
                cursor.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
            for setting in wanted:
                cursor.execute(f"PRAGMA {setting.name} = {setting.to}")
            require(cursor, wanted, encrypted=key is not None)
        except BaseException:
            connection.close()  # its cursor goes with it
            raise
        cursor.close()

    return prepare


def require(cursor: Any, wanted: tuple[Setting, ...], *, encrypted: bool) -> None:  # noqa: ANN401 -- a driver's own cursor object
    """Raise UnsafeDatabase unless the engine answers each setting as it must."""
    faults = [
        f"{setting.name} is {said}, not {setting.answer}"
        for setting in wanted
        if (said := ask(cursor, setting.name)) != setting.answer
    ]
    faults += _engine_faults(cursor, encrypted=encrypted)
    if faults:
        raise UnsafeDatabase(
            f"The database engine does not keep to its settings ({'; '.join(faults)}). Records "
            "could be lost, so nothing was opened. Set up the environment anew: remove the folder "
            ".venv and run the command again."
        )


def ask(cursor: Any, name: str) -> str | None:  # noqa: ANN401 -- a driver's own cursor object
    """Give what the engine answers to a setting's name; None where it does not know it."""
    row = cursor.execute(f"PRAGMA {name}").fetchone()
    return None if row is None else str(row[0])


def _engine_faults(cursor: Any, *, encrypted: bool) -> list[str]:  # noqa: ANN401 -- a driver's own cursor object
    found = str(cursor.execute("SELECT sqlite_version()").fetchone()[0])
    version = tuple(int(part) for part in found.split("."))
    faults = [] if version >= OLDEST_SQLITE else [f"SQLite is {found}, too old"]
    if not encrypted:
        return faults
    cipher = ask(cursor, "cipher_version") or "missing"
    if not cipher[0].isdigit() or int(cipher.split(".")[0]) < OLDEST_CIPHER:
        faults.append(f"SQLCipher is {cipher}, not {OLDEST_CIPHER} or newer")
    if not wal_is_safe(version):
        faults.append(f"SQLCipher's engine {found} can damage a file in WAL mode")
    return faults
