"""The sessions of a course: logging one, reading it, changing it while it is not signed."""

from datetime import date

import pytest
from sqlalchemy import func, select

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.governance.access import Permission
from ipt_tracker.persistence.models import Amendment, AuditEntry, Course, Measure, SessionRecord
from ipt_tracker.services.doors import open_course
from tests.factories.courses import add_course, add_session, measure
from tests.factories.pages import read, says, submit
from tests.factories.stores import on_every_engine
from tests.integration.web.test_caseload import MOST_STATEMENTS, statements

TODAY = "2026-03-11"
PCL5_ITEMS = [item.key for item in INSTRUMENTS["pcl5_week"].items]
ROUTINE = {
    "mood": "6",
    "linked_event": "joined a choir",
    "measure-total": "29",
    "risk": "asked_none",
}


@pytest.fixture
def url(clinic):
    return f"/courses/{clinic.course.id}/sessions"


@pytest.fixture
def therapist(client_of, clinic):
    return client_of(clinic.therapist)


def newest(clinic):
    with clinic.reading() as work:
        record = work.session.scalar(
            select(SessionRecord)
            .where(SessionRecord.course_id == clinic.course.id)
            .order_by(SessionRecord.slot.desc())
            .limit(1)
        )
        assert record.risk is None or record.risk.id
        assert record.medication is None or record.medication.id
        return record


def slots(clinic):
    own = select(func.count()).where(SessionRecord.course_id == clinic.course.id)
    with clinic.reading() as work:
        return work.session.scalar(own)


def measures_of(clinic, record):
    with clinic.reading() as work:
        own = select(Measure).where(Measure.session_id == record.id).order_by(Measure.instrument)
        return list(work.session.scalars(own))


def change_stored(clinic, slot=7, **columns):
    with clinic.writing(clinic.therapist) as work:
        record = work.session.scalar(
            select(SessionRecord).where(
                SessionRecord.course_id == clinic.course.id, SessionRecord.slot == slot
            )
        )
        for name, value in columns.items():
            setattr(record, name, value)


def log(client, url, **changes):
    return submit(client, f"{url}/new", **{**ROUTINE, **changes})


def items(*answers):
    named = zip(PCL5_ITEMS, answers, strict=False)
    return {f"measure-{key}": value for key, value in named if value is not None}


# -- the form before anybody typed


def test_the_form_starts_with_the_usual_answers(therapist, url):
    page = read(therapist.get(f"{url}/new"))
    values = page.form().values

    assert page.h1 == "Log session 7"
    assert values["held_on"] == [TODAY]
    assert values["duration_minutes"] == ["50"]
    assert values["modality"] == ["in_person"]
    assert values["attendance"] == ["attended"]
    assert values["kind"] == ["individual"]
    assert values["focal_area"] == ["role_transition"]
    assert values["measure-lookback"] == ["pcl5_week"]
    assert "mood" not in values
    assert "risk" not in values, "nobody asked yet"
    assert values["measure-total"] == [""]


def test_the_form_opens_on_the_first_answer_that_only_the_person_knows(therapist, url):
    page = read(therapist.get(f"{url}/new"))

    focused = [e.attrib.get("id") for e in page.root.iter() if "autofocus" in e.attrib]
    assert focused == ["mood-0"]


def test_the_tasks_are_those_of_the_phase_and_the_focus(therapist, url):
    page = read(therapist.get(f"{url}/new"))

    heads = [says(e) for e in page.all("legend[@class='tasklist-head']")]
    shown = heads.index("Role transition")
    assert heads[0] == "Every middle session"
    assert shown < heads.index("Ending"), "other phases come after, folded away"
    assert "middle phase, role transition" in page.main


def test_a_task_says_when_it_was_done(therapist, url):
    assert log(therapist, url, tasks=["M01", "M03"]).status_code == 303

    page = read(therapist.get(f"{url}/new"))

    marks = [says(e) for e in page.all("span[@class='when']")]
    assert marks == ["done in session 7"] * 2


