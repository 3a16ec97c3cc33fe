"""The portfolio on paper and as a table."""

import csv
import io
from dataclasses import replace

import pytest

from ipt_tracker.charts import export
from ipt_tracker.charts.coverage import Seen
from ipt_tracker.clinical.fidelity.portfolio import HeldSession, Period
from ipt_tracker.clinical.fidelity.portfolio_count import count
from ipt_tracker.clinical.fidelity.summary import clustered, summary_of
from ipt_tracker.clinical.fidelity.words import UNVALIDATED
from ipt_tracker.reports.document import LACKING
from ipt_tracker.reports.portfolio import NAME_NOT_PRINTED, NO_CODE, as_pdf, figure_notes
from ipt_tracker.reports.portfolio_file import HEAD, as_csv
from ipt_tracker.reports.portfolio_picture import coverage_of, seen_by_phase
from ipt_tracker.reports.portfolio_tables import (
    BY_PATIENT,
    BY_SESSION,
    INTERVALS,
    areas_table,
    cases_table,
    figures_table,
    phases_table,
    supervision_facts,
)
from tests.factories.pdfs import said, tags
from tests.factories.portfolios import (
    CHOSEN,
    FIRST,
    RANDOM,
    all_sessions,
    case,
    counted,
    few_figures,
    figures,
    portfolio,
)

SPACE = "\N{NO-BREAK SPACE}"


def plain(cells):
    return [tuple(cell.replace(SPACE, " ") for cell in row) for row in cells]


def test_each_case_stands_by_its_code_with_what_was_supervised():
    assert plain(cases_table(counted()).rows) == [
        (
            *("SYN-01", "Grief", "Completed, 5 May 2025", "16", "4", "5", "7", "4 (3)"),
            "20 min, 1 without minutes",
        ),
        ("SYN-02", "Role dispute, Role transition", "Open", "9", "1", "4", "5", "0", "25 min"),
        (
            *("SYN-03", "No focal area yet", "Ended before completion, 5 May 2025"),
            *("0", "0", "0", "0", "0", "–"),
        ),
        ("G-1 (group)", "–", "Open", "5", "1", "–", "1", "1 (1)", "–"),
        ("All", "", "3 cases, 1 group", "30", "6", "9", "13", "5 (4)", "45 min"),
    ]


def test_cases_stand_by_focal_area_and_groups_in_none():
    assert areas_table(counted()).rows == (
        ("Role dispute", "1", "1", "0", "0", "0"),
        ("Grief", "1", "0", "1", "0", "0"),
        ("Role transition", "1", "1", "0", "0", "0"),
        ("No focal area yet", "1", "0", "0", "1", "0"),
        ("All", "3", "1", "1", "1", "0"),
    )


def test_recordings_stand_by_phase_and_add_up():
    assert phases_table(counted()).rows == (
        ("Beginning", "2", "2", "0", "0"),
        ("Middle", "2", "1", "1", "0"),
        ("Termination", "1", "1", "0", "0"),
        ("All", "5", "4", "1", "0"),
    )


def test_supervision_is_individual_and_group_apart():
    pairs = plain(supervision_facts(counted()).pairs)

    assert pairs == [
        ("Individual", "1 meeting, 50 min"),
        ("Group", "1 meeting, 1 h 30 min"),
        ("Together", "2 h 20 min"),
        ("Of these on own cases", "45 min noted; 1 more without minutes"),
        ("Self-ratings", "9 of 30 sessions held"),
    ]


def test_a_mean_of_too_few_sessions_is_hidden_and_its_n_is_not():
    full, few = plain(figures_table([figures(), few_figures()]).rows)

    assert full[:4] == ("Full recording, drawn at random", "5", "3", "84")
    assert full[5] == "3.34"
    assert few == (
        *("Part of the recording, chosen", "2", "1"),
        *("too few to say (2)", "–", "too few to say (2)", "–", "–"),
    )


def test_the_interval_is_the_one_that_allows_for_patients_where_there_is_one():
    found = figures()
    (row,) = plain(figures_table([found]).rows)
    wide = found.quality_clustered

    assert row[6:] == (f"{wide.low:.2f} to {wide.high:.2f}", "by patient")
    assert wide.low < found.quality.low


