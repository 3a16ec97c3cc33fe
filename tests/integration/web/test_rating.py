"""The pages of rating: the form is blind, asks for every item, and loses nothing."""

import json

import pytest
from sqlalchemy import select

from ipt_tracker.persistence.models import (
    Course,
    Draft,
    FidelityRating,
    RatingRequest,
    RatingWaiver,
    SessionRecord,
)
from ipt_tracker.services.fidelity.feedback import FeedbackEntry, send_feedback
from ipt_tracker.services.fidelity.ratings import waive
from ipt_tracker.services.handovers import transfer
from tests.factories.groups import add_group, add_meeting
from tests.factories.pages import read, submit
from tests.factories.rated import rate, slots_of
from tests.factories.ratings import CODES, IN_FORM, asked, marked, rated, submitted
from tests.factories.tables import contents
from tests.integration.services.test_changes import opened
from tests.integration.web.test_caseload import statements

CANARY = "CanaryOfAnothersRating"
SECOND = "carries out the tasks that belong to this phase"
UNEXPECTED = "not expected in this phase"


@pytest.fixture
def one(clinic):
    return slots_of(clinic, clinic.course)[2]


@pytest.fixture
def url(one):
    return f"/fidelity/session/{one}"


@pytest.fixture
def supervisor(client_of, clinic):
    return client_of(clinic.supervisor)


@pytest.fixture
def therapist(client_of, clinic):
    return client_of(clinic.therapist)


def filled(client, url, **typed):
    return read(client.get(f"{url}/rate")).form("/rate").but(**{**IN_FORM, **typed})


def send(client, url, **typed):
    return client.post(f"{url}/rate", data=filled(client, url, **typed))


def rows(clinic, table=FidelityRating):
    with clinic.reading() as work:
        return list(work.session.scalars(select(table)))


def draft_of(client, url, form):
    """Send what the script sends while somebody rates."""
    pairs = [
        [n, v] for n, each in form.items() for v in (each if isinstance(each, list) else [each])
    ]
    kept = {name: form[name] for name in ("csrf_token", "draft_key")}
    data = kept | {"address": f"{url}/rate", "fields": json.dumps(pairs)}
    return client.post("/drafts", data=data)


# -- the form


def test_every_item_stands_under_its_domain_with_nothing_answered(supervisor, url):
    page = read(supervisor.get(f"{url}/rate"))

    assert page.h1 == "Rate T-101, session 3"
    groups = [g.attrib["aria-label"] for g in page.all("*[@role='radiogroup']")]
    assert groups.count("Delivered") == len(CODES)
    assert groups.count("Quality") == len(CODES) + 2
    assert [i for i in page.all("input[@type='radio']") if "checked" in i.attrib] == []
    clusters = [e.text for e in page.all("p[@class='cluster']")]
    assert clusters == ["Structure", "Focus", "Technique", "Safety", "Alliance", "Overall"]


def test_an_item_of_another_phase_says_so_and_is_not_answered_for_the_rater(supervisor, clinic):
    early, late = slots_of(clinic, clinic.course)[0], slots_of(clinic, clinic.course)[5]

    pages = [read(supervisor.get(f"/fidelity/session/{each}/rate")) for each in (early, late)]

    assert pages[0].main.count(UNEXPECTED) == 3
    assert pages[1].main.count(UNEXPECTED) == 0
    assert "d_F08" not in pages[0].form("/rate").values


USUAL = {
    "therapist": ("recall", "Ratings of this session by your supervisor"),
    "supervisor": ("", "R. Calder’s own rating of this session"),
    "therapist2": ("", "All other ratings of this session stay sealed"),
}


@pytest.mark.parametrize("who", USUAL)
def test_ones_own_session_is_recalled_and_others_say_how_they_know_it(
    client_of, clinic, one, url, who
):
    asked(clinic, clinic.therapist2, one)

    page = read(client_of(getattr(clinic, who)).get(f"{url}/rate"))

    basis, says = USUAL[who]
    assert page.form("/rate").values["basis"] == [basis]
    assert says in page.main


