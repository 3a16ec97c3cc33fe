"""Every address, with every method, as everybody: nobody reaches what they must not."""

import re
from uuid import uuid4

import pytest

from ipt_tracker.governance.access import Permission
from tests.factories.audit import broken_audit
from tests.factories.pages import read
from tests.factories.tables import audit_rows, contents
from tests.factories.walk import of_course, of_nothing, stops

OF_A_COURSE = {
    "open_course",
    "edit_patient",
    "edit_course",
    "transfer_course",
    "record_session",
    "record_measure",
    "download_chart",
    "sign_note",
    "write_process_note",
    "see_fidelity",
    "see_access_log",
    "ask_assessment",
    "print_report",
    "export_course",
}
OF_A_GROUP = {"open_group", "record_group"}
OF_FIDELITY = {"rate_session", "see_fidelity"}
OWN = OF_A_COURSE | OF_A_GROUP | OF_FIDELITY
OF_A_SUPERVISEE = {
    *("open_course", "transfer_course", "download_chart", "cosign_note", "open_group"),
    *("supervise", "see_access_log", "ask_assessment", *OF_FIDELITY),
    *("print_report", "export_course"),
}
OF_THE_CLINIC = {
    *("see_caseload", "start_course", "start_group", "see_evidence", "break_glass"),
    *("export_caseload", *OF_FIDELITY),
}
OF_A_THERAPIST = OF_THE_CLINIC | {"import_scores"}
EVIDENCE = {"see_evidence", "curate_evidence"}
MAY = {
    "anonymous": (set(), set(), set()),
    "therapist": (OF_A_THERAPIST, OWN, set()),
    "therapist2": (OF_A_THERAPIST, set(), OWN),
    "supervisor": (
        {
            *("see_caseload", "rate_session", "supervise", *EVIDENCE, "break_glass"),
            *("see_emergencies", "export_caseload"),
        },
        OF_A_SUPERVISEE,
        set(),
    ),
    "admin": (
        {"manage_users", "manage_settings", *EVIDENCE, "see_emergencies", "hold_records"},
        set(),
        set(),
    ),
    "auditor": ({"see_audit", "see_emergencies"}, set(), set()),
    "assessor": ({"assess"}, set(), set()),
}
"""What each may do in the clinic, to the first course and group, and to the second."""
BOTH = ("first", "second")
BY_NAME = {
    "emergency.end": set(),
    "emergency.notice": {
        ("supervisor", "first"),
        *((who, target) for who in ("admin", "auditor") for target in BOTH),
    },
    "emergency.seen": {("supervisor", "first")},
    **{f"assessments.{view}": {("assessor", "first")} for view in ("show", "record", "decline")},
    "assessments.correct": {("assessor", "first")},
    **{
        f"batches.{view}": {("therapist", "first"), ("therapist2", "second")}
        for view in ("follow", "go_on", "cancel", "take")
    },
    **{
        f"score_imports.{view}": {("therapist", "first"), ("therapist2", "second")}
        for view in ("match", "look", "drop", "done", "take_back")
    },
}
"""Who reaches these is decided by more than a permission: notices go to the patient's supervisors,
who alone mark them as seen, an assessment to the assessor who was asked, and reports of a caseload
and spreadsheets of scores to who asked for them or handed them in."""
NESTED = (
    "spell_id",
    "measure_id",
    "prompt_id",
    "thread",
    "goal_id",
    "member_id",
    "action_id",
    "draw_id",
    "request_id",
)
TOKEN = re.compile(r'name="csrf_token"[^>]*value="[^"]*"')


@pytest.fixture
def people(clinic, app, client_of):
    """Give a browser for everybody."""
    signed_in = {name: client_of(getattr(clinic, name)) for name in MAY if name != "anonymous"}
    return {"anonymous": app.test_client()} | signed_in


@pytest.fixture
def targets(app, clinic):
    """Give every address that leads to the first course, to the second, and to nothing."""
    return {
        "first": list(stops(app, of_course(clinic, clinic.course))),
        "second": list(stops(app, of_course(clinic, clinic.course2))),
        "nothing": list(stops(app, of_nothing())),
    }


def may(name, stop, target):
    """Say, by the table above alone, whether this person may go there."""
    clinic, first, second = MAY[name]
    if stop.policy == "public":
        return True
    if name == "anonymous" or (target == "nothing" and stop.of_a_record):
        return False
    if stop.endpoint in BY_NAME:
        return (name, target) in BY_NAME[stop.endpoint]
    if stop.policy == "signed in":
        return True
    if not stop.is_tied:
        return stop.policy in clinic
    return stop.policy in {"first": first, "second": second}[target]


def go(client, stop):
    """Go there; a POST carries the request token of the person's own pages and nothing else."""
    if stop.method == "GET":
        return client.get(stop.url)
    return client.post(stop.url, data={"csrf_token": token_of(client)})


def token_of(client):
    return read(client.get("/sign-in")).token


