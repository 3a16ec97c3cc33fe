import pytest
from tests.browser.looking import look
pytestmark = pytest.mark.browser
def test_probe(page, page_of, site):
    page.goto("/"); look(page, "sign in")
    p = page_of("therapist"); p.goto("/"); look(p, "caseload")
    p.goto("/caseload/find"); look(p, "find")
    c = site.course()
    p.goto(f"/courses/{site.known('SYN-01').id}/progress"); look(p, "progress")
def test_js_off(open_window):
    p=open_window(java_script_enabled=False)
    p.goto("/"); look(p, "nojs")
    p.watch.may_answer.add(422)
    p.get_by_role("button", name="Sign in").click(); look(p, "nojs2")
