"""No cell of a download is a formula, every text is got back, and numbers stay numbers."""

import csv
import io

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipt_tracker.exchange.export_scores import TABLES
from ipt_tracker.exchange.tables import BYTE_ORDER_MARK, GUARD, csv_bytes
from tests.factories.pages import submit
from tests.factories.workbooks import members
from tests.security.payloads import FORMULAS, plant
from tests.security.walking import answers

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # noqa: RUF001 -- full width


@pytest.fixture
def clinic(full_clinic):
    return full_clinic


def cells(content):
    text = content.decode("utf-8").removeprefix(BYTE_ORDER_MARK)
    return list(csv.reader(io.StringIO(text, newline="")))


def is_formula(cell):
    """Say whether a spreadsheet would work a cell out; a plain number is none."""
    return cell.lstrip(" \u3000").startswith(STARTS_A_FORMULA) and not is_number(cell)


def is_number(cell):
    try:
        float(cell)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_gets_an_apostrophe_and_nothing_else(text):
    [[cell]] = cells(csv_bytes([text], []))

    assert cell == GUARD + text
    assert not is_formula(cell)


WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)


@given(st.lists(st.lists(WORDS, min_size=2, max_size=2), min_size=1, max_size=5))
def test_every_text_comes_back_and_none_is_a_formula(table):
    read = cells(csv_bytes(["a", "b"], table))[1:]

    back = [[c[1:] if c.startswith(GUARD) else c for c in row] for row in read]
    assert back == table
    assert [c for row in read for c in row if is_formula(c) and not is_number(c)] == []


@given(st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False)))
def test_a_number_stays_one(number):
    [_, [cell]] = cells(csv_bytes(["n"], [[number]]))

    assert float(cell) == float(number)


@pytest.mark.parametrize("text", [*FORMULAS[:5], FORMULAS[7], FORMULAS[11]])
def test_no_download_has_a_cell_that_a_spreadsheet_would_work_out(
    app, full_clinic, client_of, text, figures
):
    plant(full_clinic.database, text)
    looked = 0
    for stop, _, answer in answers(app, full_clinic, client_of, only=(".csv",)):
        assert answer.mimetype == "text/csv"
        for row in cells(answer.data):
            assert [cell for cell in row if is_formula(cell)] == [], stop.url
            looked += len(row)

    assert looked > 100
    figures("cells", cells_read=looked, formulas=0)


def taken(client, form):
    """Take out every table without a permission of its own, as its page does."""
    names = [name for name in TABLES if name != "fidelity_ratings"]
    chosen = "&".join(f"tables={name}" for name in names)
    url = f"/caseload/export/look?{chosen}&form={form}"
    return submit(client, url, reason="to look at every cell").data


@pytest.mark.parametrize("text", [FORMULAS[0], FORMULAS[4], FORMULAS[11], FORMULAS[12]])
def test_no_cell_of_the_tables_of_a_caseload_is_a_formula_or_a_link(full_clinic, client_of, text):
    plant(full_clinic.database, text)
    client = client_of(full_clinic.supervisor)
    harmful = 0

    book = openpyxl.load_workbook(io.BytesIO(taken(client, "xlsx")))
    for cell in (cell for sheet in book for row in sheet for cell in row):
        assert cell.data_type != "f", cell.coordinate
        assert cell.hyperlink is None, cell.coordinate
        if isinstance(cell.value, str) and is_formula(cell.value):
            assert cell.quotePrefix, cell.coordinate
            harmful += 1
    for name, content in members(taken(client, "csv")).items():
        assert [cell for row in cells(content) for cell in row if is_formula(cell)] == [], name

    assert harmful > 3