def by_session():
    """Six sessions of two patients: too few for an interval that allows for patients."""
    quality = {"a": [3.0, 3.5, 4.0], "b": [2.5, 3.0, 3.5]}
    return replace(
        figures("live", "chosen", "Live, chosen"),
        sessions=6,
        sealed=0,
        patients=2,
        adherence=summary_of([100.0] * 6),
        quality=summary_of(v for own in quality.values() for v in own),
        adherence_clustered=clustered({"a": [100.0] * 3, "b": [100.0] * 3}),
        quality_clustered=clustered(quality),
    )


def test_each_row_says_which_interval_it_has_and_one_without_spread_has_none():
    (row,) = plain(figures_table([by_session()]).rows)

    assert row[3:5] == ("100", "all alike, no interval")
    assert row[7] == "by session"
    rows = cells(portfolio(figures=(by_session(),)))
    same = value(rows, part="figure", what="adherence")
    assert (same["value"], same["low_95"], same["interval"]) == (
        *("100.0", ""),
        "all alike, no interval",
    )
    assert value(rows, part="figure", what="quality")["interval"] == "by session"


@pytest.mark.parametrize(
    ("rows", "kinds"),
    [
        ((by_session(),), [BY_SESSION]),
        ((figures(),), [BY_PATIENT]),
        ((figures(), by_session()), [BY_PATIENT, BY_SESSION]),
        ((few_figures(),), []),
    ],
)
def test_the_notes_explain_the_intervals_that_stand_there_and_no_other(rows, kinds):
    notes = figure_notes(portfolio(figures=rows))

    assert [note for note in notes if note in INTERVALS.values()] == [INTERVALS[k] for k in kinds]


def test_it_says_whose_view_it_is_and_again_above_the_signatures_where_ratings_are_left_out():
    whose = "As seen by I. Marlowe, supervisor."
    left_out = said(as_pdf(portfolio()))
    whole = said(as_pdf(portfolio(figures=(few_figures(),), viewer="R. Calder")))

    assert left_out.count(f"{whose} Left out of adherence and quality: 1 session") == 2
    assert "they submit or waive their own. R. Calder, therapist: signature" in left_out
    assert whole.count("As seen by R. Calder, supervisor. No rating is sealed") == 1
    rows = cells(portfolio())
    assert value(rows, what="seen_by")["value"] == "I. Marlowe"
    assert value(rows, what="sealed_to_this_reader")["value"] == "1"


def test_the_document_holds_every_part_and_where_it_comes_from():
    text = said(as_pdf(portfolio()))

    for part in (
        *("R. Calder", "all records", "Newest entry 2 Jun 2025", "SYN-01", "G-1 (group)"),
        *("1 h 30 min", "Self-ratings 9 of 30 sessions held", "report in supervision 1"),
        *("The pace of the ending", "written by I. Marlowe on 2 Jun 2025. For ISIPT."),
        *("R. Calder, therapist: signature, date", "Supervisor: name, signature, date"),
        *("No line says that a requirement is met", "IPT Tracker 0.1", "Not a certificate."),
        *(UNVALIDATED, "1 session whose ratings stay sealed", "within 28 days after it"),
        *("Page 1 of", "too few to say (2)", "(Webb, DeRubeis and Barber 2010)"),
    ):
        assert part in text, part


def test_the_tables_of_the_document_are_tagged_as_tables():
    names = [name for name, _ in tags(as_pdf(portfolio()))]

    assert names.count("/Table") == 5
    assert names.count("/H1") == 1
    assert names.count("/H2") == 7


def test_a_portfolio_without_anything_can_be_printed():
    text = said(
        as_pdf(
            portfolio(
                counted=count([], [], [], []),
                figures=(),
                sessions=(),
                editions=(),
                newest=None,
            )
        )
    )

    assert "Nothing is recorded yet." in text
    assert "No session was rated by the supervisor of its case." in text
    assert "No report text has been written." in text


def test_a_long_portfolio_repeats_the_heads_of_its_tables():
    cases = [case(f"SYN-{n:03}") for n in range(90)]
    text = said(as_pdf(portfolio(counted=count(cases, [], [], []))))

    assert text.count("Recordings (drawn)") >= 3
    assert "SYN-089" in text


