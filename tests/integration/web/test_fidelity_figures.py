"""Pages of figures: who sees them, with every n, one table for each picture, and nothing sealed."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from ipt_tracker.persistence.models import AuditEntry, FidelityRating, RatingAmendment, RatingWaiver
from ipt_tracker.services.fidelity.figures import figures_of
from ipt_tracker.services.fidelity.strata import Stratum
from ipt_tracker.web.supervision.figure_rows import session_rows, signal_words
from tests.factories.pages import read, says
from tests.factories.rated import fact, rate, session, slots_of
from tests.factories.stores import on_every_engine
from tests.integration.web.test_caseload import statements

QUALITIES = ((4, 4, 3), (3, 3, 3), (5, 4, 4), (2, 3, 3), (3, 4, 3), (4, 4, 4))
AGREEMENT = "/supervision/agreement"


@pytest.fixture
def url(clinic):
    return f"/supervision/therapists/{clinic.therapist.id}"


@pytest.fixture
def course_url(clinic):
    return f"/supervision/courses/{clinic.course.id}"


@pytest.fixture
def rated(clinic):
    """The therapist's six sessions, each rated by the supervisor and by the therapist."""
    sessions = slots_of(clinic, clinic.course)
    for each, quality in zip(sessions, QUALITIES, strict=True):
        rate(clinic, each, clinic.supervisor, *quality, overall=quality[0])
        own = {"role": "self", "basis": "recall", "selection": None}
        rate(clinic, each, clinic.therapist, 4, 4, 4, overall=4, **own)
    return sessions


def table(page, name):
    """Give the rows of the table with this name, cell by cell."""
    (found,) = [each for each in page.all("div") if each.get("aria-label") == name]
    return [[says(cell) for cell in row] for row in found.findall(".//tbody/tr")]


@on_every_engine
def test_a_supervisor_sees_means_with_n_and_interval_for_their_supervisee(
    client_of, clinic, url, rated
):
    page = read(client_of(clinic.supervisor).get(url))

    assert page.h1 == "Fidelity, R. Calder"
    assert "6 sessions took place; 6 rated by the supervisor" in page.main
    assert table(page, "Adherence and quality, table") == [
        ["Adherence", "100 %", "6", "all alike, no interval", "too few to say (1)"],
        ["Quality, 1 to 5", "3.50", "6", "2.85 to 4.15", "too few to say (1)"],
    ]
    assert (
        "An interval that allows for patients needs sessions with 3 patients or more." in page.main
    )
    assert "this clinic's convention" in page.main
    assert "Limits of fewer than 12 sessions are rough." in page.main


def test_therapists_see_their_own_figures_and_nobody_elses(client_of, clinic, url, rated):
    assert client_of(clinic.therapist).get(url).status_code == 200
    assert client_of(clinic.therapist2).get(url).status_code == 404
    assert client_of(clinic.admin).get(url).status_code == 404
    other = f"/supervision/therapists/{clinic.therapist2.id}"
    assert client_of(clinic.supervisor).get(other).status_code == 404


def test_agreement_is_no_page_for_therapists_or_administrators(client_of, clinic):
    for person in (clinic.therapist, clinic.admin):
        assert client_of(person).get(AGREEMENT).status_code == 404


def test_what_the_viewer_has_not_rated_or_waived_changes_no_word_of_the_page(
    client_of, clinic, url, course_url
):
    session = slots_of(clinic, clinic.course)[0]
    other = {"role": "supervisor", "rater_id": clinic.supervisor.id}
    rate(clinic, session, clinic.therapist2, 5, 5, 5, overall=5, **other)
    own = client_of(clinic.therapist)
    high = words_of(own, url, course_url)
    change_all(clinic, 1)

    low = words_of(own, url, course_url)

    assert high == low
    assert "1 session rated by the supervisor stays sealed" in high

    waive(clinic, session, clinic.therapist)
    assert "1.00" in words_of(own, url)


def words_of(client, *urls):
    return " ".join(read(client.get(each)).main for each in urls)


def change_all(clinic, quality):
    with clinic.writing() as work:
        for rating in work.session.scalars(select(FidelityRating)):
            rating.items = {code: {"d": 0.5, "q": quality} for code in rating.items}
            rating.global_competence, rating.remark = quality, "changed"


def waive(clinic, session_id, person):
    with clinic.writing() as work:
        facts = {"account_id": person.id, "reason": "heard it", "waived_at": clinic.now}
        work.session.add(RatingWaiver(session_id=session_id, **facts))


def test_under_three_sessions_a_mean_is_hidden_and_says_how_few(client_of, clinic, url):
    for each in slots_of(clinic, clinic.course)[:2]:
        rate(clinic, each, clinic.supervisor, 4)

    page = read(client_of(clinic.supervisor).get(url))

    assert table(page, "Adherence and quality, table")[1][1:4] == ["too few to say (2)", "2", "–"]
    assert table(page, "By case, table") == [
        ["T-101: beside its scores", "2", "too few to say (2)", "too few to say (2)"]
    ]
    assert "There are no limits below 6 sessions. There are 2." in page.main
    assert "No domain has 5 ratings yet" in page.main


