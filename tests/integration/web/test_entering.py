"""Entering a form item by item: every instrument, what stands beside it, what is asked about."""

import json

import pytest
from sqlalchemy import select

from ipt_tracker.clinical.instruments.caps5_severity import propose
from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.safety import prompt_for
from ipt_tracker.persistence.models import SafetyPrompt
from ipt_tracker.web.measures.forms import measure_form, prefilled
from tests.factories.pages import read, says, submit
from tests.factories.recorded import count, newest

EVERY = pytest.mark.parametrize("key", INSTRUMENTS)
TODAY = "2026-03-11"


@pytest.fixture
def url(clinic):
    return f"/courses/{clinic.course.id}/measures"


@pytest.fixture
def therapist(client_of, clinic):
    return client_of(clinic.therapist)


def answers(key, value):
    """Answer every item with its lowest, its highest, or the value that is given."""
    return {
        f"answers-{item.key}": str({"lowest": item.low, "highest": item.high}.get(value, value))
        for item in INSTRUMENTS[key].answer_items
    }


def enter(client, url, key, *given, **changes):
    """Open the form of an instrument and send it; later answers take the place of earlier ones."""
    for each in given:
        changes |= each
    return submit(client, f"{url}/{key}/new", **changes)


def prompts(clinic):
    with clinic.reading() as work:
        return work.session.scalars(select(SafetyPrompt)).all()


def chosen(page):
    """Give what stands in the form of a page, without what was left open."""
    return {name: value[-1] for name, value in page.form("/new").values.items() if any(value)}


# -- every instrument, item by item


@EVERY
@pytest.mark.parametrize("value", ["lowest", "highest"])
def test_every_instrument_is_entered_by_its_items(therapist, url, clinic, key, value):
    answer = enter(therapist, url, key, answers(key, value))

    kept, form = newest(clinic), INSTRUMENTS[key]
    assert answer.status_code == 303
    assert (kept.instrument, kept.total) == (key, getattr(form, value))
    assert kept.answered == len(form.items)
    assert list(kept.answers) == list(form.answer_keys)


@EVERY
def test_every_item_can_be_left_blank_and_the_range_says_so(therapist, url, clinic, key):
    form = INSTRUMENTS[key]
    first = form.answer_items[0]
    blank = answers(key, "na") | {f"answers-{first.key}": str(first.high)}
    enter(therapist, url, key, blank)

    kept = newest(clinic)
    assert kept.total is None
    assert (kept.lowest, kept.highest) == (form.lowest + first.high - first.low, form.highest)


@EVERY
def test_an_answer_that_an_item_does_not_have_is_refused(therapist, url, clinic, key):
    first = INSTRUMENTS[key].answer_items[0]
    wrong = str(first.high + 1)
    refused = enter(therapist, url, key, answers(key, "highest"), {f"answers-{first.key}": wrong})

    assert refused.status_code == 422
    assert f"{wrong} is not on the form, which goes from" in read(refused).errors()[0]
    assert count(clinic) == 7


@pytest.mark.parametrize("name", ["nightmares", "distress", "over_a_month", "sleep.how_often"])
@pytest.mark.parametrize("sent", ["5", "x", ""])
def test_what_no_key_sends_is_refused_and_never_taken_for_a_blank(
    therapist, url, clinic, name, sent
):
    given = {f"answers-{name}": sent}
    refused = enter(therapist, url, "caps5_month", answers("caps5_month", "2"), given)

    assert refused.status_code == 422
    assert "is not on the form, which" in read(refused).errors()[0]
    assert count(clinic) == 7


def test_weight_that_was_not_assessed_is_an_answer_and_adds_nothing(therapist, url, clinic):
    enter(therapist, url, "hamd17", answers("hamd17", "lowest"), {"answers-weight": "3"})

    assert (newest(clinic).total, newest(clinic).answers["weight"]) == (0, 3)


def test_the_keys_of_each_item_are_those_it_has(therapist, url):
    page = read(therapist.get(f"{url}/hamd17/new"))

    def signs(name):
        (row,) = page.all(f"fieldset[@id='answers-{name}']")
        return [i.attrib["data-key"] for i in row.findall(".//input")]

    assert signs("mood") == ["0", "1", "2", "3", "4", "-"]
    assert signs("insight") == ["0", "1", "2", "-"]
    assert signs("weight") == ["0", "1", "2", "3", "-"]