def test_last_time_stands_beside_the_form(therapist, url):
    log(therapist, url, plan="ask the foreman", pcl5_total=None)

    side = says(read(therapist.get(f"{url}/new")).one("aside"))

    assert "session 7, 11 Mar" in side
    assert "joined a choir" in side
    assert "6 of 10" in side
    assert "29 11 Mar" in side
    assert "Asked: none" in side
    assert "ask the foreman" in side


# -- saving


@on_every_engine
def test_a_routine_session_is_saved_with_its_measure_and_risk_check(therapist, url, clinic):
    answer = log(therapist, url, tasks=["M01"], techniques=["role_play"], note="Came in lighter.")

    record = newest(clinic)
    kept = measures_of(clinic, record)
    assert answer.status_code == 303
    assert answer.location == f"{url}/8"
    assert (record.slot, record.number, record.kind) == (8, 7, "individual")
    assert record.held_on == date(2026, 3, 11)
    assert (record.phase, record.phase_reason) == ("middle", None)
    assert (record.mood, record.linked_event) == (6, "joined a choir")
    assert (record.tasks, record.techniques) == (["M01"], ["role_play"])
    assert record.note_state == "unsigned"
    assert (record.risk.asked, record.risk.result) == (True, "none")
    assert [(m.instrument, m.total, m.taken_on) for m in kept] == [
        ("pcl5_week", 29, record.held_on)
    ]


def test_after_saving_the_session_is_shown_and_the_message_names_nobody(therapist, url, clinic):
    answer = log(therapist, url)

    page = read(therapist.get(answer.location))
    notice = says(page.one("div[@class='flashes wrap noprint']"))
    assert page.h1 == "Session 7"
    assert notice == "Session saved."
    assert "PCL-5, past week: 29" in page.main


def test_twenty_items_are_scored_by_the_server(therapist, url, clinic):
    log(therapist, url, **{"measure-total": ""}, **items(*"12340123401234012340"))

    (kept,) = measures_of(clinic, newest(clinic))
    assert (kept.total, kept.answered, kept.status) == (40, 20, "complete")
    assert kept.answers["intrusive_memories"] == 1


def test_items_left_blank_give_no_total_but_a_range(therapist, url, clinic):
    answers = items(*["2"] * 17, "na", "na", "na")
    answer = log(therapist, url, **{"measure-total": ""}, **answers)

    (kept,) = measures_of(clinic, newest(clinic))
    page = read(therapist.get(answer.location))
    assert (kept.total, kept.answered, kept.status) == (None, 17, "incomplete")
    assert kept.answers["sleep"] is None
    assert "no total: 17 of 20 answered, 34 to 46 possible" in page.main


def test_items_that_were_passed_over_are_asked_about(therapist, url, clinic):
    answers = items(*["2"] * 17)
    refused = log(therapist, url, **{"measure-total": ""}, **answers)

    assert refused.status_code == 422
    assert "3 items have neither an answer nor “–”" in read(refused).errors()[0]
    assert slots(clinic) == 7

    said = log(therapist, url, **{"measure-total": "", "measure-rest_blank": "y"}, **answers)
    assert said.status_code == 303


@pytest.mark.parametrize("why", ["not_returned", "declined", "not_administered"])
def test_why_there_is_no_form_is_kept_and_is_no_zero(therapist, url, clinic, why):
    log(therapist, url, **{"measure-total": "", "measure-not_done": why})

    (kept,) = measures_of(clinic, newest(clinic))
    assert (kept.status, kept.total) == (why, None)


def test_a_session_without_a_form_has_no_row_of_a_measure(therapist, url, clinic):
    log(therapist, url, **{"measure-total": ""})

    assert measures_of(clinic, newest(clinic)) == []


