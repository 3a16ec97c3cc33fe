"""A full disk: nothing is half saved, what was typed stands on the page and can be sent again."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from ipt_tracker.persistence.models import SessionRecord
from tests.factories.clinic import FIRST_DAY
from tests.factories.pages import read
from tests.factories.recorded import count
from tests.factories.stores import SQLCIPHER, SQLITE
from tests.factories.tables import contents
from tests.reliability.trials import (
    LONG,
    NAMES,
    autosave,
    full_disk,
    half_written,
    integrity,
)

EACH_FILE = pytest.mark.parametrize("engine", [SQLCIPHER, SQLITE], indirect=True)


def notes(database):
    with database.read() as session:
        return list(session.scalars(select(SessionRecord.note)))


@EACH_FILE
def test_a_save_on_a_full_disk_changes_nothing_and_is_sent_again_with_one_click(
    therapist, sessions, typed, engine, figures
):
    database = therapist.application.extensions["ipt_tracker"].database
    form, before = typed(LONG), contents(database)

    with full_disk(database):
        refused = therapist.post(f"{sessions}/new", data=form)
        again = therapist.post(f"{sessions}/new", data=form)
        assert contents(database) == before
        assert half_written(database) == set()

    page = read(refused)
    assert (refused.status_code, again.status_code, page.h1) == (507, 507, "No room left")
    assert "What you sent is not saved, and nothing was changed." in page.main
    kept = page.form("/sessions/new")
    assert kept.values["note"] == [LONG]
    saved = therapist.post(kept.action, data=kept.values)
    assert saved.status_code == 303
    assert notes(database).count(LONG.strip()) == 1
    assert integrity(database) == "ok"
    assert half_written(database) == set()
    figures("full", NAMES[engine], saves_refused=2, saves_sent_again=1, lost=0, half_written=0)


@EACH_FILE
def test_saves_go_on_until_there_is_no_room_and_each_acknowledged_one_is_there(
    therapist, clinic, engine, figures
):
    url = f"/courses/{clinic.course.id}/measures/pcl5_week/new"
    blank = read(therapist.get(url)).form("/new")
    database = therapist.application.extensions["ipt_tracker"].database
    there, acknowledged, answer = count(clinic), 0, None

    with full_disk(database):
        for day in (day for day in range(60) if day % 7):  # on the others one is there already
            taken = str(FIRST_DAY + timedelta(days=day))
            form = blank.but(taken_on=taken, **{"answers-total": "40"})
            answer = therapist.post(url, data=form)
            if answer.status_code != 303:
                break
            acknowledged += 1

    assert answer.status_code == 507
    assert acknowledged > 0
    lost = there + acknowledged - count(clinic)
    assert (lost, half_written(database), integrity(database)) == (0, set(), "ok")
    figures("full", NAMES[engine], saves_refused=1, lost=lost, half_written=0)


@EACH_FILE
def test_a_draft_is_refused_in_words_for_the_page_that_keeps_it(therapist, sessions, typed):
    database = therapist.application.extensions["ipt_tracker"].database
    form = typed(LONG)

    with full_disk(database):
        answer = autosave(therapist, f"{sessions}/new", form)

    assert answer.status_code == 507
    assert "The disk is full" in answer.json["message"]
    assert "stays on this page" in answer.json["message"]
    assert LONG not in answer.text
    assert autosave(therapist, f"{sessions}/new", form).status_code == 200
