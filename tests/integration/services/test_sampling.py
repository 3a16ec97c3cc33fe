"""Plans and draws: editions kept, a draw that comes out the same, and what was seen of the work."""

from contextlib import suppress
from datetime import date, timedelta
from random import Random
from uuid import uuid4

import pytest
from sqlalchemy import select

from ipt_tracker.clinical.fidelity.coverage import Cover
from ipt_tracker.clinical.fidelity.sampling import Plan
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import AccessDenied, Permission
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import RatingRequest, SampleDraw
from ipt_tracker.services.fidelity.doors import open_therapist
from ipt_tracker.services.fidelity.draws import (
    DrawEntry,
    draw_sample,
    draws_of,
    preview,
    propose_seed,
    stored_draw,
)
from ipt_tracker.services.fidelity.plans import coverage, editions_of, plan_of, set_plan
from ipt_tracker.services.fidelity.requests import open_requests
from ipt_tracker.services.unit_of_work import ChangedMeanwhile
from tests.factories.audit import broken_audit
from tests.factories.clinic import FIRST_DAY
from tests.factories.courses import add_course, add_session
from tests.factories.groups import add_group, add_meeting
from tests.factories.rated import rate, slots_of
from tests.factories.stores import on_every_engine
from tests.factories.tables import audit_rows, contents, differences

HALF = Plan(50)
SEED = 2207


def therapist_in(work, clinic):
    return open_therapist(work, clinic.therapist.id, Permission.SUPERVISE)


def planned(clinic, plan=HALF, reason=None, seen=0):
    with clinic.writing(clinic.supervisor) as work:
        return set_plan(work, therapist_in(work, clinic), plan, reason, seen)


def an_entry(clinic, **differs):
    values = {"first": FIRST_DAY, "last": clinic.today, "seed": SEED, "due_on": clinic.today}
    return DrawEntry(**values | differs)


def drawn(clinic, **differs):
    with clinic.writing(clinic.supervisor) as work:
        return draw_sample(work, therapist_in(work, clinic), an_entry(clinic, **differs)).id


def seen_of(clinic, people=None):
    named = people or {clinic.therapist.id: clinic.therapist.name}
    with clinic.reading(clinic.supervisor) as work:
        return coverage(work, named, FIRST_DAY, clinic.today)


@on_every_engine
def test_a_plan_holds_until_the_next_edition_and_every_edition_is_kept(clinic):
    planned(clinic)
    planned(clinic, Plan(30), "A year has passed.", seen=1)

    with clinic.reading(clinic.supervisor) as work:
        newest, first = editions_of(work, clinic.therapist.id)
        assert plan_of(work, clinic.therapist.id) == newest
    assert (newest.edition, newest.plan, newest.reason) == (2, Plan(30), "A year has passed.")
    assert (first.edition, first.plan, first.set_by) == (1, HALF, "I. Marlowe")
    rows = [r.details for r in audit_rows(clinic.database) if r.event == Event.PLAN_SET]
    assert sorted(row["edition"] for row in rows) == [1, 2]


@pytest.mark.parametrize(
    ("plan", "reason", "field"),
    [(Plan(30), None, "reason"), (Plan(130), "More.", "share"), (HALF, "The same.", None)],
)
def test_a_change_without_a_reason_or_that_changes_nothing_is_refused(clinic, plan, reason, field):
    planned(clinic)

    with pytest.raises(RuleBroken) as refused:
        planned(clinic, plan, reason, seen=1)

    assert refused.value.field == field


def test_a_plan_that_somebody_set_meanwhile_is_not_overwritten(clinic):
    planned(clinic)

    with pytest.raises(ChangedMeanwhile):
        planned(clinic, Plan(30), "Mine.", seen=0)


def test_if_the_audit_fails_no_plan_is_kept(clinic):
    before = contents(clinic.database)

    with broken_audit(clinic.database), pytest.raises(Exception, match="audit is gone"):
        planned(clinic)

    assert contents(clinic.database) == before


