"""Each protocol's phase map at its edges, and kinds that do not follow it."""

import pytest

from ipt_tracker.clinical.course.kinds import Kind, kind_of
from ipt_tracker.clinical.course.phases import Phase, PhaseMap
from ipt_tracker.clinical.course.protocols import PROTOCOLS, Certainty, custom_phase_map
from ipt_tracker.clinical.rules import RuleBroken


@pytest.mark.parametrize(
    ("protocol", "ends"),
    [
        ("IPT-PTSD-14", (3, 11, 14)),
        ("IPT-PTSD-16", (3, 13, 16)),
        ("IPT-16", (4, 12, 16)),
        ("IPT-G-PTSD-16", (4, 13, 16)),
        ("IPT-B-8-maintenance", (2, 6, 8)),
    ],
)
def test_each_phase_ends_where_the_protocols_source_ends_it(protocol, ends):
    phases = PROTOCOLS[protocol].phase_map
    beginning_to, middle_to, planned = ends

    assert phases.phase_of("individual", 1) is Phase.BEGINNING
    assert phases.phase_of("individual", beginning_to) is Phase.BEGINNING
    assert phases.phase_of("individual", beginning_to + 1) is Phase.MIDDLE
    assert phases.phase_of("group", middle_to) is Phase.MIDDLE
    assert phases.phase_of("group", middle_to + 1) is Phase.TERMINATION
    assert phases.phase_of("individual", planned) is Phase.TERMINATION
    assert phases.phase_of("individual", planned + 1) is Phase.EXTENSION
    assert phases.planned == PROTOCOLS[protocol].planned_sessions == planned


@pytest.mark.parametrize("number", [1, 9, 400])
@pytest.mark.parametrize(
    ("kind", "phase"),
    [
        ("maintenance", Phase.MAINTENANCE),
        ("engagement", Phase.ENGAGEMENT),
        ("extension", Phase.EXTENSION),
        ("pre_group_individual", Phase.BEGINNING),
        ("mid_group_individual", Phase.MIDDLE),
        ("post_group_individual", Phase.TERMINATION),
    ],
)
def test_a_kind_with_its_own_counter_has_its_phase_whatever_the_number(kind, phase, number):
    assert PROTOCOLS["IPT-B-8-maintenance"].phase_map.phase_of(kind, number) is phase


@pytest.mark.parametrize(
    ("counted", "phase"), [(None, Phase.BEGINNING), (3, Phase.BEGINNING), (4, Phase.MIDDLE)]
)
def test_a_conjoint_session_takes_the_phase_of_the_session_before_it(counted, phase):
    phases = PROTOCOLS["IPT-PTSD-14"].phase_map

    assert phases.phase_of("conjoint", 12, counted=counted) is phase


@pytest.mark.parametrize(
    ("planned", "spans"),
    [
        (1, {"beginning": [1, 1]}),
        (2, {"beginning": [1, 1], "termination": [2, 2]}),
        (3, {"beginning": [1, 1], "middle": [2, 2], "termination": [3, 3]}),
        (6, {"beginning": [1, 2], "middle": [3, 4], "termination": [5, 6]}),
        (11, {"beginning": [1, 2], "middle": [3, 9], "termination": [10, 11]}),
        (12, {"beginning": [1, 3], "middle": [4, 9], "termination": [10, 12]}),
        (20, {"beginning": [1, 3], "middle": [4, 17], "termination": [18, 20]}),
    ],
)
def test_any_number_of_sessions_has_a_proposed_map(planned, spans):
    assert custom_phase_map(planned).as_json() == spans


def test_the_proposed_map_covers_every_session_once_and_ends_with_the_contract():
    for planned in range(1, 105):
        spans = custom_phase_map(planned).spans
        numbers = [n for span in spans for n in range(span.first, span.last + 1)]
        assert numbers == list(range(1, planned + 1))


@pytest.mark.parametrize("planned", [0, -3, 105])
def test_a_contract_without_sessions_or_of_many_years_is_refused(planned):
    with pytest.raises(RuleBroken, match=f"{planned} sessions cannot be planned") as broken:
        custom_phase_map(planned)

    assert broken.value.field == "planned_sessions"


@pytest.mark.parametrize(
    ("spans", "words"),
    [
        ({"beginning": [1, 3], "middle": [3, 11]}, "middle starts at session 3"),
        ({"beginning": [3, 1]}, "cannot run from session 3 to 1"),
        ({"opening": [1, 3]}, "opening is not a phase"),
    ],
)
def test_a_map_that_cannot_be_is_refused(spans, words):
    with pytest.raises(RuleBroken, match=words):
        PhaseMap.from_json(spans)


def test_a_map_survives_being_written_and_read():
    for protocol in PROTOCOLS.values():
        assert PhaseMap.from_json(protocol.phase_map.as_json()) == protocol.phase_map


def test_every_protocol_says_where_it_comes_from_and_how_sure_that_is():
    for protocol in PROTOCOLS.values():
        assert len(protocol.source) > 20
        assert protocol.certainty in Certainty


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("group", Kind.GROUP),
        ("Pre-group", Kind.PRE_GROUP),
        ("pregroup_individual", Kind.PRE_GROUP),
        ("post_group_individual", Kind.POST_GROUP),
        ("walk in the park", None),
    ],
)
def test_a_kind_is_known_in_its_usual_spellings(text, kind):
    assert kind_of(text) is kind


def test_the_ending_is_called_termination_in_records_and_ending_on_pages():
    assert (Phase.TERMINATION.value, Phase.TERMINATION.label) == ("termination", "Termination")
    assert (Phase.TERMINATION.short, Phase.TERMINATION.words) == ("Ending", "ending phase")


def test_a_session_with_its_own_counter_is_named_apart_from_the_contracts():
    assert [Kind.INDIVIDUAL.short(11), Kind.MAINTENANCE.short(2)] == ["11", "M2"]