def everywhere(targets):
    return [(target, stop) for target in targets for stop in targets[target]]


def turned_away(name, answer):
    if name != "anonymous":
        return answer.status_code == 404
    asked_to_sign_in = answer.status_code == 303 and answer.location.startswith("/sign-in")
    return asked_to_sign_in or (answer.status_code == 401 and "Sign in" in answer.text)


@pytest.mark.parametrize("name", MAY)
def test_nobody_reaches_what_they_must_not(clinic, people, targets, figures, name):
    before = contents(clinic.database)

    reached = [
        f"{stop.method} {stop.url} ({target}): {answer.status}"
        for target, stop in everywhere(targets)
        if not may(name, stop, target) and not turned_away(name, answer := go(people[name], stop))
    ]

    assert reached == []
    assert contents(clinic.database) == before
    figures("walk", name, addresses_walked=len(everywhere(targets)), reached_wrongly=len(reached))


@pytest.mark.parametrize("name", MAY)
def test_everybody_reaches_what_they_may(people, targets, name):
    ended = ("auth.sign_out",)  # would end the walk
    refused = [
        f"{stop.method} {stop.url} ({target}): {answer.status}"
        for target, stop in everywhere(targets)
        if may(name, stop, target) and stop.endpoint not in ended
        if (answer := go(people[name], stop)).status_code not in {200, 204, 303, 422}
    ]

    assert refused == []


@pytest.mark.parametrize("name", [name for name in MAY if name != "anonymous"])
def test_a_record_of_somebody_else_looks_exactly_like_one_that_does_not_exist(
    people, targets, name
):
    client = people[name]
    for target in ("first", "second"):
        for there, nothing in zip(targets[target], targets["nothing"], strict=True):
            if not nothing.is_tied or may(name, there, target):
                continue
            foreign, none = go(client, there), go(client, nothing)
            assert foreign.status == none.status == "404 NOT FOUND"
            assert alike(foreign) == alike(none), there.url


OF_THE_ANSWER = {"Set-Cookie", "Content-Length", "X-Request-ID"}
"""Headers that differ from answer to answer, whatever was asked."""


def alike(answer):
    headers = [(k, v) for k, v in answer.headers if k not in OF_THE_ANSWER]
    return TOKEN.sub("", answer.text), headers


def test_what_belongs_to_another_course_is_not_reached_through_ones_own(app, clinic, people):
    own, other = of_course(clinic, clinic.course), of_course(clinic, clinic.course2)
    mixed = own | {name: other[name] for name in NESTED}
    nested = [s for s in stops(app, mixed) if any(str(mixed[n]) in s.url for n in NESTED)]

    assert {go(people["therapist"], stop).status_code for stop in nested} == {404}
    assert nested


def test_a_slot_that_a_course_does_not_have_is_not_found(app, clinic, people):
    beyond = of_course(clinic, clinic.course) | {"slot": 4711}
    found = [s for s in stops(app, beyond) if "4711" in s.url]

    assert {go(people["therapist"], stop).status_code for stop in found} == {404}
    assert found


def undeclared(app):
    """Name the endpoints that do not say who may use them."""
    views = app.view_functions.items()
    return sorted(endpoint for endpoint, view in views if not hasattr(view, "policy"))


def test_every_view_says_who_may_use_it(app):
    assert undeclared(app) == []
    assert {view.policy for view in app.view_functions.values()} <= {
        "public",
        "signed in",
        *Permission,
    }


def test_a_view_that_does_not_say_so_is_refused_to_everybody_and_named(app, client_of, clinic):
    app.add_url_rule(
        "/forgotten", "forgotten", lambda: "what nobody should see", methods=["GET", "POST"]
    )
    assert undeclared(app) == ["forgotten"]

    clients = [client_of(p) for p in (clinic.therapist, clinic.supervisor, clinic.admin)]
    for client in [*clients, app.test_client()]:
        token = token_of(client)
        answers = [client.get("/forgotten"), client.post("/forgotten", data={"csrf_token": token})]
        assert [a.status_code for a in answers] == [403, 403]
        assert not any("what nobody should see" in a.text for a in answers)


def test_the_only_public_addresses_are_those_of_signing_in_and_of_health(app):
    public = {e for e, view in app.view_functions.items() if view.policy == "public"}
    signing_in = {"auth.home", "auth.sign_in", "auth.second_step", "auth.locked"}
    by_code = {"by_code.set_password"}

    assert public - {"static", "bootstrap.static"} == signing_in | by_code | {
        "auth.health",
        "health.ready",
    }


def test_looking_changes_nothing_but_the_audit(clinic, people, targets):
    before, audited = contents(clinic.database), audit_rows(clinic.database)

    for name, client in people.items():
        for target, stop in everywhere(targets):
            if stop.method == "GET" and may(name, stop, target):
                go(client, stop)
                client.head(stop.url)

    assert contents(clinic.database) == before
    after = audit_rows(clinic.database)
    assert [row.id for row in after[: len(audited)]] == [row.id for row in audited]
    assert len(after) > len(audited)


