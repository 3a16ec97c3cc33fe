"""Supervision meetings on their pages: recording, reading one's own part, answering."""

from datetime import timedelta

import pytest

from ipt_tracker.governance.access import Role
from ipt_tracker.services.supervision.entries import ActionEntry
from ipt_tracker.services.unit_of_work import writing
from tests.factories.meetings import (
    ACTION,
    FEEDBACK,
    add_supervision_meeting,
    person,
    supervise_both,
)
from tests.factories.pages import read, submit
from tests.factories.people import add_person
from tests.factories.stores import on_every_engine
from tests.factories.tables import contents
from tests.integration.web.test_caseload import statements

URL = "/supervision/meetings"
MOST_STATEMENTS = 15


@pytest.fixture
def supervisor(client_of, clinic):
    return client_of(clinic.supervisor)


@pytest.fixture
def therapist(client_of, clinic):
    return client_of(clinic.therapist)


def part(clinic, who=None):
    return f"p_{(who or clinic.therapist).id.hex}"


def filled(clinic, **more):
    name = part(clinic)
    usual = {
        "minutes": "50",
        f"{name}-feedback": FEEDBACK,
        f"{name}-cases-0-course": str(clinic.course.id),
        f"{name}-cases-0-minutes": "20",
        f"{name}-cases-0-remark": "how the ending is put",
        f"{name}-actions-0-what": ACTION,
        f"{name}-actions-0-due_on": str(clinic.today + timedelta(days=7)),
    }
    return usual | more


def recorded(supervisor, clinic, **more):
    """Record a meeting with the one supervisee through the page; give its address."""
    answer = submit(supervisor, f"{URL}/new", "", **filled(clinic, **more))
    assert answer.status_code == 303, answer.text
    return answer.location


def of_both(clinic):
    supervise_both(clinic)
    second = {"feedback": "words for the second", "actions": (ActionEntry("only the second"),)}
    actor = clinic.supervisor.actor(clinic.therapist, clinic.therapist2)
    with writing(clinic.database, actor, clinic.now, clinic.today) as work:
        made = add_supervision_meeting(
            work,
            clinic,
            person(clinic.therapist, clinic.course.id, feedback="words for the first"),
            person(clinic.therapist2, clinic.course2.id, **second),
        )
    return f"{URL}/{made}"


# -- recording


@on_every_engine
def test_a_supervisor_records_a_meeting_and_reads_it(supervisor, clinic):
    page = read(supervisor.get(recorded(supervisor, clinic)))

    assert page.h1 == "Supervision of 11 Mar 2026"
    assert "Individual, 50 minutes. Held by I. Marlowe with R. Calder." in page.main
    assert f"Feedback {FEEDBACK}" in page.main
    assert "T-101 20 minhow the ending is put" in page.main
    assert f"{ACTION} By 18 Mar" in page.main
    assert "Not read yet" in page.main


def test_with_one_supervisee_nobody_is_asked_who_was_there(supervisor):
    page = read(supervisor.get(f"{URL}/new"))
    first = read(supervisor.get(f"{URL}/new?choose=1"))

    assert "With R. Calder." in page.main
    assert "First the day and who was there." in first.main


def test_with_several_it_is_asked_first_and_each_has_a_part(supervisor, clinic):
    supervise_both(clinic)

    first = read(supervisor.get(f"{URL}/new"))
    ids = f"with={clinic.therapist.id}&with={clinic.therapist2.id}"
    second = read(supervisor.get(f"{URL}/new?day=2026-03-10&{ids}"))

    assert "A. Okafor" in first.main
    assert "T-101" not in first.main
    assert second.form().values["held_on"] == ["2026-03-10"]
    assert second.form().values["form"] == ["group"]
    assert f"{part(clinic)}-feedback" in second.form().texts
    assert f"{part(clinic, clinic.therapist2)}-feedback" in second.form().texts


