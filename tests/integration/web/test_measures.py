"""The measures of a course: the list, entering one by items or by total, correcting a total."""

from datetime import date, timedelta

import pytest

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.governance.access import Permission
from ipt_tracker.services.doors import open_course
from tests.factories.courses import add_course, add_measure, measure
from tests.factories.pages import read, says, submit
from tests.factories.recorded import count, newest
from tests.factories.stores import on_every_engine
from tests.integration.web.test_caseload import MOST_STATEMENTS, statements

DSM5_ITEMS = [item.key for item in INSTRUMENTS["pcl5_week"].items]


@pytest.fixture
def url(clinic):
    return f"/courses/{clinic.course.id}/measures"


@pytest.fixture
def therapist(client_of, clinic):
    return client_of(clinic.therapist)


def items(*answers):
    named = zip(DSM5_ITEMS, answers, strict=False)
    return {f"answers-{key}": value for key, value in named if value is not None}


def enter(client, url, key, **changes):
    return submit(client, f"{url}/{key}/new", **changes)


def lines(page, name):
    (table,) = page.all(f"div[@aria-label='{name}, table']")
    return [says(row) for row in table.findall(".//tbody/tr")]


# -- the list


@on_every_engine
def test_each_instrument_has_its_table_with_change_and_class(therapist, url):
    page = read(therapist.get(url))

    weekly = lines(page, "PCL-5, past week")
    assert weekly[0].startswith("7 Jan 1 58 – Start")
    assert weekly[-1].startswith("18 Feb 6 33 −25 Reliably improved")
    assert lines(page, "CAPS-5, past month")[0].startswith("7 Jan – 41 – Start Baseline")
    assert "Marx 2022" in page.main


def test_an_interview_takes_the_place_of_the_planned_one(therapist, url, clinic):
    with clinic.writing(clinic.therapist) as work:
        course = open_course(work, clinic.course.id, Permission.RECORD_MEASURE)
        due = measure("caps5_month", clinic.today, not_done="declined", point="follow_up_3m")
        planned = add_measure(work, course, due)
        planned.status, planned.due_on = "planned", date(2026, 4, 20)
    before = count(clinic)

    answer = enter(therapist, url, "caps5_month", point="follow_up", **{"answers-total": "20"})

    assert answer.status_code == 303
    assert count(clinic) == before
    assert newest(clinic).total == 20
    assert newest(clinic).due_on == date(2026, 4, 20)


def test_what_is_planned_stands_apart_and_is_no_gap(therapist, url, clinic):
    with clinic.writing(clinic.therapist) as work:
        course = open_course(work, clinic.course.id, Permission.RECORD_MEASURE)
        planned = add_measure(
            work, course, measure("caps5_month", clinic.today, not_done="declined", point="end")
        )
        planned.status, planned.due_on = "planned", date(2026, 4, 20)

    page = read(therapist.get(url))

    assert "Planned CAPS-5, past month · End · due 20 Apr" in page.main
    assert len(lines(page, "CAPS-5, past month")) == 1


def test_an_empty_list_says_what_to_do(therapist, clinic):
    with clinic.writing(clinic.therapist) as work:
        empty = add_course(work, clinic.today, code="T-9").id

    page = read(therapist.get(f"/courses/{empty}/measures"))

    assert "No measure yet" in page.main
    assert f"/courses/{empty}/measures/new" in page.links()


def test_every_instrument_can_be_chosen(therapist, url):
    page = read(therapist.get(f"{url}/new"))

    for key in INSTRUMENTS:
        assert f"{url}/{key}/new" in page.links()


@pytest.mark.parametrize("key", INSTRUMENTS)
def test_every_instrument_can_be_entered_by_its_total(therapist, url, clinic, key):
    total = INSTRUMENTS[key].highest
    answer = enter(therapist, url, key, **{"answers-total": str(total)})

    kept = newest(clinic)
    assert answer.status_code == 303
    assert (kept.instrument, kept.total, kept.session_id) == (key, total, None)


def test_an_unknown_instrument_is_not_found(therapist, url):
    assert therapist.get(f"{url}/bdi/new").status_code == 404


# -- entering


@pytest.mark.parametrize("key", ["pcl5_week", "caps5_month"])
def test_twenty_items_are_added_up_by_the_server(therapist, url, clinic, key):
    answer = enter(therapist, url, key, **items(*"12340123401234012340"))

    page = read(therapist.get(answer.location))
    kept = newest(clinic)
    assert (kept.instrument, kept.total, kept.answered) == (key, 40, 20)
    assert f"Saved. {INSTRUMENTS[key].version}: 40." in page.main


def test_an_incomplete_form_has_no_total_and_says_what_is_possible(therapist, url, clinic):
    answers = [*"33333", *"2" * 12, "na", "na"]
    answer = enter(therapist, url, "pcl5_week", **items(*answers), **{"answers-sleep": "na"})

    page = read(therapist.get(answer.location))
    assert newest(clinic).total is None
    assert "no total: 17 of 20 answered, 39 to 51 possible" in page.main
    assert "3 items blank" in lines(page, "PCL-5, past week")[-1]
    assert "Cannot tell" in lines(page, "PCL-5, past week")[-1]


def test_items_that_were_passed_over_are_asked_about(therapist, url, clinic):
    refused = enter(therapist, url, "pcl5_week", **items(*["2"] * 19))

    assert refused.status_code == 422
    assert "1 item has neither an answer nor “–”" in read(refused).errors()[0]
    assert count(clinic) == 7

    said = enter(therapist, url, "pcl5_week", **items(*["2"] * 19), **{"answers-rest_blank": "y"})
    assert said.status_code == 303
    assert newest(clinic).answered == 19


