"""What another clinic's file brought, codes that nobody here knows included, can be opened."""

import json

import pytest
from sqlalchemy import select

from ipt_tracker.exchange import course_bundle
from ipt_tracker.persistence.models import Course, StaffCode
from ipt_tracker.services.imports import import_bundle
from tests.factories import bundles
from tests.factories.pages import read

PAGES = (
    "",
    "/sessions",
    "/sessions/new",
    "/measures",
    "/progress",
    "/contract",
    "/patient",
    "/end",
)


def odd_case():
    case = bundles.demo()["cases"][0]
    sessions = case["sessions"]
    case |= {"id": "ODD-1", "therapist": "TH-ODD", "protocol": "IPT-XYZ", "outcome": None}
    case["focal_areas"].append({"area": "boredom", "from_n": 4, "to_n": None})
    sessions[2]["attendance"] = "teleported"
    sessions[3]["measures"][0]["instrument"] = "BDI-II"
    sessions[4]["measures"][0]["total"] = 999
    sessions[5]["phase"] = "dreaming"
    sessions[6]["kind"] = "picnic"
    sessions[7]["focal_area"] = "boredom"
    sessions[8]["modality"] = "carrier_pigeon"
    sessions[9] |= {"tasks_done": ["Z99"], "techniques": ["hypnosis"]}
    return case


def empty_case():
    case = bundles.demo()["cases"][2]
    nothing = {
        "sessions": [],
        "assessments": [],
        "focal_areas": [],
        "outcome": {"status": "active"},
    }
    return case | {"id": "ODD-2", "therapist": "TH-ODD"} | nothing


@pytest.fixture
def imported(clinic):
    """Take in odd courses as the therapist's own; give the course ids and the slots to open."""
    cases = [odd_case(), empty_case(), bundles.group_case(), bundles.extended_case()]
    for case in cases:
        case["therapist"] = "TH-ODD"
    with clinic.writing() as work:
        work.session.add(StaffCode(code="TH-ODD", account_id=clinic.therapist.id))
        work.session.flush()
        import_bundle(work, course_bundle.read(json.dumps(bundles.bundle(*cases))))
    with clinic.reading() as work:
        found = work.session.execute(select(Course.case_id, Course.id)).all()
    ids = dict(tuple(row) for row in found)
    return {ids[c["id"]]: [s["slot"] for s in c["sessions"]] for c in cases}


def test_every_page_of_an_odd_course_opens(client_of, clinic, imported):
    client = client_of(clinic.therapist)

    for course_id, slots in imported.items():
        for path in (*PAGES, *(f"/sessions/{slot}" for slot in slots)):
            assert read(client.get(f"/courses/{course_id}{path}")).status == 200, path


def test_a_code_that_is_not_known_is_shown_in_its_own_words(client_of, clinic, imported):
    client = client_of(clinic.therapist)
    odd = next(iter(imported))

    page = read(client.get(f"/courses/{odd}/sessions/3"))

    assert "Teleported" in page.main