def test_a_whole_rating_is_kept_and_leads_to_the_comparison(supervisor, url, clinic):
    answer = send(
        supervisor,
        url,
        d_F03="0.5",
        q_F03="2",
        d_F05="0",
        q_F05=None,
        d_F08="na",
        q_F08=None,
        flags=["Z01", "Z03"],
        minutes_heard="48",
        remark="Stayed with the shouting.",
    )

    assert (answer.status_code, answer.location) == (303, url)
    (row,) = rows(clinic)
    assert (row.items["F03"], row.items["F05"], row.items["F08"]) == (
        {"d": 0.5, "q": 2},
        {"d": 0, "q": None},
        {"d": None, "q": None},
    )
    assert row.proscribed == {"Z01": True, "Z02": False, "Z03": True}
    assert (row.minutes_heard, row.remark) == (48, "Stayed with the shouting.")
    assert (row.global_competence, row.alliance, row.role) == (3, 4, "supervisor")


def test_a_rating_without_a_basis_is_asked_for_it_with_everything_kept(supervisor, url, clinic):
    page = read(send(supervisor, url, basis="", remark="warm"))

    assert page.status == 422
    assert page.errors() == ["Basis: Say how you know the session."]
    assert page.form("/rate").values["d_F01"] == ["1"]
    assert page.form("/rate").values["remark"] == ["warm"]
    assert rows(clinic) == []


def test_many_gaps_of_one_kind_share_a_line_that_leads_to_the_first(supervisor, url):
    gaps = {f"{part}_F{n:02}": None for part in "dq" for n in (1, 2, 3, 4, 5)}

    page = read(send(supervisor, url, **gaps))

    (line,) = page.errors()
    assert line == "Items 1, 2, 4, 5 and 7: Answer this item, or mark it n/a."
    assert "#d_F01-0" in page.links()


def test_every_gap_is_marked_at_once_and_nothing_is_lost(supervisor, url, clinic):
    gaps = {"d_F02": None, "q_F02": None, "q_F04": None, "alliance": None, "portion": "the end"}

    page = read(send(supervisor, url, **gaps, basis="part_recording", remark="warm"))

    assert page.status == 422
    assert page.errors() == [
        "Minutes heard: Say how many minutes you heard.",
        f"Item 2, {SECOND}: Answer this item, or mark it n/a.",
        "Item 5, ties symptoms to relationships throughout: Give a quality from 1 to 5.",
        "Alliance: Rate the alliance from 1 to 5.",
    ]
    values = page.form("/rate").values
    assert (values["d_F01"], values["q_F01"], values["d_F04"]) == (["1"], ["3"], ["1"])
    assert (values["portion"], values["remark"]) == (["the end"], ["warm"])
    assert rows(clinic) == []
    invalid = [e.attrib["id"] for e in page.all("*[@aria-invalid='true']")]
    assert {"d_F02", "q_F04", "alliance", "minutes_heard"} <= set(invalid)


def test_without_scripts_a_quality_left_from_before_is_taken_away_and_said(supervisor, url):
    page = read(send(supervisor, url, d_F02="0", q_F02="4"))

    assert page.status == 422
    assert "Quality 4 was taken away: it is for what was delivered" in page.main
    again = page.form("/rate")
    assert "q_F02" not in again.values
    assert supervisor.post(again.action, data=again.values).status_code == 303


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"d_F01": "7"}, "7 is not on the form"),
        ({"q_F01": "9"}, "9 is not on the form"),
        ({"global_competence": "0"}, "0 is not on the form"),
        ({"flags": "Q99"}, "Not IPT"),
        ({"basis": "hearsay"}, "Basis"),
        ({"minutes_heard": "an hour"}, "is not a whole number"),
        ({"minutes_heard": "9999"}, "Give minutes from 1 to 600"),
        ({"portion": "x" * 121}, "There is room for 120"),
    ],
)
def test_what_the_form_does_not_have_is_refused(supervisor, url, clinic, typed, says):
    page = read(send(supervisor, url, **typed))

    assert page.status == 422
    assert any(says in each for each in page.errors())
    assert rows(clinic) == []


