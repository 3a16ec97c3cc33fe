"""Ratings side by side on their page: sealed and open, amended, agreed on, fed back."""

from dataclasses import replace

import pytest

from ipt_tracker.clinical.fidelity.item_set import OWN_SET, own_item_set
from ipt_tracker.clinical.fidelity.marks import mark
from ipt_tracker.persistence.models import FidelityRating
from ipt_tracker.services.fidelity.feedback import FeedbackEntry, send_feedback
from ipt_tracker.services.fidelity.ratings import RatingEntry, record_consensus, waive
from tests.factories.compared import ask, opened, rate_by, whole
from tests.factories.groups import FIRST_DAY, add_group, add_meeting
from tests.factories.pages import read, submit
from tests.factories.rated import slots_of
from tests.factories.tables import audit_rows, contents
from tests.factories.walk import of_course, stops
from tests.integration.web.test_caseload import MOST_STATEMENTS, statements

CANARIES = ("CanarySelf", "CanarySup", "CanaryFeedback")


@pytest.fixture
def session(clinic):
    return slots_of(clinic, clinic.course)[2]


@pytest.fixture
def therapist(client_of, clinic):
    return client_of(clinic.therapist)


@pytest.fixture
def supervisor(client_of, clinic):
    return client_of(clinic.supervisor)


@pytest.fixture
def second(client_of, clinic):
    return client_of(clinic.therapist2)


@pytest.fixture
def by_supervisor(clinic, session):
    return rate_by(clinic, clinic.supervisor, session, whole(2, "CanarySup", F02=5))


@pytest.fixture
def both(clinic, session, by_supervisor):
    rate_by(clinic, clinic.therapist, session, whole(4, "CanarySelf", F02=5, F03=None))
    return by_supervisor


@pytest.fixture
def three(clinic, session, both):
    ask(clinic, session, clinic.therapist2)
    return both, rate_by(clinic, clinic.therapist2, session, whole(4, "CanarySecond", F02=5))


def at(session, rest=""):
    return f"/fidelity/session/{session}{rest}"


def page_of(client, session, rest=""):
    return read(client.get(at(session, rest)))


def send(clinic, session, rating_id):
    with clinic.writing(clinic.supervisor) as work:
        entry = FeedbackEntry("CanaryFeedback", "shorter questions")
        return send_feedback(work, opened(work, session), rating_id, entry)


def item(page, number):
    """Give the cells of one item's row."""
    rows = [row for row in page.all("tr") if row.findall("td")]
    found = [row for row in rows if "".join(row.findall("td")[0].itertext()) == str(number)]
    assert len(found) == 1
    return ["".join(cell.itertext()).strip() for cell in found[0].findall("td")]


def place(code):
    """Give the number under which an item stands on the page: domain by domain."""
    own = own_item_set()
    codes = [each.code for domain in own.domains for each in own.of_domain(domain)]
    return codes.index(code) + 1


# -- sealed


def test_a_sealed_page_says_who_rated_and_nothing_of_what(clinic, session, therapist, both):
    other = slots_of(clinic, clinic.course)[0]
    rate_by(clinic, clinic.supervisor, other, whole(1, "CanarySup"))

    page = page_of(therapist, other)

    assert "sealed for you" in page.main
    assert "I. Marlowe" in page.main
    assert {at(other, "/rate"), at(other, "/waive")} <= set(page.links())
    said = page.main.replace(str(other), "")
    assert not any(word in said for word in (*CANARIES, "100 %", "poor", "Adherence", "mean"))


