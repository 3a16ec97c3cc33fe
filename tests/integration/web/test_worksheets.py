"""Formulation and contract: the page of a course's sheets, their forms, editions and print."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from ipt_tracker.clinical.course.worksheets.catalogue import SHEETS
from ipt_tracker.clinical.course.worksheets.suitability import EVERY
from ipt_tracker.governance.access import Permission
from ipt_tracker.persistence.models import Amendment, Course, SessionRecord, Worksheet
from ipt_tracker.services.doors import open_course
from ipt_tracker.web.worksheets.forms import form_of
from tests.factories.pages import read, says, submit
from tests.factories.sheets import CONTENTS, add_sheet, sheets_of
from tests.factories.stores import on_every_engine

FORMULATION = {
    "event": "lost her post in June",
    "focal_areas": ["role_transition"],
    "agreed": "yes",
    "agreed_on": "2026-03-04",
}


@pytest.fixture
def therapist(client_of, clinic):
    return client_of(clinic.therapist)


@pytest.fixture
def sheets(clinic):
    """Give the address of the course's sheets."""
    return f"/courses/{clinic.course.id}/sheets"


@pytest.fixture
def write(clinic):
    """Save an edition past the pages."""

    def write(kind="formulation", **differs):
        with clinic.writing(clinic.therapist) as work:
            course = open_course(work, clinic.course.id, Permission.EDIT_COURSE)
            add_sheet(work, course, kind, **differs)

    return write


def editions(clinic, kind="formulation"):
    with clinic.reading() as work:
        wanted = select(Worksheet).where(Worksheet.kind == kind).order_by(Worksheet.edition)
        return work.session.scalars(wanted).all()


def heads(page):
    """Give the headings of the panels in the main column, in order."""
    (cols,) = [e for e in page.one("main").iter() if e.attrib.get("class") == "cols"]
    return [says(h) for h in next(iter(cols)).iter("h2")]


# -- the page


def test_the_page_of_a_new_course_says_what_is_missing_and_where_it_is_written(therapist, sheets):
    page = read(therapist.get(sheets))

    assert "0 of 12 done" not in page.main  # a focal area is open in this course
    assert "1 of 12 done" in page.main
    assert "No goal is written down yet." in page.main
    assert "Not written yet. It says how an event, a relationship and the symptoms" in page.main
    assert {f"{sheets}/{kind}/edit" for kind in SHEETS} <= set(page.links())


@pytest.mark.parametrize(
    ("phases", "first"),
    [
        ({"beginning": [1, 9], "middle": [10, 12], "termination": [13, 14]}, "Beginning phase"),
        ({"beginning": [1, 3], "middle": [4, 11], "termination": [12, 14]}, "Formulation"),
        ({"beginning": [1, 3], "middle": [4, 6], "termination": [7, 9]}, "Ending"),
        ({"beginning": [1, 2], "middle": [3, 4], "termination": [5, 6]}, "Ending"),
    ],
)
def test_what_belongs_to_the_coming_phase_stands_first(clinic, therapist, sheets, phases, first):
    with clinic.writing() as work:
        course = work.session.get(Course, clinic.course.id)
        course.planned_sessions, course.phase_map = phases["termination"][1], phases

    assert heads(read(therapist.get(sheets)))[0] == first


def test_after_the_end_the_ending_stands_first(clinic, therapist, sheets):
    with clinic.writing() as work:
        course = work.session.get(Course, clinic.course.id)
        course.status, course.ended_on, course.disposition = "completed", clinic.today, "ended"

    page = read(therapist.get(sheets))

    assert heads(page)[0] == "Ending"
    assert f"/courses/{clinic.course.id}/contract" not in page.links()
    assert f"{sheets}/ending/edit" in page.links()


def test_what_is_written_is_shown_with_who_and_when(clinic, therapist, sheets):
    sheets_of(clinic, clinic.course)

    page = read(therapist.get(sheets))

    assert "Role transition; the patient agreed on 4 Mar 2026." in page.main
    assert "lost her post in June" in page.main
    assert "IPT. 6 of 7 not answered." in page.main
    assert "Suitability checked6 of 7 not answered" in page.main.replace("checked ", "checked")
    assert "R. Calder, 11 Mar 2026, edition 1" in page.main


def test_a_formulation_that_is_not_agreed_is_no_step_done(write, therapist, sheets):
    write(agreed="not_yet", agreed_on=None)

    page = read(therapist.get(sheets))

    assert "written, not yet agreed with the patient" in page.main
    assert "1 of 12 done" in page.main


