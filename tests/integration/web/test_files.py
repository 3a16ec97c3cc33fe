"""The files of a course: the page that lists them, and the whole course as FHIR."""

import json
from datetime import date, timedelta
from hashlib import sha256
from uuid import UUID

import pytest
from fhir.resources.R4B.bundle import Bundle

from ipt_tracker.clinical.instruments.phq9 import PHQ9
from ipt_tracker.governance.access import Permission
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import Course, Measure, SessionRecord
from ipt_tracker.services.corrections import withdraw_measure
from ipt_tracker.services.doors import open_course
from tests.factories.canaries import plant
from tests.factories.clinic import PCL5, WEEK
from tests.factories.courses import add_measure, add_session, measure
from tests.factories.emergencies import add_emergency
from tests.factories.fhir import broken_rules, of_type, resources
from tests.factories.pages import read, submit
from tests.factories.tables import audit_rows
from tests.integration.web.test_caseload import statements

REASON = "the hospital keeps its own record"
MOST_STATEMENTS = 40
OK, SEE_OTHER, NOT_FOUND, REFUSED = 200, 303, 404, 422


@pytest.fixture
def therapist(client_of, clinic):
    return client_of(clinic.therapist)


@pytest.fixture
def url(clinic):
    return f"/courses/{clinic.course.id}/files"


def taken(client, url, file="fhir", reason=REASON):
    """Take a file through the form, and give its bytes."""
    answer = submit(client, url, url, file=file, reason=reason)
    assert answer.status_code == OK, answer.text
    return answer


def test_the_page_lists_every_file_with_what_it_holds_and_whom_it_is_for(therapist, url):
    page = read(therapist.get(url))
    lines = {row.find("th").text for row in page.all("tbody/tr")}

    assert {"Progress report", "Letter to the patient", "Timeline"} <= lines
    assert "FHIR, without names" in lines
    for words in ("Verdict in words", "Another record system", "is written down"):
        assert words in page.main


def test_each_link_of_the_page_leads_to_a_file_or_to_its_page(therapist, url):
    page = read(therapist.get(url))
    links = [a.attrib["href"] for cell in page.all("td") for a in cell.findall("a")]

    assert len(links) > len("abcdef")
    kinds = {link: therapist.get(link).status_code for link in links if not link.endswith(".pdf")}
    assert set(kinds.values()) == {OK}


def test_the_course_becomes_a_bundle_that_the_models_read(therapist, clinic, url):
    answer = taken(therapist, url)
    made = json.loads(answer.data)

    assert answer.mimetype == "application/fhir+json"
    assert 'filename="fhir.json"' in answer.headers["Content-Disposition"]
    Bundle.model_validate(made)
    assert broken_rules(made) == []
    assert of_type(made, "Patient")[0]["name"] == [{"text": "Imre Solberg"}]
    encounters = of_type(made, "Encounter")
    assert [each["status"] for each in encounters].count("cancelled") == 1
    assert len(encounters) == len(clinic.course.slots)
    totals = [
        each["valueQuantity"]["value"]
        for each in of_type(made, "Observation")
        if "PCL-5" in each["code"]["text"]
    ]
    assert tuple(totals) == PCL5


def test_the_whole_record_is_a_bundle_with_the_words_of_the_course(therapist, clinic, url):
    answer = taken(therapist, url, "course")
    made = json.loads(answer.data)

    assert answer.mimetype == "application/json"
    assert 'filename="course.json"' in answer.headers["Content-Disposition"]
    assert made["schema"] == "ipt-course-bundle/2"
    assert len(made["cases"]) == 1
    row = next(r for r in audit_rows(clinic.database)[::-1] if r.event == Event.COURSE_EXPORTED)
    assert row.details["reason"] == REASON
    assert row.details["sha256"] == sha256(answer.data).hexdigest()


def test_what_was_taken_is_written_down_with_its_reason_and_fingerprint(therapist, clinic, url):
    answer = taken(therapist, url)
    row = audit_rows(clinic.database)[-1]

    assert row.event == Event.COURSE_EXPORTED
    assert row.patient_id == clinic.course.patient_id
    assert row.details["reason"] == REASON
    assert row.details["format"] == "fhir"
    assert row.details["sha256"] == sha256(answer.data).hexdigest()
    assert row.details["bytes"] == len(answer.data)
    assert row.details["sessions"] == len(clinic.course.slots)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"file": "fhir", "reason": ""}, "Say why the file is needed."),
        ({"file": "fhir", "reason": "x" * 301}, "There is room for 300 characters here."),
        ({"file": None, "reason": REASON}, "Choose a file."),
        ({"file": "everything", "reason": REASON}, "Not a valid choice."),
    ],
)
def test_without_a_file_or_a_reason_nothing_is_taken(therapist, clinic, url, sent, said):
    answer = submit(therapist, url, url, **sent)

    assert answer.status_code == REFUSED
    assert said in answer.text
    assert Event.COURSE_EXPORTED not in [row.event for row in audit_rows(clinic.database)]


def test_a_supervisor_takes_the_files_of_a_supervisee_and_nobody_elses(client_of, clinic, url):
    supervisor = client_of(clinic.supervisor)

    assert taken(supervisor, url).status_code == OK
    assert supervisor.get(f"/courses/{clinic.course2.id}/files").status_code == NOT_FOUND


