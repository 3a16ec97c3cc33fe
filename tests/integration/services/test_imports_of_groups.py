"""Extended courses and group courses are taken in whole, each thing in its place."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from ipt_tracker.exchange import course_bundle
from ipt_tracker.persistence.models import (
    Account,
    ContractChange,
    Course,
    FocalAreaSpell,
    SessionRecord,
)
from ipt_tracker.services.imports import import_bundle
from ipt_tracker.services.unit_of_work import reading, writing
from tests.factories import bundles, report_bundles

NOW = datetime(2026, 3, 11, 10, tzinfo=UTC)


@pytest.fixture
def take_in(database):
    """Import a case, with no warning, and give what reads one row of a table back."""

    def imported(case):
        read = course_bundle.read(bundles.text(bundles.bundle(case)))
        with writing(database, None, NOW) as work:
            assert import_bundle(work, read).warnings == ()

    return imported


@pytest.fixture
def rows(database):
    """Give all rows of a table."""

    def of(model):
        with reading(database, None, NOW) as work:
            return list(work.session.scalars(select(model)))

    return of


def test_an_extended_course_is_taken_in_with_every_word_in_its_place(take_in, rows):
    take_in(report_bundles.extended())

    (course,), (change,), (spell,) = rows(Course), rows(ContractChange), rows(FocalAreaSpell)
    assert (course.planned_sessions, course.contract_agreed_on) == (11, date(2025, 2, 10))
    assert (change.kind, change.old, change.new) == ("extension", "8 sessions", "11 sessions")
    assert change.extra["agreed_by"] == '"both"'
    assert (spell.detail, spell.reason) == (
        "his death, never spoken of",
        "onset within weeks of it",
    )
    assert (spell.end_reason, spell.extra) == ("mourned", {"person": '"a brother"'})


def test_a_group_course_names_no_other_member_anywhere_in_the_members_record(take_in, rows):
    take_in(report_bundles.group())

    (course,) = rows(Course)
    shown = str(course.extra) + str([record.extra for record in rows(SessionRecord)])
    assert '"id":"G-1"' in course.extra["group"]
    assert "M-2" not in shown


def test_a_co_leader_becomes_a_therapist_and_not_a_supervisor(take_in, rows):
    take_in(report_bundles.group())

    roles = {account.display_name: account.role for account in rows(Account)}
    assert (roles["TH-06"], roles["SUP-09"]) == ("therapist", "supervisor")


def test_absences_keep_the_groups_number_and_each_kind_counts_by_itself(take_in, rows):
    take_in(report_bundles.group())

    records = sorted(rows(SessionRecord), key=lambda record: record.slot)
    assert [(r.kind, r.number) for r in records] == [
        ("pre_group_individual", 1),
        ("pre_group_individual", 2),
        ("group", 1),
        ("group", 2),
        ("group", None),
        ("group", 3),
        ("mid_group_individual", 1),
        ("group", 4),
        ("group", 5),
        ("group", None),
        ("group", 6),
        ("post_group_individual", 1),
    ]


@pytest.mark.parametrize(
    ("change", "planned"),
    [
        ({"from": 8, "to": 12}, 12),
        ({"from": "8", "to": "12"}, 12),
        ({"from": "8 sessions", "to": "12 sessions"}, 12),
        ({"from": {"planned_sessions": 8}, "to": {"planned_sessions": 12}}, 12),
        ({"to": "+4"}, 12),
        ({"to": "4 more sessions"}, 12),
        ({"sessions_added": 4}, 12),
        ({"from": 8, "to": "until the summer"}, 8),
        ({"to": "2025-06-30"}, 8),
        ({}, 8),
    ],
)
def test_an_extension_says_its_sessions_in_one_of_several_ways(take_in, rows, change, planned):
    case = report_bundles.extended()
    case["contract_changes"] = [{"n": 8, "kind": "extension", **change}]

    take_in(case)

    (course,) = rows(Course)
    assert course.planned_sessions == planned


def test_a_late_entry_is_marked_as_one(take_in, rows):
    note = {"status": "late_entry", "service_day": 0, "signed_day": 9}
    take_in(bundles.case("LATE-1", bundles.session(1, 1, note=note), bundles.session(2, 2)))

    records = sorted(rows(SessionRecord), key=lambda record: record.slot)
    assert [record.late_entry for record in records] == [True, False]
