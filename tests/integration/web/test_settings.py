"""The settings page: what an administrator can choose, what it says, and who else sees it."""

import pytest
from sqlalchemy import select

from ipt_tracker.persistence.models import ClinicSetting
from tests.factories.pages import read, says, submit
from tests.factories.stores import on_every_engine

URL = "/settings"
STRICTER = "marx2022_s2_pcl5@1"


@pytest.fixture
def admin(client_of, clinic):
    return client_of(clinic.admin)


def stored(clinic):
    with clinic.reading() as work:
        rows = work.session.scalars(select(ClinicSetting).order_by(ClinicSetting.set_at))
        return [(row.name, row.value) for row in rows]


def cells(page):
    return [[says(cell) for cell in row] for row in page.all("tr")]


def save(client, **chosen):
    return submit(client, URL, URL, **chosen)


def test_the_page_says_what_holds_and_that_nothing_recorded_changes(admin):
    page = read(admin.get(URL))

    assert page.h1 == "Settings"
    assert "Nothing recorded before changes" in page.main
    assert "Nothing was changed yet" in page.main
    table = cells(page)
    assert [
        "Marx 2022, sample 1 in use",
        "15 points or more; end range: the range reported for people without PTSD (28 or lower)",
        "Marx 2022, Psychological Assessment 34:197-203 (abstract) male veterans, N 198",
        "seen in the publication, its abstract or the scale's own training page",
    ] in table
    assert [row[0] for row in table if "10 points or more are called meaningful" in row[1]] == [
        "Older PCL guidance",
        "Monson 2008",
    ]
    assert page.form(URL).values["threshold_set_pcl_5"] == ["marx2022_s1_pcl5@1"]
    assert "estimate" not in page.form(URL).values


@on_every_engine
def test_a_choice_is_kept_and_stands_in_the_list_of_changes(admin, clinic):
    answer = save(admin, threshold_set_pcl_5=STRICTER, estimate="y")

    page = read(admin.get(URL))
    assert answer.status_code == 303
    assert sorted(stored(clinic)) == [("phq9_estimate", True), ("threshold_set.PCL-5", STRICTER)]
    changes = [row for row in cells(page) if row[1:2] == ["S. Lindqvist"]]
    assert all(row[0].startswith("11 Mar 2026, ") for row in changes)
    assert sorted(row[2:] for row in changes) == [
        ["PCL-5, reliable change", "Marx 2022, sample 1", "Marx 2022, sample 2"],
        ["PHQ-9, estimate for up to two blanks", "not shown", "shown"],
    ]
    assert page.form(URL).values["threshold_set_pcl_5"] == [STRICTER]
    assert page.form(URL).values["estimate"] == ["y"]


def test_saving_what_holds_already_keeps_nothing(admin, clinic):
    assert save(admin).status_code == 303
    assert "Nothing was changed." in read(admin.get(URL)).text
    assert stored(clinic) == []


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(admin, clinic, clock):
    mine = read(admin.get(URL)).form(URL).but(cut_pcl_5="cut_31@1")
    save(admin, threshold_set_pcl_5=STRICTER)

    page = read(admin.post(URL, data=mine))

    assert page.status == 409
    assert "Somebody else changed the settings" in page.main
    assert page.form(URL).values["cut_pcl_5"] == ["cut_31@1"]
    assert stored(clinic) == [("threshold_set.PCL-5", STRICTER)]


@pytest.mark.parametrize("wrong", [{"threshold_set_pcl_5": "nhs_phq9@1"}, {"seen": None}])
def test_what_cannot_be_chosen_is_refused_and_keeps_nothing(admin, clinic, wrong):
    page = read(save(admin, **wrong))

    assert page.status == 422
    assert page.errors()
    assert stored(clinic) == []


def test_every_line_that_is_wrong_is_named_at_once(admin, clinic):
    page = read(save(admin, quality_line="6", adherence_line="ninety", own_areas="Grief"))

    said = " ".join(page.errors())
    assert page.status == 422
    assert "The quality line lies between 1.0 and 5.0." in said
    assert "“ninety” is not a number." in said
    assert "“Grief” is a name of Grief" in said
    assert stored(clinic) == []


@pytest.mark.parametrize(
    ("chosen", "said", "not_said"),
    [
        ({"quality_line": "3.4"}, "hold at once on every figure", "first results from now on"),
        ({"threshold_set_pcl_5": STRICTER}, "first results from now on", "every figure, also"),
        ({"estimate": "y"}, "shown or hidden at once", "first results from now on"),
        ({"own_areas": "Loneliness"}, "offered from now on", "first results from now on"),
    ],
)
def test_what_was_saved_says_from_when_on_it_holds(admin, chosen, said, not_said):
    save(admin, **chosen)
    flashed = says(next(iter(read(admin.get(URL)).all("*[@role='status']"))))

    assert said in flashed
    assert not_said not in flashed


def test_the_page_is_for_administrators_alone_and_knows_no_patient(admin, client_of, clinic):
    page = read(admin.get(URL))
    assert clinic.course.name not in page.html
    assert clinic.course.code not in page.html
    assert "Settings" in [says(a) for a in page.all("a")]
    for person in (clinic.therapist, clinic.supervisor):
        client = client_of(person)
        token = read(client.get("/caseload")).token
        assert client.get(URL).status_code == 404
        assert client.post(URL, data={"csrf_token": token}).status_code == 404
