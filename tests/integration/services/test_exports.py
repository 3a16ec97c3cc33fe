"""Tables that are taken out: whose rows, which words, and what is written down."""

import io
from datetime import date, timedelta
from hashlib import sha256

import pandas as pd
import pytest
from sqlalchemy import event, select, update

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.exchange.export_scores import TABLES
from ipt_tracker.governance.access import AccessDenied
from ipt_tracker.persistence.models import Course, Measure, Patient, SessionRecord
from ipt_tracker.services.exports import expected, reading
from ipt_tracker.services.exports.preview import look_at
from ipt_tracker.services.exports.reading import pages_of
from ipt_tracker.services.exports.taking import take
from tests.factories.canaries import plant
from tests.factories.clinic import FIRST_DAY, PCL5
from tests.factories.courses import add_course
from tests.factories.exports import DISGUISE, NO_RATINGS, REASON, begun, choice, taken, units
from tests.factories.notes import noted
from tests.factories.rated import rate, slots_of
from tests.factories.ratings import submitted
from tests.factories.sheets import sheets_of
from tests.factories.stores import on_every_engine
from tests.factories.tables import audit_rows, contents
from tests.factories.walk import of_course
from tests.factories.workbooks import csv_rows, every_text, members, sheets

FORMS = ("csv", "xlsx")


def frame(content):
    return pd.read_csv(io.BytesIO(content))


def events(clinic):
    return [row for row in _exports(clinic) if row.event != "export.patient_downloaded"]


def _exports(clinic):
    rows = audit_rows(clinic.database)
    return [row for row in rows if row.event.startswith("export.")]


@on_every_engine
@pytest.mark.parametrize("form", FORMS)
def test_a_therapist_takes_the_rows_of_their_own_patients_and_no_other(clinic, form):
    content = taken(clinic, clinic.therapist, choice(form=form))

    text = every_text(content)
    assert "T-101" in text
    assert "Imre Solberg" in text
    assert "T-202" not in text
    assert "Wanda" not in text


def test_a_supervisor_takes_those_of_the_supervisees_of_today(clinic):
    text = every_text(taken(clinic, clinic.supervisor, choice()))

    assert "T-101" in text
    assert "T-202" not in text


@pytest.mark.parametrize("who", ["admin", "auditor", "assessor"])
def test_nobody_else_takes_anything(clinic, who):
    with pytest.raises(AccessDenied):
        begun(clinic, getattr(clinic, who), choice())

    assert events(clinic) == []


def test_pandas_reads_whole_numbers_dates_and_blanks_from_each_table(clinic):
    files = members(taken(clinic, clinic.therapist, choice()))

    read = {name: frame(files[f"{name}.csv"]) for name in NO_RATINGS}

    assert [len(read[name]) for name in NO_RATINGS[:4]] == [1, 1, 7, 7]
    for name in NO_RATINGS:
        assert tuple(read[name].columns) == TABLES[name].head
    pcl5 = read["measures"].query("instrument == 'pcl5_week'")
    assert pcl5["total"].tolist() == list(PCL5)
    days = pd.to_datetime(read["sessions"]["held_on"], format="ISO8601")
    assert days.iloc[0].date() == FIRST_DAY
    assert read["sessions"]["attendance"].tolist().count("no_show") == 1
    assert read["sessions"]["number"].isna().sum() == 1
    assert not any("Unnamed" in name for each in read.values() for name in each.columns)


def test_a_workbook_holds_the_same_rows_as_the_text(clinic):
    files = members(taken(clinic, clinic.therapist, choice()))

    book = sheets(taken(clinic, clinic.therapist, choice(form="xlsx")))

    for name in NO_RATINGS:
        assert len(book[name]) == len(csv_rows(files[f"{name}.csv"]))
        assert [row[0] for row in book[name]] == [row[0] for row in csv_rows(files[f"{name}.csv"])]
    assert {type(row[5]) for row in book["measures"][1:]} == {type(pd.Timestamp(0).to_pydatetime())}


