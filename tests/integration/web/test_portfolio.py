"""The portfolio on its page, its report text, and its files."""

import csv
import io
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from ipt_tracker.persistence.models import Account, AuditEntry
from tests.factories.meetings import add_supervision_meeting
from tests.factories.pages import read, submit
from tests.factories.pdfs import reader, said
from tests.factories.rated import rate, slots_of
from tests.factories.stores import on_every_engine
from tests.integration.web.test_caseload import statements

MOST_STATEMENTS = 30


@pytest.fixture
def supervisor(client_of, clinic):
    return client_of(clinic.supervisor)


@pytest.fixture
def therapist(client_of, clinic):
    return client_of(clinic.therapist)


@pytest.fixture
def url(clinic):
    return f"/supervision/therapists/{clinic.therapist.id}/portfolio"


def rated(clinic):
    for place, each in enumerate(slots_of(clinic, clinic.course)[:4]):
        rate(clinic, each, clinic.supervisor, 3 + place % 2, 4)
    with clinic.writing(clinic.supervisor) as work:
        add_supervision_meeting(work, clinic)


def facts(page):
    names, said_ = page.all("dt"), page.all("dd")
    return {"".join(n.itertext()): "".join(s.itertext()) for n, s in zip(names, said_, strict=True)}


@on_every_engine
def test_the_page_shows_cases_supervision_recordings_and_both_figures(supervisor, clinic, url):
    rated(clinic)
    page = read(supervisor.get(url))

    assert page.status == 200
    assert page.h1 == "Portfolio of R. Calder"
    assert "T-101" in page.main
    assert "Role transition" in page.main
    assert facts(page)["Individual"] == "1 meeting, 50\N{NO-BREAK SPACE}min"
    assert "Full recording, drawn at random" in page.main
    assert "Adherence and quality are two numbers" in page.main
    assert "Imre Solberg" not in page.text


def test_the_page_says_what_bodies_ask_for_with_a_link_and_claims_nothing(supervisor, url):
    page = read(supervisor.get(url))

    assert "https://iptinstitute.com/ipt-certification" in page.links()
    assert "No line says that a requirement is met." in page.main


def test_the_time_looked_at_stands_in_the_address_and_in_the_links_to_the_files(
    supervisor, clinic, url
):
    rated(clinic)
    days = f"from={clinic.today}&to={clinic.today + timedelta(days=1)}"
    page = read(supervisor.get(f"{url}?{days}"))

    assert f"{url}/download.pdf?{days}" in page.links()
    assert facts(page)["Individual"] == "none"
    assert page.form().values["from"] == [clinic.today.isoformat()]


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ("from=2026-13-01", "is not a date"),
        ("from=2026-02-01&to=2026-01-01", "The last day lies before the first."),
    ],
)
def test_a_time_that_cannot_be_read_is_said_and_no_file_is_made_of_it(supervisor, url, days, words):
    page = read(supervisor.get(f"{url}?{days}"))

    assert page.status == 422
    assert words in page.main
    assert "Download" not in page.main
    assert supervisor.get(f"{url}/download.pdf?{days}").status_code == 400


def test_a_supervisor_writes_the_report_and_the_therapist_reads_it(supervisor, therapist, url):
    answer = submit(supervisor, f"{url}/text", "/text", body="ISIPT", text="One.\n\nTwo.")
    page = read(therapist.get(url))

    assert (answer.status_code, answer.location) == (303, url)
    assert "Edition 1, written by I. Marlowe on 11 Mar 2026." in page.main
    assert "For ISIPT." in page.main
    assert [p.text for p in page.all("div[@class='words']/p")] == ["One.", "Two."]
    assert f"{url}/text" not in page.links()


def test_the_next_edition_starts_from_the_last_and_asks_why(supervisor, url):
    submit(supervisor, f"{url}/text", "/text", body="ISIPT", text="One.")
    form = read(supervisor.get(f"{url}/text")).form("/text")
    refused = submit(supervisor, f"{url}/text", "/text", text="Two.")
    kept = submit(supervisor, f"{url}/text", "/text", text="Two.", reason="a case ended")
    page = read(supervisor.get(url))

    assert (form.values["body"], form.values["text"]) == (["ISIPT"], ["One."])
    assert refused.status_code == 422
    assert "Say why there is another edition." in read(refused).main
    assert kept.status_code == 303
    assert "Why: a case ended" in page.main
    assert "One." in page.main


