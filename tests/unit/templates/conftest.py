"""A bare template environment: the components need no application to be rendered."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest
from jinja2 import Environment, FileSystemLoader

ROOT = Path(__file__).parents[3]


class Page:
    """What a component rendered to, parsed strictly, with the few questions the tests ask."""

    def __init__(self, html: str) -> None:
        self.html = html
        parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
        head = '<!doctype html><html lang="en"><head><title>t</title></head>'
        self.root = parser.parse(f"{head}<body>{html}</body></html>")
        for element in self.root.iter():
            element.tag = str(element.tag).rpartition("}")[2]  # pictures have their own namespace

    def all(self, path: str) -> list[Element]:
        return self.root.findall(f".//{path}")

    def one(self, path: str) -> Element:
        (found,) = self.all(path)
        return found

    @property
    def ids(self) -> list[str]:
        return [e.attrib["id"] for e in self.root.iter() if "id" in e.attrib]

    @property
    def text(self) -> str:
        return self.says(self.one("body"))

    @staticmethod
    def says(element: Element) -> str:
        return " ".join("".join(element.itertext()).split())

    def by_id(self, name: str) -> Element:
        return self.one(f"*[@id='{name}']")


@pytest.fixture(scope="session")
def environment() -> Environment:
    found = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals["url_for"] = lambda endpoint, **more: (
        f"/{endpoint}?" + "&".join(f"{name}={value}" for name, value in sorted(more.items()))
    )
    return found


@pytest.fixture
def show(environment: Environment) -> Callable[..., Page]:
    """Render `{{ call }}` with one component imported, as a page does."""

    def render(component: str, call: str, **given: Any) -> Page:
        names = call.split("(", maxsplit=1)[0]
        source = f'{{% from "components/{component}.html" import {names} %}}{{{{ {call} }}}}'
        return Page(environment.from_string(source).render(**given))

    return render


@pytest.fixture
def wrap(environment: Environment) -> Callable[..., Page]:
    """Render a component that takes its body from the page."""

    def render(component: str, call: str, body: str, **given: Any) -> Page:
        name = call.split("(", maxsplit=1)[0]
        source = (
            f'{{% from "components/{component}.html" import {name} %}}'
            f"{{% call {call} %}}{body}{{% endcall %}}"
        )
        return Page(environment.from_string(source).render(**given))

    return render
