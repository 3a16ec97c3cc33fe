import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipt_tracker.exchange.tables import csv_bytes, guarded

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 -- full-width forms
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


def read(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize(
    "text",
    [
        '=HYPERLINK("http://a.example")',
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        "\N{NO-BREAK SPACE}=1",
        "\N{FULLWIDTH EQUALS SIGN}1",
        "\0=1",
    ],
)
def test_a_text_that_would_be_a_formula_gets_an_apostrophe(text):
    (cell,) = read(csv_bytes([text], []))[0]

    assert cell == f"'{text}".replace("\0", "")


@given(TEXT)
def test_no_cell_is_a_formula_and_every_text_can_be_had_back(text):
    (cell,) = read(csv_bytes([text], []))[0] or [""]

    assert not cell.lstrip().startswith(RISKY[:4])
    assert not cell.startswith(RISKY)
    assert cell.removeprefix("'") == text if guarded(text) != text else cell == text


def test_numbers_stay_numbers_also_below_zero():
    row = read(csv_bytes(["a", "b", "c", "d"], [[-1, -0.5, date(2026, 1, 5), None]]))[1]

    assert row == ["-1", "-0.5", "2026-01-05", ""]


def test_the_file_says_that_it_is_utf_8_and_has_the_lines_of_the_standard():
    content = csv_bytes(["name"], [["Müller, “A”"], ['He said "no"']])

    assert content.startswith(b"\xef\xbb\xbfname\r\n")
    assert read(content) == [["name"], ["Müller, “A”"], ['He said "no"']]