def test_a_refused_recording_is_said_and_no_recording_is_proposed(supervisor, url, clinic):
    with clinic.writing() as work:
        work.session.get(Course, clinic.course.id).recording_consent = False

    page = read(supervisor.get(f"{url}/rate"))
    assert page.form("/rate").values["basis"] == [""]
    assert "Recording was not agreed to for this session" in page.main
    refused = read(send(supervisor, url, basis="full_recording"))
    assert refused.status == 422
    assert send(supervisor, url, basis="live").status_code == 303


# -- once


def test_a_second_window_is_told_and_its_rating_is_not_kept(supervisor, url, clinic):
    here, there = filled(supervisor, url), filled(supervisor, url, global_competence="1")
    assert supervisor.post(f"{url}/rate", data=here).status_code == 303

    answer = supervisor.post(f"{url}/rate", data=there)

    assert (answer.status_code, answer.location) == (303, url)
    assert "this second one was not kept" in supervisor.get(url).text
    assert [row.global_competence for row in rows(clinic)] == [3]
    assert supervisor.get(f"{url}/rate").location == url


def test_words_that_a_second_window_wrote_are_shown_to_copy(supervisor, url, clinic):
    there = filled(supervisor, url, remark="CanaryUnkept")
    assert send(supervisor, url).status_code == 303

    page = read(supervisor.post(f"{url}/rate", data=there))

    assert page.status == 409
    assert "Not kept: what you wrote" in page.main
    assert "CanaryUnkept" in page.main
    assert "CanaryUnkept" not in supervisor.get(url).text
    assert [row.remark for row in rows(clinic)] == [None]


def test_after_giving_up_there_is_no_form(supervisor, url, clinic, one):
    form = filled(supervisor, url)
    with clinic.writing(clinic.supervisor) as work:
        waive(work, rated(work, one), "took over")

    assert supervisor.get(f"{url}/rate").location == url
    assert supervisor.post(f"{url}/rate", data=form).location == url
    assert rows(clinic) == []
    assert supervisor.get(f"{url}/waive").location == url


# -- giving up


def test_giving_up_says_what_follows_and_asks_for_a_reason(supervisor, url, clinic):
    page = read(supervisor.get(f"{url}/waive"))
    assert "You cannot rate this session afterwards" in page.main

    assert read(submit(supervisor, f"{url}/waive", "/waive", reason=" ")).status == 422
    answer = submit(supervisor, f"{url}/waive", "/waive", reason="heard it live")

    assert (answer.status_code, answer.location) == (303, url)
    (row,) = rows(clinic, RatingWaiver)
    assert (row.account_id, row.reason) == (clinic.supervisor.id, "heard it live")


def test_a_second_rater_gives_the_request_up_and_is_let_in_no_more(client_of, clinic, one, url):
    asked(clinic, clinic.therapist2, one)
    second = client_of(clinic.therapist2)
    assert read(second.get(f"{url}/waive")).h1.startswith("Give up rating")

    answer = submit(second, f"{url}/waive", "/waive", reason="I know the patient")

    assert (answer.status_code, answer.location) == (303, "/fidelity")
    assert second.get(f"{url}/rate").status_code == 404
    assert rows(clinic, RatingWaiver) == []


def test_taking_over_lists_what_is_sealed_and_opens_it_for_one_reason(supervisor, clinic, one):
    other = slots_of(clinic, clinic.course)[0]
    rate(clinic, other, clinic.therapist, 3, role="self", basis="recall")
    rate(clinic, one, clinic.therapist2, 3, role="independent", remark=CANARY)
    url = f"/supervision/therapists/{clinic.therapist.id}/waive"

    assert "Nothing is sealed to you" in read(supervisor.get(url)).main  # before it began
    page = read(supervisor.get(f"{url}?before=2026-03-11"))
    assert "T-101, session 3" in page.main
    assert "T-101, session 1" not in page.main  # the therapist's own rating alone
    assert CANARY not in page.html
    assert "Nothing is sealed to you" in read(supervisor.get(f"{url}?before=2026-01-08")).main
    form = next(f for f in page.forms() if "seen" in f.values)
    assert read(supervisor.post(url, data=form.but(reason=""))).status == 422
    stale = read(supervisor.post(url, data=form.but(reason="took over", seen="4")))
    assert "another than the one you saw" in stale.main
    assert rows(clinic, RatingWaiver) == []

    answer = supervisor.post(url, data=form.but(reason="took over"))

    assert answer.status_code == 303
    (row,) = rows(clinic, RatingWaiver)
    assert (row.session_id, row.reason) == (one, "took over")