def test_the_time_asked_about_decides_which_form_it_is(therapist, url, clinic):
    choice = {"answers-lookback": "pcl5_month", "answers-total": "40"}
    enter(therapist, url, "pcl5_week", **choice)

    assert newest(clinic).instrument == "pcl5_month"


def test_an_interview_has_its_point_assessor_and_blinding(therapist, url, clinic):
    enter(
        therapist,
        url,
        "caps5_month",
        point="mid",
        assessor="IE-02",
        blind="no",
        **{"answers-total": "30"},
    )

    kept = newest(clinic)
    page = read(therapist.get(url))
    assert (kept.point, kept.assessor, kept.blind) == ("mid", "IE-02", False)
    assert "Half way assessor not blind" in lines(page, "CAPS-5, past month")[-1]


def test_a_form_of_the_patient_has_no_assessor(therapist, url):
    values = read(therapist.get(f"{url}/pcl5_week/new")).form().values

    assert not {"assessor", "blind"} & values.keys()


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("not_returned", "Not returned"),
        ("declined", "Declined"),
        ("not_administered", "Not given"),
    ],
)
def test_why_there_is_no_form_is_said_and_is_no_zero(therapist, url, clinic, why, words):
    enter(therapist, url, "pcl5_week", **{"answers-not_done": why})

    page = read(therapist.get(url))
    assert (newest(clinic).status, newest(clinic).total) == (why, None)
    assert f"{words} – Cannot tell" in lines(page, "PCL-5, past week")[-1]


@pytest.mark.parametrize(
    ("key", "changes", "said"),
    [
        ("pcl5_week", {}, "Enter the items, the total, or why there is no form."),
        ("pcl5_week", {"answers-total": "81"}, "81 is too high, the form goes from 0 to 80."),
        ("pcl5_week", {"answers-total": "4o"}, "“4o” is not a whole number."),
        ("pcl4", {"answers-total": "16"}, "16 is too low, the form goes from 17 to 85."),
        ("phq9", {"answers-total": "28"}, "28 is too high, the form goes from 0 to 27."),
        ("caps5_month", {"answers-nightmares": "5"}, "5 is not on the form"),
        ("pcl5_week", {"answers-total": "9", "taken_on": "2026-03-12"}, "is in the future."),
        ("pcl5_week", {"answers-total": "9", "taken_on": "2016-03-10"}, "more than a year"),
        ("pcl5_week", {"answers-total": "9", "taken_on": "10.3."}, "“10.3.” is not a date."),
        ("pcl5_week", {"answers-total": "9", "answers-not_done": "declined"}, "Keep one."),
    ],
)
def test_what_the_form_does_not_have_is_refused_and_kept_on_the_page(
    therapist, clinic, key, changes, said
):
    url = f"/courses/{clinic.course.id}/measures"
    refused = enter(therapist, url, key, **changes)

    page = read(refused)
    assert refused.status_code == 422
    assert said in page.errors()[0]
    for name, value in changes.items():
        if name != "answers-nightmares":  # a key that the form does not have cannot be shown
            assert page.form().values[name] == [value]
    assert count(clinic) == 7


def test_items_and_total_that_disagree_are_refused_with_both_kept(therapist, url, clinic):
    answers = items(*["2"] * 20)
    refused = enter(therapist, url, "pcl5_week", **answers, **{"answers-total": "44"})

    page = read(refused)
    assert "The items add up to 40, the total says 44." in page.errors()[0]
    assert page.form().values["answers-sleep"] == ["2"]
    assert count(clinic) == 7


def test_a_page_of_a_total_says_that_it_holds_no_answer_about_suicide(therapist, url):
    assert "Ask directly" in read(therapist.get(f"{url}/phq9/new")).main
    assert "Ask directly" not in read(therapist.get(f"{url}/pcl4/new")).main


# -- who may, and what it costs


def test_a_stranger_finds_no_measure(client_of, clinic, url):
    stranger = client_of(clinic.therapist2)
    own = f"/{clinic.course.measures[0]}/correction"

    for path in ("", "/new", "/pcl5_week/new", own):
        assert stranger.get(url + path).status_code == 404


def test_a_supervisor_reads_and_does_not_write(client_of, clinic, url):
    supervisor = client_of(clinic.supervisor)

    page = read(supervisor.get(url))
    assert not [link for link in page.links() if link.endswith(("/new", "/correction"))]
    assert supervisor.get(f"{url}/new").status_code == 404
    data = {"csrf_token": page.token, "taken_on": "2026-03-11", "answers-total": "10"}
    assert supervisor.post(f"{url}/pcl5_week/new", data=data).status_code == 404
    assert count(clinic) == 7


def test_the_list_costs_the_same_whatever_the_number_of_measures(app, therapist, url, clinic):
    with statements(app) as few:
        therapist.get(url)
    with clinic.writing(clinic.therapist) as work:
        course = open_course(work, clinic.course.id, Permission.RECORD_MEASURE)
        for total in range(10, 40):
            day = clinic.today - timedelta(days=total)
            add_measure(work, course, measure("phq9", day, total % 28))

    with statements(app) as many:
        therapist.get(url)

    assert len(many) == len(few) <= MOST_STATEMENTS
