"""A portfolio counts what was done in its time, and no more than its reader may see."""

import json
from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import event, select

from ipt_tracker.clinical.fidelity.portfolio import CaseState, Period
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import AccessDenied, Permission
from ipt_tracker.persistence.models import (
    Assignment,
    AuditEntry,
    Course,
    SessionRecord,
    SupervisionMeeting,
)
from ipt_tracker.services.fidelity.doors import open_therapist
from ipt_tracker.services.fidelity.portfolio import portfolio_file, read_portfolio
from ipt_tracker.services.fidelity.portfolio_text import TextEntry, write_text
from ipt_tracker.services.unit_of_work import ChangedMeanwhile
from tests.factories.groups import add_group, add_meeting
from tests.factories.meetings import add_supervision_meeting, person
from tests.factories.pdfs import said
from tests.factories.rated import rate, slots_of

SOFTWARE = "IPT Tracker 1"


def facts_of(clinic, reader=None, period=None, therapist=None):
    who = therapist or clinic.therapist
    with clinic.reading(reader or clinic.supervisor) as work:
        account = open_therapist(work, who.id, Permission.SEE_FIDELITY)
        return read_portfolio(work, account, period or Period(), SOFTWARE)


def only_case(facts):
    (case,) = facts.counted.cases
    return case


def test_a_portfolio_names_cases_by_code_with_area_state_and_sessions(clinic):
    facts = facts_of(clinic)
    found = only_case(facts)

    assert (found.case.code, found.case.areas) == ("T-101", ("role_transition",))
    assert (found.case.state, found.held, found.supervised) == (CaseState.OPEN, 6, 0)
    assert (facts.name, facts.counted.self_rated) == ("R. Calder", 0)
    assert "Imre Solberg" not in repr(facts)


def test_ratings_of_the_supervisor_are_counted_and_those_of_others_are_not(clinic):
    sessions = slots_of(clinic, clinic.course)
    rate(clinic, sessions[0], clinic.supervisor, 4, 4)
    rate(clinic, sessions[1], clinic.supervisor, 3, selection="chosen", basis="part_recording")
    rate(clinic, sessions[2], clinic.supervisor, 3, selection=None, basis="recall")
    rate(clinic, sessions[3], clinic.therapist, 5, role="self")
    rate(clinic, sessions[4], clinic.therapist2, 5, role="independent")
    counted = facts_of(clinic).counted

    assert (counted.rated, counted.self_rated) == (3, 1)
    assert counted.other_bases == {"recall": 1}
    assert sum(each.drawn for each in counted.phases) == 1
    assert sum(each.chosen for each in counted.phases) == 1


def test_a_sealed_rating_counts_as_a_recording_and_stays_out_of_the_means(clinic):
    rate(clinic, slots_of(clinic, clinic.course)[0], clinic.supervisor, 2, 2)
    own = facts_of(clinic, clinic.therapist)
    theirs = facts_of(clinic)

    assert own.counted == theirs.counted
    assert (own.sealed, own.figures[0].sessions, own.figures[0].quality.mean) == (1, 0, None)
    assert (theirs.sealed, theirs.figures[0].quality.mean) == (0, 2.0)


def test_two_strata_are_two_figures(clinic):
    sessions = slots_of(clinic, clinic.course)
    rate(clinic, sessions[0], clinic.supervisor, 5)
    rate(clinic, sessions[1], clinic.supervisor, 3, selection="chosen")
    figures = facts_of(clinic).figures

    assert [(each.words, each.quality.mean) for each in figures] == [
        ("Full recording, drawn at random", 5.0),
        ("Full recording, chosen", 3.0),
    ]


def hold(clinic, *people, **differs):
    with clinic.writing(clinic.supervisor) as work:
        return add_supervision_meeting(work, clinic, *people, **differs)


def test_meetings_count_in_hours_and_their_cases_make_sessions_talked_about(clinic):
    hold(clinic, held_on=clinic.today - timedelta(days=3))
    hold(clinic, person(clinic.therapist), minutes=90)
    found = facts_of(clinic).counted

    assert (found.supervision.individual, found.supervision.individual_minutes) == (2, 140)
    assert found.supervision.own_case_minutes == 20
    held = [
        each
        for each in days_of(clinic)
        if timedelta() <= clinic.today - timedelta(days=3) - each <= timedelta(days=28)
    ]
    assert found.talked_about == found.supervised == len(held) > 0


