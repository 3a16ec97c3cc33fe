"""A broken file of the second form is refused with a plain sentence, and nothing of it is kept."""

import copy
import json

import pytest

from ipt_tracker.exchange.bundle_reader import BrokenBundle, parse
from ipt_tracker.persistence.models import Course
from ipt_tracker.services.bundles.course_file import course_bundle
from ipt_tracker.services.bundles.reading import read_second
from ipt_tracker.services.bundles.taking_in import take_in
from ipt_tracker.services.imports import ImportRefused
from ipt_tracker.services.unit_of_work import reading, writing
from tests.factories import bundles
from tests.factories.clinic import NOW
from tests.factories.rows import fill_every_table
from tests.factories.stores import SQLITE
from tests.factories.tables import contents


@pytest.fixture(scope="module")
def whole(stores_in_files):
    """Give a course with a row in every table, as the file that is broken below."""
    with stores_in_files.fresh(SQLITE) as store:
        database = store.open()
        made = fill_every_table(database)
        with reading(database, None, NOW) as work:
            content = course_bundle(work, work.session.get(Course, made.course.id), "1.0")
        database.close()
    return json.loads(content)


@pytest.fixture
def empty(stores_in_files):
    """Give an instance that holds nobody."""
    with stores_in_files.fresh(SQLITE) as store:
        database = store.open()
        yield database
        database.close()


def case(raw):
    return raw["cases"][0]


def records(raw):
    return case(raw)["records"]


def rows(raw, name):
    return records(raw)["tables"][name]


def put(name, column, value):
    def change(raw):
        rows(raw, name)[0][column] = value

    return change