def test_a_symptom_of_the_older_interview_has_two_lines_with_names_of_their_own(therapist, url):
    page = read(therapist.get(f"{url}/caps4/new"))

    names = [says(legend) for legend in page.all("legend[@class='what']")]
    assert names[:2] == ["1 intrusive memories, frequency", "1 intrusive memories, intensity"]
    assert len([name for name in names if name[0].isdigit()]) == 34


@pytest.mark.parametrize(
    ("key", "is_open"), [("pcl5_week", False), ("phq9", False), ("caps4", True), ("hamd17", True)]
)
def test_the_total_is_folded_where_items_are_at_hand(therapist, url, key, is_open):
    page = read(therapist.get(f"{url}/{key}/new"))

    assert ("open" in page.one("details[@class='total']").attrib) is is_open


def test_a_total_that_was_refused_is_in_view(therapist, url):
    page = read(enter(therapist, url, "pcl5_week", {"answers-total": "81"}))

    assert "open" in page.one("details[@class='total']").attrib


# -- beside the total

BESIDE = {
    "answers-over_a_month": "yes",
    "answers-distress": "3",
    "answers-social_impairment": "0",
    "answers-impaired": "no",
    "answers-depersonalisation": "na",
    "answers-derealisation": "2",
}


def test_what_is_rated_beside_the_total_is_kept_and_what_is_open_is_not(therapist, url, clinic):
    enter(therapist, url, "caps5_month", answers("caps5_month", "2"), BESIDE)

    kept = newest(clinic)
    assert kept.total == 40
    assert kept.beside == {
        "over_a_month": True,
        "distress": 3,
        "social_impairment": 0,
        "impaired": False,
        "derealisation": 2,
    }


def test_nothing_beside_the_total_is_chosen_beforehand(therapist, url, clinic):
    values = read(therapist.get(f"{url}/caps5_month/new")).form().values
    enter(therapist, url, "caps5_month", answers("caps5_month", "2"))

    assert not values.keys() & BESIDE.keys()
    assert newest(clinic).beside is None


@pytest.mark.parametrize(
    ("key", "names"),
    [
        ("caps5_week", []),
        ("pcl5_month", []),
        ("caps4", ["over_a_month", "impaired"]),
        (
            "caps5_month",
            [
                "over_a_month",
                "distress",
                "social_impairment",
                "work_impairment",
                "impaired",
                "depersonalisation",
                "derealisation",
            ],
        ),
    ],
)
def test_each_form_has_what_it_rates_beside_the_total_and_no_more(therapist, url, key, names):
    page = read(therapist.get(f"{url}/{key}/new"))

    pads = page.all("div[@aria-label='Beside the total']")
    found = [item.attrib["id"] for pad in pads for item in pad.findall("fieldset")]
    assert found == [f"answers-{name}" for name in names]


def test_ratings_beside_a_total_alone_are_refused_not_dropped(therapist, url, clinic):
    refused = enter(therapist, url, "caps5_month", {"answers-total": "30"}, BESIDE)

    page = read(refused)
    assert refused.status_code == 422
    assert "kept with the items" in page.errors()[0]
    assert chosen(page).items() >= BESIDE.items()
    assert count(clinic) == 7


# -- a severity from how often and how strong

HALVES = {
    "answers-flashbacks.how_often": "2",
    "answers-flashbacks.how_strong": "4",
    "answers-nightmares.how_often": "4",
    "answers-nightmares.how_strong": "1",
    "answers-nightmares": "2",
    "answers-sleep.how_often": "3",
}


def test_severities_are_proposed_without_scripts_and_nothing_is_saved(therapist, url, clinic):
    shown = enter(therapist, url, "caps5_month", HALVES, {"propose": "yes"})

    page = read(shown)
    assert shown.status_code == 200
    assert chosen(page)["answers-flashbacks"] == "3"
    assert chosen(page)["answers-nightmares"] == "2"  # a rating stands
    assert "answers-sleep" not in chosen(page)  # half of it was said
    assert chosen(page).items() >= HALVES.items()
    assert "Severity proposed for 1 item. Nothing is saved yet." in page.main
    assert "Item 2, nightmares: 2 stands, the rule proposes 1." in page.main
    assert count(clinic) == 7


def test_the_page_is_handed_the_rule_of_the_clinical_room(therapist, url):
    page = read(therapist.get(f"{url}/caps5_month/new"))

    table = json.loads(page.one("div[@data-proposals]").attrib["data-proposals"])
    assert table == [[propose(strong, often) for often in range(5)] for strong in range(5)]


