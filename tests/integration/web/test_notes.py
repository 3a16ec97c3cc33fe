"""Notes on their pages: what is signed is shown, a refusal says why, and paper tells it all."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from ipt_tracker.clinical.course.notes import NoteState
from ipt_tracker.persistence.models import Course, RiskCheck, SessionRecord
from ipt_tracker.services.note_corrections import CORRECTABLE
from ipt_tracker.web.notes.correcting import FIELDS
from tests.factories.courses import add_measure, measure
from tests.factories.notes import approve, make_trainee, send_back, sign
from tests.factories.pages import read, says, submit
from tests.factories.tables import audit_rows, contents
from tests.factories.walk import contact_of, prompt_of
from tests.integration.web.test_caseload import MOST_STATEMENTS, statements


@pytest.fixture
def url(clinic):
    return f"/courses/{clinic.course.id}/sessions/7"


@pytest.fixture
def therapist(client_of, clinic):
    return client_of(clinic.therapist)


@pytest.fixture
def supervisor(client_of, clinic):
    return client_of(clinic.supervisor)


def record_of(clinic, slot=7):
    with clinic.reading() as work:
        return work.session.scalars(
            select(SessionRecord).where(
                SessionRecord.course_id == clinic.course.id, SessionRecord.slot == slot
            )
        ).one()


def panel(page, name="note-state"):
    return says(page.one(f"section[@aria-labelledby='{name}']"))


# -- signing


def test_what_is_signed_is_read_first_and_signed_with_the_second_click(therapist, url, clinic):
    session = read(therapist.get(url))
    assert f"{url}/sign" in session.links()
    assert "Session 6 of 14, middle phase" in session.main

    page = read(therapist.get(f"{url}/sign"))
    answer = submit(therapist, f"{url}/sign")

    assert page.h1 == "Sign session 6"
    assert [says(h) for h in page.all("h2")][:3] == ["Data", "Assessment", "Plan"]
    assert "PCL-5, past week 33" in page.main
    assert "PCL-5 58 on 7 Jan 2026, 33 now (−25)" in page.main
    assert answer.status_code == 303
    assert record_of(clinic).note_state == "signed"
    after = read(therapist.get(answer.location))
    assert "R. Calder, 11 Mar, " in panel(after)
    assert "Late entry" in panel(after)
    assert "Day of service 18 Feb 2026" in panel(after)
    assert "Day of entry 11 Mar 2026" in panel(after)


def test_after_signing_the_next_note_is_offered_and_at_the_end_none(therapist, url, clinic):
    answer = submit(therapist, f"{url}/sign")
    offered = read(therapist.get(answer.location))
    links = [says(a) for a in offered.one("section[@aria-labelledby='note-state']").iter("a")]
    assert links[:2] == ["Today", "Next note to sign: T-101, 7 Jan"]

    for slot in range(1, 7):
        sign(clinic, slot)

    assert "All your notes are done" in panel(read(therapist.get(answer.location)))
    assert "Next note to sign" not in panel(read(therapist.get(url)))


def test_what_stands_in_the_way_is_named_each_with_where_to_answer_it(therapist, url, clinic):
    prompt, contact = prompt_of(clinic, clinic.course), contact_of(clinic, clinic.course)
    with clinic.writing() as work:
        own = select(RiskCheck).where(RiskCheck.session_id == record_of(clinic).id)
        work.session.delete(work.session.scalars(own).one())
    before = contents(clinic.database)

    page = read(therapist.get(f"{url}/sign"))
    refused = therapist.post(f"{url}/sign", data=page.form().but(version=record_of(clinic).version))

    links = [a.attrib["href"] for a in page.one("section[@aria-labelledby='obstacles']").iter("a")]
    assert {str(prompt), str(contact)} <= {link.rpartition("/")[2] for link in links}
    assert f"{url}/edit" in links
    assert not page.all("button[@form='sign']")
    assert refused.status_code == 422
    assert "Nothing is recorded about risk" in read(refused).errors()[0]
    assert contents(clinic.database) == before


def test_a_note_that_was_changed_since_it_was_read_is_not_signed(therapist, url, clinic):
    form = read(therapist.get(f"{url}/sign")).form()
    submit(therapist, f"{url}/edit", plan="hers")

    stale = therapist.post(form.action, data=form.values)

    page = read(stale)
    assert stale.status_code == 409
    assert "Read it again" in page.errors()[0]
    assert "hers" in page.main
    assert record_of(clinic).note_state == "unsigned"
    assert therapist.post(page.form().action, data=page.form().values).status_code == 303


def test_a_signed_note_is_not_signed_again(therapist, url, clinic):
    sign(clinic, 7)

    page = read(therapist.get(f"{url}/sign"))
    again = therapist.post(f"{url}/sign", data=page.form().values)

    assert page.h1 == "Session 6 is signed"
    assert again.status_code == 422


# -- the supervisor


def test_a_trainees_note_goes_to_the_supervisor_and_back_with_a_comment(
    therapist, supervisor, url, clinic
):
    make_trainee(clinic, clinic.therapist)
    submit(therapist, f"{url}/sign")
    assert "Awaiting co-signature" in panel(read(supervisor.get(url)))

    submit(supervisor, f"{url}/cosign", decision="request", comment="say more about risk")

    page = read(therapist.get(url))
    assert "Changes requested" in panel(page)
    assert "say more about riskI. Marlowe" in panel(page)
    assert therapist.get(f"{url}/edit").status_code == 200
    submit(therapist, f"{url}/edit", plan="as asked")
    changed = says(read(therapist.get(url)).one("section[@aria-labelledby='amendments']"))
    assert "the supervisor asked for it" in changed
    submit(therapist, f"{url}/sign")
    submit(supervisor, f"{url}/cosign", decision="approve")
    assert "Signed and co-signed" in panel(read(therapist.get(url)))
    assert re.search(r"I. Marlowe, 11 Mar, \d\d:\d\d", panel(read(therapist.get(url))))


@pytest.mark.parametrize("decision", [{}, {"decision": "request"}])
def test_a_decision_without_its_words_keeps_nothing(supervisor, url, clinic, decision):
    make_trainee(clinic, clinic.therapist)
    sign(clinic, 7)

    answer = submit(supervisor, f"{url}/cosign", **decision)

    assert answer.status_code == 422
    assert record_of(clinic).note_state == "awaiting_cosign"


def test_a_note_corrected_while_it_waited_is_not_cosigned_unread(
    therapist, supervisor, url, clinic
):
    make_trainee(clinic, clinic.therapist)
    sign(clinic, 7)
    form = read(supervisor.get(f"{url}/cosign")).form()
    submit(therapist, f"{url}/correct/plan", new="other", reason="typed wrongly")

    stale = supervisor.post(form.action, data=form.but(decision="approve"))

    assert stale.status_code == 409
    assert "other" in read(stale).main
    assert record_of(clinic).note_state == "awaiting_cosign"


def test_a_supervisor_changes_nothing_of_the_note_itself(supervisor, url, clinic):
    sign(clinic, 7)

    for place in ("edit", "sign", "addendum", "correct", "correct/plan"):
        assert supervisor.get(f"{url}/{place}").status_code == 404
    links = read(supervisor.get(url)).links()
    assert [link for link in links if link.startswith(f"{url}/")] == [f"{url}/print"]


def test_the_supervisor_is_told_what_was_changed_after_cosigning(
    therapist, supervisor, url, clinic, clock
):
    make_trainee(clinic, clinic.therapist)
    sign(clinic, 7)
    approve(clinic, 7)
    clock.now += timedelta(minutes=1)
    submit(therapist, f"{url}/addendum", text="she rang", reason="came later")

    listed = read(supervisor.get("/notes"))
    assert "Added to or corrected since you co-signed" in listed.main
    page = read(supervisor.get(f"{url}/cosign"))
    assert "she rang" in page.main
    clock.now += timedelta(minutes=1)
    assert supervisor.post(f"{url}/cosign", data=page.form().values).status_code == 303

    assert "Added to or corrected" not in read(supervisor.get("/notes")).main


# -- after signing


def test_an_addendum_and_a_correction_are_marked_as_such_with_old_and_new(therapist, url, clinic):
    sign(clinic, 7)
    submit(therapist, f"{url}/addendum", text="she rang\n\ntwice", reason="came later")
    answer = submit(therapist, f"{url}/correct/mood", new="6", reason="misread")

    later = says(read(therapist.get(answer.location)).one("section[@aria-labelledby='later']"))

    assert "Addendum of 11 Mar 2026 she rangtwiceR. Calder. Why: came later" in later
    assert "Correction of 11 Mar 2026: Mood Before 4 Now 6 R. Calder. Why: misread" in later


@pytest.mark.parametrize("field", CORRECTABLE)
def test_each_field_has_a_form_that_starts_with_what_the_note_says(therapist, url, clinic, field):
    sign(clinic, 7)

    page = read(therapist.get(f"{url}/correct/{field}"))
    unchanged = therapist.post(page.url, data=page.form().but(reason="because"))

    assert unchanged.status_code == 422
    assert (
        "That is what the note says already." in str(read(unchanged).errors())
        or not (page.form().values.get("new", [""])[0])
    )


def test_a_correction_without_a_reason_keeps_what_was_typed(therapist, url, clinic):
    sign(clinic, 7)

    answer = submit(therapist, f"{url}/correct/plan", new="ring her sister")

    assert answer.status_code == 422
    assert read(answer).form().values["new"] == ["ring her sister"]
    assert record_of(clinic).plan is None


def test_tasks_are_corrected_in_the_list_of_the_session_form(therapist, url, clinic):
    sign(clinic, 7)

    submit(therapist, f"{url}/correct/tasks", new=["M01", "M03"], reason="forgotten")

    assert record_of(clinic).tasks == ["M01", "M03"]


def test_a_stale_correction_is_not_kept(therapist, url, clinic):
    sign(clinic, 7)
    form = read(therapist.get(f"{url}/correct/plan")).form()
    submit(therapist, f"{url}/correct/plan", new="first", reason="one")

    stale = therapist.post(form.action, data=form.but(new="second", reason="two"))

    assert stale.status_code == 409
    assert read(stale).form().values["new"] == ["second"]
    assert "The note says first" in read(stale).main
    assert record_of(clinic).plan == "first"


@pytest.mark.parametrize("place", ["addendum", "correct", "correct/plan"])
def test_an_open_note_is_changed_itself(therapist, url, place):
    page = read(therapist.get(f"{url}/{place}"))

    assert "Change the note itself" in page.main
    assert f"{url}/edit" in page.links()


def test_a_field_that_is_none_is_not_found(therapist, url):
    assert therapist.get(f"{url}/correct/version").status_code == 404


def test_every_field_that_can_be_corrected_has_a_form():
    assert tuple(FIELDS) == CORRECTABLE


@pytest.mark.parametrize("diagnosis", ["mdd", "ptsd"])
def test_the_form_that_the_course_is_followed_with_leads_the_progress(
    therapist, url, clinic, diagnosis
):
    with clinic.writing(clinic.therapist) as work:
        course = work.session.get(Course, clinic.course.id)
        course.patient.primary_diagnosis = diagnosis
        for slot, total in ((6, 18), (7, 9)):
            record = record_of(clinic, slot)
            form = add_measure(work, course, measure("phq9", record.held_on, total))
            form.session_id = record.id

    for place in ("sign", "print"):
        main = read(therapist.get(f"{url}/{place}")).main
        ours, other = main.index("Progress PHQ-9 18"), main.index("Progress PCL-5 58")
        assert (ours < other) == (diagnosis == "mdd")


@pytest.mark.parametrize("detail", ["passive thoughts, seen through.", "passive thoughts"])
def test_what_was_found_about_risk_reads_as_sentences(therapist, url, clinic, detail):
    with clinic.writing() as work:
        check = work.session.scalars(
            select(RiskCheck).where(RiskCheck.session_id == record_of(clinic).id)
        ).one()
        check.result, check.detail = "present", detail

    main = read(therapist.get(f"{url}/print")).main

    assert f"Risk Asked, present. P{detail[1:].removesuffix('.')}. " in f"{main} "
    assert ".." not in main


# -- on paper


def test_an_unsigned_note_prints_as_a_draft(therapist, url):
    page = read(therapist.get(f"{url}/print"))

    assert page.h1 == "Progress note, session 6"
    assert "Draft, not signed" in page.main


def test_paper_says_who_signed_who_cosigned_and_what_was_changed(therapist, url, clinic):
    make_trainee(clinic, clinic.therapist)
    sign(clinic, 7)
    approve(clinic, 7)
    submit(therapist, f"{url}/correct/plan", new="other plan", reason="typed wrongly")

    page = read(therapist.get(f"{url}/print"))

    for words in (
        "T-101, Imre Solberg, born 4 May 1990",
        "Therapist: R. Calder",
        "Signed and co-signed, late entry",
        "Signed R. Calder, 11 Mar",
        "Co-signed I. Marlowe, 11 Mar, ",
        "Correction of 11 Mar 2026: Plan Before nothing Now other plan",
        "Printed 11 Mar 2026 by R. Calder",
    ):
        assert words in page.main, words


def test_the_print_is_written_down(therapist, url, clinic):
    therapist.get(f"{url}/print")

    assert "note.printed" in [row.event for row in audit_rows(clinic.database)]


# -- lists


def test_the_list_leads_to_each_note_and_says_how_long_it_waits(therapist, clinic):
    page = read(therapist.get("/notes"))

    assert "7 notes to sign." in page.main
    rows = [says(row) for row in page.one("main").findall(".//tbody/tr")]
    assert rows[0] == "Session 1 T-101 Imre Solberg 7 Jan Attended 63 days"
    assert f"/courses/{clinic.course.id}/sessions/1/sign" in page.links()


def test_a_note_sent_back_is_listed_with_its_comment(therapist, clinic):
    make_trainee(clinic, clinic.therapist)
    sign(clinic, 7)
    sign(clinic, 6)
    send_back(clinic, 7, "say more about risk")

    page = read(therapist.get("/notes"))

    assert "say more about risk I. Marlowe" in panel(page, "requested")
    assert "Session 5" in panel(page, "awaiting")


def test_a_supervisor_sees_what_waits_for_them_and_counts_of_the_rest(supervisor, clinic):
    make_trainee(clinic, clinic.therapist)
    sign(clinic, 7)

    page = read(supervisor.get("/notes"))

    assert "Session 6 T-101 Imre Solberg R. Calder18 Feb Attended today" in panel(page, "awaiting")
    assert "R. Calder67 Jan" in panel(page, "overdue")
    link = f"/caseload?note=unsigned&therapist={clinic.therapist.id}"
    assert "6 not signed, R. Calder" in panel(page, "overdue")
    assert link in page.links()
    assert "Imre Solberg" in read(supervisor.get(link)).main
    assert page.links().count(f"/courses/{clinic.course.id}/sessions/7/cosign") == 1


def test_what_is_not_signed_is_counted_in_the_same_words_on_both_pages(supervisor, clinic):
    sign(clinic, 7)
    with clinic.writing() as work:
        work.session.get(SessionRecord, record_of(clinic, 6).id).held_on = clinic.today
        work.session.get(SessionRecord, record_of(clinic, 5).id).attendance = "entered_in_error"

    pages = [read(supervisor.get(path)) for path in ("/notes", "/today")]

    for page in pages:
        assert "5 not signed, 4 of them for more than a week." in page.main
        assert "/caseload?note=unsigned" in page.links()


def test_old_notes_of_closed_courses_lead_to_the_closed_ones(supervisor, clinic):
    with clinic.writing() as work:
        course = work.session.get(Course, clinic.course.id)
        course.ended_on, course.status = clinic.today, "dropped_out"

    page = read(supervisor.get("/notes"))

    link = f"/caseload?note=unsigned&therapist={clinic.therapist.id}&show=closed"
    assert "7 not signed, closed courses" in panel(page, "overdue")
    assert link in page.links()
    assert "Imre Solberg" in read(supervisor.get(link)).main


def test_a_note_cosigned_elsewhere_has_the_day_alone(therapist, url, clinic):
    with clinic.writing() as work:
        record = work.session.get(SessionRecord, record_of(clinic).id)
        record.note_state, record.note_cosigned_by = "cosigned", "I. M."
        record.note_cosigned_on = date(2026, 3, 1)

    assert "Co-signed I. M., 1 Mar 2026" in panel(read(therapist.get(url)))


@pytest.mark.parametrize(
    "found",
    [{"result": "present"}, {"band": "low"}, {"band": "moderate", "override_band": "none"}],
)
def test_a_note_of_a_session_that_found_risk_is_marked_on_both_lists(
    therapist, supervisor, clinic, found
):
    make_trainee(clinic, clinic.therapist)
    before = read(therapist.get("/notes")).main
    with clinic.writing() as work:
        own = select(RiskCheck).where(RiskCheck.session_id == record_of(clinic).id)
        check = work.session.scalars(own).one()
        for name, value in found.items():
            setattr(check, name, value)
        check.override_reason = "why" if check.override_band else None

    own = [says(row) for row in read(therapist.get("/notes")).one("main").findall(".//tbody/tr")]
    sign(clinic, 7)
    sign(clinic, 6)
    queue = read(supervisor.get("/notes")).one("section[@aria-labelledby='awaiting']")
    send_back(clinic, 7)

    assert "Risk present" not in before
    assert ["Risk present" in row for row in own] == [False] * 6 + [True]
    waiting = [says(row) for row in queue.findall(".//tbody/tr")]
    assert ["Risk present" in row for row in waiting] == [False, True]
    assert "Risk present" in panel(read(therapist.get("/notes")), "requested")


def test_a_stranger_finds_no_trace_of_the_patient(client_of, clinic):
    page = read(client_of(clinic.therapist2).get("/notes"))

    assert clinic.course.code not in page.text
    assert clinic.course2.code in page.text


def test_the_list_costs_the_same_whatever_its_length(app, therapist, clinic):
    with statements(app) as long:
        therapist.get("/notes")
    for slot in range(1, 7):
        sign(clinic, slot)

    with statements(app) as short:
        therapist.get("/notes")

    assert len(long) == len(short) <= MOST_STATEMENTS


def test_the_sessions_list_says_where_each_note_stands(therapist, clinic):
    make_trainee(clinic, clinic.therapist)
    sign(clinic, 7)

    page = read(therapist.get(f"/courses/{clinic.course.id}/sessions"))

    cells = [says(row.findall("td")[-1]) for row in page.one("main").findall(".//tbody/tr")]
    assert cells[0] == "Awaiting co-signaturelate entry"
    assert set(cells[1:]) == {"Not signed"}


@pytest.mark.parametrize("state", NoteState)
def test_every_state_has_its_words_on_the_session(therapist, url, clinic, state):
    with clinic.writing() as work:
        work.session.get(SessionRecord, record_of(clinic).id).note_state = state

    assert state.label in panel(read(therapist.get(url)))