BROKEN = {
    "a key that is not known": (
        lambda raw: raw.update(more=1),
        "more: this key is not known.",
    ),
    "no cases": (lambda raw: raw.pop("cases"), "cases: a list of cases is needed."),
    "a case that is no object": (
        lambda raw: raw.update(cases=[7]),
        "cases[0]: an object is needed.",
    ),
    "a case without an id": (lambda raw: case(raw).pop("id"), "cases[0].id: this is missing."),
    "the same case twice": (
        lambda raw: raw["cases"].append(copy.deepcopy(case(raw))),
        "cases[1]: {id} is there twice.",
    ),
    "no records": (
        lambda raw: case(raw).pop("records"),
        "{id} records: an object is needed.",
    ),
    "a key among the records": (
        lambda raw: records(raw).update(more=1),
        "{id} records.more: this key is not known.",
    ),
    "not said what it holds": (
        lambda raw: records(raw).pop("holds"),
        "{id} records.holds: an object is needed.",
    ),
    "holds ratings perhaps": (
        lambda raw: records(raw)["holds"].update(ratings="yes"),
        "{id} records.holds.ratings: true or false is needed.",
    ),
    "process notes of a number": (
        lambda raw: records(raw)["holds"].update(process_notes=1),
        "{id} records.holds.process_notes: text is needed.",
    ),
    "no staff": (
        lambda raw: records(raw).pop("staff"),
        "{id} records.staff: an object is needed.",
    ),
    "a secret of a member of staff": (
        lambda raw: records(raw)["staff"]["account"][0].update(password_hash="x"),
        "{id} records.staff.account[0].password_hash: no column of this name belongs here.",
    ),
    "a table among the staff": (
        lambda raw: records(raw)["staff"].update(sign_in=[]),
        "{id} records.staff.sign_in: this key is not known.",
    ),
    "a table that is not known": (
        lambda raw: records(raw)["tables"].update(secrets=[]),
        "{id} records.tables.secrets: no table of this name belongs here.",
    ),
    "a table of the instance": (
        lambda raw: records(raw)["tables"].update(audit_entry=[]),
        "{id} records.tables.audit_entry: no table of this name belongs here.",
    ),
    "rows that are no list": (
        lambda raw: records(raw)["tables"].update(measure={}),
        "{id} records.tables.measure: a list of rows is needed.",
    ),
    "a row that is no object": (
        lambda raw: rows(raw, "measure").insert(0, "x"),
        "{id} records.tables.measure[0]: an object is needed.",
    ),
    "two patients": (
        lambda raw: rows(raw, "patient").append(rows(raw, "patient")[0] | {"id": "patient.2"}),
        "{id} records.tables.patient: one row is needed.",
    ),
    "no course": (
        lambda raw: records(raw)["tables"].pop("course"),
        "{id} records.tables.course: one row is needed.",
    ),
    "a column that is not known": (
        put("measure", "colour", "red"),
        "{id} records.tables.measure[0].colour: no column of this name belongs here.",
    ),
    "the import that a measure came by": (
        put("measure", "score_import_id", None),
        "{id} records.tables.measure[0].score_import_id: no column of this name belongs here.",
    ),
    "a value that is needed": (
        put("measure", "instrument", None),
        "{id} records.tables.measure[0].instrument: a value is needed.",
    ),
    "a text that is a number": (
        put("measure", "instrument", 5),
        "{id} records.tables.measure[0].instrument: text is needed.",
    ),
    "a text that is too long": (
        put("measure", "instrument", "x" * 61),
        (
            "{id} records.tables.measure[0].instrument: "
            "text of at most 60 characters is needed, without NUL."
        ),
    ),
    "a text with a NUL": (
        put("measure", "instrument", "pcl5\0"),
        (
            "{id} records.tables.measure[0].instrument: "
            "text of at most 60 characters is needed, without NUL."
        ),
    ),
    "a NUL within a value": (
        put("worksheet", "content", {"a": ["b\0"]}),
        "{id} records.tables.worksheet[0].content: it holds a NUL, which cannot be stored.",
    ),
    "a number that is a text": (
        put("session_record", "slot", "1"),
        "{id} records.tables.session_record[0].slot: a whole number is needed.",
    ),
    "a number that is true": (
        put("session_record", "slot", True),  # noqa: FBT003 -- the value itself
        "{id} records.tables.session_record[0].slot: a whole number is needed.",
    ),
    "a number that is too large": (
        put("session_record", "slot", 2**40),
        "{id} records.tables.session_record[0].slot: a whole number is needed.",
    ),
    "a flag that is a number": (
        put("session_record", "late_entry", 1),
        "{id} records.tables.session_record[0].late_entry: true or false is needed.",
    ),
    "a day that does not exist": (
        put("session_record", "held_on", "2026-02-30"),
        "{id} records.tables.session_record[0].held_on: a day like 2025-01-06 is needed.",
    ),
    "a day written otherwise": (
        put("session_record", "held_on", "20260203"),
        "{id} records.tables.session_record[0].held_on: a day like 2025-01-06 is needed.",
    ),
    "a moment without a zone": (
        put("session_record", "created_at", "2026-02-03T10:00:00"),
        (
            "{id} records.tables.session_record[0].created_at: "
            "a moment like 2025-01-06T10:00:00+00:00 is needed."
        ),
    ),
    "a time that is not one": (
        put("session_record", "starts_at", "25:00"),
        "{id} records.tables.session_record[0].starts_at: a time of day like 10:30:00 is needed.",
    ),
    "a row that is named otherwise": (
        put("goal", "id", "measure.9"),
        '{id} records.tables.goal[0].id: a name like "goal.1" is needed.',
    ),
    "two rows of one name": (
        lambda raw: rows(raw, "goal").append(dict(rows(raw, "goal")[0])),
        "{id} records.tables.goal[1].id: goal.1 is there twice.",
    ),
    "a name of no row": (
        put("measure", "session_id", "session_record.999"),
        "{id} records.tables.measure[0].session_id: session_record.999 is not in the file.",
    ),
    "a name of a row of another table": (
        put("measure", "session_id", "course.1"),
        "{id} records.tables.measure[0].session_id: course.1 is no row of session_record.",
    ),
    "what is no name": (
        put("measure", "session_id", "../etc"),
        (
            "{id} records.tables.measure[0].session_id: "
            'the name of a row like "session_record.3" is needed.'
        ),
    ),
    "a correction of no row": (
        put("amendment", "subject_id", "measure.999"),
        "{id} records.tables.amendment[0].subject_id: measure.999 is not in the file.",
    ),
    "a row of no course": (
        put("appointment", "course_id", None),
        "{id} records.tables.appointment[0].course_id: a value is needed.",
    ),
    "older words that say otherwise": (
        lambda raw: case(raw)["sessions"][0].update(mood_0_10=9),
        "{id}: its rows say otherwise: sessions[0].mood_0_10: 4 by the rows, 9 in the file.",
    ),
    "older words that are not there": (
        lambda raw: case(raw).pop("outcome"),
        "{id}: its rows say otherwise: outcome: ",
    ),
    "older words of their own": (
        lambda raw: case(raw).update(colour="red"),
        '{id}: its rows say otherwise: colour: not by the rows, "red" in the file.',
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_with_its_sentence(whole, name):
    breaks, sentence = BROKEN[name]
    raw = copy.deepcopy(whole)
    id_ = case(raw)["id"]
    breaks(raw)

    with pytest.raises(BrokenBundle) as refused:
        read_second(parse(bundles.text(raw)))

    expected = sentence.replace("{id}", id_)
    assert str(refused.value) == expected or (
        expected.endswith(" ") and str(refused.value).startswith(expected)
    )


def both(slot):
    def change(raw):
        rows(raw, "session_record")[1]["slot"] = slot
        case(raw)["sessions"][1]["slot"] = slot

    return change


REFUSED = {
    "two sessions in one slot": (
        lambda raw: both(rows(raw, "session_record")[0]["slot"])(raw),
        (
            "The rows of session_record contradict each other or a rule of the records. "
            "Nothing was imported."
        ),
    ),
    "an unfinished withdrawal": (
        lambda raw: rows(raw, "goal")[0].update(removed_by=None),
        "The rows of goal contradict each other or a rule of the records. Nothing was imported.",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_rows_that_the_database_refuses_leave_nothing_behind(whole, empty, name):
    breaks, sentence = REFUSED[name]
    raw = copy.deepcopy(whole)
    breaks(raw)
    before = contents(empty)

    read = read_second(parse(bundles.text(raw)))
    with pytest.raises(ImportRefused) as refused, writing(empty, None, NOW) as work:
        take_in(work, read)

    assert str(refused.value) == sentence
    assert contents(empty) == before
