"""The audit in words for auditors, and who has seen a record for those in charge of it."""

from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from sqlalchemy import event

from ipt_tracker.governance.events import Event
from ipt_tracker.services.audit.words import AREAS, LOOKS, WORDS, act_words, events_of
from ipt_tracker.services.unit_of_work import Subject
from tests.factories.audit import broken_audit
from tests.factories.pages import read, says, submit
from tests.factories.pdfs import reader, said, tags
from tests.factories.tables import audit_rows, contents


@pytest.fixture
def auditor(client_of, clinic):
    return client_of(clinic.auditor)


@pytest.fixture
def therapist(client_of, clinic):
    return client_of(clinic.therapist)


def acts(client, url="/audit"):
    page = read(client.get(url))
    return [says(row) for row in page.all("main//tbody/tr")]


def log_of(clinic):
    return f"/courses/{clinic.course.id}/access-log"


def test_an_auditor_starts_from_the_audit(auditor):
    assert auditor.get("/").headers["Location"] == "/audit"


def test_an_auditor_reads_who_did_what_to_whom_the_newest_first(auditor, therapist, clinic):
    therapist.get(f"/courses/{clinic.course.id}")

    rows = acts(auditor)

    assert "Looked at the audit" in rows[0]
    assert clinic.auditor.name in rows[0]
    assert clinic.therapist.name in rows[1]
    assert f"Opened the course of {clinic.course.code}" in rows[1]


def test_looking_at_the_audit_is_itself_audited(auditor, clinic):
    auditor.get("/audit")

    row = audit_rows(clinic.database)[-1]
    assert (row.event, row.actor_id) == ("audit.listed", clinic.auditor.id)


def test_a_patient_is_found_by_a_code_that_never_stands_in_an_address(auditor, therapist, clinic):
    therapist.get(f"/courses/{clinic.course.id}")

    answer = submit(auditor, "/audit", "/audit/patient", code=clinic.course.code)

    address = answer.headers["Location"]
    assert clinic.course.code not in address
    rows = acts(auditor, address)
    assert rows
    assert all(clinic.course.code in row for row in rows)


def test_a_code_that_no_patient_has_is_said_beside_its_field(auditor):
    answer = submit(auditor, "/audit", "/audit/patient", code="NOBODY-1")

    assert answer.status_code == 422
    assert "No patient has this clinic code." in read(answer).text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("kind=refused", "Was refused a page"),
        ("kind=course", "Opened the course"),
        ("who={therapist}", "Opened the course"),
        ("from=2020-01-01", "Opened the course"),
    ],
)
def test_the_list_is_cut_down_to_what_is_sought(auditor, therapist, clinic, query, expected):
    therapist.get(f"/courses/{clinic.course.id}")
    therapist.get("/people")

    rows = acts(auditor, "/audit?" + query.format(therapist=clinic.therapist.id))

    assert any(expected in row for row in rows)


@pytest.mark.parametrize("query", ["kind=refused", "to=2020-01-01", "emergency=y", "older=1"])
def test_what_was_not_sought_is_not_shown(auditor, therapist, clinic, query):
    therapist.get(f"/courses/{clinic.course.id}")

    assert not any("Opened the course" in row for row in acts(auditor, f"/audit?{query}"))


@pytest.mark.parametrize("query", ["who=x&kind=y&patient=z&older=-1", "older=" + "9" * 40])
def test_what_cannot_be_read_in_the_address_cuts_nothing(auditor, query):
    assert auditor.get(f"/audit?{query}").status_code == 200


def test_days_that_run_backwards_are_said_and_all_is_shown(auditor):
    answer = auditor.get("/audit?from=2026-01-02&to=2026-01-01")

    assert answer.status_code == 422
    assert "The last day lies before the first." in read(answer).text


def test_older_acts_are_on_further_pages(auditor, clinic):
    with clinic.writing(clinic.admin) as work:
        for number in range(120):
            work.audit(Event.SETTING_CHANGED, Subject("setting", f"{number}"))

    page = read(auditor.get("/audit"))
    older = page.one("a[@rel='next']").get("href")

    seen = {row.split()[-1] for url in ("/audit", older) for row in acts(auditor, url)}
    assert len(seen) >= 99
    assert "Newest" in read(auditor.get(older)).text


def test_all_acts_of_one_person_stand_on_one_page(auditor, therapist, clinic):
    therapist.get(f"/courses/{clinic.course.id}")

    page = read(auditor.get(f"/people/{clinic.therapist.id}/audit"))

    assert page.title.startswith(f"Acts of {clinic.therapist.name}")
    assert f"Opened the course of {clinic.course.code}" in page.text
    assert auditor.get(f"/people/{clinic.course.id}/audit").status_code == 404


