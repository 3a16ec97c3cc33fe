"""Sheets of a course: every save is another edition, and none is ever changed."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from ipt_tracker.clinical.course.worksheets.catalogue import SHEETS
from ipt_tracker.clinical.rules import AskFirst, RuleBroken
from ipt_tracker.governance.access import Permission
from ipt_tracker.persistence.models import Amendment, AuditEntry, Worksheet
from ipt_tracker.persistence.queries.worksheets import editions_of, newest_sheets
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.endings import EndEntry, end_course
from ipt_tracker.services.outline import outline
from ipt_tracker.services.unit_of_work import ChangedMeanwhile
from ipt_tracker.services.worksheet_page import change_until, read_plan, read_sheet
from ipt_tracker.services.worksheets import keep_not_taken, newest, record_sheet
from tests.factories.schedules import add_scheduled
from tests.factories.sheets import CONTENTS, add_sheet
from tests.factories.stores import on_every_engine

FIRST = CONTENTS["formulation"]


@pytest.fixture
def save(clinic):
    """Save an edition of a sheet as the therapist of the course; give its number."""

    def save(kind, content, seen, reason=None, **more):
        with clinic.writing(clinic.therapist) as work:
            course = open_course(work, clinic.course.id, Permission.EDIT_COURSE)
            return record_sheet(work, course, kind, content, seen, reason, **more).edition

    return save


def rows(clinic):
    with clinic.reading() as work:
        wanted = select(Worksheet).order_by(Worksheet.kind, Worksheet.edition)
        return work.session.scalars(wanted).all()


@on_every_engine
def test_each_save_is_another_edition_with_who_when_and_why(clinic, save):
    assert save("formulation", FIRST, 0) == 1
    assert save("formulation", FIRST | {"event": "lost her post"}, 1, "said it anew") == 2

    first, second = rows(clinic)
    assert (first.content, first.reason) == (FIRST, None)
    assert (second.content["event"], second.reason) == ("lost her post", "said it anew")
    assert {(r.recorded_by, r.recorded_at) for r in (first, second)} == {
        (clinic.therapist.id, clinic.now)
    }


def test_each_save_leaves_one_audit_row_without_a_word_of_the_sheet(clinic, save):
    save("formulation", FIRST, 0)

    with clinic.reading() as work:
        wanted = select(AuditEntry).where(AuditEntry.event == "course.sheet_recorded")
        (row,) = work.session.scalars(wanted)
    assert row.details == {"kind": "formulation", "edition": 1}
    assert (row.subject_kind, row.patient_id) == ("worksheet", clinic.course.patient_id)


def test_another_edition_says_why(clinic, save):
    save("formulation", FIRST, 0)

    with pytest.raises(RuleBroken, match="Say why there is another edition") as broken:
        save("formulation", FIRST | {"event": "x"}, 1)

    assert broken.value.field == "reason"
    assert len(rows(clinic)) == 1


def test_the_same_again_is_no_edition(clinic, save):
    save("formulation", FIRST, 0)

    with pytest.raises(RuleBroken, match="Nothing differs"):
        save("formulation", dict(FIRST), 1, "tidying")

    assert len(rows(clinic)) == 1


@on_every_engine
@pytest.mark.parametrize("seen", [0, 2, None])
def test_an_edition_written_over_another_one_is_refused(clinic, save, seen):
    save("formulation", FIRST, 0)

    with pytest.raises(ChangedMeanwhile):
        save("formulation", FIRST | {"event": "x"}, seen, "mine")

    assert len(rows(clinic)) == 1


@on_every_engine
def test_the_database_itself_keeps_two_editions_of_one_number_apart(clinic, save):
    save("formulation", FIRST, 0)
    (row,) = rows(clinic)

    copy = {c.key: getattr(row, c.key) for c in Worksheet.__table__.columns if c.key != "id"}
    with pytest.raises(IntegrityError), clinic.writing(clinic.therapist) as work:
        work.session.add(Worksheet(**copy))


@on_every_engine
def test_edition_zero_is_none(clinic, save):
    save("formulation", FIRST, 0)
    (row,) = rows(clinic)

    copy = {c.key: getattr(row, c.key) for c in Worksheet.__table__.columns if c.key != "id"}
    with pytest.raises(IntegrityError), clinic.writing(clinic.therapist) as work:
        work.session.add(Worksheet(**copy | {"edition": 0}))


def test_a_broken_rule_keeps_nothing_and_a_question_is_answered_once(clinic, save):
    with pytest.raises(RuleBroken, match="Choose what was decided"):
        save("suitability", {"psychosis": "absent"}, 0)
    with pytest.raises(AskFirst):
        save("safety_plan", {"agreed_on": "2026-03-04"}, 0)
    assert rows(clinic) == []

    confirmed = frozenset({"no_number"})
    assert save("safety_plan", {"agreed_on": "2026-03-04"}, 0, confirmed=confirmed) == 1


def test_a_course_that_has_ended_still_takes_its_ending(clinic, save):
    with clinic.writing(clinic.therapist) as work:
        course = open_course(work, clinic.course.id, Permission.EDIT_COURSE)
        end_course(work, course, EndEntry(clinic.today, "completed", "ended", None))

    assert save("ending", CONTENTS["ending"], 0) == 1


def test_sheets_of_two_courses_and_of_two_kinds_are_counted_apart(clinic, save):
    save("formulation", FIRST, 0)
    save("ending", CONTENTS["ending"], 0)
    with clinic.writing(clinic.therapist2) as work:
        other = open_course(work, clinic.course2.id, Permission.EDIT_COURSE)
        add_sheet(work, other)

        assert newest(work, other.id, "formulation").edition == 1
        assert newest(work, other.id, "ending") is None


@on_every_engine
def test_the_newest_of_each_kind_is_read_in_one_go_and_every_edition_newest_first(clinic, save):
    save("formulation", FIRST, 0)
    save("formulation", FIRST | {"event": "x"}, 1, "again")
    save("ending", CONTENTS["ending"], 0)

    with clinic.reading() as work:
        found = newest_sheets(work.session, clinic.course.id)
        editions = editions_of(work.session, clinic.course.id, "formulation")
        assert newest_sheets(work.session, clinic.course2.id) == {}

    assert {kind: row.edition for kind, row in found.items()} == {"formulation": 2, "ending": 1}
    assert found["formulation"].who == "R. Calder"
    assert [(row.edition, row.reason) for row in editions] == [(2, "again"), (1, None)]


@on_every_engine
def test_a_text_that_was_not_taken_stays_beside_the_edition_that_was(clinic, save):
    save("formulation", FIRST, 0)
    with clinic.writing(clinic.therapist) as work:
        course = open_course(work, clinic.course.id, Permission.EDIT_COURSE)
        sheet = newest(work, course.id, "formulation")
        keep_not_taken(work, course, sheet, {"event": "my own words"})

        page = read_sheet(work, course, SHEETS["formulation"])
        (kept,) = work.session.scalars(select(Amendment))

    assert [a.old for a in page.not_taken[sheet.id]] == ["my own words"]
    assert (kept.new, kept.author) == (FIRST["event"], "R. Calder")


# -- what the pages are made of


def test_scores_come_from_the_record_up_to_the_day(clinic):
    with clinic.reading(clinic.therapist) as work:
        facts = outline(work, open_course(work, clinic.course.id, Permission.OPEN_COURSE))
        until = change_until(work, facts, clinic.today)
        early = change_until(work, facts, facts.slots[1].held_on)
        first_day = change_until(work, facts, facts.slots[0].held_on)

    assert (until.instrument.key, until.first.total, until.last.total) == ("pcl5_week", 58, 33)
    assert early.last.total == 55
    assert first_day is None


def test_without_a_score_there_is_no_change(clinic):
    with clinic.writing(clinic.therapist) as work:
        course = add_scheduled(work, clinic.today, schedule=None)
        assert change_until(work, outline(work, course), clinic.today) is None


def test_the_plan_of_a_course_knows_what_was_ticked_first_and_counts_people_and_events(clinic):
    with clinic.reading(clinic.therapist) as work:
        plan = read_plan(work, open_course(work, clinic.course.id, Permission.OPEN_COURSE))

    assert (plan.people, plan.events, plan.ticked) == (0, 0, {})
    assert plan.sheets == {}
    assert plan.goals == ()