@pytest.mark.parametrize("who", ["therapist", "therapist2", "admin"])
def test_nobody_but_the_supervisor_takes_over(client_of, clinic, who):
    url = f"/supervision/therapists/{clinic.therapist.id}/waive"

    assert client_of(getattr(clinic, who)).get(url).status_code == 404


# -- blind


def canary_marks():
    """Give marks that no other page of a test has, with words that are found anywhere."""
    return {"items": marked(), "remark": CANARY, "portion": f"{CANARY}Part"}


@pytest.mark.parametrize("who", ["therapist", "supervisor", "therapist2"])
def test_nothing_of_anothers_rating_is_on_the_form_the_list_or_in_a_draft(
    client_of, clinic, one, url, who
):
    people = {each: getattr(clinic, each) for each in ("therapist", "supervisor", "therapist2")}
    asked(clinic, clinic.therapist2, one)
    for name, person in people.items():
        if name != who:
            submitted(clinic, person, one, **canary_marks())
    client = client_of(people[who])

    form = client.get(f"{url}/rate")
    refused = send(client, url, alliance=None)
    kept = draft_of(client, url, filled(client, url))
    pages = [form, refused, kept, client.get(f"{url}/rate"), client.get(f"{url}/waive")]
    pages += [client.get("/fidelity"), client.post(f"{url}/waive", data={})]

    for answer in pages:
        assert CANARY not in answer.text
    assert read(form).form("/rate").values.keys() & set(IN_FORM) == {"basis"}


def test_the_list_shows_no_remark_of_ones_own_rating_either(supervisor, clinic, one):
    submitted(clinic, clinic.supervisor, one, **canary_marks())

    assert CANARY not in supervisor.get("/fidelity").text


def test_a_second_rater_reads_of_the_course_no_more_than_code_number_day_and_phase(
    client_of, clinic, one, url
):
    asked(clinic, clinic.therapist2, one, reason=CANARY)
    with clinic.writing() as work:
        record = work.session.get(SessionRecord, one)
        record.focal_area, record.note = "grief", CANARY
    second = client_of(clinic.therapist2)

    texts = [second.get(each).text for each in (f"{url}/rate", f"{url}/waive", "/fidelity")]

    for told in texts:
        assert "T-101, session 3" in told
        for kept_back in (
            CANARY,
            "Imre Solberg",
            "R. Calder",
            "rief",
            f"/courses/{clinic.course.id}",
        ):
            assert kept_back not in told
    assert second.get(f"/courses/{clinic.course.id}").status_code == 404
    assert second.get(f"/courses/{clinic.course.id}/sessions/2").status_code == 404


@pytest.mark.parametrize("who", ["therapist2", "admin"])
def test_who_has_no_tie_to_the_session_finds_nothing(client_of, clinic, url, who):
    client = client_of(getattr(clinic, who))
    token = read(client.get("/courses/none")).token

    for page in ("rate", "waive"):
        assert client.get(f"{url}/{page}").status_code == 404
        sent = client.post(f"{url}/{page}", data=IN_FORM | {"csrf_token": token})
        assert sent.status_code == 404
    assert client.get("/fidelity/course/1/rate").status_code == 404


def test_a_session_that_did_not_take_place_has_no_form(supervisor, clinic):
    wanted = select(SessionRecord.id).where(SessionRecord.attendance == "no_show")
    with clinic.reading() as work:
        missed = work.session.scalars(wanted).one()

    assert supervisor.get(f"/fidelity/session/{missed}/rate").status_code == 404


