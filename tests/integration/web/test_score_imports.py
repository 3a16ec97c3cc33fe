"""Taking in scores through the pages: hand in, match, look, take in, undo; and what is refused."""

import io

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from ipt_tracker.exchange.score_sheet import LARGEST_FILE, TOO_LARGE
from ipt_tracker.persistence.models import Measure, ScoreImport
from tests.factories.clinic import NOW
from tests.factories.pages import read
from tests.factories.score_files import csv_of, row, xlsx_of
from tests.factories.tables import contents, differences

URL = "/caseload/scores"
CHANGED_BY_LOOKING = ["sign_in"]
ROWS = [row("T-101", "10/01/2026", "PCL-5", 44), row("T-101", "11/02/2026", "phq9", 7)]


@pytest.fixture
def client(client_of, clinic):
    return client_of(clinic.therapist)


def hand_in(client, content, name="old.csv"):
    """Send the file as a browser does; the client's own way would leave a file of its own open."""
    part = 'Content-Disposition: form-data; name="'
    sent = (
        f'--end\r\n{part}csrf_token"\r\n\r\n{read(client.get(URL)).token}\r\n'
        f'--end\r\n{part}file"; filename="{name}"\r\n\r\n'
    )
    body = sent.encode() + content + b"\r\n--end--\r\n"
    return client.post(URL, data=body, content_type="multipart/form-data; boundary=end")


def matched(client, content, **said):
    """Hand a file in and say what its columns are, as the page proposes them but for `said`."""
    url = hand_in(client, content).location
    filled = read(client.get(url)).form(url)
    return url, client.post(url, data=filled.but(**said))


def looked_at(client, content, **said):
    _, answer = matched(client, content, **said)
    assert answer.status_code == 303, answer.text
    return answer.location


def take(client, url, **said):
    return client.post(url, data=read(client.get(url)).form(url).but(**said))


def test_scores_are_handed_in_matched_looked_at_taken_in_and_undone(client, clinic):
    url = looked_at(client, csv_of(ROWS), form_0="pcl5_week", day_first="yes")
    page = read(client.get(url))
    assert page.h1 == "Take in these scores?"
    assert "10 Jan 2026" in page.main
    assert "11 Feb 2026" in page.main

    answer = take(client, url)
    page = read(client.get(answer.location))

    assert "2 scores taken in." in page.text
    assert page.h1 == "Scores taken in"
    undo = f"{answer.location}/undo"
    assert client.post(undo, data=read(client.get(undo)).form(undo).but()).status_code == 422
    back = client.post(undo, data=read(client.get(undo)).form(undo).but(reason="wrong file"))
    page = read(client.get(back.location))
    assert page.h1 == "Scores taken in and undone"
    assert "2 scores withdrawn" in page.text
    with clinic.reading() as work:
        found = work.session.scalars(select(Measure).where(Measure.recorded_at == NOW)).all()
    assert sum(each.withdrawn_at is not None for each in found) == 2


def test_a_workbook_goes_the_same_way(client):
    rows = [row("T-101", "2026-01-10", total=44)]

    url = looked_at(client, xlsx_of(rows))

    assert take(client, url).status_code == 303


def test_what_the_file_leaves_open_is_asked_and_not_guessed(client):
    url, answer = matched(client, csv_of(ROWS))
    page = read(answer)

    assert answer.status_code == 422
    assert "Choose a form, or leave these rows out." in page.main
    assert "Day first: 10/01/2026 is 10 January 2026" in page.main
    both = client.post(url, data=page.form(url).but(form_0="pcl5_month"))
    assert both.status_code == 422
    assert "Say in which order day and month stand." in both.text


def test_another_column_of_the_form_asks_about_its_own_names(client):
    head = ("patient", "date", "form", "total", "questionnaire no")
    content = csv_of([(*row("T-101", "2026-01-10", "x", 4), "HAM-D")], head)
    url, answer = matched(client, content, form="4")

    assert answer.status_code == 422
    page = read(answer)
    assert "“HAM-D” is" in page.main
    assert client.post(url, data=page.form(url).but(form_0="hamd17")).status_code == 303