@pytest.mark.parametrize("who", ["therapist", "supervisor", "admin", "assessor"])
def test_nobody_but_an_auditor_reads_the_audit(client_of, clinic, who):
    client = client_of(getattr(clinic, who))

    assert client.get("/audit").status_code == 404
    assert client.get(f"/people/{clinic.therapist.id}/audit").status_code == 404


def test_an_auditor_reaches_no_record(auditor, clinic):
    for url in ("/caseload", "/people", f"/courses/{clinic.course.id}", log_of(clinic)):
        assert auditor.get(url).status_code == 404


def test_the_list_costs_the_same_for_few_and_for_many_acts(auditor, app, clinic):
    database = app.extensions["ipt_tracker"].database
    auditor.get("/audit")

    def statements():
        seen = []
        listen = lambda *args: seen.append(args[2])  # noqa: E731 -- taken off again below
        event.listen(database.engine, "before_cursor_execute", listen)
        assert auditor.get("/audit").status_code == 200
        event.remove(database.engine, "before_cursor_execute", listen)
        return len(seen)

    few = statements()
    with clinic.writing(clinic.therapist) as work:
        for _ in range(60):
            subject = Subject("course", clinic.course.id, clinic.course.patient_id)
            work.audit(Event.COURSE_CHANGED, subject)

    assert statements() == few


def test_many_rows_of_one_transaction_cost_one_look_at_the_head(clinic):
    seen = []
    event.listen(
        clinic.database.engine, "before_cursor_execute", lambda *args: seen.append(args[2])
    )
    with clinic.writing(clinic.therapist) as work:
        for number in range(20):
            work.audit(Event.SETTING_CHANGED, Subject("setting", f"{number}"))

    assert sum("ORDER BY audit_entry.id DESC" in each for each in seen) == 1


def test_those_in_charge_see_who_has_seen_the_record_with_looks_counted(therapist, clinic):
    for _ in range(3):
        therapist.get(f"/courses/{clinic.course.id}")

    page = read(therapist.get(log_of(clinic)))

    assert page.title.startswith("Who has seen this record")
    (row,) = [says(r) for r in page.all("main//tbody/tr") if "opened the record" in says(r).lower()]
    assert clinic.therapist.name in row
    assert "Opened the record 4 times" in row


def test_reading_in_an_emergency_is_marked(therapist, clinic):
    actor = clinic.therapist2.actor()
    emergency = {clinic.course.patient_id: clinic.course.id}
    with clinic.reading() as work:
        replace(work, actor=replace(actor, emergencies=emergency)).audit(
            Event.COURSE_OPENED, Subject("course", clinic.course.id, clinic.course.patient_id)
        )

    rows = [says(r) for r in read(therapist.get(log_of(clinic))).all("main//tbody/tr")]
    assert [clinic.therapist2.name in row for row in rows if "Emergency" in row] == [True]


@pytest.mark.parametrize("who", ["therapist2", "admin", "assessor"])
def test_others_do_not_see_who_has_seen_the_record(client_of, clinic, who):
    assert client_of(getattr(clinic, who)).get(log_of(clinic)).status_code == 404


def test_the_course_leads_to_who_has_seen_it(therapist, clinic):
    page = read(therapist.get(f"/courses/{clinic.course.id}"))

    assert page.one(f"a[@href='{log_of(clinic)}']") is not None


def test_the_paper_for_the_patient_names_people_and_no_content(therapist, clinic):
    therapist.get(f"/courses/{clinic.course.id}")

    answer = therapist.get(f"{log_of(clinic)}/paper.pdf")

    words = said(answer.data)
    assert "Who has seen this record" in words
    assert clinic.therapist.name in words
    assert clinic.course.code in words
    assert "1 of 1" in words
    assert {"/Table", "/H1"} <= {name for name, _ in tags(answer.data)}
    assert reader(answer.data).trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert clinic.course.code not in answer.headers["Content-Disposition"]
    assert audit_rows(clinic.database)[-1].event == "audit.printed"


def test_no_paper_leaves_when_that_cannot_be_written_down(therapist, clinic):
    before = contents(clinic.database)

    with broken_audit(clinic.database):
        answer = therapist.get(f"{log_of(clinic)}/paper.pdf")

    assert answer.status_code == 503
    assert not answer.data.startswith(b"%PDF")
    assert clinic.course.name not in answer.text
    assert contents(clinic.database) == before


def test_every_event_has_words_and_stands_in_a_kind_of_act():
    assert set(WORDS) == set(Event)
    assert set().union(*map(events_of, AREAS)) == set(Event)
    assert set(WORDS) >= LOOKS
    assert act_words("of.later_times", None, None) == "of, later times"


def test_no_address_of_the_audit_holds_a_patients_code(auditor, therapist, clinic):
    therapist.get(f"/courses/{clinic.course.id}")

    page = read(auditor.get("/audit"))

    hrefs = [urlsplit(a.get("href")).query for a in page.all("a[@href]")]
    assert not any(clinic.course.code in each for each in hrefs)
