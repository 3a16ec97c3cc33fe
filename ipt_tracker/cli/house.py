"""What every command is handed: the application and the configuration, by what they can do.

The commands import neither; they say here what they need of them.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from flask import Flask

from ipt_tracker.persistence.audit_chain import AuditChain
from ipt_tracker.persistence.engine import Database, open_database
from ipt_tracker.persistence.keys import Keys
from ipt_tracker.persistence.schema import require_newest


class Configuration(Protocol):
    """An instance, as far as commands care."""

    @property
    def instance(self) -> Path:
        """The folder of the instance."""
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
    def database_key(self) -> bytes | None:
        """The raw key of an embedded database."""
        ...

    @property
    def keys_folder(self) -> Path:
        """The folder of the keys."""
        ...

    @property
    def cookie_key(self) -> bytes:
        """The key that signs cookies."""
        ...

    @property
    def encrypted(self) -> bool:
        """Whether an embedded database is encrypted."""
        ...

    @property
    def unencrypted_allowed(self) -> bool:
        """Whether somebody answers for real patients' records in a plain file."""
        ...

    @property
    def behind_proxy(self) -> bool:
        """Whether one proxy on this machine passes requests on and says for whom."""
        ...

    @property
    def audit(self) -> AuditChain:
        """What seals the audit."""
        ...

    @property
    def backups(self) -> Path:
        """The folder of scheduled backups."""
        ...

    @property
    def keys(self) -> Keys:
        """The keys of the instance."""
        ...


class House(Protocol):
    """The rooms above the commands."""

    def create_app(self, config: Configuration) -> Flask:
        """Make the application for one instance."""
        ...

    def load(self) -> Configuration:
        """Read the configuration of the instance that IPT_INSTANCE names."""
        ...

    def create_instance(self, kind: str) -> Configuration:
        """Make an empty instance in the folder that IPT_INSTANCE names."""
        ...

    def adopt_instance(
        self, kind: str, root: bytes, fill: Callable[[str, bytes | None], None]
    ) -> Configuration:
        """Make an instance around a key that there was before, its records put in by `fill`."""
        ...


def opened(config: Configuration) -> Database:
    """Open the records of an instance at the newest schema."""
    database = open_database(config.database_url, config.database_key, audit=config.audit)
    require_newest(database)
    return database


def there(house: House) -> Configuration | None:
    """Load the instance, or give None where there is none at all."""
    try:
        return house.load()
    except Exception as error:
        if type(error).__name__ != "NoInstance":
            raise
        return None