def test_strata_are_shown_one_at_a_time_each_with_its_n(client_of, clinic, url):
    for place, each in enumerate(slots_of(clinic, clinic.course)):
        picked = "random" if place < 2 else "chosen"
        rate(clinic, each, clinic.supervisor, 5 if place < 2 else 2, selection=picked)
    client = client_of(clinic.supervisor)

    page = read(client.get(url))
    other = read(client.get(f"{url}?basis=full_recording&selection=random"))

    assert "Full recording, chosen 44 rated sessions" in page.main
    assert "Full recording, drawn at random 22 rated sessions" in page.main
    assert "A session that somebody chose is not a sample of the work." in page.main
    assert table(page, "Adherence and quality, table")[1][1] == "2.00"
    assert table(other, "Adherence and quality, table")[1][1] == "too few to say (2)"


@on_every_engine
def test_agreement_says_the_plots_figures_with_kappa_beside_and_hides_few_pairs(
    client_of, clinic, rated
):
    page = read(client_of(clinic.supervisor).get(AGREEMENT))

    rows = table(page, "Self beside supervisor, figures")
    assert rows[0][:2] == ["Self minus supervisor, quality", "+0.50"]
    assert rows[0][2].endswith("6 pairs")
    assert rows[2][0] == "Kappa of overall competence, quadratic"
    assert "Sessions rated by two supervisors: too few to say (0)." in page.main
    assert table(page, "Whose sessions, table") == [["R. Calder", "6"]]


def test_two_supervisors_are_read_on_the_lower_end_of_the_icc(client_of, clinic, rated):
    for each, quality in zip(rated, (4, 2, 5, 1, 3, 2), strict=True):
        second = {"role": "independent", "rater_id": clinic.therapist2.id}
        rate(clinic, each, clinic.therapist2, quality, quality, quality, **second)

    page = read(client_of(clinic.supervisor).get(AGREEMENT))

    assert "The lower end of the ICC is poor." in page.main
    assert "6 sessions cannot settle whether the two rate alike." in page.main
    ((names, n, *_),) = table(page, "Pair by pair, table")
    assert (names, n) == ("A. Okafor and I. Marlowe", "6")


def test_a_course_shows_no_figures_beside_its_outcome_under_three_rated_sessions(
    client_of, clinic, course_url
):
    for each in slots_of(clinic, clinic.course)[:2]:
        rate(clinic, each, clinic.supervisor, 4)

    page = read(client_of(clinic.supervisor).get(course_url))

    assert "Too few rated sessions" in page.main
    assert page.all("table") == []


def test_a_course_shows_fidelity_by_phase_and_says_that_it_shows_no_cause(
    client_of, clinic, course_url, rated
):
    page = read(client_of(clinic.supervisor).get(course_url))

    rows = table(page, "By phase, table")
    assert [row[:3] for row in rows] == [["Beginning", "3", "3"], ["Middle", "3", "3"]]
    assert [row[-2:] for row in rows] == [["58 to 49", "−9"], ["49 to 33", "−16"]]
    assert [row[-1] for row in table(page, "Scores, table")] == ["58", "55", "49", "44", "41", "33"]
    assert "One case shows nothing about cause" in page.main
    assert "(Webb, DeRubeis and Barber 2010)" in page.main
    assert "Imre Solberg" not in page.text


def test_fidelity_of_a_course_is_for_those_who_may_open_the_course(client_of, clinic, course_url):
    for person in (clinic.therapist2, clinic.admin):
        assert client_of(person).get(course_url).status_code == 404


def test_nothing_of_the_patients_pages_leads_to_fidelity(client_of, clinic, rated):
    client = client_of(clinic.therapist)
    start = f"/courses/{clinic.course.id}"
    waiting, seen = {start}, {}
    while waiting:
        here = waiting.pop()
        answer = client.get(here)
        if answer.mimetype != "text/html" or answer.status_code != 200:
            seen[here] = []
            continue
        links = read(answer).links()
        seen[here] = [link for link in links if "/supervision/courses" in link]
        every = {re.sub("[?#].*", "", link) for link in links}
        waiting |= {each for each in every if each.startswith(start)} - set(seen)

    assert len(seen) > 10
    assert not any(seen.values())


def test_pages_of_figures_cost_the_same_for_few_ratings_and_for_many(
    app, client_of, clinic, url, course_url
):
    client = client_of(clinic.supervisor)
    sessions = slots_of(clinic, clinic.course)
    addresses = (url, AGREEMENT, course_url)
    for each in sessions[:3]:
        rate(clinic, each, clinic.supervisor, 4)
    few = [counted(app, client, each) for each in addresses]
    for each in sessions:
        for place in range(4):
            rate(clinic, each, clinic.supervisor, 3, role="supervisor", submitted_at=None)
            rate(clinic, each, clinic.therapist, 4 - place % 2, role="self", submitted_at=None)

    many = [counted(app, client, each) for each in addresses]

    assert many == few
    assert max(many) <= 30


