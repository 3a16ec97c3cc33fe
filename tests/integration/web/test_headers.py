"""What stands around every answer, errors and files included."""

import time

import pytest

from ipt_tracker.config import Kind
from tests.factories.audit import broken_audit
from tests.factories.pages import read
from tests.factories.walk import of_course, stops

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; object-src 'none'"
)
ALWAYS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
FILES = ("/static/css/app.css", "/static/js/menu.js", "/static/img/favicon.svg")


def lacks(answer):
    """Name the headers that an answer does not have as it should."""
    return [name for name, value in ALWAYS.items() if answer.headers.getlist(name) != [value]]


@pytest.fixture
def therapist(client_of, clinic):
    return client_of(clinic.therapist)


def test_every_page_and_download_has_every_header_and_is_kept_nowhere(
    app, clinic, therapist, client
):
    for stop in stops(app, of_course(clinic, clinic.course)):
        if stop.endpoint == "auth.sign_out":
            continue
        for browser in (client, therapist):
            answer = browser.open(stop.url, method=stop.method, buffered=True)
            assert lacks(answer) == [], stop.url
            assert answer.headers.getlist("Cache-Control") == ["no-store"], stop.url


@pytest.mark.parametrize("url", FILES)
def test_files_that_are_the_same_for_everybody_may_be_kept(client, url):
    answer = client.get(url, query_string={"v": "1"}, buffered=True)

    assert answer.status_code == 200
    assert lacks(answer) == []
    assert "no-store" not in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers


def test_every_file_that_a_page_asks_for_comes_from_here_and_is_there(therapist, client):
    page = read(therapist.get("/caseload"))
    asked = [
        e.attrib[a]
        for e in page.root.iter()
        for a in ("src", "href")
        if a in e.attrib and e.tag in {"link", "script", "img"}
    ]

    assert len(asked) > 3
    for url in asked:
        answer = client.get(url, buffered=True)
        assert answer.status_code == 200, url
        assert lacks(answer) == [], url


def boom():
    raise RuntimeError


def test_error_pages_have_every_header_and_are_kept_nowhere(app, clinic, client_of, client):
    app.add_url_rule("/boom", "boom", boom)
    boom.policy = "public"
    therapist = client_of(clinic.therapist)
    course = f"/courses/{clinic.course.id}"
    answers = {
        400: client.post("/sign-in"),
        403: client.post("/sign-in", headers={"Sec-Fetch-Site": "cross-site"}),
        404: client.get("/nowhere"),
        405: client.delete("/sign-in"),
        413: client.post("/sign-in", data={"email": "x" * 2_000_000}),
        500: client.get("/boom"),
    }
    with broken_audit(clinic.database):
        failed = therapist.get(course)

    token = read(client.get("/sign-in")).token
    forged = client.post(
        "/sign-in", data={"csrf_token": token}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    missing = therapist.get(f"/courses/{clinic.course2.id}")
    assert failed.status_code >= 500
    assert (forged.status_code, missing.status_code) == (403, 404)
    assert {code: a.status_code for code, a in answers.items() if code != 403} == {
        code: code for code in answers if code != 403
    }
    for answer in [*answers.values(), failed, forged, missing]:
        assert lacks(answer) == [], answer.status
        assert answer.headers.getlist("Cache-Control") == ["no-store"], answer.status
        assert read(answer).h1


def test_a_file_that_is_not_there_is_not_kept_for_a_year(client):
    answer = client.get("/static/css/nothing.css")

    assert answer.status_code == 404
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", ["../app.py", "..%2fapp.py", "%2e%2e/config.py", "/etc/passwd"])
def test_no_file_outside_the_static_folder_is_given(client, name):
    assert client.get(f"/static/{name}", follow_redirects=True).status_code == 404


@pytest.mark.parametrize("kind", [Kind.CLINIC])
def test_a_clinic_over_tls_tells_browsers_to_stay_with_tls(client):
    answer = client.get("/sign-in", base_url="https://clinic.example")

    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_the_demo_without_tls_does_not(client):
    assert "Strict-Transport-Security" not in client.get("/sign-in").headers


@pytest.mark.parametrize("kind", [Kind.CLINIC])
def test_a_clinic_refuses_a_change_of_which_nobody_says_where_it_comes_from(client):
    token = read(client.get("/sign-in", base_url="https://clinic.example")).token

    def status(**headers):
        return client.post(
            "/sign-in",
            base_url="https://clinic.example",
            data={"csrf_token": token},
            headers=headers,
        ).status_code

    assert status() == 403
    assert status(Origin="https://clinic.example") == 422
    assert status(**{"Sec-Fetch-Site": "same-origin", "Origin": "null"}) == 422
    assert status(Origin="https://evil.example") == 403


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "text/plain"])
def test_a_body_of_sixty_megabytes_is_refused_quickly(client, kind):
    body = b"email=" + b"x" * 60_000_000
    start = time.perf_counter()

    answer = client.post("/sign-in", data=body, content_type=kind)

    assert answer.status_code == 413 or kind == "text/plain"
    assert answer.status_code in {400, 413}
    assert time.perf_counter() - start < 2


def test_a_form_of_thousands_of_parts_is_refused(client):
    parts = {f"field{number}": "x" for number in range(1001)}

    answer = client.post("/sign-in", data=parts, content_type="multipart/form-data")

    assert answer.status_code == 413
