"""Signing, sending back, co-signing, adding and correcting: the change, its steps, its audit."""

from datetime import time, timedelta

import pytest
from sqlalchemy import select

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import AccessDenied, Permission
from ipt_tracker.persistence.models import (
    Addendum,
    Amendment,
    ContactTask,
    Course,
    NoteStep,
    RiskCheck,
    SessionRecord,
)
from ipt_tracker.services.doors import open_session
from ipt_tracker.services.note_list import next_to_sign, read_notes
from ipt_tracker.services.notes import (
    Correction,
    acknowledge_changes,
    add_addendum,
    correct_note,
    cosign,
    obstacles,
    request_changes,
    sign_note,
)
from ipt_tracker.services.unit_of_work import ChangedMeanwhile, writing
from tests.factories.notes import approve, make_trainee, send_back, sign
from tests.factories.stores import on_every_engine
from tests.factories.tables import audit_rows, contents
from tests.factories.walk import contact_of, prompt_of

LAST, MISSED, NOT_HELD = 7, 5, "no_show"
"""The slot of today's week, and the one to which the patient did not come."""


@pytest.fixture
def act(clinic):
    """Do something to the note of a slot as somebody, in the version that is there now."""

    def do(what, *args, who="therapist", slot=LAST, **more):
        person = getattr(clinic, who)
        permission = Permission.COSIGN_NOTE if who == "supervisor" else Permission.SIGN_NOTE
        with clinic.writing(person) as work:
            course, record = open_session(work, clinic.course.id, slot, permission)
            more = {"seen_version": record.version} | more
            return what(work, course, record, *args, **more)

    return do


@pytest.fixture
def note(clinic):
    """Read the record of a slot, with its risk check."""

    def read(slot=LAST):
        with clinic.reading(clinic.therapist) as work:
            return open_session(work, clinic.course.id, slot, Permission.OPEN_COURSE)[1]

    return read


def acts(clinic):
    """Give the audit rows of everything but looking and of the making of the clinic."""
    return [r for r in audit_rows(clinic.database) if r.event != "course.opened"]


def steps(clinic, slot=LAST):
    with clinic.reading() as work:
        own = select(NoteStep).join(SessionRecord, SessionRecord.id == NoteStep.session_id)
        own = own.where(SessionRecord.slot == slot, SessionRecord.course_id == clinic.course.id)
        rows = work.session.scalars(own.order_by(NoteStep.taken_at, NoteStep.step.desc()))
        return [(row.step, row.comment, row.taken_by) for row in rows]


def amendments(clinic, field=None):
    with clinic.reading() as work:
        rows = work.session.scalars(select(Amendment).order_by(Amendment.field))
        return {
            row.field: (row.old, row.new, row.note_state, row.reason)
            for row in rows
            if field in {None, row.field}
        }


def correction(field, new, reason="typed wrongly"):
    return Correction(field, new, reason)


# -- signing


@on_every_engine
def test_signing_locks_the_note_with_who_and_when(clinic, note):
    sign(clinic, LAST)

    record = note()
    assert (record.note_state, record.signed_by) == ("signed", clinic.therapist.id)
    assert (record.signed_at, record.note_signed_on) == (clinic.now, clinic.today)
    assert steps(clinic) == [("signed", None, clinic.therapist.id)]
    row = acts(clinic)[-1]
    assert (row.event, row.patient_id) == ("note.signed", clinic.course.patient_id)


def test_a_late_entry_keeps_the_day_of_service_beside_the_day_of_entry(clinic, note):
    sign(clinic, LAST)

    record = note()
    assert record.late_entry is True
    assert (record.note_service_on, record.note_signed_on) == (record.held_on, clinic.today)


@pytest.mark.parametrize(("days", "late"), [(0, False), (2, False), (3, True)])
def test_two_days_are_in_time_and_three_are_late(clinic, note, days, late):
    day = note().held_on + timedelta(days=days)
    with writing(clinic.database, clinic.therapist.actor(), clinic.now, day) as work:
        course, record = open_session(work, clinic.course.id, LAST, Permission.SIGN_NOTE)
        sign_note(work, course, record, seen_version=record.version)

    assert note().late_entry is late


def test_an_appointment_that_did_not_take_place_is_signed_too(clinic, note):
    sign(clinic, MISSED)

    assert note(MISSED).note_state == "signed"


def test_a_trainees_note_waits_for_the_supervisor(clinic, note):
    make_trainee(clinic, clinic.therapist)

    sign(clinic, LAST)

    assert note().note_state == "awaiting_cosign"


def test_so_does_a_note_of_a_course_whose_therapist_is_a_trainee_by_its_file(clinic, note):
    with clinic.writing() as work:
        work.session.get(Course, clinic.course.id).therapist_role = "trainee"

    sign(clinic, LAST)

    assert note().note_state == "awaiting_cosign"


