"""A therapist takes out tables with and without names; an administrator allows ratings."""

import io
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from playwright.sync_api import expect

from tests.browser.looking import look

pytestmark = pytest.mark.browser
REASON = "Yearly audit of the service"


def test_a_therapist_chooses_looks_says_why_and_downloads_a_workbook(page_of, site):
    known = site.course()
    therapist = page_of("therapist")
    therapist.watch.may_answer.add(422)
    therapist.goto("/caseload")
    therapist.get_by_text("Files", exact=True).click()
    therapist.get_by_role("link", name="Tables", exact=True).click()
    expect(therapist.get_by_role("heading", level=1)).to_have_text("Tables of the caseload")
    therapist.get_by_role("button", name="Look at the first rows").click()
    expect(therapist.get_by_role("alert")).to_contain_text("Choose at least one table.")
    look(therapist, "tables, nothing chosen")

    for table in ("Patients", "Sessions", "Measures"):
        therapist.get_by_role("checkbox", name=table, exact=True).check()
    therapist.get_by_role("button", name="Look at the first rows").click()
    expect(therapist.get_by_role("heading", level=1)).to_have_text("Take out these tables?")
    therapist.get_by_role("button", name="Download").click()
    expect(therapist.get_by_role("alert")).to_contain_text("Say why the tables are needed.")
    look(therapist, "tables, without a reason")

    therapist.get_by_label("Reason").fill(REASON)
    with therapist.expect_download() as waiting:
        therapist.get_by_role("button", name="Download").click()
    book = openpyxl.load_workbook(io.BytesIO(Path(waiting.value.path()).read_bytes()))

    assert waiting.value.suggested_filename == "tables.xlsx"
    assert book.sheetnames == ["about", "patients", "sessions", "measures", "dictionary"]
    assert known.name in {row[1] for row in book["patients"].iter_rows(values_only=True)}


def test_without_names_the_file_names_nobody(page_of, site):
    known = site.course()
    therapist = page_of("therapist")
    therapist.goto("/caseload/export")
    therapist.get_by_role("checkbox", name="Patients", exact=True).check()
    therapist.get_by_role("radio", name="Text, CSV").check()
    therapist.get_by_label("Without names").check()
    therapist.get_by_role("button", name="Look at the first rows").click()
    expect(therapist.get_by_text("can still point to a person")).to_be_visible()
    expect(therapist.get_by_text("Left out: name, birth_date")).to_be_visible()
    therapist.get_by_label("Reason").fill(REASON)
    with therapist.expect_download() as waiting:
        therapist.get_by_role("button", name="Download").click()
    content = Path(waiting.value.path()).read_bytes()

    rows = pd.read_csv(io.BytesIO(content))
    assert waiting.value.suggested_filename == "patients_without_names.csv"
    assert rows["patient"].str.fullmatch("D-[A-Z2-7]{8}").all()
    assert known.name.encode() not in content
    assert known.code.encode() not in content


def test_an_administrator_allows_ratings_and_the_supervisor_can_choose_them(page_of, site):
    supervisor, admin = page_of("supervisor2"), page_of("admin")
    supervisor.goto("/caseload/export")
    ratings = supervisor.get_by_role("checkbox", name="Fidelity ratings")
    expect(ratings).to_have_count(0)

    admin.goto(f"/people/{site.person('supervisor2').id}")
    tick = admin.get_by_label("May export fidelity ratings")
    tick.check()
    look(admin, "an account that may export ratings")
    admin.get_by_role("button", name="Save account").click()
    expect(admin.get_by_text("The account is changed.")).to_be_visible()

    supervisor.goto("/caseload/export")
    expect(ratings).to_be_visible()
