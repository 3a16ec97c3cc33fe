"""The pages with which a course leaves its therapist, and those that take that back."""

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from ipt_tracker.governance.access import Permission
from ipt_tracker.services import endings as service
from ipt_tracker.services import handovers
from ipt_tracker.services.people import therapists
from ipt_tracker.services.unit_of_work import UnitOfWork
from ipt_tracker.web.courses.changes import Row, changed, form_page
from ipt_tracker.web.courses.ending_forms import EndForm, ReopenForm, TakeBackForm, TransferForm
from ipt_tracker.web.page import day_year
from ipt_tracker.web.policy import needs
from ipt_tracker.web.work import given


@needs(Permission.TRANSFER_COURSE)
def transfer(course_id: UUID) -> ResponseReturnValue:
    """Hand the course to another therapist, from a day on."""
    form = TransferForm()
    to: list[str] = []

    def change(work: UnitOfWork, course: Row) -> None:
        said = (form.therapist_id(), form.day.data, form.reason.data)
        to.append(handovers.transfer(work, course, *said).therapist.display_name)

    if changed(form, course_id, Permission.TRANSFER_COURSE, change):
        flash(f"Handed over to {to[0]}, from {day_year(form.day.data)}.", "success")
        later = form.day.data > given().today()
        return _to_course(course_id) if later else redirect(url_for("caseload.show"), 303)

    def prepare(work: UnitOfWork, course: Row) -> None:
        form.offer(handovers.others(work, course, therapists(work)))
        form.prepare(course, day=work.today)
        coming = handovers.arranged(work, course)
        if coming is not None:
            form.arranged = f"{coming.therapist.display_name}, {day_year(coming.started_on)}"

    return form_page("courses/transfer.html", form, course_id, Permission.TRANSFER_COURSE, prepare)


@needs(Permission.TRANSFER_COURSE)
def take_back_transfer(course_id: UUID) -> ResponseReturnValue:
    """Take back a hand-over that has not taken place."""
    form = TakeBackForm()

    def change(work: UnitOfWork, course: Row) -> None:
        handovers.take_back(work, course, form.reason.data)

    if changed(form, course_id, Permission.TRANSFER_COURSE, change):
        flash("The hand-over is taken back. The course stays where it is.", "success")
        return _to_course(course_id)

    def prepare(_: UnitOfWork, course: Row) -> None:
        form.prepare(course)

    return form_page("courses/take_back.html", form, course_id, Permission.TRANSFER_COURSE, prepare)


@needs(Permission.EDIT_COURSE)
def end(course_id: UUID) -> ResponseReturnValue:
    """Close the course."""
    form = EndForm()

    def change(work: UnitOfWork, course: Row) -> None:
        service.end_course(work, course, form.ending())

    if changed(form, course_id, Permission.EDIT_COURSE, change):
        flash("The course is closed. Its whole record stays readable.", "success")
        return _to_course(course_id)

    def prepare(work: UnitOfWork, course: Row) -> None:
        form.prepare(course, ended_on=work.today)
        form.falls_short = service.falls_short(work, course)

    return form_page("courses/end.html", form, course_id, Permission.EDIT_COURSE, prepare)


@needs(Permission.EDIT_COURSE)
def reopen(course_id: UUID) -> ResponseReturnValue:
    """Let a course that ended go on."""
    form = ReopenForm()

    def change(work: UnitOfWork, course: Row) -> None:
        service.reopen_course(work, course, form.reason.data)

    if changed(form, course_id, Permission.EDIT_COURSE, change):
        flash("The course goes on. How it had ended stays readable.", "success")
        return _to_course(course_id)

    def prepare(_: UnitOfWork, course: Row) -> None:
        form.prepare(course)

    return form_page("courses/reopen.html", form, course_id, Permission.EDIT_COURSE, prepare)


def _to_course(course_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("courses.show", course_id=course_id), 303)