def test_who_was_there_must_be_said(supervisor, clinic):
    supervise_both(clinic)

    page = read(supervisor.get(f"{URL}/new?day=2026-03-10"))

    assert page.status == 422
    assert page.errors() == ["Who was there: Say who was there."]


def test_a_case_is_offered_to_its_own_therapist_alone(supervisor, clinic):
    supervise_both(clinic)
    ids = f"with={clinic.therapist.id}&with={clinic.therapist2.id}"
    page = read(supervisor.get(f"{URL}/new?{ids}"))

    offered = {
        who.name: [
            option.attrib["value"]
            for option in page.one(f"select[@name='{part(clinic, who)}-cases-0-course']")
        ]
        for who in (clinic.therapist, clinic.therapist2)
    }
    assert offered == {
        "R. Calder": ["", str(clinic.course.id)],
        "A. Okafor": ["", str(clinic.course2.id)],
    }


def test_more_rows_are_given_and_nothing_is_kept(supervisor, clinic):
    before = contents(clinic.database)
    form = read(supervisor.get(f"{URL}/new")).form()
    answer = supervisor.post(f"{URL}/new", data=form.but(more="rows", **filled(clinic)))
    page = read(answer)

    assert page.form().values[f"{part(clinic)}-cases-0-minutes"] == ["20"]
    assert f"{part(clinic)}-cases-2-course" in page.form().values
    assert f"{part(clinic)}-actions-2-what" in page.form().values
    assert contents(clinic.database) == before


def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(supervisor, clinic):
    name = part(clinic)
    wrong = filled(
        clinic, **{"minutes": "0", f"{name}-cases-0-course": "", "held_on": "2026-03-20"}
    )
    wrong[f"{name}-actions-0-what"] = ""
    page = read(submit(supervisor, f"{URL}/new", "", **wrong))

    assert page.status == 422
    assert page.errors() == [
        "Minutes: Give the length of the meeting, 1 to 600 minutes.",
        "Case 1: Choose the case.",
        "Action 1: Say what is to be done by that day.",
    ]
    assert page.form().values[f"{name}-cases-0-remark"] == ["how the ending is put"]
    held = read(submit(supervisor, f"{URL}/new", "", **filled(clinic, held_on="2026-03-20")))
    assert held.errors() == ["Date: A meeting is recorded once it has taken place."]


def test_a_second_meeting_of_the_day_passes_once_it_is_confirmed(supervisor, clinic):
    recorded(supervisor, clinic)
    asked = read(submit(supervisor, f"{URL}/new", "", **filled(clinic)))

    assert asked.errors() == ["A meeting of that day is recorded already. Another one?"]
    assert recorded(supervisor, clinic, another_that_day="y")


def test_without_supervisees_it_says_whom_to_ask(client_of, clinic):
    with clinic.writing() as work:
        chief = add_person(work, "chief@clinic.example", "C. Chief", Role.SUPERVISOR)

    page = read(client_of(chief).get(f"{URL}/new"))

    assert "You supervised nobody on 11 Mar 2026" in page.main


# -- who reads what


@on_every_engine
def test_in_a_group_meeting_no_trace_of_another_supervisee_is_on_the_page(
    client_of, clinic, supervisor
):
    url = of_both(clinic)

    own = read(client_of(clinic.therapist).get(url))
    listed = read(client_of(clinic.therapist).get(URL))
    every = read(supervisor.get(url))

    for html in (own.html, listed.html):
        for theirs in ("words for the second", "only the second", "T-202", str(clinic.course2.id)):
            assert theirs not in html
    assert "words for the first" in own.main
    for theirs in ("words for the first", "words for the second", "T-101", "T-202"):
        assert theirs in every.main


