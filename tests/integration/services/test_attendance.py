"""The two rates of attendance, each with its own counts."""

import pytest

from ipt_tracker.services.attendance import attendance_of


@pytest.mark.parametrize(
    ("codes", "of_all", "own"),
    [
        ((), "no appointment yet", "no appointment yet"),
        (("attended",), "1 of 1, 100 %", "1 of 1, 100 %"),
        (("attended", "no_show"), "1 of 2, 50 %", "1 of 2, 50 %"),
        (
            ("attended", "attended_late", "cancelled_by_therapist"),
            "2 of 3, 67 %",
            "2 of 2, 100 %",
        ),
        (("attended", "group_cancelled"), "1 of 1, 100 %", "1 of 1, 100 %"),
        (("attended", "rescheduled", "entered_in_error"), "1 of 1, 100 %", "1 of 1, 100 %"),
        (("cancelled_by_service",), "0 of 1, 0 %", "no appointment yet"),
    ],
)
def test_each_rate_leaves_out_what_its_name_says(codes, of_all, own):
    rates = attendance_of(codes)

    said = [rate.words.replace("\N{NO-BREAK SPACE}", " ") for rate in (rates.of_all, rates.own)]
    assert said == [of_all, own]


def test_both_rates_have_a_name_and_say_what_they_do_not_count():
    rates = attendance_of(["attended"])

    assert rates.of_all.name == "Of all appointments but whole-group cancellations"
    assert rates.own.name == "Own absences only"
    assert rates.of_all.left_out != rates.own.left_out