def test_every_open_risk_task_stands_in_the_way_and_is_named(clinic, act):
    prompt_of(clinic, clinic.course)
    contact_of(clinic, clinic.course)
    with clinic.reading(clinic.therapist) as work:
        course, record = open_session(work, clinic.course.id, LAST, Permission.SIGN_NOTE)
        found = obstacles(work, course, record)
    assert {each.task.kind for each in found} == {"prompt", "contact"}
    before, known = contents(clinic.database), len(audit_rows(clinic.database))

    with pytest.raises(RuleBroken) as refused:
        act(sign_note)

    assert all(each.text in refused.value.message for each in found)
    assert contents(clinic.database) == before
    assert len(audit_rows(clinic.database)) == known


def test_a_session_without_a_word_on_risk_is_not_signed(clinic, act):
    with clinic.writing() as work:
        for check in work.session.scalars(select(RiskCheck)):
            work.session.delete(check)

    with pytest.raises(RuleBroken, match="Nothing is recorded about risk"):
        act(sign_note)
    sign(clinic, MISSED)


# -- the supervisor


@on_every_engine
def test_a_note_goes_back_is_changed_signed_again_and_approved(clinic, note):
    make_trainee(clinic, clinic.therapist)
    sign(clinic, LAST)

    send_back(clinic, LAST, "say more")
    sent_back = note()
    sign(clinic, LAST)
    approve(clinic, LAST)

    assert (sent_back.note_state, sent_back.signed_by) == ("changes_requested", None)
    assert sorted(step for step, _, _ in steps(clinic)) == [
        "changes_requested",
        "cosigned",
        "signed",
        "signed",
    ]
    assert ("changes_requested", "say more", clinic.supervisor.id) in steps(clinic)
    record = note()
    assert (record.note_state, record.note_cosigned_by) == ("cosigned", "I. Marlowe")
    assert record.note_cosigned_on == clinic.today
    events = [row.event for row in acts(clinic)][-4:]
    assert events == ["note.signed", "note.changes_requested", "note.signed", "note.cosigned"]


def test_signed_again_it_stays_as_late_or_in_time_as_it_was(clinic, note):
    make_trainee(clinic, clinic.therapist)
    in_time = note().held_on
    with writing(clinic.database, clinic.therapist.actor(), clinic.now, in_time) as work:
        course, record = open_session(work, clinic.course.id, LAST, Permission.SIGN_NOTE)
        sign_note(work, course, record, seen_version=record.version)
    send_back(clinic, LAST)

    sign(clinic, LAST)

    assert note().late_entry is False


def test_changes_are_not_requested_without_a_comment(clinic, act):
    make_trainee(clinic, clinic.therapist)
    sign(clinic, LAST)
    before = contents(clinic.database)

    with pytest.raises(RuleBroken) as refused:
        act(request_changes, None, who="supervisor")

    assert refused.value.field == "comment"
    assert contents(clinic.database) == before


def test_nobody_cosigns_what_they_signed_themselves(clinic, act):
    make_trainee(clinic, clinic.therapist)
    sign(clinic, LAST)
    with clinic.writing() as work:
        own = select(SessionRecord).where(SessionRecord.signed_by.is_not(None))
        work.session.scalars(own).one().signed_by = clinic.supervisor.id

    with pytest.raises(RuleBroken, match="signed this note yourself"):
        act(cosign, who="supervisor")


@pytest.mark.parametrize("who", ["supervisor", "therapist2", "admin"])
def test_only_the_courses_therapist_signs(clinic, who):
    before = contents(clinic.database)

    with pytest.raises(AccessDenied), clinic.writing(getattr(clinic, who)) as work:
        open_session(work, clinic.course.id, LAST, Permission.SIGN_NOTE)

    assert contents(clinic.database) == before


@pytest.mark.parametrize("who", ["therapist", "therapist2", "admin"])
def test_only_the_supervisor_cosigns(clinic, who):
    with pytest.raises(AccessDenied), clinic.writing(getattr(clinic, who)) as work:
        open_session(work, clinic.course.id, LAST, Permission.COSIGN_NOTE)


@pytest.mark.parametrize(
    ("what", "args", "who"),
    [
        (sign_note, (), "therapist"),
        (request_changes, ("say more",), "supervisor"),
        (cosign, (), "supervisor"),
        (correct_note, (correction("plan", "other"),), "therapist"),
        (acknowledge_changes, (), "supervisor"),
    ],
)
def test_nothing_is_done_to_a_note_that_was_changed_since_it_was_read(clinic, act, what, args, who):
    before = contents(clinic.database)

    for seen in (0, None):
        with pytest.raises(ChangedMeanwhile):
            act(what, *args, who=who, seen_version=seen)

    assert contents(clinic.database) == before


# -- after signing


