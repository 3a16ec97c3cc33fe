"""A browser window for each person of a journey; when it ends, nothing may have complained."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.looking import WIDE
from tests.browser.site import PASSWORD, Known, Site, serving
from tests.browser.watch import Watch

PATIENCE = 10_000
"""Milliseconds to wait for what should be there at once: the cores may be busy with others."""

expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items) -> None:
    """Let a journey that failed run once more: its window lives on cores that others use too."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Iterator[Site]:
    """Serve the demo clinic: a journey that changes records makes its own."""
    with serving(tmp_path_factory.mktemp("demo") / "instance") as made:
        yield made


@pytest.fixture(scope="session")
def cookies() -> dict[str, Any]:
    """Remember who has signed in, so that it is done once for each person."""
    return {}


@contextmanager
def window(browser: Browser, site: Site, **options: Any) -> Iterator[Page]:
    """Open a browser window of its own; when it closes, the browser must have nothing to say."""
    watch = Watch(site.address)
    context = browser.new_context(base_url=site.address, viewport=WIDE, **options)
    context.set_default_timeout(PATIENCE)
    watch.start(context)
    page = context.new_page()
    page.watch = watch
    yield page
    context.close()
    assert watch.complaints == []


@pytest.fixture
def open_window(chromium, site) -> Iterator[Callable[..., Page]]:
    """Give what opens the window of a visitor; options are those of a playwright context."""
    with ExitStack() as stack:
        yield lambda **options: stack.enter_context(window(chromium, site, **options))


@pytest.fixture
def page(open_window) -> Page:
    """Give the window of a visitor who has not signed in."""
    return open_window()


@pytest.fixture
def page_of(open_window, cookies, site) -> Callable[[str], Page]:
    """Give what opens the window of somebody who has signed in: "therapist", "admin" and so on."""

    def opened(who: str) -> Page:
        if who not in cookies:
            page = open_window()
            sign_in(page, who, site)
            cookies[who] = page.context.storage_state()
            return page
        return open_window(storage_state=cookies[who])

    return opened


@pytest.fixture
def therapist(page_of) -> Page:
    """Give the window of a therapist who has signed in."""
    return page_of("therapist")


@pytest.fixture
def course(site) -> Known:
    """Give a course of the therapist with five sessions, made for this journey alone."""
    return site.course()


def sign_in(page: Page, who: str, site: Site) -> None:
    """Fill in the sign-in form as a person does."""
    page.goto("/")
    page.get_by_label("E-mail").fill(site.person(who).email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