def test_in_an_emergency_nothing_is_taken_and_no_tab_leads_there(client_of, clinic):
    with clinic.writing() as work:
        add_emergency(work, clinic.therapist, clinic.course2)
    reader = client_of(clinic.therapist)
    course = f"/courses/{clinic.course2.id}"
    page = read(reader.get(course))

    assert f"{course}/progress" in page.links()
    assert f"{course}/files" not in page.links()
    assert reader.get(f"{course}/files").status_code == NOT_FOUND


@pytest.fixture
def planted(clinic):
    """Give every free text of the clinic a word of its own, and the course forms of all sorts."""
    with clinic.writing(clinic.therapist) as work:
        course = open_course(work, clinic.course.id, Permission.RECORD_MEASURE)
        answers = dict.fromkeys(PHQ9.answer_keys, 1) | {"self_harm": 0}
        add_measure(work, course, measure("phq9", clinic.today, answers=answers))
        half = answers | {"sleep": None}
        add_measure(work, course, measure("phq9", clinic.today - timedelta(days=1), answers=half))
        wrong = work.session.get(Measure, clinic.course.measures[-1])
        withdraw_measure(work, course, wrong, "entered twice")
    return plant(clinic.database)


def test_without_names_no_name_no_text_no_code_and_no_id_of_the_clinic_is_in_it(
    therapist, clinic, url, planted
):
    text = taken(therapist, url, "fhir_without_names").text
    with clinic.reading() as work:
        course = work.session.get(Course, clinic.course.id)
        known = [course.id, course.patient_id, course.patient.code, course.patient.birth_date]
        known += [row.id for row in work.session.query(SessionRecord.id)]
        known += [row.id for row in work.session.query(Measure.id)]

    assert planted
    assert [word for word in planted if word in text] == []
    assert [each for each in known if str(each) in text] == []
    assert clinic.therapist.name not in text
    assert "birthDate" not in text
    assert "timestamp" not in text
    assert "issued" not in text
    assert '"30 to 39"' in text


def test_without_names_words_of_another_clinic_where_codes_stand_are_left_out(
    therapist, clinic, url
):
    with clinic.writing() as work:
        course = work.session.get(Course, clinic.course.id)
        course.protocol = "as_dr_berg_does"
        first = work.session.query(SessionRecord).filter_by(course_id=course.id).first()
        first.focal_area = "loss_of_anna"
        work.session.get(Measure, clinic.course.measures[-1]).instrument = "scale_of_dr_berg"
    with_names = taken(therapist, url).text
    hidden = taken(therapist, url, "fhir_without_names").text

    for word in ("as_dr_berg_does", "Loss of anna", "scale_of_dr_berg"):
        assert word in with_names
        assert word not in hidden
    assert '"Other"' in hidden


def test_with_names_still_no_note_and_no_other_free_text_is_in_it(therapist, url, planted):
    text = taken(therapist, url).text
    found = {word.partition("x")[2] for word in planted if word in text}

    assert found <= {"patiname", "paticode", "accodisplay_n", "coursprotocol"}


def test_without_names_all_dates_are_shifted_by_the_same_whole_weeks(therapist, url, planted):
    named = json.loads(taken(therapist, url).data)
    hidden = json.loads(taken(therapist, url, "fhir_without_names").data)
    pairs = zip(
        _days(of_type(named, "Encounter")), _days(of_type(hidden, "Encounter")), strict=True
    )
    shifts = {there - here for here, there in pairs}

    assert len(shifts) == 1
    shift = shifts.pop()
    assert shift % WEEK == timedelta(0)
    assert shift
    Bundle.model_validate(hidden)
    assert broken_rules(hidden) == []
    assert len(resources(hidden)) == len(resources(named))
    assert {each["id"] for each in resources(hidden)}.isdisjoint(
        each["id"] for each in resources(named)
    )


def _days(encounters):
    return [date.fromisoformat(each["period"]["start"]) for each in encounters]


def test_a_file_without_names_is_the_same_each_time(therapist, url):
    first = taken(therapist, url, "fhir_without_names").data

    assert taken(therapist, url, "fhir_without_names").data == first
    code = of_type(json.loads(first), "Patient")[0]["identifier"][0]["value"]
    assert code.startswith("D-")


def test_withdrawn_and_incomplete_forms_are_marked(therapist, url, planted):
    made = json.loads(taken(therapist, url).data)
    statuses = [each["status"] for each in of_type(made, "QuestionnaireResponse")]
    totals = [each["status"] for each in of_type(made, "Observation")]

    assert sorted(statuses) == ["completed", "stopped"]
    assert totals.count("entered-in-error") == 1


def test_ids_stay_the_same_when_the_course_goes_on(therapist, clinic, url):
    before = {each["id"] for each in resources(json.loads(taken(therapist, url).data))}
    with clinic.writing(clinic.therapist) as work:
        course = open_course(work, clinic.course.id, Permission.RECORD_SESSION)
        add_session(work, course, held_on=clinic.today, number=7)
    after = {each["id"] for each in resources(json.loads(taken(therapist, url).data))}

    assert before < after
    assert all(UUID(each) for each in after)


def test_a_longer_course_asks_the_database_no_more_often(therapist, app, clinic, url):
    with statements(app) as short:
        taken(therapist, url)
    with clinic.writing(clinic.therapist) as work:
        course = open_course(work, clinic.course.id, Permission.RECORD_SESSION)
        for number in range(7, 12):
            pcl5 = measure("pcl5_week", clinic.today - timedelta(days=20 - number), 30)
            add_session(work, course, pcl5, held_on=pcl5.taken_on, number=number)
    with statements(app) as long:
        taken(therapist, url)

    assert len(long) == len(short)
    assert len(short) < MOST_STATEMENTS