def test_another_instrument_goes_with_the_pcl5(therapist, url, clinic):
    log(therapist, url, other_instrument="phq9", other_total="12")

    kept = measures_of(clinic, newest(clinic))
    assert [(m.instrument, m.total) for m in kept] == [("pcl5_week", 29), ("phq9", 12)]


def test_a_form_given_at_sessions_is_offered_again_and_may_stay_empty(therapist, url, clinic):
    log(therapist, url, other_instrument="phq9", other_total="12")

    values = read(therapist.get(f"{url}/new")).form().values
    assert values["other_instrument"] == ["phq9"]
    log(therapist, url, second_that_day="y", **{"measure-duplicate": "y"})
    assert [m.instrument for m in measures_of(clinic, newest(clinic))] == ["pcl5_week"]


def test_a_medication_change_is_kept(therapist, url, clinic):
    log(therapist, url, drug="sertraline", change="increased", dose="100 mg", changed_on=TODAY)

    medication = newest(clinic).medication
    assert (medication.drug, medication.change, medication.dose) == (
        "sertraline",
        "increased",
        "100 mg",
    )


# -- what did not take place, other kinds


def test_a_no_show_has_a_slot_but_no_number(therapist, url, clinic):
    answer = submit(therapist, f"{url}/new", attendance="no_show", plan="call on Thursday")

    record = newest(clinic)
    assert answer.status_code == 303
    assert (record.slot, record.number, record.attendance) == (8, None, "no_show")
    assert (record.duration_minutes, record.modality, record.focal_area) == (None, None, None)
    assert record.plan == "call on Thursday"
    assert read(therapist.get(f"{url}/new")).h1 == "Log session 7"


def test_what_was_typed_for_a_no_show_is_refused_not_dropped(therapist, url, clinic):
    refused = submit(therapist, f"{url}/new", attendance="no_show", mood="5")

    page = read(refused)
    assert refused.status_code == 422
    assert page.errors() == [
        "Mood, 0 worst to 10 best: A session that did not take place has no mood."
    ]
    assert page.form().values["mood"] == ["5"]


def test_the_rarer_codes_stand_behind_other(therapist, url, clinic):
    refused = submit(therapist, f"{url}/new", attendance="other")
    assert "Say what became of the appointment." in read(refused).errors()[0]

    submit(therapist, f"{url}/new", attendance="other", other_attendance="cancelled_by_therapist")
    assert newest(clinic).attendance == "cancelled_by_therapist"


def test_another_kind_has_a_counter_of_its_own(therapist, url, clinic):
    log(therapist, url, kind="maintenance")

    record = newest(clinic)
    assert (record.kind, record.number, record.phase) == ("maintenance", 1, "maintenance")


def test_a_group_session_missed_by_one_member_keeps_the_number_of_the_group(therapist, url, clinic):
    with clinic.writing(clinic.therapist) as work:
        course = work.session.get(Course, clinic.course.id)
        course.format = "group"

    page = read(therapist.get(f"{url}/new"))
    submit(therapist, f"{url}/new", attendance="no_show")

    record = newest(clinic)
    assert page.form().values["kind"] == ["group"]
    assert (record.kind, record.number, record.attendance) == ("group", 1, "no_show")


def test_another_phase_needs_a_reason(therapist, url, clinic):
    refused = log(therapist, url, phase="termination")
    assert refused.status_code == 422
    assert "Say why the phase differs" in read(refused).errors()[0]

    log(therapist, url, phase="termination", phase_reason="she moves in April")
    record = newest(clinic)
    assert (record.phase, record.phase_reason) == ("termination", "she moves in April")


# -- what is refused


