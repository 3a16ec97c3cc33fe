"""Reports of a caseload: asked for, made one by one, cancelled, taken away whole, then removed."""

import io
import zipfile
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import select, update

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import AccessDenied
from ipt_tracker.governance.disguise import Disguise
from ipt_tracker.persistence.erasure import erase_patient
from ipt_tracker.persistence.models import (
    Assignment,
    Course,
    ReportBatch,
    ReportBatchPart,
)
from ipt_tracker.services.report_batches import asking
from ipt_tracker.services.report_batches.asking import Wanted, ask
from ipt_tracker.services.report_batches.batches import KEPT, Kind, State, own_batches, read_batch
from ipt_tracker.services.report_batches.making import (
    NO_ACCESS,
    cancel,
    draw_next,
    keep_drawn,
    remove_expired,
)
from ipt_tracker.services.report_batches.taking import UNNAMED, take
from tests.factories.pdfs import said
from tests.factories.report_batches import REASON, asked, more_courses
from tests.factories.stores import on_every_engine
from tests.factories.tables import audit_rows

DISGUISE = Disguise(b"k" * 32)


def make_one(clinic, batch_id, person=None):
    person = person or clinic.therapist
    with clinic.reading(person) as work:
        drawn = draw_next(work, batch_id, "1.2.3", DISGUISE)
    with clinic.writing(person) as work:
        return keep_drawn(work, batch_id, drawn)


def make_all(clinic, batch_id, person=None):
    while make_one(clinic, batch_id, person):
        pass


def seen(clinic, batch_id, person=None):
    with clinic.reading(person or clinic.therapist) as work:
        return read_batch(work, batch_id)


def taken(clinic, batch_id, person=None):
    with clinic.writing(person or clinic.therapist) as work:
        return take(work, batch_id, DISGUISE)


def opened(file):
    return zipfile.ZipFile(io.BytesIO(file.content))


def contents_of(clinic):
    with clinic.reading() as work:
        return list(work.session.scalars(select(ReportBatchPart.content)))


def events(clinic, name):
    return [row for row in audit_rows(clinic.database) if row.event == name]


def give_to(clinic, course_id, person):
    """Hand a course to somebody else from today on."""
    with clinic.writing() as work:
        of_course = Assignment.course_id == course_id
        work.session.execute(update(Assignment).where(of_course).values(therapist_id=person.id))


def has_died(clinic, course_id):
    """Write down that the patient of a course died: there is no letter to write."""
    with clinic.writing() as work:
        course = work.session.get(Course, course_id)
        course.disposition, course.status, course.ended_on = "deceased", "closed", clinic.today


def later(clinic, by):
    now = clinic.now + by
    return replace(clinic, now=now, today=now.date())


@on_every_engine
def test_a_caseload_is_made_one_by_one_and_taken_as_one_file_after_which_nothing_is_kept(clinic):
    more_courses(clinic, 2)
    batch_id = asked(clinic)
    assert [(p.code, p.has_report) for p in seen(clinic, batch_id).parts] == [
        ("M-01", False),
        ("M-02", False),
        ("T-101", False),
    ]

    assert make_one(clinic, batch_id) is True
    assert (seen(clinic, batch_id).state, seen(clinic, batch_id).made) == (State.MAKING, 1)
    make_all(clinic, batch_id)
    assert seen(clinic, batch_id).state is State.READY
    file = taken(clinic, batch_id)

    zipped = opened(file)
    assert zipped.testzip() is None
    pdfs = [name for name in zipped.namelist() if name.endswith(".pdf")]
    assert pdfs == [f"{code}-progress-report.pdf" for code in ("M-01", "M-02", "T-101")]
    for name in pdfs:
        code = name.removesuffix("-progress-report.pdf")
        others = {"M-01", "M-02", "T-101"} - {code}
        text = said(zipped.read(name))
        assert code in text
        assert not any(other in text for other in others)
    assert set(contents_of(clinic)) == {None}
    assert (seen(clinic, batch_id).state, seen(clinic, batch_id).made) == (State.TAKEN, 3)


