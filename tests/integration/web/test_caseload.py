"""The caseload: what a therapist and a supervisor see of whom, in how many statements."""

from contextlib import contextmanager
from datetime import date, time, timedelta

import pytest
from sqlalchemy import event, select

from ipt_tracker.clinical.course.schedule import Schedule
from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.governance.access import Permission
from ipt_tracker.persistence.models import (
    AuditEntry,
    ClinicSetting,
    ContactTask,
    Course,
    RiskCheck,
    SessionRecord,
)
from ipt_tracker.services.appointments import AppointmentEntry, book
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.sessions import RiskEntry
from tests.factories.courses import add_course, add_measure, add_session, measure
from tests.factories.pages import read, says, submit
from tests.factories.people import add_person
from tests.factories.schedules import add_planned, add_scheduled
from tests.factories.stores import on_every_engine

URL = "/caseload"
MOST_STATEMENTS = 16


@contextmanager
def statements(app):
    """Collect what is asked of the database, without the frame of each transaction."""
    engine = app.extensions["ipt_tracker"].database.engine
    seen = []

    def note(connection, cursor, statement, *rest) -> None:
        if not statement.startswith(("PRAGMA", "BEGIN", "SELECT pg_", "SET ")):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def find(client, words):
    return submit(client, URL, "/find", q=words)


def rows(page):
    return [says(row) for row in page.one("main").findall(".//tbody/tr")]


def events(clinic):
    with clinic.reading() as work:
        return [e.event for e in work.session.scalars(select(AuditEntry).order_by(AuditEntry.id))]


@on_every_engine
def test_a_therapist_sees_their_own_courses_with_position_score_and_change(client_of, clinic):
    page = read(client_of(clinic.therapist).get(URL))

    (row,) = rows(page)
    assert row.startswith("Imre SolbergT-101 6 of 14, middle")
    assert "33" in row
    assert "Reliably improved, down 25" in row
    assert "18 Feb" in row
    assert "Wanda Kestrel" not in page.text


def test_opening_the_list_is_written_down(client_of, clinic):
    client_of(clinic.therapist).get(URL)

    assert "caseload.listed" in events(clinic)


def test_a_supervisor_sees_the_courses_of_supervisees_and_whose_they_are(client_of, clinic):
    page = read(client_of(clinic.supervisor).get(URL))

    (row,) = rows(page)
    assert "Imre Solberg" in row
    assert "R. Calder" in row
    assert "/courses/new" not in page.links()


def test_an_administrator_has_no_caseload(client_of, clinic):
    client = client_of(clinic.admin)

    assert client.get(URL).status_code == 404
    assert "find" not in {
        form.attrib.get("class") for form in read(client.get("/people")).all("form")
    }


@pytest.mark.parametrize(
    ("show", "listed"), [("open", 1), ("quiet", 1), ("closed", 0), ("ending", 0)]
)
def test_a_quick_list_holds_what_its_name_says(client_of, clinic, show, listed):
    page = read(client_of(clinic.therapist).get(f"{URL}?show={show}"))

    assert len(rows(page)) == listed
    shown = next(
        li for li in page.all("ul[@class='quick']/li") if li.find("a[@aria-current]") is not None
    )
    assert says(shown).endswith(f" {listed}")


@on_every_engine
def test_a_course_is_quiet_from_the_21st_day_without_a_session_on(client_of, clinic, clock):
    clock.now -= timedelta(days=1)  # 20 days after the last session that took place

    page = read(client_of(clinic.therapist).get(f"{URL}?show=quiet"))

    assert rows(page) == []


@on_every_engine
def test_a_course_is_in_its_ending_phase_by_its_last_session(client_of, clinic):
    with clinic.writing(clinic.therapist) as work:
        course = open_course(work, clinic.course.id, Permission.RECORD_SESSION)
        add_session(work, course, number=12, held_on=clinic.today)

    page = read(client_of(clinic.therapist).get(f"{URL}?show=ending"))

    assert "12 of 14, ending" in rows(page)[0]


@pytest.mark.parametrize("query", ["show=all", "sort=name;drop", "page=x", "page=-1", "page=99"])
def test_what_is_not_in_the_fixed_lists_is_as_if_it_were_not_there(client_of, clinic, query):
    page = read(client_of(clinic.therapist).get(f"{URL}?{query}"))

    assert len(rows(page)) == 1


