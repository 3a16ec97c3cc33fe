"""The caseload beside the trials: whose it is, what is hidden under ten courses, and its files."""

import pytest
from sqlalchemy import func, select

from ipt_tracker.charts.scales import full
from ipt_tracker.persistence.models import Assignment, AuditEntry, Course, Measure
from tests.factories.clinic import FIRST_DAY, WEEK
from tests.factories.courses import add_course, add_measure, measure
from tests.factories.pages import read, says
from tests.factories.stores import on_every_engine
from tests.integration.web.test_caseload import statements

URL = "/benchmark"
CSV = f"{URL}/download/figures.csv"
FILES = [f"{URL}/download/{plot}.{fmt}" for plot in ("within", "courses") for fmt in ("svg", "pdf")]
ENOUGH = 12


@pytest.fixture
def many(clinic):
    """Give the therapist enough courses for a mean, and the other therapist one of 79 to 1."""
    add_courses(clinic, clinic.therapist, ENOUGH)
    with clinic.writing(clinic.therapist2) as work:
        course = add_course(work, FIRST_DAY, code="T-900", name="Not yours")
        scored(work, course, "pcl5_week", 79, 1)


def add_courses(clinic, person, count, key="pcl5_week", start=300):
    with clinic.writing(person) as work:
        for each in range(count):
            course = add_course(work, FIRST_DAY, code=f"T-{start + each}", name=f"N {start + each}")
            scored(work, course, key, 50 + each, 45 - each)


def scored(work, course, key, *totals):
    for week, total in enumerate(totals):
        add_measure(work, course, measure(key, FIRST_DAY + week * WEEK, total))


def table(page, name):
    """Give the rows of the table with this name, cell by cell."""
    (found,) = [each for each in page.all("div") if each.get("aria-label") == name]
    return [[says(cell) for cell in row] for row in found.findall(".//tbody/tr")]


def changes(page):
    return table(page, "Change from start to end, table")


def audited(clinic, event):
    with clinic.reading() as work:
        rows = work.session.scalars(select(AuditEntry).where(AuditEntry.event == event))
        return [row.details for row in rows]


@on_every_engine
def test_a_therapist_sees_the_own_caseload_with_n_interval_and_tests(client_of, clinic, many):
    page = read(client_of(clinic.therapist).get(URL))

    assert page.h1 == "My caseload beside the trials"
    rows = {row[0].partition("points")[0]: row[1] for row in changes(page)}
    assert rows["Courses"] == str(ENOUGH + 1)
    assert rows["Mean change"].startswith("−17.") or rows["Mean change"].startswith("−16.")
    assert " to " in rows["Mean change"]
    assert "one-sided p" in page.main
    assert "unverified" in page.main
    assert "There is no control group here." in page.main
    assert "carried over" in page.main
    assert "regression to the mean" in page.main


def test_what_another_therapist_has_changes_no_word_of_the_page(client_of, clinic):
    add_courses(clinic, clinic.therapist, ENOUGH)
    client = client_of(clinic.therapist)
    before = read(client.get(URL)).main
    add_courses(clinic, clinic.therapist2, ENOUGH, start=700)

    assert read(client.get(URL)).main == before


def test_a_supervisor_sees_all_supervisees_together_and_no_therapist(client_of, clinic, many):
    client = client_of(clinic.supervisor)
    page = read(client.get(URL))

    assert page.h1 == "Supervisees’ caseload beside the trials"
    assert changes(page)[0][1] == str(ENOUGH + 1)
    for text in (page.main, client.get(CSV).get_data(as_text=True)):
        assert clinic.therapist.name not in text
        assert clinic.therapist2.name not in text
        assert "T-3" not in text


def test_an_administrator_has_no_caseload_to_look_at(client_of, clinic):
    for url in (URL, CSV, *FILES):
        assert client_of(clinic.admin).get(url).status_code == 404


@pytest.mark.parametrize(("others", "has_mean"), [(8, False), (9, True)])
def test_under_ten_courses_only_single_changes_are_shown(client_of, clinic, others, has_mean):
    add_courses(clinic, clinic.therapist, others)
    client = client_of(clinic.therapist)

    page = read(client.get(URL))
    csv = client.get(CSV).get_data(as_text=True)

    assert ("one-sided p" in page.main) is has_mean
    assert ("Mean change −" in page.main) is has_mean
    assert ("9 courses: no mean below 10" in changes(page)[3][1]) is not has_mean
    assert ("mean_change" in csv) is has_mean
    assert "single_change" in csv
    if not has_mean:
        assert "−25" in changes(page)[5][1]
        assert " of 9" in page.main
        assert "%" not in "".join(row[1] for row in table(page, "Rates, table"))