@on_every_engine
def test_a_draw_keeps_all_that_it_hangs_on_and_asks_the_one_who_drew(clinic):
    planned(clinic)

    draw_id = drawn(clinic)

    with clinic.reading(clinic.supervisor) as work:
        row = work.session.get(SampleDraw, draw_id)
        asked = work.session.scalars(select(RatingRequest)).all()
        waiting = open_requests(work, clinic.supervisor.id)
    sessions = slots_of(clinic, clinic.course)
    assert len(row.frame) == 6
    assert {each["key"] for each in row.frame} == {f"session:{each}" for each in sessions}
    assert {f"session:{each.session_id}" for each in asked} == set(row.drawn)
    assert {each.rated_id for each in waiting} == {each.session_id for each in asked}
    assert {(a.role, a.selection, a.draw_id, a.due_on, a.rater_id) for a in asked} == {
        ("supervisor", "random", draw_id, clinic.today, clinic.supervisor.id)
    }
    (audited,) = [r for r in audit_rows(clinic.database) if r.event == Event.SAMPLE_DRAWN]
    assert audited.details == {"draw": str(draw_id), "seed": SEED, "drawn": row.drawn}


@on_every_engine
def test_a_stored_draw_comes_out_the_same_whatever_has_happened_since(clinic):
    planned(clinic, Plan(30, {"beginning": 60}, per_course=2))
    draw_id = drawn(clinic)
    planned(clinic, Plan(100), "See all of it.", seen=1)
    for session in slots_of(clinic, clinic.course):
        rate(clinic, session, clinic.supervisor, 3, 4)

    with clinic.reading(clinic.supervisor) as work:
        found = stored_draw(work, therapist_in(work, clinic), draw_id)

    assert found.is_the_same
    assert found.edition.edition == 1
    assert {line.session.id for line in found.lines} == {
        line.request.session_id for line in found.lines
    }
    assert all(line.is_rated for line in found.lines)


def test_a_draw_whose_stored_list_was_changed_comes_out_as_another_one(clinic):
    planned(clinic)
    draw_id = drawn(clinic)
    with clinic.writing() as work:
        row = work.session.get(SampleDraw, draw_id)
        row.drawn = row.drawn[1:]

    with clinic.reading(clinic.supervisor) as work:
        assert not stored_draw(work, therapist_in(work, clinic), draw_id).is_the_same


def test_no_session_is_drawn_or_asked_for_twice(clinic):
    planned(clinic)
    drawn(clinic)

    with pytest.raises(RuleBroken, match="Nothing is left to draw"):
        drawn(clinic, seed=1)
    planned(clinic, Plan(100), "See all of it.", seen=1)
    drawn(clinic, seed=1)

    with clinic.reading(clinic.supervisor) as work:
        first, second = (each.row.drawn for each in draws_of(work, therapist_in(work, clinic)))
    assert not set(first) & set(second)
    assert len({*first, *second}) == 6


@pytest.mark.parametrize(("selection", "counts"), [("random", 1), ("chosen", 0), (None, 0)])
def test_what_was_drawn_counts_towards_the_plan_and_nothing_rated_is_drawn_again(
    clinic, selection, counts
):
    planned(clinic)
    first = slots_of(clinic, clinic.course)[0]
    rate(clinic, first, clinic.supervisor, 3, selection=selection)

    with clinic.reading(clinic.supervisor) as work:
        therapist = therapist_in(work, clinic)
        found = preview(work, therapist, HALF, (FIRST_DAY, clinic.today), SEED)
    draw_id = drawn(clinic)

    assert sum(each.quota.sessions for each in found.rows) == 6
    assert sum(each.quota.already for each in found.rows) == counts
    with clinic.reading(clinic.supervisor) as work:
        row = work.session.get(SampleDraw, draw_id)
    assert len(row.drawn) == found.total
    assert f"session:{first}" not in row.drawn


class Undone(Exception):
    """Takes a draw back, so that the next one starts from the same."""


