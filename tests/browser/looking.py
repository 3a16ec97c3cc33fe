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
_AXE = Axe()


def look(page: Page, name: str) -> None:
    """Hold a page to what every page must keep, and picture it at both widths.

    Nothing for axe to report, one h1 that begins the title, nothing to scroll sideways.
    """
    page.wait_for_load_state("load")
    assert accessibility(page) == [], f"axe on {name}"
    headings = page.locator("h1")
    assert headings.count() == 1, f"{headings.count()} h1 on {name}"
    title = " ".join(headings.inner_text().split())
    assert page.title() == f"{title} | IPT Tracker"
    for width in WIDTHS:
        picture(page, name, width)
    assert [width for width in (*WIDTHS, *NARROW) if sideways(page, width)] == [], name
    page.set_viewport_size(WIDE)


def accessibility(page: Page) -> list[str]:
    """Ask axe. It is handed over by the debugger, so the page's own policy stays as it is."""
    found = _AXE.run(page).response["violations"]
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]


def picture(page: Page, name: str, width: int) -> None:
    """Keep a picture of the whole page at this width."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.set_viewport_size({"width": width, "height": WIDE["height"]})
    file = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    page.screenshot(path=SHOTS / f"{file}-{width}.png", full_page=True)


def sideways(page: Page, width: int) -> int:
    """Say by how many pixels the page must be scrolled sideways at this width."""
    page.set_viewport_size({"width": width, "height": WIDE["height"]})
    return int(page.evaluate(SIDEWAYS))