@pytest.mark.parametrize(
    ("sort", "first"), [("patient", "Aron Alder"), ("started", "Zita Zorn"), ("seen", "Zita Zorn")]
)
def test_a_list_can_be_put_in_another_order(client_of, clinic, sort, first):
    with clinic.writing(clinic.therapist) as work:
        add_course(work, clinic.today - timedelta(days=3), code="T-301", name="Zita Zorn")
        early = add_course(work, clinic.today - timedelta(days=90), code="T-302", name="Aron Alder")
        add_session(work, early, held_on=clinic.today)

    page = read(client_of(clinic.therapist).get(f"{URL}?sort={sort}"))

    assert rows(page)[0].startswith(first)
    assert len(page.all("th[@aria-sort]")) == 1


def test_a_course_followed_with_another_form_names_it(client_of, clinic):
    with clinic.writing(clinic.therapist) as work:
        course = add_course(
            work, clinic.today, code="T-303", name="Ole Ohm", primary_diagnosis="mdd"
        )
        add_session(work, course, measure("phq9", clinic.today, 14), held_on=clinic.today)

    page = read(client_of(clinic.therapist).get(URL))

    row = next(r for r in rows(page) if "Ole Ohm" in r)
    assert "PHQ-9, 11 Mar" in row.replace("\N{NO-BREAK SPACE}", " ")
    assert "Cannot tell" in row
    assert "one score so far" in row


@pytest.mark.parametrize(
    ("taken", "said"),
    [
        ({"not_done": "not_returned"}, "PCL-5 not returned"),
        (None, "PCL-5 missing"),
        ({"total": 30}, "nothing missing"),
    ],
)
def test_what_became_of_the_last_form_is_named(client_of, clinic, taken, said):
    with clinic.writing(clinic.therapist) as work:
        course = open_course(work, clinic.course.id, Permission.RECORD_SESSION)
        forms = [measure("pcl5_week", clinic.today, **taken)] if taken else []
        add_session(work, course, *forms, number=7, held_on=clinic.today)

    (row,) = rows(read(client_of(clinic.therapist).get(URL)))

    assert said in row


@pytest.mark.parametrize(
    ("weeks", "said"),
    [
        (1, "CAPS-5 duesince 4 Mar, 1 more due"),
        (2, "CAPS-5 overduesince 25 Feb, 14 days, 1 more due"),
    ],
)
def test_what_a_schedule_asks_for_first_stands_in_the_row(client_of, clinic, weeks, said):
    with clinic.writing(clinic.therapist) as work:
        add_scheduled(work, clinic.today - timedelta(weeks=weeks))

    page = read(client_of(clinic.therapist).get(URL))

    assert said in next(row for row in rows(page) if "T-501" in row)


def test_where_nothing_is_due_the_row_says_what_comes_next(client_of, clinic):
    with clinic.writing(clinic.therapist) as work:
        start = clinic.today - timedelta(days=42)
        add_scheduled(work, start, Schedule.of(mid=["caps5_month"]))

    page = read(client_of(clinic.therapist).get(URL))

    assert "nothing dueCAPS-5 on 18 Mar" in next(row for row in rows(page) if "T-501" in row)


def test_a_follow_up_is_due_after_the_end(client_of, clinic):
    with clinic.writing(clinic.therapist) as work:
        course = open_course(work, clinic.course.id, Permission.EDIT_COURSE)
        add_planned(work, course, "follow_up_3m", clinic.today)
        course.ended_on, course.status = clinic.today, "completed"

    (row,) = rows(read(client_of(clinic.therapist).get(f"{URL}?show=closed")))

    assert "CAPS-5 duetoday" in row


def test_several_totals_of_the_first_and_of_the_last_day_are_said_in_the_row(client_of, clinic):
    with clinic.writing(clinic.therapist) as work:
        course = open_course(work, clinic.course.id, Permission.RECORD_MEASURE)
        for day, total in ((date(2026, 1, 7), 50), (date(2026, 2, 18), 20)):
            again = measure("pcl5_week", day, total, confirmed=frozenset({"duplicate"}))
            add_measure(work, course, again)

    (row,) = rows(read(client_of(clinic.therapist).get(URL)))

    assert "18 Feb, 2 totals that day" in row.replace("\N{NO-BREAK SPACE}", " ")
    assert "2 totals on the first day" in row


# -- suicide and risk


def answered(number):
    """Give a PHQ-9 in which the last item, on death and self-harm, was answered so."""
    phq9 = INSTRUMENTS["phq9"]
    answers = dict.fromkeys(phq9.answer_keys, 1) | {phq9.suicidality_item: number}
    return {"answers": answers}


def enter_phq9(clinic, **entry):
    with clinic.writing(clinic.therapist) as work:
        course = open_course(work, clinic.course.id, Permission.RECORD_MEASURE)
        add_measure(work, course, measure("phq9", clinic.today, **entry))