@on_every_engine
def test_an_addendum_stands_beside_what_was_signed(clinic, note):
    sign(clinic, LAST)
    signed = note()

    with clinic.writing(clinic.therapist) as work:
        course, record = open_session(work, clinic.course.id, LAST, Permission.SIGN_NOTE)
        add_addendum(work, course, record, "she rang later", "came after signing")

    record = note()
    assert (record.note_state, record.note) == ("signed", signed.note)
    assert record.version > signed.version
    with clinic.reading() as work:
        made = work.session.scalars(select(Addendum)).one()
    assert (made.text, made.reason, made.written_by) == (
        "she rang later",
        "came after signing",
        clinic.therapist.id,
    )
    assert acts(clinic)[-1].event == "note.addendum_added"


@pytest.mark.parametrize(("text", "reason", "field"), [(None, "r", "text"), ("t", None, "reason")])
def test_an_addendum_needs_words_and_a_reason(clinic, text, reason, field):
    sign(clinic, LAST)

    with clinic.writing(clinic.therapist) as work:
        course, record = open_session(work, clinic.course.id, LAST, Permission.SIGN_NOTE)
        with pytest.raises(RuleBroken) as refused:
            add_addendum(work, course, record, text, reason)

    assert refused.value.field == field


@pytest.mark.parametrize(
    ("field", "new"),
    [
        ("linked_event", "her sister called"),
        ("mood", 0),
        ("plan", "ring the sister"),
        ("note", "what was said"),
        ("homework", "none"),
        ("focal_area", None),
        ("duration_minutes", 45),
        ("minutes_late", 10),
        ("starts_at", time(14, 30)),
        ("modality", "telephone"),
        ("patient_location", "at her sister's"),
        ("techniques", ["role_play"]),
        ("tasks", ["M01", "M03"]),
        ("attendance", "left_early"),
    ],
)
def test_each_field_is_corrected_with_the_old_value_kept(clinic, act, note, field, new):
    sign(clinic, LAST)
    old = getattr(note(), field)

    act(correct_note, correction(field, new))

    assert getattr(note(), field) == new
    plain = new.isoformat() if isinstance(new, time) else new
    assert amendments(clinic, field) == {field: (old, plain, "signed", "typed wrongly")}
    row = acts(clinic)[-1]
    assert (row.event, row.details["fields"]) == ("note.corrected", [field])


def test_a_corrected_day_is_the_day_of_service_too(clinic, act, note):
    sign(clinic, LAST)
    day = note().held_on - timedelta(days=1)

    act(correct_note, correction("held_on", day))

    assert (note().held_on, note().note_service_on) == (day, day)


def test_the_answer_on_risk_is_corrected_and_so_are_its_words(clinic, act, note):
    sign(clinic, LAST)

    act(correct_note, correction("risk", "asked_present"))
    act(correct_note, correction("risk_detail", "thoughts, no plan"))

    risk = note().risk
    assert (risk.asked, risk.result, risk.detail) == (True, "present", "thoughts, no plan")
    assert amendments(clinic)["result"] == ("none", "present", "signed", "typed wrongly")


def test_a_session_that_did_not_take_place_after_all_loses_what_only_a_session_has(
    clinic, act, note
):
    sign(clinic, LAST)

    act(correct_note, correction("attendance", NOT_HELD))

    record = note()
    assert (record.attendance, record.number, record.duration_minutes) == (NOT_HELD, None, None)
    assert (record.mood, record.tasks, record.focal_area) == (None, [], None)
    kept = amendments(clinic)
    assert kept["number"][0] == 6
    assert kept["duration_minutes"][0] == 50
    assert kept["mood"][:2] == (4, None)


def test_one_that_took_place_after_all_gets_a_number_and_needs_a_word_on_risk(clinic, act, note):
    sign(clinic, MISSED)
    own = select(RiskCheck).where(RiskCheck.session_id == note(MISSED).id)
    with clinic.writing() as work:
        work.session.delete(work.session.scalars(own).one())
    with pytest.raises(RuleBroken, match="word on risk"):
        act(correct_note, correction("attendance", "attended"), slot=MISSED)

    act(correct_note, correction("risk", "not_asked"), slot=MISSED)
    act(correct_note, correction("attendance", "attended"), slot=MISSED)

    assert (note(MISSED).attendance, note(MISSED).number) == ("attended", 7)


NOT_CORRECTED = [
    (LAST, correction("plan", "other", None), "reason"),
    (LAST, correction("plan", None), "new"),
    (LAST, correction("mood", 11), "new"),
    (LAST, correction("duration_minutes", 500), "new"),
    (LAST, correction("attendance", None), "new"),
    (LAST, correction("held_on", None), "new"),
    (LAST, correction("focal_area", "grief"), "new"),
    (LAST, correction("dispute_stage", "impasse"), "new"),
    (LAST, correction("risk", None), "new"),
    (LAST, correction("version", 1), None),
    (MISSED, correction("mood", 5), "new"),
]