def counted(app, client, url):
    with statements(app) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


@pytest.mark.parametrize("fmt", ["svg", "png", "pdf"])
def test_a_picture_leaves_the_building_with_an_audit_row_and_no_patient_in_its_name(
    client_of, clinic, rated, fmt
):
    client = client_of(clinic.supervisor)
    url = f"/supervision/therapists/{clinic.therapist.id}"
    addresses = (
        f"{url}/download/sessions.{fmt}",
        f"{url}/download/quality.{fmt}",
        f"{url}/download/domains.{fmt}",
        f"{url}/download/self.{fmt}",
        f"{AGREEMENT}/download/self.{fmt}",
        f"/supervision/courses/{clinic.course.id}/download/chart.{fmt}",
    )

    answers = [client.get(each) for each in addresses]

    assert [each.status_code for each in answers] == [200] * 6
    names = [each.headers["Content-Disposition"] for each in answers]
    assert not any("T-101" in name or "Calder" in name for name in names)
    with clinic.reading() as work:
        wanted = select(AuditEntry).where(AuditEntry.event == "chart.downloaded")
        rows = work.session.scalars(wanted).all()
    assert {row.details["chart"] for row in rows} == {
        "fidelity sessions",
        "fidelity quality",
        "fidelity domains",
        "fidelity self",
        "fidelity course",
    }
    assert {row.details["selection"] for row in rows} == {"random"}


def test_a_picture_about_another_therapist_is_no_picture(client_of, clinic, url, rated):
    client = client_of(clinic.therapist2)

    assert client.get(f"{url}/quality.svg").status_code == 404
    assert client.get(f"{url}/download/quality.svg").status_code == 404


def test_each_picture_stands_beside_its_table(client_of, clinic, url, course_url, rated):
    client = client_of(clinic.supervisor)

    pages = [read(client.get(each)) for each in (url, AGREEMENT, course_url)]

    assert [len(page.all("img")) for page in pages] == [5, 1, 1]
    for page in pages:
        for image in page.all("img"):
            assert image.get("alt")
            assert client.get(image.get("src")).mimetype == "image/svg+xml"


def test_an_amended_rating_is_marked_with_what_it_was(client_of, clinic, url, rated):
    with clinic.writing() as work:
        of = (FidelityRating.session_id == rated[0], FidelityRating.role == "supervisor")
        rating = work.session.scalars(select(FidelityRating).where(*of)).one()
        code = next(iter(rating.items))
        change = {"field": f"items.{code}.q", "old": 1, "new": rating.items[code]["q"]}
        facts = {"place": 1, "amended_on": clinic.today, "recorded_at": clinic.now}
        work.session.add(RatingAmendment(rating_id=rating.id, **change, **facts))

    page = read(client_of(clinic.supervisor).get(url))

    remarks = [row[-1] for row in table(page, "Session by session, table")]
    assert sum("amended: quality was" in each for each in remarks) == 1
    assert "as first submitted" in remarks[-1]
    assert "Means use the ratings as they stand now" in page.main


def test_only_a_supervisor_is_offered_to_open_what_was_rated_before(client_of, clinic, url):
    session = slots_of(clinic, clinic.course)[0]
    rate(clinic, session, clinic.therapist2, 5, rater_id=clinic.supervisor.id)
    own = client_of(clinic.therapist).get(url).text
    assert "stays sealed" in own
    assert "Taking over supervision?" not in own


def test_a_run_is_named_once_at_its_newest_session_with_its_extent(client_of, clinic):
    start = clinic.today - timedelta(days=100)
    rows = [
        session(
            fact((1 if place < 8 else 4) + place % 2), slot=place, held_on=start + timedelta(place)
        )
        for place in range(16)
    ]
    found = figures_of(UUID(int=1), rows, Stratum("full_recording", "random"), {})

    with client_of(clinic.supervisor).application.test_request_context():
        shown = session_rows(found)
    said = signal_words(found)

    runs = [place for place, row in enumerate(shown) if row.signal.startswith("Run of 8: ")]
    assert runs == [0, 8]
    assert all(row.in_run for row in shown)
    assert len(said) == 2
    assert "8 sessions in a row below the mean, " in said[0]


def test_what_was_seen_is_counted_by_phase_and_drawn(clinic, client_of, url, rated):
    client = client_of(clinic.supervisor)

    page = read(client.get(url))
    picture = client.get(f"{url}/coverage.svg")

    assert table(page, "Seen by phase, table") == [
        ["Beginning", "3", "3", "0", "0"],
        ["Middle", "3", "3", "0", "0"],
    ]
    assert "Rated by a supervisor or second rater: 6 of 6 sessions." in picture.text
    assert clinic.course.code not in picture.text
