"""The published evidence on its pages: with source, mark and interval, and for every role."""

import csv
import io

import pytest
from sqlalchemy import select

from ipt_tracker.charts.export import alt
from ipt_tracker.charts.funnel import Funnel
from ipt_tracker.clinical.evidence.inconsistencies import inconsistencies
from ipt_tracker.clinical.evidence.library import effects
from ipt_tracker.clinical.evidence.trials import trials
from ipt_tracker.exchange.tables import BYTE_ORDER_MARK
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import AuditEntry
from ipt_tracker.services.evidence import Drawn, drawing
from tests.factories.pages import read, says
from tests.factories.stores import on_every_engine

URL = "/evidence"
PAGES = (URL, f"{URL}/trials", f"{URL}/notes")
CSV = f"{URL}/download/figures.csv"
EVERYBODY = ("therapist", "therapist2", "supervisor", "admin")


@pytest.fixture
def page(client_of, clinic):
    return read(client_of(clinic.therapist).get(URL))


@pytest.fixture
def comparisons(client_of, clinic):
    return read(client_of(clinic.therapist).get(f"{URL}/trials"))


def table(page, name):
    """Give the rows of the table with this name, cell by cell."""
    (found,) = [each for each in page.all("div") if each.get("aria-label") == f"{name}, table"]
    return [[says(cell) for cell in row] for row in found.findall(".//tbody/tr")]


def row_of(rows, label):
    (found,) = [row for row in rows if row[0].startswith(label)]
    return found


def downloads_of(clinic):
    with clinic.reading() as work:
        of_event = AuditEntry.event == Event.EVIDENCE_DOWNLOADED
        rows = work.session.scalars(select(AuditEntry).where(of_event))
        return [(row.subject_kind, row.patient_id, row.details) for row in rows]


@on_every_engine
@pytest.mark.parametrize("url", [*PAGES, f"{URL}/forest.svg", f"{URL}/funnel.svg", CSV])
@pytest.mark.parametrize("who", EVERYBODY)
def test_everybody_who_signs_in_may_read_the_evidence(client_of, clinic, who, url):
    assert client_of(getattr(clinic, who)).get(url).status_code == 200


@pytest.mark.parametrize("url", [*PAGES, f"{URL}/forest.svg", CSV])
def test_nobody_reads_it_without_signing_in(app, url):
    assert app.test_client().get(url).status_code == 303


@pytest.mark.parametrize("who", EVERYBODY)
def test_the_navigation_leads_there_from_every_role(client_of, clinic, who):
    page = read(client_of(getattr(clinic, who)).get(URL))

    (entry,) = [link for link in page.all("nav//a") if link.get("href") == URL]
    assert (says(entry), entry.get("aria-current")) == ("Evidence", "page")


def test_the_page_begins_with_its_answer_in_words(page):
    assert page.h1 == "Evidence: IPT for PTSD"
    assert "ended with fewer PTSD symptoms than people in the comparison groups" in page.main
    assert "SMD −0.44 (95 % interval −0.69 to −0.19), ten comparisons from nine trials" in page.main
    assert "from 5 to 19 CAPS points" in page.main
    assert "not the same as equal" in page.main


def test_the_table_under_the_forest_plot_tells_printed_from_derived(page):
    rows = table(page, "Pooled effect and subgroups")

    assert row_of(rows, "All comparisons")[1:] == [
        *("−0.44", "−0.69 to −0.19", "0.0005", "0.0006", "0.128"),
    ]
    assert row_of(rows, "12 or fewer")[1:] == ["−0.39", "−0.85 to 0.07", "0.10", "0.10", "0.235"]
    assert row_of(rows, "More than 12")[3:5] == ["0.005", "0.006"]
    assert row_of(rows, "Perinatal")[1:] == ["–"] * 5
    assert "prints no estimate" in row_of(rows, "Perinatal")[0]
    assert "an upper limit of 0.28" in row_of(rows, "Disaster")[0]
    assert "−1.23 to 0.35, a scenario derived here" in page.main


@pytest.mark.parametrize(
    ("group", "p"),
    [("Comparison group", 0.15), ("Length", 0.76), ("Primary diagnosis", 0.57), ("Event", 0.53)],
)
def test_no_subgroup_stands_without_the_test_that_subgroups_differ(page, group, p):
    row = row_of(table(page, "Pooled effect and subgroups"), group)

    assert row == [f"{group}: no evidence that these differ, p = {p} (derived here)"]


def test_the_points_are_shown_at_three_sds_beside_those_printed(page):
    rows = table(page, "Effects in CAPS points")

    assert row_of(rows, "All comparisons")[1:] == [
        *("12", "27.3", "−12.3 (−19.3 to −5.3)", "−10.6 (−16.6 to −4.6)", "−7.7 (−12.0 to −3.3)"),
    ]
    assert row_of(rows, "More than 12")[1:3] == ["11.4", "23.8"]
    assert not [row for row in rows if row[0].startswith("Perinatal")]


