"""Reading a spreadsheet of scores: every kind of file that people have, and none that does harm."""

import time
import tracemalloc
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.exchange import score_sheet_csv, score_sheet_xlsx
from ipt_tracker.exchange.score_file import read_score_file
from ipt_tracker.exchange.score_sheet import NOTHING, TOO_LARGE, TOO_WIDE, Sheet, letter
from ipt_tracker.exchange.score_template import HEAD as TEMPLATE
from ipt_tracker.exchange.score_template import template_csv, template_xlsx
from tests.factories.score_files import HEAD, csv_of, row, saved, with_part, xlsx_of

ROWS = (row("T-101", "2025-04-07"), row("Ö-7", "2025-04-14", total=0))
PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
ENTITIES = b'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>'


def texts(content):
    sheet = read_score_file(content)
    assert sheet.head == HEAD
    return [each.cells for each in sheet.rows]


def said(content):
    with pytest.raises(RuleBroken) as broken:
        read_score_file(content)
    return broken.value.message


AS_READ = [("T-101", "2025-04-07", "PCL-5 week", "40"), ("Ö-7", "2025-04-14", "PCL-5 week", "0")]


@pytest.mark.parametrize("sep", [",", ";", "\t", "|"])
@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_csv_is_read_whatever_its_separator_and_its_letters(sep, code):
    content = csv_of(ROWS, sep=sep).decode().encode(code)

    assert texts(content) == AS_READ


def test_the_other_byte_order_is_read_and_the_line_of_a_spreadsheet_program_too():
    text = "sep=;\r\n" + csv_of(ROWS, sep=";").decode()

    assert texts(b"\xfe\xff" + text.encode("utf-16-be")) == AS_READ


def test_a_workbook_is_read_with_its_dates_numbers_and_codes_of_digits():
    rows = [
        ("T-101", date(2025, 4, 7), "PCL-5 week", 40),
        ("Ö-7", datetime(2025, 4, 14, 9, 30), "PCL-5 week", 0.0),  # noqa: DTZ001 -- as a sheet has it
    ]

    assert texts(xlsx_of(rows)) == AS_READ


def test_rows_keep_the_numbers_that_people_see_and_blank_ones_are_passed_over():
    content = csv_of([ROWS[0], ("", "", "", ""), ROWS[1]])
    book = Workbook()
    for number in (1, 2, 9):
        for place, value in enumerate((HEAD, *ROWS)[min(number - 1, 2)], start=1):
            book.active.cell(number, place, value)

    assert [each.number for each in read_score_file(content).rows] == [2, 4]
    assert [each.number for each in read_score_file(saved(book)).rows] == [2, 9]


def test_quotes_line_breaks_and_signs_that_cannot_be_seen_leave_plain_text():
    content = b'patient,date,form,total\n" T-101 ",2025-04-07,"PCL-5,\nweek","4\xe2\x80\x8b0"\n'

    assert texts(content) == [("T-101", "2025-04-07", "PCL-5, week", "40")]


def test_a_text_that_our_own_tables_guard_is_read_as_it_was():
    assert texts(csv_of([("'-7", "2025-04-07", "phq9", 4)]))[0][0] == "-7"
    assert texts(csv_of([("=1+1", "2025-04-07", "phq9", 4)]))[0][0] == "=1+1"


def test_the_sheet_called_scores_is_read_before_others_and_no_hidden_one():
    book = Workbook()
    book.active.append(("hidden", "words"))
    book.active.sheet_state = "hidden"
    for title, rows in (("Notes", [("a", "b")]), ("Scores", (HEAD, *ROWS))):
        sheet = book.create_sheet(title)
        for each in rows:
            sheet.append(each)
    assert texts(saved(book)) == AS_READ

    del book["Scores"]
    assert said(saved(book)) == NOTHING  # "Notes" has one row: a head without scores


def test_thousands_of_rows_are_read_quickly_and_one_too_many_is_refused():
    rows = [row(f"T-{n}", "2025-04-07", total=n % 80) for n in range(5_000)]
    begun = time.perf_counter()

    assert len(read_score_file(csv_of(rows)).rows) == 5_000
    assert len(read_score_file(xlsx_of(rows)).rows) == 5_000
    assert time.perf_counter() - begun < 60
    assert "more than 5,000 rows" in said(csv_of([*rows, rows[0]]))
    assert "more than 5,000 rows" in said(xlsx_of([*rows, rows[0]]))


