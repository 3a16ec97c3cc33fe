"""The interpersonal inventory: people added, changed, moved, taken off and put back."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import AccessDenied, Permission
from ipt_tracker.persistence.models import Amendment, AuditEntry, InventoryPerson
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.inventory import (
    add_person,
    change_person,
    move_person,
    put_back,
    read_inventory,
    take_off,
)
from ipt_tracker.services.inventory_chart import picture_of
from ipt_tracker.services.unit_of_work import ChangedMeanwhile, writing
from tests.factories.inventory import SISTER, add_to, entry
from tests.factories.stores import on_every_engine


@pytest.fixture
def do(clinic):
    """Do something to the course in a unit of work of its therapist, some days from now."""

    def run(what, *args, days=0):
        now, today = clinic.now + timedelta(days=days), clinic.today + timedelta(days=days)
        with writing(clinic.database, clinic.therapist.actor(), now, today) as work:
            course = open_course(work, clinic.course.id, Permission.EDIT_COURSE)
            return what(work, course, *args)

    return run


def kept(clinic, table=Amendment):
    with clinic.reading() as work:
        return work.session.scalars(select(table)).all()


def acts(clinic):
    with clinic.reading() as work:
        wanted = select(AuditEntry).where(AuditEntry.event == "inventory.recorded")
        return [row.details["act"] for row in work.session.scalars(wanted.order_by(AuditEntry.id))]


@on_every_engine
def test_a_person_is_kept_with_who_wrote_them_down_and_the_audit_knows(clinic, do):
    person_id = do(add_person, SISTER).id

    (row,) = kept(clinic, InventoryPerson)
    assert (row.id, row.name, row.ring, row.given) == (person_id, "Ada", 2, "calls on Sundays")
    assert row.recorded_by == clinic.therapist.id
    assert acts(clinic) == ["added"]


@on_every_engine
def test_old_values_stay_when_a_person_is_changed(clinic, do):
    person_id = add_to(clinic, clinic.course.id)

    do(change_person, person_id, entry("Ada", "elder sister", 1, given="calls daily"), 1)

    changed = {(a.field, a.old, a.new) for a in kept(clinic)}
    assert changed == {
        ("relation", "sister", "elder sister"),
        ("ring", 2, 1),
        ("given", "calls on Sundays", "calls daily"),
        ("missing", "time together", None),
    }
    assert acts(clinic) == ["added", "changed"]


def test_a_move_on_a_later_day_is_visible_and_one_of_the_first_day_is_not(clinic, do):
    person_id = add_to(clinic, clinic.course.id)

    do(move_person, person_id, 3)
    do(move_person, person_id, 1, days=21)

    (listed,) = do(read_inventory).people
    assert [m.words for m in listed.moves] == ["moved from further away to closest"]
    assert len(listed.changes) == 2


def test_the_picture_tells_the_last_move_and_keeps_initials_when_asked(clinic, do):
    person_id = add_to(clinic, clinic.course.id)
    do(move_person, person_id, 1, days=21)

    def drawn(work, course):
        found = read_inventory(work, course)
        return [picture_of(course, found, "1", initials_only=only) for only in (False, True)]

    full, short = do(drawn)
    assert [p.name for p in full.people] == ["Ada"]
    assert [p.name for p in short.people] == ["A."]
    assert full.people[0].moved == "moved from close to closest on 1 Apr 2026"
    assert full.title == "T-101   Closeness circle"
    assert "Solberg" not in repr(full)


@pytest.mark.parametrize(
    ("wrong", "field"), [(entry(None), "name"), (entry(ring=5), "ring"), (entry(ring=0), "ring")]
)
def test_what_a_rule_refuses_is_not_kept(clinic, do, wrong, field):
    with pytest.raises(RuleBroken) as broken:
        do(add_person, wrong)

    assert broken.value.field == field
    assert kept(clinic, InventoryPerson) == []
    assert acts(clinic) == []


def test_a_change_of_another_version_is_refused_and_keeps_nothing(clinic, do):
    person_id = add_to(clinic, clinic.course.id)
    do(move_person, person_id, 1)

    with pytest.raises(ChangedMeanwhile):
        do(change_person, person_id, entry("Eve"), 1)

    assert [row.name for row in kept(clinic, InventoryPerson)] == ["Ada"]


def test_a_change_of_nothing_is_said(clinic, do):
    person_id = add_to(clinic, clinic.course.id)

    with pytest.raises(RuleBroken, match="Nothing was changed"):
        do(change_person, person_id, SISTER, 1)

    assert kept(clinic) == []


@on_every_engine
def test_who_is_taken_off_stays_readable_and_comes_back(clinic, do):
    person_id = add_to(clinic, clinic.course.id)

    do(take_off, person_id)
    found = do(read_inventory)
    assert (len(found.people), [p.row.name for p in found.removed]) == (0, ["Ada"])
    assert found.removed[0].row.removed_by == clinic.therapist.id

    with pytest.raises(RuleBroken, match="Put it back first"):
        do(move_person, person_id, 1)
    do(put_back, person_id)

    assert [p.row.name for p in do(read_inventory).people] == ["Ada"]
    assert [(a.field, a.old, a.new) for a in kept(clinic)] == [
        ("removed", False, True),
        ("removed", True, False),
    ]
    assert acts(clinic) == ["added", "taken off", "put back"]


def test_taking_off_twice_and_putting_back_who_is_there_are_said(clinic, do):
    person_id = add_to(clinic, clinic.course.id)

    with pytest.raises(RuleBroken):
        do(put_back, person_id)
    do(take_off, person_id)
    with pytest.raises(RuleBroken):
        do(take_off, person_id)


def test_a_person_of_another_course_is_refused_like_one_that_is_not_there(clinic, do):
    other = add_to(clinic, clinic.course2.id)

    for step in (take_off, put_back):
        with pytest.raises(AccessDenied):
            do(step, other)
    with pytest.raises(AccessDenied):
        do(change_person, other, SISTER, 1)


def test_a_supervisor_reads_and_does_not_write(clinic):
    add_to(clinic, clinic.course.id)

    with clinic.writing(clinic.supervisor) as work:
        course = open_course(work, clinic.course.id, Permission.OPEN_COURSE)
        assert [p.row.name for p in read_inventory(work, course).people] == ["Ada"]
        with pytest.raises(AccessDenied):
            open_course(work, clinic.course.id, Permission.EDIT_COURSE)


@on_every_engine
def test_the_database_refuses_a_fifth_circle(clinic, do):
    def past_the_rules(work, course):
        add_person(work, course, SISTER).ring = 5

    with pytest.raises(IntegrityError, match="ring_is_1_to_4"):
        do(past_the_rules)
