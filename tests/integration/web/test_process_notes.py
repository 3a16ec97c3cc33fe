"""Process notes on their pages: reached by their writer, absent from everything else."""

import pytest

from ipt_tracker.governance.access import Permission
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.handovers import transfer
from tests.factories.pages import read, submit
from tests.factories.walk import of_course, stops

THOUGHT = "CanaryThought about the transference"


@pytest.fixture
def url(clinic):
    return f"/courses/{clinic.course.id}/process-notes"


@pytest.fixture
def therapist(client_of, clinic):
    return client_of(clinic.therapist)


@pytest.fixture
def one(therapist, url):
    """Write a note as a person does; give its address."""
    submit(therapist, f"{url}/new", text=THOUGHT, slot="7")
    page = read(therapist.get(url))
    return next(link for link in page.links() if link.startswith(f"{url}/") and link[-3:] != "new")


def test_it_is_written_listed_and_read_again(therapist, url, one):
    listed, opened = read(therapist.get(url)), read(therapist.get(one))

    assert "11 Mar 2026 Session 6, 18 Feb1kept" in listed.main
    assert "CanaryThought" not in listed.text
    assert opened.form().values["text"] == [THOUGHT]


def test_the_page_says_what_belongs_there_and_what_does_not(therapist, url):
    page = read(therapist.get(f"{url}/new"))

    assert "your supervisor, a later therapist and administrators cannot open it" in page.main
    assert "medication, start and end times, setting and frequency, results of forms" in page.main


def test_editions_stay_and_can_be_read(therapist, one):
    submit(therapist, one, text="other words")

    page = read(therapist.get(one))

    assert page.form().values["text"] == ["other words"]
    assert THOUGHT in page.main


def test_the_other_window_is_not_written_over(therapist, one):
    form = read(therapist.get(one)).form()
    submit(therapist, one, text="of one window")

    stale = therapist.post(form.action, data=form.but(text="of the other"))

    page = read(stale)
    assert stale.status_code == 409
    assert page.form().values["text"] == ["of the other"]
    assert read(therapist.get(one)).form().values["text"] == ["of one window"]
    assert therapist.post(page.form().action, data=page.form().values).status_code == 303


@pytest.mark.parametrize("who", ["supervisor", "therapist2", "admin"])
def test_nobody_else_reaches_the_list_or_the_note(client_of, clinic, url, one, who):
    client = client_of(getattr(clinic, who))

    for address in (url, f"{url}/new", one):
        answer = client.get(address)
        assert answer.status_code == 404
        assert "CanaryThought" not in answer.text


def test_after_a_hand_over_neither_the_writer_nor_the_successor_reaches_it(
    therapist, client_of, clinic, url, one
):
    course = f"/courses/{clinic.course.id}"
    with clinic.writing(clinic.therapist) as work:
        own = open_course(work, clinic.course.id, Permission.TRANSFER_COURSE)
        transfer(work, own, clinic.therapist2.id, clinic.today, "moves")
    successor = client_of(clinic.therapist2)

    assert successor.get(course).status_code == 200
    assert "No process note" in read(successor.get(url)).main
    assert successor.get(one).status_code == 404
    assert therapist.get(one).status_code == therapist.get(url).status_code == 404


def test_no_other_page_of_anybody_holds_a_word_of_it(app, client_of, clinic, one):
    values = of_course(clinic, clinic.course)
    for who in ("therapist", "supervisor"):
        client = client_of(getattr(clinic, who))
        for stop in stops(app, values):
            if stop.method == "GET" and stop.endpoint != "process_notes.show":
                answer = client.get(stop.url)
                assert b"CanaryThought" not in answer.data, stop.url