@pytest.mark.parametrize(
    "name",
    [
        "#sys.inputs *bold* $x$ <b>",
        '#read("/etc/passwd")',
        "N" * 120,
    ],
)
def test_a_hostile_name_is_printed_as_the_text_that_it_is(name):
    content = as_pdf(portfolio(name=name))

    assert "".join(name.split()) in "".join(said(content).split())
    assert NAME_NOT_PRINTED not in said(content)


@pytest.mark.parametrize(("code", "stands"), [("TH-01", "TH-01"), ("", NO_CODE)])
def test_a_name_that_cannot_be_printed_whole_gives_way_to_the_code_and_says_so(code, stands):
    text = said(as_pdf(portfolio(name="山田 Ann", code=code)))

    assert f"{stands}, therapist: signature, date" in text
    assert NAME_NOT_PRINTED in text
    assert "Ann" not in text
    assert LACKING not in text


def cells(facts):
    content = as_csv(facts).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content, newline="")))


def value(rows, **of):
    (row,) = (row for row in rows if all(row[k] == v for k, v in of.items()))
    return row


def test_the_table_holds_plain_values_of_one_shape():
    rows = cells(portfolio())

    assert tuple(rows[0]) == HEAD
    assert value(rows, part="case", of="SYN-01", what="held")["value"] == "16"
    assert value(rows, part="case", of="SYN-01", what="ended_on")["value"] == "2025-05-05"
    assert value(rows, part="case", of="SYN-02", what="focal_areas")["value"] == (
        "dispute; role_transition"
    )
    assert value(rows, part="supervision", of="group", what="time")["value"] == "90"
    assert value(rows, part="recordings", of="middle", what="chosen")["value"] == "1"
    assert value(rows, part="rated_otherwise", of="report_in_supervision")["value"] == "1"
    assert value(rows, part="self_ratings")["value"] == "9"


def test_a_figure_of_the_table_has_its_n_and_interval_and_none_under_the_minimum():
    rows = cells(portfolio())
    full = value(rows, part="figure", of="full_recording/random", what="adherence")
    few = value(rows, part="figure", of="part_recording/chosen", what="adherence")

    assert (float(full["value"]), full["unit"], full["n"]) == (pytest.approx(84.0), "percent", "5")
    assert float(full["low_95"]) < 84 < float(full["high_95"])
    assert (full["low_95"], full["interval"]) == ("65.9", "by patient")
    assert (few["value"], few["n"], few["low_95"]) == ("", "2", "")
    assert few["interval"] == "too few to say (2)"


def test_names_and_texts_of_the_table_are_no_formulas():
    rows = cells(portfolio(name="=cmd|' /C calc'!A0", code="@TH"))

    assert value(rows, part="about", what="therapist")["value"] == "'=cmd|' /C calc'!A0"
    assert value(rows, part="about", what="therapist_code")["value"] == "'@TH"


def test_the_table_says_which_time_it_covers():
    rows = cells(portfolio(period=Period(FIRST, None)))

    assert value(rows, part="about", what="period_from")["value"] == "2025-01-06"
    assert value(rows, part="about", what="period_to")["value"] == ""


def test_the_picture_has_a_mark_for_each_session_held_and_its_words():
    drawn = coverage_of(all_sessions())
    alt = [words for name, words in tags(as_pdf(portfolio())) if name == "/Figure"]

    assert {row.name: (row.rated, len(row.sessions)) for row in drawn.rows} == {
        "Beginning": (3, 12),
        "Middle": (2, 14),
        "Termination": (1, 4),
    }
    assert drawn.verdict == "The supervisor of the case rated 6 of 30 sessions."
    assert alt == [export.alt(drawn)]


def test_a_session_with_two_ratings_has_the_mark_for_two():
    (row,) = coverage_of([HeldSession("A", "middle", FIRST, (RANDOM, CHOSEN))]).rows

    assert row.sessions == (Seen.RANDOM,)
    assert row.twice == (0,)


def test_more_sessions_than_can_be_seen_are_not_drawn():
    assert seen_by_phase([HeldSession("A", "middle", FIRST)] * 401) == ()
