"""Item sets on a site: loaded from a file for good, chosen for new ratings, kept by old ones."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from ipt_tracker.clinical.fidelity.file_reading import FaultsFound
from ipt_tracker.clinical.fidelity.item_set import OWN_SET, example_text, own_item_set
from ipt_tracker.clinical.fidelity.lines import CONVENTIONS, Lines
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import AccessDenied
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import FidelityItemSet
from ipt_tracker.services.clinic_settings import (
    ITEM_SET,
    LINES,
    change_settings,
    fidelity_lines,
    item_set_ref,
    version,
)
from ipt_tracker.services.fidelity.item_sets import (
    LARGEST_FILE,
    UnknownItemSetError,
    item_set_for,
    list_item_sets,
    load_item_set,
    look_at_file,
    set_in_use,
)
from ipt_tracker.services.unit_of_work import writing
from tests.factories.audit import broken_audit
from tests.factories.rated import rate, slots_of
from tests.factories.stores import on_every_engine
from tests.factories.tables import audit_rows, contents

REF = "example-set@1"


def a_file(**changes):
    return json.dumps(json.loads(example_text()) | changes).encode()


def load(clinic, **changes):
    with clinic.writing(clinic.admin) as work:
        return load_item_set(work, a_file(**changes))


def choose(clinic, name, value, later=1):
    now = clinic.now + timedelta(minutes=later)
    with writing(clinic.database, clinic.admin.actor(), now, clinic.today) as work:
        return change_settings(work, {name: value}, version(work))


def test_new_ratings_use_the_own_set_until_a_clinic_chooses_another(clinic):
    with clinic.reading(clinic.therapist) as work:
        assert set_in_use(work) == own_item_set()
        assert item_set_for(work, OWN_SET) == own_item_set()


@on_every_engine
def test_a_loaded_set_is_kept_and_audited_and_used_only_once_chosen(clinic):
    found = load(clinic)

    with clinic.reading(clinic.therapist) as work:
        assert item_set_for(work, REF) == found
        assert set_in_use(work).ref == OWN_SET
    rows = audit_rows(clinic.database)
    assert [r.details for r in rows if r.event == Event.ITEM_SET_LOADED] == [{"ref": REF}]
    assert choose(clinic, ITEM_SET, REF) == (ITEM_SET,)
    with clinic.reading(clinic.therapist) as work:
        assert set_in_use(work) == found
        assert item_set_ref(work) == REF


def test_two_versions_of_a_set_stand_side_by_side(clinic):
    first, second = load(clinic), load(clinic, version="2", name="A later name")

    with clinic.reading(clinic.therapist) as work:
        assert item_set_for(work, "example-set@1").name == first.name
        assert item_set_for(work, "example-set@2").name == second.name


def test_a_version_that_is_loaded_never_changes(clinic):
    load(clinic)

    with pytest.raises(RuleBroken, match="a version never changes"):
        load(clinic, name="Another name")
    with clinic.reading(clinic.therapist) as work:
        assert item_set_for(work, REF).name == "Name of the item set"


def test_nobody_can_put_another_set_under_the_own_key(clinic):
    with pytest.raises(RuleBroken, match="the project's own"):
        load(clinic, key="ipt-tracker-14", version="2")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "Line 1, column 1: this is not JSON"),
        (b"{", "Line 1, column 2: this is not JSON"),
        (b"[1]", "File: it must be one entry with names and values, in { }."),
        (b'{"key": 1, "key": 2}', "key"),
        (b"\xff\xfe\x00", "The file: it is not text in UTF-8."),
        (b"[" * 50_000, "The file: it is nested too deeply"),
        (b" " * (LARGEST_FILE + 1), "File: it is larger than 100 kB."),
    ],
)
def test_what_is_no_item_set_at_all_is_refused_with_the_place(clinic, data, sentence):
    with clinic.reading(clinic.admin) as work, pytest.raises(RuleBroken) as refused:
        look_at_file(work, data)

    assert sentence in refused.value.message


def test_a_file_that_is_wrong_in_several_places_names_them_all_and_keeps_nothing(clinic):
    before = contents(clinic.database)

    with pytest.raises(FaultsFound) as refused:
        load(clinic, owner="", notice="")

    assert len(refused.value.faults) == 2
    assert contents(clinic.database) == before


def test_looking_at_a_file_keeps_nothing_and_gives_what_can_be_loaded(clinic):
    before = contents(clinic.database)
    with clinic.reading(clinic.admin) as work:
        found, content = look_at_file(work, a_file())
    assert contents(clinic.database) == before

    with clinic.writing(clinic.admin) as work:
        assert load_item_set(work, content.encode()) == found


def test_if_the_audit_fails_no_set_is_kept(clinic):
    before = contents(clinic.database)

    with broken_audit(clinic.database), pytest.raises(Exception, match="audit is gone"):
        load(clinic)

    assert contents(clinic.database) == before


@pytest.mark.parametrize("who", ["therapist", "supervisor"])
def test_sets_are_loaded_and_listed_by_administrators_alone(clinic, who):
    person = getattr(clinic, who)
    with pytest.raises(AccessDenied), clinic.writing(person) as work:
        load_item_set(work, a_file())
    with pytest.raises(AccessDenied), clinic.reading(person) as work:
        list_item_sets(work)
    with pytest.raises(AccessDenied), clinic.reading(person) as work:
        look_at_file(work, a_file())


def test_the_list_counts_the_ratings_made_with_each_set(clinic):
    rate(clinic, slots_of(clinic, clinic.course)[0], clinic.supervisor, 3, 4)
    load(clinic)
    choose(clinic, ITEM_SET, REF)

    with clinic.reading(clinic.admin) as work:
        own, other = list_item_sets(work)

    assert (own.item_set.ref, own.ratings, own.in_use, own.loaded_by) == (OWN_SET, 1, False, None)
    assert (other.item_set.ref, other.ratings, other.in_use) == (REF, 0, True)
    assert other.loaded_by == "S. Lindqvist"


def test_a_set_that_is_not_there_cannot_be_chosen_nor_read(clinic):
    with pytest.raises(RuleBroken):
        choose(clinic, ITEM_SET, "other@1")
    with clinic.reading(clinic.therapist) as work, pytest.raises(UnknownItemSetError):
        item_set_for(work, "other@1")


@on_every_engine
def test_what_was_loaded_can_be_read_as_it_was_written(clinic):
    load(clinic)

    with clinic.reading(clinic.admin) as work:
        row = work.session.scalars(select(FidelityItemSet)).one()

    assert row.content == json.loads(example_text())


def test_the_lines_are_conventions_until_a_clinic_chooses_others(clinic):
    with clinic.reading(clinic.therapist) as work:
        assert fidelity_lines(work) == CONVENTIONS

    assert choose(clinic, LINES, {"quality": 3.4, "adherence": 75.0}) == (LINES,)

    with clinic.reading(clinic.therapist) as work:
        assert fidelity_lines(work) == Lines(3.4, 75.0)


def test_a_line_off_its_scale_is_not_kept(clinic):
    with pytest.raises(RuleBroken):
        choose(clinic, LINES, {"quality": 7, "adherence": 75})
    with clinic.reading(clinic.therapist) as work:
        assert fidelity_lines(work) == CONVENTIONS
