"""Which engines the trials ran on: for the page of figures."""

from sqlalchemy import text

from ipt_tracker.cli.promises import ENGINE
from tests.factories.stores import SQLCIPHER, on_every_engine


@on_every_engine
def test_the_engines_of_the_trials_are_named(clinic, engine, figures):
    with clinic.database.engine.connect() as connection:
        if engine == "postgresql":
            version = connection.execute(text("SHOW server_version")).scalar_one().split()[0]
            figures(ENGINE, f"PostgreSQL {version}")
            return
        version = connection.execute(text("SELECT sqlite_version()")).scalar_one()
        told = text("PRAGMA cipher_version")
        cipher = connection.execute(told).scalar_one() if engine == SQLCIPHER else None
    named = f"SQLCipher {cipher.split()[0]} on SQLite {version}" if cipher else f"SQLite {version}"
    figures(ENGINE, named)
