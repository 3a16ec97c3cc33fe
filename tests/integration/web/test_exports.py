"""Tables on their pages: choose, look, say why, download; and who may."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from ipt_tracker.persistence.models import Account, AuditEntry
from ipt_tracker.services.exports.choice import Which
from tests.factories.courses import add_course
from tests.factories.pages import read, submit
from tests.factories.rated import rate, slots_of
from tests.factories.ratings import submitted
from tests.factories.stores import on_every_engine
from tests.factories.tables import audit_rows
from tests.factories.workbooks import csv_rows, every_text, members, sheets
from tests.integration.web.test_caseload import statements

MOST_STATEMENTS = 35
BASE = "/caseload/export"
REASON = "Audit of the service"


@pytest.fixture
def therapist(client_of, clinic):
    return client_of(clinic.therapist)


@pytest.fixture
def supervisor(client_of, clinic):
    return client_of(clinic.supervisor)


@pytest.fixture
def admin(client_of, clinic):
    return client_of(clinic.admin)


def look(*tables, **more):
    pairs = [("tables", table) for table in tables] + list(more.items())
    return f"{BASE}/look?" + "&".join(f"{name}={value}" for name, value in pairs)


def take(client, url, **more):
    return submit(client, url, **{"reason": REASON} | more)


def allow(clinic, person):
    with clinic.writing() as work:
        rows = update(Account).where(Account.id == person.id)
        work.session.execute(rows.values(exports_fidelity=True))


def events(clinic) -> list[AuditEntry]:
    rows = [row for row in audit_rows(clinic.database) if row.event.startswith("export.")]
    return [row for row in rows if row.event != "export.patient_downloaded"]


def labels(page):
    return [" ".join("".join(each.itertext()).split()) for each in page.all("label")]


def test_the_page_offers_tables_courses_and_forms_and_reads_nothing(therapist, clinic):
    page = read(therapist.get(BASE))

    assert page.h1 == "Tables of the caseload"
    assert "Answers of measures" in labels(page)
    assert "Fidelity ratings" not in labels(page)
    assert [which.label in labels(page) for which in Which] == [True, True]
    assert events(clinic) == []


def test_nothing_chosen_is_said_beside_the_tables(therapist):
    page = read(therapist.get(f"{BASE}/look"))

    assert page.status == 422
    assert page.errors() == ["Tables: Choose at least one table."]


@pytest.mark.parametrize("odd", ["tables=account", "tables=patients&form=exe", "which=everybody"])
def test_what_is_not_offered_cannot_be_chosen(therapist, clinic, odd):
    answer = therapist.get(f"{BASE}/look?{odd}")

    assert answer.status_code == 422
    assert events(clinic) == []


def test_the_first_rows_are_shown_before_anything_leaves(therapist, clinic):
    page = read(therapist.get(look("patients", "sessions", which="open", form="csv")))

    assert page.h1 == "Take out these tables?"
    assert "Imre Solberg" in page.main
    assert "The first 5 of 7 rows." in page.main
    assert "Wanda" not in page.text
    assert "tables.zip" in page.main
    [looked] = events(clinic)
    assert looked.event == "export.previewed"


def test_without_names_the_first_rows_have_none_and_say_what_is_left_out(therapist, clinic):
    page = read(therapist.get(look("patients", disguised="y")))

    assert "Imre" not in page.main
    assert clinic.course.code not in page.main
    assert "Left out: name, birth_date" in page.main
    assert "can still point to a person" in page.main


def test_a_table_without_rows_says_so(therapist, clinic):
    allow(clinic, clinic.therapist)

    page = read(therapist.get(look("fidelity_ratings")))

    assert "No row is chosen in this table." in page.main


@on_every_engine
def test_one_table_as_text_is_a_csv_file(therapist, clinic):
    answer = take(therapist, look("patients", form="csv"))

    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="patients.csv"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert csv_rows(answer.data)[1][:2] == ["T-101", "Imre Solberg"]


def test_several_tables_as_text_are_a_zip_with_the_dictionary(therapist):
    answer = take(therapist, look("patients", "measures", form="csv"))

    files = members(answer.data)
    assert answer.mimetype == "application/zip"
    assert list(files) == ["about.csv", "patients.csv", "measures.csv", "dictionary.csv"]
    assert {row[0] for row in csv_rows(files["dictionary.csv"])[1:]} == {"patients", "measures"}


def test_a_workbook_has_a_sheet_for_each_table(therapist):
    answer = take(therapist, look("measures", "patients", form="xlsx", disguised="y"))

    assert answer.headers["Content-Disposition"].endswith('"tables_without_names.xlsx"')
    assert list(sheets(answer.data)) == ["about", "patients", "measures", "dictionary"]
    assert "Imre" not in every_text(answer.data)


def test_without_a_reason_nothing_leaves_and_the_first_rows_stay(therapist, clinic):
    page = read(take(therapist, look("patients"), reason=" "))

    assert page.status == 422
    assert page.errors() == ["Reason: Say why the tables are needed."]
    assert "Imre Solberg" in page.main
    assert {row.event for row in events(clinic)} == {"export.previewed"}


def test_the_audit_says_who_took_what_why_and_how_much(therapist, clinic):
    content = take(therapist, look("sessions", which="open", form="csv")).data

    begun, done = events(clinic)[-2:]
    assert (begun.event, done.event) == ("export.begun", "export.downloaded")
    assert begun.actor_id == done.actor_id == clinic.therapist.id
    assert begun.details["reason"] == REASON
    assert begun.details["courses"] == "open"
    assert done.details["rows"] == {"sessions": 7}
    assert done.details["bytes"] == len(content)


def test_taking_tables_asks_for_a_fresh_sign_in_and_the_reason_goes_through_it(
    therapist, clinic, clock
):
    form = read(therapist.get(look("patients", form="csv"))).form()
    clock.now += timedelta(minutes=20)

    page = read(therapist.post(form.action, data=form.but(reason=REASON)))

    assert page.status == 401
    assert REASON in page.html
    assert "export.begun" not in {row.event for row in events(clinic)}


def test_a_browser_that_goes_away_is_written_down(therapist, clinic):
    form = read(therapist.get(look("measure_items", "sessions", form="csv"))).form()

    answer = therapist.post(form.action, data=form.but(reason=REASON), buffered=False)
    pieces = answer.iter_encoded()
    assert next(pieces).startswith(b"PK")
    assert [row.event for row in events(clinic)][-1] == "export.begun"
    answer.close()

    assert events(clinic)[-1].event == "export.broken_off"


# -- ratings


def test_ratings_are_offered_to_whom_an_administrator_allowed_it(therapist, clinic):
    first = slots_of(clinic, clinic.course)[0]
    submitted(clinic, clinic.therapist, first)
    rate(clinic, slots_of(clinic, clinic.course)[1], clinic.supervisor, 5)

    assert therapist.get(look("fidelity_ratings")).status_code == 422
    allow(clinic, clinic.therapist)
    answer = take(therapist, look("fidelity_ratings", form="csv"))

    rows = csv_rows(answer.data)
    assert [row[7] for row in rows[1:]] == ["self"]


def test_an_administrator_allows_it_on_the_account_and_takes_it_back(admin, clinic):
    url = f"/people/{clinic.therapist.id}"

    submit(admin, url, exports_fidelity="y")
    allowed = read(admin.get(url)).form().values["exports_fidelity"]
    submit(admin, url, exports_fidelity=None)

    assert allowed == ["y"]
    assert "exports_fidelity" not in read(admin.get(url)).form().values
    changes = [r for r in audit_rows(clinic.database) if r.event == "account.changed"]
    assert [row.details["exports_fidelity"] for row in changes] == [True, False]


@pytest.mark.parametrize("who", ["admin", "auditor", "assessor"])
def test_only_clinicians_can_be_allowed_it(admin, clinic, who):
    form = read(admin.get(f"/people/{getattr(clinic, who).id}")).form()

    assert "May export fidelity ratings" not in read(admin.get(form.action)).main
    answer = admin.post(form.action, data=form.but(exports_fidelity="y"))
    assert answer.status_code == 422
    assert "Only a therapist or supervisor has ratings to take." in answer.text


# -- on the way


def test_the_caseload_leads_to_what_can_be_taken_and_nobody_else_sees_it(therapist, supervisor):
    for client in (therapist, supervisor):
        links = read(client.get("/caseload")).links()
        assert BASE in links
        assert "/caseload/reports" in links


def test_the_dictionary_alone_is_a_table_without_anybody_in_it(therapist, clinic):
    answer = therapist.get(f"{BASE}/dictionary.csv")

    rows = csv_rows(answer.data)
    assert rows[0][:4] == ["table", "column", "type", "meaning"]
    assert "fidelity_ratings" in {row[0] for row in rows}
    assert events(clinic) == []


def test_looking_takes_a_fixed_number_of_statements(app, therapist, clinic):
    url = look("patients", "courses", "sessions", "measures", "measure_items")

    with statements(app) as few:
        therapist.get(url)
    with clinic.writing(clinic.therapist) as work:
        for number in range(4):
            add_course(work, code=f"A-{number}", name=f"Somebody {number}")
    with statements(app) as many:
        therapist.get(url)

    assert len(few) == len(many) <= MOST_STATEMENTS