@pytest.mark.parametrize("who", ["therapist", "supervisor", "therapist2"])
def test_no_page_gives_away_a_sealed_rating(app, clinic, session, client_of, who):
    raters = {"therapist": whole(4, "CanarySelf"), "supervisor": whole(2, "CanarySup")}
    sealed = {name: marks for name, marks in raters.items() if name != who}
    made = {
        name: rate_by(clinic, getattr(clinic, name), session, marks)
        for name, marks in sealed.items()
    }
    if "supervisor" in made:
        send(clinic, session, made["supervisor"])
    ask(clinic, session, clinic.therapist2)
    client = client_of(getattr(clinic, who))

    examples = of_course(clinic, clinic.course) | {"rated_id": session}
    addresses = [stop.url for stop in stops(app, examples) if stop.method == "GET"]
    shown = {url: client.get(url).data for url in addresses if not url.startswith("/sign")}

    assert any(at(session) in url for url in shown)
    words = [word.encode() for word in CANARIES]
    assert [url for url, data in shown.items() if any(word in data for word in words)] == []


def test_feedback_that_waits_is_announced_and_not_shown(clinic, session, therapist, by_supervisor):
    send(clinic, session, by_supervisor)

    page = page_of(therapist, session)

    assert "Feedback waits" in page.main
    assert "CanaryFeedback" not in page.html


def test_acknowledging_sealed_feedback_opens_nothing(clinic, session, therapist, by_supervisor):
    sent = send(clinic, session, by_supervisor)
    token = page_of(therapist, session).token

    answer = therapist.post(
        at(session, "/acknowledge"), data={"csrf_token": token, "feedback_id": str(sent.id)}
    )

    assert answer.status_code == 422
    assert read(answer).errors() == [
        "Rate this session first, or give up rating it. Then feedback opens."
    ]
    assert "CanaryFeedback" not in answer.text


# -- open


def test_two_ratings_stand_item_by_item_with_the_difference_in_words(session, therapist, both):
    page = page_of(therapist, session)

    assert item(page, 1)[1:] == ["yes", "yes", "4", "2", "", "2 lower"]
    assert item(page, place("F02"))[1:] == ["yes", "yes", "5", "5", "", "same"]
    assert item(page, place("F03"))[1:] == ["no", "yes", "–", "2", "", "yes against no"]
    assert "You call the overall competence 4, good, I. Marlowe 2, weak." in page.main
    assert f"on whether it was delivered, yes against no, on one item: {place('F03')}." in page.main
    assert "Differencesupervisor rated" in page.main
    assert "One session says little" in page.main
    assert "Your rating was submitted on 11 Mar, before you saw any other." in page.main


def test_adherence_and_quality_are_two_numbers_each_with_its_n(session, therapist, both):
    page = page_of(therapist, session)

    assert "93 %13 of 14 applicable" in page.main
    assert "mean of 13 items" in page.main
    assert "not pooled with each other" in page.main


def test_three_ratings_have_a_column_each_and_remarks_are_shown(session, supervisor, three):
    page = page_of(supervisor, session)

    assert item(page, 1)[1:] == ["yes, 4", "yes, 2", "yes, 4", "quality 2 to 4"]
    assert all(word in page.main for word in ("CanarySelf", "CanarySup", "CanarySecond"))
    assert "Three ratings call the overall competence 2 to 4." in page.main


def test_a_flag_is_named_with_who_marked_it(clinic, session, supervisor, both):
    with clinic.writing() as work:
        work.session.get(FidelityRating, both).proscribed = {"Z02": True, "Z01": False}

    page = page_of(supervisor, session)

    assert "Interpreting the past or transference: marked by you" in page.main


def test_a_group_session_is_compared_as_one(clinic, supervisor):
    with clinic.writing(clinic.therapist) as work:
        meeting = add_meeting(work, add_group(work, 2), FIRST_DAY).id

    page = read(supervisor.get(f"/fidelity/group/{meeting}"))

    assert page.title.startswith("Compare ratings, G-1 group session 1")


def test_comparing_costs_the_same_for_one_rating_and_for_three(
    app, clinic, session, supervisor, by_supervisor
):
    page_of(supervisor, session)
    with statements(app) as few:
        page_of(supervisor, session)
    rate_by(clinic, clinic.therapist, session, whole(4))
    ask(clinic, session, clinic.therapist2)
    rate_by(clinic, clinic.therapist2, session, whole(4))
    with statements(app) as many:
        page_of(supervisor, session)

    assert len(many) == len(few) <= MOST_STATEMENTS


