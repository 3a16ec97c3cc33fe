"""A course, or a clinic, taken out of one instance is the same course in another."""

import json
from datetime import date
from hashlib import sha256

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from ipt_tracker.exchange import course_bundle
from ipt_tracker.exchange.bundle_reader import parse
from ipt_tracker.exchange.caseload_generator import generate
from ipt_tracker.governance.access import Actor, Permission, Role
from ipt_tracker.persistence.base import Base
from ipt_tracker.persistence.models import Course, Patient
from ipt_tracker.services.bundles import tables as lists
from ipt_tracker.services.bundles.clinic_file import clinic_bundle
from ipt_tracker.services.bundles.course_file import course_bundle as course_file
from ipt_tracker.services.bundles.reading import read_second
from ipt_tracker.services.bundles.taking_in import take_in
from ipt_tracker.services.imports import ImportRefused, import_bundle
from ipt_tracker.services.unit_of_work import reading, writing
from tests.factories import bundles
from tests.factories.clinic import NOW
from tests.factories.rows import fill_every_table
from tests.factories.stores import SQLITE, on_every_engine
from tests.factories.tables import audit_rows, contents

ALL = {*lists.FIRST, *lists.OF_A_COURSE}


@pytest.fixture
def engine(request):
    """Name the engine of the instances: plain SQLite, unless marked `on_every_engine`."""
    return getattr(request, "param", SQLITE)


@pytest.fixture
def fresh(stores_of, engine):
    """Give empty instances, and close them."""
    made = []

    def another():
        store = stores_of(engine).fresh(engine)
        database = store.__enter__().open()
        made.append((store, database))
        return database

    yield another
    for store, database in made:
        database.close()
        store.__exit__(None, None, None)


def course_out(database, course_id=None, actor=None):
    with reading(database, actor, NOW) as work:
        course = work.session.get(Course, course_id or ids(database)[0])
        return course_file(work, course, "1.0")


def ids(database):
    with reading(database, None, NOW) as work:
        ordered = select(Course.id).join(Patient).order_by(Patient.code, Course.created_at)
        return list(work.session.scalars(ordered))


def clinic_out(database):
    with reading(database, None, NOW) as work:
        return b"".join(clinic_bundle(work, "1.0"))


def into(database, content):
    read = read_second(parse(content))
    with writing(database, None, NOW) as work:
        return take_in(work, read)


def counts(database, names):
    with reading(database, None, NOW) as work:
        return {
            name: work.session.scalar(select(func.count()).select_from(lists.table(name)))
            for name in names
        }


def plain_rows(database, name):
    """Give the rows of a table without ids, whatever the file says of them."""
    ids_ = {
        "id",
        *(c for c, _ in lists.pointers(name)),
        *(c for t, c in lists.WITH_IDS if t == name),
    }
    kept = [c for c in Base.metadata.tables[name].columns if c.name not in ids_]
    kept = [c for c in kept if (name, c.name) not in lists.LEFT_OUT_COLUMNS]
    with reading(database, None, NOW) as work:
        return sorted(repr(tuple(row)) for row in work.session.execute(select(*kept)))


def test_every_table_is_in_a_bundle_or_left_out_for_a_reason():
    every = set(Base.metadata.tables)
    held = {*ALL, *lists.SHARED, *lists.STAFF, *lists.OF_THE_CLINIC}

    assert held | set(lists.LEFT_OUT) == every
    assert not held & set(lists.LEFT_OUT)
    assert all(lists.LEFT_OUT.values())


def test_every_column_that_holds_an_id_is_known_as_one():
    uuids = {
        (name, column.name)
        for name in lists.in_order()
        for column in lists.table(name).columns
        if column.type.python_type.__name__ == "UUID" and not column.primary_key
    }
    pointing = {(name, column) for name in lists.in_order() for column, _ in lists.pointers(name)}

    assert uuids - pointing == {("amendment", "subject_id"), ("process_note", "thread")} | (
        uuids & set(lists.LEFT_OUT_COLUMNS)
    )


def test_a_course_with_a_row_in_every_table_is_the_same_in_an_empty_instance(fresh):
    old, new = fresh(), fresh()
    made = fill_every_table(old)
    content = course_out(old, made.course.id)
    tables = json.loads(content)["cases"][0]["records"]["tables"]

    report = into(new, content)

    assert len(report.added) == 1
    assert {*ALL, *lists.SHARED} - set(tables) <= {"imported_case"}
    assert course_out(new) == content
    assert {name: len(rows) for name, rows in tables.items()} == counts(new, tables)


@on_every_engine
def test_a_whole_clinic_with_a_row_in_every_table_is_the_same_in_an_empty_instance(fresh):
    old, new = fresh(), fresh()
    fill_every_table(old)
    content = clinic_out(old)

    into(new, content)

    names = [name for name in lists.in_order() if name != "imported_case"]
    assert {n: plain_rows(new, n) for n in names} == {n: plain_rows(old, n) for n in names}
    assert clinic_out(new) == content


@on_every_engine
def test_an_imported_and_an_invented_course_are_the_same_in_an_empty_instance(fresh):
    old, new = fresh(), fresh()
    with writing(old, None, NOW) as work:
        import_bundle(work, course_bundle.read(bundles.text(bundles.demo())))
    before = clinic_out(old)

    for course in ids(old):
        into(new, course_out(old, course))

    assert [course_out(new, each) for each in ids(new)] == [course_out(old, e) for e in ids(old)]
    assert clinic_out(old) == before
    for name in ALL:
        assert plain_rows(new, name) == plain_rows(old, name)
    # What the older file brought is known here too, so the older file adds nothing.
    with writing(new, None, NOW) as work:
        again = import_bundle(work, course_bundle.read(bundles.text(bundles.demo())))
    assert again.added == ()


