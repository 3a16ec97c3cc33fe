"""A real browser among hostile words: it runs nothing, asks nobody, and shows us in no frame."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.browser.conftest import cookies, open_window, page, page_of, site  # noqa: F401 -- fixtures
from tests.security.payloads import AS_ADDRESSES, EVERYTHING, plant

pytestmark = pytest.mark.browser
MOST_PAGES = 60
"""Pages of one kind look alike; the crawl takes each address of a kind once."""
NOT_A_PAGE = (".svg", ".png", ".pdf", ".csv", ".json", "/example")


@pytest.fixture
def hostile(site):  # noqa: F811 -- the fixture above
    """Give the site with hostile words in every place for words of every row."""
    plant(site.database, EVERYTHING, *AS_ADDRESSES)
    return site


def kind_of(url):
    """Give an address without what names one record."""
    path = url.partition("?")[0].partition("#")[0]
    parts = path.split("/")
    return "/".join("*" if any(c.isdigit() for c in part) else part for part in parts)


def crawl(window, site):  # noqa: F811 -- the fixture above
    """Open each kind of page that links lead to; give how many."""
    waiting, done = ["/today", "/caseload", "/"], set()
    while waiting and len(done) < MOST_PAGES:
        url = waiting.pop(0)
        if kind_of(url) in done or url.partition("?")[0].endswith(NOT_A_PAGE):
            continue
        done.add(kind_of(url))
        window.goto(url)
        hrefs = window.eval_on_selector_all("a[href]", "all => all.map(a => a.href)")
        waiting += [h.removeprefix(site.address) for h in hrefs if h.startswith(site.address)]
    return len(done)


@pytest.mark.parametrize("who", ["therapist", "supervisor", "admin"])
def test_a_browser_runs_nothing_of_what_is_stored(hostile, page_of, who):  # noqa: F811 -- a fixture
    window = page_of(who)
    window.watch.may_answer |= {403, 404}
    shown = []

    def refuse(dialog):
        shown.append(dialog.message)
        dialog.dismiss()

    window.context.on("dialog", refuse)

    assert crawl(window, hostile) > 4
    assert shown == []
    assert window.watch.taken() == []


@contextmanager
def another_site(address):
    """Serve a page of another site that puts ours into a frame."""

    class Framing(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(f'<title>f</title><iframe src="{address}/sign-in"></iframe>'.encode())

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Framing)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_no_other_page_can_show_ours_in_a_frame(site, chromium):  # noqa: F811 -- the fixture above
    with another_site(site.address) as address:
        window = chromium.new_page()
        said = []
        window.on("console", lambda message: said.append(message.text))
        window.goto(address)
        window.wait_for_timeout(500)
        inside = [frame.content() for frame in window.frames[1:]]
        window.close()

    assert not any("Sign in" in each for each in inside)
    assert any("frame-ancestors" in each for each in said)
