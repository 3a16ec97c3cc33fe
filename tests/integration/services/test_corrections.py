"""Nothing is overwritten: a correction keeps the old value, who, when and why; so does the rest."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.rules import AskFirst, RuleBroken
from ipt_tracker.governance.access import AccessDenied, Permission
from ipt_tracker.persistence.models import Amendment, Course, Measure
from ipt_tracker.services.corrections import correct_measure, restore_measure, withdraw_measure
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.measures import find_measure
from ipt_tracker.services.moving import move_measure
from ipt_tracker.services.unit_of_work import ChangedMeanwhile
from tests.factories.clinic import FIRST_DAY
from tests.factories.courses import add_course, add_measure, measure
from tests.factories.stores import on_every_engine
from tests.factories.tables import audit_rows, contents

DAY = date(2026, 3, 10)
WHY = "digits swapped"
PCL5 = [item.key for item in INSTRUMENTS["pcl5_week"].items]


def items(*answers):
    return dict(zip(PCL5, answers, strict=True))


TWENTY = items(*[2] * 20)


def opened(work, clinic, course=None):
    return open_course(work, (course or clinic.course).id, Permission.RECORD_MEASURE)


def put(clinic, key="pcl5_week", total=None, day=DAY, **more):
    """Record a measure of the first course; give its id."""
    with clinic.writing(clinic.therapist) as work:
        return add_measure(work, opened(work, clinic), measure(key, day, total, **more)).id


def correct(clinic, measure_id, entry, reason=WHY, seen=None):
    with clinic.writing(clinic.therapist) as work:
        course = opened(work, clinic)
        found = find_measure(work, course, measure_id)
        correct_measure(work, course, found, entry, reason=reason, seen_version=seen)


def act(clinic, service, measure_id, reason=WHY):
    with clinic.writing(clinic.therapist) as work:
        course = opened(work, clinic)
        service(work, course, find_measure(work, course, measure_id), reason)


def kept(clinic, measure_id):
    with clinic.reading() as work:
        return work.session.get(Measure, measure_id)


def amendments(clinic, measure_id):
    """Give what was changed in a measure: field to old and new value."""
    with clinic.reading() as work:
        own = select(Amendment).where(Amendment.subject_id == measure_id)
        return {a.field: (a.old, a.new) for a in work.session.scalars(own)}


def of_event(clinic, event):
    return [row for row in audit_rows(clinic.database) if row.event == event]


# -- correcting


@on_every_engine
def test_a_corrected_total_keeps_the_old_one_with_who_when_and_why(clinic):
    found = put(clinic, total=33)

    correct(clinic, found, measure("pcl5_week", DAY, 35))

    assert kept(clinic, found).total == 35
    assert (kept(clinic, found).lowest, kept(clinic, found).highest) == (35, 35)
    with clinic.reading() as work:
        (row,) = work.session.scalars(select(Amendment).where(Amendment.subject_id == found))
    assert (row.field, row.old, row.new, row.reason) == ("total", 33, 35, WHY)
    assert (row.author_id, row.author) == (clinic.therapist.id, clinic.therapist.name)
    assert (row.amended_on, row.recorded_at) == (clinic.today, clinic.now)
    (audited,) = of_event(clinic, "measure.corrected")
    assert audited.details == {"fields": ["total"]}


def test_each_answer_that_changes_is_an_amendment_of_its_own(clinic):
    found = put(clinic, answers=TWENTY)

    correct(clinic, found, measure("pcl5_week", DAY, answers=TWENTY | {"nightmares": 4}))

    assert amendments(clinic, found) == {
        "answers.nightmares": (2, 4),
        "total": (40, 42),
    }
    assert kept(clinic, found).answers["nightmares"] == 4


def test_an_answer_that_turns_out_blank_takes_the_total_away(clinic):
    found = put(clinic, answers=TWENTY)

    correct(clinic, found, measure("pcl5_week", DAY, answers=TWENTY | {"sleep": None}))

    now = kept(clinic, found)
    assert (now.status, now.total, now.answered) == ("incomplete", None, 19)
    assert (now.lowest, now.highest) == (38, 42)
    assert amendments(clinic, found) == {
        "answers.sleep": (2, None),
        "total": (40, None),
        "status": ("complete", "incomplete"),
    }


def test_a_total_can_be_replaced_by_its_items(clinic):
    found = put(clinic, total=33)

    correct(clinic, found, measure("pcl5_week", DAY, answers=TWENTY))

    changed = amendments(clinic, found)
    assert changed["total"] == (33, 40)
    assert changed["answers.sleep"] == (None, 2)
    assert len(changed) == 21
    assert kept(clinic, found).findings["rule"] == "met"


def test_ratings_beside_the_total_and_how_it_was_made_are_kept_too(clinic):
    twenty = {item.key: 2 for item in INSTRUMENTS["caps5_month"].items}
    more = {"answers": twenty, "beside": {"over_a_month": False}, "assessor": "IE-1"}
    found = put(clinic, "caps5_month", **more)

    more |= {"beside": {"over_a_month": True, "impaired": True}, "blind": True}
    correct(clinic, found, measure("caps5_month", DAY, **more))

    assert amendments(clinic, found) == {
        "beside.over_a_month": (False, True),
        "beside.impaired": (None, True),
        "blind": (None, True),
    }
    assert kept(clinic, found).findings["rule"] == "met"


def test_a_correction_keeps_what_the_measure_was_judged_by(clinic):
    found = put(clinic, total=33)
    with clinic.writing() as work:
        work.session.get(Measure, found).cut = "cut_31@1"

    correct(clinic, found, measure("pcl5_week", DAY, 32))

    assert kept(clinic, found).cut == "cut_31@1"
    assert kept(clinic, found).findings["cut"] == "met"


def test_a_corrected_date_is_kept_as_a_date(clinic):
    found = put(clinic, total=33)

    correct(clinic, found, measure("pcl5_week", DAY - timedelta(days=1), 33))

    assert amendments(clinic, found) == {"taken_on": ("2026-03-10", "2026-03-09")}


def test_the_time_asked_about_can_have_been_wrong(clinic):
    found = put(clinic, total=33)

    correct(clinic, found, measure("pcl5_month", DAY, 33))

    assert kept(clinic, found).instrument == "pcl5_month"
    assert amendments(clinic, found) == {"instrument": ("pcl5_week", "pcl5_month")}


def test_the_weekly_interview_that_was_the_monthly_one_is_judged_by_the_rule_of_that(clinic):
    twenty = {item.key: 2 for item in INSTRUMENTS["caps5_week"].items}
    found = put(clinic, "caps5_week", answers=twenty)

    correct(clinic, found, measure("caps5_month", DAY, answers=twenty))

    assert kept(clinic, found).rule == "caps5_dsm5@1"
    assert kept(clinic, found).findings["rule"] == "indeterminate"


def test_another_form_is_no_correction(clinic):
    found = put(clinic, total=20)

    with pytest.raises(RuleBroken, match="another form"):
        correct(clinic, found, measure("phq9", DAY, 20))

    assert kept(clinic, found).instrument == "pcl5_week"


@pytest.mark.parametrize(
    ("entry", "reason", "said"),
    [
        (measure("pcl5_week", DAY, 35), None, "Say why."),
        (measure("pcl5_week", DAY, 35), "", "Say why."),
        (measure("pcl5_week", DAY, 33), WHY, "stands already"),
        (measure("pcl5_week", DAY, 81), WHY, "81 is too high"),
        (measure("pcl5_week", date(2026, 3, 12), 35), WHY, "in the future"),
        (measure("pcl5_week", date(2024, 12, 1), 35), WHY, "more than a year"),
        (measure("pcl5_week", DAY), WHY, "Enter the items"),
    ],
)
def test_a_correction_that_breaks_a_rule_changes_nothing(clinic, entry, reason, said):
    found = put(clinic, total=33)
    before, audited = contents(clinic.database), len(audit_rows(clinic.database))

    with pytest.raises(RuleBroken, match=said):
        correct(clinic, found, entry, reason)

    assert contents(clinic.database) == before
    assert len(audit_rows(clinic.database)) == audited


def test_a_correction_of_an_older_version_is_refused(clinic):
    found = put(clinic, total=33)
    seen = kept(clinic, found).version
    correct(clinic, found, measure("pcl5_week", DAY, 35), seen=seen)

    with pytest.raises(ChangedMeanwhile):
        correct(clinic, found, measure("pcl5_week", DAY, 36), seen=seen)

    assert kept(clinic, found).total == 35


def test_a_correction_to_a_day_that_has_a_form_already_is_asked_about(clinic):
    put(clinic, total=30)
    found = put(clinic, total=33, day=DAY - timedelta(days=2))
    moved = {"key": "pcl5_week", "taken_on": DAY, "total": 33}

    with pytest.raises(AskFirst) as asked:
        correct(clinic, found, measure(**moved))
    correct(clinic, found, measure(**moved, confirmed=frozenset({asked.value.key})))

    assert kept(clinic, found).taken_on == DAY


def test_a_correction_of_the_score_alone_does_not_ask_about_its_own_day(clinic):
    put(clinic, total=30)
    found = put(clinic, total=33, confirmed=frozenset({"duplicate"}))

    correct(clinic, found, measure("pcl5_week", DAY, 34))

    assert kept(clinic, found).total == 34


def test_halves_that_contradict_each_other_are_asked_about_in_a_correction_too(clinic):
    keys = INSTRUMENTS["caps4"].answer_keys
    found = put(clinic, "caps4", answers=dict.fromkeys(keys, 1))

    with pytest.raises(AskFirst) as asked:
        correct(clinic, found, measure("caps4", DAY, answers=dict.fromkeys(keys, 1) | {keys[0]: 0}))

    assert asked.value.key == "pairs"
    assert amendments(clinic, found) == {}


# -- withdrawing and putting back


@on_every_engine
def test_a_withdrawn_measure_stays_with_who_when_and_why(clinic):
    found = put(clinic, total=33)

    act(clinic, withdraw_measure, found, "entered twice")

    now = kept(clinic, found)
    assert (now.total, now.withdrawn_at, now.withdrawn_by) == (33, clinic.now, clinic.therapist.id)
    assert amendments(clinic, found) == {"withdrawn": (False, True)}
    (audited,) = of_event(clinic, "measure.withdrawn")
    assert (audited.subject_id, audited.details) == (str(found), None)


def test_what_was_withdrawn_is_corrected_only_after_it_was_put_back(clinic):
    found = put(clinic, total=33)
    act(clinic, withdraw_measure, found)

    with pytest.raises(RuleBroken, match="Put it back first"):
        correct(clinic, found, measure("pcl5_week", DAY, 35))
    with pytest.raises(RuleBroken, match="Put it back first"):
        act(clinic, withdraw_measure, found)
    act(clinic, restore_measure, found)
    correct(clinic, found, measure("pcl5_week", DAY, 35))

    assert (kept(clinic, found).total, kept(clinic, found).withdrawn_at) == (35, None)
    assert len(of_event(clinic, "measure.restored")) == 1


@pytest.mark.parametrize("service", [withdraw_measure, restore_measure])
def test_each_wants_a_reason(clinic, service):
    found = put(clinic, total=33)
    if service is restore_measure:
        act(clinic, withdraw_measure, found)
    before = contents(clinic.database)

    with pytest.raises(RuleBroken) as refused:
        act(clinic, service, found, None)

    assert refused.value.field == "reason"
    assert contents(clinic.database) == before


def test_only_what_was_withdrawn_can_be_put_back(clinic):
    found = put(clinic, total=33)

    with pytest.raises(RuleBroken, match="was not withdrawn"):
        act(clinic, restore_measure, found)


def planned(clinic):
    """Give the ids of a measure that fulfilled a plan, and the day on which that was due."""
    due = date(2026, 3, 1)
    first = put(clinic, "caps5_month", not_done="declined", point="mid")
    with clinic.writing() as work:
        row = work.session.get(Measure, first)
        row.status, row.due_on, row.taken_on = "planned", due, due
    return put(clinic, "caps5_month", 30, point="mid"), due


def still_planned(clinic):
    with clinic.reading() as work:
        wanted = select(Measure).where(Measure.status == "planned")
        return [(m.instrument, m.point, m.due_on) for m in work.session.scalars(wanted)]


def test_what_a_withdrawn_measure_had_fulfilled_is_due_again(clinic):
    found, due = planned(clinic)
    assert (still_planned(clinic), kept(clinic, found).due_on) == ([], due)

    act(clinic, withdraw_measure, found)

    assert still_planned(clinic) == [("caps5_month", "mid", due)]
    assert kept(clinic, found).due_on is None


def test_put_back_it_has_fulfilled_it_again(clinic):
    found, due = planned(clinic)
    act(clinic, withdraw_measure, found)

    act(clinic, restore_measure, found)

    assert still_planned(clinic) == []
    assert kept(clinic, found).due_on == due


def test_a_measure_that_is_only_planned_is_neither_corrected_nor_withdrawn(clinic):
    found, _ = planned(clinic)
    act(clinic, withdraw_measure, found)
    with clinic.reading() as work:
        waiting = work.session.scalars(select(Measure.id).where(Measure.status == "planned")).one()

    for change in (
        lambda: act(clinic, withdraw_measure, waiting),
        lambda: correct(clinic, waiting, measure("caps5_month", DAY, 3)),
    ):
        with pytest.raises(RuleBroken, match="not been entered yet"):
            change()


# -- moving


@pytest.fixture
def other(clinic):
    """Give another course of the same therapist."""
    with clinic.writing(clinic.therapist) as work:
        return add_course(work, FIRST_DAY, code="T-303", name="Vera Lund").id


SURE = frozenset({"target"})


def move(clinic, measure_id, code="T-303", reason="two folders open", confirmed=SURE):
    with clinic.writing(clinic.therapist) as work:
        course = opened(work, clinic)
        found = find_measure(work, course, measure_id)
        move_measure(work, course, found, code, reason, confirmed=confirmed)


def asked_before_moving(clinic, found):
    """Give what is asked before a measure is moved; nothing is changed by asking."""
    before, audited = contents(clinic.database), len(audit_rows(clinic.database))
    with pytest.raises(AskFirst) as asked:
        move(clinic, found, confirmed=frozenset())
    assert (asked.value.key, asked.value.field) == ("target", "target")
    assert contents(clinic.database) == before
    assert len(audit_rows(clinic.database)) == audited
    return asked.value.message


@pytest.mark.usefixtures("other")
def test_a_move_asks_first_whose_and_in_which_course_it_will_be(clinic):
    found = put(clinic, total=33)

    words = f"It goes to T-303, Vera Lund, course from {short(FIRST_DAY)}, under way."
    assert asked_before_moving(clinic, found) == words


def test_it_says_that_the_course_has_ended_and_before_the_date_of_the_form(clinic, other):
    found = put(clinic, total=33)
    for ended_on, late in ((DAY, ""), (DAY - timedelta(days=1), " The form's date is after its")):
        with clinic.writing() as work:
            course = work.session.get(Course, other)
            course.ended_on, course.status = ended_on, "completed"

        said = asked_before_moving(clinic, found)

        to = f"course from {short(FIRST_DAY)} to {short(ended_on)}. That course has ended."
        assert to in said
        assert ("after its end" in said) is bool(late)


def test_it_says_that_there_is_such_a_form_of_that_day_already(clinic, other):
    found = put(clinic, total=33)
    with clinic.writing(clinic.therapist) as work:
        there = add_measure(work, opened_by(work, other), measure("pcl5_week", DAY, 20)).id

    assert asked_before_moving(clinic, found).endswith(
        "There is a PCL-5, past week of that day already."
    )
    with clinic.writing(clinic.therapist) as work:
        course = opened_by(work, other)
        withdraw_measure(work, course, find_measure(work, course, there), "entered twice")
    assert "already" not in asked_before_moving(clinic, found)


def opened_by(work, course_id):
    return open_course(work, course_id, Permission.RECORD_MEASURE)


def short(day):
    return f"{day.day} {day:%b %Y}"


@on_every_engine
def test_a_moved_measure_leaves_its_trace_and_nothing_of_the_other_patient(clinic, other):
    found = put(clinic, total=33, point="mid")
    correct(clinic, found, measure("pcl5_week", DAY, 35, point="mid"))

    move(clinic, found, " t-303 ")

    assert (kept(clinic, found).course_id, kept(clinic, found).point) == (other, None)
    with clinic.reading() as work:
        rows = work.session.scalars(select(Amendment).where(Amendment.subject_id == found)).all()
    here = {a.field: a for a in rows if a.course_id == other}
    (away,) = (a for a in rows if a.course_id == clinic.course.id)
    assert set(here) == {"total", "moved_here"}
    assert (away.field, away.new, away.reason) == ("moved_away", None, "two folders open")
    assert away.old == {
        "instrument": "pcl5_week",
        "taken_on": "2026-03-10",
        "point": "mid",
        "session": None,
    }
    assert not {"T-303", "Vera", "35", "33"} & set(str(vars(away)).replace("'", " ").split())


def test_both_records_have_their_audit_row(clinic, other):
    found = put(clinic, total=33)

    move(clinic, found)

    rows = of_event(clinic, "measure.moved")
    with clinic.reading(clinic.therapist) as work:
        there = open_course(work, other, Permission.RECORD_MEASURE).patient_id
    assert [row.patient_id for row in rows] == [clinic.course.patient_id, there]


@pytest.mark.parametrize(
    "case",
    [
        ("", "filed wrongly", "code", "Enter the code"),
        (None, "filed wrongly", "code", "Enter the code"),
        ("T-101", "filed wrongly", "code", "under this patient already"),
        ("T-999", "filed wrongly", "code", "None of your patients"),
        ("T-202", "filed wrongly", "code", "None of your patients"),
        ("T-303", None, "reason", "Say why"),
    ],
)
@pytest.mark.usefixtures("other")
def test_a_move_that_breaks_a_rule_changes_nothing(clinic, case):
    code, reason, field, said = case
    found = put(clinic, total=33)
    before = contents(clinic.database)

    with pytest.raises(RuleBroken, match=said) as refused:
        move(clinic, found, code, reason)

    assert refused.value.field == field
    assert contents(clinic.database) == before


def test_a_form_is_not_moved_to_where_its_day_cannot_be(clinic):
    with clinic.writing(clinic.therapist) as work:
        add_course(work, DAY, code="T-303")
    found = put(clinic, total=33, day=date(2025, 3, 1))

    with pytest.raises(RuleBroken, match="more than a year"):
        move(clinic, found)


def test_an_open_course_of_the_patient_comes_before_one_that_ended(clinic, other):
    with clinic.writing(clinic.therapist) as work:
        ended = open_course(work, other, Permission.EDIT_COURSE)
        ended.ended_on, ended.status = DAY, "completed"
        again = add_course(work, FIRST_DAY - timedelta(days=30), code="T-304")
        again.patient_id = ended.patient_id
        under_way = again.id
    found = put(clinic, total=33)

    move(clinic, found)

    assert kept(clinic, found).course_id == under_way


@pytest.mark.parametrize("service", [withdraw_measure, restore_measure])
def test_a_measure_of_another_course_is_not_reached(clinic, service):
    with pytest.raises(AccessDenied):
        act(clinic, service, clinic.course2.measures[0])
