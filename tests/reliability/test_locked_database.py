"""Another program locks the database: what is typed is kept, and what opens no record is read."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select, text

from ipt_tracker.persistence.models import Course, SessionRecord
from tests.factories.pages import read
from tests.factories.stores import POSTGRESQL, on_every_engine
from tests.factories.tables import contents
from tests.reliability.holding import locked_by_another
from tests.reliability.trials import NAMES, autosave, half_written

SHORT = {"sqlite": "PRAGMA busy_timeout = 200", "postgresql": "SET lock_timeout = '200ms'"}
WORDS = "He rang his brother, and they spoke for an hour."


@pytest.fixture
def impatient(app):
    """Let the application wait a fifth of a second for the lock, in place of ten."""
    opened = app.extensions["ipt_tracker"].database

    def shorten(connection, *_):
        cursor = connection.cursor()
        cursor.execute(SHORT[opened.engine.dialect.name])
        cursor.close()

    event.listen(opened.engine, "checkout", shorten)
    return opened


@on_every_engine
def test_a_save_meets_a_lock_and_is_sent_again_with_one_click(
    impatient, clinic, therapist, typed, figures
):
    url = f"/courses/{clinic.course.id}/sessions/new"
    form, before = typed(WORDS), contents(impatient)

    with locked_by_another(clinic.store):
        refused = therapist.post(url, data=form)
        draft = autosave(therapist, url, form)
        assert contents(impatient) == before

    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "10")
    page = read(refused)
    assert page.h1 == "Busy just now"
    assert "What you sent is not saved, and nothing was changed." in page.main
    assert (draft.status_code, draft.headers["Retry-After"]) == (503, "10")
    assert "The records are busy, so no draft was kept." in draft.json["message"]
    kept = page.form("/sessions/new")
    assert kept.values["note"] == [WORDS]
    assert therapist.post(kept.action, data=kept.values).status_code == 303
    with impatient.read() as session:
        assert list(session.scalars(select(SessionRecord.note))).count(WORDS) == 1
    assert half_written(impatient) == set()
    figures("locks", NAMES[clinic.store.engine], saves_refused=2, saves_sent_again=1, lost=0)


@on_every_engine
def test_what_opens_no_record_is_read_while_the_lock_is_held(
    impatient, clinic, therapist, clock, figures
):
    clock.now += timedelta(minutes=2)  # the sign-in is due to be written as seen

    with locked_by_another(clinic.store):
        answer = therapist.get("/evidence")
        with clinic.reading() as work:
            name = work.session.get(Course, clinic.course.id).patient.name

    assert (answer.status_code, name) == (200, clinic.course.name)
    figures("locks", NAMES[clinic.store.engine], pages_read=1)


def test_a_record_whose_look_cannot_be_written_down_is_not_shown(
    impatient, clinic, therapist, figures
):
    url = f"/courses/{clinic.course.id}"

    with locked_by_another(clinic.store):
        answer = therapist.get(url)

    page = read(answer)
    assert (answer.status_code, page.h1) == (503, "Busy just now")
    assert "The page could not be shown." in page.main
    assert clinic.course.name not in answer.text
    assert url in page.links()
    assert therapist.get(url).status_code == 200


def test_a_password_never_stands_on_the_page_that_says_so(impatient, clinic, client):
    form = read(client.get("/sign-in")).form()
    sent = form.but(email=clinic.therapist.email, password="not to be shown anywhere")

    with locked_by_another(clinic.store):
        answer = client.post(form.action, data=sent)

    assert answer.status_code == 503
    assert "not to be shown" not in answer.text
    assert "Go back in the browser" in read(answer).main


@on_every_engine
def test_a_writer_waits_ten_seconds_for_its_turn_on_every_engine(clinic, engine):
    asked = "SHOW lock_timeout" if engine == POSTGRESQL else "PRAGMA busy_timeout"

    with clinic.database.engine.connect() as connection:
        assert connection.execute(text(asked)).scalar_one() in {"10s", 10_000}
