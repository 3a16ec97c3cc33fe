"""Which focal areas a clinic offers, and how a search finds them in any school's words."""

import pytest

from ipt_tracker.clinical.course.area_list import AreaList, check_areas
from ipt_tracker.clinical.course.focal_areas import FOCAL_AREAS
from ipt_tracker.clinical.rules import RuleBroken

OWN = AreaList(("grief", "dispute"), {"grief": ("loss work",)}, ("Loneliness after moving",))


def test_without_a_choice_the_four_areas_of_the_field_are_offered():
    assert AreaList.from_json(None).codes == frozenset(FOCAL_AREAS)


def test_an_area_that_is_not_offered_cannot_be_taken_up_and_one_of_the_clinics_own_can():
    assert OWN.codes == {"grief", "dispute", "loneliness_after_moving"}


def test_a_list_comes_back_from_the_store_as_it_was():
    assert AreaList.from_json(OWN.to_json()) == OWN


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("bereavement", {"grief"}),
        ("Complicated Bereavement", {"grief"}),
        ("interpersonal role dispute", {"dispute"}),
        ("isolation", {"sensitivity"}),
        ("deficits", {"sensitivity"}),
        ("life change", {"role_transition"}),
        ("loss work", {"grief"}),
        ("loneliness", {"loneliness_after_moving"}),
        ("role", {"dispute", "role_transition"}),
        ("gr", set()),
        ("", set()),
        ("nobody says this", set()),
    ],
)
def test_an_area_is_found_by_any_name_also_one_that_is_not_offered(text, codes):
    assert OWN.matching(text) == codes


@pytest.mark.parametrize(
    ("areas", "field", "message"),
    [
        (AreaList(()), "focal_areas_offered", "Offer at least one focal area."),
        (AreaList(own=("Bereavement",)), "own_areas", "“Bereavement” is a name of Grief."),
        (AreaList(own=("Faith", "faith")), "own_areas", "“faith” is there twice."),
        (AreaList(own=("x" * 61,)), "own_areas", "60 letters at most"),
        (AreaList(called={"grief": ("isolation",)}), "called_grief", "a name of Interpersonal"),
    ],
)
def test_a_list_that_cannot_be_names_the_field(areas, field, message):
    with pytest.raises(RuleBroken) as broken:
        check_areas(areas)

    assert broken.value.field == field
    assert message in broken.value.message


def test_a_list_that_can_be_is_kept():
    check_areas(OWN)