def ask(clinic, answer, day, number):
    with clinic.writing(clinic.therapist) as work:
        course = open_course(work, clinic.course.id, Permission.RECORD_SESSION)
        risk = RiskEntry(answer, "in words" if answer != "asked_none" else None)
        add_session(work, course, held_on=day, number=number, risk=risk)


def safety(client):
    """Give the rows of the list of what must be asked, and the count on its pill."""
    page = read(client.get(f"{URL}?show=safety"))
    pill = says(page.all("ul[@class='quick']/li")[1])
    return rows(page), pill


@on_every_engine
@pytest.mark.parametrize("answer", [1, 3, None])
def test_an_answer_on_suicide_waits_in_the_row_and_in_a_list(client_of, clinic, answer):
    enter_phq9(clinic, **answered(answer))

    client = client_of(clinic.therapist)
    (row,), pill = safety(client)

    assert "Ask about suicideanswer entered 11 Mar" in row
    assert pill == "Ask or follow up risk 1"
    assert "One course has suicide or risk to ask about." in read(client.get(URL)).main


@on_every_engine
def test_once_acknowledged_it_waits_no_more(client_of, clinic):
    enter_phq9(clinic, **answered(2), risk_done="asked", risk_note="asked; a plan was made")

    listed, pill = safety(client_of(clinic.therapist))

    assert listed == []
    assert pill == "Ask or follow up risk 0"


def test_it_waits_in_a_course_that_has_ended_too(client_of, clinic):
    enter_phq9(clinic, **answered(2))
    with clinic.writing() as work:
        course = work.session.get(Course, clinic.course.id)
        course.ended_on, course.status = clinic.today, "dropped_out"

    (row,), _ = safety(client_of(clinic.supervisor))

    assert "Ask about suicide" in row


def test_a_list_with_nothing_to_ask_reassures_nobody(client_of, clinic):
    page = read(client_of(clinic.therapist).get(f"{URL}?show=safety"))

    assert "That says nothing about today." in page.main
    assert "suicide or risk to ask about" not in page.main


@on_every_engine
@pytest.mark.parametrize(
    ("asked", "waits"),
    [
        (["asked_present"], True),
        (["asked_present", "not_asked"], True),
        (["asked_present", "asked_none"], False),
        (["asked_none", "asked_present"], True),
    ],
)
def test_risk_that_was_found_last_waits_until_it_was_asked_about_again(
    client_of, clinic, asked, waits
):
    for place, answer in enumerate(asked):
        day = clinic.today - timedelta(days=1) + timedelta(days=place)
        ask(clinic, answer, day, 7 + place)

    listed, pill = safety(client_of(clinic.therapist))

    assert pill == f"Ask or follow up risk {int(waits)}"
    assert ["Risk present" in row for row in listed] == [True] * waits


@on_every_engine
def test_the_last_answer_is_the_one_of_the_latest_day_not_the_one_logged_last(client_of, clinic):
    ask(clinic, "asked_present", clinic.today, 7)
    ask(clinic, "asked_none", clinic.today - timedelta(days=3), 8)

    (row,), _ = safety(client_of(clinic.therapist))

    assert "Risk presentasked 11 Mar" in row


def test_a_band_of_an_imported_screen_counts_as_risk(client_of, clinic):
    with clinic.writing() as work:
        check = work.session.scalars(
            select(RiskCheck).join(SessionRecord).order_by(SessionRecord.held_on.desc())
        )
        newest = next(c for c in check if c.session.course_id == clinic.course.id)
        newest.result, newest.band = None, "low"

    assert safety(client_of(clinic.therapist))[1] == "Ask or follow up risk 1"


def test_a_page_holds_25_courses_and_costs_the_same_for_one_and_for_many(app, client_of, clinic):
    client = client_of(clinic.therapist)
    with statements(app) as for_one:
        client.get(URL)
    with clinic.writing(clinic.therapist) as work:
        for number in range(30):
            course = add_course(work, clinic.today, code=f"M-{number:02}", name=f"Many {number:02}")
            add_session(work, course, measure("pcl5_week", clinic.today, 40), held_on=clinic.today)

    with statements(app) as for_many:
        page = read(client.get(URL))
    second = read(client.get(f"{URL}?page=2"))

    assert len(rows(page)) == 25
    assert len(rows(second)) == 6
    assert len(for_many) == len(for_one) <= MOST_STATEMENTS


