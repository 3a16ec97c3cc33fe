from datetime import date, timedelta
from itertools import product

import pytest

from ipt_tracker.clinical.fidelity.accreditation import CAVEAT, hours, status_lines
from ipt_tracker.clinical.fidelity.portfolio import (
    Case,
    CaseState,
    Discussion,
    HeldSession,
    Look,
    Meeting,
)
from ipt_tracker.clinical.fidelity.portfolio_count import count

DAY = date(2026, 1, 5)
CLAIMS = ("met", "fulfilled", "passed", "qualif", "certified", "satisf", "enough")


def case(owner, state=CaseState.COMPLETED, area="grief", **other):
    more = {"is_group": False, "started_on": DAY, "ended_on": None} | other
    return Case(owner, owner, state=state, areas=(area,), **more)


def session(owner, n, phase="middle", *looks):
    return HeldSession(owner, phase, DAY + timedelta(weeks=n), looks)


def said(counted, asks):
    (line,) = (each for each in status_lines(counted) if each.asks.startswith(asks))
    return line.here.replace("\N{NO-BREAK SPACE}", " ")


def drawn(owner, *phases):
    look = Look("full_recording", "random")
    return [session(owner, n, phase, look) for n, phase in enumerate(phases)]


def test_cases_that_show_all_three_phases_are_counted_of_completed_cases():
    counted = count(
        [case("A"), case("B"), case("C", CaseState.OPEN)],
        [
            *drawn("A", "beginning", "middle", "termination"),
            *drawn("B", "beginning", "middle"),
            *drawn("C", "beginning", "middle", "termination"),
        ],
        [],
        [],
    )

    assert said(counted, "3 supervised cases") == (
        "1 of 2 completed cases with supervised sessions in all three phases"
    )
    assert said(counted, "3 recordings") == "1 of 2 completed cases with 3 or more drawn and rated"


def test_chosen_recordings_are_no_random_draw():
    chosen = Look("full_recording", "chosen")
    counted = count([case("A")], [session("A", n, "middle", chosen) for n in range(5)], [], [])

    assert said(counted, "3 recordings") == "0 of 1 completed case with 3 or more drawn and rated"
    assert said(counted, "Level B: two cases") == (
        "Recordings rated: beginning 0, middle 5, termination 0"
    )


@pytest.mark.parametrize(("n", "cases"), [(11, 0), (12, 1)])
def test_twelve_supervised_sessions_are_counted_from_the_twelfth(n, cases):
    look = Look("live", "chosen")
    counted = count([case("A")], [session("A", each, "middle", look) for each in range(n)], [], [])

    assert said(counted, "12 of 16").startswith(f"{cases} of 1 completed case")


@pytest.mark.parametrize(("minutes", "cases"), [(239, 0), (240, 1)])
def test_four_hours_for_a_case_are_those_that_were_noted(minutes, cases):
    talks = [Discussion("A", DAY, minutes), Discussion("A", DAY)]
    counted = count([case("A")], [], talks, [])

    assert said(counted, "4 hours") == (
        f"{cases} of 1 completed case with 4 h or more noted; 1 discussed without minutes"
    )


def test_meetings_are_said_in_hours_with_individual_ones_apart():
    counted = count([], [], [], [Meeting(is_group=g, minutes=m) for g, m in ((0, 50), (1, 90))])

    assert said(counted, "Level B: 10 hours") == "2 h 20 min in meetings, 50 min individual"


def test_a_group_is_no_case_of_a_focal_area():
    counted = count([case("A"), case("G", is_group=True, area="dispute")], [], [], [])

    assert said(counted, "2 cases or more") == "1 completed case, 1 focal area"


def test_no_line_claims_that_a_requirement_is_met():
    counted = count([case("A")], drawn("A", *["middle"] * 20), [Discussion("A", DAY, 600)], [])
    lines = [each.here.lower() for each in status_lines(counted)]

    assert [(n, c) for n, c in product(lines, CLAIMS) if c in n.split()] == []
    assert "No line says that a requirement is met" in CAVEAT


def test_every_line_says_where_its_requirement_was_read():
    sources = [each.source for each in status_lines(count([], [], [], []))]

    assert all(each.words for each in sources)
    assert all(each.url.startswith("https://") for each in sources if each.url)


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, "0 min"), (50, "50 min"), (60, "1 h"), (750, "12 h 30 min")]
)
def test_minutes_are_said_in_hours(minutes, words):
    assert hours(minutes).replace("\N{NO-BREAK SPACE}", " ") == words