def test_the_page_says_it_plainly_and_what_it_does_not_show(page):
    for words in (
        *("62 times in 100", "67 of 100 people", "overlap by 83 %", "What one patient will do."),
        *("12 or fewer against more, p = 0.76", "No equivalence was tested."),
        *("fidelity was not assessed in 4 of the 10", "after November 2018", "About 90 %"),
        *("Proenca 2022", "Shea 2023", "Pickover 2021", "male veterans", "no ranking"),
    ):
        assert words in page.main


def test_three_points_that_do_not_add_up_lead_to_all_of_them(client_of, clinic, page):
    assert f"3 of {len(inconsistencies())}" in page.main
    assert "755 patients in the abstract, 795 in the results." in page.main

    notes = read(client_of(clinic.therapist).get(f"{URL}/notes"))

    for each in inconsistencies().values():
        for words in (each.says, each.where, each.check, each.shown):
            assert words in notes.main


def test_every_published_effect_stands_on_the_page(page):
    rows = table(page, "Pooled effect and subgroups")

    published = [each for each in effects().values() if each.group != "scenario"]
    assert len(published) == 10
    for each in published:
        assert row_of(rows, each.label)


def test_every_trial_says_who_against_what_and_how_sure(comparisons):
    words = comparisons.main

    for each in trials().values():
        for part in (each.study, each.population, each.treatment, each.control, each.source):
            assert part in words
        assert each.estimate is not None or each.why_no_interval in words


def test_trials_after_the_search_and_those_only_described_stand_apart(comparisons):
    pooled = table(comparisons, "In the pooled effect")
    later = table(comparisons, "After the search")

    assert len(pooled) == 10
    assert len(later) == 3
    assert row_of(pooled, "Krupnick 2008")[4] == "no"
    assert row_of(pooled, "Jiang 2014")[4] == "yes"
    assert "High in the trial database" in row_of(pooled, "Krupnick 2008")[5]
    assert row_of(later, "Shea 2023")[3] == "–"
    described = table(comparisons, "Described, not pooled")
    assert len(described) == 2
    assert row_of(described, "Johnson 2016")
    assert row_of(described, "Jacob 2014")


def test_our_own_poolings_are_called_no_replication(comparisons):
    rows = table(comparisons, "Pooled again")

    assert len(rows) == 5
    assert row_of(rows, "All eight")[1:4] == ["8", "−0.64", "−0.98 to −0.29"]
    assert "not a replication" in comparisons.main
    assert "inference, not data" in comparisons.main


def test_no_page_claims_what_the_trials_do_not_show(client_of, clinic):
    client = client_of(clinic.therapist)

    for url in PAGES:
        words = read(client.get(url)).main.lower()
        assert "as effective as" not in words
        assert "achieved the trial effect" not in words


@pytest.mark.parametrize("fmt", ["svg", "png", "pdf"])
@pytest.mark.parametrize("which", list(Drawn))
def test_a_picture_is_downloaded_and_that_is_written_down(client_of, clinic, which, fmt):
    answer = client_of(clinic.admin).get(f"{URL}/download/{which}.{fmt}")

    assert answer.status_code == 200
    assert f'filename="evidence-{which}.{fmt}"' in answer.headers["Content-Disposition"]
    assert downloads_of(clinic) == [("evidence", None, {"what": which.value, "format": fmt})]


def test_reading_a_page_with_its_pictures_writes_nothing_down(client_of, clinic):
    client = client_of(clinic.therapist)
    for url in (*PAGES, f"{URL}/forest.svg", f"{URL}/funnel.svg"):
        client.get(url)

    assert downloads_of(clinic) == []


def test_the_figures_are_a_table_in_which_each_row_has_its_source(client_of, clinic):
    answer = client_of(clinic.therapist).get(CSV)

    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix(BYTE_ORDER_MARK))))
    assert len(rows) == 10 + len(trials())
    for row in rows:
        assert row["source"]
        assert row["population"]
        assert row["certainty"]
        assert row["low_95"] or row["note"]
    assert (rows[0]["estimate"], rows[0]["low_95"], rows[0]["high_95"]) == (
        *("-0.44", "-0.69", "-0.19"),
    )
    assert downloads_of(clinic) == [("evidence", None, {"what": "figures", "format": "csv"})]


def test_the_forest_plot_names_every_effect_and_what_has_none():
    words = alt(drawing(Drawn.FOREST, "test"))

    assert "−0.44" in words
    assert "without a value: Perinatal" in words


def test_the_funnel_draws_what_can_be_obtained_and_names_what_cannot():
    drawn = drawing(Drawn.FUNNEL, "test")

    assert isinstance(drawn, Funnel)
    assert "8 of 10" in drawn.verdict
    assert "Schaal 2009 and Zlotnick 2011" in drawn.verdict
    assert [each.label for each in drawn.points if each.certain] == ["Krupnick 2008"]
    assert {each.label for each in drawn.points if each.label.startswith("Markowitz")} == {
        *("Markowitz 2015, exposure", "Markowitz 2015, relaxation"),
    }
