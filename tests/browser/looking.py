"""Looking at a page: what it keeps for everybody, and a picture of it kept as evidence."""

import re
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SHOTS = Path(__file__).parents[2] / "test-results" / "screenshots"
WIDE = {"width": 1280, "height": 900}
WIDTHS = (1280, 768)
"""Pixels at which every page is pictured."""
NARROW = (640, 320)
"""Pixels left of 1280 at a zoom of 200 and 400 %."""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
WIDEST = """() => [...document.querySelectorAll("body *")]
  .filter((part) => part.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .filter((part) => !part.closest(".table-wrap, .course"))
  .map((part) => `${part.tagName}.${part.className} ${part.textContent.trim().slice(0, 30)}`)
  .slice(-3)"""
"""What reaches past the edge, where nothing scrolls by itself."""
OPTIONS = {"resultTypes": ["violations"], "preload": False}
"""No style sheet is fetched a second time for axe; every one is from our own address."""
_AXE = Axe()


def look(page: Page, name: str) -> None:
    """Hold a page to what every page must keep, and picture it at both widths.

    Nothing for axe to report, one h1 that the title begins with, nothing to scroll sideways.
    """
    page.wait_for_load_state("load")
    found = accessibility(page)
    assert not found, f"axe on {name}: {found}"
    headings = page.locator("h1")
    assert headings.count() == 1, f"{headings.count()} h1 on {name}"
    assert page.title().startswith(" ".join(headings.inner_text().split())), page.title()
    too_wide = {}
    for width in (*WIDTHS, *NARROW):
        page.set_viewport_size({"width": width, "height": WIDE["height"]})
        if page.evaluate(SIDEWAYS) > 0:
            too_wide[width] = page.evaluate(WIDEST)
        if width in WIDTHS:
            picture(page, name, width)
    page.set_viewport_size(WIDE)
    assert not too_wide, f"{name} scrolls sideways: {too_wide}"


def accessibility(page: Page) -> list[str]:
    """Ask axe. It is handed over by the debugger, so the page's own policy stays as it is."""
    found = _AXE.run(page, options=OPTIONS).response["violations"]
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]


def picture(page: Page, name: str, width: int = 1280) -> None:
    """Keep a picture of the whole page as it is."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    file = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    page.screenshot(path=SHOTS / f"{file}-{width}.jpg", full_page=True, type="jpeg", quality=80)