def test_nothing_of_a_rating_is_on_the_pages_of_the_patient(therapist, supervisor, clinic, one):
    submitted(clinic, clinic.therapist, one, **canary_marks())
    submitted(clinic, clinic.supervisor, one, **canary_marks())
    course = f"/courses/{clinic.course.id}"
    with clinic.reading() as work:
        slot = work.session.get(SessionRecord, one).slot

    for page in ("", "/progress", "/sessions", f"/sessions/{slot}", f"/sessions/{slot}/note/print"):
        for client in (therapist, supervisor):
            assert CANARY not in client.get(course + page).text


# -- drafts


def test_a_draft_of_a_rating_is_kept_shown_again_and_let_go(supervisor, url, clinic):
    typed = filled(supervisor, url, d_F02=None, q_F02=None, remark="half way")
    assert draft_of(supervisor, url, typed).status_code == 200

    page = read(supervisor.get(f"{url}/rate"))
    values = page.form(f"{url}/rate").values
    assert (values["d_F01"], values["remark"]) == (["1"], ["half way"])
    assert "d_F02" not in values
    listed = read(supervisor.get("/fidelity"))
    assert "Begun, not submitted" in listed.main
    assert f"{url}/rate" in listed.links()

    again = page.form(f"{url}/rate").but(d_F02="na")
    assert supervisor.post(f"{url}/rate", data=again).status_code == 303
    assert rows(clinic, Draft) == []
    assert "Begun" not in read(supervisor.get("/fidelity")).main


def test_a_second_rater_keeps_a_draft_without_a_way_to_the_course(client_of, clinic, one, url):
    asked(clinic, clinic.therapist2, one)
    second = client_of(clinic.therapist2)
    typed = filled(second, url, remark="half way")

    assert draft_of(second, url, typed).status_code == 200
    (draft,) = rows(clinic, Draft)
    assert (draft.course_id, draft.group_id) == (None, None)
    assert "half way" in second.get(f"{url}/rate").text


def test_who_is_asked_no_more_keeps_no_draft_there(client_of, clinic, one, url):
    request = asked(clinic, clinic.therapist2, one)
    second = client_of(clinic.therapist2)
    typed = filled(second, url)
    assert draft_of(second, url, typed).status_code == 200
    with clinic.writing() as work:
        row = work.session.get(RatingRequest, request)
        row.withdrawn_at, row.withdrawn_reason = clinic.now, "on leave"

    assert draft_of(second, url, typed).status_code == 404
    assert "T-101" not in second.get("/fidelity").text


@pytest.mark.parametrize("who", ["therapist2", "admin"])
def test_a_stranger_keeps_no_draft_of_a_rating(client_of, supervisor, clinic, url, who):
    typed = filled(supervisor, url)
    person = getattr(clinic, who)
    client = client_of(person)
    token = read(client.get("/courses/none")).token

    own = typed | {"csrf_token": token, "draft_key": f"{person.id}.window."}

    assert draft_of(client, url, own).status_code == 404


def test_leaving_keeps_the_draft_without_scripts(supervisor, url, clinic):
    typed = filled(supervisor, url, alliance=None, leave="yes", remark="half way")

    answer = supervisor.post(f"{url}/rate", data=typed)

    assert (answer.status_code, answer.location) == (303, "/fidelity")
    assert rows(clinic) == []
    assert "half way" in supervisor.get(f"{url}/rate").text


def test_a_draft_is_finished_with_the_item_set_it_was_begun_with(supervisor, url, clinic):
    typed = filled(supervisor, url, item_set="gone@9")
    assert draft_of(supervisor, url, typed).status_code == 200

    page = read(supervisor.get(f"{url}/rate"))

    assert page.form(f"{url}/rate").values["item_set"] == ["ipt-tracker-14@1"]


# -- the list, and the ways in


def test_the_list_names_what_is_asked_with_what_is_overdue(client_of, clinic, clock):
    first, second, *_ = slots_of(clinic, clinic.course)
    for each in (first, second):
        asked(clinic, clinic.therapist2, each, due_on=clinic.today if each == first else None)
    clock.now = clinic.now.replace(day=clinic.now.day + 2)

    page = read(client_of(clinic.therapist2).get("/fidelity"))

    assert page.h1 == "Ratings"
    assert "2 sessions to rate, 1 of them overdue." in page.main
    assert "overdue, 11 Mar" in page.main
    assert f"/fidelity/session/{first}/rate" in page.links()


