"""What stands around every answer there is, to everybody, whatever went well or wrong."""

import pytest

from tests.factories.audit import broken_audit
from tests.factories.pages import read, submit
from tests.security.walking import people_of, stops_of

NOWHERE = "default-src 'none'"
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
}
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
TELLS = ("Server", "X-Powered-By", "Via", "X-AspNet-Version", "Access-Control-Allow-Origin")
"""Headers that say too much, or let other sites read."""


def policy_of(answer):
    """Read the one policy of an answer."""
    [whole] = answer.headers.getlist("Content-Security-Policy")
    parts = [part.strip().partition(" ") for part in whole.split(";") if part.strip()]
    return {name: sources for name, _, sources in parts}


def wrong_with(answer):
    """Name what is not as it must be."""
    found = [n for n, v in ALWAYS.items() if answer.headers.getlist(n) != [v]]
    found += [n for n in TELLS if n in answer.headers]
    if policy_of(answer) != POLICY:
        found.append("Content-Security-Policy")
    if answer.headers.getlist("Cache-Control") != ["no-store"]:
        found.append("Cache-Control")
    if answer.data and "Content-Type" not in answer.headers:
        found.append("Content-Type")
    if answer.mimetype.startswith("text/") and "charset=utf-8" not in answer.content_type:
        found.append("charset")
    return found


def test_every_answer_to_everybody_has_every_header(app, full_clinic, client_of, client):
    everybody = {name: client_of(p) for name, p in people_of(full_clinic).items()}
    everybody["nobody"] = client
    statuses = set()
    for method in ("GET", "POST", "HEAD", "OPTIONS", "DELETE"):
        walk = stops_of(app, full_clinic, "POST" if method == "POST" else "GET")
        for name, browser in everybody.items():
            for stop in walk:
                if stop.url.endswith((".png", ".pdf")) and method != "GET":
                    continue
                answer = browser.open(stop.url, method=method, buffered=True)
                statuses.add(answer.status_code)
                assert wrong_with(answer) == [], f"{method} {stop.url} as {name}: {answer.status}"

    assert statuses >= {200, 303, 400, 404}


def boom():
    raise RuntimeError


def test_every_error_has_every_header(app, clinic, client_of, client):
    app.add_url_rule("/boom", "boom", boom)
    boom.policy = "public"
    therapist = client_of(clinic.therapist)
    token = read(client.get("/sign-in")).token
    cross = {"Sec-Fetch-Site": "cross-site"}
    answers = [
        client.post("/sign-in"),
        client.post("/sign-in", data={"csrf_token": token}, headers=cross),
        client.get("/nowhere"),
        client.get("/courses/%00"),
        client.get("/sign-in/"),
        client.delete("/sign-in"),
        client.open("/sign-in", method="TRACE"),
        client.open("/sign-in", method="PROPFIND"),
        client.post("/sign-in", data={"email": "x" * 2_000_000}),
        client.get("/static/css/nothing.css"),
        client.get("/static/"),
        client.get("/boom"),
    ]
    with broken_audit(clinic.database):
        answers.append(therapist.get(f"/courses/{clinic.course.id}"))

    assert {a.status_code for a in answers} >= {400, 403, 404, 405, 413, 500}
    for answer in answers:
        assert wrong_with(answer) == [], f"{answer.request.path}: {answer.status}"


def test_only_files_that_are_the_same_for_everybody_are_kept_by_a_browser(client):
    page = read(client.get("/sign-in"))
    files = [e.attrib["src"] for e in page.all("script")]
    files += [e.attrib["href"] for e in page.all("link") if "stylesheet" in e.attrib["rel"]]

    for url in files:
        answer = client.get(url, buffered=True)
        assert "immutable" in answer.headers["Cache-Control"]
        assert "?" in url  # a new version is a new address
        assert policy_of(answer) == POLICY
        assert "Set-Cookie" not in answer.headers
    assert len(files) > 2


def test_signing_out_asks_the_browser_to_forget(clinic, client_of):
    client = client_of(clinic.therapist)
    for form in read(client.get("/today")).forms():
        if form.action.endswith("/sign-out"):
            answer = client.post(form.action, data=form.values)

    asked = {each.strip() for each in answer.headers["Clear-Site-Data"].split(",")}
    assert {'"cache"', '"storage"'} <= asked
    assert wrong_with(answer) == []


@pytest.mark.parametrize("next_", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_no_sign_in_leads_to_another_site(client, clinic, next_):
    answer = submit(
        client,
        f"/sign-in?next={next_}",
        email=clinic.therapist.email,
        password="correct horse battery staple",
    )

    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/")
    assert "evil" not in answer.headers["Location"]
