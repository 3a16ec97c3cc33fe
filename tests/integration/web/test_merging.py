"""Two people change one record: both versions on one page, and no text is lost."""

import json

import pytest
from sqlalchemy import select

from ipt_tracker.persistence.models import Amendment, Course, Draft, Patient
from ipt_tracker.services.courses import amend_columns
from ipt_tracker.web.differences import marked
from tests.factories.pages import read, says, submit
from tests.factories.stores import on_every_engine
from tests.integration.web.test_sessions import change_stored, newest

MINE = "Came in lighter.\n\nSad on Sunday."
HERS = "Came in lighter.\n\nPhoned about next week."


@pytest.fixture
def url(clinic):
    return f"/courses/{clinic.course.id}/sessions/7/edit"


@pytest.fixture
def therapist(client_of, clinic):
    return client_of(clinic.therapist)


@pytest.fixture
def other(client_of, clinic):
    """Give another window of the same person, who is the only one who may write here."""
    return client_of(clinic.therapist)


@pytest.fixture
def met(therapist, other, url):
    """Save one version of the last session while another one is typed, and send that one too."""

    def meet(mine=None, hers=None):
        form = read(therapist.get(url)).form()
        submit(other, url, **(hers or {"note": HERS}))
        return read(therapist.post(url, data=form.but(**(mine or {"note": MINE}))))

    return meet


def decide(client, page, **chosen):
    names = {f"merge:{name}": choice for name, choice in chosen.items()}
    return client.post(page.url, data=page.form().but(**names))


def amendments(clinic, field):
    with clinic.reading() as work:
        rows = work.session.scalars(select(Amendment).where(Amendment.field == field))
        return [(row.old, row.new, row.reason) for row in rows]


def test_both_versions_stand_side_by_side_with_what_differs_marked(met, clinic):
    page = met()

    sides = page.all("div[@class='side']")
    assert page.status == 409
    assert page.h1 == "Two versions of session 6"
    assert [says(side.find("h3")) for side in sides] == ["This window", "The other window"]
    assert [[says(ins) for ins in side.iter("ins")] for side in sides] == [
        ["Sad on Sunday."],
        ["Phoned about next week."],
    ]
    assert "You saved the other version at" in page.main
    assert "One field differs" in page.main
    assert newest(clinic).note == HERS


def test_both_texts_are_kept_one_after_the_other_unless_something_else_is_chosen(
    met, therapist, clinic
):
    page = met(hers={"note": HERS}, mine={"note": MINE})

    answer = therapist.post(page.url, data=page.form().values)

    assert answer.status_code == 303
    assert newest(clinic).note == f"{HERS}\n\n{MINE}"


def test_ones_own_text_replaces_the_other_which_stays_readable(met, therapist, clinic, figures):
    page = met()

    decide(therapist, page, note="yours")

    assert newest(clinic).note == MINE
    assert (HERS, MINE, "changed before signing") in amendments(clinic, "note")
    figures("editors", second_saves=1, lost=0)


def test_the_other_text_stays_and_ones_own_stays_readable(met, therapist, clinic, figures):
    page = met()

    decide(therapist, page, note="theirs")

    assert newest(clinic).note == HERS
    ((_, new, reason),) = [a for a in amendments(clinic, "note") if a[0] == MINE]
    assert new == HERS
    assert "not taken" in reason
    figures("editors", second_saves=1, lost=0)


def test_new_words_replace_both_and_both_stay_readable(met, therapist, clinic, figures):
    page = met()
    form = page.form().but(**{"merge:note": "anew", "anew:note": "Both of it."})

    therapist.post(page.url, data=form)

    assert newest(clinic).note == "Both of it."
    assert {a[0] for a in amendments(clinic, "note")} >= {HERS, MINE}
    figures("editors", second_saves=1, lost=0)


def test_a_field_that_only_one_changed_is_proposed_as_that_one_has_it(met, therapist, clinic):
    page = met(mine={"plan": "my plan"}, hers={"homework": "her homework", "mood": "8"})

    assert page.main.count("Only this window changed this.") == 1
    assert page.main.count("Only the other window changed this.") == 2
    therapist.post(page.url, data=page.form().values)

    record = newest(clinic)
    assert (record.plan, record.homework, record.mood) == ("my plan", "her homework", 8)
    assert amendments(clinic, "plan") == [(None, "my plan", "changed before signing")]