def test_wrong_rows_are_named_and_cannot_be_taken_in(client, clinic):
    url = looked_at(client, csv_of([row("T-101", "2026-01-10", total=90), row("T-202", "soon")]))
    page = read(client.get(url))

    assert page.h1 == "Rows that are wrong"
    assert "90 is too high, the form goes from 0 to 80." in page.main
    assert "“soon” is no date" in page.main
    before = contents(clinic.database)
    answer = client.post(url, data={"csrf_token": page.token, "version": "2"})
    assert answer.status_code == 422
    assert differences(before, contents(clinic.database)) == []


def test_what_is_here_already_must_be_answered(client):
    url = looked_at(client, csv_of([row("T-101", "2026-01-07", total=58)]))
    answer = take(client, url)
    assert answer.status_code == 422
    assert "Say what becomes of the forms that are here already." in answer.text

    assert "There is nothing to take in." in take(client, url, same="no").text
    assert take(client, url, same="yes").status_code == 303


def test_the_page_says_what_becomes_of_answers_on_suicide(client):
    url = looked_at(client, csv_of([row("T-101", "2026-03-10", "phq9", 7)]))
    main = read(client.get(url)).main

    assert "also where the item is blank or only a total is given: 1 here" in main
    assert "Older answers are history" in main


def test_a_file_that_cannot_be_read_is_told_beside_its_field(client, clinic):
    before = contents(clinic.database)

    answer = hand_in(client, b"\x89PNG\r\n\x1a\n" + bytes(50), "picture.csv")

    assert answer.status_code == 422
    assert "neither a CSV file nor an XLSX workbook" in read(answer).main
    assert differences(before, contents(clinic.database)) == []


def test_a_file_of_the_size_that_is_promised_is_read_and_a_larger_one_is_told(client):
    rows = csv_of([row("T-101", "2026-01-10", total=44)])
    padded = rows + b"," * (LARGEST_FILE - len(rows))

    assert hand_in(client, padded).status_code == 303
    assert TOO_LARGE in read(hand_in(client, padded + b",")).main
    assert hand_in(client, b"," * 2_300_000).status_code == 413


def test_only_the_address_of_the_file_has_room_for_one(client):
    data = {"csrf_token": "x", "q": "y" * 1_500_000}

    assert client.post("/caseload/find", data=data).status_code == 413
    assert client.post("/caseload/scores/template/table", data=data).status_code in {405, 413}


def test_what_waits_can_be_left_found_again_and_dropped(client, clinic):
    url = looked_at(client, csv_of(ROWS), form_0="pcl5_week", day_first="yes")
    assert "old.csv" in read(client.get(URL)).main
    one = url.removesuffix("/rows")
    assert client.get(one).location == url
    page = read(client.get(url))

    dropped = client.post(f"{one}/drop", data={"csrf_token": page.token})

    assert "Nothing of it is kept." in read(client.get(dropped.location)).text
    assert client.get(url).location == one
    assert read(client.get(one)).h1 == "Spreadsheet not taken in"
    with clinic.reading() as work:
        assert [each.content for each in work.session.scalars(select(ScoreImport))] == [None]


def test_rows_that_somebody_changed_in_another_window_are_looked_at_again(client):
    url = looked_at(client, csv_of(ROWS), form_0="pcl5_week", day_first="yes")
    old = read(client.get(url)).form(url)
    columns = url.replace("/rows", "/columns")
    client.post(columns, data=read(client.get(columns)).form(columns).but(day_first="no"))

    assert client.post(url, data=old.but()).status_code == 409


def test_the_templates_are_downloaded_and_can_be_filled_in(client):
    table = client.get(f"{URL}/template/table")
    workbook = client.get(f"{URL}/template/workbook")

    assert table.data.startswith(b"\xef\xbb\xbfpatient,date,form,total,item_1")
    book = load_workbook(io.BytesIO(workbook.data))
    assert book.sheetnames == ["Scores", "How to fill it in"]
    assert workbook.headers["Content-Disposition"] == 'attachment; filename="scores.xlsx"'
    for place, value in enumerate(("T-101", NOW.date(), "PCL-5, past week", 30), start=1):
        book["Scores"].cell(2, place, value)
    held = io.BytesIO()
    book.save(held)
    assert take(client, looked_at(client, held.getvalue())).status_code == 303


def test_many_rows_are_shown_page_by_page(client):
    rows = [row("T-101", f"2025-0{n % 8 + 2}-{n % 28 + 1:02}", total=n) for n in range(60)]
    url = looked_at(client, csv_of(rows))

    page = read(client.get(f"{url}?page=2"))

    assert "51 to 60 of 60 forms" in page.main
