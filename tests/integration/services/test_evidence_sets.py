"""Evidence sets: who changes them, what is written down, and that nothing is ever overwritten."""

import pytest

from ipt_tracker.clinical.evidence.arm_data import ArmData
from ipt_tracker.clinical.evidence.library import effects
from ipt_tracker.clinical.evidence.own_trials import SOME_WITHOUT
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import AccessDenied
from ipt_tracker.governance.events import Event
from ipt_tracker.services.evidence_sets import (
    CURATE,
    add_trials,
    change_set,
    make_set,
    open_set,
    open_trial,
    read_set,
    restore,
    withdraw,
)
from tests.factories.evidence import arms, entry, evidence_of, trial
from tests.factories.tables import audit_rows


@pytest.fixture
def kept_id(clinic):
    """Give a set with the trial that every test starts from."""
    return evidence_of(clinic)["set_id"]


def add(clinic, kept_id, *trials):
    with clinic.writing(clinic.supervisor) as work:
        add_trials(work, open_set(work, kept_id, CURATE), trials)


def found(clinic, kept_id):
    with clinic.reading(clinic.supervisor) as work:
        return read_set(work, open_set(work, kept_id, CURATE))


def test_a_therapist_cannot_make_a_set(clinic):
    with pytest.raises(AccessDenied), clinic.writing(clinic.therapist) as work:
        make_set(work, entry())


def test_each_act_is_written_down_without_the_words_that_were_typed(clinic, kept_id):
    trial_id = evidence_of(clinic)["trial_id"]
    for act, word in ((withdraw, "counted twice"), (restore, "it was not")):
        with clinic.writing(clinic.supervisor) as work:
            kept = open_set(work, kept_id, CURATE)
            act(work, kept, open_trial(work, kept, trial_id), word)
    with clinic.writing(clinic.admin) as work:
        change_set(work, open_set(work, kept_id, CURATE), entry(why="another reason"))

    rows = [row for row in audit_rows(clinic.database) if row.subject_kind == "evidence_set"]
    assert {row.event for row in rows} == {
        Event.EVIDENCE_SET_MADE,
        Event.EVIDENCE_TRIALS_ADDED,
        Event.EVIDENCE_TRIAL_WITHDRAWN,
        Event.EVIDENCE_TRIAL_RESTORED,
        Event.EVIDENCE_SET_CHANGED,
    }
    assert "twice" not in str([row.details for row in rows])
    assert "another reason" not in str([row.details for row in rows])


def test_what_was_said_and_done_before_stays_readable(clinic, kept_id):
    trial_id = evidence_of(clinic)["trial_id"]
    for act, word in ((withdraw, "first"), (restore, "second"), (withdraw, "third")):
        with clinic.writing(clinic.supervisor) as work:
            kept = open_set(work, kept_id, CURATE)
            act(work, kept, open_trial(work, kept, trial_id), word)
    with clinic.writing(clinic.admin) as work:
        change_set(work, open_set(work, kept_id, CURATE), entry(name="Newer", source="Embase"))

    page = found(clinic, kept_id)
    (row,) = page.trials
    assert [each.reason for each in row.history] == ["first", "second", "third"]
    assert {(e.field, e.old) for e in page.changes} == {
        ("name", "IPT after 2018"),
        ("source", "PubMed and one register"),
    }


def test_two_sets_cannot_have_one_name(clinic, kept_id):
    del kept_id
    with pytest.raises(RuleBroken, match="has this name"), clinic.writing(clinic.admin) as work:
        make_set(work, entry())


def test_a_withdrawn_trial_does_not_count_and_the_published_result_never_moves(clinic, kept_id):
    before = effects()["overall"]
    add(clinic, kept_id, trial("Another", -0.5, 0.2))
    assert found(clinic, kept_id).pooled.grouped.overall.k == 2

    trial_id = found(clinic, kept_id).trials[0].id
    with clinic.writing(clinic.supervisor) as work:
        kept = open_set(work, kept_id, CURATE)
        withdraw(work, kept, open_trial(work, kept, trial_id), "twice")

    page = found(clinic, kept_id)
    assert [each.study for each in page.pooled.effects] == ["Another"]
    assert len(page.trials) == 2
    assert effects()["overall"] == before


def test_comparisons_that_share_an_ipt_arm_do_not_count_its_people_twice(clinic, kept_id):
    first = ArmData("A", 30, 10, 40, 35, 10, 20, shares="x")
    second = ArmData("B", 30, 10, 40, 33, 10, 20, shares="x")
    add(clinic, kept_id, arms(first), arms(second))
    shared = found(clinic, kept_id).pooled.effects[1].se
    alone = arms(ArmData("A", 30, 10, 20, 35, 10, 20))

    add(clinic, kept_id, alone)
    assert shared == pytest.approx(found(clinic, kept_id).pooled.effects[3].se)


def test_an_ipt_arm_that_is_shared_with_other_numbers_is_refused_across_additions(clinic, kept_id):
    add(clinic, kept_id, arms(ArmData("A", 30, 10, 40, 35, 10, 20, shares="x")))

    with pytest.raises(RuleBroken, match="other numbers"):
        add(clinic, kept_id, arms(ArmData("B", 31, 10, 40, 33, 10, 20, shares="x")))


def test_subgroups_that_only_some_trials_name_are_not_pooled_and_the_page_can_say_so(
    clinic, kept_id
):
    add(clinic, kept_id, trial("Another", -0.5, 0.2, subgroup="women"))

    pooled = found(clinic, kept_id).pooled
    assert pooled.note == SOME_WITHOUT
    assert dict(pooled.grouped.subgroups) == {}


def test_a_trial_of_another_set_is_not_reached_through_ones_own(clinic, kept_id):
    del kept_id
    trial_id = evidence_of(clinic)["trial_id"]
    with clinic.writing(clinic.supervisor) as work:
        other = make_set(work, entry(name="Other"))
        with pytest.raises(AccessDenied):
            open_trial(work, other, trial_id)


def test_a_trial_says_whence_it_comes_and_who_was_studied():
    with pytest.raises(RuleBroken, match="source"):
        trial(source=" ")
    with pytest.raises(RuleBroken, match="Who was studied"):
        trial(population="")