# -- amended


def test_amending_keeps_what_it_said_and_says_who_when_and_why(session, therapist, both):
    answer = submit(
        therapist, at(session, "/amend"), "/amend", q_F01="3", reason="misread the scale"
    )

    assert answer.status_code == 303
    page = page_of(therapist, session)
    assert "Item 1, quality 4 3 R. Calder, self 11 Mar misread the scale" in page.main


def test_an_amendment_after_unsealing_is_said_with_both_values(
    session, therapist, supervisor, both
):
    submit(therapist, at(session, "/amend"), "/amend", q_F01="2", reason="CanaryReason")

    page = page_of(therapist, session)

    assert "before you saw any other, and amended on 11 Mar, when the others were" in page.main
    assert item(page, 1)[1:] == ["yes", "yes", "2first 4", "2", "", "same"]
    assert "As first submitted: You call" in page.main
    assert "As they stand, amended: You call" in page.main
    assert "amended on" not in page_of(supervisor, session).main


def test_an_amendment_that_changes_no_difference_is_said_too(session, therapist, both):
    submit(therapist, at(session, "/amend"), "/amend", remark="calmer", reason="a slip")

    assert "as first submitted and as they stand" in page_of(therapist, session).main


def test_a_second_rater_reads_no_reason_of_an_amendment(session, therapist, second, three):
    submit(therapist, at(session, "/amend"), "/amend", q_F01="2", reason="CanaryReason")

    page = page_of(second, session)

    assert "CanaryReason" not in page.html
    assert "not for second raters" in page.main
    assert "4, 2" not in page.main


def test_not_applicable_against_yes_is_named_and_counted(session, clinic, supervisor):
    marks = whole(3)
    rate_by(clinic, clinic.therapist, session, marks)
    other = replace(marks, items=dict(marks.items) | {"F05": mark(None)})
    rate_by(clinic, clinic.supervisor, session, other)

    page = page_of(supervisor, session)

    assert item(page, place("F05"))[1:] == ["yes", "n/a", "3", "–", "", "n/a against yes"]
    assert "You differ on whether it applies, n/a against yes, on one item" in page.main


def test_who_gave_up_rating_reads_when_and_why(session, clinic, therapist, by_supervisor):
    with clinic.writing(clinic.therapist) as work:
        waive(work, opened(work, session), "on leave")

    page = page_of(therapist, session)

    assert "You gave up rating this session on 11 Mar" in page.main
    assert "Reason: on leave." in page.main


def test_an_amendment_without_a_reason_or_a_change_keeps_nothing(clinic, session, therapist, both):
    before = contents(clinic.database)

    without = submit(therapist, at(session, "/amend"), "/amend", q_F01="3")
    nothing = submit(therapist, at(session, "/amend"), "/amend", reason="no reason")

    assert read(without).errors() == ["Why you amend it: Say why you amend it."]
    assert read(nothing).errors() == ["Nothing is changed."]
    assert contents(clinic.database) == before


def test_two_windows_do_not_amend_over_each_other(session, therapist, both):
    old = page_of(therapist, session, "/amend").form("/amend")
    submit(therapist, at(session, "/amend"), "/amend", q_F01="3", reason="first")

    answer = therapist.post(old.action, data=old.but(q_F01="5", reason="second"))

    assert answer.status_code == 409
    page = read(answer)
    assert "Somebody else changed this record" in " ".join(page.errors())
    again = page.form("/amend")
    assert therapist.post(again.action, data=again.values).status_code == 303


def test_who_did_not_rate_amends_nothing(session, therapist, by_supervisor):
    answer = therapist.get(at(session, "/amend"))

    assert (answer.status_code, answer.location) == (303, at(session))


# -- consensus


def test_a_consensus_form_is_filled_where_raters_agree_and_empty_where_they_differ(
    session, supervisor, three
):
    page = page_of(supervisor, session, "/consensus")
    form = page.form("/consensus")

    assert form.values["d_F01"] == ["1"]
    assert "q_F01" not in form.values
    assert form.values["q_F02"] == ["5"]
    assert "global_competence" not in form.values
    assert sorted(form.values["from"]) == sorted(map(str, three))
    assert "I. Marlowe: yes, quality 2; A. Okafor: yes, quality 4" in page.main


