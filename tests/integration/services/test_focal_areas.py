"""A focal area switched for another: one act, one record in the contract, nothing half done."""

from datetime import date

import pytest
from sqlalchemy import select

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission
from ipt_tracker.persistence.models import ContractChange
from ipt_tracker.services.clinic_settings import change_settings, focal_areas, version
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.focal_areas import (
    FocusEntry,
    SwitchEntry,
    open_focus,
    switch_focus,
    worked_on,
)
from tests.factories.tables import contents

DAY = date(2026, 3, 11)


def opened(work, clinic):
    return open_course(work, clinic.course.id, Permission.EDIT_COURSE)


def switched(clinic, area="grief", reason="the marriage ended", day=DAY):
    with clinic.writing(clinic.therapist) as work:
        course = opened(work, clinic)
        focus = FocusEntry(area, day, "her brother", reason)
        entry = SwitchEntry(
            focus, reformulated=True, patient_agreed=True, supervisor_informed=False
        )
        switch_focus(work, course, course.focal_areas[0], entry)


def test_a_switch_closes_one_area_opens_the_other_and_stands_in_the_contract(clinic):
    switched(clinic)

    with clinic.reading(clinic.therapist) as work:
        left, taken = opened(work, clinic).focal_areas
        (change,) = work.session.scalars(select(ContractChange))
    assert (left.ended_on, left.end_reason, left.open_place) == (DAY, "the marriage ended", None)
    assert (taken.area, taken.started_on, taken.reason) == ("grief", DAY, "the marriage ended")
    assert (change.kind, change.old, change.new) == ("focus_switch", "role_transition", "grief")
    assert (change.at_session, change.recorded_by) == (6, clinic.therapist.id)
    agreed = (change.reformulated, change.patient_agreed, change.supervisor_informed)
    assert agreed == (True, True, False)


@pytest.mark.parametrize(
    ("differs", "field"),
    [
        ({"area": "role_transition"}, "focal_area"),
        ({"area": "no such area"}, "focal_area"),
        ({"reason": None}, "reason"),
        ({"day": date(2026, 3, 12)}, "ended_on"),
        ({"day": date(2026, 1, 7)}, "ended_on"),
    ],
)
def test_a_switch_that_cannot_be_leaves_everything_as_it_was(clinic, differs, field):
    before = contents(clinic.database)

    with pytest.raises(RuleBroken) as broken:
        switched(clinic, **differs)

    assert broken.value.field == field
    assert contents(clinic.database) == before


def test_an_area_of_the_clinics_own_can_be_taken_up_and_one_not_offered_cannot(clinic):
    with clinic.writing(clinic.admin) as work:
        wanted = {"offered": ["grief"], "called": {}, "own": ["Loneliness"]}
        assert change_settings(work, {"focal_areas": wanted}, version(work)) == ("focal_areas",)

    with clinic.writing(clinic.therapist) as work:
        assert focal_areas(work).codes == {"grief", "loneliness"}
        open_focus(work, opened(work, clinic), FocusEntry("loneliness", DAY, None, None))
    with pytest.raises(RuleBroken, match="Choose a focal area"):
        switched(clinic, area="dispute")


def test_the_work_on_an_area_is_read_from_its_sessions_and_no_other(clinic):
    with clinic.reading(clinic.therapist) as work:
        course = opened(work, clinic)
        done = worked_on(work, course, course.focal_areas[0])

    assert [w.number for w in done] == [3, 4, 5, 6]