def test_the_action_of_another_is_not_found(client_of, clinic):
    url = of_both(clinic)
    theirs = read(client_of(clinic.therapist2).get(url))
    action = next(f.action for f in theirs.forms() if f.action.endswith("/done"))
    client = client_of(clinic.therapist)
    token = read(client.get(url)).token

    for address in (action, action.replace("/done", "/seen")):
        assert client.post(address, data={"csrf_token": token}).status_code == 404


def test_the_list_shows_a_therapist_their_own_meetings_hours_and_actions(
    supervisor, therapist, client_of, clinic
):
    recorded(supervisor, clinic)

    mine = read(therapist.get(URL))
    others = read(client_of(clinic.therapist2).get(URL))

    assert "11 Mar 2026" in mine.main
    assert "R. Calder 1 50 min 0 20 min" in mine.main
    assert ACTION in mine.main
    assert "Record a meeting" not in mine.main
    assert "No meeting of yours is recorded in this time." in others.main


def test_a_therapist_reads_with_whom_it_was_and_hours_of_their_own(client_of, clinic):
    of_both(clinic)

    mine = read(client_of(clinic.therapist).get(URL))
    held = read(client_of(clinic.supervisor).get(URL))

    assert "4 Mar 2026 I. Marlowe, A. Okafor Group" in mine.main
    assert "4 Mar 2026 A. Okafor, R. Calder Group" in held.main
    assert "Your hours" in mine.main
    assert "Supervisee" not in mine.main
    assert "in meetings that you recorded" in held.main


def test_the_supervisor_sees_which_actions_are_over_their_date(supervisor, clinic):
    with clinic.writing(clinic.supervisor) as work:
        due = ActionEntry("ring the prescriber", clinic.today - timedelta(days=3))
        add_supervision_meeting(work, clinic, person(clinic.therapist, actions=(due,)))

    page = read(supervisor.get(URL))

    assert "ring the prescriberR. Calder, meeting of 4 Mar3 days over" in page.main


def test_the_list_looks_at_the_time_in_its_address(supervisor, clinic):
    recorded(supervisor, clinic)

    early = read(supervisor.get(f"{URL}?from=2025-01-01&until=2026-01-01"))
    turned = read(supervisor.get(f"{URL}?from=2026-12-31&until=2026-01-01"))
    odd = read(supervisor.get(f"{URL}?from=soon&page=7"))

    assert "You recorded no meeting in this time." in early.main
    assert "1 Jan 2026 to 31 Dec 2026" in turned.main
    assert "11 Mar 2025 to 11 Mar 2026" in odd.main


# -- answering, changing, striking


@on_every_engine
def test_a_supervisee_says_that_they_read_it_and_did_it(supervisor, therapist, clinic):
    url = recorded(supervisor, clinic)
    done = next(f.action for f in read(therapist.get(url)).forms() if f.action.endswith("/done"))
    seen = done.replace("/done", "/seen")
    name = next(f for f in read(therapist.get(url)).forms() if f.action == done).texts[0]

    answers = [
        submit(therapist, url, f"{url}/read"),
        submit(therapist, url, seen),
        submit(therapist, url, done, **{name: "sent on Monday"}),
    ]

    assert [a.status_code for a in answers] == [303, 303, 303]
    page = read(supervisor.get(url))
    assert "Read 11 Mar" in page.main
    assert "Done 11 Mar: sent on Monday" in page.main
    assert [f.action for f in read(therapist.get(url)).forms() if url in f.action] == []


def test_a_remark_that_is_too_long_is_said_and_kept(supervisor, therapist, clinic):
    url = recorded(supervisor, clinic)
    done = next(f for f in read(therapist.get(url)).forms() if f.action.endswith("/done"))
    long = "x" * 10_001

    page = read(submit(therapist, url, done.action, **{done.texts[0]: long}))

    assert page.status == 422
    assert page.errors() == ["Remark: There is room for 10000 characters here."]
    assert long in page.html


