"""Goals on their pages: added, reworded, reviewed, taken off and put back."""

import pytest

from ipt_tracker.persistence.queries.worksheets import goals_of
from tests.factories.pages import read, submit
from tests.factories.sheets import goal_of
from tests.factories.stores import on_every_engine

WHAT = "Tell her sister how the week was"


@pytest.fixture
def therapist(client_of, clinic):
    return client_of(clinic.therapist)


@pytest.fixture
def goals(clinic):
    """Give the address of the course's goals."""
    return f"/courses/{clinic.course.id}/goals"


@pytest.fixture
def goal(clinic, goals):
    """Give the address of one goal that is there."""
    return f"{goals}/{goal_of(clinic, clinic.course)}"


@pytest.fixture
def rows(clinic):
    def rows():
        with clinic.reading() as work:
            return goals_of(work.session, clinic.course.id)

    return rows


def index(therapist, clinic):
    return read(therapist.get(f"/courses/{clinic.course.id}/sheets"))


@on_every_engine
def test_a_goal_starts_today_and_with_the_open_focal_area(clinic, therapist, goals, rows):
    answer = submit(therapist, f"{goals}/new", what=WHAT)

    assert answer.status_code == 303, read(answer).errors()
    assert answer.location.endswith("/sheets#goals")
    (row,) = rows()
    assert (row.what, row.set_on, row.area) == (WHAT, clinic.today, "role_transition")
    page = index(therapist, clinic).main
    assert WHAT in page
    assert "Role transition, set 11 Mar 2026 by R. Calder" in page


def test_a_goal_may_belong_to_no_area_in_particular(therapist, goals, rows):
    submit(therapist, f"{goals}/new", what=WHAT, spell_id="")

    assert rows()[0].area is None


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"what": ""}, "Goal: Say what is to be reached."),
        ({"what": WHAT, "set_on": ""}, "Agreed on: Enter the day."),
        (
            {"what": WHAT, "set_on": "2026-03-12"},
            "Agreed on: The day must lie within the course, today at the latest.",
        ),
        ({"what": "x" * 501}, "Goal: There is room for 500 characters here."),
    ],
)
def test_what_cannot_be_is_named_and_what_was_typed_stays(therapist, goals, rows, typed, message):
    page = read(submit(therapist, f"{goals}/new", **typed))

    assert (page.status, page.errors()) == (422, [message])
    assert page.form("/new").values["what"] == [typed["what"]]
    assert rows() == ()


@on_every_engine
def test_a_reworded_goal_shows_what_it_said_before(clinic, therapist, goal):
    form = read(therapist.get(goal)).form(goal)
    assert form.values["what"] == [WHAT]

    answer = submit(therapist, goal, goal, what="Ask her to listen", spell_id="")

    assert answer.status_code == 303, read(answer).errors()
    page = index(therapist, clinic).main
    assert f"Wording: {WHAT}, then Ask her to listen. R. Calder, 11 Mar 2026" in page
    assert "Focal area: Role transition, then nothing." in page


@on_every_engine
def test_a_review_says_what_became_of_it(clinic, therapist, goal, rows):
    form = read(therapist.get(f"{goal}/review")).form()
    assert form.values["reviewed_on"] == ["2026-03-11"]

    answer = submit(
        therapist, f"{goal}/review", status="partly_reached", review="half of the weeks"
    )

    assert answer.status_code == 303, read(answer).errors()
    assert "Partly reached, 11 Mar 2026: half of the weeks" in index(therapist, clinic).main
    assert rows()[0].status == "partly_reached"


def test_a_review_without_an_answer_or_a_day_is_refused(therapist, goal):
    page = read(submit(therapist, f"{goal}/review", status="reached", reviewed_on=""))

    assert page.errors() == ["Reviewed on: Enter the day of the review."]


def test_two_versions_of_a_goal_meet(therapist, goal, rows):
    mine = read(therapist.get(goal)).form(goal).but(what="mine")
    submit(therapist, goal, goal, what="theirs")

    met = read(therapist.post(goal, data=mine))
    assert met.status == 409
    assert met.h1 == "Two versions of the goal"
    chosen = {"merge:what": "both"}
    answer = therapist.post(goal, data=met.form(goal).but(**chosen))

    assert answer.status_code == 303, read(answer).errors()
    assert rows()[0].what == "theirs; mine"


def test_undecided_it_is_asked_again(therapist, goal, rows):
    mine = read(therapist.get(goal)).form(goal).but(what="mine")
    submit(therapist, goal, goal, what="theirs")
    met = read(therapist.post(goal, data=mine))

    page = read(therapist.post(goal, data=met.form(goal).but(**{"merge:what": None})))

    assert page.status == 409
    assert rows()[0].what == "theirs"


def test_a_goal_taken_off_stands_below_and_can_be_put_back(clinic, therapist, goal, rows):
    submit(therapist, goal, "/off")
    page = index(therapist, clinic)
    assert "1 taken off" in page.main
    assert "No goal is written down yet." in page.main

    answer = therapist.post(f"{goal}/back", data=page.form("/back").values)

    assert answer.status_code == 303
    assert not rows()[0].is_off
    assert "1 taken off" not in index(therapist, clinic).main


def test_what_cannot_be_pressed_says_why(clinic, therapist, goal):
    token = read(therapist.get(goal)).token

    therapist.post(f"{goal}/back", data={"csrf_token": token})

    assert "This is on the page already." in index(therapist, clinic).text


def test_a_supervisor_reads_goals_and_changes_none(clinic, client_of, goal):
    client = client_of(clinic.supervisor)

    page = index(client, clinic)

    assert WHAT in page.main
    assert [link for link in page.links() if "/goals" in link] == []
    assert client.get(goal).status_code == 404
