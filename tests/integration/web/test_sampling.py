"""The pages of sampling: a plan with its editions, a draw, and the draw repeated."""

import re

import pytest
from sqlalchemy import event, select

from ipt_tracker.clinical.fidelity.sampling import Plan
from ipt_tracker.governance.access import Permission
from ipt_tracker.persistence.models import RatingRequest, SampleDraw, SamplingPlan
from ipt_tracker.services.fidelity.doors import open_therapist
from ipt_tracker.services.fidelity.plans import set_plan
from tests.factories.courses import add_course, add_session
from tests.factories.pages import read, says, submit
from tests.factories.rated import rate, slots_of
from tests.factories.tables import contents


@pytest.fixture
def supervisor(client_of, clinic):
    return client_of(clinic.supervisor)


@pytest.fixture
def urls(clinic):
    base = f"/supervision/therapists/{clinic.therapist.id}"
    return {"plan": f"{base}/plan", "draw": f"{base}/draw", "draws": f"{base}/draws"}


def planned(clinic, plan=None):
    with clinic.writing(clinic.supervisor) as work:
        therapist = open_therapist(work, clinic.therapist.id, Permission.SUPERVISE)
        set_plan(work, therapist, plan or Plan(50), None, 0)


def rows(page):
    return [[says(cell) for cell in row] for row in page.all("tr")]


def draws(clinic):
    with clinic.reading() as work:
        return list(work.session.scalars(select(SampleDraw)))


def test_a_plan_is_set_and_stands_with_its_edition(supervisor, urls):
    page = read(supervisor.get(urls["plan"]))
    assert page.h1 == "Sampling plan"
    assert page.form(urls["plan"]).values["share"] == ["20"]
    assert "There is no plan yet." in page.main

    answer = submit(
        supervisor,
        urls["plan"],
        urls["plan"],
        share="25",
        share_beginning="40",
        per_course="2",
        new_extra="20",
        new_first="10",
        off_track_extra="5",
    )

    assert answer.status_code == 303
    page = read(supervisor.get(urls["plan"]))
    (edition,) = [row for row in rows(page) if row[0].startswith("1 ")]
    assert edition[1] == (
        "25 % of sessions (beginning 40 %); 20 % more of the first 10 sessions, while new; "
        "5 % more of courses off track; at least 2 sessions of each course"
    )
    assert edition[2].endswith("I. Marlowe")
    assert page.form(urls["plan"]).values["share_beginning"] == ["40"]


def test_a_second_edition_needs_a_reason_and_the_first_stays(supervisor, urls, clinic):
    planned(clinic)

    refused = read(submit(supervisor, urls["plan"], urls["plan"], share="30"))
    assert refused.status == 422
    assert refused.errors() == ["Why the plan changes: Say why the plan changes."]
    assert (
        submit(
            supervisor, urls["plan"], urls["plan"], share="30", reason="Two quiet quarters."
        ).status_code
        == 303
    )

    found = rows(read(supervisor.get(urls["plan"])))
    assert [row[3] for row in found if row[0] in {"2 holds", "1"}] == ["Two quiet quarters.", ""]


def test_a_plan_filled_in_on_an_old_page_is_not_kept(supervisor, urls, clinic):
    filled = read(supervisor.get(urls["plan"])).form(urls["plan"])
    planned(clinic)

    page = read(supervisor.post(urls["plan"], data=filled.but(share="35")))

    assert page.status == 409
    assert page.form(urls["plan"]).values["share"] == ["35"]
    with clinic.reading() as work:
        assert len(list(work.session.scalars(select(SamplingPlan)))) == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"share": "101"}, "A share is a whole number of percent, from 0 to 100."),
        ({"share": ""}, "Say a share."),
        ({"share": "many"}, "“many” is not a whole number."),
        ({"share_middle": "-1"}, "A share is a whole number of percent, from 0 to 100."),
        ({"new_extra": "10"}, "Say until when, or for how many sessions."),
        ({"new_until": "soon", "new_extra": "5"}, "“soon” is not a date."),
    ],
)
def test_a_plan_that_cannot_be_is_refused_beside_its_field(supervisor, urls, typed, sentence):
    page = read(submit(supervisor, urls["plan"], urls["plan"], **typed))

    assert page.status == 422
    assert sentence in page.errors()[0]