def days_of(clinic):
    with clinic.reading() as work:
        return work.session.scalars(
            select(SessionRecord.held_on).where(
                SessionRecord.course_id == clinic.course.id,
                SessionRecord.attendance == "attended",
            )
        ).all()


def test_a_struck_meeting_counts_nowhere(clinic):
    made = hold(clinic)
    with clinic.writing() as work:
        meeting = work.session.get(SupervisionMeeting, made)
        meeting.struck_at, meeting.struck_reason = clinic.now, "wrong day"
    found = facts_of(clinic).counted

    assert (found.supervision.minutes, found.supervision.own_case_minutes) == (0, 0)
    assert (found.talked_about, only_case(facts_of(clinic)).meetings) == (0, 0)


def test_only_what_lies_in_the_period_is_counted(clinic):
    days = sorted(days_of(clinic))
    sessions = slots_of(clinic, clinic.course)
    for each in sessions:
        rate(clinic, each, clinic.supervisor, 3)
    hold(clinic, held_on=days[-1])
    found = facts_of(clinic, period=Period(days[1], days[3])).counted

    assert (found.held, found.rated, found.supervision.minutes) == (3, 3, 0)
    assert facts_of(clinic, period=Period(days[1], days[3])).figures[0].sessions == 3


def test_a_case_that_began_after_the_period_or_was_left_before_it_does_not_stand_there(clinic):
    first = min(days_of(clinic))

    assert facts_of(clinic, period=Period(last=first - timedelta(days=30))).counted.cases == ()
    with clinic.writing() as work:
        (assigned,) = work.session.scalars(
            select(Assignment).where(Assignment.course_id == clinic.course.id)
        )
        assigned.ended_on = clinic.today
        assigned.reason = "leave"
    after = Period(clinic.today + timedelta(days=1))
    assert facts_of(clinic, period=after).counted.cases == ()
    assert only_case(facts_of(clinic)).case.state is CaseState.HANDED_OVER


def test_a_course_that_ended_is_open_in_a_period_before_its_end(clinic):
    with clinic.writing() as work:
        course = work.session.get(Course, clinic.course.id)
        course.status, course.ended_on = "completed", clinic.today
    before = Period(last=clinic.today - timedelta(days=1))

    assert only_case(facts_of(clinic)).case.state is CaseState.COMPLETED
    assert only_case(facts_of(clinic, period=before)).case.state is CaseState.OPEN
    assert only_case(facts_of(clinic, period=before)).case.ended_on is None


def test_a_group_is_a_case_whose_sessions_count_once(clinic):
    with clinic.writing(clinic.therapist) as work:
        group = add_group(work, start=clinic.today)
        add_meeting(work, group, clinic.today)
    by_code = {each.case.code: each for each in facts_of(clinic).counted.cases}

    assert by_code["G-1"].case.is_group
    assert by_code["G-1"].held == 1
    assert {by_code[code].held for code in group.codes} == {0}


def write(clinic, reader=None, therapist=None, **differs):
    usual = {"body": "ISIPT", "text": "Two cases.", "reason": None, "seen": 0}
    with clinic.writing(reader or clinic.supervisor) as work:
        permission = Permission.SUPERVISE
        account = open_therapist(work, (therapist or clinic.therapist).id, permission)
        return write_text(work, account, TextEntry(**usual | differs)).edition


def events(clinic, name):
    with clinic.reading() as work:
        rows = work.session.scalars(select(AuditEntry).where(AuditEntry.event == name))
        return [(row.subject_id, row.details) for row in rows]


def test_each_save_of_the_report_is_another_edition_and_the_earlier_ones_stay(clinic):
    write(clinic)
    write(clinic, text="Three cases.", reason="one more ended", seen=1)
    editions = facts_of(clinic, clinic.therapist).editions

    assert [(each.edition, each.text, each.reason) for each in editions] == [
        (2, "Three cases.", "one more ended"),
        (1, "Two cases.", None),
    ]
    assert editions[0].writer == "I. Marlowe"
    assert [details for _, details in events(clinic, "portfolio.written")] == [
        {"edition": 1},
        {"edition": 2},
    ]


