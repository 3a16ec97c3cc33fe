"""Rules about pages: they compile, stand in a frame, have a title, and carry no inline code."""

import re

import pytest
from flask import Flask
from jinja2 import nodes

from ipt_tracker.web import page
from tests.architecture.source import ROOT

FOLDER = ROOT / "templates"
TEMPLATES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.html"))
PARTS = re.compile(r"\{%-?\s*(?:include|import|from|extends)\s+[\"']([^\"']+)")
EXTENDS = re.compile(r"\{%-?\s*extends\s+[\"']([^\"']+)")
FRAMES = {"layout/base.html", "layout/gate.html", "layout/plain.html"}
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
FORBIDDEN = {
    "a value passed unescaped": re.compile(r"\|\s*safe\b"),
    "escaping switched off": re.compile(r"\{%-?\s*autoescape\s+false"),
    "an inline style": re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE),
    "an inline script": re.compile(r"<script\b(?![^>]*\ssrc\s*=)", re.IGNORECASE),
    "an inline event handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a link that is code": re.compile(r"javascript:", re.IGNORECASE),
    "something from another machine": re.compile(r"\b(src|action)\s*=\s*[\"'](https?:)?//"),
}


def source(name):
    return (FOLDER / name).read_text(encoding="utf-8")


def pages():
    """Leave out what stands inside other templates, or around them."""
    parts = {part for name in TEMPLATES for part in PARTS.findall(source(name))}
    return [
        name
        for name in TEMPLATES
        if name not in parts and not name.startswith(("components/", "layout/"))
    ]


def outermost_frame(name):
    """Follow a page through a frame of its own area to the frame that all pages share."""
    while name not in FRAMES:
        (name,) = EXTENDS.findall(source(name)) or (None,)
        if name is None:
            return None
    return name


def wrongs(text):
    written = COMMENT.sub("", text)
    return [what for what, pattern in FORBIDDEN.items() if pattern.search(written)]


@pytest.fixture(scope="module")
def templates():
    app = Flask("ipt_tracker", template_folder=str(FOLDER))
    page.install(app)
    return app.jinja_env


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("{{ note | safe }}", "a value passed unescaped"),
        ("{% autoescape false %}", "escaping switched off"),
        ('<p class="a" style="color: red">', "an inline style"),
        ("<style>p { }</style>", "an inline style"),
        ("<script>alert(1)</script>", "an inline script"),
        ('<button type="button" onclick="go()">', "an inline event handler"),
        ('<a href="javascript:go()">', "a link that is code"),
        ('<script src="//cdn.example/x.js"></script>', "something from another machine"),
    ],
)
def test_each_forbidden_thing_is_recognised(text, wrong):
    assert wrongs(text) == [wrong]


def test_there_are_pages_to_judge():
    assert "auth/sign_in.html" in pages()


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_compiles_and_carries_nothing_forbidden(templates, name):
    templates.get_template(name)

    assert wrongs(source(name)) == []


@pytest.mark.parametrize("name", pages())
def test_a_page_stands_in_a_frame_and_sets_its_title(templates, name):
    parsed = templates.parse(source(name))
    blocks = {each.name for each in parsed.find_all(nodes.Block)}

    assert len(list(parsed.find_all(nodes.Extends))) == 1
    assert outermost_frame(name) in FRAMES
    assert "title" in blocks