def test_what_was_seen_stands_against_the_plan_with_drawn_and_chosen_apart(
    supervisor, urls, clinic
):
    planned(clinic, Plan(0, {"beginning": 100}))
    first, *_ = slots_of(clinic, clinic.course)
    rate(clinic, first, clinic.supervisor, 3, selection="chosen")

    found = rows(read(supervisor.get(urls["plan"])))

    (begun,) = [row for row in found if row[0] == "Beginning"]
    assert begun[1:] == ["3", "0", "1", "0", "3", "3 to go"]
    assert ["Full recording", "0", "1", "0"] in found


def drawn(client, urls, **typed):
    """Look at what these days and this seed would draw, then draw it."""
    page = read(submit(client, urls["draw"], urls["draw"], look="1", **typed))
    return client.post(urls["draw"], data=page.form(urls["draw"]).values)


def to_draw(page):
    """Give how many the page says would be drawn."""
    (found,) = re.findall(r"(\d+) to draw", page.main)
    return int(found)


def test_what_was_not_looked_at_is_not_drawn_but_shown_first(supervisor, urls, clinic):
    planned(clinic)
    before = contents(clinic.database)
    typed = {"first": "2026-01-07", "last": "2026-01-07", "seed": "5"}

    page = read(submit(supervisor, urls["draw"], urls["draw"], **typed))

    assert page.status == 422
    assert page.errors()[0].startswith("You have not looked at what these days and this seed draw")
    assert contents(clinic.database) == before
    assert to_draw(page) == 1
    supervisor.post(urls["draw"], data=page.form(urls["draw"]).values)
    (made,) = draws(clinic)
    assert (len(made.drawn), made.seed) == (1, 5)


def test_a_session_rated_since_the_page_was_opened_changes_no_draw_unseen(supervisor, urls, clinic):
    planned(clinic, Plan(100))
    filled = read(supervisor.get(urls["draw"])).form(urls["draw"])
    rate(clinic, slots_of(clinic, clinic.course)[-1], clinic.supervisor, 3, selection="chosen")

    page = read(supervisor.post(urls["draw"], data=filled.values))

    assert page.status == 422
    assert draws(clinic) == []


def test_without_a_plan_the_draw_page_leads_to_one(supervisor, urls):
    page = read(supervisor.get(urls["draw"]))

    assert "There is no plan to draw by" in page.main
    assert urls["plan"] in page.links()


def test_the_draw_page_says_how_many_from_what_before_anything_is_drawn(supervisor, urls, clinic):
    planned(clinic)
    before = contents(clinic.database)

    page = read(supervisor.get(urls["draw"]))

    assert page.form(urls["draw"]).values["last"] == ["2026-03-11"]
    seed = page.form(urls["draw"]).values["seed"][0]
    assert seed.isdecimal()
    found = {row[0]: row[1:] for row in rows(page)}
    assert found["Beginning"] == ["3", "50 % of 3 is 1.5", "2", "0", "2", "0"]
    assert contents(clinic.database) == before


def test_other_days_can_be_looked_at_and_the_seed_stays(supervisor, urls, clinic):
    planned(clinic)
    filled = read(supervisor.get(urls["draw"])).form(urls["draw"])

    page = read(
        supervisor.post(
            urls["draw"], data=filled.but(first="2026-01-07", last="2026-01-07", look="1")
        )
    )

    assert page.form(urls["draw"]).values["seed"] == filled.values["seed"]
    assert {row[0]: row[1] for row in rows(page)}["Beginning"] == "1"
    assert draws(clinic) == []