def test_two_answers_to_one_question_have_to_be_decided(met, therapist, clinic):
    page = met(mine={"mood": "7"}, hers={"mood": "8"})

    asked = read(therapist.post(page.url, data=page.form().values))

    assert asked.status == 409
    assert asked.errors() == ["Mood, 0 worst to 10 best: Say which of the two is kept."]
    assert newest(clinic).mood == 8
    assert decide(therapist, asked, mood="yours").status_code == 303
    assert newest(clinic).mood == 7


def test_a_third_version_that_came_meanwhile_is_met_too(met, therapist, other, url, clinic):
    page = met()
    third = page.form().values["version"]
    form = read(other.get(url)).form("/7/edit").but(note="a third", version=third)
    assert other.post(url, data=form).status_code == 303

    again = read(decide(therapist, page, note="yours"))

    assert again.status == 409
    assert newest(clinic).note == "a third"
    assert "a third" in again.main
    assert decide(therapist, again, note="yours").status_code == 303
    assert newest(clinic).note == MINE


def test_what_cannot_be_decided_now_is_a_draft_that_meets_the_other_version_again(
    met, therapist, url
):
    page = met()

    assert "Decide later" in page.text
    again = read(therapist.get(url)).form("/7/edit")
    assert again.values["note"] == [MINE]
    assert read(therapist.post(url, data=again.values)).h1 == page.h1


def test_what_was_typed_into_a_session_that_was_signed_meanwhile_is_shown_and_kept(
    therapist, url, clinic
):
    form = read(therapist.get(url)).form()
    change_stored(clinic, note_state="signed")

    refused = read(therapist.post(url, data=form.but(note=MINE)))
    later = read(therapist.get(url))

    for page in (refused, later):
        assert page.h1 == "Session 6 is signed"
        assert "Sad on Sunday." in page.main
    discard = later.form("/drafts/discard")
    therapist.post(discard.action, data=discard.values)
    assert "Sad on Sunday." not in read(therapist.get(url)).main


def test_deciding_takes_the_draft_away(met, therapist, clinic):
    page = met()
    decide(therapist, page, note="yours")

    with clinic.reading() as work:
        assert work.session.scalars(select(Draft)).all() == []


def test_a_newer_draft_of_another_window_is_not_written_over(therapist, other, url, clinic):
    form = read(therapist.get(url)).form()
    there = read(other.get(url)).form()
    submit(other, url, note=HERS)
    kept = {"csrf_token": there.values["csrf_token"], "draft_key": there.values["draft_key"]}
    other.post("/drafts", data=kept | {"address": url, "fields": '[["note", "elsewhere"]]'})

    page = read(therapist.post(url, data=form.but(note=MINE)))

    assert "Decide later" not in page.text
    assert "on this page only" in page.text
    with clinic.reading() as work:
        assert work.session.scalars(select(Draft)).one().fields[1:] == [["note", "elsewhere"]]


def test_two_versions_that_say_the_same_need_only_to_be_saved(met, therapist, clinic):
    page = met(mine={"note": HERS}, hers={"note": HERS})

    assert "No fields differ" in page.main
    assert therapist.post(page.url, data=page.form().values).status_code == 303


@on_every_engine
def test_the_details_of_a_patient_meet_in_the_same_way(therapist, other, clinic):
    address = f"/courses/{clinic.course.id}/patient"
    form = read(therapist.get(address)).form()
    submit(other, address, phone="01632 960999", notes="hers")

    page = read(therapist.post(address, data=form.but(phone="01632 960001", notes="mine")))

    assert page.h1 == "Two versions of the patient’s details"
    assert page.form().values["merge:notes"] == ["both"]
    assert decide(therapist, page, phone="theirs", notes="both").status_code == 303
    with clinic.reading() as work:
        patient = work.session.get(Patient, clinic.course.patient_id)
        assert (patient.phone, patient.notes) == ("01632 960999", "hers\n\nmine")
    assert ("01632 960001", "01632 960999") in [a[:2] for a in amendments(clinic, "phone")]