def test_answers_stand_one_in_a_row_with_what_was_left_blank(clinic):
    of_course(clinic, clinic.course)  # gives it a PHQ-9 by its items
    with clinic.writing() as work:
        phq9 = work.session.scalars(select(Measure).where(Measure.instrument == "phq9")).one()
        phq9.answers = {**phq9.answers, "sleep": None}
        key = str(phq9.id)

    rows = frame(taken(clinic, clinic.therapist, choice("measure_items")))

    assert len(rows) == 9
    assert set(rows["measure"]) == {key}
    assert rows["answer"].isna().sum() == 1
    assert rows["in_total"].all()


def test_what_is_withdrawn_stays_and_is_marked(clinic):
    with clinic.writing() as work:
        one = work.session.get(Measure, clinic.course.measures[0])
        one.withdrawn_at, one.withdrawn_by = clinic.now, clinic.therapist.id

    rows = frame(taken(clinic, clinic.therapist, choice("measures")))

    assert rows.set_index("measure")["entered_in_error"].to_dict()[str(one.id)]
    assert rows["entered_in_error"].sum() == 1


def test_ended_courses_are_left_out_where_open_ones_are_chosen(clinic):
    with clinic.writing() as work:
        ended = {"ended_on": clinic.today, "status": "completed"}
        work.session.execute(update(Course).where(Course.id == clinic.course.id).values(**ended))

    assert len(frame(taken(clinic, clinic.therapist, choice("courses")))) == 1
    assert len(frame(taken(clinic, clinic.therapist, choice("courses", which="open")))) == 0


# -- without names


def dated(clinic):
    """Give every date of the clinic's first patient that stands in a table."""
    with clinic.reading() as work:
        rows = work.session.execute(
            select(SessionRecord.held_on).where(SessionRecord.course_id == clinic.course.id)
        )
        return {row.held_on for row in rows}


@on_every_engine
@pytest.mark.parametrize("form", FORMS)
def test_a_file_without_names_holds_none_of_the_words_that_somebody_typed(clinic, form):
    for course in (clinic.course, clinic.course2):
        noted(clinic, course)
        sheets_of(clinic, course)
    rated(clinic)
    words = plant(clinic.database)

    chosen = choice(*TABLES, form=form, disguised=True)
    text = every_text(taken(clinic, clinic.therapist, chosen, ratings=True))

    assert len(words) > 100
    assert [word for word in words if word in text] == []
    for hidden in ("T-101", "Imre", "1990-05-04", "R. Calder", "I. Marlowe", str(clinic.course.id)):
        assert hidden not in text


def test_with_names_some_of_these_words_are_there(clinic):
    words = plant(clinic.database)

    text = every_text(taken(clinic, clinic.therapist, choice()))

    assert len([word for word in words if word in text]) >= 3


def test_a_code_of_the_database_that_is_in_no_list_is_somebodys_word(clinic):
    with clinic.writing() as work:
        for table in (SessionRecord, Measure):
            columns = {"attendance": "Ida", "kind": "Ida"} if table is SessionRecord else {}
            odd = columns or {"instrument": "Ida", "point": "Ida"}
            work.session.execute(update(table).values(**odd).where(table.course_id.is_not(None)))

    named = every_text(taken(clinic, clinic.therapist, choice()))
    hidden = every_text(taken(clinic, clinic.therapist, choice(disguised=True)))

    assert "Ida" in named
    assert "Ida" not in hidden


def test_shifted_dates_keep_their_distance_in_and_between_tables(clinic):
    files = members(taken(clinic, clinic.therapist, choice(disguised=True)))

    sessions, courses = frame(files["sessions.csv"]), frame(files["courses.csv"])

    days = [date.fromisoformat(day) for day in sessions["held_on"]]
    started = date.fromisoformat(courses["started_on"][0])
    shift = timedelta(days=DISGUISE.days(clinic.course.patient_id))
    assert days == [day + shift for day in sorted(dated(clinic))]
    assert started - days[0] == FIRST_DAY - min(dated(clinic))
    assert shift


def test_without_names_the_order_of_rows_tells_nothing_of_the_codes(clinic):
    with clinic.writing(clinic.therapist) as work:
        for number in range(9):
            add_course(work, code=f"A-{number}", name=f"Somebody {number}")
        ids = {one.id: one.code for one in work.session.scalars(select(Patient))}

    rows = frame(taken(clinic, clinic.therapist, choice("patients", disguised=True)))
    named = frame(taken(clinic, clinic.therapist, choice("patients")))

    own = sorted(id_ for id_, code in ids.items() if code != "T-202")
    assert rows["patient"].tolist() == [DISGUISE.code(id_) for id_ in own]
    assert named["patient"].tolist() == sorted(ids[id_] for id_ in own)