def test_everything_that_is_wrong_is_said_at_once_and_nothing_typed_is_lost(therapist, url, clinic):
    typed = {
        "held_on": "2027-01-01",
        "duration_minutes": "5x",
        "measure-total": "94",
        "note": "First.\n\nSecond, with “quotes”.",
        "tasks": ["M01"],
        "risk": None,
    }
    refused = log(therapist, url, **typed)

    page = read(refused)
    assert refused.status_code == 422
    assert page.errors() == [
        "Date: The date is in the future.",
        "Minutes: “5x” is not a whole number.",
        "PCL-5 total: 94 is too high, the form goes from 0 to 80.",
        "Was risk asked about? Say whether you asked. “Not asked” with a reason is an answer.",
    ]
    kept = page.form().values
    assert kept["held_on"] == ["2027-01-01"]
    assert kept["duration_minutes"] == ["5x"]
    assert kept["measure-total"] == ["94"]
    assert kept["note"] == ["First.\n\nSecond, with “quotes”."]
    assert kept["tasks"] == ["M01"]
    assert kept["mood"] == ["6"]
    assert slots(clinic) == 7


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"held_on": ""}, "Enter the date."),
        ({"held_on": "2025-12-31"}, "The date is before the course began."),
        ({"duration_minutes": "0"}, "0 minutes cannot be right"),
        ({"minutes_late": "301"}, "301 minutes late cannot be right"),
        ({"number": "3"}, "Session 3 is logged already, on 21 Jan 2026."),
        ({"starts_at": "25:00"}, "“25:00” is not a time."),
        ({"measure-total": "-1"}, "−1 is too low, the form goes from 0 to 80."),
        ({"measure-not_done": "declined"}, "There is a score, and a reason why there is none."),
        (
            {"measure-sleep": "9", "measure-total": ""},
            "9 is not on the form, which goes from 0 to 4.",
        ),
        ({"other_instrument": "phq9"}, "Enter the total of the PHQ-9"),
        ({"other_total": "12"}, "Say which instrument this is the total of."),
        ({"other_instrument": "phq9", "other_total": "28"}, "28 is too high"),
        (
            {"held_on": "2026-01-20", "focal_area": "role_transition"},
            "This focal area was not open on 20 Jan 2026. Choose another, or none.",
        ),
        ({"risk": "asked_present"}, "Say in a few words what was found and done."),
        ({"risk": "not_asked"}, "Say in a few words why it was not asked."),
        ({"dose": "50 mg"}, "Name the medicine."),
    ],
)
def test_each_rule_is_said_beside_its_field(therapist, url, clinic, changes, said):
    refused = log(therapist, url, **changes)

    assert refused.status_code == 422
    assert said in " ".join(read(refused).errors())
    assert slots(clinic) == 7


def test_items_and_total_that_disagree_are_refused_with_both_kept(therapist, url):
    refused = log(therapist, url, **{"measure-total": "41"}, **items(*"22222222222222222222"))

    page = read(refused)
    assert page.errors() == [
        "PCL-5 total: The items add up to 40, the total says 41. Correct one of them."
    ]
    assert page.form().values["measure-total"] == ["41"]
    assert page.form().values["measure-sleep"] == ["2"]


def test_a_form_sent_twice_is_saved_once(therapist, url, clinic):
    form = read(therapist.get(f"{url}/new")).form()
    filled = form.but(**ROUTINE)

    first = therapist.post(form.action, data=filled)
    second = therapist.post(form.action, data=filled)

    assert (first.status_code, second.status_code) == (303, 422)
    assert "Another appointment of this course was saved" in read(second).errors()[0]
    assert slots(clinic) == 8


# -- changing


@on_every_engine
def test_an_unsigned_session_can_be_changed_and_the_old_words_stay(therapist, url, clinic):
    answer = submit(therapist, f"{url}/7/edit", plan="another plan", mood="7")

    page = read(therapist.get(answer.location))
    assert answer.status_code == 303
    assert newest(clinic).plan == "another plan"
    changes = [says(row) for row in page.one("main").findall(".//tbody/tr")]
    assert any(row.startswith("Mood 4 7 R. Calder, 11 Mar 2026") for row in changes)
    assert any(row.startswith("Plan nothing another plan") for row in changes)