def test_what_is_looked_at_is_what_is_drawn_whatever_the_days_plan_and_seed(clinic):
    chance = Random(2207)  # noqa: S311 -- picks days and plans, keeps no secret
    with clinic.writing(clinic.therapist) as work:
        for n in range(5):
            course = add_course(work, FIRST_DAY, code=f"T-8{n}", name=f"Name {n}")
            for slot in range(4):
                held = FIRST_DAY + timedelta(days=14 * slot)
                add_session(work, course, held_on=held, number=slot + 1)
    for slot in slots_of(clinic, clinic.course)[:2]:
        rate(clinic, slot, clinic.supervisor, 3, selection=chance.choice(["random", "chosen"]))

    compared = [_looked_at_and_drawn(clinic, chance) for _ in range(40)]

    assert all(looked == made for looked, made in compared)
    assert len({looked for looked, _ in compared}) > 10


def _looked_at_and_drawn(clinic, chance):
    """Give the rows of a preview and those of the draw that followed it, then take both back."""
    extra = chance.choice([0, 20])
    plan = Plan(
        chance.randrange(101),
        {"middle": chance.randrange(101)},
        per_course=chance.randrange(4),
        new_extra=extra,
        new_first=chance.randrange(1, 9) if extra else None,
        off_track_extra=chance.choice([0, 30]),
    )
    days = sorted(FIRST_DAY + timedelta(days=chance.randrange(63)) for _ in range(2))
    seed, found = chance.randrange(10**9), []
    with suppress(Undone), clinic.writing(clinic.supervisor) as work:
        therapist = therapist_in(work, clinic)
        set_plan(work, therapist, plan, None, 0)
        seen = preview(work, therapist, plan, tuple(days), seed)
        found.append(tuple((row.for_share, row.for_course) for row in seen.rows))
        try:
            made = draw_sample(work, therapist, DrawEntry(*days, seed, None, seen.mark))
        except RuleBroken:
            assert seen.total == 0
            raise Undone from None
        taken = stored_draw(work, therapist, made.id).again.taken
        found.append(tuple((len(each.for_share), len(each.for_course)) for each in taken))
        raise Undone
    return found[0], found[-1]


def test_other_sessions_than_those_looked_at_are_not_drawn(clinic):
    planned(clinic)
    with clinic.reading(clinic.supervisor) as work:
        seen = preview(work, therapist_in(work, clinic), HALF, (FIRST_DAY, clinic.today), SEED)
    before = contents(clinic.database)

    with pytest.raises(RuleBroken, match="You have not looked"):
        drawn(clinic, looked_at=seen.mark + 1)

    assert contents(clinic.database) == before
    drawn(clinic, looked_at=seen.mark)


def test_a_self_rating_does_not_take_a_session_out_of_the_draw(clinic):
    planned(clinic, Plan(100))
    for session in slots_of(clinic, clinic.course):
        rate(clinic, session, clinic.therapist, 3, role="self", selection=None)

    draw_id = drawn(clinic)

    with clinic.reading(clinic.supervisor) as work:
        assert len(work.session.get(SampleDraw, draw_id).drawn) == 6


def test_the_share_of_a_new_therapist_ends_with_the_day_that_the_plan_names(clinic):
    until = FIRST_DAY + timedelta(weeks=1)
    plan = Plan(0, new_extra=100, new_until=until)
    planned(clinic, plan)

    with clinic.reading(clinic.supervisor) as work:
        row = work.session.get(SampleDraw, drawn(clinic))

    new = {each["key"] for each in row.frame if each["new"]}
    assert len(new) == 2
    assert set(row.drawn) == new


def test_the_first_sessions_are_the_therapists_first_not_those_of_the_days(clinic):
    plan = Plan(0, new_extra=100, new_first=2)

    with clinic.reading(clinic.supervisor) as work:
        later = FIRST_DAY + timedelta(weeks=1)
        found = preview(work, therapist_in(work, clinic), plan, (later, clinic.today), SEED)

    assert found.total == 1


@pytest.mark.parametrize(
    ("differs", "field"),
    [
        ({"first": date(2026, 3, 11), "last": date(2026, 3, 10)}, "first"),
        ({"last": date(2026, 3, 12)}, "last"),
        ({"due_on": date(2026, 3, 10)}, "due_on"),
        ({"seed": 10**9}, "seed"),
        ({"first": date(2025, 1, 1), "last": date(2025, 1, 2)}, None),
    ],
)
def test_a_draw_that_cannot_be_is_refused_and_keeps_nothing(clinic, differs, field):
    planned(clinic)
    before = contents(clinic.database)

    with pytest.raises(RuleBroken) as refused:
        drawn(clinic, **differs)

    assert refused.value.field == field
    assert contents(clinic.database) == before