def test_half_way_is_said_while_nothing_is_reviewed(clinic, write, therapist, sheets):
    assert "Half way is reached" not in read(therapist.get(sheets)).main
    with clinic.writing() as work:
        work.session.get(Course, clinic.course.id).planned_sessions = 12
    assert "Half way is reached" in read(therapist.get(sheets)).main

    write("midpoint_review")

    assert "Half way is reached" not in read(therapist.get(sheets)).main


def test_a_task_that_was_ticked_counts_as_a_step(clinic, therapist, sheets):
    edit = f"/courses/{clinic.course.id}/sessions/1/edit"
    answer = submit(therapist, edit, tasks=["B02"])
    assert answer.status_code == 303, read(answer).errors()

    page = read(therapist.get(sheets))

    assert "Ticked in session 1, 7 Jan 2026" in page.main
    assert "2 of 12 done" in page.main


def test_suitability_is_done_only_when_every_concern_is_answered(write, therapist, sheets):
    write("suitability", **dict.fromkeys(EVERY, "absent"))

    page = read(therapist.get(sheets))

    assert "2 of 12 done" in page.main
    assert "not answered" not in page.main


# -- a marked suicide risk

RISK = {"suicide_risk": "present", "suicide_risk_reason": "a plan is made first"}
SAID = "High suicide risk is marked: ask directly, record it in the session, write a safety plan."


def test_a_marked_suicide_risk_leads_on_to_the_session_and_the_plan(clinic, therapist, sheets):
    answer = submit(therapist, f"{sheets}/suitability/edit", decision="ipt", **RISK)
    assert answer.status_code == 303, read(answer).errors()

    for address in (answer.location, sheets):
        page = read(therapist.get(address))
        assert SAID in page.main
        assert {f"/courses/{clinic.course.id}/sessions/new", f"{sheets}/safety_plan/edit"} <= set(
            page.links()
        )
    assert SAID not in read(therapist.get(f"{sheets}/formulation")).main


def test_an_unclear_suicide_risk_is_named_as_such(write, therapist, sheets):
    write("suitability", **(RISK | {"suicide_risk": "unclear"}))

    assert (
        "High suicide risk is marked as unclear: ask directly" in read(therapist.get(sheets)).main
    )


def test_a_safety_plan_answers_a_marked_suicide_risk(write, therapist, sheets):
    write("suitability", **RISK)
    write("safety_plan")

    assert SAID not in read(therapist.get(sheets)).main
    assert SAID not in read(therapist.get(f"{sheets}/suitability")).main


@pytest.mark.parametrize("asked", [True, False])
def test_asking_at_a_later_session_answers_a_marked_risk(clinic, write, therapist, sheets, asked):
    write("suitability", **RISK)
    with clinic.writing() as work:
        newest = work.session.scalars(
            select(SessionRecord)
            .where(SessionRecord.course_id == clinic.course.id)
            .order_by(SessionRecord.slot.desc())
            .limit(1)
        ).one()
        newest.held_on = clinic.today
        newest.risk.asked, newest.risk.result = asked, None

    assert (SAID in read(therapist.get(sheets)).main) is not asked


def test_after_the_end_a_marked_risk_leads_to_no_new_session(clinic, write, therapist, sheets):
    write("suitability", **RISK)
    with clinic.writing() as work:
        course = work.session.get(Course, clinic.course.id)
        course.status, course.ended_on, course.disposition = "completed", clinic.today, "ended"

    page = read(therapist.get(sheets))

    assert SAID in page.main
    (notice,) = [e for e in page.all("div") if e.attrib.get("class") == "notice worse"]
    assert [says(a) for a in notice.iter("a")] == ["Write a safety plan"]


# -- the contract


def test_the_contract_is_in_words_and_names_what_was_never_recorded(therapist, sheets):
    page = read(therapist.get(sheets)).main

    assert "Sessions14 planned, 6 held" in page
    assert "Spacingweekly" in page
    assert "Last session byno end date agreed" in page
    assert "Patient agreesnot recorded" in page
    assert "It was not changed so far." in page


def test_every_change_of_it_is_a_line_newest_first_with_who_and_why(clinic, therapist, sheets):
    contract = f"/courses/{clinic.course.id}/contract"
    submit(
        therapist, contract, planned_sessions="16", reason="still symptomatic", patient_agreed="y"
    )
    submit(therapist, contract, spacing="fortnightly", reason="to taper")

    (table,) = [t for t in read(therapist.get(sheets)).all("table") if "What changed" in says(t)]
    first, second = [says(row) for row in table.findall(".//tbody/tr")]

    assert "Change of spacing: weekly to" in first
    assert "to taper" in first
    assert "Extension: 14 to 16still symptomaticYesR. Calder" in second


