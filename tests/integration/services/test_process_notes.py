"""Process notes: the writer reads them while the course is theirs, and nobody else ever does."""

import ast
from datetime import timedelta

import pytest
from sqlalchemy import select

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import AccessDenied, Permission
from ipt_tracker.persistence.models import ProcessNote
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.handovers import transfer
from ipt_tracker.services.process_notes import ProcessEntry, list_own, open_own, write_new, write_on
from ipt_tracker.services.unit_of_work import ChangedMeanwhile, reading, writing
from tests.architecture.source import PACKAGE, python_files, tree
from tests.factories.notes import thread_of
from tests.factories.stores import on_every_engine
from tests.factories.tables import audit_rows, contents

OWN = Permission.WRITE_PROCESS_NOTE


def write(clinic, text, slot=None):
    with clinic.writing(clinic.therapist) as work:
        course = open_course(work, clinic.course.id, OWN)
        return write_new(work, course, ProcessEntry(text, slot)).thread


def read(clinic, thread, who="therapist"):
    with clinic.reading(getattr(clinic, who)) as work:
        return open_own(work, clinic.course.id, thread)[1]


def write_more(clinic, thread, text, seen, slot=None):
    with clinic.writing(clinic.therapist) as work:
        course, found = open_own(work, clinic.course.id, thread)
        write_on(work, course, found, ProcessEntry(text, slot), seen_edition=seen)


@on_every_engine
def test_the_writer_reads_it_and_the_opening_is_written_down(clinic):
    thread = write(clinic, "my own reaction", slot=7)

    found = read(clinic, thread)

    assert (found.newest.text, found.slot) == ("my own reaction", 7)
    row = audit_rows(clinic.database)[-1]
    assert (row.event, row.subject_id) == ("note.process_opened", str(thread))
    assert (row.actor_id, row.patient_id) == (clinic.therapist.id, clinic.course.patient_id)


def test_the_audit_holds_no_word_of_it(clinic):
    read(clinic, write(clinic, "Canary thought"))

    assert not any("Canary" in str(row.details) for row in audit_rows(clinic.database))


@pytest.mark.parametrize("who", ["supervisor", "therapist2", "admin"])
def test_nobody_else_opens_it(clinic, who):
    thread = thread_of(clinic, clinic.course)
    before = contents(clinic.database)

    with pytest.raises(AccessDenied):
        read(clinic, thread, who)

    assert contents(clinic.database) == before


def hand_over(clinic):
    with clinic.writing(clinic.therapist) as work:
        course = open_course(work, clinic.course.id, Permission.TRANSFER_COURSE)
        transfer(work, course, clinic.therapist2.id, clinic.today, "moves away")


def test_the_next_therapist_has_the_course_and_not_its_process_notes(clinic):
    thread = thread_of(clinic, clinic.course)
    hand_over(clinic)

    with clinic.reading(clinic.therapist2) as work:
        course = open_course(work, clinic.course.id, OWN)
        assert list_own(work, course) == ()
        with pytest.raises(AccessDenied):
            open_own(work, clinic.course.id, thread)


def test_the_writer_who_no_longer_has_the_course_does_not_open_them(clinic):
    thread = thread_of(clinic, clinic.course)
    hand_over(clinic)

    with pytest.raises(AccessDenied):
        read(clinic, thread)


def test_a_note_of_one_course_is_not_opened_through_another(clinic):
    thread = thread_of(clinic, clinic.course2)

    with pytest.raises(AccessDenied):
        read(clinic, thread)


@on_every_engine
def test_every_edition_stays(clinic):
    thread = write(clinic, "first")
    write_more(clinic, thread, "second", 1)
    write_more(clinic, thread, None, 2)

    assert [e.text for e in read(clinic, thread).editions] == ["first", "second", ""]
    with clinic.reading(clinic.therapist) as work:
        course = open_course(work, clinic.course.id, OWN)
        (line,) = list_own(work, course)
    assert (line.thread, line.editions, line.is_empty) == (thread, 3, True)


def test_what_was_written_in_another_window_is_not_lost(clinic):
    thread = write(clinic, "first")
    write_more(clinic, thread, "of one window", 1)

    with pytest.raises(ChangedMeanwhile):
        write_more(clinic, thread, "of the other", 1)

    assert read(clinic, thread).newest.text == "of one window"


@pytest.mark.parametrize(("text", "slot", "field"), [(None, None, "text"), ("a", 4711, "slot")])
def test_what_cannot_be_kept_leaves_nothing(clinic, text, slot, field):
    before = contents(clinic.database)

    with pytest.raises(RuleBroken) as refused:
        write(clinic, text, slot)

    assert refused.value.field == field
    assert contents(clinic.database) == before


def test_keeping_the_same_words_adds_no_edition(clinic):
    thread = write(clinic, "first")

    with pytest.raises(RuleBroken, match="Nothing was changed"):
        write_more(clinic, thread, "first", 1)


def test_the_list_holds_no_word_of_them_and_the_newest_comes_first(clinic):
    first = write(clinic, "Canary")
    later = clinic.now + timedelta(hours=1)
    with writing(clinic.database, clinic.therapist.actor(), later, clinic.today) as work:
        course = open_course(work, clinic.course.id, OWN)
        second = write_new(work, course, ProcessEntry("Canary too")).thread

    with reading(clinic.database, clinic.therapist.actor(), later, clinic.today) as work:
        found = list_own(work, open_course(work, clinic.course.id, OWN))

    assert [line.thread for line in found] == [second, first]
    assert "Canary" not in str(found)


def test_no_other_part_of_the_program_reads_the_table():
    named = {
        path.relative_to(PACKAGE).as_posix()
        for path in python_files("ipt_tracker")
        if "migrations" not in path.parts
        for node in ast.walk(tree(path))
        if (isinstance(node, (ast.Name, ast.alias)) and getattr(node, "id", "") == "ProcessNote")
        or (isinstance(node, ast.alias) and node.name == "ProcessNote")
    }

    assert named == {"services/process_notes.py", "persistence/models/__init__.py"}


def test_there_is_something_to_be_read(clinic):
    thread = thread_of(clinic, clinic.course)

    with clinic.reading() as work:
        assert work.session.scalars(select(ProcessNote.thread)).one() == thread