def test_without_a_plan_nothing_can_be_drawn(clinic):
    with pytest.raises(RuleBroken, match="There is no plan"):
        drawn(clinic)


def test_if_the_audit_fails_nothing_is_drawn_and_nobody_asked(clinic):
    planned(clinic)
    before = contents(clinic.database)

    with broken_audit(clinic.database), pytest.raises(Exception, match="audit is gone"):
        drawn(clinic)

    assert contents(clinic.database) == before


def test_a_draw_writes_the_draw_and_the_requests_and_nothing_else(clinic):
    planned(clinic)
    before = contents(clinic.database)

    drawn(clinic)

    changed = differences(before, contents(clinic.database))
    assert sorted(changed) == ["rating_request", "sample_draw"]


def test_a_group_session_is_drawn_as_one_and_counts_once(clinic):
    with clinic.writing(clinic.therapist) as work:
        group = add_group(work, 3)
        add_meeting(work, group, clinic.today)
    planned(clinic, Plan(100))

    draw_id = drawn(clinic)

    with clinic.reading(clinic.supervisor) as work:
        found = stored_draw(work, therapist_in(work, clinic), draw_id)
        asked = work.session.scalars(
            select(RatingRequest).where(RatingRequest.group_session_id.is_not(None))
        ).all()
    groups = [line for line in found.lines if line.session.kind == "group"]
    assert len(groups) == len(asked) == 1
    assert found.is_the_same
    assert seen_of(clinic).total.delivered == 7


def test_coverage_keeps_drawn_chosen_and_not_stated_apart(clinic):
    first, second, third, *_ = slots_of(clinic, clinic.course)
    rate(clinic, first, clinic.supervisor, 3)
    rate(clinic, second, clinic.supervisor, 3, selection="chosen", basis="recall")
    rate(clinic, third, clinic.supervisor, 3, selection=None, basis=None)
    rate(clinic, third, clinic.therapist, 3, role="self")

    found = seen_of(clinic)

    assert found.total == Cover(6, random=1, chosen=1, not_stated=1)
    assert [(b.basis, b.random, b.chosen, b.not_stated) for b in found.by_basis] == [
        ("full_recording", 1, 0, 0),
        ("recall", 0, 1, 0),
        ("not_stated", 0, 0, 1),
    ]
    assert sum(each.delivered for each in found.by_phase.values()) == 6


def test_coverage_stands_against_the_plan_of_each_therapist_in_order_of_name(clinic):
    people = {clinic.therapist.id: "R. Calder", clinic.therapist2.id: "A. Okafor"}
    planned(clinic, Plan(50, {"beginning": 100}))

    found = seen_of(clinic, people)

    second, first = found.by_therapist[1], found.by_therapist[0]
    assert [first.name, second.name] == ["A. Okafor", "R. Calder"]
    assert (first.wanted, first.edition) == (None, None)
    begun = next(each for each in second.by_phase if each.phase == "beginning")
    assert begun.wanted == begun.cover.delivered
    assert second.wanted == sum(each.wanted for each in second.by_phase)


def test_a_draw_of_another_therapist_is_as_one_that_does_not_exist(clinic):
    planned(clinic)
    draw_id = drawn(clinic)
    with clinic.writing() as work:
        work.session.get(SampleDraw, draw_id).therapist_id = clinic.therapist2.id

    for each in (uuid4(), draw_id):
        with clinic.reading(clinic.supervisor) as work, pytest.raises(AccessDenied):
            stored_draw(work, therapist_in(work, clinic), each)


def test_a_proposed_seed_can_be_kept_and_is_hardly_ever_the_same():
    seeds = {propose_seed() for _ in range(50)}

    assert len(seeds) > 45
    assert all(100_000 <= seed <= 999_999 for seed in seeds)