def test_the_form_of_a_consensus_marks_what_was_amended(session, supervisor, three):
    submit(supervisor, at(session, "/amend"), "/amend", q_F01="4", reason="misread")

    page = page_of(supervisor, session, "/consensus")

    assert "I. Marlowe: yes, quality 4 (amended, first yes, quality 2)" in page.main


def test_a_consensus_is_kept_beside_the_first_ratings(clinic, session, supervisor, three):
    missing = submit(supervisor, at(session, "/consensus"), "/consensus")
    filled = {f"q_F{n:02}": "3" for n in range(1, 15) if n != 2}
    more = {"global_competence": "3", "alliance": "3", "remark": "settled on three"}
    answer = submit(supervisor, at(session, "/consensus"), "/consensus", **filled | more)

    assert missing.status_code == 422
    assert answer.status_code == 303
    page = page_of(supervisor, session)
    assert "agreed on by A. Okafor and I. Marlowe, entered by I. Marlowe" in page.main
    assert item(page, 1)[1:] == ["yes, 4", "yes, 2", "yes, 4", "yes, 3", "quality 2 to 4"]
    assert at(session, "/consensus") not in page.links()
    again = supervisor.get(at(session, "/consensus"))
    assert (again.status_code, again.location) == (303, at(session))
    assert [r.event for r in audit_rows(clinic.database)].count("rating.consensus_recorded") == 1


def test_the_consensus_is_amended_by_whoever_entered_it(clinic, session, supervisor, three):
    with clinic.writing(clinic.supervisor) as work:
        record_consensus(work, opened(work, session), RatingEntry(OWN_SET, whole(3)), three)

    url = at(session, "/consensus/amend")
    answer = submit(supervisor, url, "/consensus/amend", q_F01="4", reason="talked again")

    assert answer.status_code == 303
    assert "Item 1, quality 3 4 I. Marlowe, consensus" in page_of(supervisor, session).main


def test_one_rater_alone_has_nothing_to_agree_on(session, supervisor, both):
    answer = supervisor.get(at(session, "/consensus"))

    assert (answer.status_code, answer.location) == (303, at(session))


# -- feedback


def test_feedback_begins_with_the_raters_own_words_and_goes_to_the_therapist(
    session, supervisor, therapist, both
):
    form = page_of(supervisor, session, "/feedback").form("/feedback")
    answer = submit(supervisor, at(session, "/feedback"), "/feedback", try_next="wait longer")

    assert form.values["keep_doing"] == ["CanarySup"]
    assert answer.status_code == 303
    page = page_of(therapist, session)
    assert "Keep doing CanarySup Try next wait longer" in page.main
    assert "Acknowledged not yet" in page.main


def test_feedback_without_a_word_is_asked_for(session, supervisor, both):
    answer = submit(supervisor, at(session, "/feedback"), "/feedback", keep_doing="")

    assert answer.status_code == 422
    assert read(answer).errors() == ["Keep doing: Write what to keep doing or what to try next."]


def test_feedback_that_was_sent_is_not_sent_again(clinic, session, supervisor, both):
    form = page_of(supervisor, session, "/feedback").form("/feedback")
    send(clinic, session, both)

    answer = supervisor.post(form.action, data=form.values)

    assert (answer.status_code, answer.location) == (303, at(session))
    assert [r.event for r in audit_rows(clinic.database)].count("rating.feedback_sent") == 1


def test_the_therapist_acknowledges_with_an_answer_and_the_supervisor_reads_it(
    clinic, session, therapist, supervisor, both
):
    send(clinic, session, both)

    answer = submit(therapist, at(session), "/acknowledge", answer="I will wait longer.")

    assert answer.status_code == 303
    page = page_of(supervisor, session)
    assert "Answer I will wait longer. Acknowledged 11 Mar, by R. Calder" in page.main
    assert page_of(therapist, session).all("textarea") == []


