"""Evidence sets on pages: made, added to by form and file, withdrawn; nothing typed is lost."""

from io import BytesIO

import pytest

from tests.factories.evidence import evidence_of
from tests.factories.pages import read, says, submit
from tests.factories.tables import contents

URL = "/evidence/sets"
FILE = (
    "study,mean_ipt,sd_ipt,n_ipt,mean_control,sd_control,n_control,shares,population\n"
    "Trial A,40.6,20.9,20,56.6,25.1,7,,veterans\n"
    "Trial B,30,10,40,35,10,20,B,\n"
    "Trial B again,30,10,40,33,10,20,B,\n"
)


@pytest.fixture
def supervisor(client_of, clinic):
    return client_of(clinic.supervisor)


@pytest.fixture
def own_set(clinic):
    return f"{URL}/{evidence_of(clinic)['set_id']}"


def look(client, where, data, **said):
    filled = read(client.get(f"{where}/trials/file")).form(f"{where}/trials/file")
    sent = filled.but(file=(BytesIO(data.encode()), "trials.csv"), **said)
    return client.post(filled.action, data=sent, content_type="multipart/form-data")


def everything(page):
    return says(page.one("main"))


def test_without_a_set_the_page_says_what_one_is_for_and_offers_the_first(supervisor):
    answer = supervisor.get(URL)

    assert "No set yet" in answer.text
    assert f'href="{URL}/new"' in answer.text


def test_a_set_is_made_and_a_form_that_is_not_right_keeps_what_was_typed(supervisor):
    answer = submit(supervisor, f"{URL}/new", name="Ours", why="to see")
    assert answer.status_code == 422
    assert "Say what was measured." in answer.text
    assert 'value="Ours"' in answer.text

    made = submit(
        supervisor,
        f"{URL}/new",
        name="Ours",
        why="to see",
        measured="PTSD symptoms",
        searched_on="2026-01-31",
        source="PubMed",
    )
    assert made.status_code == 303
    assert "No trial counts yet" in supervisor.get(made.location).text


def test_a_set_shows_its_result_beside_the_published_one(supervisor, own_set):
    page = supervisor.get(own_set).text

    assert "This set, derived here" in page
    assert "0.13" in page
    assert "−0.44 (−0.69 to −0.19)" in page
    assert "Published, as printed" in page
    assert "none: one trial" in page


def test_a_trial_is_added_by_its_arms_and_its_effect_is_worked_out(supervisor, own_set):
    typed = {
        "study": "Krupnick 2008",
        "source": "a journal",
        "population": "women",
        "fidelity": "unknown",
        "mean_ipt": "40.6",
        "sd_ipt": "20,9",
        "n_ipt": "20",
        "mean_control": "56.6",
        "sd_control": "25.1",
        "n_control": "7",
    }
    answer = submit(supervisor, f"{own_set}/trials/new", **typed)

    assert answer.status_code == 303
    assert (
        "IPT 40.6 (SD 20.9), n = 20; control 56.6 (SD 25.1), n = 7" in supervisor.get(own_set).text
    )


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Give g and its standard error, or mean, SD"),
        ({"g": "-0.5", "mean_ipt": "40"}, "not both"),
        ({"g": "-0.5"}, "The number is missing."),
        ({"g": "x", "se": "0.2"}, "“x” is not a number."),
        ({"g": "-0.5", "se": "0"}, "The standard error must be greater than 0."),
        ({"g": "nan", "se": "0.2"}, "cannot be an effect"),
        ({"g": "-0.5", "se": "0.2", "shares": "B"}, "Only arms can share"),
    ],
)
def test_a_trial_that_cannot_be_is_refused_with_its_reason(supervisor, own_set, typed, said):
    about = {"study": "T", "source": "s", "population": "p", "fidelity": "no"}
    answer = submit(supervisor, f"{own_set}/trials/new", **about, **typed)

    assert answer.status_code == 422
    assert said in answer.text
    assert 'value="T"' in answer.text