def test_agreement_has_its_day(clinic, therapist, sheets):
    with clinic.writing() as work:
        course = work.session.get(Course, clinic.course.id)
        course.contract_agreed = True
        course.contract_agreed_on = course.started_on
        course.contract_ends_on = clinic.today

    page = read(therapist.get(sheets)).main

    assert "Patient agreesyes, on 7 Jan 2026" in page
    assert "Last session by11 Mar 2026" in page
    assert "2 of 12 done" in page


# -- a sheet: written, read, written again


@on_every_engine
def test_a_sheet_is_written_and_read(clinic, therapist, sheets):
    assert "Not written yet" in read(therapist.get(f"{sheets}/formulation")).main

    answer = submit(therapist, f"{sheets}/formulation/edit", **FORMULATION)

    assert answer.status_code == 303, read(answer).errors()
    page = read(therapist.get(answer.location))
    assert page.h1 == "Formulation"
    assert "Edition 1, R. Calder, 11 Mar 2026." in page.main
    assert "Role transition; the patient agreed on 4 Mar 2026." in page.main
    assert "Grief" not in page.main
    assert [sheet.content for sheet in editions(clinic)] == [FORMULATION]


@pytest.mark.parametrize("sheet", SHEETS)
def test_every_sheet_takes_and_shows_what_it_asks_for(clinic, therapist, sheets, sheet):
    typed = {
        key: "\n".join(value)
        if key in {"medicines", "warning_signs", "call", "professionals"}
        else value
        for key, value in CONTENTS[sheet].items()
    }

    answer = submit(therapist, f"{sheets}/{sheet}/edit", **typed)

    assert answer.status_code == 303, read(answer).errors()
    assert editions(clinic, sheet)[0].content == CONTENTS[sheet]
    form = read(therapist.get(f"{sheets}/{sheet}/edit")).form()
    assert submitted(form, typed) == typed


def submitted(form, typed):
    """Give what the form would send for what was typed."""
    return {
        key: form.values[key] if isinstance(value, list) else "".join(form.values[key])
        for key, value in typed.items()
    }


def test_concerns_ask_for_their_reasons_all_at_once_and_then_let_one_go_on(
    clinic, therapist, sheets
):
    url = f"{sheets}/suitability/edit"
    typed = {"psychosis": "unclear", "complex_trauma": "present"}

    page = read(submit(therapist, url, **typed))
    assert page.status == 422
    assert [error.partition(":")[0] for error in page.errors()] == [
        "Psychosis",
        "Severe and complex trauma",
        "Decision",
    ]
    assert page.form().values["psychosis"] == ["unclear"]
    assert editions(clinic, "suitability") == []

    reasons = {"psychosis_reason": "asked again", "complex_trauma_reason": "stable for a year"}
    answer = submit(therapist, url, **typed, **reasons, decision="ipt")

    assert answer.status_code == 303
    assert "Present: severe and complex trauma." in read(therapist.get(answer.location)).main


def test_an_empty_sheet_is_refused(clinic, therapist, sheets):
    page = read(submit(therapist, f"{sheets}/formulation/edit"))

    assert (page.status, page.errors()) == (422, ["Nothing is filled in yet."])


@pytest.mark.parametrize("typed", ["31.12.2026", "2026-02-30"])
def test_a_day_that_is_none_is_named_once(therapist, sheets, typed):
    page = read(submit(therapist, f"{sheets}/safety_plan/edit", agreed_on=typed))

    assert page.errors() == [f"Agreed on: “{typed}” is not a date. Write it like 2025-04-07."]


def test_a_plan_without_a_number_is_asked_about_and_kept_once_confirmed(clinic, therapist, sheets):
    url = f"{sheets}/safety_plan/edit"

    page = read(submit(therapist, url, agreed_on="2026-03-04", coping="walk"))
    assert page.status == 422
    assert "No professional or service with a number is named" in page.errors()[0]

    answer = therapist.post(url, data=page.form().but(no_number="y"))
    assert answer.status_code == 303
    assert editions(clinic, "safety_plan")[0].content["coping"] == ["walk"]


def test_a_contradiction_is_asked_about_and_kept_once_confirmed(clinic, therapist, sheets):
    url = f"{sheets}/medication_evaluation/edit"

    page = read(submit(therapist, url, needed="yes", decision="none"))
    assert page.status == 422
    assert "Medication is needed and the decision is “No medication”" in page.errors()[0]

    assert therapist.post(url, data=page.form().but(needed_not_given="y")).status_code == 303
    assert editions(clinic, "medication_evaluation")[0].content["needed"] == "yes"


