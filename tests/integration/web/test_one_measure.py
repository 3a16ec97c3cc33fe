"""One administration: what its page says, correcting it, taking it back, moving it, asking."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.governance.access import Permission
from ipt_tracker.persistence.models import (
    ClinicSetting,
    ContactTask,
    Course,
    Measure,
    SafetyPrompt,
    SessionRecord,
)
from ipt_tracker.services.doors import open_course
from tests.factories.clinic import FIRST_DAY
from tests.factories.courses import add_course, add_measure, measure
from tests.factories.pages import read, says, submit
from tests.factories.stores import on_every_engine
from tests.factories.tables import audit_rows
from tests.factories.walk import contact_of
from tests.integration.web.test_caseload import statements

DAY = date(2026, 3, 10)
CAPS5 = dict.fromkeys(INSTRUMENTS["caps5_month"].answer_keys, 2)
PCL5 = dict.fromkeys(INSTRUMENTS["pcl5_week"].answer_keys, 2)
PHQ9 = dict.fromkeys(INSTRUMENTS["phq9"].answer_keys, 1) | {"self_harm": 0}
CAPS4 = dict.fromkeys(INSTRUMENTS["caps4"].answer_keys, 2)
HAMD = dict.fromkeys(INSTRUMENTS["hamd17"].answer_keys, 1) | {"suicide": 0}
RATED = {"over_a_month": True, "impaired": True}


@pytest.fixture
def url(clinic):
    return f"/courses/{clinic.course.id}/measures"


@pytest.fixture
def therapist(client_of, clinic):
    return client_of(clinic.therapist)


@pytest.fixture
def put(clinic):
    """Give what records a measure of the first course and says its id."""

    def recorded(key, total=None, day=DAY, **more):
        with clinic.writing(clinic.therapist) as work:
            course = open_course(work, clinic.course.id, Permission.RECORD_MEASURE)
            return add_measure(work, course, measure(key, day, total, **more)).id

    return recorded


@pytest.fixture
def shown(therapist, url):
    """Give what opens the page of a measure."""
    return lambda found: read(therapist.get(f"{url}/{found}"))


def said(page, name):
    """Give the lines of a table: what stands in their first cell, to the words of the others."""
    (table,) = page.all(f"div[@aria-label='{name}, table']")
    rows = [[says(cell) for cell in row] for row in table.findall(".//tbody/tr")]
    return {first: " | ".join(rest) for first, *rest in rows}


def change(clinic, found, **values):
    with clinic.writing() as work:
        row = work.session.get(Measure, found)
        for name, value in values.items():
            setattr(row, name, value)


def set_event(clinic, event):
    with clinic.writing() as work:
        work.session.get(Course, clinic.course.id).criterion_a = event


def kept(clinic, found):
    with clinic.reading() as work:
        return work.session.get(Measure, found)


# -- what the page says


@on_every_engine
def test_a_form_by_items_shows_total_answers_and_who_entered_it(shown, put):
    page = shown(put("pcl5_week", answers=PCL5))

    assert page.h1 == "PCL-5, past week, of 10 Mar 2026"
    assert "Total 40, on a scale from 0 to 80." in page.main
    assert said(page, "Answers")["2 nightmares B2"] == "2 moderately"
    assert said(page, "Clusters")["B Intrusion"] == "10 | 5needs 1"
    assert "Entered by R. Calder When 11 Mar 2026" in page.main


def test_a_blank_is_visible_gives_no_total_and_leaves_open_only_what_it_could_change(shown, put):
    answers = PCL5 | {"sleep": None, "concentration": None}
    page = shown(put("pcl5_week", answers=answers))

    assert "No total: 18 of 20 answered, 36 to 44 possible." in page.main
    assert said(page, "Answers")["20 sleep E6"] == "– left blank"
    assert "8 to 16 possible | 4 to 6" in " ".join(said(page, "Clusters").values())
    rows = said(page, "What it says")
    assert rows["PTSD by symptom counts"].startswith("Met")
    assert rows["33 or more: provisional PTSD (published range 31 to 33)"].startswith("Reached")


def test_a_cut_that_the_blanks_could_change_cannot_be_told(shown, put):
    answers = dict.fromkeys(PCL5, 2) | dict.fromkeys(["nightmares", "flashbacks"], 0)
    page = shown(put("pcl5_week", answers=answers | dict.fromkeys(["sleep", "startle"])))

    row = said(page, "What it says")["33 or more: provisional PTSD (published range 31 to 33)"]
    assert row.startswith("Cannot tell")
    assert "The total lies between 32 and 40." in row


def test_a_self_report_form_is_provisional_and_says_why(shown, put):
    row = said(shown(put("pcl5_week", answers=PCL5)), "What it says")["PTSD by symptom counts"]

    assert "Provisional: the patient's own form does not settle what happened" in row
    assert "1 B, 1 C, 2 D, 2 E, each item at 2 or more, version 1." in row


def test_each_line_names_its_source_its_population_and_how_sure_that_is(shown, put):
    rows = said(shown(put("pcl5_week", 40)), "What it says")

    assert "Marx 2022, sample 1, version 1." in rows["Change"]
    assert "male veterans, N 198" in rows["Change"]
    assert "Seen in the publication" in rows["Change"]


def test_from_a_total_alone_no_diagnosis_follows(shown, put):
    page = shown(put("caps5_month", 41))

    row = said(page, "What it says")["PTSD"]
    assert row.startswith("Cannot tell")
    assert "A total alone does not say." in row
    assert "it holds no clusters and no answers by item" in page.main
    assert not page.all("div[@aria-label='Answers, table']")


@pytest.mark.parametrize(
    "case",
    [
        (None, "Cannot tell", "Not recorded: criterion A (the event, a fact of the course)."),
        (True, "Met", "Criterion A, the event: met."),
        (False, "Not met", "Criterion A, the event: not met."),
    ],
)
def test_criterion_a_of_the_course_joins_the_diagnosis(shown, put, clinic, case):
    event, ptsd, why = case
    set_event(clinic, event)

    page = shown(put("caps5_month", answers=CAPS5, beside=RATED))

    row = said(page, "What it says")["PTSD"]
    assert row.startswith(ptsd)
    assert "What was rated: met." in row
    assert why in row
    records = [link for link in page.links() if link.endswith("#criterion_a")]
    assert bool(records) is (event is None)


def test_what_is_not_met_without_criterion_a_does_not_wait_for_it(shown, put):
    page = shown(put("caps5_month", answers=dict.fromkeys(CAPS5, 0), beside=RATED))

    assert said(page, "What it says")["PTSD"].startswith("Not met")
    assert not [link for link in page.links() if link.endswith("#criterion_a")]


def test_the_dissociative_subtype_needs_ptsd_and_one_of_its_ratings(shown, put, clinic):
    set_event(clinic, event=True)
    found = put("caps5_month", answers=CAPS5, beside=RATED | {"derealisation": 2})

    page = shown(found)
    assert said(page, "What it says")["Dissociative subtype"].startswith("Met")
    assert said(page, "Beside the total")["Derealisation"] == "2"
    assert said(page, "Beside the total")["Depersonalisation"] == "not recorded"

    set_event(clinic, event=None)
    row = said(shown(found), "What it says")["Dissociative subtype"]
    assert row.startswith("Cannot tell")
    assert "PTSD itself: cannot tell." in row


def test_the_weekly_interview_makes_no_diagnosis_and_no_band(shown, put):
    page = shown(put("caps5_week", answers=CAPS5))

    assert "No diagnosis: over the past week the interview measures change alone." in page.main
    assert "No severity band: none has been published for the CAPS-5." in page.main
    assert "PTSD" not in said(page, "What it says")


def test_caps_4_shows_both_halves_and_their_sum(shown, put):
    page = shown(put("caps4", answers=CAPS4 | {"startle.intensity": None}))

    assert said(page, "Answers")["1 intrusive memories B1"].count("2") == 2
    assert said(page, "Answers")["1 intrusive memories B1"].endswith("| 4")
    assert said(page, "Answers")["17 startle D5"].endswith("| –")


def test_criteria_that_are_not_recorded_are_all_named(shown, put):
    page = shown(put("caps5_month", answers=CAPS5, beside={"distress": 3}))

    row = said(page, "What it says")["PTSD"]
    assert row.startswith("Cannot tell")
    assert (
        "Not recorded: criteria A (the event, a fact of the course), F (longer than a month), "
        "G (distress or impairment)."
    ) in row
    assert "blanks" not in row


def test_criterion_a_alone_is_not_blamed_for_what_others_leave_open(shown, put, clinic):
    set_event(clinic, event=True)

    row = said(shown(put("caps4", answers=CAPS4)), "What it says")["PTSD"]

    assert "Not recorded: criteria E (" in row
    assert ", F (" in row
    assert "A (the event" not in row


def test_a_criterion_that_blanks_leave_open_is_named(shown, put, clinic):
    set_event(clinic, event=True)
    avoidance = [i.key for i in INSTRUMENTS["caps5_month"].items if i.cluster == "C"]
    answers = CAPS5 | dict.fromkeys(avoidance)

    row = said(shown(put("caps5_month", answers=answers, beside=RATED)), "What it says")["PTSD"]

    assert "Left open by blanks: criterion C (" in row
    assert "Not recorded" not in row
    form = said(shown(put("pcl5_week", answers=answers)), "What it says")
    assert "Left open by blanks: criterion C (" in form["PTSD by symptom counts"]


@pytest.mark.parametrize(("key", "answers"), [("caps4", CAPS4), ("caps5_month", CAPS5)])
def test_dsm_iv_also_asks_for_the_response_at_the_time(shown, put, clinic, key, answers):
    found = put(key, answers=answers, beside=RATED)
    assert "(A2)" not in shown(found).main
    set_event(clinic, event=True)

    row = said(shown(found), "What it says")["PTSD"]

    assert row.startswith("Met")
    words = "DSM-IV also asks for the response at the time (A2), which is not recorded here"
    assert (words in row) is (key == "caps4")


def test_a_pair_that_was_confirmed_against_doubt_is_said_on_the_page(shown, put, clinic):
    key = INSTRUMENTS["caps4"].answer_keys[0]
    odd = CAPS4 | {key: 0}
    found = put("caps4", answers=odd, confirmed=frozenset({"pairs"}))

    words = "Item 1 (intrusive memories): frequency 0 with intensity 2"
    assert f"{words}, confirmed when it was entered." in shown(found).main
    change(clinic, found, recorded_by=None)
    assert f"{words}, as it was imported." in shown(found).main
    assert "with intensity" not in shown(put("caps4", answers=CAPS4, day=FIRST_DAY)).main


def test_a_weight_that_was_not_assessed_adds_nothing_and_the_page_says_so(shown, put):
    weight = next(i for i in INSTRUMENTS["hamd17"].items if i.not_assessed is not None)
    number = INSTRUMENTS["hamd17"].items.index(weight) + 1
    words = f"Item {number} ({weight.label}) was not assessed: it adds nothing to the total"

    page = shown(put("hamd17", answers=HAMD | {weight.key: weight.not_assessed}))

    assert words in page.main
    assert "was not assessed" not in shown(put("hamd17", answers=HAMD, day=FIRST_DAY)).main


def test_an_algorithm_that_finds_neither_says_neither_of_what(shown, put):
    rows = said(shown(put("phq9", answers=dict.fromkeys(PHQ9, 0))), "What it says")

    assert rows["PHQ-9 algorithm"].startswith("Neither major nor other depressive syndrome")


def test_the_phq_9_algorithm_is_no_diagnosis_and_its_bands_have_a_name(shown, put):
    rows = said(shown(put("phq9", answers=PHQ9 | {"interest": 2, "mood": 2})), "What it says")

    assert rows["PHQ-9 algorithm"].startswith("Other depressive syndrome")
    assert "A diagnosis also needs impairment, and exclusions by a clinician." in str(rows)
    assert rows["Severity band"].startswith("Moderate | Kroenke 2001, version 1.")


def test_both_band_sets_of_the_ham_d_stand_by_name_the_chosen_one_first(shown, put, clinic):
    found = put("hamd17", answers=HAMD)
    rows = said(shown(found), "What it says")
    assert rows["Severity band"].startswith("Moderate | Common bands, version 1.")
    assert "Zimmerman 2013, version 1." in rows["The other band set"]
    assert "this set was not chosen here" in rows["The other band set"]

    change(clinic, found, band_set="zimmerman2013@1", findings={"band": "mild"})

    rows = said(shown(found), "What it says")
    assert rows["Severity band"].startswith("Mild | Zimmerman 2013")
    assert "Common bands" in rows["The other band set"]


@pytest.mark.parametrize("chosen", [True, False])
def test_an_estimate_for_blanks_is_shown_only_where_the_clinic_wants_it(shown, put, clinic, chosen):
    if chosen:
        with clinic.writing() as work:
            work.session.add(
                ClinicSetting(
                    name="phq9_estimate", value=True, set_by=clinic.admin.id, set_at=clinic.now
                )
            )
    page = shown(put("phq9", answers=PHQ9 | {"sleep": None}))

    rows = said(page, "What it says")
    assert ("Estimate of the total" in rows) is chosen
    if chosen:
        assert "An estimate, not a total" in rows["Estimate of the total"]
        assert "Arrieta 2017" in rows["Estimate of the total"]


def test_a_criterion_that_this_version_does_not_know_is_named_as_it_is_stored(shown, put, clinic):
    found = put("pcl5_week", 40)
    change(
        clinic,
        found,
        cut="cut_99@7",
        rule="old_rule@3",
        threshold_set="lost@2",
        findings={"cut": "met", "rule": "not_met"},
    )

    rows = said(shown(found), "What it says")

    assert rows["Cut"].startswith("Reached | cut_99@7, which this version")
    assert rows["PTSD by symptom counts"].startswith("Not met")
    assert "old_rule@3" in rows["PTSD by symptom counts"]
    assert "lost@2" in rows["Change"]


def test_how_an_interview_was_made_is_told_with_what_broke_the_blind(shown, put):
    more = {"assessor": "IE-02", "blind": False, "unblinding": "the patient said so"}
    page = shown(put("caps5_month", 30, point="mid", **more))

    for words in ("Half way", "Assessor IE-02", "Assessor not blind", "the patient said so"):
        assert words in page.main


def test_a_late_entry_is_said_to_be_late_from_the_third_day(shown, put):
    assert (
        "days after the date on the form" not in shown(put("pcl5_week", 4, date(2026, 3, 9))).main
    )
    assert "3 days after the date on the form" in shown(put("pcl5_week", 4, date(2026, 3, 8))).main


def test_a_form_that_was_not_done_says_why_and_is_no_zero(shown, put):
    page = shown(put("pcl5_week", not_done="declined"))

    assert "Declined." in page.main
    assert "It counts neither as zero nor as unchanged." in page.main


def test_a_planned_one_leads_to_its_form(shown, put, clinic, url):
    found = put("caps5_month", not_done="declined", point="mid")
    change(clinic, found, status="planned", due_on=date(2026, 4, 1), taken_on=date(2026, 4, 1))

    page = shown(found)

    assert "Planned." in page.main
    assert f"{url}/caps5_month/new?point=mid" in page.links()
    assert not [link for link in page.links() if link.endswith(("/correction", "/withdrawal"))]


def test_a_measure_of_an_instrument_that_is_not_ours_is_shown_as_it_came(shown, put, clinic):
    found = put("pcl5_week", 12)
    change(clinic, found, instrument="EQ-5D", extra={"vas": "70"}, recorded_by=None)

    page = shown(found)

    assert page.h1 == "EQ-5D, of 10 Mar 2026"
    assert "kept as it was imported, and not judged" in page.main
    assert "Vas 70" in page.main


def test_opening_it_is_written_down(shown, put, clinic):
    found = put("pcl5_week", 12)
    known = len(audit_rows(clinic.database))

    shown(found)

    new = audit_rows(clinic.database)[known:]
    assert [(r.event, r.actor_id) for r in new] == [("course.opened", clinic.therapist.id)]


# -- correcting


@on_every_engine
def test_a_corrected_total_keeps_the_old_one_in_view(therapist, url, put, clinic):
    found = put("pcl5_week", 33)

    answer = submit(
        therapist, f"{url}/{found}/correction", reason="digits swapped", **{"answers-total": "35"}
    )

    page = read(therapist.get(answer.location))
    assert "Total 35, on a scale from 0 to 80." in page.main
    assert "Corrected 11 Mar 2026, R. Calder digits swapped Total: 33, now 35" in page.main
    listed = read(therapist.get(url)).main
    assert "was 33, corrected 11 Mar by R. Calder: digits swapped" in listed


def test_a_corrected_answer_is_marked_with_what_it_was(therapist, url, put):
    found = put("pcl5_week", answers=PCL5)

    answer = submit(
        therapist, f"{url}/{found}/correction", reason="misread", **{"answers-sleep": "4"}
    )

    page = read(therapist.get(answer.location))
    assert said(page, "Answers")["20 sleep E6"].replace(" ", "") == "4extremelywas2"
    assert "Item 20, sleep: 2, now 4" in page.main
    assert "Total: 40, now 42" in page.main


def test_the_form_holds_what_is_stored(therapist, url, put):
    more = {"answers": CAPS5 | {"sleep": None}, "beside": {"over_a_month": False, "distress": 3}}
    found = put("caps5_month", assessor="IE-02", blind=True, point="mid", **more)

    values = read(therapist.get(f"{url}/{found}/correction")).form().values

    expected = {
        "taken_on": ["2026-03-10"],
        "point": ["mid"],
        "assessor": ["IE-02"],
        "blind": ["yes"],
        "answers-nightmares": ["2"],
        "answers-sleep": ["na"],
        "answers-over_a_month": ["no"],
        "answers-distress": ["3"],
        "answers-total": [""],
    }
    assert {name: values[name] for name in expected} == expected
    assert "answers-impaired" not in values


def test_an_answer_that_was_cleared_stays_cleared(therapist, url, put, clinic):
    found = put("caps5_month", answers=CAPS5, beside=RATED)
    cleared = {"answers-impaired": None, "answers-sleep": None, "answers-rest_blank": "y"}

    submit(therapist, f"{url}/{found}/correction", reason="not rated", **cleared)

    assert kept(clinic, found).beside == {"over_a_month": True}
    assert kept(clinic, found).answers["sleep"] is None


def test_what_fulfilled_the_plan_keeps_its_point(therapist, url, put, clinic):
    found = put("caps5_month", 30, point="follow_up_3m")
    change(clinic, found, due_on=DAY)

    page = read(therapist.get(f"{url}/{found}/correction"))
    assert "point" not in page.form().values
    submit(therapist, page.url, reason="typing error", **{"answers-total": "31"})

    assert (kept(clinic, found).total, kept(clinic, found).point) == (31, "follow_up_3m")


@pytest.mark.parametrize(
    "case",
    [
        ("35", "", "Say why it is corrected."),
        ("33", "typing error", "That is how it stands already."),
        ("99", "typing error", "99 is too high, the form goes from 0 to 80."),
    ],
)
def test_a_correction_is_refused_with_what_was_typed(therapist, url, put, case):
    total, reason, words = case
    found = put("pcl5_week", 33)

    refused = submit(
        therapist, f"{url}/{found}/correction", reason=reason, **{"answers-total": total}
    )

    page = read(refused)
    assert refused.status_code == 422
    assert words in page.errors()[0]
    assert page.form().values["answers-total"] == [total]
    assert page.form().values["reason"] == [reason]


def test_a_correction_of_what_somebody_else_changed_meanwhile_is_shown_again(
    therapist, url, put, clinic
):
    found = put("pcl5_week", 33)
    address = f"{url}/{found}/correction"
    mine = read(therapist.get(address)).form()
    submit(therapist, address, reason="digits swapped", **{"answers-total": "35"})

    refused = therapist.post(address, data=mine.but(reason="mine", **{"answers-total": "36"}))

    page = read(refused)
    assert refused.status_code == 409
    assert "Somebody else changed this measure" in page.errors()[0]
    assert "As it stands Result Total 35" in page.main
    assert page.form().values["answers-total"] == ["36"]
    assert kept(clinic, found).total == 35
    again = therapist.post(address, data=page.form().values)
    assert (again.status_code, kept(clinic, found).total) == (303, 36)


def test_a_correction_without_the_version_it_was_made_from_is_not_kept(therapist, url, put, clinic):
    found = put("pcl5_week", 33)

    refused = submit(
        therapist,
        f"{url}/{found}/correction",
        reason="mine",
        version=None,
        **{"answers-total": "36"},
    )

    assert (refused.status_code, kept(clinic, found).total) == (409, 33)


def test_a_correction_to_a_day_that_has_one_already_asks_first(therapist, url, put, clinic):
    put("pcl5_week", 30)
    found = put("pcl5_week", 33, date(2026, 3, 8))
    address = f"{url}/{found}/correction"

    refused = submit(therapist, address, reason="wrong day", taken_on="2026-03-10")
    assert refused.status_code == 422
    assert "There is a PCL-5, past week of 10 Mar 2026 already" in read(refused).errors()[0]

    values = read(refused).form().but(**{"answers-duplicate": "y"})
    assert therapist.post(address, data=values).status_code == 303
    assert kept(clinic, found).taken_on == DAY


def test_a_correction_that_calls_for_a_question_leads_to_it(therapist, url, put, clinic):
    found = put("phq9", answers=PHQ9)

    answer = submit(
        therapist, f"{url}/{found}/correction", reason="misread", **{"answers-self_harm": "1"}
    )

    with clinic.reading() as work:
        prompt = work.session.scalars(select(SafetyPrompt)).one()
    assert answer.location.endswith(f"/prompts/{prompt.id}")


def test_what_was_done_already_is_not_asked_for_again_in_a_correction(therapist, url, put, clinic):
    more = {"risk_done": "asked", "risk_note": "asked, no plan"}
    found = put("phq9", answers=PHQ9 | {"self_harm": 1}, **more)
    address = f"{url}/{found}/correction"
    page = read(therapist.get(address))
    assert "risk_note" not in page.form().values

    data = page.form().but(reason="misread", risk_done="asked", risk_note="a second note")
    refused = therapist.post(address, data=data | {"answers-mood": "3"})

    again = read(refused)
    assert refused.status_code == 422
    assert "What was done about this answer is kept already." in again.errors()[0]
    assert again.form().values["risk_note"] == ["a second note"]
    assert kept(clinic, found).answers["mood"] == 1


def test_what_is_not_ours_or_only_planned_is_not_corrected(therapist, url, put, clinic):
    planned, foreign = put("caps5_month", not_done="declined"), put("pcl5_week", 12)
    change(clinic, planned, status="planned", due_on=DAY)
    change(clinic, foreign, instrument="EQ-5D")

    for found in (planned, foreign):
        answer = therapist.get(f"{url}/{found}/correction")
        assert answer.location.endswith(f"/measures/{found}")


# -- withdrawing, putting back


def test_withdrawing_says_before_that_it_closes_an_open_question(therapist, url, put):
    found = put("phq9", answers=PHQ9 | {"self_harm": 2})

    page = read(therapist.get(f"{url}/{found}/withdrawal"))

    assert "Item 9 of the PHQ-9 (death or self-harm) stands at 2." in page.main
    assert "Withdrawing closes this question without anybody asking." in page.main
    assert f"{url}/{found}/move" in page.links()


def test_withdrawing_speaks_of_no_question_where_none_is_open(therapist, url, put):
    more = {"risk_done": "asked", "risk_note": "asked, no plan"}
    quiet = put("pcl5_week", 20), put("phq9", answers=PHQ9 | {"self_harm": 2}, **more)

    for found in quiet:
        assert "closes" not in read(therapist.get(f"{url}/{found}/withdrawal")).main


def test_a_withdrawn_form_shows_its_total_and_findings_struck_through(therapist, url, put, shown):
    found = put("pcl5_week", answers=PCL5)
    assert not shown(found).all("tr[@class='away']")
    assert not shown(found).all("del")

    submit(therapist, f"{url}/{found}/withdrawal", reason="entered twice")

    page = shown(found)
    assert "Total 40, on a scale from 0 to 80." in [says(each) for each in page.all("del")]
    for name in ("What it says", "Clusters"):
        (table,) = page.all(f"div[@aria-label='{name}, table']")
        assert {row.get("class") for row in table.findall(".//tbody/tr")} == {"away"}


@on_every_engine
def test_a_withdrawn_measure_stays_readable_struck_through_with_who_and_why(
    therapist, url, put, clinic
):
    found = put("pcl5_week", 20)

    answer = submit(therapist, f"{url}/{found}/withdrawal", reason="entered twice")

    page = read(therapist.get(answer.location))
    assert "Withdrawn 11 Mar 2026" in page.main
    assert "by R. Calder: entered twice. It stays readable and counts for nothing." in page.main
    listed = read(therapist.get(url))
    row = listed.one("tr[@class='away']")
    assert (says(row.find(".//del")), says(row).split()[-2:]) == ("20", ["entered", "twice"])
    assert "Withdrawn 11 Mar by R. Calder: entered twice" in says(row)
    weekly = listed.one("div[@aria-label='PCL-5, past week, table']")
    assert "10 Mar" not in says(weekly)


def test_put_back_it_counts_again_and_its_history_says_so(therapist, url, put):
    found = put("pcl5_week", 20)
    submit(therapist, f"{url}/{found}/withdrawal", reason="entered twice")

    answer = submit(therapist, f"{url}/{found}/restoration", reason="it was the second form")

    page = read(therapist.get(answer.location))
    assert "Put back 11 Mar 2026, R. Calder it was the second form" in page.main
    assert "Withdrawn 11 Mar 2026, R. Calder entered twice" in page.main
    assert "10 Mar" in says(
        read(therapist.get(url)).one("div[@aria-label='PCL-5, past week, table']")
    )


@pytest.mark.parametrize("what", ["withdrawal", "restoration"])
def test_both_want_a_reason(therapist, url, put, clinic, what):
    found = put("pcl5_week", 20)
    if what == "restoration":
        submit(therapist, f"{url}/{found}/withdrawal", reason="entered twice")
    before = kept(clinic, found).withdrawn_at

    refused = submit(therapist, f"{url}/{found}/{what}", reason=" ")

    assert refused.status_code == 422
    assert read(refused).errors() == ["Why: Say why."]
    assert kept(clinic, found).withdrawn_at == before


def test_where_there_is_nothing_of_the_kind_to_do_the_page_leads_to_the_measure(
    therapist, url, put
):
    total = put("pcl5_week", 20)
    for what in ("restoration", "second-keying"):
        assert therapist.get(f"{url}/{total}/{what}").location.endswith(f"/measures/{total}")
    submit(therapist, f"{url}/{total}/withdrawal", reason="entered twice")
    for what in ("withdrawal", "correction", "move", "second-keying"):
        assert therapist.get(f"{url}/{total}/{what}").location.endswith(f"/measures/{total}")


# -- moving


@pytest.fixture
def other(clinic):
    """Give another course of the same therapist."""
    with clinic.writing(clinic.therapist) as work:
        return add_course(work, FIRST_DAY, code="T-303", name="Vera Lund").id


def moved(therapist, address, **typed):
    """Fill in where a measure belongs, and say yes to the question that follows."""
    values = read(submit(therapist, address, **typed)).form()
    return therapist.post(address, data=values.but(target="y"))


@pytest.mark.usefixtures("other")
def test_a_move_asks_whose_it_will_be_before_anything_is_changed(therapist, url, put, clinic):
    found = put("pcl5_week", 23)
    address = f"{url}/{found}/move"
    assert "target" not in read(therapist.get(address)).form().values
    assert "it belongs there" not in read(therapist.get(address)).main

    refused = submit(therapist, address, code="T-303", reason="two folders open")

    page = read(refused)
    assert refused.status_code == 422
    assert "It goes to T-303, Vera Lund, course from " in page.errors()[0]
    assert "Yes, it belongs there" in page.main
    assert kept(clinic, found).course_id == clinic.course.id


def test_a_yes_to_one_patient_is_no_yes_to_another(therapist, url, put, clinic, other):
    with clinic.writing(clinic.therapist) as work:
        add_course(work, FIRST_DAY, code="T-404", name="Nils Berg")
    found = put("pcl5_week", 23)
    address = f"{url}/{found}/move"
    asked = read(submit(therapist, address, code="T-404", reason="two folders open")).form()

    again = therapist.post(address, data=asked.but(code="T-303", target="y"))

    page = read(again)
    assert again.status_code == 422
    assert "It goes to T-303, Vera Lund" in page.errors()[0]
    assert "target" not in page.form().values
    assert kept(clinic, found).course_id == clinic.course.id
    sure = therapist.post(address, data=page.form().but(target="y"))
    assert (sure.status_code, kept(clinic, found).course_id) == (303, other)


def test_a_moved_measure_is_found_there_and_this_record_says_nothing_of_the_other(
    therapist, url, put, other
):
    found = put("pcl5_week", 23)

    answer = moved(therapist, f"{url}/{found}/move", code="t-303", reason="two folders open")

    assert answer.location == f"/courses/{other}/measures/{found}"
    there = read(therapist.get(answer.location))
    assert "The measure is moved." in there.text
    here = read(therapist.get(url))
    assert (
        "PCL-5, past week, of 10 Mar, moved to another patient on 11 Mar by R. Calder: "
        "two folders open"
    ) in here.main
    assert not [word for word in ("T-303", "Vera", "23") if word in here.text]
    assert "Moved here from another patient 11 Mar 2026, R. Calder two folders open" in there.main
    assert not [word for word in ("T-101", "Solberg") if word in there.text]
    assert therapist.get(f"{url}/{found}").status_code == 404


@pytest.mark.parametrize(
    "case",
    [
        ("", "filed wrongly", "Enter the code of the patient."),
        ("T-101", "filed wrongly", "It is filed under this patient already."),
        ("T-202", "filed wrongly", "None of your patients has this code."),
        ("T-999", "filed wrongly", "None of your patients has this code."),
        ("T-202", "", "Say why."),
    ],
)
def test_a_move_is_refused_in_the_same_words_whether_or_not_there_is_such_a_patient(
    therapist, url, put, clinic, case
):
    code, reason, words = case
    found = put("pcl5_week", 23)

    refused = submit(therapist, f"{url}/{found}/move", code=code, reason=reason)

    assert refused.status_code == 422
    assert words in read(refused).errors()[0]
    assert kept(clinic, found).course_id == clinic.course.id


# -- keying a second time


def keyed(therapist, url, found, **changes):
    answers = {f"answers-{key}": "2" for key in PCL5}
    changes = {f"answers-{key}": value for key, value in changes.items()}
    return submit(therapist, f"{url}/{found}/second-keying", **answers | changes)


def test_the_second_keying_does_not_see_the_first(therapist, url, put):
    found = put("pcl5_week", answers=PCL5)

    page = read(therapist.get(f"{url}/{found}/second-keying"))

    assert set(page.form().values) == {"csrf_token"}
    assert "40" not in page.main


@on_every_engine
def test_two_keyings_that_agree_say_so_here_and_in_the_list(therapist, url, put):
    found = put("pcl5_week", answers=PCL5)

    answer = keyed(therapist, url, found)

    assert "Both keyings agree." in read(therapist.get(answer.location)).main
    assert "Keyed twice, agree" in read(therapist.get(url)).main
    assert "Keyed a second time R. Calder" in read(therapist.get(f"{url}/{found}")).main


def test_what_differs_stands_side_by_side_and_leads_to_a_correction(therapist, url, put, clinic):
    found = put("pcl5_week", answers=PCL5)

    answer = keyed(therapist, url, found, sleep="3", nightmares="na")

    page = read(therapist.get(answer.location))
    assert said(page, "Where the keyings differ") == {
        "Item 2, nightmares": "2 | –",
        "Item 20, sleep": "2 | 3",
    }
    assert f"{url}/{found}/correction" in page.links()
    assert "Keyed twice, 2 differ" in read(therapist.get(url)).main
    assert kept(clinic, found).answers == PCL5


def test_items_that_were_passed_over_are_asked_about_there_too(therapist, url, put):
    found = put("pcl5_week", answers=PCL5)

    refused = keyed(therapist, url, found, sleep=None)

    assert refused.status_code == 422
    assert "1 item has neither an answer nor “–”" in read(refused).errors()[0]
    empty = submit(therapist, f"{url}/{found}/second-keying")
    assert "Nothing was keyed." in read(empty).errors()[0]


# -- answers on suicide


@pytest.fixture
def asks(put, clinic):
    """Give the id of a question that a PHQ-9 raised."""
    put("phq9", answers=PHQ9 | {"self_harm": 2})
    with clinic.reading() as work:
        return work.session.scalars(select(SafetyPrompt.id)).one()


def everywhere(clinic, url):
    course = f"/courses/{clinic.course.id}"
    slots = [f"{course}/sessions/{clinic.course.slots[0]}", f"{course}/sessions"]
    return [course, *slots, url, f"{course}/progress", f"{url}/{clinic.course.measures[0]}"]


def test_an_open_question_stands_on_every_page_of_the_course(therapist, url, clinic, asks):
    for address in [*everywhere(clinic, url), f"{url}/new", f"{url}/pcl5_week/new"]:
        page = read(therapist.get(address))
        assert "Item 9 of the PHQ-9" in says(page.one("div[@class='ask']")), address
        assert f"{url}/prompts/{asks}" in page.links(), address


def test_a_supervisor_sees_it_and_is_not_asked_to_answer(client_of, url, clinic, asks):
    supervisor = client_of(clinic.supervisor)

    for address in everywhere(clinic, url):
        page = read(supervisor.get(address))
        assert "Item 9 of the PHQ-9" in says(page.one("div[@class='ask']")), address
        assert not [link for link in page.links() if "/prompts/" in link]
    assert supervisor.get(f"{url}/prompts/{asks}").status_code == 404


@pytest.mark.usefixtures("asks")
def test_it_is_one_statement_on_each_page(app, therapist, url, put):
    address = url.replace("measures", "sessions")
    with statements(app) as one:
        therapist.get(address)
    put("phq9", answers=PHQ9 | {"self_harm": None}, day=date(2026, 3, 9))

    with statements(app) as two:
        therapist.get(address)

    assert len(one) == len(two)
    assert len([text for text in two if "FROM safety_prompt" in text]) == 1


@on_every_engine
def test_what_was_done_is_kept_and_shown_and_the_question_goes(therapist, url, clinic, asks):
    clinic_words = "Asked directly: thoughts, no plan. Supervisor told."

    answer = submit(
        therapist, f"{url}/prompts/{asks}", risk_done="handed_on", risk_note=clinic_words
    )

    page = read(therapist.get(answer.location))
    assert f"Done Handed on to somebody who asks today In words {clinic_words}" in page.main
    assert "Who R. Calder When 11 Mar 2026" in page.main
    assert not page.all("div[@class='ask']")
    with clinic.reading() as work:
        prompt = work.session.get(SafetyPrompt, asks)
    shown = read(therapist.get(f"{url}/{prompt.measure_id}")).main
    assert "On the form death or self-harm: 2 Done Handed on" in shown
    assert clinic_words in shown


@pytest.mark.parametrize(
    "case",
    [
        (None, "asked", ["Say whether you asked, or to whom you handed it on."]),
        ("low", "asked", ["Say whether you asked, or to whom you handed it on."]),
        ("asked", "  ", ["Say in a few words what was done."]),
        (None, "", ["Say whether", "Say in a few words"]),
    ],
)
def test_it_is_not_kept_without_what_was_done(therapist, url, clinic, asks, case):
    done, note, words = case
    refused = submit(
        therapist, f"{url}/prompts/{asks}", risk_done=done, risk_note=note, risk_found="none"
    )

    errors = read(refused).errors()
    assert refused.status_code == 422
    assert len(errors) == len(words)
    assert all(word in error for word, error in zip(words, errors, strict=True))
    with clinic.reading() as work:
        assert work.session.get(SafetyPrompt, asks).acknowledged_at is None


@pytest.mark.parametrize(
    "case",
    [("none", "None: "), ("present", "Present: "), ("unclear", "Could not be told: ")],
)
def test_what_came_of_asking_stands_before_the_words(therapist, url, clinic, asks, case):
    found, words = case
    address = f"{url}/prompts/{asks}"
    refused = read(submit(therapist, address, risk_done="asked", risk_note="called the doctor"))
    assert refused.errors() == ["What came of asking: Say what came of asking."]

    answer = therapist.post(address, data=refused.form().but(risk_found=found))

    with clinic.reading() as work:
        prompt = work.session.get(SafetyPrompt, asks)
    assert prompt.action == f"{words}called the doctor"
    for where in (answer.location, f"{url}/{prompt.measure_id}"):
        assert f"In words {words}called the doctor" in read(therapist.get(where)).main


def test_the_page_leads_to_the_screener_and_then_to_the_note_that_waited(
    therapist, url, clinic, asks
):
    course = f"/courses/{clinic.course.id}"
    address = f"{url}/prompts/{asks}"
    assert f"{course}/sessions/new" in read(therapist.get(address)).links()

    answer = submit(therapist, address, risk_done="handed_on", risk_note="to the duty")

    page = read(therapist.get(answer.location))
    assert "Sign the note of session 6" in page.main
    assert {f"{course}/sessions/7/sign", "/today"} <= set(page.links())


def test_the_screener_and_the_note_are_those_of_the_session_of_the_form(
    therapist, url, clinic, asks
):
    with clinic.writing() as work:
        own = work.session.scalars(
            select(SessionRecord).where(
                SessionRecord.course_id == clinic.course.id, SessionRecord.slot == 3
            )
        ).one()
        prompt = work.session.get(SafetyPrompt, asks)
        work.session.get(Measure, prompt.measure_id).session_id = own.id
    course, address = f"/courses/{clinic.course.id}", f"{url}/prompts/{asks}"
    assert f"{course}/sessions/3/edit" in read(therapist.get(address)).links()

    answer = submit(therapist, address, risk_done="handed_on", risk_note="to the duty")

    assert f"{course}/sessions/3/sign" in read(therapist.get(answer.location)).links()


def test_another_open_task_comes_before_the_note_and_without_any_today_remains(
    therapist, url, clinic, asks
):
    contact = contact_of(clinic, clinic.course)

    answer = submit(therapist, f"{url}/prompts/{asks}", risk_done="handed_on", risk_note="duty")

    page = read(therapist.get(answer.location))
    assert f"/courses/{clinic.course.id}/contact/{contact}" in page.links()
    assert "Sign the note" not in page.main
    with clinic.writing() as work:
        work.session.get(ContactTask, contact).closed_at = work.now
        work.session.get(ContactTask, contact).closed_by = clinic.therapist.id
        work.session.get(ContactTask, contact).outcome = "reached"
        for each in work.session.scalars(select(SessionRecord)):
            each.note_state = "signed"
    links = [says(a) for a in read(therapist.get(answer.location)).one("main").iter("a")]
    assert "Today" in links
    assert "Sign the note" not in " ".join(links)


def test_the_page_asks_and_names_no_level_of_risk(therapist, url, asks):
    page = read(therapist.get(f"{url}/prompts/{asks}"))

    assert page.h1 == "Ask about suicide and self-harm"
    assert not page.all("div[@class='ask']")
    assert not {"low", "moderate", "high,", "safe"} & set(page.main.lower().split())
    assert not page.all("input[@type='radio'][@checked]")


# -- the list


def remarks(therapist, url, name="PHQ-9, last two weeks"):
    (table,) = read(therapist.get(url)).all(f"div[@aria-label='{name}, table']")
    return says(table)


def test_the_list_says_what_the_item_on_suicide_was_and_when_it_was_asked(therapist, url, asks):
    assert "item 9: 2, to ask" in remarks(therapist, url)

    submit(
        therapist,
        f"{url}/prompts/{asks}",
        risk_done="asked",
        risk_found="none",
        risk_note="no plan",
    )

    assert "item 9: 2, asked 11 Mar" in remarks(therapist, url)
    assert "to ask" not in remarks(therapist, url)


def test_the_list_says_who_was_handed_on_and_what_has_no_answer(therapist, url, put, asks):
    put("hamd17", 12)
    submit(therapist, f"{url}/prompts/{asks}", risk_done="handed_on", risk_note="to the duty")

    assert "item 9: 2, handed on 11 Mar" in remarks(therapist, url)
    assert "item 3: no answer, to ask" in remarks(therapist, url, INSTRUMENTS["hamd17"].version)


def test_the_list_is_silent_on_a_zero_and_on_what_a_correction_closed(therapist, url, put):
    found = put("phq9", answers=PHQ9 | {"self_harm": 1})
    change_to = {"answers-self_harm": "0"}
    submit(therapist, f"{url}/{found}/correction", reason="misread", **change_to)

    assert "item 9: " not in remarks(therapist, url)


def test_the_prompts_of_a_list_are_one_statement_whatever_their_number(app, therapist, url, put):
    therapist.get(url)
    put("phq9", answers=PHQ9 | {"self_harm": 1})
    with statements(app) as one:
        therapist.get(url)
    for ago in (1, 2, 3):
        put("phq9", answers=PHQ9 | {"self_harm": ago}, day=date(2026, 3, ago))

    with statements(app) as four:
        therapist.get(url)

    assert len(one) == len(four)


def test_a_second_keying_that_has_an_answer_on_suicide_asks_on_every_page(therapist, url, put):
    found = put("phq9", answers=PHQ9)
    answers = {f"answers-{key}": str(value) for key, value in PHQ9.items()}

    answer = submit(
        therapist, f"{url}/{found}/second-keying", **answers | {"answers-self_harm": "2"}
    )

    page = read(therapist.get(answer.location))
    assert "stands at 2" in says(page.one("div[@class='ask']"))
    assert "item 9: 2, to ask" in remarks(therapist, url)


def test_the_list_marks_late_entries_and_several_of_one_day(therapist, url, put):
    put("phq9", 3, date(2026, 3, 1), confirmed=frozenset({"duplicate"}))
    put("phq9", 4, date(2026, 3, 1), confirmed=frozenset({"duplicate"}))

    page = read(therapist.get(url))

    (table,) = page.all("div[@aria-label='PHQ-9, last two weeks, table']")
    assert "1 of 2 on this day entered 10 days later" in says(table)
    assert "2 of 2 on this day" in says(table)


def test_a_course_whose_measures_do_not_ask_about_suicide_says_so(therapist, url, put):
    words = "No measure entered in this course so far asks about suicide or self-harm"
    assert words in read(therapist.get(url)).main

    put("phq9", answers=PHQ9)

    assert words not in read(therapist.get(url)).main


def test_a_moment_is_told_in_the_clinics_own_time(shown, put, clinic):
    found = put("pcl5_week", 20)
    at = datetime(2026, 3, 11, 8, 5, tzinfo=UTC)
    change(clinic, found, recorded_at=at)

    assert f"{at.astimezone():%H:%M}" in shown(found).main


def test_a_supervisor_reads_it_and_changes_nothing(client_of, url, put, clinic):
    supervisor = client_of(clinic.supervisor)
    found = put("pcl5_week", answers=PCL5)

    page = read(supervisor.get(f"{url}/{found}"))

    assert "Total 40" in page.main
    ways = ("correction", "withdrawal", "restoration", "move", "second-keying")
    assert not [link for link in page.links() if link.endswith(ways)]
    for way in ways:
        assert supervisor.get(f"{url}/{found}/{way}").status_code == 404
