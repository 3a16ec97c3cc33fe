"""The appointments of a course: book one or the rest, move one, take one back."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission
from ipt_tracker.services import appointments as service
from ipt_tracker.services.appointments import AppointmentEntry, entry_of, find_appointment
from ipt_tracker.services.booking import Booked, proposal, read_booked, rest_of
from ipt_tracker.services.clashes import check_clashes
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.outline import Outline, outline
from ipt_tracker.services.unit_of_work import UnitOfWork
from ipt_tracker.web.appointments.forms import AppointmentForm, ButtonForm, RestForm, TimeForm
from ipt_tracker.web.appointments.rows import booked_words, lines, summary
from ipt_tracker.web.courses.changes import Row
from ipt_tracker.web.policy import needs
from ipt_tracker.web.strip import course_page
from ipt_tracker.web.work import begin_reading, begin_work

appointments = Blueprint(
    "appointments", __name__, url_prefix="/courses/<uuid:course_id>/appointments"
)
NEEDED = Permission.RECORD_SESSION


@appointments.route("", methods=["GET"])
@needs(Permission.OPEN_COURSE)
def list_all(course_id: UUID) -> ResponseReturnValue:
    """Show what is booked in a course, and what was taken back lately."""
    with begin_reading() as work:
        course = open_course(work, course_id, Permission.OPEN_COURSE)
        facts, booked = outline(work, course), read_booked(work, course)
        gone = service.taken_back_lately(work, course)
        return course_page(
            work,
            "appointments/list_all.html",
            facts,
            booked=lines(booked.ahead),
            gone=lines(gone),
            summary=summary(facts, len(booked.ahead)),
            rest=len(rest_of(facts, booked, work.today)),
            form=ButtonForm(formdata=None),
        )


@appointments.route("/new", methods=["GET", "POST"])
@needs(NEEDED)
def book(course_id: UUID) -> ResponseReturnValue:
    """Book one appointment; the last one and the spacing propose when."""
    form = AppointmentForm()

    def change(work: UnitOfWork, course: Row) -> list[Row]:
        entry = form.entry()
        _ask(work, form, [entry])
        return [service.book(work, course, entry)]

    if _kept(form, course_id, change):
        return _back(course_id)

    def prepare(work: UnitOfWork, facts: Outline, booked: Booked) -> dict[str, object]:
        proposed = proposal(facts, booked, work.today)
        form.start(proposed)
        return {"proposed": proposed, "ahead": lines(booked.ahead)}

    return _form_page("appointments/book.html", form, course_id, prepare)


@appointments.route("/rest", methods=["GET", "POST"])
@needs(NEEDED)
def book_rest(course_id: UUID) -> ResponseReturnValue:
    """Book all that is left of the contract at once; each day can be unticked."""
    form = RestForm()

    def change(work: UnitOfWork, course: Row) -> tuple[Row, ...]:
        facts = outline(work, course)
        entries = form.entries(rest_of(facts, read_booked(work, course), work.today))
        _ask(work, form, entries)
        return service.book_all(work, course, entries)

    if _kept(form, course_id, change):
        return _back(course_id)

    def prepare(work: UnitOfWork, facts: Outline, booked: Booked) -> dict[str, object]:
        proposed = rest_of(facts, booked, work.today)
        form.offer(proposed)
        return {"proposed": proposed}

    return _form_page("appointments/book_rest.html", form, course_id, prepare)


@appointments.route("/<uuid:appointment_id>/move", methods=["GET", "POST"])
@needs(NEEDED)
def move(course_id: UUID, appointment_id: UUID) -> ResponseReturnValue:
    """Book another time in place of one that is booked."""
    form = AppointmentForm()

    def change(work: UnitOfWork, course: Row) -> list[Row]:
        row, entry = find_appointment(work, course, appointment_id), form.entry()
        _ask(work, form, [entry], leaving=appointment_id)
        return [service.move(work, course, row, entry)]

    if _kept(form, course_id, change):
        return _back(course_id)

    def prepare(work: UnitOfWork, facts: Outline, _: Booked) -> dict[str, object]:
        row = find_appointment(work, facts.course, appointment_id)
        form.start(entry_of(row))
        return {"moved": lines([row])[0]}

    return _form_page("appointments/move.html", form, course_id, prepare)


@appointments.route("/<uuid:appointment_id>/take-back", methods=["POST"])
@needs(NEEDED)
def take_back(course_id: UUID, appointment_id: UUID) -> ResponseReturnValue:
    """Take one appointment back. The list offers to book it again."""

    def change(work: UnitOfWork, course: Row) -> None:
        service.take_back(work, course, find_appointment(work, course, appointment_id))

    return _pressed(course_id, change, "Taken back. It can be booked again from this page.")


@appointments.route("/<uuid:appointment_id>/again", methods=["POST"])
@needs(NEEDED)
def book_again(course_id: UUID, appointment_id: UUID) -> ResponseReturnValue:
    """Book what was taken back, as it was."""

    def change(work: UnitOfWork, course: Row) -> None:
        entry = entry_of(find_appointment(work, course, appointment_id))
        service.book(work, course, entry)

    return _pressed(course_id, change, "Booked again.")


def _ask(
    work: UnitOfWork,
    form: TimeForm,
    entries: list[AppointmentEntry] | tuple[AppointmentEntry, ...],
    leaving: UUID | None = None,
) -> None:
    if not form.is_sure:
        check_clashes(work, entries, leaving=leaving)


def _kept(
    form: TimeForm,
    course_id: UUID,
    change: Callable[[UnitOfWork, Row], list[Row] | tuple[Row, ...]],
) -> bool:
    """Keep what the form says; False when nothing was kept, and the form says why."""
    if not form.validate_on_submit():
        return False
    try:
        with begin_work() as work:
            rows = change(work, open_course(work, course_id, NEEDED))
            said = booked_words(rows)
    except RuleBroken as broken:
        form.reject(broken)
        return False
    flash(said, "success")
    return True


def _pressed(
    course_id: UUID, change: Callable[[UnitOfWork, Row], None], said: str
) -> ResponseReturnValue:
    form = ButtonForm()
    if form.validate_on_submit():
        try:
            with begin_work() as work:
                change(work, open_course(work, course_id, NEEDED))
        except RuleBroken as broken:
            flash(broken.message, "warning")
        else:
            flash(said, "success")
    return _back(course_id)


def _back(course_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("appointments.list_all", course_id=course_id), 303)


def _form_page(
    template: str,
    form: TimeForm,
    course_id: UUID,
    prepare: Callable[[UnitOfWork, Outline, Booked], dict[str, object]],
) -> ResponseReturnValue:
    with begin_reading() as work:
        course = open_course(work, course_id, NEEDED)
        facts, booked = outline(work, course), read_booked(work, course)
        more = prepare(work, facts, booked)
        page = course_page(work, template, facts, form=form, **more)
    return page, 422 if form.errors or form.form_errors else 200
