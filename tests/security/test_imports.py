"""A file that is too large, of another kind or made to do harm: one sentence, and nothing kept."""

import io
import zipfile

import pytest
from click.testing import CliRunner

from ipt_tracker.__main__ import House
from ipt_tracker.cli.main import commands
from ipt_tracker.clinical.fidelity.item_set import example_text
from tests.factories.bundles import bundle, case, session, text
from tests.factories.evidence import evidence_of
from tests.factories.pages import read
from tests.factories.tables import contents
from tests.security.test_query_parameters import without_sign_ins

DEEP = 12_000
HEAD = b"study,g,se_g,source,population\n"
ROW = b"A 2020,-0.5,0.2,a journal,adults\n"


def zip_bomb():
    """Give ten megabytes of nothing in ten kilobytes."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("set.json", b"0" * 10_000_000)
    return held.getvalue()


def set_with(old, new):
    changed = example_text().replace(old, new, 1)
    assert changed != example_text()
    return changed.encode()


NOT_JSON = {
    "nothing at all": b"",
    "a zip bomb": zip_bomb(),
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(200),
    "a program": b"MZ" + bytes(200),
    "a page": b"<html><script>alert(1)</script></html>",
    "a table": HEAD + ROW,
    "letters of another alphabet's encoding": "é".encode("latin-1") * 100,
    "half a sign": b'{"schema": "\\ud83d"}',
    "nested lists": b"[" * DEEP + b"]" * DEEP,
    "nested entries": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "not a number": b'{"schema": NaN}',
    "without end": b'{"schema": Infinity}',
    "without end below nought": b'{"schema": -Infinity}',
    "a huge number": b'{"schema": ' + b"9" * 10_000 + b"}",
    "a key twice": b'{"schema": 1, "schema": 2}',
    "a list": b"[]",
    "a word": b'"schema"',
    "nothing in JSON": b"null",
}


@pytest.fixture
def admin(client_of, clinic):
    return client_of(clinic.admin)


@pytest.fixture
def supervisor(client_of, clinic):
    return client_of(clinic.supervisor)


def hand_in(client, page, action_ends, content, name="file.json", **more):
    """Hand in a file as a browser does."""
    form = read(client.get(page)).form(action_ends)
    data = form.values | more | {"file": (io.BytesIO(content), name)}
    return client.post(form.action, data=data, content_type="multipart/form-data", buffered=True)


def refused_in_words(answer, says=""):
    page = read(answer)
    assert answer.status_code == 422
    assert page.errors()
    assert says in " ".join(page.errors())
    assert not any("Traceback" in each or "Error" in each for each in page.errors())


@pytest.mark.parametrize("what", NOT_JSON)
def test_an_item_set_that_is_none_is_refused_in_words(admin, clinic, what):
    before = without_sign_ins(contents(clinic.database))

    refused_in_words(hand_in(admin, "/settings/item-sets", "/look", NOT_JSON[what]))

    assert without_sign_ins(contents(clinic.database)) == before


def test_an_item_set_of_more_than_a_hundred_kilobytes_is_refused(admin, clinic):
    large = set_with('"items"', f'"more": "{"x" * 120_000}", "items"')

    refused_in_words(hand_in(admin, "/settings/item-sets", "/look", large), "larger than 100 kB")


def test_what_is_loaded_is_checked_again_and_not_taken_as_looked_at(admin, clinic):
    before = without_sign_ins(contents(clinic.database))
    token = read(admin.get("/settings/item-sets")).token
    for content in NOT_JSON.values():
        sent = {"csrf_token": token, "content": content.decode("latin-1")}
        answer = admin.post("/settings/item-sets/load", data=sent)
        assert answer.status_code in {413, 422}

    assert without_sign_ins(contents(clinic.database)) == before


NOT_TRIALS = {
    "nothing at all": b"",
    "a zip bomb": zip_bomb(),
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(200),
    "UTF-16": (HEAD + ROW).decode().encode("utf-16"),
    "another alphabet's encoding": HEAD + "Proença".encode("latin-1") + ROW,
    "no columns that are known": b"a,b,c\n1,2,3\n",
    "a row too wide": HEAD + ROW.strip() + b",1,2,3,4,5,6\n",
    "not a number": HEAD + ROW.replace(b"-0.5", b"NaN"),
    "without end": HEAD + ROW.replace(b"-0.5", b"1e999"),
    "a huge number": HEAD + ROW.replace(b"-0.5", b"9" * 5000),
    "a spread of nought": HEAD + ROW.replace(b"0.2", b"0"),
    "a formula": HEAD + ROW.replace(b"-0.5", b"=1+1"),
    "a column twice": HEAD.replace(b"se_g", b"g") + ROW,
    "more rows than a table has": HEAD + ROW * 2_900,
    "one cell without end": HEAD + b'"' + b"x" * 90_000 + b'",-0.5,0.2,a,b\n',
    "a quote without end": HEAD + b'"A 2020,-0.5,0.2,a journal,adults\n' * 3,
    "a sign that is none": HEAD + b"A\x00B" + ROW,
}


@pytest.mark.parametrize("what", NOT_TRIALS)
def test_a_file_of_trials_that_is_none_is_refused_in_words(supervisor, clinic, what):
    set_id = evidence_of(clinic)["set_id"]
    page = next(url for url in file_pages(supervisor, set_id))
    before = without_sign_ins(contents(clinic.database))

    refused_in_words(hand_in(supervisor, page, "", NOT_TRIALS[what], "trials.csv"))

    assert without_sign_ins(contents(clinic.database)) == before


def file_pages(client, set_id):
    """Give the page with the form that takes a file of trials of this set."""
    app = client.application
    for rule in app.url_map.iter_rules():
        if "set_id" in rule.arguments and len(rule.arguments) == 1 and "GET" in rule.methods:
            url = app.url_map.bind("localhost").build(rule.endpoint, {"set_id": set_id})
            answer = client.get(url)
            if answer.status_code == 200 and "multipart/form-data" in answer.text:
                yield url


def test_a_file_of_trials_of_more_than_a_hundred_kilobytes_is_refused(supervisor, clinic):
    page = next(file_pages(supervisor, evidence_of(clinic)["set_id"]))

    large = hand_in(supervisor, page, "", HEAD + ROW * 4_000, "trials.csv")

    refused_in_words(large, "larger than 100 kB")


@pytest.fixture
def house(tmp_path, monkeypatch):
    monkeypatch.setenv("IPT_INSTANCE", str(tmp_path / "instance"))
    monkeypatch.setenv("IPT_KEYS", str(tmp_path / "keys"))
    made = House()
    made.create_instance("clinic")
    return made


def import_of(house, folder, content):
    """Import a file by the command; give its exit code and what it said."""
    file = folder / "bundle.json"
    file.write_bytes(content)
    done = CliRunner().invoke(commands, ["import", str(file)], obj=house)
    return done.exit_code, done.output, done.exception


def test_a_course_bundle_that_is_none_is_refused_in_words(house, tmp_path):
    usual = text(bundle(case("A-1", session(1, 1, total=40))))
    broken = NOT_JSON | {
        "one broken case of two": text(
            bundle(case("A-1", session(1, 1)), case("A-2", session(1, 1, duration_min="long")))
        ).encode(),
        "half of the file": usual[: len(usual) // 2].encode(),
    }

    for what, content in broken.items():
        code, said, error = import_of(house, tmp_path, content)
        assert code == 1, what
        assert isinstance(error, SystemExit), what
        assert "Nothing was imported" in said, what
        assert "Traceback" not in said, what
        assert len(said) < 1000, what

    code, said, _ = import_of(house, tmp_path, usual.encode())
    assert (code, "Added 1 courses: A-1" in said) == (0, True)  # so none of the others was kept


def test_a_bundle_that_is_too_large_is_not_even_read(house, tmp_path, monkeypatch):
    monkeypatch.setattr("ipt_tracker.cli.records.LARGEST_FILE", 1000)

    code, said, _ = import_of(house, tmp_path, b"x" * 1001)

    assert code == 1
    assert "is larger than" in said


@pytest.mark.parametrize("command", [["evidence", "pool"], ["score"]])
def test_commands_that_read_a_file_refuse_it_in_words(tmp_path, command):
    file = tmp_path / "file"
    broken = (NOT_JSON | NOT_TRIALS).items()
    for what, content in ((w, c) for w, c in broken if w not in GOOD_FOR_A_COMMAND):
        file.write_bytes(content)
        done = CliRunner().invoke(commands, [*command, str(file)], obj=House())
        usual = done.exception is None or isinstance(done.exception, SystemExit)
        assert usual, f"{what}: {done.exception!r}"
        assert "Traceback" not in done.output, what
        assert done.exit_code == 1, what


GOOD_FOR_A_COMMAND = {"a table", "one cell without end", "more rows than a table has"}
"""A table of trials is what one of them is for; the room of a study's name is a form's matter."""
