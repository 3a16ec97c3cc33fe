"""Workbooks that are written bit by bit, read back by openpyxl and pandas."""

import io
import tracemalloc
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import islice, repeat

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipt_tracker.exchange import xlsx
from ipt_tracker.exchange.table_columns import Column, Kind, Table
from ipt_tracker.exchange.xlsx import Sheet, TooManyRows, workbook
from ipt_tracker.exchange.xlsx_cells import LONGEST_TEXT, row_xml
from ipt_tracker.exchange.zipped import zipped
from tests.factories.workbooks import EVERY_TABLE, members, sheets, unescaped
from tests.security.payloads import FORMULAS

AT = datetime(2026, 3, 11, 10, 0, tzinfo=UTC)
MIXED = Table(
    "mixed",
    "Mixed",
    "one",
    tuple(
        Column(name, kind, "Meaning", "a.b")
        for name, kind in (
            ("word", Kind.TEXT),
            ("whole", Kind.WHOLE),
            ("number", Kind.NUMBER),
            ("day", Kind.DAY),
            ("moment", Kind.MOMENT),
            ("yes", Kind.YES_NO),
        )
    ),
    ("word",),
)
WORDS = Table("words", "Words", "one", (Column("word", Kind.TEXT, "Word", "a.b"),), ("word",))
ROW = ("a", 3, 0.25, date(2026, 1, 5), datetime(2026, 1, 5, 13, 45, 30, tzinfo=UTC), True)


def at(day, *time):
    """Give a moment of January as a workbook has it: without a zone."""
    return datetime(2026, 1, day, *time, tzinfo=UTC).replace(tzinfo=None)


def written(*made):
    return b"".join(workbook(made, [("file", "a test")], AT, disguised=False))


def read(table, rows):
    return sheets(written(Sheet(table, [rows])))[table.name]


def test_numbers_dates_moments_and_truths_have_their_types():
    content = written(Sheet(MIXED, [[ROW]]))

    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = next(iter(book["mixed"].iter_rows(min_row=2)))

    assert [cell.data_type for cell in cells] == ["s", "n", "n", "d", "d", "b"]
    assert [cell.value for cell in cells] == [
        *("a", 3, 0.25, at(5), at(5, 13, 45, 30), True),
    ]
    assert cells[3].number_format == "yyyy-mm-dd"
    assert cells[4].number_format == "yyyy-mm-dd hh:mm:ss"
    assert cells[0].quotePrefix


def test_pandas_reads_types_without_being_told():
    content = written(Sheet(MIXED, [[ROW, ("b", None, None, None, None, None)]]))

    frame = pd.read_excel(io.BytesIO(content), sheet_name="mixed")

    assert str(frame["day"].dtype).startswith("datetime64")
    assert frame["whole"].tolist()[0] == 3
    assert frame["number"].dtype == float
    assert frame["number"].isna().tolist() == [False, True]


def test_what_is_not_recorded_is_an_empty_cell_and_never_zero():
    assert read(MIXED, [(None, 0, None, None, None, False)])[1] == (
        None,
        0,
        None,
        None,
        None,
        False,
    )


def test_a_moment_is_written_in_utc_whatever_zone_it_is_in():
    east = timezone(timedelta(hours=2))

    [_, row] = read(MIXED, [("a", 1, 1.0, None, datetime(2026, 1, 6, 1, 0, tzinfo=east), True)])

    assert row[4] == at(5, 23)


def test_a_day_that_spreadsheets_cannot_count_is_a_text():
    [_, row] = read(MIXED, [("a", 1, 1.0, date(1899, 5, 1), None, None)])

    assert row[3] == "1899-05-01"


@pytest.mark.parametrize("text", FORMULAS)
def test_no_formula_and_no_link_is_made_of_a_text(text):
    content = written(Sheet(WORDS, [[(text,), ("https://evil.example/",)]]))

    book = openpyxl.load_workbook(io.BytesIO(content))
    cell, link = book["words"]["A2"], book["words"]["A3"]

    assert (cell.data_type, cell.value) == ("s", text)
    assert link.hyperlink is None
    assert not [name for name in members(content) if "_rels/sheet" in name]
    assert b"<f>" not in b"".join(members(content).values())


ANY = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)


@given(st.lists(ANY, min_size=1, max_size=4))
def test_every_text_comes_back_and_none_is_a_formula(texts):
    content = written(Sheet(WORDS, [[(text,) for text in texts]]))

    cells = [row[0] for row in openpyxl.load_workbook(io.BytesIO(content))["words"]["A2:A9"]]

    found = [cell for cell in cells if cell.value is not None]
    assert [cell.data_type for cell in found] == ["s"] * len(texts)
    assert [unescaped(cell.value) for cell in found] == texts


@given(st.one_of(st.integers(-(2**40), 2**40), st.floats(allow_nan=False, allow_infinity=False)))
def test_a_number_stays_the_number_that_it_was(number):
    [_, row] = read(MIXED, [("a", number, None, None, None, None)])

    assert row[1] == number


def test_a_text_longer_than_a_cell_is_cut_where_the_cell_ends():
    [_, row] = read(WORDS, [("x" * 40_000,)])

    assert len(row[0]) == LONGEST_TEXT


def test_there_is_a_sheet_for_each_table_with_its_head_the_dictionary_and_what_the_file_is():
    found = sheets(written(*(Sheet(table, []) for table in EVERY_TABLE)))

    assert list(found) == ["about", *(table.name for table in EVERY_TABLE), "dictionary"]
    for table in EVERY_TABLE:
        assert found[table.name] == [table.head]
    assert found["about"][0] == ("file", "a test")
    assert len(found["dictionary"]) > 300


def test_columns_past_z_have_two_letters():
    assert 'r="AB7"' in row_xml(7, [None] * 27 + [1], [0] * 28)


def test_equal_content_gives_equal_bytes():
    assert written(Sheet(MIXED, [[ROW]])) == written(Sheet(MIXED, [[ROW]]))


def test_more_rows_than_a_sheet_can_hold_are_refused(monkeypatch):
    monkeypatch.setattr(xlsx, "MOST_ROWS", 3)

    with pytest.raises(TooManyRows):
        written(Sheet(MIXED, [[ROW, ROW], [ROW, ROW]]))


def peak(pages):
    """Give the most memory that a workbook of so many pages needs on its way, in bytes."""
    made = workbook([Sheet(MIXED, repeat([ROW] * 100, pages))], [], AT, disguised=False)
    next(made)
    tracemalloc.start()
    try:
        size = sum(len(piece) for piece in made)
        return tracemalloc.get_traced_memory()[1], size
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_rows():
    (few, small), (many, large) = peak(20), peak(150)

    assert large > 5 * small
    assert many < few + 200_000


def test_the_first_bytes_come_before_any_row_is_read():
    def pages():
        yield [ROW]
        raise AssertionError("read too early")

    made = workbook([Sheet(MIXED, pages())], [], AT, disguised=False)

    assert next(made).startswith(b"PK")


def test_a_zip_is_whole_and_its_members_come_in_pieces():
    pieces = list(zipped([("a.txt", repeat(b"x" * 999, 100)), ("b.txt", [b""])], AT))

    found = members(b"".join(pieces))
    assert found == {"a.txt": b"x" * 99_900, "b.txt": b""}
    assert list(islice(found, 1)) == ["a.txt"]
