"""When a missed visit calls for contact on the same day: after what was found lately."""

from datetime import date, timedelta

import pytest

from ipt_tracker.clinical.missed_visits import Finding, because, contact_words, found_lately

MISSED = date(2026, 3, 11)


def found(days_ago, *, positive=True, source="asked", is_open=False):
    day = MISSED - timedelta(days=days_ago)
    return Finding(day, source, positive, f"{source} {days_ago} days ago.", is_open)


def counting(*findings):
    return [each.words for each in found_lately(findings, MISSED)]


def test_nothing_found_is_no_reason():
    assert counting() == []
    assert counting(found(3, positive=False)) == []


@pytest.mark.parametrize(("days", "counts"), [(0, True), (30, True), (31, False)])
def test_what_was_found_counts_for_thirty_days(days, counts):
    newer = found(0, positive=False)

    assert bool(counting(found(days), newer)) is counts


def test_the_newest_check_counts_however_old_it_is():
    assert counting(found(200)) == ["asked 200 days ago."]


def test_an_old_finding_is_over_once_a_newer_check_of_the_same_source_found_nothing():
    assert counting(found(60), found(40, positive=False)) == []
    assert counting(found(60), found(40, positive=False, source="phq9")) == ["asked 60 days ago."]


def test_an_answer_nobody_asked_about_counts_until_somebody_does():
    newer = found(1, positive=False)

    assert counting(found(90, is_open=True), newer) == ["asked 90 days ago."]


def test_what_came_after_the_missed_visit_is_no_reason_for_it():
    assert counting(found(-1)) == []


def test_the_newest_comes_first_and_nothing_is_said_twice():
    reasons = found_lately([found(20), found(5), found(5)], MISSED)

    assert because(reasons) == "asked 5 days ago. asked 20 days ago."


def test_the_words_follow_what_the_visit_says_by_now():
    assert contact_words("no_show", "Why.").startswith("No-show. Why. Try to reach")
    assert "now says “Entered in error”" in contact_words("entered_in_error", "Why.")
    assert "stays open" in contact_words("attended", "Why.")