@pytest.mark.parametrize("key", [key for key in INSTRUMENTS if key != "caps5_month"])
def test_no_other_form_proposes_a_severity(therapist, url, key):
    page = read(therapist.get(f"{url}/{key}/new"))

    assert "data-proposals" not in page.html
    assert "how_often" not in page.html


# -- an answer on suicide

ASKED = {"risk_done": "asked", "risk_note": "Asked: thoughts, no plan. Called the prescriber."}


@pytest.mark.parametrize("given", ["1", "3", "na"])
def test_an_answer_that_calls_for_a_question_leads_to_it(therapist, url, clinic, given):
    saved = enter(therapist, url, "phq9", answers("phq9", "lowest"), {"answers-self_harm": given})

    (prompt,) = prompts(clinic)
    assert saved.status_code == 303
    assert saved.location.endswith(f"/prompts/{prompt.id}")
    assert prompt.acknowledged_at is None


def test_what_was_done_can_be_said_with_the_form(therapist, url, clinic):
    saved = enter(
        therapist, url, "hamd17", answers("hamd17", "lowest"), {"answers-suicide": "2"}, ASKED
    )

    (prompt,) = prompts(clinic)
    assert f"saved={newest(clinic).id}" in saved.location
    assert (prompt.done, prompt.action) == ("asked", ASKED["risk_note"])
    assert prompt.acknowledged_by == clinic.therapist.id


def test_an_answer_of_zero_leads_to_nothing_and_nothing_is_said(therapist, url, clinic):
    saved = enter(therapist, url, "phq9", answers("phq9", "lowest"))

    assert "/prompts/" not in saved.location
    assert prompts(clinic) == []


@pytest.mark.parametrize("half", ASKED)
def test_half_of_what_was_done_is_asked_for_and_kept_on_the_page(therapist, url, clinic, half):
    given = {half: ASKED[half]}
    refused = enter(therapist, url, "phq9", answers("phq9", "1"), given)

    page = read(refused)
    assert refused.status_code == 422
    assert chosen(page).items() >= given.items()
    assert count(clinic) == 7


def test_words_that_belong_to_no_answer_are_not_dropped(therapist, url, clinic):
    refused = enter(therapist, url, "phq9", answers("phq9", "lowest"), ASKED)

    assert "Note it with the session" in read(refused).errors()[0]
    assert count(clinic) == 7


@pytest.mark.parametrize("key", ["phq9", "hamd17"])
def test_the_page_is_handed_the_words_of_the_clinical_room(therapist, url, key):
    page, form = read(therapist.get(f"{url}/{key}/new")), INSTRUMENTS[key]

    box = page.one("div[@data-safety]")
    item = form.item(form.suicidality_item)
    given = {str(value): value for value in range(item.low, item.high + 1)} | {"na": None}
    asked = {v: prompt_for(form, {item.key: a}, not_done=False) for v, a in given.items()}
    assert json.loads(box.attrib["data-texts"]) == {v: p.text for v, p in asked.items() if p}
    assert box.attrib["data-item"] == f"answers-{item.key}"
    assert says(box.find("details/summary")) == asked["na"].title


@pytest.mark.parametrize("key", [k for k, i in INSTRUMENTS.items() if i.suicidality_item is None])
def test_a_form_that_does_not_ask_about_suicide_has_no_such_part(therapist, url, key):
    page = read(therapist.get(f"{url}/{key}/new"))

    assert "data-texts" not in page.html
    assert "risk_note" not in page.html


# -- what can be right but seldom is

PAIR = {"answers-nightmares.frequency": "0", "answers-nightmares.intensity": "3"}


def test_a_pair_that_can_hardly_be_is_asked_about_and_kept_when_it_is_so(therapist, url, clinic):
    refused = enter(therapist, url, "caps4", answers("caps4", "1"), PAIR)

    page = read(refused)
    assert refused.status_code == 422
    assert "2 (nightmares)" in page.errors()[0]
    assert chosen(page).items() >= PAIR.items()
    assert count(clinic) == 7

    data = page.form("/new").but(**{"answers-pairs": "y"})
    assert therapist.post(page.form("/new").action, data=data).status_code == 303
    assert newest(clinic).total == 35


