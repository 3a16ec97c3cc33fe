"""Documents: tagged, dated by their records, and made of text that stays text."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from ipt_tracker.reports import document
from ipt_tracker.reports.document import (
    LACKING,
    SUBSTITUTE,
    Document,
    Facts,
    Heading,
    Picture,
    Signatures,
    Table,
    Words,
    name_not_printed,
    name_or_code,
    paragraphs,
    pdf,
    printable,
)
from tests.factories.pdfs import reader, said, tags

MOMENT = datetime(2026, 3, 11, 10, 5, tzinfo=UTC)
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20" width="40" height="20">'
    '<rect width="40" height="20" fill="#0072B2"/></svg>'
)
HOSTILE = {
    "code": "#sys.inputs.data",
    "a file": '#read("/etc/passwd")',
    "markup": "= Heading *bold* _sly_ $x^2$ `raw` @ref <label>",
    "a comment": "// gone /* gone */",
    "a way out": ']; #panic("out"); [',
    "an escape": "\\u{41} \\n",
    "JSON": '"},{"kind": "Heading',
    "HTML": "<script>alert(1)</script>",
    "quotes": 'O\'Brien -- "the" ...',
}


def sheet(heading="R. Calder", **other):
    usual = Document(
        family="Portfolio",
        heading=heading,
        lead=("All records.",),
        blocks=(
            Heading("Cases"),
            Words(("First.", "Second.")),
            Facts((("Individual", "3 h"),)),
            Table(("Case", "Held"), (("A", "16"), ("All", "16")), (3, 1), total=True),
            Picture(SVG, "A blue field"),
            Signatures(("Therapist", "Supervisor")),
        ),
        running=f"Portfolio: {heading}",
        provenance="IPT Tracker 0.1",
        newest=MOMENT,
    )
    return replace(usual, **other)


def test_a_document_is_tagged_and_passed_the_check_for_pdf_ua():
    content = pdf(sheet())
    names = [name for name, _ in tags(content)]
    about = reader(content)

    assert {"/H1", "/H2", "/P", "/Table", "/TR", "/TH", "/TD", "/Figure"} <= set(names)
    assert names.count("/H1") == 1
    assert names.count("/TH") == 2
    assert ("/Figure", "A blue field") in tags(content)
    assert b"pdfuaid:part" in content
    assert about.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_a_document_has_its_title_its_language_and_the_date_of_its_newest_entry():
    about = reader(pdf(sheet()))
    root = about.trailer["/Root"]

    assert about.metadata.title == "Portfolio: R. Calder"
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert about.metadata.creation_date == about.metadata.modification_date == MOMENT


def test_every_page_says_which_it_is_of_how_many_and_later_ones_whom_they_are_about():
    long = sheet(blocks=(Words(tuple(f"Line {n}." for n in range(120))),))
    pages = reader(pdf(long)).pages
    texts = [page.extract_text() for page in pages]

    assert len(pages) > 2
    for number, text in enumerate(texts, start=1):
        assert f"Page {number} of {len(pages)}" in text
        assert "IPT Tracker 0.1" in text
    assert ["Portfolio: R. Calder" in text for text in texts] == [False] + [True] * (len(pages) - 1)


def test_a_page_is_a4_and_its_text_lies_on_letter_too():
    page = reader(pdf(sheet())).pages[0]
    places = [at for text, *at in drawn(page) if text.strip()]
    cut = 841.89 - 792  # what Letter lacks in height, at either end

    assert [round(float(each)) for each in page.mediabox[2:]] == [595, 842]
    assert len(places) > 10
    assert all(45 < x < 595 - 45 for x, _ in places)
    assert all(cut + 14 < y < 842 - cut for _, y in places)


def drawn(page):
    """Give each piece of text with where it begins, in points from the lower left corner."""
    found = []

    def see(text, page_at, text_at, *_):
        found.append((text, page_at[4] + text_at[4], page_at[5] - text_at[5]))

    page.extract_text(visitor_text=see)
    return found


def test_equal_documents_are_equal_bytes_and_others_are_not():
    assert pdf(sheet()) == pdf(sheet())
    assert pdf(sheet()) != pdf(sheet("A. Okafor"))


def test_without_any_record_a_document_has_a_date_too():
    about = reader(pdf(sheet(newest=None))).metadata

    assert about.creation_date == datetime(1970, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_what_somebody_typed_stays_text_wherever_it_stands(text):
    content = pdf(
        sheet(
            text,
            lead=(text,),
            blocks=(
                Heading(text),
                Words((text,)),
                Facts(((text, text),)),
                Table((text,), ((text,),), (1,), coded=True),
                Signatures((text,)),
            ),
            running=text,
            provenance=text,
        )
    )
    plain = "".join(text.split())

    assert "".join(said(content).split()).count(plain) >= 9
    assert reader(content).metadata.title == f"Portfolio: {text}"
    assert "root:" not in said(content)


@pytest.mark.parametrize("name", ["Ольга Ёлкина", "Łukasz Świątek", "Ngọc Ánh", "Ἀθηνᾶ"])
def test_a_name_in_letters_that_the_font_has_stands_as_it_is(name):
    assert name_or_code(name, "TH-01") == name
    assert name in said(pdf(sheet(name)))


@pytest.mark.parametrize("name", ["山田太郎", "Ann \U0001f9d1", "\ue000", " ", ""])
def test_a_name_with_a_sign_that_the_font_lacks_gives_way_to_the_code(name):
    assert name_or_code(name, "TH-01") == "TH-01"


def test_text_with_a_sign_that_the_font_lacks_says_that_it_lacks():
    content = pdf(sheet(blocks=(Words(("She said 山 and went.",)),)))

    assert f"She said {SUBSTITUTE} and went." in said(content)
    assert LACKING in said(content)
    assert LACKING not in said(pdf(sheet()))


def test_a_right_to_left_name_is_printed_and_does_not_turn_what_follows():
    content = pdf(sheet("שלום עליכם", blocks=(Words(("a\N{RIGHT-TO-LEFT OVERRIDE}bc 12",)),)))

    assert name_or_code("שלום עליכם", "TH-01") == "שלום עליכם"
    assert "abc 12" in said(content)
    assert SUBSTITUTE not in said(content)


def test_control_characters_become_spaces():
    assert printable("a\0b\x07c\td") == "a b c d"


def test_a_name_without_spaces_breaks_inside_the_page():
    content = pdf(sheet("W" * 200))
    letters = [(x, y) for text, x, y in drawn(reader(content).pages[0]) if text.startswith("W")]

    assert len({y for _, y in letters}) > 3
    assert max(x for x, _ in letters) < 595 - 45
    assert "W" * 200 in said(content).replace(" ", "")


def test_a_word_that_may_break_leaves_no_sign_in_what_is_read():
    coded = Table(("Case",), (("GEN2025000000012345",),), (1,), coded=True)

    assert "\u200b" not in said(pdf(sheet("W" * 200, blocks=(coded, Words(("W" * 90,))))))


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_no_text_keeps_a_document_from_being_made(text):
    content = pdf(sheet(text or "x", blocks=(Words((text,)), Table((text,), ((text,),), (1,)))))

    assert content.startswith(b"%PDF")


def test_eight_threads_print_eight_people_and_mix_none():
    names = [f"Therapist {letter * 3}" for letter in "ABCDEFGH"]

    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda name: (name, said(pdf(sheet(name)))), names * 10))

    for name, text in made:
        assert name in text
        assert [other for other in names if other != name and other in text] == []


def test_the_template_cannot_read_a_file_of_the_machine(monkeypatch):
    monkeypatch.setattr(document, "_template", lambda: b'#read("/etc/passwd")')

    with pytest.raises(typst.TypstError, match="not found"):
        pdf(sheet())


def test_a_picture_without_words_is_refused(monkeypatch):
    drawn = b"#image(bytes(json(bytes(sys.inputs.data)).blocks.at(4).svg))"
    monkeypatch.setattr(document, "_template", lambda: b'#set document(title: "a")\n' + drawn)

    with pytest.raises(typst.TypstError, match="PDF/UA-1"):
        pdf(sheet())


def test_a_status_stands_beside_the_heading_and_on_top_of_later_pages():
    long = tuple(Words((f"Line {n}.",)) for n in range(120))
    content = pdf(sheet(status="Draft", blocks=long))

    pages = [page.extract_text() for page in reader(content).pages]
    assert len(pages) > 1
    assert all("Draft" in page for page in pages)
    assert [name for name, _ in tags(content)].count("/H1") == 1


def test_a_large_document_takes_more_room():
    lines = tuple(Words((f"Line {n}.",)) for n in range(90))
    sizes = [len(reader(pdf(sheet(large=large, blocks=lines))).pages) for large in (False, True)]
    assert sizes[0] < sizes[1]


def test_a_name_that_is_printed_needs_no_note():
    assert name_not_printed("Imre Solberg") == ""
    assert name_not_printed("") == ""
    assert name_not_printed("李小龍").endswith("so the code stands for it.")


def test_lines_of_a_text_are_paragraphs_and_empty_ones_are_none():
    assert paragraphs("One.\r\n\n  Two. \n") == ("One.", "Two.")
