"""The course line of the demo's longest names: every place in sight, and none pushed out."""

import pytest
from sqlalchemy import select

from ipt_tracker.persistence.models import Course
from ipt_tracker.services.unit_of_work import reading
from tests.browser.site import NOW

OUT_OF_SIGHT = """line => [...line.querySelectorAll(".slot")]
  .filter(slot => slot.getBoundingClientRect().right > line.getBoundingClientRect().right + 1)
  .length"""


@pytest.mark.parametrize("width", [1280, 768])
def test_every_place_of_a_course_with_maintenance_is_in_sight(page_of, site, width):
    page = page_of("therapist2")
    with reading(site.database, None, NOW) as work:
        course = work.session.scalars(select(Course.id).where(Course.case_id == "SYN-06")).one()

    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"/courses/{course}")

    line = page.locator(".course").first
    assert line.locator(".slot").count() == 13
    assert line.evaluate(OUT_OF_SIGHT) == 0