def test_a_file_shows_every_row_with_its_effect_and_keeps_nothing_yet(supervisor, own_set, clinic):
    before = contents(clinic.database)
    answer = look(supervisor, own_set, FILE, source="our review", population="adults")

    assert answer.status_code == 200
    page = read(answer)
    assert page.h1 == "Add these trials?"
    assert "shares its IPT arm: B" in answer.text
    assert "veterans" in answer.text
    assert contents(clinic.database) == before

    filled = page.form(f"{own_set}/trials/load")
    assert supervisor.post(filled.action, data=filled.values).status_code == 303
    kept = supervisor.get(own_set).text
    assert "Trial B again" in kept
    assert "nobody counts twice" in kept
    assert "our review" in kept


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("study,g,se_g\nA,-0.5,x\n", "Row 2, column se_g"),
        ("study,g,se_g,source\nA,-0.5,0.2,here\n", "Row 2, column population: It is empty"),
        ("study,g,se_g,fidelity\nA,-0.5,0.2,often\n", "column"),
        ("", "empty"),
    ],
)
def test_a_broken_file_is_refused_naming_row_and_column(supervisor, own_set, data, said):
    answer = look(supervisor, own_set, data)

    assert answer.status_code == 422
    assert said in answer.text


def test_a_trial_is_withdrawn_with_a_reason_stays_readable_and_counts_again(
    supervisor, own_set, clinic
):
    trial = f"{own_set}/trials/{evidence_of(clinic)['trial_id']}"
    assert submit(supervisor, f"{trial}/withdraw").status_code == 422
    assert submit(supervisor, f"{trial}/withdraw", reason="counted twice").status_code == 303
    page = supervisor.get(own_set).text
    assert "No trial counts yet" in page
    assert "counted twice" in page

    assert submit(supervisor, f"{trial}/restore", reason="it was not").status_code == 303
    page = supervisor.get(own_set).text
    assert "No trial counts yet" not in page
    assert "counted twice" in page
    assert "it was not" in page


def test_what_was_said_about_a_set_is_changed_and_stays_readable(supervisor, own_set):
    assert submit(supervisor, f"{own_set}/edit", name="A better name").status_code == 303

    page = supervisor.get(own_set).text
    assert "A better name" in page
    assert "IPT after 2018" in page


def test_two_who_change_a_set_at_once_are_told_and_lose_nothing(supervisor, own_set, clinic):
    filled = read(supervisor.get(f"{own_set}/trials/new")).form(f"{own_set}/trials/new")
    about = {"study": "Mine", "source": "s", "population": "p", "fidelity": "no"}
    sent = filled.but(**about, g="-0.5", se="0.2")
    trial = f"{own_set}/trials/{evidence_of(clinic)['trial_id']}"
    assert submit(supervisor, f"{trial}/withdraw", reason="twice").status_code == 303

    answer = supervisor.post(f"{own_set}/trials/new", data=sent)

    assert answer.status_code == 409
    assert 'value="Mine"' in answer.text
    again = read(answer).form(f"{own_set}/trials/new")
    assert supervisor.post(f"{own_set}/trials/new", data=again.values).status_code == 303


@pytest.mark.parametrize("fmt", ["svg", "png", "pdf"])
def test_the_picture_of_a_set_can_be_kept_as_a_file(supervisor, own_set, fmt):
    answer = supervisor.get(f"{own_set}/download/forest.{fmt}")

    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]


def test_the_trials_of_a_set_can_be_kept_as_a_table(supervisor, own_set):
    answer = supervisor.get(f"{own_set}/download/trials.csv")

    assert answer.data.decode("utf-8-sig").splitlines()[1].startswith("Proença 2022,,0.13,0.23")


def test_a_therapist_reads_a_set_and_cannot_change_it(client_of, clinic, own_set):
    therapist = client_of(clinic.therapist)

    assert "Add a trial" not in therapist.get(own_set).text
    assert therapist.get(f"{own_set}/trials/new").status_code == 404


def test_a_hartung_knapp_interval_that_is_narrower_is_pointed_out(supervisor, clinic):
    url = f"{URL}/{evidence_of(clinic)['set_id']}"
    same = "".join(f"Trial {n},0.13,0.2{n}\n" for n in range(1, 5))
    answer = look(supervisor, url, f"study,g,se_g\n{same}", source="s", population="p")
    filled = read(answer).form(f"{url}/trials/load")
    assert supervisor.post(filled.action, data=filled.values).status_code == 303

    assert "The Hartung-Knapp interval is narrower than the ordinary" in supervisor.get(url).text


def test_a_set_can_begin_with_a_copy_of_the_published_comparisons(supervisor):
    made = submit(
        supervisor,
        f"{URL}/new",
        name="Copy",
        why="to look at each",
        measured="PTSD symptoms",
        searched_on="2026-01-31",
        source="the published analysis",
        begin="y",
    )

    page = supervisor.get(made.location).text
    assert "8 comparisons pooled here" in supervisor.get(f"{made.location}/forest.svg").text
    assert "Begun with a copy of the published comparisons" in page
    assert "How certain: " in page
    assert "It is no replication of the published result." in page