@pytest.mark.parametrize(
    ("entry", "field", "words"),
    [
        ({"text": None}, "text", "Write the report"),
        ({"text": "x" * 20_001}, "text", "longer than 20000"),
        ({"reason": "again"}, None, "Nothing differs"),
        ({"text": "More."}, "reason", "Say why"),
    ],
)
def test_an_edition_that_says_nothing_new_or_not_why_is_refused_and_nothing_is_kept(
    clinic, entry, field, words
):
    write(clinic)
    with pytest.raises(RuleBroken, match=words) as broken:
        write(clinic, seen=1, **entry)

    assert broken.value.field == field
    assert len(facts_of(clinic).editions) == len(events(clinic, "portfolio.written")) == 1


def test_an_edition_over_one_that_was_not_seen_is_refused(clinic):
    write(clinic)
    with pytest.raises(ChangedMeanwhile):
        write(clinic, text="Other.", reason="mine", seen=0)

    assert [each.text for each in facts_of(clinic).editions] == ["Two cases."]


def test_a_therapist_writes_no_report_and_reads_no_portfolio_but_their_own(clinic):
    with pytest.raises(AccessDenied):
        write(clinic, clinic.therapist)
    with pytest.raises(AccessDenied):
        facts_of(clinic, clinic.therapist2)
    with pytest.raises(AccessDenied):
        facts_of(clinic, clinic.supervisor, therapist=clinic.therapist2)
    with pytest.raises(AccessDenied):
        facts_of(clinic, clinic.admin)
    assert facts_of(clinic, clinic.therapist).text is None


def test_whoever_opened_their_own_portfolio_cannot_write_about_themselves(clinic):
    with clinic.writing(clinic.therapist) as work:
        account = open_therapist(work, clinic.therapist.id, Permission.SEE_FIDELITY)
        with pytest.raises(AccessDenied):
            write_text(work, account, TextEntry(None, "All is well.", None, 0))


def file_of(clinic, fmt, period=None):
    with clinic.reading(clinic.supervisor) as work:
        account = open_therapist(work, clinic.therapist.id, Permission.SEE_FIDELITY)
        facts = read_portfolio(work, account, period or Period(), SOFTWARE)
        return portfolio_file(work, account, facts, fmt)


@pytest.mark.parametrize("fmt", ["pdf", "csv"])
def test_a_file_is_written_down_with_its_period_its_count_and_its_digest(clinic, fmt):
    content = file_of(clinic, fmt, Period(last=clinic.today))
    ((subject, details),) = events(clinic, "portfolio.downloaded")

    assert subject == str(clinic.therapist.id)
    assert details == {
        "format": fmt,
        "first": None,
        "last": clinic.today.isoformat(),
        "cases": 1,
        "sha256": sha256(content).hexdigest(),
    }
    assert "Calder" not in json.dumps(details)


def test_the_same_records_make_the_same_bytes_on_another_day(clinic):
    write(clinic)

    assert file_of(clinic, "pdf") == file_of(clinic, "pdf")
    assert "T-101" in said(file_of(clinic, "pdf"))
    assert "Imre Solberg" not in said(file_of(clinic, "pdf"))


def test_the_newest_entry_dates_the_document(clinic):
    assert facts_of(clinic).newest.date() == max(days_of(clinic))
    write(clinic)
    assert facts_of(clinic).newest == clinic.now


def test_a_longer_record_takes_no_more_statements(clinic):
    def cost():
        seen, engine = [], clinic.database.engine

        def count(*args):
            seen.append(args[2])

        event.listen(engine, "before_cursor_execute", count)
        try:
            facts_of(clinic)
        finally:
            event.remove(engine, "before_cursor_execute", count)
        return len(seen)

    rate(clinic, slots_of(clinic, clinic.course)[0], clinic.supervisor, 3)
    hold(clinic)
    write(clinic)
    before = cost()
    for each in slots_of(clinic, clinic.course)[1:]:
        rate(clinic, each, clinic.supervisor, 3)
    hold(clinic, held_on=clinic.today)
    write(clinic, text="Three.", reason="more", seen=1)

    assert cost() == before