def test_what_is_too_large_or_too_wide_is_refused():
    wide = [f"c{n}" for n in range(101)]

    assert said(b"a," * 1_000_001) == TOO_LARGE
    assert said(csv_of([wide], wide)) == TOO_WIDE
    assert said(xlsx_of([wide], wide)) == TOO_WIDE


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", NOTHING),
        (b" \r\n ", NOTHING),
        (b"patient,date", NOTHING),
        (PNG, score_sheet_csv.NO_TEXT),
        (b"MZ" + bytes(200), score_sheet_csv.NO_TEXT),
        ("patient,d\u00e4te\nT,1".encode("latin-1"), score_sheet_csv.OTHER_LETTERS),
        ("patient,date\nT,1".encode("utf-16-le"), score_sheet_csv.NO_TEXT),
        (b'patient,date\n"T,1', score_sheet_csv.BROKEN_QUOTES),
        (b"\xff\xfea", score_sheet_csv.OTHER_LETTERS),
        (OLD, score_sheet_xlsx.OLD_FORM),
        (b"PK\x03\x04" + bytes(50), score_sheet_xlsx.DAMAGED),
    ],
)
def test_a_file_of_another_kind_is_told_in_one_sentence(content, message):
    assert said(content) == message


def test_a_workbook_that_could_do_harm_is_not_read():
    good = xlsx_of(ROWS)
    sheet = "xl/worksheets/sheet1.xml"

    assert said(with_part(good, "xl/vbaProject.bin", b"x")) == score_sheet_xlsx.MACROS
    assert said(with_part(good, "xl/macrosheets/a.xml", b"<a/>")) == score_sheet_xlsx.MACROS
    assert said(with_part(good, sheet, ENTITIES)) == score_sheet_xlsx.DAMAGED
    assert said(with_part(good, sheet, ENTITIES.decode().encode("utf-16"))) == (
        score_sheet_xlsx.DAMAGED
    )
    assert said(with_part(good, sheet, b"<worksheet>")) == score_sheet_xlsx.DAMAGED
    assert said(with_part(good, "xl/styles.xml", b"<a>" * 70_000)) == score_sheet_xlsx.UNPACKS
    assert said(good[: len(good) // 2]) == score_sheet_xlsx.DAMAGED


def test_a_zip_that_is_no_workbook_is_told_apart():
    held = with_part(xlsx_of(ROWS), "content.xml", b"<a/>")
    assert texts(held) == AS_READ

    other = held.replace(b"xl/workbook.xml", b"xl/workbook.abc")
    assert said(other) == score_sheet_xlsx.NO_WORKBOOK


def test_a_zip_bomb_is_refused_without_being_unpacked():
    bomb = with_part(xlsx_of(ROWS), "xl/worksheets/sheet1.xml", b" " * 60_000_000)
    assert len(bomb) < 100_000
    many = with_part(xlsx_of(ROWS), "xl/worksheets/sheet1.xml", b"<row>" + b"<c/>" * 3_000_000)

    tracemalloc.start()
    assert said(bomb) == score_sheet_xlsx.UNPACKS
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()
    assert said(many) == score_sheet_xlsx.UNPACKS


def test_a_row_far_below_does_not_make_millions_of_rows():
    text = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="99999999999"><c r="A99999999999" t="n"><v>1</v></c></row></sheetData></worksheet>'
    )
    begun = time.perf_counter()

    assert said(with_part(xlsx_of(ROWS), "xl/worksheets/sheet1.xml", text)) == NOTHING
    assert time.perf_counter() - begun < 5


def test_a_formula_is_refused_with_its_place_and_not_calculated():
    message = said(xlsx_of([row("T-101", "2025-04-07", total="=20+20")]))

    assert message.startswith("Row 2, column D holds a formula.")


def test_a_head_over_several_columns_is_refused_with_the_column_that_lacks_one():
    book = Workbook()
    book.active.append(("patient", "date", "PCL-5", None))
    book.active.merge_cells("C1:D1")
    book.active.append(("T-101", "2025-04-07", 40, 12))

    assert said(saved(book)).startswith("Row 2, column D: there is a value, and the first row")
    assert said(b"Scores of 2025\n\npatient,date\nT-101,2025-04-07").startswith("Row 3, column B")


def test_what_waits_is_read_back_as_it_was():
    sheet = read_score_file(csv_of(ROWS))

    assert Sheet.from_json(sheet.as_json()) == sheet
    assert "Ö-7" in sheet.as_json()


def test_columns_are_named_as_spreadsheet_programs_do():
    assert [letter(n) for n in (0, 25, 26, 51, 52, 99)] == ["A", "Z", "AA", "AZ", "BA", "CV"]


def test_the_templates_have_the_same_head_and_are_the_same_every_time():
    filled = template_csv() + b"T-101,2025-04-07,phq9,9\r\n"
    assert read_score_file(filled).head == TEMPLATE
    assert said(template_xlsx()) == NOTHING
    assert template_xlsx() == template_xlsx()


@given(st.binary(max_size=400))
def test_whatever_is_handed_in_is_read_or_refused_with_a_sentence(content):
    for each in (content, b"PK\x03\x04" + content, b"patient,date\n" + content):
        try:
            found = [len(line.cells) - 2 for line in read_score_file(each).rows]
        except RuleBroken as broken:
            found = [] if broken.message else ["no sentence"]
        assert all(type(number) is int for number in found)
