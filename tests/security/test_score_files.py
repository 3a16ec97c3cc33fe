"""A spreadsheet made to do harm: one sentence, nothing kept, nothing run, nobody's data."""

import io
import time

import pytest

from tests.factories.pages import read
from tests.factories.score_files import csv_of, import_in, row, with_part, xlsx_of
from tests.factories.tables import contents
from tests.security.payloads import FORMULAS
from tests.security.test_imports import hand_in, refused_in_words
from tests.security.test_query_parameters import without_sign_ins

URL = "/caseload/scores"
HEAD = b"patient,date,form,total\n"
ROW = b"T-101,2026-01-10,phq9,7\n"
GOOD = xlsx_of([row("T-101", "2026-01-10", "phq9", 7)])
SHEET = "xl/worksheets/sheet1.xml"
LAUGHS = b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;">]><worksheet>&c;</worksheet>'
READS = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><worksheet>&b;</worksheet>'

NO_SPREADSHEETS = {
    "nothing at all": b"",
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(200),
    "a program": b"MZ" + bytes(200),
    "a workbook of the old form": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "a zip bomb": with_part(GOOD, SHEET, b" " * 60_000_000),
    "too many cells": with_part(GOOD, SHEET, b"<c/>" * 3_000_000),
    "too many formats": with_part(GOOD, "xl/styles.xml", b"<x/>" * 100_000),
    "entities in entities": with_part(GOOD, SHEET, LAUGHS),
    "a file of the machine": with_part(GOOD, SHEET, READS),
    "macros": with_part(GOOD, "xl/vbaProject.bin", b"x"),
    "half a workbook": GOOD[:-400],
    "a formula": xlsx_of([row("T-101", "2026-01-10", "phq9", '=HYPERLINK("http://x.example")')]),
    "another alphabet's encoding": HEAD + "Proença".encode("latin-1") + ROW,
    "a sign that is none": HEAD + b"A\x00B" + ROW,
    "a quote without end": HEAD + b'"T-101,2026-01-10\n' * 3,
    "one cell without end": HEAD + b'"' + b"x" * 200_000 + b'",2026-01-10,phq9,7\n',
    "more rows than it may have": HEAD + ROW * 5_001,
    "more columns than it may have": b"c," * 101 + b"c\n" + ROW,
}


@pytest.fixture
def therapist(client_of, clinic):
    return client_of(clinic.therapist)


@pytest.mark.parametrize("what", NO_SPREADSHEETS)
def test_a_spreadsheet_that_is_none_is_refused_in_words(therapist, clinic, what):
    before, begun = without_sign_ins(contents(clinic.database)), time.perf_counter()

    answer = hand_in(therapist, URL, URL, NO_SPREADSHEETS[what], "scores.xlsx")

    refused_in_words(answer)
    assert time.perf_counter() - begun < 60
    assert "root:" not in answer.text
    assert without_sign_ins(contents(clinic.database)) == before


def test_the_name_of_a_file_is_a_name_and_no_path_and_no_markup(therapist):
    name = "C:\\secret\\../<b onclick=x>scores.csv"

    answer = hand_in(therapist, URL, URL, HEAD + ROW, name)
    page = therapist.get(answer.location)

    assert "secret" not in page.text
    assert "<b onclick" not in page.text
    assert "scores.csv" in read(page).main


def test_words_of_a_file_come_back_as_words(therapist):
    sign = '<script>alert("1")</script>'
    rows = [(f"{sign}{n}", text, sign, text) for n, text in enumerate(FORMULAS)]
    held = io.StringIO()
    for each in (("patient", "date", "form", sign), *rows):
        held.write(",".join('"' + str(cell).replace('"', '""') + '"' for cell in each) + "\n")

    answer = hand_in(therapist, URL, URL, held.getvalue().encode(), "scores.csv")
    page = therapist.get(answer.location)

    assert sign in read(page).main
    assert "<script>alert" not in page.text


def test_columns_that_are_not_there_are_refused_and_not_looked_up(therapist):
    url = hand_in(therapist, URL, URL, csv_of([row("T-101", "2026-01-10")]), "a.csv").location
    filled = read(therapist.get(url)).form(url)
    for value in ("99", "-1", "999999999999999999999", "x", "１"):  # noqa: RUF001 -- a digit of another script
        for name in ("patient", "day", "form", "total", "items", "every_form"):
            answer = therapist.post(url, data=filled.but(**{name: value}))
            assert answer.status_code == 422, (name, value)


def test_a_file_that_waits_is_reached_by_its_owner_alone(therapist, clinic, client_of):
    import_id = import_in(clinic, clinic.course2)
    token = read(therapist.get(URL)).token
    before = without_sign_ins(contents(clinic.database))
    for client in (therapist, client_of(clinic.supervisor), client_of(clinic.admin)):
        for end in ("", "/columns", "/rows", "/undo"):
            assert client.get(f"{URL}/{import_id}{end}").status_code == 404
    for end in ("/columns", "/rows", "/drop", "/undo"):
        data = {"csrf_token": token, "reason": "mine now", "seal": "x", "version": "2"}
        assert therapist.post(f"{URL}/{import_id}{end}", data=data).status_code == 404

    assert without_sign_ins(contents(clinic.database)) == before
