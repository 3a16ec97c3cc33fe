"""Item sets: a file is looked at, then loaded, then chosen; nothing in it comes alive."""

import json
from io import BytesIO

import pytest

from ipt_tracker.clinical.fidelity.item_set import OWN_SET, example_text, read_item_set
from ipt_tracker.services.fidelity.item_sets import LARGEST_FILE, set_in_use
from tests.factories.pages import read, says, submit
from tests.factories.tables import contents

URL = "/settings/item-sets"
REF = "example-set@1"
ALIVE = '<script src="//evil.example/x.js"></script><img src=x onerror=alert(1)>{{ 7*7 }}'


@pytest.fixture
def admin(client_of, clinic):
    return client_of(clinic.admin)


def a_file(**changes):
    return json.dumps(json.loads(example_text()) | changes).encode()


def look(client, data):
    filled = read(client.get(URL)).form(f"{URL}/look")
    sent = filled.but(file=(BytesIO(data), "set.json"))
    return client.post(filled.action, data=sent, content_type="multipart/form-data")


def load(client, data):
    filled = read(look(client, data)).form(f"{URL}/load")
    return client.post(filled.action, data=filled.values)


def rows(page):
    return [[says(cell) for cell in row] for row in page.all("tr")]


def test_the_own_set_is_listed_with_what_must_be_said_of_it(admin):
    page = read(admin.get(URL))

    (own,) = [row for row in rows(page) if OWN_SET in row[0]]
    assert own[0].endswith("used for new ratings")
    assert own[1] == "14 in 5 domains 3 proscribed"
    assert "Project-defined and unvalidated. Not any published scale." in own[2]
    assert own[3:] == ["0", "comes with the program"]
    assert not [form for form in page.forms() if form.action.endswith("/choose")]


def test_a_file_is_shown_in_full_before_anything_is_kept(admin, clinic):
    before = contents(clinic.database)

    page = read(look(admin, a_file()))

    assert page.h1 == "Load this item set?"
    assert rows(page)[2][:3] == ["A2", "An item that is not expected at first", "first domain"]
    assert rows(page)[2][3] == "middle, termination, maintenance, extension"
    for words in ("Who owns it", "The licence, and what must be said", "3 Words for 3, adequate"):
        assert words in page.main
    assert contents(clinic.database) == before


def test_a_set_is_loaded_listed_and_used_once_it_is_chosen(admin, clinic):
    assert load(admin, a_file()).status_code == 303

    page = read(admin.get(URL))
    assert "Loaded: Name of the item set, version 1." in page.text
    assert page.form("/choose").values["ref"] == [OWN_SET]
    answer = submit(admin, URL, "/choose", ref=REF)
    assert answer.status_code == 303
    with clinic.reading(clinic.therapist) as work:
        assert set_in_use(work).ref == REF
    changes = [row for row in rows(read(admin.get("/settings"))) if row[1:2] == ["S. Lindqvist"]]
    assert [row[2:] for row in changes] == [["Item set of new ratings", OWN_SET, REF]]


