"""The demo's four told courses end just before today: what is settled never lies ahead."""

from datetime import date, timedelta

import pytest

from ipt_tracker.cli.demo import days_to_now
from ipt_tracker.exchange.course_bundle import last_day, read_demo, shift


@pytest.mark.parametrize("today", [date(2026, 3, 11), date(2026, 3, 14), date(2027, 1, 1)])
def test_nothing_that_is_settled_has_a_day_to_come(today):
    bundle = read_demo()
    cases = [shift(case, days_to_now(bundle, today)) for case in bundle.cases]

    settled = [
        a.done_on or a.due_on for case in cases for a in case.assessments if a.done_on or a.reason
    ]
    newest = max([*settled, *map(last_day, cases)])
    assert today - timedelta(weeks=1) < newest <= today


def test_what_is_only_planned_may_lie_ahead():
    bundle = read_demo()
    given_up = [a for case in bundle.cases for a in case.assessments if a.done_on is None]

    assert {a.reason for a in given_up} >= {"not reached", "declined"}
    assert days_to_now(bundle, date(2026, 3, 11)) % 7 == 0
