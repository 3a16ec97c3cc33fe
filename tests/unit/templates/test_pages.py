"""Frames and error pages: complete documents that say what to do, with no inline code anywhere."""

import re
from pathlib import Path
from types import SimpleNamespace

import html5lib
import pytest

ROOT = Path(__file__).parents[3]
ERRORS = ("400", "403", "404", "409", "413", "500", "503")
SHELL = {
    "version": "0.1",
    "demo": True,
    "csrf_token": lambda: "token",
    "get_flashed_messages": lambda **_: [("success", "Session 11 saved.")],
}
THERAPIST = SimpleNamespace(display_name="R. Calder", role="therapist")
PLACES = (SimpleNamespace(label="Caseload", url="/caseload", current=True, count=0),)


def document(html):
    """Parse a whole page strictly; what is not standard HTML raises."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)


def base(environment, **given):
    page = environment.from_string(
        '{% extends "layout/base.html" %}{% block title %}Caseload{% endblock %}'
        "{% block content %}<h1>Caseload</h1>{% endblock %}"
    )
    return page.render(**SHELL, **given)


@pytest.mark.parametrize("code", ERRORS)
def test_each_error_page_has_one_heading_that_is_its_title_and_something_to_press(
    environment, code
):
    html = environment.get_template(f"errors/{code}.html").render(**SHELL, incident="1f2e3d4c")

    root = document(html)
    (heading,) = root.findall(".//h1")
    assert root.find(".//title").text == f"{heading.text} | IPT Tracker"
    assert [a.text for a in root.findall(".//a[@class='btn btn-primary']")] == [
        "Go to the start page"
    ]


def test_the_page_of_a_fault_gives_the_incident_number(environment):
    html = environment.get_template("errors/500.html").render(**SHELL, incident="1f2e3d4c")

    assert "1f2e3d4c" in html


@pytest.mark.parametrize("code", ["500", "503"])
def test_the_pages_for_a_broken_house_ask_nothing_of_the_house(environment, code):
    document(environment.get_template(f"errors/{code}.html").render(version="0.1"))


def test_the_frame_shows_where_one_is_and_who(environment):
    root = document(base(environment, actor=THERAPIST, nav=PLACES, find_url="/find"))

    assert [a.text for a in root.findall(".//nav//a[@aria-current='page']")] == ["Caseload"]
    assert root.find(".//details[@class='menu']/summary").text == "R. Calder"
    assert root.find(".//form[@role='search']").attrib["method"] == "post"
    assert root.find(".//div[@role='status']//p").text == "Session 11 saved."


def test_each_form_of_the_frame_carries_the_request_token(environment):
    root = document(base(environment, actor=THERAPIST, nav=PLACES, find_url="/find"))

    forms = root.findall(".//form[@method='post']")
    tokens = [f.find("input[@name='csrf_token']").attrib["value"] for f in forms]
    assert tokens == ["token", "token"]


def test_a_visitor_sees_neither_menu_nor_search(environment):
    root = document(base(environment, actor=None))

    assert not root.findall(".//form")
    assert not root.findall(".//details")


def test_the_skip_link_comes_first_and_leads_to_the_main_part(environment):
    root = document(base(environment, actor=THERAPIST, nav=PLACES))

    first = root.findall(".//body//a")[0]
    assert first.attrib["href"] == "#main"
    assert root.find(".//main").attrib["id"] == "main"


def test_a_page_without_a_title_cannot_be_rendered(environment):
    page = environment.from_string('{% extends "layout/base.html" %}')

    with pytest.raises(Exception, match="title"):
        page.render(**SHELL, actor=None)


def test_the_gate_is_a_page_of_its_own(environment):
    page = environment.from_string(
        '{% extends "layout/gate.html" %}{% block title %}Sign in{% endblock %}'
        "{% block content %}<h1>Sign in</h1>{% endblock %}"
    )

    root = document(page.render(**SHELL))

    assert root.find(".//title").text == "Sign in | IPT Tracker"
    assert root.find(".//aside").attrib["aria-label"] == "About IPT Tracker"


INLINE = re.compile(
    r"\s(style|on[a-z]+)\s*=\s*[\"']|<style|javascript:|<script(?![^>]*\bsrc=)", re.IGNORECASE
)


@pytest.mark.parametrize(
    "path", sorted((ROOT / "templates").rglob("*.html")), ids=lambda path: path.name
)
def test_no_template_holds_inline_style_or_code(path):
    assert INLINE.search(path.read_text("utf-8")) is None


def test_the_stylesheet_names_a_place_for_each_slot_the_course_line_may_draw():
    css = (ROOT / "static/css/app.css").read_text("utf-8")

    for place in range(1, 33):
        assert f".at-{place} {{" in css
        assert f".to-{place} {{" in css
    for slots in range(4, 33):
        assert f".slots-{slots} {{" in css


def test_each_token_that_the_stylesheet_uses_is_set():
    css = (ROOT / "static/css/app.css").read_text("utf-8")

    used = set(re.findall(r"var\((--[\w-]+)", css))
    assert used <= set(re.findall(r"(--[\w-]+):", css))


def test_each_file_that_a_page_loads_is_there_and_named_with_the_version(environment):
    root = document(base(environment, actor=None))

    files = [link.attrib["href"] for link in root.findall(".//link")]
    files += [script.attrib["src"] for script in root.findall(".//script")]
    assert all("v=0.1" in address for address in files)
    ours = {re.search(r"filename=([^&]+)", a)[1] for a in files if a.startswith("/static")}
    of_some = {
        name
        for template in (ROOT / "templates").rglob("*.html")
        for name in re.findall(r'filename="(js/\w+\.js)", v=version', template.read_text("utf-8"))
    }
    there = {str(f.relative_to(ROOT / "static")) for f in (ROOT / "static").rglob("*.*")}
    assert ours | of_some == there


@pytest.mark.parametrize(
    "script", sorted((ROOT / "static/js").glob("*.js")), ids=lambda path: path.name
)
def test_no_script_imports_another_because_an_import_has_no_version(script):
    assert not re.findall(r"^import\b|\bimport\(", script.read_text("utf-8"), re.MULTILINE)