def test_a_day_to_look_again_is_not_past_when_entered(therapist, sheets):
    url = f"{sheets}/medication_evaluation/edit"

    page = read(submit(therapist, url, needed="no", decision="none", again_on="2026-03-10"))
    assert page.errors() == ["Look at it again on: This day is in the past."]

    assert therapist.post(url, data=page.form().but(again_on="2026-03-11")).status_code == 303


def test_a_day_to_look_again_that_has_passed_meanwhile_stays(clinic, therapist, sheets):
    with clinic.writing() as work:
        stood = {"needed": "no", "decision": "none", "again_on": "2026-03-10"}
        who = {"recorded_by": clinic.therapist.id, "recorded_at": work.now}
        own = {"course_id": clinic.course.id, "kind": "medication_evaluation", "edition": 1}
        work.session.add(Worksheet(**own, **who, content=stood))
    url = f"{sheets}/medication_evaluation/edit"

    again = submit(therapist, url, why="first episode", reason="said why")

    assert again.status_code == 303, read(again).errors()


def test_agreement_before_the_course_is_refused(therapist, sheets):
    typed = FORMULATION | {"agreed_on": "2026-01-06"}

    page = read(submit(therapist, f"{sheets}/formulation/edit", **typed))

    assert page.errors() == ["Agreed on: This is before the course began, on 7 Jan 2026."]


@on_every_engine
def test_another_edition_asks_why_and_the_one_before_stays(clinic, write, therapist, sheets):
    write()
    url = f"{sheets}/formulation/edit"

    page = read(submit(therapist, url, event="lost her post and her flat in June"))
    assert page.errors() == [
        (
            "Why there is another edition: "
            "Say why there is another edition. The one before stays readable."
        )
    ]
    answer = therapist.post(url, data=page.form().but(reason="she told more"))

    page = read(therapist.get(answer.location))
    assert "Edition 2 of 2" in page.main
    assert "Why this edition: she told more" in page.main
    assert [says(e) for e in page.all("ins")] == ["and her flat"]
    earlier = read(therapist.get(f"{sheets}/formulation?edition=1"))
    assert "This is an earlier edition." in earlier.main
    assert "Edition 1 of 2" in earlier.main
    assert [sheet.content["event"] for sheet in editions(clinic)] == [
        "lost her post in June",
        "lost her post and her flat in June",
    ]


def test_what_was_taken_out_is_marked_and_named_nothing(write, therapist, sheets):
    write()
    write(event=None, link="she is alone")

    page = read(therapist.get(f"{sheets}/formulation"))

    assert "2 answers changed" in page.main
    assert "Edition 2nothing" in page.main


@pytest.mark.parametrize("wanted", ["3", "0"])
def test_an_edition_that_is_not_there_is_not_found(write, therapist, sheets, wanted):
    write()

    assert therapist.get(f"{sheets}/formulation?edition={wanted}").status_code == 404


def test_a_sheet_that_is_none_of_ours_is_not_found(therapist, sheets):
    assert therapist.get(f"{sheets}/horoscope").status_code == 404
    assert therapist.get(f"{sheets}/formulation/print").status_code == 404


# -- two people


@pytest.fixture
def met(clinic, write, therapist, sheets):
    """Give the page on which one's own version meets one that was saved meanwhile."""
    write()
    url = f"{sheets}/formulation/edit"
    mine = read(therapist.get(url)).form().but(link="my link", symptom="nightmares", reason="mine")
    write(link="their link", relationship="her sister")
    return read(therapist.post(url, data=mine))


def test_two_versions_meet_side_by_side_and_nothing_is_lost(clinic, met):
    assert met.status == 409
    assert met.h1 == "Two versions of the formulation"
    assert "my link" in met.main
    assert "their link" in met.main
    assert "nightmares" in met.main
    assert len(editions(clinic)) == 2


def test_what_was_chosen_becomes_the_next_edition(clinic, met, therapist, sheets):
    url = f"{sheets}/formulation/edit"

    chosen = {"merge:link": "both", "merge:symptom": "yours", "merge:relationship": "theirs"}
    answer = therapist.post(url, data=met.form("/edit").but(**chosen))

    assert answer.status_code == 303, read(answer).errors()
    newest = editions(clinic)[-1]
    assert newest.edition == 3
    assert newest.content["link"] == "their link\n\nmy link"
    assert newest.content["symptom"] == "nightmares"
    assert newest.content["relationship"] == "her sister"
    assert newest.content["event"] == "lost her post in June"