# -- ratings


def rated(clinic):
    first, second, *_ = slots_of(clinic, clinic.course)
    submitted(clinic, clinic.therapist, first)
    rate(clinic, first, clinic.supervisor, 3, 4)
    rate(clinic, second, clinic.supervisor, 5, 5)


def test_ratings_need_a_permission_of_their_own(clinic):
    rated(clinic)

    with pytest.raises(AccessDenied):
        begun(clinic, clinic.therapist, choice("fidelity_ratings"))

    assert events(clinic) == []


def test_ratings_that_are_sealed_to_the_person_are_not_in_the_file(clinic):
    rated(clinic)

    own = frame(taken(clinic, clinic.therapist, choice("fidelity_ratings"), ratings=True))
    theirs = frame(taken(clinic, clinic.supervisor, choice("fidelity_ratings"), ratings=True))

    assert sorted(own["role"]) == ["self", "supervisor"]
    assert sorted(theirs["role"]) == ["self", "supervisor", "supervisor"]
    assert own["adherence"].max() == 100.0
    assert own["quality"].notna().all()


def test_ratings_without_names_name_no_rater(clinic):
    rated(clinic)

    chosen = choice("fidelity_ratings", disguised=True)
    content = taken(clinic, clinic.therapist, chosen, ratings=True)

    assert "rater" not in frame(content).columns
    assert len(frame(content)) == 2


def test_without_names_nothing_says_when_it_was_entered(clinic):
    content = taken(clinic, clinic.therapist, choice(disguised=True))

    heads = {name: csv_rows(each)[0] for name, each in members(content).items()}
    assert "taken_on" in heads["measures.csv"]
    assert [name for name, head in heads.items() if "recorded_at" in head] == []


# -- what is written down


def test_it_is_written_down_before_the_first_byte_and_after_the_last(clinic):
    download = begun(clinic, clinic.therapist, choice("patients", "sessions"))
    [first] = events(clinic)
    content = b"".join(download)
    download.close()
    _, last = events(clinic)

    assert (first.event, first.actor_id) == ("export.begun", clinic.therapist.id)
    assert first.details == {
        "tables": ["patients", "sessions"],
        "courses": "all",
        "format": "csv",
        "without_names": False,
        "reason": REASON,
        "expected": {"patients": 1, "sessions": 7},
    }
    assert (last.event, last.subject_id) == ("export.downloaded", first.subject_id)
    assert last.details == {
        "rows": {"patients": 1, "sessions": 7},
        "bytes": len(content),
        "sha256": sha256(content).hexdigest(),
    }


@pytest.mark.parametrize("disguised", [False, True])
def test_each_patient_whose_rows_leave_is_named_once_before_they_do(clinic, disguised):
    download = begun(clinic, clinic.supervisor, choice("patients", disguised=disguised))
    next(download)  # the head: names of columns, nobody's row
    before = [row.event for row in _exports(clinic)]
    next(download)
    with_rows = [row.event for row in _exports(clinic)]
    b"".join(download)

    told = [row for row in _exports(clinic) if row.event == "export.patient_downloaded"]
    with clinic.database.read() as session:
        own = session.scalars(select(Patient.id).where(Patient.code == "T-101")).one()
    assert before == ["export.begun"]
    assert with_rows == ["export.begun", "export.patient_downloaded"]
    assert [row.patient_id for row in told] == [own]


def test_who_goes_away_early_is_written_down_with_what_was_sent(clinic):
    download = begun(clinic, clinic.therapist, choice())
    size = len(next(download))
    download.close()
    download.close()

    assert [row.event for row in events(clinic)] == ["export.begun", "export.broken_off"]
    assert events(clinic)[-1].details["bytes"] == size
    assert "sha256" not in events(clinic)[-1].details


def test_who_goes_away_before_the_first_byte_is_written_down_too(clinic):
    begun(clinic, clinic.therapist, choice()).close()

    assert events(clinic)[-1].details == {
        "rows": {},
        "bytes": 0,
        "because": "not fetched to the end",
    }


