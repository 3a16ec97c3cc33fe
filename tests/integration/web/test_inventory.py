"""People of a course in the browser: one line adds, one press moves, the circle shows."""

import pytest
from sqlalchemy import select

from ipt_tracker.persistence.models import AuditEntry, InventoryPerson
from tests.factories.inventory import add_to, entry
from tests.factories.pages import read, says, submit
from tests.factories.stores import on_every_engine
from tests.integration.web.test_caseload import MOST_STATEMENTS, statements


@pytest.fixture
def url(clinic):
    return f"/courses/{clinic.course.id}/people"


@pytest.fixture
def therapist(client_of, clinic):
    return client_of(clinic.therapist)


def people(clinic):
    with clinic.reading() as work:
        return work.session.scalars(select(InventoryPerson).order_by(InventoryPerson.name)).all()


def table(page):
    return [[says(cell) for cell in row] for row in page.all("tr")][1:]


@on_every_engine
def test_a_person_is_added_in_one_line_and_stands_in_picture_and_table(therapist, url):
    answer = submit(therapist, url, "/people/new", name="Ada", relation="sister", ring="1")
    assert answer.status_code == 303
    page = read(therapist.get(url))

    assert table(page)[0][0] == "AdasisterDetails of Ada"
    assert page.one("img").attrib["alt"] == "1 person: 1 closest. Closest: Ada."
    drawing = therapist.get(page.one("img").attrib["src"])
    assert drawing.mimetype == "image/svg+xml"
    assert "Ada" in drawing.text


def test_an_empty_inventory_says_what_it_is_for(therapist, url):
    page = read(therapist.get(url))

    assert "stand here in circles, so that it shows who gives support" in page.main
    assert page.all("img") == []


def test_without_a_name_nothing_is_kept_and_the_rest_stays_typed(therapist, url, clinic):
    answer = submit(therapist, url, "/people/new", name=" ", relation="sister")

    page = read(answer)
    assert page.status == 422
    assert page.errors() == ["Name or initials: Enter a first name or initials."]
    assert page.form("/people/new").values["relation"] == ["sister"]
    assert people(clinic) == []


@on_every_engine
def test_one_press_moves_a_person_closer_and_back(therapist, url, clinic):
    person_id = add_to(clinic, clinic.course.id)

    submit(therapist, url, f"/{person_id}/move", ring="1")
    assert [p.ring for p in people(clinic)] == [1]
    submit(therapist, url, f"/{person_id}/move", ring="2")

    assert [p.ring for p in people(clinic)] == [2]


@pytest.mark.parametrize("ring", ["0", "5", "x", None])
def test_no_press_moves_anybody_out_of_the_circles(therapist, url, clinic, ring):
    person_id = add_to(clinic, clinic.course.id)

    submit(therapist, url, f"/{person_id}/move", ring=ring)

    assert [p.ring for p in people(clinic)] == [2]


def test_details_are_changed_and_the_old_ones_stand_below(therapist, url, clinic):
    person_id = add_to(clinic, clinic.course.id)

    answer = submit(
        therapist, f"{url}/{person_id}", f"/{person_id}", given="calls daily", to_change="visits"
    )
    assert answer.status_code == 303

    page = read(therapist.get(f"{url}/{person_id}"))
    changes = [row[:3] for row in table(page)]
    assert ["Given", "calls on Sundays", "calls daily"] in changes
    assert ["To change", "nothing", "visits"] in changes
    assert "To change: visits" in read(therapist.get(url)).main


def test_somebody_elses_change_in_between_is_said_and_nothing_is_overwritten(
    therapist, url, clinic
):
    person_id = add_to(clinic, clinic.course.id)
    stale = read(therapist.get(f"{url}/{person_id}")).form(f"/{person_id}")
    submit(therapist, url, f"/{person_id}/move", ring="1")

    answer = therapist.post(stale.action, data=stale.but(remark="typed meanwhile"))

    page = read(answer)
    assert page.status == 409
    assert "typed meanwhile" in page.html
    assert [(p.ring, p.remark) for p in people(clinic)] == [(1, None)]


@on_every_engine
def test_who_is_taken_off_can_be_put_back_from_the_page(therapist, url, clinic):
    person_id = add_to(clinic, clinic.course.id)

    submit(therapist, f"{url}/{person_id}", f"/{person_id}/off")
    page = read(therapist.get(url))
    assert "Taken off" in page.main
    assert page.all("img") == []
    submit(therapist, url, f"/{person_id}/back")

    assert "Taken off" not in read(therapist.get(url)).main


def test_a_download_can_hold_initials_only_and_is_written_down_first(therapist, url, clinic):
    add_to(clinic, clinic.course.id, entry("Ada Lovelace"))

    short = therapist.get(f"{url}/download/circle.svg?names=initials")
    full = therapist.get(f"{url}/download/circle.svg")

    assert "A. L." in short.text
    assert "Lovelace" not in short.text
    assert "Lovelace" in full.text
    assert short.headers["Content-Disposition"] == 'attachment; filename="closeness-circle.svg"'
    with clinic.reading() as work:
        wanted = select(AuditEntry).where(AuditEntry.event == "chart.downloaded")
        kept = work.session.scalars(wanted.order_by(AuditEntry.id)).all()
    assert [row.details["names"] for row in kept] == ["initials", "as written"]


def test_a_supervisor_sees_the_people_and_nothing_to_change_them_with(client_of, url, clinic):
    add_to(clinic, clinic.course.id)

    page = read(client_of(clinic.supervisor).get(url))

    assert "Ada" in page.main
    assert "Add a person" not in page.main
    assert "Details" not in page.main


def test_the_page_costs_the_same_for_one_person_and_for_many(therapist, url, clinic, app):
    add_to(clinic, clinic.course.id)
    with statements(app) as one:
        therapist.get(url)
    for number in range(20):
        add_to(clinic, clinic.course.id, entry(f"Friend {number}", ring=number % 4 + 1))
    with statements(app) as many:
        therapist.get(url)

    assert len(one) == len(many) <= MOST_STATEMENTS