def test_a_text_of_ones_own_that_was_not_taken_stays_readable(clinic, met, therapist, sheets):
    url = f"{sheets}/formulation/edit"

    chosen = {"merge:link": "theirs", "merge:symptom": "yours", "merge:relationship": "theirs"}
    answer = therapist.post(url, data=met.form("/edit").but(**chosen))

    with clinic.reading() as work:
        (kept,) = work.session.scalars(select(Amendment).where(Amendment.field == "link"))
    assert kept.old == "my link"
    page = read(therapist.get(answer.location))
    assert "Written at the same time and not taken, how they are linked: my link" in page.main


def test_a_field_that_nobody_decided_about_is_asked_about(clinic, met, therapist, sheets):
    url = f"{sheets}/formulation/edit"
    undecided = {f"merge:{name}": None for name in ("link", "symptom", "relationship")}

    page = read(therapist.post(url, data=met.form("/edit").but(**undecided)))

    assert page.status == 409
    assert "Say which of the two is kept." in page.main
    assert len(editions(clinic)) == 2


def test_a_first_edition_that_meets_another_needs_no_reason_of_its_own(
    clinic, write, therapist, sheets
):
    url = f"{sheets}/safety_plan/edit"
    mine = read(therapist.get(url)).form().but(agreed_on="2026-03-04", coping="walk\nsing")
    write("safety_plan")

    met = read(therapist.post(url, data=mine))
    assert met.status == 409
    names = list(met.form("/edit").values.get("merging", []))
    chosen = {f"merge:{name}": "yours" if name == "coping" else "theirs" for name in names}
    answer = therapist.post(url, data=met.form("/edit").but(**chosen))

    assert answer.status_code == 303, read(answer).errors()
    newest = editions(clinic, "safety_plan")[-1]
    assert newest.content["coping"] == ["walk", "sing"]
    assert newest.content["professionals"] == ["Crisis line, 555 0111"]
    assert newest.reason == "Two editions were written at the same time and brought together."


# -- scores, print, and who may


@pytest.mark.parametrize("sheet", ["midpoint_review", "ending"])
def test_scores_stand_beside_the_review_and_are_not_typed(write, therapist, sheets, sheet):
    words = "PCL-5"
    form = read(therapist.get(f"{sheets}/{sheet}/edit"))
    write(sheet)
    shown = read(therapist.get(f"{sheets}/{sheet}"))

    for page in (form, shown):
        assert words in page.main
        assert "58, 7 Jan 2026" in page.main
        assert "33, " in page.main
        assert "Change−25 points" in page.main


def test_the_midpoint_leads_to_the_contract_and_the_focus(clinic, write, therapist, sheets):
    write("midpoint_review")

    links = read(therapist.get(f"{sheets}/midpoint_review")).links()

    assert f"/courses/{clinic.course.id}/contract" in links
    spell = clinic.course.spells[0]
    assert f"/courses/{clinic.course.id}/focal-areas/{spell}/switch" in links


def test_the_printed_plan_holds_the_plan_and_nothing_else(clinic, write, therapist, sheets):
    write("safety_plan")

    page = read(therapist.get(f"{sheets}/safety_plan/print"))

    assert page.h1 == "My safety plan"
    assert "Crisis line, 555 0111" in page.main
    assert "Agreed on 4 Mar 2026." in page.main
    for word in (clinic.course.code, clinic.course.name, "R. Calder", "PCL-5", "PTSD", "Session"):
        assert word not in page.text


def test_without_a_plan_the_print_says_so(therapist, sheets):
    page = read(therapist.get(f"{sheets}/safety_plan/print"))

    assert "No safety plan is written yet." in page.main


def test_a_supervisor_reads_everything_and_writes_nothing(clinic, client_of, sheets):
    sheets_of(clinic, clinic.course)
    client = client_of(clinic.supervisor)

    page = read(client.get(sheets))
    sheet = read(client.get(f"{sheets}/formulation"))

    assert "lost her post in June" in page.main
    assert [
        link for link in [*page.links(), *sheet.links()] if link.endswith(("/edit", "/new"))
    ] == []
    assert "Crisis line" in read(client.get(f"{sheets}/safety_plan/print")).main
    assert client.get(f"{sheets}/formulation/edit").status_code == 404


def test_a_key_that_a_form_uses_itself_is_refused():
    sheet = SHEETS["formulation"]
    section = sheet.sections[0]
    field = replace(section.fields[0], key="reason")
    other = replace(sheet, sections=(replace(section, fields=(field,)),))

    with pytest.raises(ValueError, match="cannot call a field reason"):
        form_of(other)
