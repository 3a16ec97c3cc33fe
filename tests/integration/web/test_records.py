"""Retention and legal hold, as an administrator meets them."""

import pytest
from sqlalchemy import select

from ipt_tracker.persistence.models import LegalHold
from tests.factories.pages import read, says, submit

REASON = "A complaint is being looked into."


@pytest.fixture
def admin(client_of, clinic):
    return client_of(clinic.admin)


def holds(clinic):
    with clinic.reading() as work:
        return work.session.scalars(select(LegalHold)).all()


def test_without_a_period_the_page_says_so_and_offers_none(admin):
    page = read(admin.get("/records"))

    assert page.title.startswith("Records")
    assert "No period is chosen" in says(page.one("main"))
    assert "No records are held." in says(page.one("main"))


def test_a_period_is_kept_and_shown_again(admin):
    assert submit(admin, "/records", "/period", years="10").status_code == 303

    page = read(admin.get("/records"))

    assert page.one("input[@name='years']").get("value") == "10"
    assert "Every patient has a course under way" in says(page.one("main"))


@pytest.mark.parametrize("years", ["", "ten", "0", "1.5"])
def test_a_period_that_is_none_is_refused_beside_its_field(admin, years):
    answer = submit(admin, "/records", "/period", years=years)

    assert answer.status_code == 422
    assert read(answer).errors != []


def test_a_hold_is_set_by_code_lifted_for_a_reason_and_stays_listed(admin, clinic):
    answer = submit(admin, "/records", "/holds", code=clinic.course.code, reason=REASON)
    assert answer.status_code == 303
    (held,) = holds(clinic)
    page = read(admin.get("/records"))
    assert says(page.one("main")).count(clinic.course.code) == 2  # in its row and in its link
    assert clinic.course.name not in page.text

    lifting = f"/records/holds/{held.id}/lift"
    assert submit(admin, lifting).status_code == 422
    assert submit(admin, lifting, why="It was settled.").status_code == 303

    assert "It was settled." in says(read(admin.get("/records")).one("main"))
    assert admin.get(lifting).status_code == 404


def test_an_unknown_code_is_refused_and_what_was_typed_stays(admin, clinic):
    answer = submit(admin, "/records", "/holds", code="NOBODY", reason=REASON)

    assert answer.status_code == 422
    assert REASON in answer.text
    assert "No patient has this code." in answer.text
    assert holds(clinic) == []
