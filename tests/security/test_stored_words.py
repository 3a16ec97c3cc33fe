"""Whatever was typed comes back as the words that it was: on pages, in pictures, on paper."""

import re
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest

from tests.factories.pages import Page, read
from tests.factories.pdfs import said
from tests.factories.rows import fill_every_table
from tests.security.payloads import (
    AS_ADDRESSES,
    EVERYTHING,
    FORMULAS,
    IN_PAGES,
    IN_TEMPLATES,
    IN_TYPST,
    NAMES,
    NOT_WORDS,
    WORKED_OUT,
    plant,
    tables,
    words_of,
)
from tests.security.walking import answers, stops_of, typed

MARK = re.compile(r"q\d{5}q")
ADDRESSES = ("href", "src", "action", "formaction", "data", "poster", "background", "srcset")
LEADS_OUT = re.compile(r"https://(?!evil\.)[a-z0-9.-]+\.[a-z]+(/|$)")
"""Links that pages of ours have: journals, registers, accrediting bodies."""


@pytest.fixture
def clinic(full_clinic):
    return full_clinic


def kinds(page):
    """Name each kind of element with its attributes: what a payload would add to."""
    return {(e.tag, *sorted(e.attrib)) for e in page.root.iter()}


def live(root):
    """Name what does something: code, a frame, another form, an address that leads elsewhere."""
    for element in root.iter():
        tag = str(element.tag).rpartition("}")[2]
        if tag in {"iframe", "object", "embed", "base", "frame", "applet", "foreignObject"}:
            yield tag
        if tag == "script" and not element.attrib.get("src", "").startswith(("/static/", "/boot")):
            yield f"script {element.attrib}"
        if tag == "meta" and "http-equiv" in element.attrib:
            yield f"meta {element.attrib}"
        for name, value in element.attrib.items():
            plain = name.rpartition("}")[2]
            if plain.startswith("on"):
                yield f"{tag} {plain}"
            if plain in ADDRESSES and not is_harmless(value):
                yield f"{tag} {plain}={value[:60]}"


def is_harmless(address):
    parts = urlsplit(address.strip())
    inside = not parts.scheme and not parts.netloc
    return inside or LEADS_OUT.match(address) or address.startswith("data:image/")


def drawn(answer):
    """Read a drawing of our own; one that is not well-formed fails."""
    return ET.fromstring(answer.data)  # noqa: S314 -- our own drawing


def unharmed(text):
    """Say the same in letters alone: what a page looks like when nobody is hostile."""
    return re.sub(r"[^\s]", "x", text)


def test_every_place_for_words_of_every_table_is_filled(clinic, stores_of, engine):
    filled = {each.column for each in plant(clinic.database, "x")}
    with stores_of(engine).filled(engine, "every table", fill_every_table) as (store, _):
        database = store.open()
        filled |= {each.column for each in plant(database, "x")}
        database.close()

    places = {f"{table.name}.{column.name}" for table in tables() for column in words_of(table)}
    assert places - filled == set()
    assert len(filled) > 100
    assert all(len(reason) > 5 for reason in [*NOT_WORDS.values(), *NAMES.values()])


def pages_of(app, clinic, client_of):
    """Give every page and every drawing that a page shows."""
    for stop, name, answer in answers(app, clinic, client_of, but=(".png", ".pdf", ".csv")):
        yield f"{stop.url} as {name}", answer


def test_no_page_gains_an_element_or_an_attribute_from_what_is_stored(
    app, clinic, client_of, figures
):
    plant(clinic.database, unharmed(EVERYTHING))
    usual = set()
    for _, answer in pages_of(app, clinic, client_of):
        usual |= kinds(read(answer)) if answer.mimetype == "text/html" else set()
    planted = {each.mark: each for each in plant(clinic.database, EVERYTHING)}

    shown, whole, pages = set(), set(), 0
    for where, answer in pages_of(app, clinic, client_of):
        assert WORKED_OUT.encode() not in answer.data, where
        if answer.mimetype == "image/svg+xml":
            assert list(live(drawn(answer))) == [], where
        if answer.mimetype == "text/html":
            page, pages = read(answer), pages + 1
            assert list(live(page.root)) == [], where
            assert kinds(page) - usual == set(), where
            said_here = everything_said(page)
            seen = [planted[mark] for mark in set(MARK.findall(said_here))]
            shown |= {each.column for each in seen}
            whole |= {each.column for each in seen if one_line(each.text) in said_here}

    assert shown - whole == set()
    assert len(whole) > 60
    texts = len(IN_PAGES + IN_TEMPLATES + IN_TYPST)
    figures("words", texts=texts, places=len(planted), pages_read=pages, elements_gained=0)


def test_no_word_becomes_the_address_of_a_link(app, clinic, client_of):
    plant(clinic.database, *AS_ADDRESSES, *FORMULAS)

    for where, answer in pages_of(app, clinic, client_of):
        if answer.mimetype == "text/html":
            assert list(live(read(answer).root)) == [], where
        if answer.mimetype == "image/svg+xml":
            assert list(live(drawn(answer))) == [], where


def everything_said(page):
    """Give the words of a page and of its attributes, as a browser gives them back."""
    attributes = [value for e in page.root.iter() for value in e.attrib.values()]
    return one_line(" ".join([*page.root.itertext(), *attributes]))


def one_line(text):
    return " ".join(text.split())


def test_what_is_typed_comes_back_into_a_form_as_words(app, clinic, client_of, figures):
    client = client_of(clinic.therapist)
    pages, forms = 0, 0
    for stop in stops_of(app, clinic):
        answer = client.get(stop.url, buffered=True)
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        for form in read(answer).forms():
            if form.method.lower() != "post" or form.action.endswith("/sign-out"):
                continue
            forms += 1
            sent = client.post(form.action, data=typed(form, EVERYTHING), buffered=True)
            assert sent.status_code < 500, form.action
            if sent.mimetype == "text/html" and sent.status_code == 422:
                assert list(live(Page(sent).root)) == [], form.action
                pages += 1

    assert pages > 10
    figures("words", forms_sent=forms, pages_read=pages)


def test_a_paper_says_the_words_as_they_were_typed(app, clinic, client_of):
    plant(clinic.database, " ".join(IN_TYPST + IN_TEMPLATES))
    papers = []
    for stop, _, answer in answers(app, clinic, client_of, only=(".pdf",)):
        words = said(answer.data).replace(" ", "")
        assert "root:" not in words, stop.url
        assert WORKED_OUT not in words, stop.url
        papers.append(words)

    together = "".join(papers)
    assert len(papers) > 5
    for each in IN_TYPST:
        assert "".join(each.split()) in together, each