def test_a_therapist_without_patients_is_told_what_to_do_next(client_of, clinic):
    page = read(client_of(clinic.supervisor).get(f"{URL}?show=closed"))
    assert "No course is closed" in page.main

    with clinic.writing() as work:
        newcomer = add_person(work, "new@clinic.example", "N. Newcomer", clinic.therapist.role)
    page = read(client_of(newcomer).get(URL))

    assert "Start with one patient" in page.main
    assert "/courses/new" in page.links()


@on_every_engine
@pytest.mark.parametrize("words", ["T-101", "t-101", "solberg", "IMRE", "solb imr"])
def test_one_patient_found_by_code_or_a_part_of_the_name_opens_at_once(client_of, clinic, words):
    answer = find(client_of(clinic.therapist), words)

    assert answer.status_code == 303
    assert answer.location == f"/courses/{clinic.course.id}"


@on_every_engine
def test_case_and_accents_make_no_difference(client_of, clinic):
    with clinic.writing(clinic.therapist) as work:
        course_id = add_course(work, clinic.today, code="T-304", name="Élodie Åberg").id

    answer = find(client_of(clinic.therapist), "elodie ÅBERG")

    assert answer.location == f"/courses/{course_id}"


def test_several_patients_found_are_listed(client_of, clinic):
    with clinic.writing(clinic.therapist) as work:
        add_course(work, clinic.today, code="T-305", name="Solveig Imre")

    page = read(find(client_of(clinic.therapist), "imre"))

    assert page.h1 == "Find a patient"
    assert [row.split("T-")[0] for row in rows(page)] == ["Imre Solberg", "Solveig Imre"]


@pytest.mark.parametrize("words", ["Wanda", "T-202", "nobody"])
def test_a_patient_of_somebody_else_is_not_found(client_of, clinic, words):
    page = read(find(client_of(clinic.therapist), words))

    assert page.status == 200
    assert "Nobody found" in page.main
    assert str(clinic.course2.id) not in page.html


def test_an_empty_search_says_what_to_type(client_of, clinic):
    page = read(find(client_of(clinic.therapist), "  "))

    assert page.status == 422
    assert page.errors() == ["Code, name or focal area: Type a code or a name, or a part of one."]


def test_what_was_typed_stands_in_no_address_and_in_no_audit_row(client_of, clinic):
    client = client_of(clinic.therapist)
    page = read(find(client, "Kestrel"))

    assert page.url == "/caseload/find"
    with clinic.reading() as work:
        kept = [str(e.details) for e in work.session.scalars(select(AuditEntry))]
    assert "patient.searched" in events(clinic)
    assert not [text for text in kept if "kestrel" in text.lower()]


# -- next appointment, attendance, filters, focal areas


def book_in(clinic, days, hour=time(10, 0)):
    with clinic.writing(clinic.therapist) as work:
        course = open_course(work, clinic.course.id, Permission.RECORD_SESSION)
        book(work, course, AppointmentEntry(clinic.today + timedelta(days=days), hour))


def test_the_next_appointment_stands_in_the_row(client_of, clinic):
    client = client_of(clinic.therapist)
    (before,) = rows(read(client.get(URL)))
    book_in(clinic, 7)

    (after,) = rows(read(client.get(URL)))

    assert "not booked" in before
    assert "Wed 18 Mar10:00" in after


@on_every_engine
def test_courses_without_an_appointment_have_a_list(client_of, clinic):
    client = client_of(clinic.therapist)
    before = rows(read(client.get(f"{URL}?show=unbooked")))
    book_in(clinic, 7)

    assert len(before) == 1
    assert rows(read(client.get(f"{URL}?show=unbooked"))) == []


@on_every_engine
def test_a_list_can_be_put_by_the_next_appointment(client_of, clinic):
    book_in(clinic, 7)
    with clinic.writing(clinic.therapist) as work:
        add_course(work, clinic.today, code="T-306", name="Aron Alder")

    listed = rows(read(client_of(clinic.therapist).get(f"{URL}?sort=booked")))

    assert [row.split("T-")[0] for row in listed] == ["Imre Solberg", "Aron Alder"]


def test_both_rates_of_attendance_stand_in_the_row_and_are_named(client_of, clinic):
    page = read(client_of(clinic.therapist).get(URL))

    (row,) = rows(page)

    assert "attended 86 %, own 86 %" in row  # 6 of 7, one no-show
    assert "whole-group cancellations" in page.main