def test_a_measure_without_a_basis_has_change_and_rates_and_says_why_no_benchmark(
    client_of, clinic
):
    with clinic.writing(clinic.therapist) as work:
        for each in range(ENOUGH):
            course = add_course(work, FIRST_DAY, code=f"T-{each + 300}", name=f"N {each}")
            scored(work, course, "phq9", 15 + each % 4, 6 + each % 3)

    page = read(client_of(clinic.therapist).get(f"{URL}?instrument=phq9"))

    assert [row[0] for row in changes(page)][-1].startswith("d")
    assert "no published figure turns that effect into PHQ-9 points" in page.main
    assert "Beside waiting lists" not in page.main
    assert len(page.all("img")) == 1
    assert table(page, "Rates, table")


def test_nothing_to_show_says_what_fills_the_page(client_of, clinic):
    page = read(client_of(clinic.therapist).get(f"{URL}?instrument=caps4"))

    assert "Nothing to set beside the trials yet" in page.main
    assert page.all("img") == []


def test_filters_come_from_fixed_lists_and_stand_in_the_address(client_of, clinic, many):
    client = client_of(clinic.therapist)

    page = read(client.get(f"{URL}?area=role_transition&protocol=%3Cscript%3E&instrument=none"))

    assert changes(page)[0][1] == "1"
    assert "as filtered" in page.main
    assert f"{URL}/within.svg?instrument=pcl5_week&area=role_transition" in page.html.replace(
        "&amp;", "&"
    )
    assert "script>" not in says(page.one("h1"))


def test_parts_of_a_caseload_have_counts_and_single_changes_when_small(client_of, clinic, many):
    page = read(client_of(clinic.therapist).get(URL))

    rows = table(page, "Parts of the caseload, table")
    heads = [row[0] for row in rows if len(row) == 1]
    assert heads == ["By focal area", "By protocol", "By event", "By diagnosis"]
    assert ["Role transition", "1", "–", "–", "−25"] in rows
    assert next(row for row in rows if row[0] == "PTSD")[1] == str(ENOUGH + 1)


def test_opening_and_downloading_are_written_down(client_of, clinic, many):
    client = client_of(clinic.therapist)
    client.get(f"{URL}?area=grief")

    assert audited(clinic, "benchmark.opened") == [
        {"chosen": {"instrument": "pcl5_week", "area": "grief"}}
    ]
    for url in (CSV, *FILES):
        answer = client.get(url)
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"].startswith("attachment")
    written = {(each["what"], each["format"]) for each in audited(clinic, "benchmark.downloaded")}
    assert written == {
        ("figures", "csv"),
        *((plot, fmt) for plot in ("within", "courses") for fmt in ("svg", "pdf")),
    }


def test_the_page_asks_as_often_for_one_course_as_for_thirty(app, client_of, clinic):
    client = client_of(clinic.therapist)
    client.get(URL)
    with statements(app) as for_one:
        client.get(URL)
    add_courses(clinic, clinic.therapist, 30)

    with statements(app) as for_thirty:
        client.get(URL)

    assert len(for_thirty) == len(for_one)


@pytest.mark.parametrize("there", ["/caseload", "/supervision"])
def test_the_caseload_and_supervision_lead_to_it(client_of, clinic, there):
    who = clinic.supervisor if there == "/supervision" else clinic.therapist

    assert URL in read(client_of(who).get(there)).links()


def test_no_sentence_claims_more_than_the_figures(client_of, clinic, many):
    words = read(client_of(clinic.therapist).get(URL)).main.lower()

    for claim in ("as effective", "achieved", "trial effect", "better than the trials", "rank"):
        assert claim not in words


@pytest.mark.parametrize("url", [url for url in FILES if url.endswith(".svg")])
def test_a_picture_says_of_which_days_its_scores_are_and_when_the_newest_was_recorded(
    client_of, clinic, many, url
):
    drawn = " ".join(client_of(clinic.therapist).get(f"{url}?instrument=pcl5_week").text.split())

    with clinic.database.read() as session:
        own = Course.id.in_(select(Assignment.course_id).where(_is_of(clinic.therapist)))
        newest = session.scalar(
            select(func.max(Measure.recorded_at))
            .join(Course, Measure.course_id == Course.id)
            .where(own)
        )
    assert f"Newest value recorded: {newest:%Y-%m-%d %H:%M} UTC" in drawn
    assert f"Data: {full(FIRST_DAY)} to " in drawn


def _is_of(person):
    return Assignment.therapist_id == person.id