def test_what_is_asked_for_made_and_taken_is_written_down_with_count_and_digest(clinic):
    batch_id = asked(clinic)
    make_all(clinic, batch_id)
    file = taken(clinic, batch_id)

    (begun,), (whole,) = events(clinic, "batch.asked"), events(clinic, "batch.finished")
    (left,), (printed,) = events(clinic, "batch.downloaded"), events(clinic, "report.printed")
    assert {row.subject_id for row in (begun, whole, left)} == {str(batch_id)}
    assert begun.details == {
        "kind": "progress",
        "disguised": False,
        "courses": 1,
        "which": "all open",
        "reason": REASON,
    }
    assert whole.details == {"reports": 1, "left_out": []}
    assert left.details == {
        "reports": 1,
        "left_out": 0,
        "courses": [str(clinic.course.id)],
        "bytes": len(file.content),
        "sha256": sha256(file.content).hexdigest(),
    }
    assert printed.patient_id == clinic.course.patient_id
    (opened_course,) = events(clinic, "course.opened")
    assert opened_course.details == {"permission": "print_report"}


def test_nothing_is_handed_out_before_all_is_made(clinic):
    more_courses(clinic, 1)
    batch_id = asked(clinic)
    make_one(clinic, batch_id)

    with pytest.raises(RuleBroken, match="Not all reports are made yet"):
        taken(clinic, batch_id)

    assert events(clinic, "batch.downloaded") == []


def test_a_course_that_cannot_be_reported_on_is_left_out_and_named(clinic):
    other = more_courses(clinic, 1)[0]
    has_died(clinic, other)
    both = frozenset({other, clinic.course.id})
    batch_id = asked(clinic, kind=Kind.LETTER, courses=both)
    make_all(clinic, batch_id)

    (left,) = seen(clinic, batch_id).left_out
    assert (left.code, "has died" in left.left_out) == ("M-01", True)
    (finished,) = events(clinic, "batch.finished")
    assert finished.details == {"reports": 1, "left_out": [str(other)]}
    zipped = opened(taken(clinic, batch_id))
    assert zipped.namelist() == ["list.csv", "T-101-letter.pdf"]
    assert left.left_out in zipped.read("list.csv").decode()


def test_without_names_the_list_says_only_that_there_is_no_report(clinic):
    more_courses(clinic, 1)
    batch_id = asked(clinic, disguised=True)
    make_one(clinic, batch_id)
    give_to(clinic, clinic.course.id, clinic.therapist2)
    make_all(clinic, batch_id)

    listed = opened(taken(clinic, batch_id)).read("list.csv").decode()

    assert f"{DISGUISE.code(clinic.course.patient_id)},,{UNNAMED}" in listed
    assert clinic.course.code not in listed


def test_without_names_the_file_is_in_the_order_of_codes_that_mean_nothing(clinic):
    more_courses(clinic, 5)
    batch_id = asked(clinic, disguised=True)
    make_all(clinic, batch_id)

    zipped = opened(taken(clinic, batch_id))

    rows = zipped.read("list.csv").decode("utf-8-sig").splitlines()[1:]
    codes = [row.partition(",")[0] for row in rows]
    assert len(codes) == 6
    assert codes == sorted(codes)
    files = [name.removesuffix("-progress-report.pdf") for name in zipped.namelist()[1:]]
    assert files == codes


@on_every_engine
def test_what_is_withdrawn_in_the_middle_is_left_out_and_named(clinic):
    first, second = more_courses(clinic, 2)
    batch_id = asked(clinic)
    make_one(clinic, batch_id)
    give_to(clinic, second, clinic.therapist2)
    make_all(clinic, batch_id)
    assert [(p.code, p.left_out) for p in seen(clinic, batch_id).left_out] == [("M-02", NO_ACCESS)]

    give_to(clinic, first, clinic.therapist2)
    zipped = opened(taken(clinic, batch_id))

    assert zipped.namelist() == ["list.csv", "T-101-progress-report.pdf"]
    assert zipped.read("list.csv").decode().count(NO_ACCESS) == 2
    assert [p.code for p in seen(clinic, batch_id).left_out] == ["M-01", "M-02"]


