"""A patient named by somebody hostile: pages stay whole, no header or file is named after it."""

import re

import pytest
from sqlalchemy import update

from ipt_tracker.persistence.models import Patient
from tests.factories.pages import read
from tests.security.walking import answers, stops_of

NAMES = {
    "a line break": "Imre\r\nSet-Cookie: a=b",
    "a new line": "Imre\nX-Injected: yes",
    "quotes": 'Imre"; filename="evil.exe',
    "slashes": "../../../etc/passwd",
    "backslashes": "..\\..\\windows\\win.ini",
    "a colon": "C:evil",
    "a share": "\\\\evil.example\\share",
    "from right to left": "Imre\N{RIGHT-TO-LEFT OVERRIDE}gpj.exe",
    "from left to right": "\N{LEFT-TO-RIGHT MARK}Imre\N{RIGHT-TO-LEFT MARK}",
    "signs of pictures": "\N{GRINNING FACE}\N{FAMILY} Imre",
    "three hundred characters": "Imre" * 75,
    "a formula": "=cmd|' /C calc'!A0",
    "percent signs": "%0d%0aSet-Cookie:a=b",
    "a program": "$(reboot) `reboot` ; reboot",
    "joined signs": "I\N{COMBINING ACUTE ACCENT}" * 30,
    "of no width": "Im\N{ZERO WIDTH SPACE}re\N{ZERO WIDTH JOINER}",
    "a name of the machine": "CON.txt",
    "dots": "..",
}
FILE_NAME = re.compile(r'attachment; filename="[a-z0-9][a-z0-9_-]*\.[a-z0-9]+"')


@pytest.fixture
def clinic(full_clinic):
    return full_clinic


def name_everybody(clinic, name):
    """Call every patient so, in name and code."""
    with clinic.database.write() as session, session.begin():
        for number, patient in enumerate(session.query(Patient).all()):
            values = {"name": name, "code": f"{name}{number or ''}"}
            session.execute(update(Patient).where(Patient.id == patient.id).values(values))


@pytest.mark.parametrize("what", NAMES)
def test_no_header_and_no_file_is_named_after_a_patient(app, clinic, client_of, what):
    name_everybody(clinic, NAMES[what])
    client = client_of(clinic.therapist)

    for stop in stops_of(app, clinic):
        answer = client.get(stop.url, buffered=True)
        assert answer.status_code < 500, stop.url
        head = str(answer.headers)
        assert NAMES[what][:12] not in head, stop.url
        assert {"X-Injected", "Set-Cookie2"} & set(answer.headers.keys()) == set()
        named = answer.headers.get("Content-Disposition")
        assert named is None or FILE_NAME.fullmatch(named), stop.url
        if answer.mimetype == "text/html" and answer.status_code == 200:
            assert read(answer).h1, stop.url


def test_every_download_says_that_it_is_one_and_of_which_kind(app, clinic, client_of):
    kinds = {}
    for stop, _, answer in answers(app, clinic, client_of):
        if answer.mimetype != "text/html":
            kinds[stop.endpoint] = (answer.mimetype, answer.headers.get("Content-Disposition"))
            assert answer.headers["X-Content-Type-Options"] == "nosniff"

    shown = {"image/svg+xml", "image/png", "application/json", "text/plain"}
    others = {e: kind for e, (kind, named) in kinds.items() if named is None}
    assert {e: kind for e, kind in others.items() if kind not in shown} == {}
    assert len(kinds) > 5


NOT_A_NAME = {"nothing to be seen": "\x00", "a bell": "Imre\x07"}


@pytest.mark.parametrize("what", [*NAMES, *NOT_A_NAME])
def test_a_hostile_name_that_is_typed_is_kept_whole_or_refused_in_words(clinic, client_of, what):
    name = (NAMES | NOT_A_NAME)[what]
    client = client_of(clinic.therapist)
    page = f"/courses/{clinic.course.id}/patient"
    form = read(client.get(page)).form()

    answer = client.post(form.action, data=form.but(name=name))

    assert answer.status_code in {303, 400, 422}
    if answer.status_code == 422:
        assert read(answer).errors()
    for url in (f"/courses/{clinic.course.id}", page, "/caseload"):
        assert read(client.get(url)).status == 200
