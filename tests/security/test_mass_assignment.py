"""A form takes its own fields and nothing else, whoever sends it and whatever is sent along."""

from datetime import date, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Boolean, Date, Float, Integer, select
from sqlalchemy.types import Uuid

from ipt_tracker.persistence.base import Base, UtcDateTime
from tests.factories.pages import read
from tests.factories.tables import contents
from tests.security.walking import people_of, stops_of

MARK = "MassAssigned"
NUMBER = 987_654
NOBODY = UUID("0f0f0f0f-0f0f-4f0f-8f0f-0f0f0f0f0f0f")
DAY, MOMENT = date(1911, 11, 11), datetime(1911, 11, 11, 11, 11)  # noqa: DTZ001 -- as it is typed
STANDS_FOR = {
    Boolean: "y",
    Integer: str(NUMBER),
    Float: str(NUMBER),
    Date: DAY.isoformat(),
    UtcDateTime: MOMENT.isoformat(),
    Uuid: str(NOBODY),
}
TRACES = (MARK, str(NUMBER), str(DAY), repr(DAY), "1911, 11, 11", str(NOBODY))
CARRIED = {"draft"}
"""A draft keeps whatever the page of a person sends, for that person's own form alone."""
SWITCHES = ("enabled", "needs_cosign")
"""Columns of yes and no that say who may do what: no value of theirs would be noticed as ours."""


def every_column():
    """Give each name of a column of any table with a value of its kind."""
    found = {}
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            kind = next((k for k in STANDS_FOR if isinstance(column.type, k)), None)
            found.setdefault(column.name, STANDS_FOR.get(kind, f"{MARK}{column.name}"))
    return found


def switches(clinic):
    """Say what everybody may do."""
    table = Base.metadata.tables["account"]
    names = [n for n in ("id", "role", "email", *SWITCHES) if n in table.columns]
    with clinic.database.read() as session:
        rows = session.execute(select(*(table.columns[n] for n in names)))
        return {row[0]: tuple(row) for row in rows}


def forms_of(client, walk):
    """Give each form of the pages that this person may open, and the names of all fields there."""
    found = {}
    for stop in walk:
        answer = client.get(stop.url, buffered=True)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            page = read(answer)
            fields = [*page.all("input"), *page.all("select"), *page.all("textarea")]
            names = {each.attrib.get("name", "") for each in fields}
            for form in page.forms():
                if form.method.lower() == "post" and not form.action.endswith("/sign-out"):
                    found.setdefault((form.action, *sorted(form.values)), (form, names))
    return list(found.values())


@pytest.fixture
def clinic(full_clinic):
    return full_clinic


@pytest.mark.parametrize("name", ["therapist", "therapist2", "supervisor", "admin"])
def test_columns_that_no_form_has_change_nothing(app, clinic, client_of, name, figures):
    client = client_of(people_of(clinic)[name])
    forms = forms_of(client, stops_of(app, clinic))
    columns, before = every_column(), switches(clinic)

    broken = []
    for form, names in forms:
        own = {each.rpartition("-")[2] for each in names} | names
        along = {k: v for k, v in columns.items() if k not in own}
        answer = client.post(form.action, data=form.values | along, buffered=True)
        if answer.status_code >= 500:
            broken.append(f"{form.action}: {answer.status}")

    assert broken == []
    assert len(forms) > 2
    assert traces(clinic) == []
    after = switches(clinic)
    assert {who: after[who] for who in before} == before
    figures("columns", forms_sent=len(forms), columns_sent=len(columns), changed=0)


def traces(clinic):
    """Name the tables in which something stands that only this test has sent."""
    tables = contents(clinic.database)
    return [
        f"{table}: {mark}"
        for table, rows in tables.items()
        if table not in CARRIED
        for mark in TRACES
        if any(mark in cell for row in rows for cell in row)
    ]


def test_what_was_sent_along_would_be_found(clinic):
    table = Base.metadata.tables["patient"]
    with clinic.database.write() as session, session.begin():
        session.execute(table.update().values(phone=every_column()["phone"]))

    assert traces(clinic) == [f"patient: {MARK}"]


@pytest.mark.parametrize("name", ["therapist", "supervisor", "admin"])
def test_an_address_that_takes_forms_takes_no_columns_either(app, clinic, client_of, name, figures):
    client = client_of(people_of(clinic)[name])
    token = read(client.get("/sign-in")).token
    wanted = {k: v for k, v in every_column().items() if k in NEVER_TYPED}
    before = switches(clinic)
    walk = stops_of(app, clinic, "POST")

    statuses = {
        stop.url: client.post(
            stop.url, data=wanted | {"csrf_token": token, "id": str(uuid4())}, buffered=True
        ).status_code
        for stop in walk
    }

    assert {url: s for url, s in statuses.items() if s >= 500} == {}
    assert {who: switches(clinic)[who] for who in before} == before
    assert traces(clinic) == []
    figures("columns", forms_sent=len(walk), columns_sent=len(wanted), changed=0)


NEVER_TYPED = {
    *("id", "version", "password_hash", "token_digest", "seal", "sealed_seed", "code_digest"),
    *("created_at", "recorded_at", "recorded_by", "author_id", "actor_id", "signed_by"),
    *("signed_at", "submitted_at", "withdrawn_by", "withdrawn_at", "set_by", "set_at"),
    *("written_by", "written_at", "confirmed_at", "used_at", "made_at", "stepped_up_at"),
}
"""Columns that no person ever fills in: the program alone does."""
