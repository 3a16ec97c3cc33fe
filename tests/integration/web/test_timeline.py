"""The timeline in the browser: events by year, month or day, two windows, and the scores beside."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from ipt_tracker.clinical.course.timeline import Exactness, When
from ipt_tracker.persistence.models import AuditEntry, LifeEvent
from tests.factories.inventory import LOSS, add_to, event_in
from tests.factories.pages import read, says, submit
from tests.factories.stores import on_every_engine
from tests.integration.web.test_caseload import MOST_STATEMENTS, statements

NEW = {"kind": "loss", "what": "Father died", "start_year": "2025", "start_month": "9"}
ONSET = replace(LOSS, kind="onset", what="Sleeps badly", when=When(date(2025, 11, 3)))


@pytest.fixture
def url(clinic):
    return f"/courses/{clinic.course.id}/timeline"


@pytest.fixture
def therapist(client_of, clinic):
    return client_of(clinic.therapist)


def events(clinic):
    with clinic.reading() as work:
        return work.session.scalars(select(LifeEvent).order_by(LifeEvent.recorded_at)).all()


def added(therapist, url, **typed):
    return submit(therapist, f"{url}/new", "/timeline/new", **NEW | typed)


def rows(page):
    return [[says(cell) for cell in row] for row in page.all("tr")]


@on_every_engine
def test_an_event_by_month_stands_in_picture_and_table(therapist, url):
    assert added(therapist, url, effect="no sleep").status_code == 303

    page = read(therapist.get(url))

    assert ["1", "Sep 2025", "Father diedLossEffect: no sleep", "Change number 1"] in rows(page)
    drawing = therapist.get(page.one("img").attrib["src"]).text
    assert "Sep 2025: Father died (loss)" in drawing
    assert "PCL-5" in drawing
    assert ["18 Feb", "6", "33"] in rows(page)


def test_the_counts_agree_with_the_list_and_the_course_window_is_one_link_away(
    therapist, url, clinic
):
    event_in(clinic, clinic.course.id)

    page = read(therapist.get(url))
    drawing = therapist.get(page.one("img").attrib["src"]).text

    numbers = [row[0] for row in rows(page) if row[0].isdigit()]
    assert numbers == ["1", "2"]
    assert "1 event, 1 medication change" in drawing
    assert "the course window shows each" in drawing
    assert "Show each score in the course window" in page.main
    course = read(therapist.get(f"{url}?window=course"))
    assert "Show each score in the course window" not in course.main


def test_an_empty_timeline_says_what_it_is_for_and_offers_the_onset(therapist, url):
    page = read(therapist.get(url))

    assert "Line up when symptoms began with losses, conflicts" in page.main
    link = next(href for href in page.links() if "kind=onset" in href)
    assert read(therapist.get(link)).form("/timeline/new").values["kind"] == ["onset"]


def test_what_lies_near_the_onset_is_marked_and_perhaps_is_told_apart(therapist, url, clinic):
    year = When(date(2025, 1, 1), Exactness.YEAR)
    for event in (ONSET, LOSS, replace(LOSS, what="Quarrel", kind="conflict", when=year)):
        event_in(clinic, clinic.course.id, event)

    said = {row[2]: row for row in rows(read(therapist.get(url)))[1:] if len(row) > 2}

    assert any(what.endswith("within 3 months of onset") and "Father" in what for what in said)
    assert any(what.endswith("perhaps within 3 months of onset") for what in said)


def test_without_an_onset_the_page_asks_for_it(therapist, url, clinic):
    event_in(clinic, clinic.course.id)

    assert "No onset of symptoms is written down yet" in read(therapist.get(url)).main


def test_the_window_stands_in_the_address(therapist, url, clinic):
    event_in(clinic, clinic.course.id, replace(LOSS, when=When(date(2009, 6, 1), Exactness.MONTH)))

    whole, course = (read(therapist.get(f"{url}?window={name}")) for name in ("life", "course"))

    assert whole.one("img").attrib["src"].endswith("window=life")
    assert course.one("img").attrib["src"].endswith("window=course")
    assert "1 Jun 2009" in whole.one("img").attrib["alt"]
    assert "2009" not in course.one("img").attrib["alt"]
    assert "Phases and focus" in course.main
    assert read(therapist.get(f"{url}?window=nonsense")).one("img").attrib["src"].endswith("life")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"start_year": ""}, "Year: Enter at least the year."),
        ({"start_year": "2027", "start_month": ""}, "Year: That is in the future."),
        ({"start_month": "", "start_day": "3"}, "Month: Choose the month too"),
        ({"start_month": "2", "start_day": "30"}, "Day: That month has the days 1 to 28."),
        ({"end_year": "2024", "end_month": "1"}, "Year it ended: It ends before it begins."),
        ({"end_year": "2025"}, "Year it ended: Give the end as the beginning is given: a month."),
        ({"what": ""}, "In a few words: Say in a few words what happened."),
        ({"person_id": "nobody we know"}, "Person: Choose somebody of this course."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(therapist, url, clinic, typed, said):
    page = read(added(therapist, url, **typed))

    assert page.status == 422
    assert page.errors()[0].startswith(said)
    assert events(clinic) == []


@on_every_engine
def test_what_lies_before_birth_is_asked_about_and_kept_after_a_yes(therapist, url, clinic):
    typed = {"start_year": "1980", "start_month": ""}

    page = read(added(therapist, url, **typed))
    assert page.errors() == ["1980 is before the patient was born (4 May 1990)."]
    filled = page.form("/timeline/new")
    answer = therapist.post(filled.action, data=filled.but(before_birth="y"))

    assert answer.status_code == 303
    assert [e.happened_on.year for e in events(clinic)] == [1980]


def test_an_event_is_shown_for_change_no_more_exactly_than_it_is_known(therapist, url, clinic):
    person_id = add_to(clinic, clinic.course.id)
    event_id = event_in(clinic, clinic.course.id, replace(LOSS, person_id=person_id))

    page = read(therapist.get(f"{url}/{event_id}"))
    values = page.form(f"/{event_id}").values
    assert (values["start_year"], values["start_month"], values["start_day"]) == (
        ["2025"],
        ["9"],
        [""],
    )
    assert values["person_id"] == [str(person_id)]
    submit(therapist, f"{url}/{event_id}", f"/{event_id}", start_day="12", person_id="")

    page = read(therapist.get(f"{url}/{event_id}"))
    changes = [row[:3] for row in rows(page)[1:]]
    assert sorted(changes) == [
        ["Began", "1 Sep 2025", "12 Sep 2025"],
        ["Exactness", "To the month", "To the day"],
        ["Person", "Ada", "nothing"],
    ]


@on_every_engine
def test_what_is_taken_off_can_be_put_back_from_the_page(therapist, url, clinic):
    event_id = event_in(clinic, clinic.course.id)

    submit(therapist, f"{url}/{event_id}", f"/{event_id}/off")
    assert "Taken off" in read(therapist.get(url)).main
    submit(therapist, url, f"/{event_id}/back")

    page = read(therapist.get(url))
    assert "Taken off" not in page.main
    assert "Father died" in page.main


def test_a_change_in_between_is_said_and_nothing_is_overwritten(therapist, url, clinic):
    event_id = event_in(clinic, clinic.course.id)
    stale = read(therapist.get(f"{url}/{event_id}")).form(f"/{event_id}")
    submit(therapist, f"{url}/{event_id}", f"/{event_id}", what="Her father died")

    page = read(therapist.post(stale.action, data=stale.but(effect="typed meanwhile")))

    assert page.status == 409
    assert "typed meanwhile" in page.html
    assert [(e.what, e.effect) for e in events(clinic)] == [("Her father died", None)]


def test_a_download_can_leave_the_words_out_and_is_written_down_first(therapist, url, clinic):
    event_in(clinic, clinic.course.id)

    short = therapist.get(f"{url}/download/timeline.svg?words=kinds&window=life")
    full = therapist.get(f"{url}/download/timeline.svg?window=life")

    assert "Father" not in short.text
    assert "Sep 2025: Loss" in short.text
    assert "Father died" in full.text
    with clinic.reading() as work:
        wanted = select(AuditEntry).where(AuditEntry.event == "chart.downloaded")
        kept = work.session.scalars(wanted.order_by(AuditEntry.id)).all()
    assert [(r.details["words"], r.details["window"]) for r in kept] == [
        ("kinds", "life"),
        ("as written", "life"),
    ]


def test_a_supervisor_sees_the_timeline_and_nothing_to_change_it_with(client_of, url, clinic):
    event_in(clinic, clinic.course.id)

    page = read(client_of(clinic.supervisor).get(url))

    assert "Father died" in page.main
    assert "Add an event" not in page.text
    assert "Change" not in [says(a) for a in page.all("th")]


def test_the_page_costs_the_same_for_one_event_and_for_many(therapist, url, clinic, app):
    event_in(clinic, clinic.course.id)
    with statements(app) as one:
        therapist.get(url)
    for number in range(20):
        event_in(clinic, clinic.course.id, replace(LOSS, what=f"Quarrel {number}"))
    with statements(app) as many:
        therapist.get(url)

    assert len(one) == len(many) <= MOST_STATEMENTS + 4