def test_a_draw_lists_its_sessions_leads_to_the_ratings_and_comes_out_the_same(
    supervisor, urls, clinic
):
    planned(clinic)

    answer = drawn(supervisor, urls, seed="2207")

    (made,) = draws(clinic)
    assert answer.status_code == 303
    assert answer.location.endswith(f"{urls['draws']}/{made.id}")
    page = read(supervisor.get(answer.location))
    assert page.h1 == "Draw of 11 Mar 2026"
    assert "the same sessions from the stored list, plan and seed" in page.main
    leads = [link for link in page.links() if link.endswith("/rate")]
    assert len(leads) == len(made.drawn) == 4
    assert all(supervisor.get(link).status_code == 200 for link in leads)
    assert urls["draws"] + f"/{made.id}" in read(supervisor.get(urls["draw"])).links()


def test_a_rated_and_a_late_session_of_a_draw_are_named_as_such(
    supervisor, client_of, urls, clinic, clock
):
    planned(clinic)
    drawn(supervisor, urls, seed="2207", due_on="2026-03-11")
    (made,) = draws(clinic)
    with clinic.reading() as work:
        asked = work.session.scalars(select(RatingRequest)).first()
    rate(clinic, asked.session_id, clinic.supervisor, 3)
    clock.now = clock.now.replace(day=13)

    page = read(client_of(clinic.supervisor).get(f"{urls['draws']}/{made.id}"))

    said = [row[3] for row in rows(page) if row[0].startswith("T-101")]
    assert sorted(said) == ["2 days over", "2 days over", "2 days over", "Rated"]


def test_a_draw_that_was_tampered_with_says_so(supervisor, urls, clinic):
    planned(clinic)
    submit(supervisor, urls["draw"], urls["draw"])
    with clinic.writing() as work:
        made = work.session.scalars(select(SampleDraw)).one()
        made.drawn = made.drawn[1:]
        made_id = made.id

    page = read(supervisor.get(f"{urls['draws']}/{made_id}"))

    assert "other sessions" in page.main


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"last": "2026-03-12"}, "only sessions that took place"),
        ({"seed": ""}, "Say a seed."),
        ({"seed": "abc"}, "is not a whole number."),
        ({"due_on": "2026-03-01"}, "This day is past."),
        ({"first": "2025-01-01", "last": "2025-01-02"}, "No session took place between"),
    ],
)
def test_a_draw_that_cannot_be_is_refused_and_keeps_nothing(
    supervisor, urls, clinic, typed, sentence
):
    planned(clinic)
    before = contents(clinic.database)

    page = read(submit(supervisor, urls["draw"], urls["draw"], **typed))

    assert page.status == 422
    assert sentence in page.errors()[0]
    assert contents(clinic.database) == before


def test_the_pages_of_sampling_are_for_the_supervisor_of_this_therapist_alone(
    client_of, clinic, urls
):
    planned(clinic)
    for person in (clinic.therapist, clinic.therapist2, clinic.admin):
        client = client_of(person)
        assert client.get(urls["plan"]).status_code == 404
        assert client.get(urls["draw"]).status_code == 404
    other = f"/supervision/therapists/{clinic.therapist2.id}/plan"
    assert client_of(clinic.supervisor).get(other).status_code == 404


@pytest.mark.parametrize("page", ["plan", "draw"])
def test_more_sessions_ask_for_no_more_statements(supervisor, urls, clinic, page):
    planned(clinic)
    supervisor.get(urls[page])
    few = statements(clinic, supervisor, urls[page])
    with clinic.writing(clinic.therapist) as work:
        for n in range(3):
            course = add_course(work, clinic.today, code=f"T-3{n}", name=f"Name {n}")
            add_session(work, course, held_on=clinic.today, number=1)

    assert statements(clinic, supervisor, urls[page]) == few


def statements(clinic, client, url):
    seen = []
    engine = client.application.extensions["ipt_tracker"].database.engine

    def count(*_):
        seen.append(1)

    event.listen(engine, "before_cursor_execute", count)
    assert client.get(url).status_code == 200
    event.remove(engine, "before_cursor_execute", count)
    return len(seen)