def test_a_file_that_fails_on_its_way_is_never_called_finished(clinic):
    download = begun(clinic, clinic.therapist, choice("patients"))
    next(download)
    clinic.database.close()
    event.listen(clinic.database.engine, "before_cursor_execute", _fail_on_patients)

    with pytest.raises(ZeroDivisionError):
        list(download)
    event.remove(clinic.database.engine, "before_cursor_execute", _fail_on_patients)

    assert [row.event for row in events(clinic)] == ["export.begun", "export.broken_off"]
    assert events(clinic)[-1].details["because"] == "failed"


def _fail_on_patients(_, __, statement, *___):
    if "FROM patient" in statement:
        raise ZeroDivisionError


@pytest.mark.parametrize("reason", ["", "   ", "x" * 301])
def test_nothing_leaves_without_a_reason(clinic, reason):
    with pytest.raises(RuleBroken) as refused:
        take(units(clinic, clinic.therapist), choice(), reason, DISGUISE, [])

    assert refused.value.field == "reason"
    assert events(clinic) == []


def test_a_workbook_that_cannot_hold_the_rows_is_refused_before_it_begins(clinic, monkeypatch):
    monkeypatch.setattr(expected, "MOST_ROWS", 6)

    with pytest.raises(RuleBroken) as refused:
        begun(clinic, clinic.therapist, choice("sessions", form="xlsx"))

    assert refused.value.message.endswith("Choose CSV.")
    assert begun(clinic, clinic.therapist, choice("sessions", form="csv"))


def test_taking_tables_out_changes_nothing(clinic):
    before = contents(clinic.database)

    taken(clinic, clinic.therapist, choice(form="xlsx"))

    assert contents(clinic.database) == before


@on_every_engine
def test_the_expected_rows_are_those_that_come(clinic):
    of_course(clinic, clinic.course)
    taken(clinic, clinic.therapist, choice())

    first, last = events(clinic)

    assert first.details["expected"] == last.details["rows"]


# -- looking, and reading page by page


def test_looking_shows_a_few_rows_as_they_will_stand_there_and_is_written_down(clinic):
    chosen = choice("sessions", "patients", disguised=True)

    sessions, patients = look_at(lambda: clinic.reading(clinic.therapist), chosen, DISGUISE)

    assert (len(sessions.rows), sessions.total) == (5, 7)
    assert patients.rows[0][0] == DISGUISE.code(clinic.course.patient_id)
    assert patients.left_out == (
        "name",
        "birth_date",
        "diagnosis_words",
        "event_words",
        "recorded_at",
    )
    assert [row.event for row in events(clinic)] == ["export.previewed"]


@on_every_engine
@pytest.mark.parametrize("disguised", [False, True])
def test_pages_of_any_size_give_the_same_rows(clinic, disguised):
    with clinic.writing(clinic.therapist) as work:
        for number in range(7):
            add_course(work, code=f"a-{number}", name=f"Somebody {number}")
    chosen = choice("courses", disguised=disguised)

    def codes(size):
        pages = pages_of(TABLES["courses"], units(clinic, clinic.therapist).reading, chosen, size)
        return [row.values["patient"] for page in pages for row in page]  # noqa: PD011 -- no frame

    assert codes(1) == codes(3) == codes(100)
    assert len(codes(3)) == len(set(codes(3))) == 8


def test_a_page_takes_the_same_number_of_statements_whatever_it_holds(clinic):
    asked = []
    event.listen(clinic.database.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))

    def counted():
        asked.clear()
        taken(clinic, clinic.therapist, choice())
        return len([each for each in asked if each.startswith("SELECT")])

    few = counted()
    with clinic.writing(clinic.therapist) as work:
        for number in range(6):
            add_course(work, code=f"A-{number}", name=f"Somebody {number}")

    assert counted() == few
    assert reading.PATIENTS_OF_A_PAGE > 7


def test_who_loses_a_course_on_the_way_gets_no_more_of_it(clinic):
    download = begun(clinic, clinic.therapist, choice("patients"))
    next(download)
    with clinic.writing() as work:
        course = work.session.get(Course, clinic.course.id)
        course.assignments[0].therapist_id = clinic.therapist2.id

    rest = b"".join(download)

    assert b"T-101" not in rest