def test_saving_without_a_change_keeps_no_amendment(therapist, url, clinic):
    submit(therapist, f"{url}/7/edit")

    with clinic.reading() as work:
        assert work.session.scalar(select(func.count()).select_from(Amendment)) == 0


def test_a_stale_form_is_not_saved_and_both_versions_are_shown(therapist, url, clinic):
    form = read(therapist.get(f"{url}/7/edit")).form()
    submit(therapist, f"{url}/7/edit", plan="hers")

    stale = therapist.post(form.action, data=form.but(plan="mine"))

    page = read(stale)
    assert stale.status_code == 409
    assert page.h1 == "Two versions of session 6"
    assert "hers" in page.main
    assert "mine" in page.main
    assert newest(clinic).plan == "hers"
    decided = page.form().but(**{"merge:plan": "yours"})
    assert therapist.post(page.url, data=decided).status_code == 303
    assert newest(clinic).plan == "mine"


def test_a_signed_session_says_why_it_cannot_be_changed(therapist, url, clinic):
    change_stored(clinic, note_state="signed")

    page = read(therapist.get(f"{url}/7/edit"))
    refused = therapist.post(f"{url}/7/edit", data={"csrf_token": page.token, "plan": "other"})

    assert page.h1 == "Session 6 is signed"
    assert "A signed record is not changed" in page.main
    assert read(refused).h1 == "Session 6 is signed"
    assert newest(clinic).plan is None


def test_an_imported_session_without_a_note_says_why_it_cannot_be_changed(therapist, url, clinic):
    change_stored(clinic, note_state=None)

    page = read(therapist.get(f"{url}/7/edit"))

    assert page.h1 == "Session 6 cannot be changed"
    assert "imported file" in page.main


def test_a_score_is_not_entered_again_where_the_session_has_one(therapist, url):
    page = read(therapist.get(f"{url}/7/edit"))

    assert "measure-total" not in page.form().values
    assert "PCL-5, past week: 33" in page.main


# -- reading


def test_the_list_is_newest_first_in_pages_of_25(therapist, url, clinic):
    with clinic.writing(clinic.therapist) as work:
        course = open_course(work, clinic.course.id, Permission.RECORD_SESSION)
        for number in range(7, 27):
            add_session(work, course, number=number, held_on=clinic.today)

    first = read(therapist.get(url))
    second = read(therapist.get(f"{url}?page=2"))

    def names(page):
        return [says(th) for th in page.one("main").findall(".//tbody/tr/th")]

    assert (names(first)[0], len(names(first))) == ("Session 26", 25)
    assert names(second) == ["Session 2", "Session 1"]
    assert "27 appointments: 26 took place, 1 did not." in first.main
    assert "26 to 27 of 27 appointments" in second.main


def test_the_list_says_by_how_much_a_patient_was_late(therapist, url, clinic):
    with clinic.writing() as work:
        own = select(SessionRecord).where(SessionRecord.course_id == clinic.course.id)
        work.session.scalars(own.where(SessionRecord.slot == 4)).one().minutes_late = 20

    rows = [says(row) for row in read(therapist.get(url)).one("main").findall(".//tbody/tr")]

    assert ["Attended20 min late" in row for row in rows] == [False] * 3 + [True] + [False] * 3


def test_an_empty_list_says_what_to_do(therapist, clinic):
    with clinic.writing(clinic.therapist) as work:
        empty = add_course(work, clinic.today, code="T-9").id
    page = read(therapist.get(f"/courses/{empty}/sessions"))
    assert "No session yet" in page.main
    assert f"/courses/{empty}/sessions/new" in page.links()


