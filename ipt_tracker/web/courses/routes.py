"""A course: its overview, and the forms that start it, change it, hand it over and end it."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from ipt_tracker.clinical.course.focal_areas import focal_area_label
from ipt_tracker.clinical.course.protocols import PROTOCOLS
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission
from ipt_tracker.services import courses as service
from ipt_tracker.services import handovers
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.overview import read_overview
from ipt_tracker.services.people import therapists
from ipt_tracker.services.unit_of_work import UnitOfWork
from ipt_tracker.web.courses.changes import Row, changed, form_page, the_patient
from ipt_tracker.web.courses.forms import (
    CloseFocusForm,
    ContractForm,
    EndForm,
    NewCourseForm,
    OpenFocusForm,
    PatientForm,
    TransferForm,
)
from ipt_tracker.web.courses.line import course_line
from ipt_tracker.web.courses.overview import page_of
from ipt_tracker.web.policy import needs
from ipt_tracker.web.schedules.rows import COLUMNS, proposed
from ipt_tracker.web.strip import course_page
from ipt_tracker.web.work import begin_reading, begin_work, given

courses = Blueprint("courses", __name__, url_prefix="/courses")


@courses.route("/new", methods=["GET", "POST"])
@needs(Permission.START_COURSE)
def new() -> ResponseReturnValue:
    """Take on a patient: who they are and what was agreed, on one page."""
    form = NewCourseForm()
    if form.validate_on_submit():
        try:
            with begin_work() as work:
                course = service.start_course(work, form.patient(), form.course())
        except RuleBroken as broken:
            form.reject(broken)
        else:
            flash("The course is started.", "success")
            return _to_course(course.id)
    elif not form.is_submitted():
        form.started_on.data = given().today()
        form.measures.form.start()
    page = render_template(
        "courses/new.html",
        form=form,
        protocols=PROTOCOLS.values(),
        columns=COLUMNS,
        proposals=proposed(),
    )
    return page, form.http_status


@courses.route("/<uuid:course_id>", methods=["GET"])
@needs(Permission.OPEN_COURSE)
def show(course_id: UUID) -> ResponseReturnValue:
    """Show where a course stands, what comes next and what was agreed."""
    with begin_reading() as work:
        course = open_course(work, course_id, Permission.OPEN_COURSE)
        found = read_overview(work, course)
        more = {"found": found, "line": course_line(found), "page": page_of(found, work.today)}
        return course_page(work, "courses/show.html", found.facts, **more)


@courses.route("/<uuid:course_id>/patient", methods=["GET", "POST"])
@needs(Permission.EDIT_PATIENT)
def edit_patient(course_id: UUID) -> ResponseReturnValue:
    """Change what is known of the patient."""
    form = PatientForm()
    permission = Permission.EDIT_PATIENT

    def change(work: UnitOfWork, course: Row) -> None:
        service.change_patient(work, course, form.patient())

    if changed(form, course_id, permission, change, of=the_patient):
        flash("The patient's details are changed. The old ones are kept.", "success")
        return _to_course(course_id)

    def prepare(_: UnitOfWork, course: Row) -> None:
        form.prepare(course.patient)

    return form_page("courses/edit_patient.html", form, course_id, permission, prepare)


@courses.route("/<uuid:course_id>/contract", methods=["GET", "POST"])
@needs(Permission.EDIT_COURSE)
def edit_contract(course_id: UUID) -> ResponseReturnValue:
    """Agree another contract; the one before stays readable."""
    form = ContractForm()

    def change(work: UnitOfWork, course: Row) -> None:
        service.change_contract(work, course, form.contract())

    if changed(form, course_id, Permission.EDIT_COURSE, change):
        flash("The contract is changed. The one before stays readable.", "success")
        return _to_course(course_id)

    def prepare(_: UnitOfWork, course: Row) -> None:
        form.offer_spacing(course.spacing)
        form.prepare(course)

    return form_page("courses/edit_contract.html", form, course_id, Permission.EDIT_COURSE, prepare)


@courses.route("/<uuid:course_id>/focal-areas/new", methods=["GET", "POST"])
@needs(Permission.EDIT_COURSE)
def open_focus(course_id: UUID) -> ResponseReturnValue:
    """Take up a focal area."""
    form = OpenFocusForm()

    def change(work: UnitOfWork, course: Row) -> None:
        service.open_focus(work, course, form.focus())

    if changed(form, course_id, Permission.EDIT_COURSE, change):
        flash("The focal area is opened.", "success")
        return _to_course(course_id)

    def prepare(work: UnitOfWork, course: Row) -> None:
        form.prepare(course, started_on=work.today)

    return form_page("courses/open_focus.html", form, course_id, Permission.EDIT_COURSE, prepare)


@courses.route("/<uuid:course_id>/focal-areas/<uuid:spell_id>/end", methods=["GET", "POST"])
@needs(Permission.EDIT_COURSE)
def close_focus(course_id: UUID, spell_id: UUID) -> ResponseReturnValue:
    """Leave a focal area."""
    form = CloseFocusForm()

    def change(work: UnitOfWork, course: Row) -> None:
        spell = service.find_spell(course, spell_id)
        service.close_focus(work, course, spell, form.ended_on.data, form.reason.data)

    if changed(form, course_id, Permission.EDIT_COURSE, change):
        flash("The focal area is closed.", "success")
        return _to_course(course_id)

    def prepare(work: UnitOfWork, course: Row) -> None:
        form.prepare(course, ended_on=work.today)
        form.area = focal_area_label(service.find_spell(course, spell_id).area)

    return form_page("courses/close_focus.html", form, course_id, Permission.EDIT_COURSE, prepare)


@courses.route("/<uuid:course_id>/therapist", methods=["GET", "POST"])
@needs(Permission.TRANSFER_COURSE)
def transfer(course_id: UUID) -> ResponseReturnValue:
    """Hand the course to another therapist, from a day on."""
    form = TransferForm()

    def change(work: UnitOfWork, course: Row) -> None:
        handovers.transfer(work, course, form.therapist_id(), form.day.data, form.reason.data)

    if changed(form, course_id, Permission.TRANSFER_COURSE, change):
        flash("The hand-over is arranged.", "success")
        return redirect(url_for("caseload.show"), 303)

    def prepare(work: UnitOfWork, course: Row) -> None:
        form.offer(handovers.others(work, course, therapists(work)))
        form.prepare(course, day=work.today)

    return form_page("courses/transfer.html", form, course_id, Permission.TRANSFER_COURSE, prepare)


@courses.route("/<uuid:course_id>/end", methods=["GET", "POST"])
@needs(Permission.EDIT_COURSE)
def end(course_id: UUID) -> ResponseReturnValue:
    """Close the course."""
    form = EndForm()

    def change(work: UnitOfWork, course: Row) -> None:
        handovers.end_course(work, course, form.ending())

    if changed(form, course_id, Permission.EDIT_COURSE, change):
        flash("The course is closed. Its whole record stays readable.", "success")
        return _to_course(course_id)

    def prepare(work: UnitOfWork, course: Row) -> None:
        form.prepare(course, ended_on=work.today)

    return form_page("courses/end.html", form, course_id, Permission.EDIT_COURSE, prepare)


def _to_course(course_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("courses.show", course_id=course_id), 303)