def test_every_fault_of_a_file_is_listed_with_its_place_and_nothing_is_kept(admin, clinic):
    before = contents(clinic.database)

    page = read(look(admin, a_file(owner="", quality={"0": "none"})))

    assert page.status == 422
    assert "Not loaded: two places need a look" in page.main
    first, second = page.errors()
    assert first == 'File, "owner": this is empty.'
    assert second.startswith("Quality: the scale must run from 1 to 5")
    assert contents(clinic.database) == before


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"not json", "Line 1, column 1: this is not JSON"),
        (b"\xff\xfe", "The file: it is not text in UTF-8."),
        (b" " * (LARGEST_FILE + 1), "File: it is larger than 100 kB."),
        (a_file(key="ipt-tracker-14"), "is the project's own"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_one_sentence(admin, data, sentence):
    page = read(look(admin, data))

    assert page.status == 422
    (said,) = page.errors()
    assert sentence in said


def test_without_a_file_the_page_asks_for_one(admin):
    page = read(submit(admin, URL, f"{URL}/look"))

    assert page.status == 422
    assert page.errors() == ["File with an item set: Choose a file."]


def test_nothing_in_a_file_comes_alive_on_any_page(admin):
    file = json.loads(example_text()) | {"name": ALIVE, "owner": ALIVE, "notice": ALIVE}
    file["items"][0] |= {"text": ALIVE, "domain": "<b>bold</b>"}
    file["proscribed"][0]["text"] = ALIVE
    file["quality"]["3"] = "<i>3</i>"

    shown = read(look(admin, json.dumps(file).encode()))
    assert load(admin, json.dumps(file).encode()).status_code == 303
    listed = read(admin.get(URL))

    for page in (shown, listed):
        assert ALIVE in page.main
        assert not page.one("main").findall(".//script")
        assert not page.one("main").findall(".//img")
        assert not page.one("main").findall(".//i")


def test_a_name_in_a_fault_does_not_come_alive_either(admin):
    page = read(look(admin, a_file(**{ALIVE: 1})))

    assert page.status == 422
    assert "<script" in page.errors()[0]
    assert not page.one("main").findall(".//script")


def test_what_was_looked_at_is_checked_again_when_it_is_loaded(admin, clinic):
    before = contents(clinic.database)
    filled = read(look(admin, a_file())).form(f"{URL}/load")

    for content in ("", "{}", a_file(version="?").decode()):
        page = read(admin.post(filled.action, data=filled.but(content=content)))
        assert page.status == 422
        assert page.errors()

    assert contents(clinic.database) == before


def test_a_second_click_on_load_keeps_one_set_and_says_so(admin):
    filled = read(look(admin, a_file())).form(f"{URL}/load")
    assert admin.post(filled.action, data=filled.values).status_code == 303

    page = read(admin.post(filled.action, data=filled.values))

    assert page.status == 422
    assert "is loaded already" in page.errors()[0]


def test_a_choice_made_on_an_old_page_is_not_kept(admin, clinic):
    load(admin, a_file())
    filled = read(admin.get(URL)).form("/choose")
    submit(admin, "/settings", "/settings", quality_line="3.5")

    page = read(admin.post(filled.action, data=filled.but(ref=REF)))

    assert page.status == 409
    assert page.form("/choose").values["ref"] == [REF]
    with clinic.reading(clinic.therapist) as work:
        assert set_in_use(work).ref == OWN_SET


def test_the_example_file_can_be_downloaded_and_loaded_as_it_is(admin):
    answer = admin.get(f"{URL}/example")

    assert answer.mimetype == "application/json"
    assert 'filename="example-item-set.json"' in answer.headers["Content-Disposition"]
    assert read_item_set(json.loads(answer.data)).ref == REF
    assert load(admin, answer.data).status_code == 303


@pytest.mark.parametrize("who", ["therapist", "supervisor"])
def test_item_sets_are_for_administrators_alone(client_of, clinic, who):
    client = client_of(getattr(clinic, who))
    token = read(client.get("/caseload")).token

    assert client.get(URL).status_code == 404
    assert client.get(f"{URL}/example").status_code == 404
    for end in ("look", "load", "choose"):
        assert client.post(f"{URL}/{end}", data={"csrf_token": token}).status_code == 404


def test_the_lines_are_set_on_the_settings_page_and_named_as_conventions(admin):
    page = read(admin.get("/settings"))
    assert page.form("/settings").values["quality_line"] == ["3"]
    assert page.form("/settings").values["adherence_line"] == ["80"]
    assert "Convention: 80 % is in common use. No source for it was found." in page.main

    assert submit(admin, "/settings", "/settings", quality_line="3,4").status_code == 303

    page = read(admin.get("/settings"))
    assert page.form("/settings").values["quality_line"] == ["3.4"]
    assert [row[2:] for row in rows(page) if row[1:2] == ["S. Lindqvist"]] == [
        ["Fidelity lines", "quality 3, adherence 80 %", "quality 3.4, adherence 80 %"]
    ]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"quality_line": "6"}, "The quality line lies between 1.0 and 5.0."),
        ({"quality_line": "nan"}, "The quality line lies between 1.0 and 5.0."),
        ({"adherence_line": "101"}, "The adherence line lies between 0 and 100 %."),
        ({"adherence_line": "much"}, "“much” is not a number."),
        ({"quality_line": ""}, "Say where the line is."),
    ],
)
def test_a_line_that_cannot_be_is_refused_beside_its_field(admin, typed, sentence):
    page = read(submit(admin, "/settings", "/settings", **typed))

    assert page.status == 422
    assert [error for error in page.errors() if error.endswith(sentence)]
    (name,) = typed
    assert page.form("/settings").values[name] == list(typed.values())
