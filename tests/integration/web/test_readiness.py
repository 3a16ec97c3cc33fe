"""Ready means that a record could be saved this moment; what fails is named and not described."""

import shutil
from dataclasses import replace
from typing import NamedTuple

import pytest
from sqlalchemy import text

from ipt_tracker.persistence.audit_chain import AuditChain
from ipt_tracker.services.readiness import not_ready
from tests.factories.stores import KEY, SQLCIPHER, SQLITE, on_every_engine


class Usage(NamedTuple):
    total: int
    used: int
    free: int


@on_every_engine
def test_a_good_instance_is_ready_for_everybody_who_asks(client):
    answer = client.get("/readyz")

    assert (answer.status_code, answer.json) == (200, {"status": "ready"})


@on_every_engine
def test_an_older_schema_is_named(clinic, client):
    with clinic.writing() as work:
        work.session.execute(text("UPDATE alembic_version SET version_num = '0000'"))

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json == {"status": "not ready", "failing": ["schema"]}


@pytest.mark.parametrize("engine", [SQLCIPHER, SQLITE], indirect=True)
def test_records_that_are_gone_are_named(clinic, client):
    clinic.store.path.unlink()

    assert "writing" in client.get("/readyz").json["failing"]


def test_a_full_disk_is_named(client, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(1, 1, 1_000))

    assert client.get("/readyz").json["failing"] == ["disk"]


def test_an_anchor_that_cannot_be_written_is_named(clinic, tmp_path):
    nowhere = AuditChain(KEY, tmp_path / "gone" / "audit.anchors")
    database = replace(clinic.database, audit=nowhere)

    assert "anchor" in not_ready(database)


def test_asking_changes_nothing_and_waits_for_nobody(clinic, client):
    with clinic.writing() as work:
        work.session.execute(text("UPDATE patient SET notes = 'being written'"))
        assert client.get("/readyz").status_code == 200