@given(seed=st.integers(0, 2**20), patients=st.integers(1, 2), mix=st.randoms())
@settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_generated_courses_make_the_round_trip(fresh, seed, patients, mix):
    old, new, clinic = fresh(), fresh(), fresh()
    raw, _ = generate(patients, seed, date(2026, 3, 11), prefix="G")
    with writing(old, None, NOW) as work:
        import_bundle(work, course_bundle.read(bundles.text(raw)))
    files = [course_out(old, each) for each in ids(old)]

    for content in mix.sample(files, len(files)):  # in whatever order
        into(new, content)
    whole = clinic_out(old)
    into(clinic, whole)

    assert [course_out(new, each) for each in ids(new)] == files
    assert clinic_out(clinic) == whole
    for name in ALL:
        assert plain_rows(new, name) == plain_rows(old, name) == plain_rows(clinic, name)


def test_what_an_older_file_said_is_said_again_in_its_words(fresh):
    old, raw = fresh(), bundles.demo()
    with writing(old, None, NOW) as work:
        import_bundle(work, course_bundle.read(bundles.text(raw)))

    again = {case["id"]: case for case in json.loads(clinic_out(old))["cases"]}

    assert len(raw["cases"]) > 0
    for case in raw["cases"]:
        said = {key: again[case["id"]][key] for key in case if key != "expected"}
        assert list(differences(case, said)) == []


def differences(one, other, place=""):
    """Name each place where the older words are not the same; ratings have no order."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in one.keys() - {"expected"}:
            yield from differences(one[key], other.get(key, "not there"), f"{place}.{key}")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        both = zip(in_order(one, place), in_order(other, place), strict=True)
        for number, (left, right) in enumerate(both):
            yield from differences(left, right, f"{place}[{number}]")
    elif one != other:
        yield f"{place}: {one} became {other}"


def in_order(some, place):
    return sorted(some, key=lambda each: each["rater"]) if place.endswith(".fidelity") else some


def test_a_reader_of_the_older_form_understands_the_newer(fresh):
    old = fresh()
    raw, _ = generate(3, 5, date(2026, 3, 11), prefix="G")
    with writing(old, None, NOW) as work:
        import_bundle(work, course_bundle.read(bundles.text(raw)))

    for course in ids(old):
        case = json.loads(course_out(old, course))["cases"][0]
        records = case.pop("records")
        read = course_bundle.read(bundles.text(bundles.bundle(case)))

        assert not read.warnings
        assert len(read.cases[0].sessions) == len(records["tables"]["session_record"])


def test_the_same_file_again_changes_nothing(fresh):
    old, new = fresh(), fresh()
    made = fill_every_table(old)
    course, clinic = course_out(old, made.course.id), clinic_out(old)
    into(new, course)
    held, audited = contents(new), len(audit_rows(new))

    assert into(new, course).added == ()
    assert len(into(new, course).unchanged) == 1
    assert contents(new) == held
    assert len(audit_rows(new)) == audited
    assert into(old, clinic).added == into(old, course).added == ()


def test_another_content_of_the_same_course_is_refused_with_the_first_difference(fresh):
    old, new = fresh(), fresh()
    made = fill_every_table(old)
    into(new, course_out(old, made.course.id))
    raw = json.loads(course_out(old, made.course.id))
    case = raw["cases"][0]
    case["label"] = case["records"]["tables"]["course"][0]["label"] = "another"
    held = contents(new)

    with pytest.raises(ImportRefused, match=r'label: .* stored, "another" in the file') as refused:
        into(new, bundles.text(raw))

    assert str(refused.value).endswith("Nothing was imported.")
    assert contents(new) == held


def actor(made, person, *granted):
    return Actor(person.id, Role.THERAPIST, "", granted=frozenset(granted))


def test_process_notes_are_only_in_the_file_of_who_wrote_them(fresh):
    old = fresh()
    made = fill_every_table(old)

    own = json.loads(course_out(old, made.course.id, actor(made, made.therapist)))
    others = json.loads(course_out(old, made.course.id, actor(made, made.therapist2)))

    assert "what was said" in json.dumps(own)
    assert "process_note" not in others["cases"][0]["records"]["tables"]


def test_ratings_are_only_in_the_file_with_the_permission_to_take_them_out(fresh):
    old, new = fresh(), fresh()
    made = fill_every_table(old)
    may = actor(made, made.therapist, Permission.EXPORT_FIDELITY)

    without = course_out(old, made.course.id, actor(made, made.therapist))
    with_them = course_out(old, made.course.id, may)

    for name in lists.RATINGS:
        assert name not in json.loads(without)["cases"][0]["records"]["tables"]
        assert name in json.loads(with_them)["cases"][0]["records"]["tables"]
    into(new, without)
    assert into(new, without).added == into(old, without).added == ()


def test_taking_out_a_course_is_written_down_with_the_digest_of_the_file(fresh):
    old = fresh()
    made = fill_every_table(old)
    content = course_out(old, made.course.id)

    (row,) = [r for r in audit_rows(old) if r.event == "export.course_downloaded"]

    assert row.details["sha256"] == sha256(content).hexdigest()
    assert row.patient_id == made.course.patient_id
