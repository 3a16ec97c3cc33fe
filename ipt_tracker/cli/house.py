"""What every command is handed: the application and the configuration, by what they can do.

The commands import neither; they say here what they need of them.
"""

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
    def audit(self) -> AuditChain:
        """What seals the audit."""
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


def opened(config: Configuration) -> Database:
    """Open the records of an instance at the newest schema."""
    database = open_database(config.database_url, config.database_key, audit=config.audit)
    require_newest(database)
    return database