def test_when_no_report_is_left_to_take_there_is_no_file_and_nothing_is_kept(clinic):
    batch_id = asked(clinic)
    make_all(clinic, batch_id)
    give_to(clinic, clinic.course.id, clinic.therapist2)

    assert taken(clinic, batch_id) is None

    assert seen(clinic, batch_id).state is State.CANCELLED
    assert contents_of(clinic) == [None]
    assert events(clinic, "batch.downloaded") == []


def test_a_supervisor_whose_supervision_ended_takes_nothing(clinic):
    batch_id = asked(clinic, clinic.supervisor)
    make_all(clinic, batch_id, clinic.supervisor)

    with clinic.writing(clinic.supervisor) as work:
        alone = replace(work, actor=clinic.supervisor.actor())
        assert take(alone, batch_id, DISGUISE) is None


@pytest.mark.parametrize("made", [0, 1, 2])
def test_cancelling_removes_what_was_made_at_any_time(clinic, made):
    more_courses(clinic, 1)
    batch_id = asked(clinic)
    for _ in range(made):
        make_one(clinic, batch_id)

    with clinic.writing(clinic.therapist) as work:
        cancel(work, batch_id)

    assert contents_of(clinic) == [None, None]
    assert seen(clinic, batch_id).state is State.CANCELLED
    (row,) = events(clinic, "batch.cancelled")
    assert row.details == {"reports": made, "why": "cancelled by who asked"}
    for act in (cancel, lambda work, which: take(work, which, DISGUISE)):
        with (
            pytest.raises(RuleBroken, match="cancelled already"),
            clinic.writing(clinic.therapist) as work,
        ):
            act(work, batch_id)


@on_every_engine
def test_a_report_that_was_being_drawn_while_somebody_cancelled_is_dropped(clinic):
    batch_id = asked(clinic)
    with clinic.reading(clinic.therapist) as work:
        drawn = draw_next(work, batch_id, "1.2.3", DISGUISE)
    with clinic.writing(clinic.therapist) as work:
        cancel(work, batch_id)

    with clinic.writing(clinic.therapist) as work:
        assert keep_drawn(work, batch_id, drawn) is False

    assert contents_of(clinic) == [None]
    assert make_one(clinic, batch_id) is False


def test_a_report_that_two_windows_drew_is_kept_once(clinic):
    more_courses(clinic, 1)
    batch_id = asked(clinic)
    with clinic.reading(clinic.therapist) as work:
        drawn = draw_next(work, batch_id, "1.2.3", DISGUISE)
    make_one(clinic, batch_id)
    kept = contents_of(clinic)

    with clinic.writing(clinic.therapist) as work:
        assert keep_drawn(work, batch_id, replace(drawn, content=b"another")) is True

    assert contents_of(clinic) == kept


@on_every_engine
def test_what_nobody_took_in_a_day_is_removed_by_the_clock(clinic):
    batch_id = asked(clinic)
    make_all(clinic, batch_id)
    just_before = later(clinic, KEPT - timedelta(seconds=1))
    with just_before.writing() as work:
        assert remove_expired(work) == 0
    assert seen(just_before, batch_id).state is State.READY

    tomorrow = later(clinic, KEPT)
    assert seen(tomorrow, batch_id).state is State.EXPIRED
    with (
        pytest.raises(RuleBroken, match="after 24 hours"),
        tomorrow.writing(clinic.therapist) as work,
    ):
        take(work, batch_id, DISGUISE)
    with tomorrow.writing() as work:
        assert remove_expired(work) == 1
        assert remove_expired(work) == 0

    assert contents_of(clinic) == [None]
    assert seen(tomorrow, batch_id).state is State.EXPIRED
    (row,) = events(clinic, "batch.cancelled")
    assert (row.actor_id, row.details["why"]) == (None, "not taken in 24 hours")


