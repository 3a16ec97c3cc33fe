"""Drafts: kept for their writer alone, never over one that the page has not seen."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.persistence.models import AuditEntry, Draft
from ipt_tracker.services.drafts import (
    MOST_SIGNS,
    Key,
    NewerDraft,
    Place,
    discard_draft,
    drafts_of,
    find_draft,
    keep_draft,
    let_go,
    pairs_of,
    seen,
)
from ipt_tracker.services.handovers import transfer
from tests.factories.stores import on_every_engine
from tests.integration.services.test_changes import opened

PAIRS = (("note", "came in lighter"), ("tasks", "a"), ("tasks", "b"))


@pytest.fixture
def place(clinic):
    address = f"/courses/{clinic.course.id}/sessions/new"
    return Place(address, "The next session", clinic.course.id)


def key_of(clinic, window="first", known=""):
    return Key(clinic.therapist.id, window, known)


def keep(clinic, place, key, pairs=PAIRS):
    with clinic.writing(clinic.therapist) as work:
        return seen(keep_draft(work, place, pairs, key))


def kept(clinic, place, person=None):
    with clinic.reading(person or clinic.therapist) as work:
        draft = find_draft(work, place.address)
        return draft and pairs_of(draft)


@on_every_engine
def test_what_is_typed_is_kept_and_replaced_by_what_is_typed_next(clinic, place):
    first = keep(clinic, place, key_of(clinic))

    keep(clinic, place, key_of(clinic, known=first), (("note", "lighter, and slept"),))

    assert kept(clinic, place) == (("note", "lighter, and slept"),)
    with clinic.reading() as work:
        assert len(work.session.scalars(select(Draft)).all()) == 1


@on_every_engine
def test_a_window_that_has_not_seen_the_newest_draft_does_not_replace_it(clinic, place):
    first = keep(clinic, place, key_of(clinic))
    second = key_of(clinic, "second", first)
    newest = keep(clinic, place, second, (("note", "from the second window"),))

    with pytest.raises(NewerDraft) as found:
        keep(clinic, place, key_of(clinic, "third", first), (("note", "late"),))

    assert (found.value.seen, found.value.saved_at) == (newest, clinic.now)
    assert kept(clinic, place) == (("note", "from the second window"),)


def test_the_window_that_kept_a_draft_goes_on_whatever_answer_it_missed(clinic, place):
    keep(clinic, place, key_of(clinic))

    keep(clinic, place, key_of(clinic), (("note", "the answer was lost"),))

    assert kept(clinic, place) == (("note", "the answer was lost"),)


def test_nobody_else_finds_a_draft(clinic, place):
    keep(clinic, place, key_of(clinic))

    others = (clinic.therapist2, clinic.supervisor, clinic.admin)

    assert [kept(clinic, place, person) for person in others] == [None] * 3


def test_what_is_too_long_is_refused_in_plain_words(clinic, place):
    with pytest.raises(RuleBroken, match="more than can be kept"):
        keep(clinic, place, key_of(clinic), (("note", "x" * MOST_SIGNS),))

    assert kept(clinic, place) is None


def test_saving_lets_go_of_the_draft_that_the_page_knows(clinic, place):
    known = keep(clinic, place, key_of(clinic))

    with clinic.writing(clinic.therapist) as work:
        let_go(work, place.address, key_of(clinic, "another", known), ())

    assert kept(clinic, place) is None


def test_saving_leaves_the_draft_of_another_window_that_holds_something_else(clinic, place):
    keep(clinic, place, key_of(clinic))

    with clinic.writing(clinic.therapist) as work:
        let_go(work, place.address, key_of(clinic, "another"), (("note", "other words"),))

    assert kept(clinic, place) == PAIRS


def test_saving_lets_go_of_a_draft_that_holds_just_what_is_saved(clinic, place):
    keep(clinic, place, key_of(clinic))

    with clinic.writing(clinic.therapist) as work:
        let_go(work, place.address, None, tuple(reversed(PAIRS)))

    assert kept(clinic, place) is None


def test_a_draft_that_is_thrown_away_is_written_down_without_its_words(clinic, place):
    keep(clinic, place, key_of(clinic))

    with clinic.writing(clinic.therapist) as work:
        discard_draft(work, place.address)
        discard_draft(work, "/nowhere")

    assert kept(clinic, place) is None
    with clinic.reading() as work:
        entry = work.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry.event == "draft.discarded"
    assert "lighter" not in str(entry.details)


def test_the_list_names_each_draft_of_a_course_that_is_open_to_its_writer(clinic, place):
    keep(clinic, place, key_of(clinic))

    with clinic.reading(clinic.therapist) as work:
        (line,) = drafts_of(work)
    with clinic.reading(clinic.supervisor) as work:
        assert drafts_of(work) == ()

    assert (line.course_id, line.title) == (clinic.course.id, "The next session")
    assert (line.url, line.saved_at) == (place.address, clinic.now)


def test_a_draft_of_a_course_that_was_handed_over_is_not_listed_and_not_lost(clinic, place):
    keep(clinic, place, key_of(clinic))
    with clinic.writing(clinic.therapist) as work:
        transfer(work, opened(work, clinic), clinic.therapist2.id, clinic.today, "a move")

    with clinic.reading(clinic.therapist) as work:
        assert drafts_of(work) == ()

    assert kept(clinic, place) == PAIRS


def test_a_key_reads_back_as_it_was_written(clinic):
    key = Key(clinic.therapist.id, "a1b2", f"{uuid4().hex}-3")

    assert Key.read(str(key)) == key
    assert Key.read("") is None
    assert Key.read("somebody.else") is None