def test_a_supervisor_cannot_answer_for_a_supervisee(supervisor, clinic):
    url = recorded(supervisor, clinic)
    token = read(supervisor.get(url)).token

    answer = supervisor.post(f"{url}/read", data={"csrf_token": token}, follow_redirects=True)

    assert "Only the supervisee can say that." in answer.text


@on_every_engine
def test_a_change_leaves_the_record_that_stood_one_link_away(supervisor, clinic, clock):
    url = recorded(supervisor, clinic)
    clock.now += timedelta(minutes=5)
    changes = {f"{part(clinic)}-feedback": "other words", "reason": "a slip"}

    answer = submit(supervisor, f"{url}/change", "", **changes)

    now = read(supervisor.get(answer.location))
    was = read(supervisor.get(url))
    assert "other words" in now.main
    assert "Changed: a slip. Read the record as it was before" in now.main
    assert url in now.links()
    assert f"Feedback {FEEDBACK}" in was.main
    assert "Struck on 11 Mar 2026. Changed: a slip." in was.main
    assert answer.location in was.links()
    listed = read(supervisor.get(URL)).main
    assert "R. Calder 1 50 min 0 20 min" in listed


def test_a_change_without_reason_or_difference_is_refused(supervisor, clinic):
    url = recorded(supervisor, clinic)

    bare = read(submit(supervisor, f"{url}/change", ""))
    same = read(submit(supervisor, f"{url}/change", "", reason="a slip"))

    assert bare.errors() == ["Why the record is changed: Say why the record is changed."]
    assert same.errors() == ["Nothing was changed."]


def test_two_windows_do_not_change_one_record_twice(supervisor, clinic, clock):
    url = recorded(supervisor, clinic)
    form = read(supervisor.get(f"{url}/strike")).form()
    clock.now += timedelta(minutes=5)
    submit(supervisor, f"{url}/change", "", minutes="40", reason="it was shorter")

    answer = supervisor.post(f"{url}/strike", data=form.but(reason="the wrong day"))

    assert answer.status_code == 303
    assert "can no longer be changed" in supervisor.get(url).text
    for step in ("change", "strike"):
        assert supervisor.get(f"{url}/{step}").status_code == 303


@on_every_engine
def test_a_struck_meeting_says_why_and_counts_no_more(supervisor, therapist, clinic):
    url = recorded(supervisor, clinic)

    bare = read(submit(supervisor, f"{url}/strike", ""))
    submit(supervisor, f"{url}/strike", "", reason="the wrong day")

    assert bare.errors() == ["Why it is struck: Say why the record is struck."]
    page, listed = read(therapist.get(url)), read(therapist.get(URL))
    assert "Struck on 11 Mar 2026. the wrong day. It counts in no hours." in page.main
    assert [f.action for f in page.forms() if url in f.action] == []
    assert "Struck" in listed.main
    assert "Hours" not in listed.main


# -- cost


def test_the_list_costs_the_same_for_one_meeting_and_for_many(app, supervisor, clinic):
    def record(days):
        with clinic.writing(clinic.supervisor) as work:
            held_on = clinic.today - timedelta(days=days)
            add_supervision_meeting(work, clinic, held_on=held_on)

    record(1)
    with statements(app) as for_one:
        supervisor.get(URL)
    for days in range(2, 40):
        record(days)

    with statements(app) as for_many:
        page = read(supervisor.get(URL))

    assert "1 to 25 of 39 meetings" in page.main
    assert len(for_many) == len(for_one) <= MOST_STATEMENTS


@pytest.mark.parametrize("day", ["0001-01-01", "abc", "2030-01-01", "9999-12-31"])
def test_a_day_on_which_no_meeting_was_is_asked_for_again(clinic, client_of, day):
    client = client_of(clinic.supervisor)
    query = {"day": day, "with": str(clinic.therapist.id)}

    answer = client.get("/supervision/meetings/new", query_string=query)

    assert answer.status_code == 422
    assert "Give the day of the meeting, today or before." in read(answer).main
