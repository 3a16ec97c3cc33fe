"""Pictures of a course: what is chosen stands in the address, and goes along into every file."""

import io
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import select

from ipt_tracker.persistence.models import AuditEntry, Course
from tests.factories.courses import add_course, add_measure, measure
from tests.factories.pages import read, submit
from tests.factories.rated import rate, slots_of

LONG_AGO = date(2025, 3, 3)
SAID = ("Patient", "Instrument", "Complete", "Data", "Newest value recorded", "Software")


@pytest.fixture
def url(clinic):
    """The first course, with a year of scores before those of this spring."""
    with clinic.writing(clinic.therapist) as work:
        course = work.session.get(Course, clinic.course.id)
        course.started_on = LONG_AGO
        for i in range(4):
            day = LONG_AGO + timedelta(days=30 * i)
            add_measure(work, course, measure("pcl5_week", day, 70 - i))
        add_measure(work, course, measure("caps5_month", date(2026, 2, 2), 30))
    return f"/courses/{clinic.course.id}"


@pytest.fixture
def therapist(client_of, clinic):
    return client_of(clinic.therapist)


def links(page, words):
    return [a.attrib["href"] for a in page.all("a") if words in (a.attrib.get("href") or "")]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("progress?window=6m", "Drawn: last 6 months, 18 Aug 2025 to 18 Feb 2026."),
        ("progress?series=main", "Left out: CAPS-5"),
        ("progress?events=0&window=6m", "Drawn: last 6 months"),
        ("timeline?window=6m", "18 Aug 2025 to 18 Feb 2026"),
    ],
)
def test_the_choice_is_said_beside_the_picture_and_kept_by_every_link(
    therapist, clinic, url, address, said
):
    event = {"what": "Moved", "kind": "loss", "start_year": "2026", "start_month": "1"}
    submit(therapist, f"{url}/timeline/new", "/timeline/new", **event)

    page = read(therapist.get(f"{url}/{address}"))

    assert said in page.all("img")[0].attrib["alt"]
    sources = [page.all("img")[0].attrib["src"], *links(page, "/download/")]
    assert len(sources) > 1
    for pair in address.partition("?")[2].split("&"):
        assert all(pair in source for source in sources if "beside" not in source)
    assert clinic.course.code not in "".join(sources)


def test_a_window_shows_its_scores_alone_and_change_is_still_of_the_whole_course(therapist, url):
    whole = therapist.get(f"{url}/progress/chart.svg").text
    part = therapist.get(f"{url}/progress/chart.svg?window=6m").text

    assert "2025, session" not in part
    assert "3 Mar 2025: PCL-5" in whole
    assert "3 Mar 2025: PCL-5" not in part
    assert "The change above is of the whole course." in part
    assert "change is counted from 70 on 3" in part
    assert "(last 6 months)" in part


def test_a_window_ends_with_the_newest_value_whatever_the_day(therapist, url, clock):
    first = therapist.get(f"{url}/progress/download/chart.png?window=6m").data
    clock.now += timedelta(minutes=7)

    assert therapist.get(f"{url}/progress/download/chart.png?window=6m").data == first


@pytest.mark.parametrize("query", ["window=life", "series=x", "dpi=9999"])
def test_a_choice_that_is_none_shows_the_usual_picture(therapist, url, query):
    usual = therapist.get(f"{url}/progress/download/chart.png").data

    assert therapist.get(f"{url}/progress/download/chart.png?{query}").data == usual


@pytest.mark.parametrize(("query", "dpi"), [("", 300), ("dpi=150", 150), ("dpi=300", 300)])
def test_the_resolution_of_a_png_can_be_chosen(therapist, url, query, dpi):
    image = Image.open(io.BytesIO(therapist.get(f"{url}/progress/download/chart.png?{query}").data))

    assert image.width == 7 * dpi
    assert round(image.info["dpi"][0]) == dpi


@pytest.mark.parametrize("place", ["progress/download/chart", "timeline/download/timeline"])
def test_every_file_says_where_it_comes_from(therapist, clinic, url, place):
    svg, png, pdf = (therapist.get(f"{url}/{place}.{fmt}").data for fmt in ("svg", "png", "pdf"))

    said = Image.open(io.BytesIO(png)).text
    assert all(said[name] for name in SAID)
    assert "Marx" in said["Thresholds"]
    assert said["Patient"] == clinic.course.code
    keywords = PdfReader(io.BytesIO(pdf)).metadata["/Keywords"]
    assert all(f"{name}: {said[name]}" in keywords for name in SAID)
    assert all(f"{name}: " in svg.decode() for name in SAID)
    printed = " ".join(PdfReader(io.BytesIO(pdf)).pages[0].extract_text().split())
    assert said["Newest value recorded"] in printed


def test_a_course_of_rated_sessions_keeps_its_choice_and_draws_too_few_not_at_all(
    client_of, clinic, url
):
    for each in slots_of(clinic, clinic.course):
        rate(clinic, each, clinic.supervisor, 4, 4, 4, overall=4)
    supervisor, own = client_of(clinic.supervisor), f"/supervision{url}"

    page = read(supervisor.get(f"{own}?window=6m&series=ratings"))

    sources = [page.one("img").attrib["src"], *links(page, "/download/")]
    assert all("window=6m" in s and "series=ratings" in s for s in sources)
    assert page.one("img").attrib["alt"].startswith("Drawn: last 6 months")
    assert "Scale 0 to 80" not in page.one("img").attrib["alt"]
    made = supervisor.get(f"{own}/download/chart.png").data
    said = Image.open(io.BytesIO(made)).text
    assert all(said[name] for name in (*SAID, "Ratings", "Thresholds"))


def test_people_who_ask_at_the_same_time_get_their_own_patients_alone(client_of, clinic, url):
    places = {}
    with clinic.writing(clinic.therapist) as work:
        for i in range(4):
            course = add_course(work, code=f"Q{i}QQ")
            for k in range(3):
                day = course.started_on + timedelta(days=7 * k)
                add_measure(work, course, measure("pcl5_week", day, 60 - 7 * i - k))
            places[f"Q{i}QQ"] = f"/courses/{course.id}/progress/download/chart"
    wanted = [(code, fmt) for code in places for fmt in ("svg", "png", "pdf")]
    clients = [client_of(clinic.therapist) for _ in range(6)]

    def asked(thread):
        client = clients[thread // 2]
        order = wanted[thread:] + wanted[:thread]
        return {each: client.get(f"{places[each[0]]}.{each[1]}").data for each in order}

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(asked, range(0, 12, 2)))

    assert all(each == answers[0] for each in answers)
    for (code, fmt), data in answers[0].items():
        text = PdfReader(io.BytesIO(data)).pages[0].extract_text() if fmt == "pdf" else ""
        text += str(Image.open(io.BytesIO(data)).text) if fmt == "png" else ""
        text += data.decode() if fmt == "svg" else ""
        assert set(re.findall(r"Q\dQQ", text)) == {code}


def test_a_download_writes_down_what_was_chosen(therapist, clinic, url):
    therapist.get(f"{url}/progress/download/chart.svg?window=6m&series=main")

    with clinic.reading() as work:
        noted = work.session.scalars(
            select(AuditEntry).where(AuditEntry.event == "chart.downloaded")
        ).one()
    assert (noted.details["window"], noted.details["series"]) == ("6m", "main")