def test_a_batch_is_its_own_persons_and_looks_to_others_as_if_it_did_not_exist(clinic):
    batch_id = asked(clinic)
    acts = [
        read_batch,
        cancel,
        lambda work, which: draw_next(work, which, "1.2.3", DISGUISE),
        lambda work, which: keep_drawn(work, which, None),
        lambda work, which: take(work, which, DISGUISE),
    ]

    for person in (clinic.therapist2, clinic.supervisor, clinic.admin, clinic.auditor):
        for act in acts:
            with pytest.raises(AccessDenied), clinic.writing(person) as work:
                act(work, batch_id)

    with clinic.reading(clinic.supervisor) as work:
        assert own_batches(work) == ()


def test_without_names_the_file_names_its_reports_by_other_codes(clinic):
    batch_id = asked(clinic, disguised=True)
    make_all(clinic, batch_id)

    zipped = opened(taken(clinic, batch_id))

    code = DISGUISE.code(clinic.course.patient_id)
    assert zipped.namelist() == ["list.csv", f"{code}-progress-report.pdf"]
    everything = [zipped.read("list.csv").decode(), said(zipped.read(zipped.namelist()[1]))]
    for text in everything:
        assert code in text
        assert clinic.course.code not in text
        assert clinic.course.name not in text


def test_chosen_courses_alone_are_reported_on_also_those_that_have_ended(clinic):
    chosen = more_courses(clinic, 2)[1]
    with clinic.writing() as work:
        ended = work.session.get(Course, chosen)
        ended.status, ended.ended_on = "completed", clinic.today

    batch_id = asked(clinic, courses=frozenset({chosen}), kind=Kind.LETTER)

    assert [p.course_id for p in seen(clinic, batch_id).parts] == [chosen]
    with clinic.writing(clinic.therapist) as work:
        cancel(work, batch_id)
    every_open = seen(clinic, asked(clinic)).parts
    assert [p.code for p in every_open] == ["M-01", "T-101"]


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"kind": Kind.LETTER, "disguised": True}, "written to the patient by name"),
        ({"courses": frozenset()}, "Tick at least one course"),
    ],
)
def test_what_cannot_be_meant_is_refused(clinic, wanted, words):
    with pytest.raises(RuleBroken, match=words):
        asked(clinic, **wanted)


def test_a_course_of_somebody_else_cannot_be_chosen(clinic):
    with pytest.raises(RuleBroken, match="no longer open to you"):
        asked(clinic, courses=frozenset({clinic.course.id, clinic.course2.id}))

    with clinic.reading() as work:
        assert work.session.scalars(select(ReportBatch)).all() == []


def test_one_batch_at_a_time_and_no_more_than_one_file_holds(clinic, monkeypatch):
    batch_id = asked(clinic)
    with pytest.raises(RuleBroken, match="Take or cancel these first"):
        asked(clinic)
    with clinic.writing(clinic.therapist) as work:
        cancel(work, batch_id)
    more_courses(clinic, 1)
    monkeypatch.setattr(asking, "MOST", 1)

    with pytest.raises(RuleBroken, match="at most"):
        asked(clinic)


def test_nobody_without_patients_asks_for_reports(clinic):
    for person in (clinic.admin, clinic.auditor, clinic.assessor):
        with pytest.raises(AccessDenied), clinic.writing(person) as work:
            ask(work, Wanted(Kind.PROGRESS, disguised=False, reason="x"))


@on_every_engine
def test_removing_a_patient_removes_the_parts_of_a_batch_and_the_rest_is_finished(clinic):
    more_courses(clinic, 1)
    batch_id = asked(clinic)
    make_one(clinic, batch_id)
    with clinic.writing() as work:
        removed = erase_patient(work.session, clinic.course.patient_id)

    assert removed["report_batch_part"] == 1
    make_all(clinic, batch_id)
    zipped = opened(taken(clinic, batch_id))
    assert zipped.namelist() == ["list.csv", "M-01-progress-report.pdf"]
    assert clinic.course.code not in zipped.read("list.csv").decode()
