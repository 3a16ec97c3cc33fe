"""An empty database on each engine, and migrations that only a test has."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic.config import Config

from ipt_tracker.persistence import schema
from tests.factories.clinic import fill_clinic
from tests.factories.stores import ENGINES, POSTGRESQL, Store, Stores

FILE = """
from alembic import op
import sqlalchemy as sa

revision = "9999"
down_revision = "{newest}"
branch_labels = depends_on = None


def upgrade():
{body}
"""


@pytest.fixture(params=ENGINES)
def store(request, tmp_path) -> Iterator[Store]:
    """Give a database without a schema."""
    server = request.getfixturevalue("postgres") if request.param == POSTGRESQL else None
    with Stores(tmp_path, server).empty(request.param) as made:
        yield made


@pytest.fixture
def filled(store) -> Store:
    """Give a database at the newest schema with a clinic in it."""
    schema.upgrade(store.url, store.key)
    database = store.open()
    fill_clinic(database)
    database.close()
    return store


@pytest.fixture
def migrate(filled, tmp_path, monkeypatch) -> Callable[..., None]:
    """Run one more migration, made of these statements, on the clinic."""
    newest, folder = schema.newest(), tmp_path / "one more"
    ours = Path(schema.__file__).parent / "migrations" / "versions"

    def with_one_more() -> Config:
        config = Config()
        config.set_main_option("script_location", "ipt_tracker:persistence/migrations")
        config.set_main_option("path_separator", "newline")
        config.set_main_option("version_locations", f"{ours}\n{folder}")
        return config

    def run(*statements: str) -> None:
        folder.mkdir()
        body = "\n".join(f"    {line}" for line in statements)
        (folder / "9999_one_more.py").write_text(FILE.format(newest=newest, body=body))
        monkeypatch.setattr(schema, "alembic_config", with_one_more)
        schema.upgrade(filled.url, filled.key)

    return run