@pytest.mark.parametrize(
    ("text", "other", "pieces"),
    [
        ("", "", ()),
        ("same words", "same words", (("same words", False),)),
        ("one two three", "one three", (("one ", False), ("two", True), (" three", False))),
        ("a b", "c d", (("a b", True),)),
        ("end new words", "end", (("end ", False), ("new words", True))),
        ("new words end", "end", (("new words", True), (" end", False))),
    ],
)
def test_words_that_the_other_text_does_not_have_are_marked(text, other, pieces):
    assert marked(text, other) == pieces


def test_new_words_start_from_both_texts_whole_one_after_the_other(met):
    mine = {"note": "Window A: She talked about the move.", "plan": "call her"}
    hers = {"note": "Window B: She talked about her sister coming.", "plan": "wait"}

    values = met(mine=mine, hers=hers).form().values

    assert values["anew:note"] == [f"{hers['note']}\n\n{mine['note']}"]
    assert values["anew:plan"] in (["wait; call her"], ["wait\n\ncall her"])


def test_new_words_start_from_the_one_text_where_the_other_is_empty(met):
    page = met(mine={"plan": "mine"}, hers={"plan": "", "homework": "hers"})

    assert [v.strip() for v in page.form().values["anew:homework"]] == ["hers"]


def test_two_windows_of_one_person_are_never_called_they(met):
    page = met(mine={"plan": "mine"}, hers={"plan": "hers", "homework": "her homework"})

    assert "Keep the other version" in page.main
    for words in ("Keep theirs", "Keep yours", "Only they", "Only you", "saved one"):
        assert words not in page.main


@pytest.mark.parametrize("choice", ["theirs", "anew"])
def test_a_text_that_was_not_taken_is_kept_when_the_merged_version_is_saved_after_an_error(
    met, therapist, clinic, choice
):
    page = met()
    wrong = page.form().but(
        **{"merge:note": choice, "anew:note": "New words.", "duration_minutes": "soon"}
    )

    refused = read(therapist.post(page.url, data=wrong))
    assert refused.status == 422
    assert MINE not in {a[0] for a in amendments(clinic, "note")}
    again = read(therapist.post(page.url, data=refused.form("/7/edit").values))
    assert again.status == 422
    answer = therapist.post(page.url, data=again.form("/7/edit").but(duration_minutes="50"))

    assert answer.status_code == 303
    assert newest(clinic).note == (HERS if choice == "theirs" else "New words.")
    (kept,) = [a for a in amendments(clinic, "note") if a[0] == MINE]
    assert "not taken" in kept[2]


def test_a_text_that_was_not_taken_outlives_a_draft_and_a_second_meeting(
    met, therapist, other, url, clinic
):
    page = met()
    wrong = page.form().but(**{"merge:note": "theirs", "duration_minutes": "soon"})
    form = read(therapist.post(url, data=wrong)).form("/7/edit")
    fields = [[n, v] for n, vs in form.values.items() for v in vs if n.startswith(("not", "ver"))]
    kept = {name: form.values[name] for name in ("csrf_token", "draft_key")}
    therapist.post("/drafts", data=kept | {"address": url, "fields": json.dumps(fields)})
    resumed = read(therapist.get(url)).form("/7/edit")
    assert resumed.values["not_taken:note"] == [MINE]
    there = form.but(note="a third", duration_minutes="50", csrf_token=read(other.get(url)).token)
    assert other.post(url, data=there | {"not_taken:note": []}).status_code == 303

    again = read(therapist.post(url, data=form.but(duration_minutes="50")))

    assert again.status == 409
    assert decide(therapist, again, note="theirs").status_code == 303
    assert any(MINE in a[0] for a in amendments(clinic, "note") if a[0])


def test_the_page_says_who_saved_the_other_version(therapist, clinic):
    address = f"/courses/{clinic.course.id}/patient"
    form = read(therapist.get(address)).form()
    with clinic.writing(clinic.therapist2) as work:
        course = work.session.get(Course, clinic.course.id)
        amend_columns(work, course, course.patient, {"notes": "hers"})

    page = read(therapist.post(address, data=form.but(notes="mine")))

    when = f"{clinic.now.astimezone():%H:%M}"
    assert f"A. Okafor saved at {when} while you were typing." in page.main
    assert [says(side.find("p")) for side in page.all("div[@class='side']")] == [
        f"R. Calder, {when}, this window",
        f"A. Okafor, {when}",
    ]
    assert [says(side.find("h3")) for side in page.all("div[@class='side']")] == ["Yours", "Theirs"]
    assert "Keep theirs" in page.main