def test_an_answer_that_is_too_long_is_kept_on_the_page(clinic, session, therapist, both):
    send(clinic, session, both)

    answer = submit(therapist, at(session), "/acknowledge", answer="x" * 10_001)

    assert answer.status_code == 422
    assert "x" * 10_001 in answer.text


def test_a_draft_of_feedback_is_kept_for_its_writer_alone(clinic, session, supervisor, both):
    form = page_of(supervisor, session, "/feedback").form("/feedback")
    named = {name: form.values[name][0] for name in ("csrf_token", "draft_key")}
    fields = '[["keep_doing", "half a thought"]]'

    kept = supervisor.post("/drafts", data=named | {"address": form.action, "fields": fields})

    assert kept.status_code == 200
    again = page_of(supervisor, session, "/feedback").form("/feedback")
    assert again.values["keep_doing"] == ["half a thought"]


# -- a second rater


def test_a_supervisor_asks_a_colleague_and_takes_it_back(clinic, session, supervisor, second):
    answer = submit(
        supervisor,
        at(session, "/assign"),
        "/assign",
        rater=str(clinic.therapist2.id),
        due_on="2026-03-20",
        reason="off track",
    )
    assert answer.status_code == 303
    page = page_of(supervisor, session, "/assign")
    assert "A. Okafor Second rater off track 11 Mar" in page.main
    assert second.get(at(session, "/rate")).status_code == 200

    (back,) = [url for url in page.links() if "/withdraw?" in url]
    form = read(supervisor.get(back)).form("/withdraw")
    empty = supervisor.post(form.action, data=form.values)
    answer = supervisor.post(form.action, data=form.but(reason="no time"))

    assert empty.status_code == 422
    assert answer.status_code == 303
    assert second.get(at(session, "/rate")).status_code == 404
    assert second.get(at(session)).status_code == 404
    events = [row.event for row in audit_rows(clinic.database)]
    assert events.count("rating.asked") == events.count("rating.request_withdrawn") == 1


def test_a_request_needs_a_colleague_a_reason_and_a_day_to_come(clinic, session, supervisor):
    url = at(session, "/assign")

    nobody = submit(supervisor, url, "/assign", reason="off track")
    nothing = submit(supervisor, url, "/assign", rater=str(clinic.therapist2.id))
    past = submit(
        supervisor,
        url,
        "/assign",
        rater=str(clinic.therapist2.id),
        reason="off track",
        due_on="2026-03-01",
    )

    assert read(nobody).errors() == ["Who rates it: Choose who is to rate it."]
    assert read(nothing).errors() == ["Why this session: Say why this session was chosen."]
    assert read(past).errors() == ["Until: Choose today or a later day."]


def test_a_second_rater_reaches_that_one_form_and_nothing_else(app, clinic, session, second):
    own = {f"{at(session)}{rest}" for rest in ("", "/rate", "/waive", "/amend", "/acknowledge")}
    tied = [
        stop
        for rated_id in slots_of(clinic, clinic.course)
        for stop in stops(app, of_course(clinic, clinic.course) | {"rated_id": rated_id})
        if stop.is_tied
    ]
    ask(clinic, session, clinic.therapist2)
    token = read(second.get("/sign-in")).token

    def reached(stop):
        data = {"csrf_token": token} if stop.method == "POST" else None
        return second.open(stop.url, method=stop.method, data=data).status_code != 404

    before = {stop.url for stop in tied if reached(stop)}
    rate_by(clinic, clinic.therapist2, session, whole(4))
    after = {stop.url for stop in tied if reached(stop)}

    assert before == after == own
    assert len(tied) > 200


def test_a_second_rater_reads_neither_the_therapists_name_nor_feedback(
    clinic, session, second, three
):
    send(clinic, session, three[0])

    page = page_of(second, session)

    assert "R. Calder" not in page.html
    assert "CanaryFeedback" not in page.html
    assert at(session, "/assign") not in page.links()
    assert at(session, "/consensus") not in page.links()
