"""Reading an answer as strictly as the standard does, and filling in a form as a browser does."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from werkzeug.test import Client, TestResponse

TITLE_END = " | IPT Tracker"
TYPED = {"text", "search", "tel", "email", "password"}
HAS_NO_LABEL = {"hidden", "submit", "button", "reset", "image"}
POINTS_AT_IDS = ("for", "aria-describedby", "aria-labelledby", "aria-controls", "form", "list")


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it stands on the page: where it goes, and what it would send untouched."""

    action: str
    method: str
    values: dict[str, list[str]]
    texts: tuple[str, ...]
    """The names of the fields into which anything can be typed."""

    def but(self, **changes: Any) -> dict[str, Any]:
        """Give what would be sent with these fields filled in; None leaves a field out."""
        values: dict[str, Any] = dict(self.values)
        for name, value in changes.items():
            values.pop(name, None)
            if value is not None:
                values[name] = value
        return values


class Page:
    """A whole page that was parsed with every error of the standard counted as a failure."""

    def __init__(self, response: TestResponse) -> None:
        self.status = response.status_code
        self.url = response.request.path
        self.html = response.get_data(as_text=True)
        parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
        self.root = parser.parse(self.html)
        for element in self.root.iter():
            element.tag = str(element.tag).rpartition("}")[2]  # pictures have their own namespace

    def all(self, path: str) -> list[Element]:
        """Give what matches, such as `input[@name='mood']`."""
        return self.root.findall(f".//{path}")

    def one(self, path: str) -> Element:
        found = self.all(path)
        assert len(found) == 1, f"{len(found)} of {path} on {self.url}"
        return found[0]

    @property
    def title(self) -> str:
        return says(self.one("title"))

    @property
    def h1(self) -> str:
        return says(self.one("h1"))

    @property
    def main(self) -> str:
        """The words of the main part."""
        return says(self.one("main"))

    @property
    def text(self) -> str:
        """The words of the whole page."""
        return says(self.one("body"))

    @property
    def token(self) -> str:
        """The request token of the page."""
        return self.all("input[@name='csrf_token']")[0].attrib["value"]

    def links(self) -> list[str]:
        """Where the page leads."""
        return [a.attrib["href"] for a in self.all("a[@href]")]

    def form(self, action_ends: str = "") -> Filled:
        """Give the one form of the main part, or the one whose action ends so."""
        inside = self.all("form") if action_ends else self.one("main").findall(".//form")
        inside = [f for f in inside if f.attrib.get("action", self.url).endswith(action_ends)]
        assert len(inside) == 1, f"{len(inside)} forms ending in {action_ends!r} on {self.url}"
        return self._filled(inside[0])

    def forms(self) -> list[Filled]:
        """Give every form of the page."""
        return [self._filled(form) for form in self.all("form")]

    def _filled(self, form: Element) -> Filled:
        values: dict[str, list[str]] = {}
        texts = []
        for element in self._controls(form):
            name = element.attrib["name"]
            for value in _sent(element):
                values.setdefault(name, []).append(value)
            if element.tag == "textarea" or element.attrib.get("type", "text") in TYPED:
                texts.append(name)
        action, method = form.attrib.get("action") or self.url, form.attrib.get("method", "get")
        return Filled(action, method, values, tuple(texts))

    def _controls(self, form: Element) -> Iterator[Element]:
        tied = [e for e in self.root.iter() if e.attrib.get("form", "") == form.attrib.get("id")]
        for element in [*form.iter(), *tied]:
            fillable = element.tag in {"input", "select", "textarea"}
            if fillable and element.attrib.get("name") and "disabled" not in element.attrib:
                yield element

    def errors(self) -> list[str]:
        """Give the messages of the error summary."""
        return [says(li) for box in self.all("*[@role='alert']") for li in box.findall(".//li")]


def _sent(element: Element) -> list[str]:
    """Give what a browser sends for a control that nobody touched."""
    if element.tag == "textarea":
        return [(element.text or "").removeprefix("\n")]
    if element.tag == "select":
        options = element.findall(".//option")
        chosen = [o for o in options if "selected" in o.attrib] or options[:1]
        return [o.attrib.get("value", says(o)) for o in chosen]
    if element.tag != "input":
        return []
    kind = element.attrib.get("type", "text")
    if kind in {"submit", "button", "reset", "image", "file"}:
        return []
    if kind in {"checkbox", "radio"} and "checked" not in element.attrib:
        return []
    return [element.attrib.get("value", "on" if kind in {"checkbox", "radio"} else "")]


def says(element: Element) -> str:
    """Give the words of an element, without the spaces of the source."""
    return " ".join("".join(element.itertext()).split())


def read(response: TestResponse) -> Page:
    """Read a page and hold it to what every page must keep.

    It is standard HTML with one h1; the title begins with it; no id is there twice; what points
    at an id points at one; every field has a label; no style or script stands in the page itself.
    """
    page = Page(response)
    assert page.title.startswith(page.h1), f"title {page.title!r}, h1 {page.h1!r}"
    assert page.title.endswith(TITLE_END), page.title
    ids = Counter(e.attrib["id"] for e in page.root.iter() if "id" in e.attrib)
    assert [i for i, n in ids.items() if n > 1] == [], f"ids twice on {page.url}"
    assert _points_at_nothing(page, set(ids)) == [], f"ids pointed at and absent on {page.url}"
    assert _unlabelled(page) == [], f"fields without a label on {page.url}"
    assert _inline_code(page) == [], f"inline code on {page.url}"
    return page


def _points_at_nothing(page: Page, ids: set[str]) -> list[str]:
    found = [
        f"{name}={target}"
        for element in page.root.iter()
        for name in POINTS_AT_IDS
        for target in element.attrib.get(name, "").split()
        if target not in ids
    ]
    anchors = [href for href in page.links() if href.startswith("#") and len(href) > 1]
    return found + [href for href in anchors if href[1:] not in ids]


def _unlabelled(page: Page) -> list[str]:
    labelled = {label.attrib["for"] for label in page.all("label[@for]")}
    wrapped = {id(e) for label in page.all("label") for e in label.iter()}
    fields = [*page.all("input"), *page.all("select"), *page.all("textarea")]
    return [
        field.attrib.get("name", "?")
        for field in fields
        if field.attrib.get("type") not in HAS_NO_LABEL
        and field.attrib.get("id") not in labelled
        and id(field) not in wrapped
        and not {"aria-label", "aria-labelledby"} & field.attrib.keys()
    ]


def _inline_code(page: Page) -> list[str]:
    elements = list(page.root.iter())
    found = [e.tag for e in elements if e.tag == "style"]
    found += [e.tag for e in elements if e.tag == "script" and "src" not in e.attrib]
    found += [f"{e.tag} {a}" for e in elements for a in e.attrib if a == "style" or a[:2] == "on"]
    return found


def submit(client: Client, url: str, form: str = "", **changes: Any) -> TestResponse:
    """Open a page and send its form with these fields filled in; `form` is how its action ends."""
    filled = read(client.get(url)).form(form)
    return client.post(filled.action, data=filled.but(**changes))