@pytest.mark.parametrize(("slot", "what", "field"), NOT_CORRECTED)
def test_a_correction_that_cannot_be_keeps_nothing(clinic, act, slot, what, field):
    sign(clinic, slot)
    before = contents(clinic.database)

    with pytest.raises(RuleBroken) as refused:
        act(correct_note, what, slot=slot)

    assert refused.value.field == field
    assert contents(clinic.database) == before


def test_an_open_note_is_changed_not_corrected(clinic, act):
    with pytest.raises(RuleBroken, match="not signed yet"):
        act(correct_note, correction("plan", "other"))


def test_an_imported_slot_without_a_note_is_corrected_too(clinic, act, note):
    with clinic.writing() as work:
        work.session.get(SessionRecord, note().id).note_state = None

    act(correct_note, correction("plan", "other"))

    assert amendments(clinic) == {"plan": (None, "other", None, "typed wrongly")}


# -- lists


def listed(clinic, who):
    with clinic.reading(getattr(clinic, who)) as work:
        return read_notes(work)


def test_a_therapist_sees_what_is_to_sign_oldest_first_and_nobody_elses(clinic):
    sign(clinic, 1)

    found = listed(clinic, "therapist")

    assert [row.slot for row in found.unsigned] == [2, 3, 4, 5, 6, 7]
    assert found.unsigned_count == 6
    assert {row.code for row in found.unsigned} == {clinic.course.code}
    assert acts(clinic)[-1].event == "note.listed"
    with clinic.reading(clinic.therapist) as work:
        assert next_to_sign(work).slot == 2


def test_what_was_entered_in_error_asks_for_no_signature(clinic, note):
    with clinic.writing() as work:
        work.session.get(SessionRecord, note(1).id).attendance = "entered_in_error"

    assert 1 not in [row.slot for row in listed(clinic, "therapist").unsigned]


def test_a_note_that_was_sent_back_is_listed_with_the_newest_comment(clinic):
    make_trainee(clinic, clinic.therapist)
    sign(clinic, 1)
    send_back(clinic, 1, "say more about risk")

    found = listed(clinic, "therapist")

    assert [row.slot for row in found.requested] == [1]
    (comment,) = found.comments.values()
    assert (comment.text, comment.who) == ("say more about risk", "I. Marlowe")


def test_a_supervisor_sees_what_awaits_and_the_rest_as_counts(clinic):
    make_trainee(clinic, clinic.therapist)
    sign(clinic, 1)

    found = listed(clinic, "supervisor")

    assert [(row.slot, row.therapist) for row in found.awaiting] == [(1, "R. Calder")]
    assert found.unsigned == ()
    assert [(row.therapist, row.count) for row in found.overdue] == [("R. Calder", 6)]


def test_what_was_changed_after_cosigning_is_told_until_it_was_seen(clinic, act):
    make_trainee(clinic, clinic.therapist)
    sign(clinic, 1)
    approve(clinic, 1)
    assert listed(clinic, "supervisor").changed == ()
    later = clinic.now + timedelta(hours=1)
    with writing(clinic.database, clinic.therapist.actor(), later, clinic.today) as work:
        course, record = open_session(work, clinic.course.id, 1, Permission.SIGN_NOTE)
        change = correction("plan", "other")
        correct_note(work, course, record, change, seen_version=record.version)

    assert [row.slot for row in listed(clinic, "supervisor").changed] == [1]
    actor = clinic.supervisor.actor(clinic.therapist)
    with writing(clinic.database, actor, later, clinic.today) as work:
        course, record = open_session(work, clinic.course.id, 1, Permission.COSIGN_NOTE)
        acknowledge_changes(work, course, record, seen_version=record.version)

    assert acts(clinic)[-1].event == "note.changes_seen"
    assert listed(clinic, "supervisor").changed == ()


def test_a_visit_that_was_missed_after_all_asks_for_contact_after_a_positive_answer(clinic, act):
    sign(clinic, 6)
    sign(clinic, LAST)
    act(correct_note, correction("risk", "asked_present"), slot=6)

    act(correct_note, correction("attendance", NOT_HELD))

    with clinic.reading() as work:
        assert len(work.session.scalars(select(ContactTask)).all()) == 1


@pytest.mark.parametrize("answer", ["not_asked", "asked_none"])
def test_the_answer_on_risk_does_not_come_to_contradict_the_screener(clinic, act, note, answer):
    with clinic.writing() as work:
        check = work.session.get(RiskCheck, note().risk.id)
        check.answers, check.band, check.result = {"q1": True}, "low", "present"
    sign(clinic, LAST)

    with pytest.raises(RuleBroken, match="screener"):
        act(correct_note, correction("risk", answer))