def test_a_session_shows_everything_that_is_known_of_it(therapist, url, clinic):
    change_stored(
        clinic,
        4,
        note="One.\n\nTwo.",
        extra={"weather": "rain"},
        tasks=["M01", "X99"],
        phase_reason="late start",
    )

    page = read(therapist.get(f"{url}/4"))

    assert page.h1 == "Session 4"
    for words in (
        "28 Jan, attended. Session 4 of 14, middle phase.",
        "Mood 4 of 10",
        "Focal area Role transition",
        "sertraline",
        "PCL-5, past week: 44",
        "Asked: none",
        "One.",
        "weather rain",
        "X99",
        "late start",
        "Not signed",
    ):
        assert words in page.main, words


def test_answers_by_item_can_be_read_again(therapist, url):
    answers = items(*["3"] * 19, "na")
    answer = log(therapist, url, **{"measure-total": ""}, **answers)

    page = read(therapist.get(answer.location))

    lines = [says(li) for li in page.one("main").findall(".//ol/li")]
    assert lines[0] == "intrusive memories: 3"
    assert lines[-1] == "sleep: left blank"


# -- who may, and what it costs


def test_a_stranger_finds_no_session(client_of, clinic, url):
    stranger = client_of(clinic.therapist2)

    for path in ("", "/new", "/1", "/1/edit"):
        assert stranger.get(url + path).status_code == 404


def test_a_supervisor_reads_and_does_not_write(client_of, clinic, url):
    supervisor = client_of(clinic.supervisor)

    page = read(supervisor.get(url))
    assert read(supervisor.get(f"{url}/3")).h1 == "Session 3"
    assert not [link for link in page.links() if link.endswith("/new")]
    assert supervisor.get(f"{url}/new").status_code == 404
    assert supervisor.get(f"{url}/3/edit").status_code == 404
    posted = supervisor.post(f"{url}/new", data={"csrf_token": page.token, **ROUTINE})
    assert posted.status_code == 404
    assert slots(clinic) == 7


def test_a_slot_that_is_not_there_is_not_found(therapist, url):
    assert therapist.get(f"{url}/99").status_code == 404


def test_saving_is_written_down_without_a_word_of_what_was_said(therapist, url, clinic):
    log(therapist, url, note="a secret")

    with clinic.reading() as work:
        entries = work.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    logged = [e for e in entries if e.event == "session.logged"][-1]
    assert logged.actor_id == clinic.therapist.id
    assert logged.patient_id == clinic.course.patient_id
    assert "secret" not in str([e.details for e in entries])


@pytest.mark.parametrize("path", ["", "/new", "/5", "/5/edit"])
def test_a_page_costs_the_same_whatever_the_length_of_the_course(app, therapist, url, clinic, path):
    with statements(app) as short:
        assert therapist.get(url + path).status_code == 200
    with clinic.writing(clinic.therapist) as work:
        course = open_course(work, clinic.course.id, Permission.RECORD_SESSION)
        for number in range(7, 17):
            form = measure("pcl5_week", clinic.today, 20, confirmed=frozenset({"duplicate"}))
            add_session(work, course, form, number=number, held_on=clinic.today)

    with statements(app) as long:
        therapist.get(url + path)

    assert len(long) == len(short) <= MOST_STATEMENTS + 2  # what waits about risk, and a draft


def test_the_last_answer_on_risk_is_the_latest_by_its_day(therapist, url, clinic):
    found = {"risk": "asked_present", "risk_detail": "passive thoughts; plan written"}
    log(therapist, url, held_on="2026-03-11", **{"measure-total": ""}, **found)
    before = {"held_on": "2026-03-04", "out_of_order": "y"}
    log(therapist, url, risk="asked_none", **before, **{"measure-total": ""})

    overview = read(therapist.get(url.removesuffix("/sessions"))).main
    side = says(read(therapist.get(f"{url}/new")).one("aside"))

    assert "Last asked 11 Mar: present" in overview
    assert "Asked: present 11 Mar" in side
    assert "4 Mar" not in side