def test_a_missed_visit_that_asks_for_contact_stands_in_the_row(client_of, clinic):
    with clinic.writing(clinic.therapist) as work:
        slot = work.session.scalars(
            select(SessionRecord).where(SessionRecord.attendance == "no_show")
        ).one()
        work.session.add(
            ContactTask(
                course_id=slot.course_id,
                session_id=slot.id,
                because="screener, low band",
                raised_at=work.now,
            )
        )

    listed, pill = safety(client_of(clinic.therapist))

    assert "missed 4 Feb" in listed[0]
    assert pill == "Ask or follow up risk 1"


@on_every_engine
@pytest.mark.parametrize(
    ("query", "listed"),
    [
        ("area=role_transition", 1),
        ("area=grief", 0),
        ("phase=middle", 1),
        ("phase=termination", 0),
        ("note=unsigned", 1),
        ("note=awaiting_cosign", 0),
        ("phase=middle&area=role_transition&note=unsigned", 1),
        ("phase=middle&area=grief", 0),
        ("area=nonsense", 0),
        ("phase=nonsense&note=nonsense&therapist=nonsense", 1),
    ],
)
def test_a_list_is_narrowed_down_by_what_is_chosen(client_of, clinic, query, listed):
    page = read(client_of(clinic.therapist).get(f"{URL}?{query}"))

    assert len(rows(page)) == listed
    assert says(page.all("ul[@class='quick']/li")[0]) == f"Open {listed}"


def test_filters_stay_while_the_list_or_its_order_changes_and_can_be_taken_off(client_of, clinic):
    page = read(client_of(clinic.therapist).get(f"{URL}?phase=middle&area=grief"))

    assert "No course of this list is left by the filters." in page.main
    assert f"{URL}?show=open&sort=patient" in page.links()
    lists = [link for link in page.links() if "show=closed" in link]
    assert all("phase=middle" in link and "area=grief" in link for link in lists)


def test_no_word_of_a_patient_stands_in_an_address_of_the_list(client_of, clinic):
    page = read(client_of(clinic.therapist).get(f"{URL}?area=role_transition"))

    assert not [link for link in page.links() if "Solberg" in link or "T-101" in link]


@on_every_engine
def test_a_supervisor_can_choose_whose_courses(client_of, clinic):
    client = client_of(clinic.supervisor)
    page = read(client.get(URL))
    offered = [says(o) for o in page.one("select[@name='therapist']").findall("option")]

    mine = rows(read(client.get(f"{URL}?therapist={clinic.therapist.id}")))
    others = rows(read(client.get(f"{URL}?therapist={clinic.therapist2.id}")))

    assert offered == ["Any", "R. Calder"]
    assert (len(mine), len(others)) == (1, 0)


def test_a_therapist_is_not_asked_whose(client_of, clinic):
    page = read(client_of(clinic.therapist).get(URL))

    assert page.all("select[@name='therapist']") == []


@on_every_engine
@pytest.mark.parametrize("words", ["role transition", "life change", "Transition"])
def test_a_focal_area_is_found_in_the_words_of_any_school(client_of, clinic, words):
    page = read(find(client_of(clinic.therapist), words))

    (row,) = rows(page)

    assert "found by focal area role transition" in row
    assert f"“{words}” names the focal area Role transition." in page.main


def test_a_focal_area_that_was_left_is_found_and_said_to_have_ended(client_of, clinic):
    with clinic.writing() as work:
        (spell,) = work.session.get(Course, clinic.course.id).focal_areas
        spell.ended_on, spell.open_place = clinic.today, None

    (row,) = rows(read(find(client_of(clinic.therapist), "life change")))

    assert "found by focal area role transition, ended" in row


def test_an_area_of_another_clinic_is_found_in_its_own_words(client_of, clinic):
    with clinic.writing() as work:
        (spell,) = work.session.get(Course, clinic.course.id).focal_areas
        spell.area = "loneliness_abroad"

    (row,) = rows(read(find(client_of(clinic.therapist), "loneliness")))

    assert "found by focal area loneliness abroad" in row


def test_what_the_clinic_calls_an_area_finds_it(client_of, clinic):
    areas = {"offered": ["role_transition"], "called": {"role_transition": ["upheaval"]}, "own": []}
    with clinic.writing(clinic.admin) as work:
        setting = {"name": "focal_areas", "value": areas, "set_by": clinic.admin.id}
        work.session.add(ClinicSetting(**setting, set_at=work.now))

    (row,) = rows(read(find(client_of(clinic.therapist), "upheaval")))

    assert "found by focal area role transition" in row


def test_the_courses_of_others_are_not_found_by_their_area_either(client_of, clinic):
    page = read(find(client_of(clinic.therapist), "bereavement"))

    assert "Nobody found" in page.main
    assert "T-202" not in page.main
