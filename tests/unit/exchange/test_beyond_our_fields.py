"""Groups, extensions and raters: what a bundle says of them is understood or quietly kept."""

import json
from datetime import date

import pytest

from tests.factories import report_bundles

GROUP, EXTENDED = report_bundles.group, report_bundles.extended


@pytest.fixture
def only(bundle, read_back):
    """Read one case in place of the small one, with no warning left."""

    def read(case):
        bundle["cases"] = [case]
        result = read_back()
        assert result.warnings == ()
        return result.cases[0]

    return read


@pytest.mark.parametrize(
    ("spelled", "kind"),
    [
        ("Pre-group individual session", "pre_group_individual"),
        ("pre group", "pre_group_individual"),
        ("pregroup interview", "pre_group_individual"),
        ("individual_pre", "pre_group_individual"),
        ("individual (pre-group)", "pre_group_individual"),
        ("mid-group individual", "mid_group_individual"),
        ("Midgroup meeting", "mid_group_individual"),
        ("individual post-group", "post_group_individual"),
        ("post_group_individual", "post_group_individual"),
        ("group session", "group"),
        ("Group", "group"),
        ("individual session", "individual"),
        ("extension session", "extension"),
        ("engagement visit", "engagement"),
    ],
)
def test_a_kind_is_known_in_its_usual_spellings(bundle, read_back, spelled, kind):
    bundle["cases"][0]["sessions"][0]["kind"] = spelled

    assert read_back().cases[0].sessions[0].kind == kind


@pytest.mark.parametrize("spelled", ["pre-natal group", "walk", "", "session"])
def test_a_kind_that_only_sounds_like_one_is_listed(bundle, read_back, spelled):
    bundle["cases"][0]["sessions"][2]["kind"] = spelled

    assert f'unknown code "{spelled}"' in read_back().warnings[0]


@pytest.mark.parametrize(
    ("word", "phase"),
    [
        ("initial", "beginning"),
        ("Intermediate", "middle"),
        ("concluding", "termination"),
        ("pre-group", "beginning"),
        ("mid_group", "middle"),
        ("post group", "termination"),
        ("extension", "extension"),
    ],
)
def test_a_phase_is_known_by_the_synonyms_of_the_field(bundle, read_back, word, phase):
    bundle["cases"][0]["sessions"][0]["phase"] = word

    result = read_back()

    assert result.warnings == ()
    assert result.cases[0].sessions[0].phase == phase


def test_a_map_with_meetings_around_the_group_keeps_the_groups_own_phases(only):
    contract = only(GROUP()).contract

    assert contract.phase_map.as_json() == {
        "beginning": [1, 2],
        "middle": [3, 4],
        "termination": [5, 6],
    }
    assert '"pre_group":[1,2]' in next(k.text for k in contract.extra if k.key == "phases")


def test_phases_that_count_from_one_again_stand_beside_the_map(only):
    case = EXTENDED()
    case["contract"]["phases"] |= {"engagement": [1, 1], "maintenance": [1, 3]}

    contract = only(case).contract

    assert list(contract.phase_map.as_json()) == ["beginning", "middle", "termination"]
    assert '"maintenance":[1,3]' in next(k.text for k in contract.extra if k.key == "phases")


def test_an_extension_has_a_place_in_the_map(only):
    assert only(EXTENDED()).contract.phase_map.as_json()["extension"] == [9, 11]


def test_one_phase_under_two_names_is_listed(bundle, read_back):
    bundle["cases"][0]["contract"]["phases"]["ending"] = [15, 16]

    result = read_back()

    assert result.warnings == (
        'SYN-01 contract.phases: the phase "ending" is not known, kept as text',
    )
    assert result.cases[0].contract.phase_map.as_json()["termination"] == [12, 14]


def test_a_spell_says_why_of_what_and_why_it_ended(only):
    (spell,) = only(EXTENDED()).focal_areas

    assert (spell.detail, spell.reason, spell.end_reason) == (
        "his death, never spoken of",
        "onset within weeks of it",
        "mourned",
    )
    assert [(k.key, k.text) for k in spell.extra] == [("person", '"a brother"')]


@pytest.mark.parametrize("odd", [["a", "list"], "x" * 301, 7])
def test_a_detail_of_another_shape_is_kept_as_text(only, odd):
    case = EXTENDED()
    case["focal_areas"][0]["detail"] = odd

    (spell,) = only(case).focal_areas

    assert spell.detail is None
    assert json.loads(next(k.text for k in spell.extra if k.key == "detail")) == odd


def test_a_spell_that_ends_in_the_extension_ends_on_that_day(only):
    (spell,) = only(EXTENDED()).focal_areas

    # Session 11 is the second of the extension: nine were held before it.
    assert (spell.opened_on, spell.closed_on) == (date(2025, 2, 10), date(2025, 5, 26))


def test_a_spell_counts_the_groups_sessions_and_zero_is_the_first_appointment(only):
    (spell,) = only(GROUP()).focal_areas

    assert (spell.opened_on, spell.closed_on) == (date(2025, 2, 3), date(2025, 4, 14))


def test_everybody_who_leads_beside_the_therapist_is_named_once(only):
    case = GROUP()
    case["group"]["leaders"] = ["TH-09", "TH-06", "TH-07"]

    read = only(case)

    assert (read.therapist, read.co_therapists) == ("TH-09", ("TH-06", "TH-07"))


def test_other_members_are_counted_in_a_members_course_and_never_named(only):
    read = only(GROUP())

    kept = {k.key: k.text for k in (*read.extra, *(k for s in read.sessions for k in s.extra))}
    assert json.loads(kept["group"])["members"] == 2
    assert kept["members_present"] == "2"
    assert "M-2" not in str(kept)
    assert "M-2" in read.content  # the file, word for word, still says it


@pytest.mark.parametrize(
    "value", ["a group of seven", 7, ["TH-06"], {"id": "G-1", "leaders": "TH-06"}]
)
def test_a_group_may_be_said_in_any_shape(only, value):
    case = GROUP() | {"group": value}

    read = only(case)

    assert json.loads(next(k.text for k in read.extra if k.key == "group")) == value


def test_what_a_file_says_of_its_groups_as_a_whole_is_kept(bundle, read_back):
    bundle["group"] = {"members": ["M-2", "M-3", "M-4"], "leaders": ["TH-06"]}

    result = read_back()

    assert result.warnings == ()
    assert [json.loads(k.text) for k in result.extra] == [{"leaders": ["TH-06"], "members": 3}]


def test_who_rated_and_how_is_kept_with_the_rating(only):
    ratings = only(EXTENDED()).sessions[7].ratings

    assert [k.key for k in ratings[1].extra] == ["role", "blind"]
    assert ratings[0].amendments[0].field == "items.F01.q"


@pytest.mark.parametrize("words", ["weekly, then fortnightly", "Twice weekly then weekly"])
def test_a_spacing_that_changes_on_the_way_is_known_by_its_parts(only, words):
    case = EXTENDED()
    case["contract"]["frequency"] = words

    assert only(case).contract.frequency == words


def test_days_of_the_contract_become_dates(only):
    case = EXTENDED()
    case["contract"]["end_day"] = 70

    contract = only(case).contract

    assert (contract.agreed_on, contract.ends_on) == (date(2025, 2, 10), date(2025, 4, 14))