def test_two_who_write_at_once_lose_nothing(supervisor, url):
    first = read(supervisor.get(f"{url}/text")).form("/text")
    submit(supervisor, f"{url}/text", "/text", text="Theirs.")
    answer = supervisor.post(first.action, data=first.but(text="Mine.", body="ISIPT"))
    page = read(answer)
    again = page.form("/text")

    assert answer.status_code == 409
    assert "Theirs." in page.main
    assert again.values["text"] == ["Mine."]
    assert supervisor.post(again.action, data=again.but(reason="both")).status_code == 303
    assert "Theirs." in read(supervisor.get(url)).main


def test_an_empty_report_is_refused(supervisor, url):
    answer = submit(supervisor, f"{url}/text", "/text", text="  ")

    assert answer.status_code == 422
    assert "Write the report." in read(answer).main


def test_what_is_typed_is_kept_as_a_draft(supervisor, url, clinic):
    form = read(supervisor.get(f"{url}/text")).form("/text")
    kept = {name: form.values[name][0] for name in ("csrf_token", "draft_key")}
    fields = '[["text", "Half a sentence"], ["version", "0"]]'
    answer = supervisor.post("/drafts", data=kept | {"address": f"{url}/text", "fields": fields})
    again = read(supervisor.get(f"{url}/text"))

    assert answer.status_code == 200
    assert again.form("/text").values["text"] == ["Half a sentence"]
    submit(supervisor, f"{url}/text", "/text", text="A sentence")
    assert "Draft of" not in read(supervisor.get(f"{url}/text")).main


def test_a_therapist_has_no_way_to_the_form_and_a_stranger_none_to_the_page(
    therapist, client_of, clinic, url
):
    assert therapist.get(f"{url}/text").status_code == 404
    for person in (clinic.therapist2, clinic.admin):
        client = client_of(person)
        for address in (url, f"{url}/download.pdf", f"{url}/download.csv"):
            assert client.get(address).status_code == 404


def test_the_pdf_is_named_after_nobody_and_written_down(supervisor, clinic, url):
    rated(clinic)
    answer = supervisor.get(f"{url}/download.pdf")

    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="portfolio.pdf"'
    assert answer.headers["Cache-Control"].startswith("no-store")
    assert "R. Calder, therapist: signature, date" in said(answer.data)
    assert reader(answer.data).metadata.title.endswith("R. Calder")
    with clinic.reading() as work:
        wanted = select(AuditEntry.details).where(AuditEntry.event == "portfolio.downloaded")
        assert [row["format"] for row in work.session.scalars(wanted)] == ["pdf"]


@pytest.mark.parametrize("name", ["#sys.inputs *b*", "=1+1", "<script>x</script>", "山田太郎"])
def test_a_hostile_name_is_text_on_the_page_and_in_both_files(supervisor, clinic, url, name):
    with clinic.writing() as work:
        work.session.execute(
            update(Account).where(Account.id == clinic.therapist.id).values(display_name=name)
        )
    page = read(supervisor.get(url))
    content = supervisor.get(f"{url}/download.csv").data.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content, newline="")))
    printed = said(supervisor.get(f"{url}/download.pdf").data)

    assert page.h1 == f"Portfolio of {name}"
    assert rows[1][3].removeprefix("'") == name
    assert not rows[1][3].startswith("=")
    assert name in printed or ("山" in name and "Therapist without a code" in printed)


def test_the_csv_is_a_table_of_plain_values(supervisor, clinic, url):
    rated(clinic)
    answer = supervisor.get(f"{url}/download.csv")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))

    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert [r["value"] for r in rows if r["what"] == "rated_by_supervisor"] == ["4"]


def test_the_page_asks_the_database_the_same_number_of_times(app, supervisor, clinic, url):
    rate(clinic, slots_of(clinic, clinic.course)[5], clinic.supervisor, 4)
    with statements(app) as few:
        supervisor.get(url)
    rated(clinic)
    with statements(app) as more:
        supervisor.get(url)

    assert len(more) == len(few) <= MOST_STATEMENTS