def test_a_longer_list_asks_the_database_no_more(client_of, app, clinic):
    first, second, *more = slots_of(clinic, clinic.course)
    client = client_of(clinic.therapist2)
    counts = []
    for those in ((first, second), more):
        for each in those:
            asked(clinic, clinic.therapist2, each)
        submitted(clinic, clinic.therapist2, those[0])
        url = f"/fidelity/session/{those[1]}"
        assert draft_of(client, url, filled(client, url)).status_code == 200
        with statements(app) as seen:
            assert client.get("/fidelity").status_code == 200
        counts.append(len(seen))

    assert counts[0] == counts[1]


def test_the_list_counts_feedback_and_leads_to_ones_own_figures(therapist, supervisor, clinic, one):
    rating = submitted(clinic, clinic.supervisor, one)
    with clinic.writing(clinic.supervisor) as work:
        send_feedback(work, rated(work, one), rating, FeedbackEntry("the pauses", None))

    page, theirs = (read(each.get("/fidelity")) for each in (therapist, supervisor))

    own = f"/supervision/therapists/{clinic.therapist.id}"
    assert "Feedback on 1 session to read." in page.main
    assert {own, f"{own}/portfolio"} <= set(page.links())
    assert "Nothing waits for you." in theirs.main
    assert "/supervision/agreement" in theirs.links()


def test_an_empty_list_says_what_fills_it(supervisor):
    assert "Nobody asked you to rate a session" in read(supervisor.get("/fidelity")).main


def test_the_list_is_in_the_navigation_of_who_rates(client_of, clinic):
    for person, shown in (
        (clinic.therapist, True),
        (clinic.supervisor, True),
        (clinic.admin, False),
    ):
        links = read(client_of(person).get("/courses/none")).links()
        assert ("/fidelity" in links) is shown


def test_opening_the_pages_changes_nothing(supervisor, url, clinic):
    before = contents(clinic.database)

    for page in (f"{url}/rate", f"{url}/waive", "/fidelity"):
        assert supervisor.get(page).status_code == 200

    assert contents(clinic.database) == before


def test_a_session_leads_to_its_rating_for_who_gave_it(therapist, client_of, clinic, url, one):
    with clinic.reading() as work:
        slot = work.session.get(SessionRecord, one).slot
    page = f"/courses/{clinic.course.id}/sessions/{slot}"
    for client in (therapist, client_of(clinic.supervisor)):
        assert f"{url}/rate" in read(client.get(page)).links()
    missed = f"/courses/{clinic.course.id}/sessions/5"
    assert not [e for e in read(therapist.get(missed)).links() if e.endswith("/rate")]

    with clinic.writing(clinic.therapist) as work:
        transfer(work, opened(work, clinic), clinic.therapist2.id, clinic.today, "a move")

    links = read(client_of(clinic.therapist2).get(page)).links()
    assert not [each for each in links if each.endswith("/rate")]
    assert therapist.get(f"{url}/rate").status_code == 200


def test_a_group_session_is_rated_as_one(therapist, supervisor, clinic):
    with clinic.writing(clinic.therapist) as work:
        group = add_group(work, 2)
        meeting = add_meeting(work, group, clinic.today).id
    url = f"/fidelity/group/{meeting}"

    page = read(supervisor.get(f"/groups/{group.id}/sessions/1"))
    assert f"{url}/rate" in page.links()
    assert read(therapist.get(f"{url}/rate")).h1 == "Rate G-1, group session 1"
    assert send(supervisor, url).status_code == 303
    (row,) = rows(clinic)
    assert (row.group_session_id, row.session_id) == (meeting, None)
    member = select(SessionRecord.id).where(SessionRecord.group_session_id == meeting)
    with clinic.reading() as work:
        own = work.session.scalars(member).first()
    assert supervisor.get(f"/fidelity/session/{own}/rate").status_code == 404
