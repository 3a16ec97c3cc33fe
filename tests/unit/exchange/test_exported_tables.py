"""The declarations of exported columns, the dictionary made of them, and files without names."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipt_tracker.exchange.export_scores import FIDELITY, TABLES
from ipt_tracker.exchange.table_columns import CODED, Column, Holds, Kind, Row, Table
from ipt_tracker.exchange.table_dictionary import HEAD, dictionary, notes
from ipt_tracker.exchange.table_rows import OTHER, shape_of
from ipt_tracker.governance.disguise import Disguise
from ipt_tracker.persistence.base import Base

DISGUISE = Disguise(b"k" * 32)
EVERY = [(table, column) for table in TABLES.values() for column in table.columns]


def named(name: str, kind: Kind, **more) -> Table:
    return Table("t", "T", "one", (Column(name, kind, "Meaning", "a.b", **more),), (name,))


def made(table: Table, values: dict, patient: UUID, disguise: Disguise | None = DISGUISE):
    [row] = shape_of(table, disguise).rows([Row(patient, values)])
    return row


@pytest.mark.parametrize(("table", "column"), EVERY, ids=str)
def test_every_column_says_what_it_means_and_comes_from_a_column_that_exists(table, column):
    sources = [source.split(".") for source in column.source.split(", ")]

    assert column.meaning
    assert all(name in Base.metadata.tables[of].columns for of, name in sources)
    assert bool(column.codes) == (column.kind in CODED)


def test_no_table_has_a_name_twice_and_its_keys_are_columns_of_it():
    for table in TABLES.values():
        assert len(set(table.head)) == len(table.columns)
        assert set(table.keys) <= set(table.head)


def test_whatever_is_no_free_text_and_no_name_is_typed_closed_or_a_version():
    open_texts = [c.name for _, c in EVERY if c.kind is Kind.TEXT and c.stays]

    assert open_texts == ["item_set"]


def test_columns_taken_from_a_persons_words_are_marked_as_such():
    marked = {c.name for _, c in EVERY if c.is_free_text}

    assert marked == {
        *("diagnosis_words", "event_words", "end_reason", "phase_reason", "unblinding", "reason"),
    }
    assert {c.name for _, c in EVERY if c.holds is Holds.STAFF} == {
        "therapist",
        "assessor",
        "rater",
    }


def test_the_dictionary_has_a_row_for_each_column_and_for_each_of_its_codes():
    rows = list(dictionary(TABLES.values()))

    assert all(len(row) == len(HEAD) for row in rows)
    assert [row[:2] for row in rows if not row[5]] == [(t.name, c.name) for t, c in EVERY]
    instruments = {row[5]: row[6] for row in rows if row[:2] == ("measures", "instrument")}
    assert instruments["pcl5_week"] == "PCL-5, past week, 0 to 80, lower is better"


def test_the_dictionary_of_a_file_without_names_tells_of_no_column_that_is_left_out():
    tables = [shape_of(table, DISGUISE).table for table in TABLES.values()]

    rows = list(dictionary(tables))

    assert "left out" not in {row[10] for row in rows}
    assert {(r[0], r[1]) for r in rows}.isdisjoint({("patients", "name"), ("courses", "therapist")})
    assert len(notes(disguised=True)) == len(notes(disguised=False)) + 1


def test_a_file_without_names_has_no_name_no_birth_date_no_staff_and_no_free_text():
    for table in TABLES.values():
        kept = shape_of(table, DISGUISE).table.columns

        assert all(column.holds is Holds.ORDINARY for column in kept)
        assert [c.name for c in kept] == [c.name for c in table.columns if c.stays]


def test_the_patient_stands_there_by_the_same_code_in_every_table():
    patient = uuid4()
    both = [named("patient", Kind.PATIENT), named("patient", Kind.PATIENT)]

    first, second = (made(table, {"patient": "T-101"}, patient) for table in both)

    assert first == second == (DISGUISE.code(patient),)


def test_a_key_becomes_a_code_and_is_an_id_where_names_may_stand():
    key, patient = uuid4(), uuid4()
    table = named("course", Kind.KEY)

    assert made(table, {"course": key}, patient) == (DISGUISE.code(key),)
    assert made(table, {"course": key}, patient, None) == (str(key),)


@given(st.dates(date(1990, 1, 1), date(2030, 1, 1)), st.integers(0, 4000), st.uuids(version=4))
def test_two_dates_of_one_patient_keep_their_distance(first, days, patient):
    table = Table(
        "t",
        "T",
        "one",
        (Column("a", Kind.DAY, "A", "x.y"), Column("b", Kind.MOMENT, "B", "x.y")),
        ("a",),
    )
    later = first + timedelta(days=days)
    moment = datetime(later.year, later.month, later.day, 17, 30, tzinfo=UTC)

    a, b = made(table, {"a": first, "b": moment}, patient)

    assert type(b) is date
    assert b - a == timedelta(days=days)
    assert a != first


def test_a_day_at_the_end_of_the_calendar_is_left_empty_and_nothing_fails():
    table = named("a", Kind.DAY)
    patients = [uuid4() for _ in range(40)]

    shifted = {made(table, {"a": day}, one)[0] for one in patients for day in (date.min, date.max)}

    assert None in shifted


def test_a_code_that_is_in_no_list_is_not_handed_on():
    table = named("focal_area", Kind.CODE, codes={"grief": "Grief"})
    several = named("areas", Kind.CODES, codes={"grief": "Grief"})
    patient = uuid4()

    assert made(table, {"focal_area": "grief"}, patient) == ("grief",)
    assert made(table, {"focal_area": "Aunt Ida's house"}, patient) == (OTHER,)
    assert made(table, {"focal_area": "Aunt Ida's house"}, patient, None) == ("Aunt Ida's house",)
    assert made(several, {"areas": ("grief", "Ida", "Bo")}, patient) == ("grief; other",)
    assert made(several, {"areas": None}, patient) == (None,)


def test_a_value_that_no_cell_can_hold_is_a_bug_and_not_a_text():
    with pytest.raises(TypeError):
        made(named("x", Kind.TEXT), {"x": {"a": 1}}, uuid4(), None)


def test_ratings_are_the_last_table_to_choose():
    assert list(TABLES.values())[-1] is FIDELITY
