"""Scores from a spreadsheet: judged as by hand, all or nothing, and taken back as a whole."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from ipt_tracker.clinical.instruments.phq9 import PHQ9
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.exchange.score_file import read_score_file
from ipt_tracker.governance.access import AccessDenied, Permission
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.erasure import erase_patient
from ipt_tracker.persistence.models import (
    Course,
    ImportedScore,
    Measure,
    SafetyPrompt,
    ScoreImport,
)
from ipt_tracker.services.corrections import correct_measure, withdraw_measure
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.measure_entries import MeasureEntry
from ipt_tracker.services.measures import record_measure
from ipt_tracker.services.score_imports import staging
from ipt_tracker.services.score_imports.matching import Matching, check_matching, proposed
from ipt_tracker.services.score_imports.plan import Becomes
from ipt_tracker.services.score_imports.reading import read_forms
from ipt_tracker.services.score_imports.taking import Answers, planned, take_in, taken, undo
from tests.factories.clinic import FIRST_DAY, NOW, WEEK
from tests.factories.score_files import csv_of, row, staged
from tests.factories.tables import audit_rows, contents, differences

RECORD = Permission.RECORD_MEASURE
LATE = FIRST_DAY + timedelta(days=3)
"""No form stands on this day yet."""
ITEMS = ("patient", "date", "form", *(f"phq9_{n}" for n in range(1, 10)))
ASKED = (1, 1, 2, 1, 0, 1, 1, 0, 2)


def look(clinic, import_id, person=None):
    person = person or clinic.therapist
    with clinic.reading(person) as work:
        return planned(work, staging.open_staged(work, import_id))


def take(clinic, import_id, person=None, **said):
    seal = said.pop("seal", None) or look(clinic, import_id, person).seal
    with clinic.writing(person or clinic.therapist) as work:
        return take_in(work, staging.open_staged(work, import_id), Answers(seal, **said))


def taken_back(clinic, import_id, reason="the wrong file"):
    with clinic.writing(clinic.therapist) as work:
        return undo(work, staging.open_import(work, import_id), reason)


def measures(clinic, import_id):
    own = select(ImportedScore.measure_id).where(ImportedScore.import_id == import_id)
    with clinic.reading() as work:
        wanted = select(Measure).where(Measure.id.in_(own)).order_by(Measure.taken_on)
        return list(work.session.scalars(wanted))


def prompts(clinic):
    with clinic.reading() as work:
        return list(work.session.scalars(select(SafetyPrompt)))


def problems(clinic, content, person=None, **forms):
    import_id = staged(clinic, person or clinic.therapist, content, **forms)
    return [(p.row, p.column, p.message) for p in look(clinic, import_id, person).problems]


def test_a_score_taken_in_is_the_one_that_an_entry_by_hand_makes(clinic):
    rows = [row("t-101", LATE, total=44), ("T-101", LATE, "PHQ-9", 12)]
    import_id = staged(clinic, clinic.therapist, csv_of(rows))
    assert take(clinic, import_id) == 2
    with clinic.writing(clinic.therapist2) as work:
        course = open_course(work, clinic.course2.id, RECORD)
        by_hand = record_measure(work, course, MeasureEntry(PHQ9, LATE, total=12))
        own = ("rule", "cut", "band_set", "threshold_set", "findings", "status", "total")
        made = {name: getattr(by_hand, name) for name in (*own, "lowest", "highest", "answered")}

    found = {each.instrument: each for each in measures(clinic, import_id)}

    assert {name: getattr(found["phq9"], name) for name in made} == made
    assert found["phq9"].recorded_by == clinic.therapist.id
    assert found["phq9"].recorded_at == NOW
    assert found["pcl5_week"].course_id == clinic.course.id


def test_items_are_added_up_by_the_form_and_blanks_have_no_total(clinic):
    rows = [("T-101", LATE, "phq9", *ASKED), ("T-101", LATE + WEEK, "phq9", *ASKED[:-1], "")]
    import_id = staged(clinic, clinic.therapist, csv_of(rows, ITEMS))
    take(clinic, import_id)

    whole, partial = measures(clinic, import_id)

    assert (whole.total, whole.status, whole.answers["self_harm"]) == (9, "complete", 2)
    assert (partial.total, partial.status, partial.lowest, partial.highest) == (
        *(None, "incomplete"),
        *(7, 10),
    )


def test_each_score_and_the_whole_are_audited_with_count_and_digest(clinic):
    import_id = staged(clinic, clinic.therapist, csv_of([row("T-101", LATE)]))
    take(clinic, import_id)

    events = [(each.event, each.details) for each in audit_rows(clinic.database)]

    assert [event for event, _ in events][-2:] == [Event.MEASURE_RECORDED, Event.SCORES_IMPORTED]
    assert events[-1][1]["scores"] == 1
    assert len(events[-1][1]["sha256"]) == 64
    assert "T-101" not in str(events)
    with clinic.reading() as work:
        kept = work.session.get(ScoreImport, import_id)
    assert (kept.status, kept.content, kept.matching) == ("done", None, None)


def test_one_wrong_row_and_nothing_is_written(clinic):
    rows = [row("T-101", LATE), row("T-101", LATE + WEEK, total=81)]
    import_id = staged(clinic, clinic.therapist, csv_of(rows))
    before = contents(clinic.database)

    with pytest.raises(RuleBroken, match="Rows are wrong"):
        take(clinic, import_id)

    assert differences(before, contents(clinic.database)) == []
    assert look(clinic, import_id).problems[0].message.startswith("81 is too high")


def test_a_failure_half_way_leaves_nothing(clinic):
    rows = [row("T-101", LATE), row("T-101", LATE + timedelta(days=2))]
    import_id = staged(clinic, clinic.therapist, csv_of(rows))
    seal, before = look(clinic, import_id).seal, contents(clinic.database)

    with pytest.raises(ZeroDivisionError):
        fail_at_the_end(clinic, import_id, seal)

    assert differences(before, contents(clinic.database)) == []


def fail_at_the_end(clinic, import_id, seal):
    with clinic.writing(clinic.therapist) as work:
        take_in(work, staging.open_staged(work, import_id), Answers(seal))
        raise ZeroDivisionError


def test_every_problem_is_named_with_its_row_and_its_column(clinic):
    head = ("patient", "date", "form", "total", "item_1", "item_2")
    content = csv_of(
        [
            ("", LATE, "phq9", 5, "", ""),
            ("T-101", "soon", "phq9", 5, "", ""),
            ("T-101", "", "phq9", 5, "", ""),
            ("T-101", LATE, "", 5, "", ""),
            ("T-101", LATE, "phq9", "many", "", ""),
            ("T-101", LATE, "phq9", 4.5, "", ""),
            ("T-101", LATE, "phq9", "", 1, 4),
            ("T-101", LATE, "phq9", 9, 1, 2),
            ("T-101", "2026-03-12", "phq9", 9, "", ""),
            ("T-101", "2024-12-01", "phq9", 9, "", ""),
            ("T-999", LATE, "phq9", 9, "", ""),
        ],
        head,
    )

    found = problems(clinic, content)

    assert [number for number, _, _ in found] == list(range(2, 13))
    says = [f"{column}: {message}" for _, column, message in found]
    assert says[0] == "A, patient: The patient code is missing."
    assert says[1].startswith("B, date: “soon” is no date")
    assert says[2] == "B, date: The date is missing."
    assert says[3] == "C, form: The form is not named."
    assert says[4] == "D, total: “many” is not a whole number."
    assert says[5] == "D, total: “4.5” is not a whole number."
    assert says[6].startswith("F, item_2: Item 2, low mood: 4 is not on the form")
    assert says[7].startswith("D, total: Some items are blank, so there is no total.")
    assert says[8] == "B, date: The date is in the future."
    assert says[9] == "B, date: The date is more than a year before the course began."
    assert says[10] == "A, patient: None of your patients has this code."


def test_a_total_that_contradicts_the_items_is_refused(clinic):
    head = (*ITEMS, "phq9_total")
    content = csv_of([("T-101", LATE, "phq9", *ASKED, 10)], head)

    ((_, column, message),) = problems(clinic, content)

    assert column == "M, phq9_total"
    assert message == "The items add up to 9, the total says 10. Correct one of them."


def test_a_patient_of_others_is_answered_like_one_that_does_not_exist(clinic):
    ((_, _, own),) = problems(clinic, csv_of([row("T-202", LATE)]))
    ((_, _, none),) = problems(clinic, csv_of([row("T-999", LATE)]))
    assert own == none


def test_a_patient_handed_over_before_it_is_taken_in_stops_it(clinic):
    import_id = staged(clinic, clinic.therapist, csv_of([row("T-101", LATE)]))
    seal = look(clinic, import_id).seal
    with clinic.writing() as work:
        course = work.session.get(Course, clinic.course.id)
        course.assignments[0].therapist_id = clinic.therapist2.id

    with pytest.raises(RuleBroken, match="Rows are wrong"):
        take(clinic, import_id, seal=seal)


def test_what_is_here_already_is_asked_about_and_done_as_answered(clinic):
    rows = [row("T-101", FIRST_DAY, total=58), row("T-101", FIRST_DAY + WEEK, total=50)]
    rows += [row("T-101", LATE, total=30), row("T-101", LATE, total=30)]
    import_id = staged(clinic, clinic.therapist, csv_of(rows))

    plan = look(clinic, import_id)

    assert [line.becomes for line in plan.lines] == [
        *(Becomes.SAME, Becomes.OTHER),
        *(Becomes.NEW, Becomes.SAME),
    ]
    assert [line.there for line in plan.lines] == [58, 55, None, 30]
    with pytest.raises(RuleBroken) as same:
        take(clinic, import_id)
    with pytest.raises(RuleBroken) as other:
        take(clinic, import_id, same=False)
    assert (same.value.field, other.value.field) == ("same", "other")
    assert take(clinic, import_id, same=False, other=True) == 2
    assert [each.total for each in measures(clinic, import_id)] == [30, 50]


def test_contradicting_halves_are_asked_about(clinic):
    head = ("patient", "date", "form", "item_1", "item_2")
    content = csv_of([("T-101", LATE, "caps4", 0, 3)], head)
    import_id = staged(clinic, clinic.therapist, content)

    with pytest.raises(RuleBroken) as asked:
        take(clinic, import_id)

    assert asked.value.field == "odd"
    assert take(clinic, import_id, odd=True) == 1


def test_what_changed_since_it_was_looked_at_stops_it(clinic):
    import_id = staged(clinic, clinic.therapist, csv_of([row("T-101", LATE)]))
    seal = look(clinic, import_id).seal
    with clinic.writing(clinic.therapist) as work:
        course = open_course(work, clinic.course.id, RECORD)
        one = MeasureEntry(read_forms_of(row("T-101", LATE))[0].entry.instrument, LATE, total=20)
        record_measure(work, course, one)

    with pytest.raises(RuleBroken, match="records changed since"):
        take(clinic, import_id, seal=seal, other=True)


def read_forms_of(*rows):
    sheet = read_score_file(csv_of(rows))
    found = proposed(sheet)
    return read_forms(sheet, Matching(**found, forms={"pcl5week": "pcl5_week"})).forms


def test_the_newest_answer_on_suicide_raises_its_question_and_an_older_one_is_history(clinic):
    """History is kept and shown; what stands now is asked about as after an entry by hand."""
    old, newest = FIRST_DAY, NOW.date() - timedelta(days=40)
    rows = [("T-101", day, "phq9", *ASKED) for day in (old, newest)]
    import_id = staged(clinic, clinic.therapist, csv_of(rows, ITEMS))
    plan = look(clinic, import_id)
    assert (plan.asking, plan.earlier_answers) == (1, 1)
    take(clinic, import_id)

    first, last = measures(clinic, import_id)
    (prompt,) = prompts(clinic)

    assert (prompt.measure_id, prompt.answer) == (last.id, 2)
    assert first.extra == {"item9": 2}
    assert not last.extra


def test_every_answer_of_the_last_four_weeks_raises_its_question_also_a_blank(clinic):
    recent = NOW.date() - timedelta(days=20)
    rows = [("T-101", recent, "PHQ-9", 12), ("T-101", NOW.date(), "PHQ-9", 3)]
    rows += [("T-101", FIRST_DAY, "PHQ-9", 12)]
    import_id = staged(clinic, clinic.therapist, csv_of(rows))
    take(clinic, import_id)

    assert sorted(each.reason for each in prompts(clinic)) == ["blank", "blank"]


def test_a_form_older_than_one_that_is_here_raises_no_question(clinic):
    with clinic.writing(clinic.therapist) as work:
        course = open_course(work, clinic.course.id, RECORD)
        answers = dict.fromkeys(PHQ9.answer_keys, 0)
        record_measure(work, course, MeasureEntry(PHQ9, NOW.date(), answers=answers))
    rows = [("T-101", FIRST_DAY, "phq9", *ASKED)]
    import_id = staged(clinic, clinic.therapist, csv_of(rows, ITEMS))
    take(clinic, import_id)

    assert prompts(clinic) == []


def test_a_corrected_answer_takes_its_shown_copy_with_it(clinic):
    rows = [("T-101", day, "phq9", *ASKED) for day in (FIRST_DAY, NOW.date())]
    import_id = staged(clinic, clinic.therapist, csv_of(rows, ITEMS))
    take(clinic, import_id)
    first = measures(clinic, import_id)[0]
    with clinic.writing(clinic.therapist) as work:
        course = open_course(work, clinic.course.id, RECORD)
        answers = dict(first.answers) | {"self_harm": 0}
        entry = MeasureEntry(PHQ9, first.taken_on, answers=answers)
        found = work.session.get(Measure, first.id)
        correct_measure(work, course, found, entry, reason="misread")

    assert measures(clinic, import_id)[0].extra is None


def test_undoing_withdraws_all_of_it_with_the_reason_and_closes_its_questions(clinic):
    rows = [row("T-101", LATE), ("T-101", NOW.date(), "PHQ-9", 12)]
    import_id = staged(clinic, clinic.therapist, csv_of(rows))
    take(clinic, import_id)
    with pytest.raises(RuleBroken):
        taken_back(clinic, import_id, None)

    assert taken_back(clinic, import_id) == 2

    found = measures(clinic, import_id)
    assert all(each.withdrawn_by == clinic.therapist.id for each in found)
    assert [each.done for each in prompts(clinic)] == ["withdrawn"]
    with clinic.reading() as work:
        kept = work.session.get(ScoreImport, import_id)
    assert (kept.status, kept.undone_why) == ("undone", "the wrong file")
    with pytest.raises(RuleBroken, match="undone already"):
        taken_back(clinic, import_id)


@pytest.mark.parametrize("change", ["corrected", "withdrawn"])
def test_undoing_is_refused_with_the_name_of_what_was_changed_since(clinic, change):
    rows = [row("T-101", LATE), row("T-101", LATE + timedelta(days=2))]
    import_id = staged(clinic, clinic.therapist, csv_of(rows))
    take(clinic, import_id)
    first = measures(clinic, import_id)[0]
    with clinic.writing(clinic.therapist) as work:
        course = open_course(work, clinic.course.id, RECORD)
        found = work.session.get(Measure, first.id)
        entry = replace(read_forms_of(row("T-101", LATE, total=41))[0].entry)
        if change == "corrected":
            correct_measure(work, course, found, entry, reason="misread")
        else:
            withdraw_measure(work, course, found, "entered twice")
    before = contents(clinic.database)

    with pytest.raises(RuleBroken, match=r"row 2, T-101, PCL-5, past week of 10 Jan 2026\."):
        taken_back(clinic, import_id)

    assert differences(before, contents(clinic.database)) == []


def test_the_same_file_is_not_taken_in_twice_until_it_was_undone(clinic):
    content = csv_of([row("T-101", LATE)])
    import_id = staged(clinic, clinic.therapist, content)
    take(clinic, import_id)
    with pytest.raises(RuleBroken, match="taken in already"):
        staged(clinic, clinic.therapist, content)
    taken_back(clinic, import_id)

    assert take(clinic, staged(clinic, clinic.therapist, content)) == 1


def test_nobody_else_reaches_what_was_handed_in(clinic):
    import_id = staged(clinic, clinic.therapist, csv_of([row("T-101", LATE)]))

    for person in (clinic.therapist2, clinic.supervisor, clinic.admin):
        with pytest.raises(AccessDenied), clinic.reading(person) as work:
            staging.open_import(work, import_id)
    with pytest.raises(AccessDenied), clinic.writing(clinic.supervisor) as work:
        staging.stage(work, "a.csv", csv_of([row("T-101", LATE)]))


def test_what_waits_longer_than_a_week_is_not_shown_and_removed_at_the_next_act(clinic):
    import_id = staged(clinic, clinic.therapist, csv_of([row("T-101", LATE)]))
    later = replace(clinic, now=NOW + timedelta(days=7, minutes=1))

    with pytest.raises(RuleBroken, match="no longer kept"):
        look(later, import_id)
    with later.reading(clinic.therapist) as work:
        _, lines = staging.list_imports(work, 1)
    assert [line.status for line in lines] == ["dropped"]
    with later.writing(clinic.therapist2) as work:
        staging.stage(work, "b.csv", csv_of([row("T-202", LATE)]))

    with clinic.reading() as work:
        kept = work.session.get(ScoreImport, import_id)
    assert (kept.status, kept.content, kept.matching) == ("dropped", None, None)


def test_erasing_a_patient_leaves_no_copy_of_their_rows_anywhere(clinic):
    done = staged(clinic, clinic.therapist, csv_of([row("T-101", LATE)]))
    take(clinic, done)
    waiting = staged(clinic, clinic.therapist, csv_of([row("T-101", LATE + WEEK)]))
    others = staged(clinic, clinic.therapist2, csv_of([row("T-202", LATE)]))
    with clinic.writing() as work:
        kept = work.session.get(ScoreImport, done)
        kept.file_name = "Imre Solberg, scores.csv"
    with clinic.writing() as work:
        erase_patient(work.session, clinic.course.patient_id)

    with clinic.reading() as work:
        found = {each.id: each for each in work.session.scalars(select(ScoreImport))}
        left = work.session.scalars(select(ImportedScore)).all()
    assert left == []
    assert found[waiting].content is None
    assert found[done].file_name == "name removed"
    assert found[others].content is not None


def test_forms_side_by_side_in_one_row_are_each_a_score(clinic):
    head = ("code", "date", "pcl5week_total", *(f"phq9_{n}" for n in range(1, 10)))
    rows = [("T-101", LATE, 40, *ASKED), ("T-101", LATE + WEEK, 38, *[""] * 9)]
    import_id = staged(clinic, clinic.therapist, csv_of(rows, head))

    assert take(clinic, import_id) == 3


def test_more_forms_than_can_be_taken_in_at_once_are_refused(clinic):
    head = ("code", "date", "phq9_total", "hamd_total")
    rows = [("T-101", LATE, 4, 5)] * 2_501

    with pytest.raises(RuleBroken, match="more than 5,000 forms"):
        staged(clinic, clinic.therapist, csv_of(rows, head))


def test_items_in_the_order_of_the_form_need_no_names():
    head = ("id", "when", *(f"answer {chr(96 + n)}" for n in range(1, 10)))
    sheet = read_score_file(csv_of([("T-101", "2026-01-10", *ASKED)], head))
    matching = Matching(patient=0, day=1, every_form="phq9", items="2")
    check_matching(sheet, matching)

    (form,) = read_forms(sheet, matching).forms

    assert form.total == 9


@pytest.mark.parametrize("blank", ["", "NA", "n/a", ".", "-", "NULL"])
def test_the_ways_in_which_files_write_a_blank_are_no_zero(blank):
    sheet = read_score_file(csv_of([("T-101", "2026-01-10", "phq9", *ASKED[:-1], blank)], ITEMS))
    matching = Matching(patient=0, day=1, form=2, forms={"phq9": "phq9"})

    (form,) = read_forms(sheet, matching).forms

    assert form.entry.answers["self_harm"] is None
    assert form.total is None


def test_answers_in_the_columns_of_another_form_are_refused(clinic):
    content = csv_of([("T-101", LATE, "PCL-5 week", *ASKED)], ITEMS)
    ((_, column, message),) = problems(clinic, content)

    assert column == "D, phq9_1"
    assert message == "The row is of the PCL-5, past week; here is another form's."


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"total": 1}, None),
        ({"every_form": "phq9"}, "every_form"),
        ({"forms": {}}, "forms"),
        ({"forms": {"pcl5": "leave"}, "total": None}, "total"),
        ({"day_first": None}, "day_first"),
        ({"form": 3}, None),
    ],
)
def test_a_matching_that_does_not_fit_is_refused(said, field):
    sheet = read_score_file(csv_of([row("T-101", "03/04/2025", "PCL-5")]))
    good = Matching(0, 1, 2, None, 3, "named", {"pcl5": "pcl5_week"}, day_first=True)
    check_matching(sheet, good)

    with pytest.raises(RuleBroken) as broken:
        check_matching(sheet, replace(good, **said))

    assert broken.value.field == field


def test_reading_a_plan_takes_the_same_statements_for_one_row_and_for_many(clinic):
    one = staged(clinic, clinic.therapist, csv_of([row("T-101", LATE)]))
    rows = [row("T-101", LATE + timedelta(days=n % 50), total=n % 80) for n in range(500)]
    many = staged(clinic, clinic.therapist, csv_of(rows))
    seen = []
    event.listen(clinic.database.engine, "before_cursor_execute", lambda *_: seen.append(1))

    look(clinic, one)
    few = len(seen)
    look(clinic, many)

    assert len(seen) == 2 * few


def test_hundreds_of_scores_are_taken_in_and_undone_in_seconds(clinic):
    rows = [row("T-101", FIRST_DAY - timedelta(days=n), total=n % 80) for n in range(1, 301)]
    import_id = staged(clinic, clinic.therapist, csv_of(rows))

    assert take(clinic, import_id) == 300
    with clinic.reading(clinic.therapist) as work:
        assert len(taken(work, staging.open_import(work, import_id))) == 300
    assert taken_back(clinic, import_id) == 300
