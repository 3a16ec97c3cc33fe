"""The timeline: events added, changed, taken off; what lies near an onset; the picture's facts."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from ipt_tracker.clinical.course.timeline import BEFORE_BIRTH, Exactness, Nearness, When
from ipt_tracker.clinical.rules import AskFirst, RuleBroken
from ipt_tracker.governance.access import AccessDenied, Permission
from ipt_tracker.persistence.models import Amendment, AuditEntry, LifeEvent
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.inventory import take_off as take_person_off
from ipt_tracker.services.timeline import add_event, change_event, linkable, put_back, take_off
from ipt_tracker.services.timeline_chart import View, Window, lifeline_of
from ipt_tracker.services.timeline_page import COURSE, LIFE, SYMPTOMS, TREATMENT, read_timeline
from tests.factories.inventory import LOSS, add_to, event_in
from tests.factories.stores import on_every_engine

ONSET = replace(LOSS, kind="onset", what="Sleeps badly", when=When(date(2025, 11, 3)))
MOVE = replace(
    LOSS,
    kind="role_change",
    what="Moved to the city",
    when=When(date(2011, 1, 1), Exactness.YEAR),
    end=When(date(2014, 1, 1), Exactness.YEAR),
)


@pytest.fixture
def do(clinic):
    def run(what, *args, **more):
        with clinic.writing(clinic.therapist) as work:
            course = open_course(work, clinic.course.id, Permission.EDIT_COURSE)
            return what(work, course, *args, **more)

    return run


def rows(clinic, table=LifeEvent):
    with clinic.reading() as work:
        return work.session.scalars(select(table)).all()


def acts(clinic):
    with clinic.reading() as work:
        wanted = select(AuditEntry).where(AuditEntry.event == "timeline.recorded")
        return [row.details["act"] for row in work.session.scalars(wanted.order_by(AuditEntry.id))]


@on_every_engine
def test_an_event_is_kept_as_exactly_as_it_is_known(clinic, do):
    do(add_event, LOSS)
    do(add_event, MOVE)

    loss, move = sorted(rows(clinic), key=lambda r: r.kind)
    assert (loss.happened_on, loss.exactness, loss.ended_on) == (date(2025, 9, 1), "month", None)
    assert (move.happened_on, move.exactness) == (date(2011, 1, 1), "year")
    assert move.ended_on == date(2014, 1, 1)
    assert acts(clinic) == ["added", "added"]


@on_every_engine
def test_old_values_stay_when_an_event_is_changed(clinic, do):
    event_id = event_in(clinic, clinic.course.id)
    person_id = add_to(clinic, clinic.course.id)

    day = When(date(2025, 9, 12))
    do(change_event, event_id, replace(LOSS, when=day, person_id=person_id), 1)

    changed = {(a.field, a.old, a.new) for a in rows(clinic, Amendment)}
    assert changed == {
        ("happened_on", "2025-09-01", "2025-09-12"),
        ("exactness", "month", "day"),
        ("person_id", None, str(person_id)),
    }


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (replace(LOSS, kind="party"), "kind"),
        (replace(LOSS, what=None), "what"),
        (replace(LOSS, what="x" * 301), "what"),
        (replace(LOSS, when=None), "start_year"),
        (replace(LOSS, when=When(date(2026, 3, 12))), "start_day"),
    ],
)
def test_what_a_rule_refuses_is_not_kept(clinic, do, wrong, field):
    with pytest.raises(RuleBroken) as broken:
        do(add_event, wrong)

    assert broken.value.field == field
    assert rows(clinic) == []
    assert acts(clinic) == []


def test_what_lies_before_birth_is_asked_about_and_kept_when_confirmed(clinic, do):
    early = replace(LOSS, when=When(date(1980, 1, 1), Exactness.YEAR))

    with pytest.raises(AskFirst) as asked:
        do(add_event, early)
    assert asked.value.key == BEFORE_BIRTH
    assert rows(clinic) == []

    do(add_event, replace(early, confirmed=frozenset({BEFORE_BIRTH})))

    assert len(rows(clinic)) == 1


def test_a_person_of_another_course_cannot_be_tied(clinic, do):
    other = add_to(clinic, clinic.course2.id)

    with pytest.raises(RuleBroken) as broken:
        do(add_event, replace(LOSS, person_id=other))

    assert broken.value.field == "person_id"


def test_who_is_taken_off_stays_with_their_event_and_is_offered_to_no_other(clinic, do):
    person_id = add_to(clinic, clinic.course.id)
    tied = do(add_event, replace(LOSS, person_id=person_id))
    do(take_person_off, person_id)

    assert do(linkable) == ()
    assert [p.name for p in do(linkable, tied)] == ["Ada"]
    with pytest.raises(RuleBroken, match="taken off"):
        do(add_event, replace(MOVE, person_id=person_id))
    do(change_event, tied.id, replace(LOSS, what="Her father died", person_id=person_id), 1)

    (item,) = [i for i in do(read_timeline).items if i.event]
    assert item.person.name == "Ada"


@on_every_engine
def test_an_event_is_taken_off_and_comes_back(clinic, do):
    event_id = event_in(clinic, clinic.course.id)

    do(take_off, event_id)
    found = do(read_timeline)
    assert not found.has_own
    assert [row.what for row in found.removed] == ["Father died"]
    do(put_back, event_id)

    assert do(read_timeline).has_own
    assert acts(clinic) == ["added", "taken off", "put back"]


def test_an_event_of_another_course_is_refused(clinic, do):
    other = event_in(clinic, clinic.course2.id)

    with pytest.raises(AccessDenied):
        do(take_off, other)
    with pytest.raises(AccessDenied):
        do(change_event, other, LOSS, 1)


def test_events_and_the_record_are_numbered_in_one_list_by_day(clinic, do):
    for event in (ONSET, LOSS, MOVE, replace(LOSS, kind="treatment", what="Counselling")):
        do(add_event, event)

    items = do(read_timeline).items

    assert [i.number for i in items] == list(range(1, len(items) + 1))
    days = [i.when.start for i in items]
    assert days == sorted(days)
    assert {i.lane for i in items} >= {LIFE, SYMPTOMS, TREATMENT}
    assert {i.kind for i in items if i.event is None} <= {"Medication", "Contract"}
    assert COURSE not in {i.lane for i in items if i.event}


def test_only_weighed_kinds_near_an_onset_are_marked(clinic, do):
    near = replace(LOSS, kind="treatment", what="Counselling", when=When(date(2025, 10, 1)))
    only_year = replace(MOVE, when=When(date(2025, 1, 1), Exactness.YEAR), end=None)
    for event in (ONSET, LOSS, near, only_year):
        do(add_event, event)

    marked = {i.what: i.near for i in do(read_timeline).items if i.event}

    assert marked == {
        "Sleeps badly": Nearness.NO,
        "Father died": Nearness.NEAR,
        "Counselling": Nearness.NO,
        "Moved to the city": Nearness.PERHAPS,
    }


def drawn(work, course, window, **more):
    found = read_timeline(work, course)
    return lifeline_of(found, View(window, **more), work.today, "1")


def test_the_two_windows_begin_with_life_and_with_the_course(do):
    for event in (ONSET, LOSS, MOVE):
        do(add_event, event)

    whole = do(drawn, Window.LIFE)
    course = do(drawn, Window.COURSE)

    assert whole.first == date(2011, 1, 1)
    assert course.first > date(2025, 12, 1)
    assert whole.last == course.last
    assert (whole.phases, whole.focus) == ((), ())
    assert course.phases
    assert course.focus
    assert whole.series == course.series
    assert whole.series.name.startswith("PCL-5")
    assert len(whole.visits) == 7


def test_a_picture_of_kinds_holds_no_word_that_was_typed(do):
    do(add_event, LOSS)

    said = do(drawn, Window.LIFE, kinds_only=True)

    assert [m.text for m in said.marks if m.lane == LIFE] == ["Loss"]
    assert "Father" not in repr(said.marks)
    assert "Solberg" not in repr(said)


def test_a_course_without_scores_or_sessions_has_a_picture_too(clinic):
    with clinic.writing(clinic.therapist2) as work:
        course = open_course(work, clinic.course2.id, Permission.EDIT_COURSE)
        add_event(work, course, LOSS)

        made = drawn(work, course, Window.LIFE)

    assert [m.text for m in made.marks if m.lane == LIFE] == ["Father died (loss)"]
