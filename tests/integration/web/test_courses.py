"""A course: its overview, and the forms that start it, change it, hand it over and end it."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import delete, select

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.governance.access import Permission, Role
from ipt_tracker.persistence.models import (
    Account,
    Amendment,
    AuditEntry,
    Course,
    Measure,
    Patient,
    RiskCheck,
    SafetyPrompt,
)
from ipt_tracker.services.corrections import withdraw_measure
from ipt_tracker.services.courses import change_patient
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.focal_areas import FocusEntry, close_focus, open_focus
from tests.factories.courses import PATIENT, add_measure, add_session, measure
from tests.factories.pages import read, says, submit
from tests.factories.people import add_person
from tests.factories.schedules import add_planned, add_scheduled
from tests.factories.stores import on_every_engine
from tests.integration.web.test_caseload import statements

MOST_STATEMENTS_OF_THE_OVERVIEW = 19
"""It shows the most of all pages: the work outside the sessions and the next appointment too."""

TODAY = "2026-03-11"


@pytest.fixture
def url(clinic):
    return f"/courses/{clinic.course.id}"


@pytest.fixture
def therapist(client_of, clinic):
    return client_of(clinic.therapist)


def opened(work, clinic, permission=Permission.EDIT_COURSE):
    return open_course(work, clinic.course.id, permission)


def stored(clinic):
    with clinic.reading() as work:
        course = work.session.get(Course, clinic.course.id)
        assert course.patient
        assert course.focal_areas is not None
        assert course.contract_changes is not None
        assert course.assignments is not None
        return course


def events(clinic):
    with clinic.reading() as work:
        return [e.event for e in work.session.scalars(select(AuditEntry).order_by(AuditEntry.id))]


def row_texts(page):
    return [says(row) for row in page.one("main").findall(".//tbody/tr")]


# -- overview


@on_every_engine
def test_the_overview_says_where_the_course_stands(therapist, url, clinic):
    page = read(therapist.get(url))

    assert page.h1 == "Course, T-101"
    assert "Imre Solberg" in page.text
    assert "The PCL-5 (past week) fell from 58 to 33, down 25 points" in page.main
    assert "7 appointments, 6 held, 1 did not take place" in page.main
    assert row_texts(page)[0].startswith("6 18 Feb 4/10")
    assert "Session 7, middle phase" in page.main
    assert "CAPS-5, baseline 41" in page.main
    assert "course.opened" in events(clinic)


def test_the_course_line_keeps_missed_slots_and_shows_what_is_planned(therapist, url):
    page = read(therapist.get(url))

    boxes = [e for e in page.root.iter() if e.attrib.get("class", "").startswith("slot ")]
    states = [box.attrib["class"].split()[1] for box in boxes]
    assert states == ["done"] * 4 + ["missed"] + ["done"] * 2 + ["now"] + ["plan"] * 7
    assert boxes[4].attrib["aria-label"] == "4 Feb, no-show"
    assert [says(b).split(" ")[0] for b in boxes[-7:]] == [
        f"{number}Session" for number in range(8, 15)
    ]


def test_the_overview_costs_no_more_for_a_long_course(app, therapist, url, clinic):
    with statements(app) as short:
        therapist.get(url)
    with clinic.writing(clinic.therapist) as work:
        course = opened(work, clinic, Permission.RECORD_SESSION)
        for number in range(7, 47):
            add_session(work, course, number=number, held_on=clinic.today)

    with statements(app) as long:
        page = read(therapist.get(url))

    assert len(row_texts(page)) == 7
    assert len(long) == len(short) <= MOST_STATEMENTS_OF_THE_OVERVIEW


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/patient",
        "/contract",
        "/focal-areas/new",
        "/therapist",
        "/therapist/take-back",
        "/end",
        "/reopening",
    ],
)
def test_a_stranger_and_an_administrator_find_no_page_of_a_course(client_of, clinic, url, path):
    for person in (clinic.therapist2, clinic.admin):
        client = client_of(person)
        token = read(client.get(_start(person))).token

        assert client.get(url + path).status_code == 404
        if path:
            assert client.post(url + path, data={"csrf_token": token}).status_code == 404


def _start(person):
    return "/people" if person.role is Role.ADMINISTRATOR else "/caseload"


def test_a_supervisor_reads_the_course_and_can_only_hand_it_over(client_of, clinic, url):
    client = client_of(clinic.supervisor)

    links = read(client.get(url)).links()

    own = {link.removeprefix(url) for link in links if link.startswith(url)}
    assert "/therapist" in own
    assert not own & {"/patient", "/contract", "/focal-areas/new", "/end", "/sessions/new"}
    assert client.get(f"{url}/patient").status_code == 404
    assert client.get(f"{url}/contract").status_code == 404


def test_what_an_imported_file_said_besides_is_shown(therapist, url, clinic):
    with clinic.writing() as work:
        work.session.get(Course, clinic.course.id).extra = {"edge_cases": ["late arrival"]}

    assert "late arrival" in read(therapist.get(url)).main


def test_what_is_due_stands_beside_what_comes_next_with_where_to_enter_it(
    therapist, client_of, clinic
):
    with clinic.writing(clinic.therapist) as work:
        course = add_scheduled(work, clinic.today - timedelta(days=56))
        for number, days in ((1, 28), (2, 14), (3, 2)):
            add_session(work, course, number=number, held_on=clinic.today - timedelta(days=days))
        course_id = course.id

    page = read(therapist.get(f"/courses/{course_id}"))

    assert "CAPS-5 baseline overduesince 14 Jan, 56 days · Enter CAPS-5 baseline" in page.main
    assert "CAPS-5 half way duesince 4 Mar" in page.main
    assert "PCL-5 duesince 9 Mar · Enter" in page.main
    assert "PCL-5 missing at 2 earlier sessions" in page.main
    assert f"/courses/{course_id}/measures/caps5_month/new?point=mid" in page.links()
    seen = read(client_of(clinic.supervisor).get(f"/courses/{course_id}"))
    assert "CAPS-5 half way due" in seen.main
    assert f"/courses/{course_id}/measures/caps5_month/new?point=mid" not in seen.links()


def test_an_assessment_says_who_made_it_and_whether_blind_and_a_planned_one_when(
    therapist, url, clinic
):
    with clinic.writing(clinic.therapist) as work:
        course = opened(work, clinic)
        made = measure("caps5_month", clinic.today, 30, point="mid", assessor="IE-01", blind=True)
        add_measure(work, course, made)
        add_planned(work, course, "end", clinic.today - timedelta(days=9))
        add_planned(work, course, "follow_up_6m", clinic.today + timedelta(days=99))

    page = read(therapist.get(url))

    assert "CAPS-5, half way 3011 Mar, IE-01, blind" in page.main
    assert "CAPS-5, end due 2 Mar" in page.main
    assert "9 days overdue" in page.main
    assert "CAPS-5, at 6 months due 18 Jun" in page.main


def test_a_planned_assessment_that_another_form_stands_for_is_not_listed_as_open(
    therapist, url, clinic
):
    with clinic.writing(clinic.therapist) as work:
        course = opened(work, clinic)
        add_measure(work, course, measure("caps5_month", clinic.today, 30))
        add_planned(work, course, "mid", clinic.today - timedelta(days=3))

    page = read(therapist.get(url))

    assert "CAPS-5, half way" not in page.main
    assert "nothing due" in page.main


def test_an_answer_on_suicide_leads_to_where_it_is_acknowledged(therapist, url, clinic):
    with clinic.writing(clinic.therapist) as work:
        phq9 = INSTRUMENTS["phq9"]
        answers = dict.fromkeys(phq9.answer_keys, 2)
        taken = add_measure(
            work, opened(work, clinic), measure("phq9", clinic.today, answers=answers)
        )
        (prompt,) = work.session.scalars(
            select(SafetyPrompt).where(SafetyPrompt.measure_id == taken.id)
        )
        prompt_id = prompt.id

    page = read(therapist.get(url))

    assert page.main.count("Waits to be asked, see above") == 1
    assert "answer entered" not in page.main
    assert page.text.count("Ask about it and assess now") == 1
    assert [link for link in page.links() if str(prompt_id) in link]


def asked_about(page):
    """Give the line on risk."""
    facts = list(page.one("section[@aria-labelledby='h-next']").find(".//dl"))
    (risk,) = [value for term, value in pairwise(facts) if says(term) == "Risk"]
    return says(risk)


def enter_item_9(clinic, day, answer, **more):
    """Enter a PHQ-9 with this last answer, on death and self-harm."""
    phq9 = INSTRUMENTS["phq9"]
    answers = dict.fromkeys(phq9.answer_keys, 1) | {phq9.suicidality_item: answer}
    with clinic.writing(clinic.therapist) as work:
        course = opened(work, clinic, Permission.RECORD_MEASURE)
        return add_measure(work, course, measure("phq9", day, answers=answers, **more)).id


ASKED = {"risk_done": "asked", "risk_note": "asked; a plan was made"}
HANDED_ON = {"risk_done": "handed_on", "risk_note": "to the doctor on call"}


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ((18, 2, {}), "Last asked 18 Feb: none. Item 9 of the PHQ-9 of 18 Feb stands at 2."),
        ((17, 2, {}), "Last asked 18 Feb: none."),
        ((18, 0, {}), "Last asked 18 Feb: none."),
        ((18, None, {}), "Last asked 18 Feb: none."),
        (
            (18, 2, ASKED),
            (
                "Last asked 11 Mar, about a form. In a session last 18 Feb: none. "
                "Item 9 of the PHQ-9 of 18 Feb stands at 2, asked about 11 Mar."
            ),
        ),
        (
            (18, None, ASKED),
            "Last asked 11 Mar, about a form. In a session last 18 Feb: none.",
        ),
        ((18, 2, HANDED_ON), "Last asked 18 Feb: none. Item 9 of the PHQ-9 of 18 Feb stands at 2."),
    ],
)
def test_the_line_on_risk_counts_who_asked_about_a_form_and_says_what_stands_beside_none(
    therapist, url, clinic, form, said
):
    day, answer, more = form
    enter_item_9(clinic, date(2026, 2, day), answer, **more)

    assert asked_about(read(therapist.get(url))) == said


@on_every_engine
def test_an_answer_that_was_withdrawn_after_somebody_asked_stands_no_more(therapist, url, clinic):
    form_id = enter_item_9(clinic, clinic.today, 2, **ASKED)
    with clinic.writing(clinic.therapist) as work:
        course = opened(work, clinic, Permission.RECORD_MEASURE)
        withdraw_measure(work, course, work.session.get(Measure, form_id), "of somebody else")

    said = asked_about(read(therapist.get(url)))

    assert said == "Last asked 11 Mar, about a form. In a session last 18 Feb: none."


def test_the_one_answer_of_a_file_stands_beside_a_course_in_which_nobody_asked(
    therapist, url, clinic
):
    form_id = enter_item_9(clinic, clinic.today, 0)
    with clinic.writing() as work:
        work.session.get(Measure, form_id).extra = {"item9": 1}
        work.session.execute(delete(RiskCheck))

    said = asked_about(read(therapist.get(url)))

    assert said == "Not asked in this course yet. Item 9 of the PHQ-9 of 11 Mar stands at 1."


def test_who_asked_about_a_form_counts_in_a_course_without_a_risk_check(therapist, url, clinic):
    enter_item_9(clinic, clinic.today, None, **ASKED)
    with clinic.writing() as work:
        work.session.execute(delete(RiskCheck))

    assert asked_about(read(therapist.get(url))) == "Last asked 11 Mar, about a form."


# -- new course


NEW = {"code": "T-900", "name": "Nadia Ek", "protocol": "IPT-16", "started_on": "2026-03-04"}


@on_every_engine
def test_a_course_is_started_with_the_protocols_own_numbers(therapist, clinic):
    answer = submit(therapist, "/courses/new", "/new", **NEW, primary_diagnosis="mdd")

    assert answer.status_code == 303
    page = read(therapist.get(answer.location))
    assert "Nadia Ek" in page.text
    assert "16 sessions, weekly, 50 minutes" in page.main
    assert "Not started, 16 sessions planned" in page.text
    assert "MDD" in page.main
    assert "No session is logged yet" in page.main


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"code": " "}, "Clinic code: Enter the clinic code."),
        ({"code": "T-101"}, "Clinic code: Another patient has this code."),
        ({"code": "T-202"}, "Clinic code: Another patient has this code."),
        ({"started_on": ""}, "First day: Enter the first day of the course."),
        (
            {"started_on": "4.3.2026"},
            "First day: “4.3.2026” is not a date. Write it like 2025-04-07.",
        ),
        ({"birth_date": "2030-01-01"}, "Birth date: The birth date is in the future."),
        ({"planned_sessions": "x"}, "Planned sessions: “x” is not a whole number."),
        (
            {"planned_sessions": "200"},
            "Planned sessions: 200 sessions cannot be planned, it must be 1 to 104.",
        ),
        ({"protocol": "custom"}, "Planned sessions: Say how many sessions are planned."),
        ({"session_minutes": "500"}, "Minutes: 500 minutes cannot be right, it must be 1 to 300."),
        ({"name": "x" * 201}, "Name: There is room for 200 characters here."),
        (
            {"started_on": "2026-03-12"},
            "First day: The first day is in the future. Start the course on it.",
        ),
    ],
)
def test_a_wrong_answer_is_named_and_the_rest_is_kept(therapist, clinic, wrong, message):
    page = read(submit(therapist, "/courses/new", "/new", **NEW | {"notes": "kept"} | wrong))

    assert page.status == 422
    assert page.errors() == [message]
    assert page.form("/new").values["notes"] == ["kept"]
    with clinic.reading() as work:
        assert len(work.session.scalars(select(Patient.id)).all()) == 2


def test_everything_wrong_with_a_new_course_is_said_at_once(therapist):
    wrong = {"code": "", "birth_date": "2030-01-01", "started_on": "2029-01-01"}
    page = read(
        submit(therapist, "/courses/new", "/new", **NEW | wrong | {"planned_sessions": "-3"})
    )

    assert page.errors() == [
        "Clinic code: Enter the clinic code.",
        "Birth date: The birth date is in the future.",
        "Planned sessions: -3 sessions cannot be planned, it must be 1 to 104.",
        "First day: The first day is in the future. Start the course on it.",
    ]


# -- patient


@on_every_engine
def test_a_change_of_the_patient_keeps_the_old_value(therapist, url, clinic):
    answer = submit(therapist, f"{url}/patient", phone="01632 960001")

    assert answer.location == url
    assert stored(clinic).patient.phone == "01632 960001"
    with clinic.reading() as work:
        (kept,) = work.session.scalars(select(Amendment))
    assert (kept.field, kept.old, kept.new, kept.author) == (
        "phone",
        None,
        "01632 960001",
        "R. Calder",
    )
    assert "patient.changed" in events(clinic)


@on_every_engine
def test_a_change_made_meanwhile_is_named_and_never_overwritten(therapist, url, clinic):
    page = read(therapist.get(f"{url}/patient"))
    mine = page.form().but(phone="01632 960001")
    with clinic.writing(clinic.therapist) as work:
        entry = PATIENT.__class__(**{**_entry(PATIENT), "phone": "01632 960999"})
        change_patient(work, opened(work, clinic), entry)

    conflict = read(therapist.post(f"{url}/patient", data=mine))

    assert conflict.status == 409
    assert stored(clinic).patient.phone == "01632 960999"
    assert conflict.h1 == "Two versions of the patient’s details"
    assert conflict.form().values["yours:phone"] == ["01632 960001"]
    assert conflict.form().values["theirs:phone"] == ["01632 960999"]
    assert "You saved the other version at" in conflict.main

    decided = conflict.form().but(**{"merge:phone": "yours"})
    again = therapist.post(f"{url}/patient", data=decided)

    assert again.status_code == 303
    assert stored(clinic).patient.phone == "01632 960001"


def _entry(entry):
    return {name: getattr(entry, name) for name in entry.__dataclass_fields__}


# -- contract


@on_every_engine
def test_an_extension_is_an_entry_of_its_own_with_its_reason(therapist, url, clinic):
    answer = submit(
        therapist, f"{url}/contract", planned_sessions="18", reason="two deaths", patient_agreed="y"
    )

    assert answer.status_code == 303
    course = stored(clinic)
    (change,) = course.contract_changes
    assert (change.kind, change.old, change.new, change.patient_agreed) == (
        "extension",
        "14",
        "18",
        True,
    )
    page = read(therapist.get(url))
    assert "Extension: 14 to 18. Reason: two deaths" in page.main
    assert "Session 6 of 18" in page.text


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"planned_sessions": "18"}, "Why the contract changes: Say why the contract changes."),
        ({"spacing": "monthly"}, "Why the contract changes: Say why the contract changes."),
        ({"planned_sessions": ""}, "Planned sessions: Enter the number of planned sessions."),
        (
            {"planned_sessions": "0", "reason": "x"},
            "Planned sessions: 0 sessions cannot be planned, it must be 1 to 104.",
        ),
        (
            {"planned_sessions": "5", "reason": "x"},
            "Planned sessions: Session 6 was logged already. Plan at least 6, or end the course.",
        ),
        (
            {"maintenance_sessions": "-1", "reason": "x"},
            "Maintenance visits: A number of visits cannot be negative.",
        ),
    ],
)
def test_a_contract_is_not_changed_without_what_it_needs(therapist, url, clinic, wrong, message):
    page = read(submit(therapist, f"{url}/contract", **wrong))

    assert page.status == 422
    assert page.errors() == [message]
    assert stored(clinic).planned_sessions == 14
    assert stored(clinic).contract_changes == []


def test_the_manual_alone_needs_no_reason(therapist, url, clinic):
    submit(therapist, f"{url}/contract", manual="Weissman 2018")

    assert stored(clinic).manual == "Weissman 2018"
    assert stored(clinic).contract_changes == []


def test_a_contract_in_words_of_its_own_keeps_them(therapist, url, clinic):
    with clinic.writing() as work:
        work.session.get(Course, clinic.course.id).spacing = "as the ward allows"

    submit(therapist, f"{url}/contract", manual="Weissman 2018")

    assert stored(clinic).spacing == "as the ward allows"


# -- focal areas


@on_every_engine
def test_a_focal_area_is_opened_and_closed(therapist, url, clinic):
    submit(therapist, f"{url}/focal-areas/new", focal_area="grief", detail="her brother")
    spell = next(s for s in stored(clinic).focal_areas if s.area == "grief")
    assert (spell.started_on.isoformat(), spell.ended_on) == (TODAY, None)
    assert "Grief her brother" in read(therapist.get(url)).main

    answer = submit(therapist, f"{url}/focal-areas/{spell.id}/end", reason="mourned")

    assert answer.status_code == 303
    spell = next(s for s in stored(clinic).focal_areas if s.area == "grief")
    assert (spell.ended_on.isoformat(), spell.end_reason) == (TODAY, "mourned")


@on_every_engine
def test_a_third_focal_area_is_refused(therapist, url, clinic):
    submit(therapist, f"{url}/focal-areas/new", focal_area="grief")

    page = read(submit(therapist, f"{url}/focal-areas/new", focal_area="dispute"))

    assert page.status == 422
    assert page.errors() == [
        "Focal area: At most two focal areas can be open at once. Close one first."
    ]
    assert len(stored(clinic).focal_areas) == 2
    assert f"{url}/focal-areas/new" not in read(therapist.get(url)).links()


def test_the_same_area_is_not_opened_twice_nor_before_the_course(therapist, url, clinic):
    twice = read(submit(therapist, f"{url}/focal-areas/new", focal_area="role_transition"))
    early = read(
        submit(therapist, f"{url}/focal-areas/new", focal_area="grief", started_on="2025-12-01")
    )

    assert twice.errors() == ["Focal area: This focal area is open already."]
    assert early.errors() == ["From: The day must lie within the course, today at the latest."]
    assert len(stored(clinic).focal_areas) == 1


def test_a_focal_area_is_closed_once_and_with_a_reason(therapist, url, clinic):
    spell = stored(clinic).focal_areas[0]
    end = f"{url}/focal-areas/{spell.id}/end"
    without = read(submit(therapist, end))
    form = read(therapist.get(end)).form().but(reason="done")
    with clinic.writing(clinic.therapist) as work:
        course = opened(work, clinic)
        close_focus(work, course, course.focal_areas[0], clinic.today, "closed elsewhere")

    twice = read(therapist.post(end, data=form))

    assert without.errors() == ["Why the work on it ends: Say why the work on this area ends."]
    assert twice.errors() == ["The work on this area has ended already."]
    assert stored(clinic).focal_areas[0].end_reason == "closed elsewhere"


def test_a_focal_area_shows_its_strategies_with_the_sessions_that_did_them(
    therapist, client_of, url, clinic
):
    with clinic.writing(clinic.therapist) as work:
        course = opened(work, clinic, Permission.RECORD_SESSION)
        differs = {"number": 7, "held_on": clinic.today, "focal_area": "role_transition"}
        add_session(work, course, tasks=("T01",), **differs)
    spell = stored(clinic).focal_areas[0]

    page = read(therapist.get(f"{url}/focal-areas/{spell.id}"))

    assert "session 7Done" in page.main
    assert page.main.count("Not yet") == 4
    assert f"{url}/focal-areas/{spell.id}/switch" in page.links()
    seen = read(client_of(clinic.supervisor).get(f"{url}/focal-areas/{spell.id}"))
    assert f"{url}/focal-areas/{spell.id}/switch" not in seen.links()


def test_a_dispute_that_was_found_in_dissolution_offers_the_switch(therapist, url, clinic):
    with clinic.writing(clinic.therapist) as work:
        course = opened(work, clinic, Permission.RECORD_SESSION)
        open_focus(work, course, FocusEntry("dispute", clinic.today, "her husband", None))
        work.session.refresh(course)
        differs = {"number": 7, "held_on": clinic.today, "dispute_stage": "dissolution"}
        add_session(work, course, focal_area="dispute", **differs)
    spell = next(s for s in stored(clinic).focal_areas if s.area == "dispute")

    page = read(therapist.get(f"{url}/focal-areas/{spell.id}"))

    assert "The dispute was last found in dissolution." in page.main
    assert "Dissolution, since 11 Mar" in page.main


def test_a_focus_is_switched_on_one_page_and_stands_in_the_contract(therapist, url, clinic):
    spell = stored(clinic).focal_areas[0]
    switch = f"{url}/focal-areas/{spell.id}/switch"

    without = read(submit(therapist, switch, focal_area="grief"))
    kept = submit(therapist, switch, focal_area="grief", reason="her father died")

    assert without.errors() == ["Why the focus changes: Say why the focus changes."]
    assert kept.status_code == 303
    page = read(therapist.get(url))
    assert "Focus switch: role transition to grief. Reason: her father died" in page.main
    assert [s.area for s in stored(clinic).focal_areas if s.ended_on is None] == ["grief"]


def test_a_course_that_ended_can_go_on_from_its_overview(therapist, url, clinic):
    submit(therapist, f"{url}/end", status="completed", disposition="ended")
    assert f"{url}/reopening" in read(therapist.get(url)).links()

    answer = submit(therapist, f"{url}/reopening", reason="came back")

    assert answer.status_code == 303
    assert stored(clinic).ended_on is None


def test_an_arranged_hand_over_is_taken_back_from_the_overview(therapist, url, clinic):
    to = str(clinic.therapist2.id)
    submit(therapist, f"{url}/therapist", therapist=to, day="2026-04-01", reason="leave")
    assert f"{url}/therapist/take-back" in read(therapist.get(url)).links()
    again = read(therapist.get(f"{url}/therapist"))
    assert "Arranged already: A. Okafor, 1 Apr 2026. Take it back" in again.main

    answer = submit(therapist, f"{url}/therapist/take-back", reason="leave was moved")

    assert answer.status_code == 303
    page = read(therapist.get(url))
    assert "A. Okafor, was to be from 1 Apr, taken back" in page.main
    assert f"{url}/therapist/take-back" not in page.links()


def test_the_contract_says_when_it_was_agreed_and_when_it_ends(therapist, url, clinic):
    form = read(therapist.get(f"{url}/contract"))
    assert "if every session from now on keeps the spacing" in form.main

    submit(
        therapist,
        f"{url}/contract",
        contract_agreed_on="2026-01-21",
        contract_ends_on="2026-04-08",
    )
    moved = read(submit(therapist, f"{url}/contract", contract_ends_on="2026-04-22"))

    assert moved.errors() == ["Why the contract changes: Say why the contract changes."]
    page = read(therapist.get(url))
    assert "agreed 21 Jan" in page.main
    assert "8 Apr 2026" in page.main
    submit(therapist, f"{url}/contract", contract_ends_on="2026-04-22", reason="holiday")
    assert "Change of the end date: 8 Apr 2026 to 22 Apr 2026" in read(therapist.get(url)).main


def test_a_focal_area_of_another_course_is_not_found(therapist, url, clinic):
    with clinic.writing(clinic.therapist2) as work:
        other = open_course(work, clinic.course2.id, Permission.EDIT_COURSE)
        spell = open_focus(work, other, FocusEntry("dispute", clinic.today, None, None))
        work.session.flush()
        spell_id = spell.id

    assert therapist.get(f"{url}/focal-areas/{spell_id}/end").status_code == 404


# -- hand-over and ending


@on_every_engine
def test_a_course_handed_over_today_changes_hands_at_once(therapist, client_of, url, clinic):
    answer = submit(
        therapist, f"{url}/therapist", therapist=str(clinic.therapist2.id), reason="parental leave"
    )

    assert answer.location == "/caseload"
    assert therapist.get(url).status_code == 404
    assert "R. Calder, from 7 Jan until 11 Mar" in read(client_of(clinic.therapist2).get(url)).main
    assert client_of(clinic.supervisor).get(url).status_code == 404
    assert stored(clinic).assignments[-1].reason == "parental leave"
    assert "course.transferred" in events(clinic)


def test_a_hand_over_can_be_arranged_for_a_later_day(therapist, client_of, url, clinic, clock):
    chosen = {"therapist": str(clinic.therapist2.id), "day": "2026-03-20", "reason": "leave"}
    submit(therapist, f"{url}/therapist", **chosen)

    assert therapist.get(url).status_code == 200
    assert client_of(clinic.therapist2).get(url).status_code == 404
    clock.now += timedelta(days=9)
    assert client_of(clinic.therapist2).get(url).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"therapist": ""}, "To: Choose a therapist."),
        ({"therapist": "nobody"}, "To: Choose a therapist."),
        ({"day": "2026-03-10"}, "From: The day is past. A course is handed over today or later."),
        ({"reason": ""}, "Why it is handed over: Say why the course is handed over."),
    ],
)
def test_a_hand_over_needs_whom_when_and_why(therapist, url, clinic, wrong, message):
    right = {"therapist": str(clinic.therapist2.id), "reason": "leave"}

    page = read(submit(therapist, f"{url}/therapist", **right | wrong))

    assert page.status == 422
    assert page.errors() == [message]
    assert len(stored(clinic).assignments) == 1


def test_a_course_is_handed_to_therapists_who_can_sign_in_alone(therapist, url, clinic):
    with clinic.writing() as work:
        away = add_person(work, "away@clinic.example", "B. Away", Role.THERAPIST)
        work.session.get(Account, away.id).enabled = False

    offered = {o.attrib["value"] for o in read(therapist.get(f"{url}/therapist")).all("option")}
    to_supervisor = read(
        submit(therapist, f"{url}/therapist", therapist=str(clinic.supervisor.id), reason="x")
    )
    to_away = read(submit(therapist, f"{url}/therapist", therapist=str(away.id), reason="x"))

    assert offered == {"", str(clinic.therapist2.id)}
    assert to_supervisor.errors() == to_away.errors() == ["To: Choose a therapist."]


END = {"status": "completed", "disposition": "ended", "reason": "as planned"}


@on_every_engine
def test_an_ended_course_stays_readable_and_closes_its_focal_areas(therapist, url, clinic):
    answer = submit(therapist, f"{url}/end", **END)

    assert answer.location == url
    course = stored(clinic)
    assert (course.status, course.disposition, course.outcome_reason) == (
        "completed",
        "ended",
        "as planned",
    )
    assert [s.ended_on for s in course.focal_areas] == [date(2026, 3, 11)]
    page = read(therapist.get(url))
    assert "6 of 14 sessions, course ended 11 Mar" in page.text
    assert f"{url}/sessions/new" not in page.links()
    assert "course.ended" in events(clinic)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"status": None}, "How it ended: Choose how the course ended."),
        ({"status": "active"}, "How it ended: Not a valid choice."),
        ({"disposition": ""}, "What was decided: Choose what was decided."),
        (
            {"status": "dropped_out"},
            "What was decided: A patient who left did not complete. Choose another decision.",
        ),
        ({"ended_on": "2026-03-12"}, "Last day: The day must lie between the start and today."),
        (
            {"ended_on": "2026-02-01"},
            "Last day: The last session was later, on 18 Feb 2026. Choose that day or a later.",
        ),
    ],
)
def test_a_course_does_not_end_without_what_it_needs(therapist, url, clinic, wrong, message):
    page = read(submit(therapist, f"{url}/end", **END | wrong))

    assert page.status == 422
    assert page.errors()[0] == message
    assert stored(clinic).ended_on is None


def test_a_course_ends_once(therapist, url, clinic):
    form = read(therapist.get(f"{url}/end")).form().but(**END)
    submit(therapist, f"{url}/end", **END)

    page = read(therapist.post(f"{url}/end", data=form | {"status": "dropped_out"}))

    assert page.status == 409
    assert "Somebody else changed this record" in page.errors()[0]
    assert stored(clinic).status == "completed"
