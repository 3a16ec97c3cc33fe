"""Whose words a record holds: a supervisor's rating, a therapist's note, by nobody else."""

import pytest
from sqlalchemy import select

from ipt_tracker.persistence.models import FidelityRating
from tests.factories.canaries import plant
from tests.factories.notes import thread_of
from tests.factories.pages import read
from tests.factories.rated import slots_of
from tests.factories.ratings import IN_FORM, submitted
from tests.factories.tables import contents
from tests.factories.walk import of_course, prompt_of, request_in, stops
from tests.integration.web.test_canary import answered, noted
from tests.integration.web.test_walk import go, token_of

AS_A_SUPERVISOR = {
    "role": "supervisor",
    "rater_role": "supervisor",
    "rater_id": "the supervisor",
    "selection": "random",
    "as_role": "consensus",
}
"""Fields that no form of rating has, as somebody might add them to it."""
WRITTEN_BY_THERAPISTS = {
    "record_session",
    "record_measure",
    "sign_note",
    "write_process_note",
    "edit_course",
    "edit_patient",
}
NO_NOTES = {
    "auditor": "rows of the audit alone",
    "assessor": "what was asked of them alone",
}


@pytest.fixture
def session_id(clinic):
    """Give a session of the first course that can be rated."""
    return slots_of(clinic, clinic.course)[2]


def ratings(clinic):
    with clinic.reading() as work:
        return list(work.session.scalars(select(FidelityRating)))


def test_a_therapist_who_posts_a_role_still_rates_as_themselves(clinic, client_of, session_id):
    client = client_of(clinic.therapist)
    form = read(client.get(f"/fidelity/session/{session_id}/rate")).form("/rate")
    forged = AS_A_SUPERVISOR | {"rater_id": str(clinic.supervisor.id)}

    client.post(form.action, data=form.but(**IN_FORM) | forged)

    assert [(r.role, r.rater_id) for r in ratings(clinic)] == [("self", clinic.therapist.id)]


@pytest.mark.parametrize("who", ["therapist", "therapist2"])
@pytest.mark.parametrize(
    "place", ["consensus", "consensus/amend", "feedback", "consensus/feedback", "amend"]
)
def test_no_therapist_writes_what_is_the_supervisors(clinic, client_of, session_id, place, who):
    submitted(clinic, clinic.supervisor, session_id)
    submitted(clinic, clinic.therapist, session_id)
    client, before = client_of(getattr(clinic, who)), contents(clinic.database)
    own = who == "therapist" and place == "amend"
    data = IN_FORM | AS_A_SUPERVISOR | {"reason": "", "csrf_token": token_of(client)}

    answer = client.post(f"/fidelity/session/{session_id}/{place}", data=data)

    assert answer.status_code == (422 if own else 404)
    assert contents(clinic.database) == before


def test_an_amendment_of_a_therapist_changes_their_own_rating_alone(clinic, client_of, session_id):
    of_supervisor = submitted(clinic, clinic.supervisor, session_id)
    submitted(clinic, clinic.therapist, session_id)
    client = client_of(clinic.therapist)
    url = f"/fidelity/session/{session_id}/amend"
    form = read(client.get(url)).form("/amend")
    before = marks_of(clinic, of_supervisor)

    client.post(
        url,
        data=form.but(global_competence="1", reason="heard it again")
        | AS_A_SUPERVISOR
        | {"rating_id": str(of_supervisor)},
    )

    assert marks_of(clinic, of_supervisor) == before


def marks_of(clinic, rating_id):
    with clinic.reading() as work:
        row = work.session.get(FidelityRating, rating_id)
        return row.items, row.global_competence, row.version


def test_no_supervisor_edits_a_note_signs_or_writes_a_session_or_a_measure(app, clinic, client_of):
    client = client_of(clinic.supervisor)
    examples = of_course(clinic, clinic.course)
    before = contents(clinic.database)
    written = [s for s in stops(app, examples) if s.policy in WRITTEN_BY_THERAPISTS]

    answers = {f"{s.method} {s.url}": go(client, s).status_code for s in written}

    assert len([s for s in written if s.method == "POST"]) > len(WRITTEN_BY_THERAPISTS)
    assert set(answers.values()) == {404}
    assert contents(clinic.database) == before


def test_the_pages_of_a_supervisor_offer_no_form_that_writes_a_note(app, clinic, client_of):
    client = client_of(clinic.supervisor)
    every = list(stops(app, of_course(clinic, clinic.course)))
    closed = {s.url for s in every if s.policy in WRITTEN_BY_THERAPISTS and s.method == "POST"}

    actions = set()
    for stop in every:
        if stop.method == "GET" and stop.of_a_course and stop.policy == "open_course":
            answer = client.get(stop.url)
            if answer.mimetype == "text/html" and answer.status_code == 200:
                actions |= {f.action for f in read(answer).forms() if f.method == "post"}

    shown = {s.url for s in every if s.policy == "open_course"}
    assert actions & closed <= shown


@pytest.mark.parametrize("who", NO_NOTES)
def test_neither_auditor_nor_assessor_reads_a_word_of_a_note_anywhere(app, clinic, client_of, who):
    answered(clinic, prompt_of(clinic, clinic.course))
    noted(clinic, clinic.course)
    thread_of(clinic, clinic.course)
    request_in(clinic, clinic.course)
    words = plant(clinic.database)
    examples = of_course(clinic, clinic.course)
    of_the_request = {w for w in words if "asse" in w and "note" in w}
    of_patients = {w for w in words if "pati" in w and w.endswith("code")}
    client = client_of(getattr(clinic, who))

    found = {}
    for stop in stops(app, examples):
        if stop.endpoint == "auth.sign_out":
            continue
        body = go(client, stop).get_data(as_text=True)
        told = {w for w in words if w in body} - of_the_request - of_patients
        if told:
            found[f"{stop.method} {stop.url}"] = told

    assert found == {}
    assert len(words) > len(of_the_request | of_patients) > 1


def test_an_assessor_reaches_nothing_but_their_own_pages(app, clinic, client_of):
    client = client_of(clinic.assessor)
    own = {"assessments", "account", "auth", "drafts"}

    reached = {
        s.endpoint.partition(".")[0]
        for s in stops(app, of_course(clinic, clinic.course))
        if s.method == "GET" and s.policy != "public" and go(client, s).status_code == 200
    }

    assert "assessments" in reached
    assert reached <= own
