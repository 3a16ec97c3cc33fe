"""When the end is near without reliable improvement, and only then, a way on is asked for."""

import pytest

from ipt_tracker.clinical.course.nonresponse import asks_for_a_way_on
from ipt_tracker.clinical.course.phases import Phase
from ipt_tracker.clinical.outcome.change import ChangeClass

ASKS = {
    (phase, change)
    for phase in (Phase.TERMINATION, Phase.EXTENSION)
    for change in (ChangeClass.UNCHANGED, ChangeClass.WORSE)
}


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("change", [*ChangeClass, None])
def test_it_is_asked_near_the_end_of_a_course_that_did_not_reliably_improve(phase, change):
    assert asks_for_a_way_on(phase, change) is ((phase, change) in ASKS)


def test_what_cannot_be_told_is_not_taken_for_no_change():
    assert not asks_for_a_way_on(Phase.TERMINATION, None)
    assert not asks_for_a_way_on(Phase.TERMINATION, ChangeClass.UNKNOWN)