@pytest.mark.parametrize("name", ["therapist", "supervisor"])
def test_each_page_of_a_course_leaves_an_audit_row_that_names_who_and_whose(
    clinic, people, targets, name
):
    person = getattr(clinic, name)
    for stop in targets["first"]:
        if stop.method != "GET" or not stop.of_a_course or not may(name, stop, "first"):
            continue
        known = len(audit_rows(clinic.database))

        go(people[name], stop)

        new = audit_rows(clinic.database)[known:]
        assert {(r.actor_id, r.patient_id) for r in new} == {(person.id, clinic.course.patient_id)}
        assert any(r.subject_id == str(clinic.course.id) for r in new), stop.url


FILES_OF_NOBODY = {
    *("item_sets.example", "exports.dictionary"),
    *("score_imports.empty_table", "score_imports.empty_workbook"),
}
"""Files to read or to fill in, with no patient in them."""


@pytest.mark.parametrize("name", ["therapist", "supervisor", "admin", "auditor", "assessor"])
def test_without_an_audit_row_there_is_no_page_and_no_patient_in_the_answer(
    clinic, people, targets, name
):
    client = people[name]
    walked = [s for s in targets["first"] if may(name, s, "first")]
    walked = [s for s in walked if s.policy not in {"public", "signed in"}]
    before = contents(clinic.database)
    token = token_of(client)

    with broken_audit(clinic.database):
        for stop in walked:
            answer = client.open(stop.url, method=stop.method, data={"csrf_token": token})
            assert clinic.course.name.encode() not in answer.data, stop.url
            assert clinic.course.code.encode() not in answer.data, stop.url
            if stop.method == "GET" and stop.of_a_course:
                assert answer.status_code >= 500, stop.url
            if stop.policy != "see_evidence" and stop.endpoint not in FILES_OF_NOBODY:
                assert answer.mimetype == "text/html", stop.url  # no file and no picture

    assert contents(clinic.database) == before


def test_a_refusal_is_written_down_with_who_and_where_but_without_words(clinic, people):
    people["therapist2"].get(f"/courses/{clinic.course.id}")

    row = audit_rows(clinic.database)[-1]
    assert (row.event, row.actor_id) == ("access.refused", clinic.therapist2.id)
    assert row.subject_id == str(clinic.course.id)
    assert row.details == {"endpoint": "courses.show", "permission": "open_course"}


FORGED = {
    "no token": ({}, None),
    "a wrong token": ({}, "wrong"),
    "another site, by its origin": ({"Origin": "https://evil.example"}, "right"),
    "another port of this host": ({"Origin": "http://localhost:1"}, "right"),
    "no origin that can be named": ({"Origin": "null"}, "right"),
    "another site, as the browser says": ({"Sec-Fetch-Site": "cross-site"}, "right"),
    "a neighbouring site": ({"Sec-Fetch-Site": "same-site"}, "right"),
    "another site by its origin, as the browser does not say": (
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
        "right",
    ),
    "another site with our origin": (
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
        "right",
    ),
}


@pytest.mark.parametrize("forged", FORGED)
@pytest.mark.parametrize("name", ["anonymous", "therapist", "supervisor", "admin"])
def test_a_change_that_another_site_asked_for_is_refused(clinic, people, targets, name, forged):
    headers, token = FORGED[forged]
    client = people[name]
    data = {None: {}, "wrong": {"csrf_token": "wrong"}, "right": {"csrf_token": token_of(client)}}
    before = contents(clinic.database)

    taken = [
        f"{stop.url}: {answer.status}"
        for stop in targets["first"]
        if stop.method == "POST"
        if (answer := client.post(stop.url, data=data[token], headers=headers)).status_code
        not in {400, 403}
    ]

    assert taken == []
    assert contents(clinic.database) == before


def test_the_token_of_one_person_is_of_no_use_to_another(clinic, people):
    stolen = token_of(people["therapist2"])

    answer = people["therapist"].post("/still-here", data={"csrf_token": stolen})

    assert answer.status_code == 400


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE"])
def test_other_methods_are_not_answered(people, clinic, method):
    answer = people["therapist"].open(f"/courses/{clinic.course.id}", method=method)

    assert answer.status_code in {400, 403, 404, 405}


def test_ids_in_addresses_are_random_and_nothing_else_is_taken_for_one(people):
    assert people["therapist"].get("/courses/1").status_code == 404
    assert people["therapist"].get(f"/courses/{uuid4()}").status_code == 404


@pytest.mark.parametrize("name", [name for name in MAY if name != "anonymous"])
def test_every_page_keeps_what_every_page_must_keep(people, targets, name):
    pages = 0
    for stop in targets["first"]:
        if stop.method == "GET" and may(name, stop, "first"):
            answer = people[name].get(stop.url)
            if answer.mimetype == "text/html" and answer.status_code == 200:
                read(answer)
                pages += 1

    assert pages > 2
