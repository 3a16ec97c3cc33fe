"""Drafts of forms: kept while somebody types, shown on the form again, gone when it is saved."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from ipt_tracker.app import create_app
from ipt_tracker.config import Kind
from ipt_tracker.persistence.models import Draft, SessionRecord
from ipt_tracker.services.drafts import MOST_SIGNS
from ipt_tracker.services.handovers import transfer
from ipt_tracker.services.identity.recognition import IDLE
from tests.factories.pages import read, submit
from tests.factories.people import PASSWORD
from tests.factories.stores import config_of
from tests.integration.services.test_changes import opened

ROUTINE = {"mood": "6", "risk": "asked_none"}
AT = "10:00"


@pytest.fixture
def therapist(client_of, clinic):
    return client_of(clinic.therapist)


@pytest.fixture
def url(clinic):
    return f"/courses/{clinic.course.id}/sessions"


def filled(client, address, **typed):
    """Open a form and type into it, without saving."""
    return read(client.get(address)).form().but(**typed)


def autosave(client, address, form, **headers):
    """Send what the script sends."""
    fields = [(n, v) for n, given in form.items() for v in _each(given)]
    data = {
        "csrf_token": form["csrf_token"],
        "draft_key": form["draft_key"],
        "address": address,
        "fields": json.dumps(fields),
    }
    return client.post("/drafts", data=data, headers=headers)


def _each(given):
    return given if isinstance(given, list) else [given]


def drafts(clinic):
    with clinic.reading() as work:
        return list(work.session.scalars(select(Draft)))


def clock_of(moment):
    return f"{moment.astimezone():%H:%M}"


def test_what_was_typed_stands_in_the_form_again_with_its_time(therapist, url, clinic):
    typed = filled(therapist, f"{url}/new", note="came in lighter", mood="7")

    answer = autosave(therapist, f"{url}/new", typed)

    page = read(therapist.get(f"{url}/new"))
    assert answer.status_code == 200
    assert answer.json["at"] == clock_of(clinic.now)
    assert f"Draft of {clock_of(clinic.now)}, not saved yet." in page.main
    values = page.form("/sessions/new").values
    assert (values["note"], values["mood"]) == (["came in lighter"], ["7"])


def test_a_draft_holds_no_token(therapist, url, clinic):
    typed = filled(therapist, f"{url}/new", note="came in lighter")

    autosave(therapist, f"{url}/new", typed)

    (draft,) = drafts(clinic)
    names = {name for name, _ in draft.fields[1:]}
    assert "note" in names
    assert not names & {"csrf_token", "draft_key"}


def test_saving_the_form_takes_its_draft_away(therapist, url, clinic):
    typed = filled(therapist, f"{url}/new", note="came in lighter", **ROUTINE)
    autosave(therapist, f"{url}/new", typed)

    saved = therapist.post(f"{url}/new", data=typed)

    assert saved.status_code == 303
    assert drafts(clinic) == []
    assert "Draft of" not in read(therapist.get(f"{url}/new")).main


def test_a_form_that_is_refused_keeps_its_draft(therapist, url, clinic):
    typed = filled(therapist, f"{url}/new", note="came in lighter", mood="6")
    kept = autosave(therapist, f"{url}/new", typed).json

    refused = read(therapist.post(f"{url}/new", data=typed | {"draft_key": kept["key"]}))

    assert refused.status == 422
    assert len(drafts(clinic)) == 1
    assert refused.form().values["draft_key"] == [kept["key"]]


def test_a_saved_form_leaves_the_draft_that_another_window_kept(therapist, url, clinic):
    here = filled(therapist, f"{url}/new", note="in this window", **ROUTINE)
    there = filled(therapist, f"{url}/new", note="in the other window")
    autosave(therapist, f"{url}/new", there)

    assert therapist.post(f"{url}/new", data=here).status_code == 303

    assert len(drafts(clinic)) == 1
    page = read(therapist.get(f"{url}/new"))
    assert page.form("/sessions/new").values["note"] == ["in the other window"]


def test_an_older_window_is_told_and_writes_over_nothing(therapist, url, clinic):
    first = filled(therapist, f"{url}/new", note="first")
    second = filled(therapist, f"{url}/new", note="second")
    autosave(therapist, f"{url}/new", second)

    answer = autosave(therapist, f"{url}/new", first)

    assert answer.status_code == 409
    assert answer.json["at"] == clock_of(clinic.now)
    (draft,) = drafts(clinic)
    assert ["note", "second"] in draft.fields
    again = first | {"draft_key": answer.json["newer"]}
    assert autosave(therapist, f"{url}/new", again).status_code == 200


def test_throwing_a_draft_away_starts_the_form_again(therapist, url, clinic):
    autosave(therapist, f"{url}/new", filled(therapist, f"{url}/new", note="came in lighter"))
    discard = read(therapist.get(f"{url}/new")).form("/drafts/discard")

    answer = therapist.post(discard.action, data=discard.values)

    assert (answer.status_code, answer.location) == (303, f"{url}/new")
    assert drafts(clinic) == []
    assert read(therapist.get(f"{url}/new")).form().values["note"] == [""]


def test_a_draft_keeps_the_version_of_the_record_that_was_seen(therapist, url, clinic):
    typed = filled(therapist, f"{url}/7/edit", plan="mine")
    other = filled(therapist, f"{url}/7/edit", plan="saved meanwhile")
    autosave(therapist, f"{url}/7/edit", typed)
    therapist.post(f"{url}/7/edit", data=other)

    page = read(therapist.get(f"{url}/7/edit"))

    form = page.form("/7/edit")
    assert form.values["version"] == typed["version"]
    assert read(therapist.post(form.action, data=form.values)).h1.startswith("Two versions")


@pytest.mark.parametrize("person", ["supervisor", "therapist2", "admin"])
def test_nobody_else_sees_a_draft_or_keeps_one_there(therapist, client_of, url, clinic, person):
    typed = filled(therapist, f"{url}/7/edit", note="my own words")
    autosave(therapist, f"{url}/7/edit", typed)
    other = client_of(getattr(clinic, person))
    own = {"csrf_token": token_of(other), "draft_key": f"{getattr(clinic, person).id}.window."}

    page = other.get(f"{url}/7")
    tried = autosave(other, f"{url}/7/edit", typed | own)

    assert "my own words" not in page.text
    assert tried.status_code == 404
    assert len(drafts(clinic)) == 1


def token_of(client):
    return read(client.get("/courses/none")).token


def test_a_draft_of_another_persons_page_is_not_kept(therapist, client_of, url, clinic):
    typed = filled(therapist, f"{url}/new", note="hers")
    key = typed["draft_key"][0].replace(str(clinic.therapist.id), str(clinic.therapist2.id))

    answer = autosave(therapist, f"{url}/new", typed | {"draft_key": key})

    assert answer.status_code == 409
    assert "Somebody else is signed in" in answer.json["message"]
    assert drafts(clinic) == []


def test_after_a_hand_over_a_draft_is_closed_and_not_lost(therapist, url, clinic):
    typed = filled(therapist, f"{url}/new", note="came in lighter")
    autosave(therapist, f"{url}/new", typed)
    with clinic.writing(clinic.therapist) as work:
        transfer(work, opened(work, clinic), clinic.therapist2.id, clinic.today, "a move")

    assert therapist.get(f"{url}/new").status_code == 404
    assert autosave(therapist, f"{url}/new", typed).status_code == 404
    assert len(drafts(clinic)) == 1


@pytest.mark.parametrize(
    "address",
    [
        "",
        "/caseload",
        "/sign-in",
        "//elsewhere.example/courses",
        "/courses/{id}",
        "/courses/{id}/sessions",
        "/courses/{ID}/sessions/new",
        "/courses/{id}/sessions/007/edit",
        "/courses/{id}/sessions/new?x=1",
        "/courses/" + "x" * 400,
    ],
)
def test_only_an_address_of_a_form_of_ours_takes_a_draft(therapist, url, clinic, address):
    typed = filled(therapist, f"{url}/new", note="came in lighter")
    ids = {"id": str(clinic.course.id), "ID": str(clinic.course.id).upper()}

    answer = autosave(therapist, address.format(**ids), typed)

    assert answer.status_code == 404
    assert drafts(clinic) == []


@pytest.mark.parametrize("fields", ["", "7", "[[1, 2]]", '["ab", "cd", "efg"]', '[["a"]]', "null"])
def test_what_is_no_list_of_fields_is_refused(therapist, url, fields):
    form = filled(therapist, f"{url}/new")
    data = {"csrf_token": form["csrf_token"], "draft_key": form["draft_key"]}

    answer = therapist.post("/drafts", data=data | {"address": f"{url}/new", "fields": fields})

    assert answer.status_code == 400


def test_too_much_is_refused_in_plain_words(therapist, url):
    typed = filled(therapist, f"{url}/new", note="x" * MOST_SIGNS)

    answer = autosave(therapist, f"{url}/new", typed)

    assert answer.status_code == 413
    assert "Save the form" in answer.json["message"]


def test_a_script_is_told_in_a_word_that_the_sign_in_ran_out(therapist, url, clinic, clock):
    typed = filled(therapist, f"{url}/new", note="came in lighter")
    autosave(therapist, f"{url}/new", typed)
    clock.now += IDLE + timedelta(minutes=1)

    answer = autosave(therapist, f"{url}/new", typed)

    assert (answer.status_code, answer.text) == (401, "Sign in again.")
    assert len(drafts(clinic)) == 1


def test_a_page_of_an_older_sign_in_gets_the_new_token_for_its_draft(
    therapist, client_of, url, clinic
):
    typed = filled(therapist, f"{url}/new", note="came in lighter")
    later = client_of(clinic.therapist)

    told = autosave(later, f"{url}/new", typed, **{"Sec-Fetch-Site": "same-origin"})

    assert told.status_code == 400
    fresh = typed | {"csrf_token": told.json["csrf_token"]}
    assert autosave(later, f"{url}/new", fresh).status_code == 200
    assert autosave(later, f"{url}/new", typed).mimetype == "text/html"


def test_a_form_of_an_older_sign_in_is_offered_again(therapist, client_of, url, clinic):
    typed = filled(therapist, f"{url}/new", note="came in lighter", **ROUTINE)
    later = client_of(clinic.therapist)

    answer = later.post(f"{url}/new", data=typed, headers={"Sec-Fetch-Site": "same-origin"})

    again = read(answer).form()
    assert answer.status_code == 400
    assert later.post(again.action, data=again.values).status_code == 303


def test_typing_keeps_a_sign_in_alive_and_a_page_by_itself_does_not(therapist, url, clock):
    typed = filled(therapist, f"{url}/new", note="came in lighter")
    clock.now += IDLE - timedelta(minutes=1)
    kept = autosave(therapist, f"{url}/new", typed).json
    clock.now += IDLE - timedelta(minutes=1)
    by_itself = typed | {"draft_key": kept["key"]}
    assert (
        autosave(therapist, f"{url}/new", by_itself, **{"Ipt-By-Itself": "yes"}).status_code == 200
    )
    clock.now += timedelta(minutes=2)

    assert therapist.get(f"{url}/new").status_code == 303


def test_a_draft_outlives_the_server(therapist, url, clinic, tmp_path, clock):
    autosave(therapist, f"{url}/new", filled(therapist, f"{url}/new", note="came in lighter"))
    started_again = create_app(config_of(clinic.store, Kind.DEMO, tmp_path), clock)
    client = started_again.test_client()
    submit(client, "/sign-in", email=clinic.therapist.email, password=PASSWORD)

    page = read(client.get(f"{url}/new"))

    assert page.form("/sessions/new").values["note"] == ["came in lighter"]
    started_again.extensions["ipt_tracker"].database.close()


def test_looking_at_a_form_keeps_nothing(therapist, url, clinic):
    therapist.get(f"{url}/new")

    assert drafts(clinic) == []
    with clinic.reading() as work:
        assert work.session.scalar(select(func.count()).select_from(SessionRecord)) == 8


@pytest.mark.parametrize(
    ("form", "field", "words"),
    [
        ("patient", "notes", "what everybody should know"),
        ("contract", "adaptations", "shorter sessions"),
        ("measures/phq9/new", "taken_on", "2026-03-10"),
        ("measures/caps5_month/new", "assessor", "Rater 2"),
        ("measures/phq9/new", "answers-total", "12"),
        ("measures/{measure}/correction", "reason", "digits swapped"),
        ("process-notes/new", "text", "what was said, for myself"),
        ("goals/new", "what", "sit with the old team once"),
        ("sheets/formulation/edit", "event", "the crash"),
        ("timeline/new", "what", "moved out"),
    ],
)
def test_other_forms_keep_a_draft_too(therapist, clinic, form, field, words):
    address = f"/courses/{clinic.course.id}/{form.format(measure=clinic.course.measures[-1])}"
    typed = filled(therapist, address, **{field: words})

    answer = autosave(therapist, address, typed)

    assert answer.status_code == 200, answer.text
    page = read(therapist.get(address))
    own = next(f for f in page.forms() if field in f.values or field in f.texts)
    assert own.values[field] == [words]
    assert "not saved yet" in page.main
