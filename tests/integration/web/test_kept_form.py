"""What was typed survives a sign-in that ran out."""

from datetime import timedelta

import pytest

from ipt_tracker.services.identity.recognition import ABSOLUTE
from tests.factories.pages import read
from tests.factories.people import PASSWORD

WORDS = 'nobody "quoted" <b>'


@pytest.fixture
def late(client_of, clinic, clock):
    """Send a form a minute after the twelve hours; give the browser and the answer."""
    client = client_of(clinic.therapist)
    token = read(client.get("/caseload")).token
    clock.now += ABSOLUTE + timedelta(minutes=1)
    answer = client.post("/caseload/find", data={"csrf_token": token, "q": WORDS})
    return client, token, answer


def test_a_form_sent_too_late_is_carried_through_the_sign_in_and_saved(late, clinic):
    client, token, answer = late

    asked = read(answer).form()
    again = client.post("/sign-in", data=asked.but(email=clinic.therapist.email, password=PASSWORD))
    resent = read(again).form()
    found = client.post(resent.action, data=resent.values)

    assert answer.status_code == 401
    assert "What you typed is kept" in answer.text
    assert resent.action == "/caseload/find"
    assert resent.values["q"] == [WORDS]
    assert resent.values["csrf_token"] != [token]
    assert found.status_code == 200
    assert "No patient" in read(found).main


def test_a_wrong_password_does_not_lose_it(late, clinic):
    client, _, answer = late
    asked = read(answer).form()

    refused = client.post(
        "/sign-in", data=asked.but(email=clinic.therapist.email, password="not this one")
    )

    assert read(refused).form().values["kept:q"] == [WORDS]


def test_it_is_never_sent_to_another_site(client, clinic):
    form = read(client.get("/")).form()
    elsewhere = {"kept_address": "//elsewhere.example/take", "kept:note": "words"}

    answer = client.post(
        "/sign-in",
        data=form.but(email=clinic.therapist.email, password=PASSWORD, **elsewhere),
    )

    assert answer.status_code == 303
    assert answer.headers["Location"] == "/"


@pytest.fixture
def signed_out_elsewhere(client_of, clinic):
    """Fill in a form while another tab of the same browser signs out."""
    client = client_of(clinic.therapist)
    token = read(client.get("/caseload")).token
    client.post("/sign-out", data={"csrf_token": token})
    return client, {"csrf_token": token, "q": WORDS}


def test_a_form_whose_sign_in_was_ended_in_another_tab_is_carried_too(signed_out_elsewhere):
    client, form = signed_out_elsewhere

    answer = client.post("/caseload/find", data=form, headers={"Sec-Fetch-Site": "same-origin"})

    assert answer.status_code == 401
    assert read(answer).form().values["kept:q"] == [WORDS]


@pytest.mark.parametrize("site", ["cross-site", "same-site", None])
def test_a_form_from_elsewhere_is_not_carried(signed_out_elsewhere, site):
    client, form = signed_out_elsewhere

    headers = {"Sec-Fetch-Site": site} if site else {}
    answer = client.post("/caseload/find", data=form, headers=headers)

    assert answer.status_code == 400
    assert "kept:" not in answer.text
