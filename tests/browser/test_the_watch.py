"""The guards of these journeys notice what they are there for."""

import pytest

from tests.browser.looking import accessibility, look

pytestmark = pytest.mark.browser

INLINE = "document.body.setAttribute('style', 'color: red')"
SCRIPT = """() => {
  const script = document.createElement("script");
  script.textContent = "window.ran = true";
  document.head.append(script);
  return window.ran === true;
}"""
UNNAMED = "document.querySelector('main').append(document.createElement('input'))"
WIDE_PART = """() => {
  const part = document.createElement("p");
  part.textContent = "x".repeat(500);
  document.querySelector("main").append(part);
}"""


def test_code_in_the_page_does_not_run_and_is_noticed(page):
    page.goto("/sign-in")

    ran = page.evaluate(SCRIPT)
    page.evaluate(INLINE)
    page.wait_for_timeout(100)

    noticed = " ".join(page.watch.taken())
    assert not ran
    assert "content security policy: script-src-elem inline" in noticed
    assert "content security policy: style-src-attr inline" in noticed


def test_an_error_a_failure_and_another_address_are_noticed(page):
    page.goto("/sign-in")

    page.evaluate("setTimeout(() => { throw new Error('slip') })")
    page.evaluate("console.error('told')")
    page.evaluate("fetch('/nowhere')")
    page.evaluate("fetch('http://127.0.0.2:9/').catch(() => 0)")
    page.wait_for_timeout(200)

    noticed = " ".join(page.watch.taken())
    for sign in ("script: slip", "console: told", "404: GET", "content security policy"):
        assert sign in noticed


def test_a_field_without_a_name_and_a_page_too_wide_are_noticed(page):
    page.goto("/sign-in")
    page.evaluate(WIDE_PART)
    with pytest.raises(AssertionError, match="scrolls sideways"):
        look(page, "too wide on purpose")

    page.evaluate(UNNAMED)

    assert "label" in " ".join(accessibility(page))