def test_a_second_form_of_one_day_is_asked_about_and_both_are_kept(therapist, url, clinic):
    enter(therapist, url, "pcl5_week", answers("pcl5_week", "2"))
    refused = enter(therapist, url, "pcl5_week", answers("pcl5_week", "1"), point="mid")

    page = read(refused)
    assert refused.status_code == 422
    assert "There is a PCL-5, past week of 11 Mar 2026 already" in page.errors()[0]
    assert "#answers-duplicate" in page.links()
    assert (chosen(page)["answers-sleep"], chosen(page)["point"]) == ("1", "mid")
    assert count(clinic) == 8

    data = page.form("/new").but(**{"answers-duplicate": "y"})
    therapist.post(page.form("/new").action, data=data)
    assert count(clinic) == 9


def test_two_questions_are_asked_one_after_the_other_and_stay_answered(therapist, url, clinic):
    enter(therapist, url, "caps4", answers("caps4", "1"))
    first = read(enter(therapist, url, "caps4", answers("caps4", "1"), PAIR))
    data = first.form("/new").but(**{"answers-pairs": "y"})
    second = read(therapist.post(first.form("/new").action, data=data))

    assert "already" in second.errors()[0]
    assert chosen(second)["answers-pairs"] == "y"
    data = second.form("/new").but(**{"answers-duplicate": "y"})
    assert therapist.post(second.form("/new").action, data=data).status_code == 303
    assert count(clinic) == 9


def session(client, clinic, **changes):
    address = f"/courses/{clinic.course.id}/sessions/new"
    return submit(client, address, "/sessions/new", **({"risk": "asked_none"} | changes))


def test_a_second_form_of_one_day_is_asked_about_on_the_page_of_the_session_too(
    therapist, url, clinic
):
    enter(therapist, url, "pcl5_week", answers("pcl5_week", "2"))
    refused = session(therapist, clinic, **{"measure-total": "39"})

    page = read(refused)
    filled = page.form("/sessions/new")
    assert refused.status_code == 422
    assert "#measure-duplicate" in page.links()
    assert filled.values["measure-total"] == ["39"]
    kept = therapist.post(filled.action, data=filled.but(**{"measure-duplicate": "y"}))
    assert kept.status_code == 303
    assert count(clinic) == 9


def test_another_instrument_of_the_session_is_asked_about_beside_its_own_total(
    therapist, url, clinic
):
    enter(therapist, url, "phq9", answers("phq9", "lowest"))
    refused = session(therapist, clinic, other_instrument="phq9", other_total="12")

    page = read(refused)
    filled = page.form("/sessions/new")
    assert "#other_duplicate" in page.links()
    kept = therapist.post(filled.action, data=filled.but(other_duplicate="y"))
    assert kept.status_code == 303
    assert "/sessions/" in kept.location
    assert len(prompts(clinic)) == 1  # a total holds no answer about suicide


# -- when and how


@pytest.mark.parametrize("point", ["baseline", "follow_up", "follow_up_3m"])
def test_the_point_that_was_asked_for_is_chosen(therapist, url, clinic, point):
    address = f"{url}/caps5_month/new?point={point}"

    assert read(therapist.get(address)).form().values["point"] == [point]
    submit(therapist, address, **answers("caps5_month", "1"))
    assert newest(clinic).point == point


@pytest.mark.parametrize("point", ["", "elsewhere", "follow_up_x"])
def test_a_point_that_is_none_chooses_nothing(therapist, url, point):
    page = read(therapist.get(f"{url}/caps5_month/new?point={point}"))

    assert page.form().values.get("point", [""]) == [""]


def test_what_told_the_assessor_is_kept(therapist, url, clinic):
    enter(
        therapist,
        url,
        "caps5_week",
        answers("caps5_week", "1"),
        {"blind": "no", "assessor": "IE-02", "unblinding": "the patient named the therapist"},
    )

    kept = newest(clinic)
    assert (kept.blind, kept.unblinding) == (False, "the patient named the therapist")


@EVERY
def test_a_form_filled_in_from_a_measure_says_what_the_measure_says(
    app, therapist, url, clinic, key
):
    beside = {f"answers-{each.key}": "na" for each in INSTRUMENTS[key].beside}
    odd = {f"answers-{INSTRUMENTS[key].answer_keys[1]}": "na"}
    enter(therapist, url, key, answers(key, "1"), beside, odd, {"point": "mid", "taken_on": TODAY})
    kept = newest(clinic)

    with app.test_request_context():
        form = measure_form(INSTRUMENTS[key].family)(
            INSTRUMENTS[key], clinic.today, prefilled(kept)
        )
        entry = form.entry()

    assert entry.instrument.key == key
    assert dict(entry.answers) == kept.answers
    assert (entry.taken_on, entry.point, entry.total) == (kept.taken_on, "mid", None)
