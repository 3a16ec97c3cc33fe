"""A course: its overview, and the forms that start it and change what was agreed."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from ipt_tracker.clinical.course.protocols import PROTOCOLS
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission
from ipt_tracker.services import courses as service
from ipt_tracker.services.contracts import change_contract, expected_end
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.emergency.notices import facts_of
from ipt_tracker.services.outline import outline
from ipt_tracker.services.overview import read_overview
from ipt_tracker.services.unit_of_work import UnitOfWork
from ipt_tracker.web.courses import endings, focus
from ipt_tracker.web.courses.changes import Row, changed, form_page, the_patient
from ipt_tracker.web.courses.forms import ContractForm, NewCourseForm, PatientForm
from ipt_tracker.web.courses.line import course_line
from ipt_tracker.web.courses.overview import page_of
from ipt_tracker.web.drafts.taking_part import keeps_draft
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
        more["emergencies"] = facts_of(work, course)
        return course_page(work, "courses/show.html", found.facts, **more)


@courses.route("/<uuid:course_id>/patient", methods=["GET", "POST"])
@needs(Permission.EDIT_PATIENT)
@keeps_draft("The patient’s details")
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
@keeps_draft("The contract")
def edit_contract(course_id: UUID) -> ResponseReturnValue:
    """Agree another contract; the one before stays readable."""
    form = ContractForm()

    def change(work: UnitOfWork, course: Row) -> None:
        change_contract(work, course, form.contract())

    if changed(form, course_id, Permission.EDIT_COURSE, change):
        flash("The contract is changed. The one before stays readable.", "success")
        return _to_course(course_id)

    def prepare(work: UnitOfWork, course: Row) -> None:
        form.offer_spacing(course.spacing)
        form.prepare(course)
        form.expect(expected_end(outline(work, course), work.today))

    return form_page("courses/edit_contract.html", form, course_id, Permission.EDIT_COURSE, prepare)


PAGES: tuple[tuple[str, Callable[..., ResponseReturnValue], tuple[str, ...]], ...] = (
    ("/focal-areas/new", focus.open_focus, ("GET", "POST")),
    ("/focal-areas/<uuid:spell_id>", focus.show_focus, ("GET",)),
    ("/focal-areas/<uuid:spell_id>/end", focus.close_focus, ("GET", "POST")),
    ("/focal-areas/<uuid:spell_id>/switch", focus.switch_focus, ("GET", "POST")),
    ("/therapist", endings.transfer, ("GET", "POST")),
    ("/therapist/take-back", endings.take_back_transfer, ("GET", "POST")),
    ("/end", endings.end, ("GET", "POST")),
    ("/reopening", endings.reopen, ("GET", "POST")),
)
"""The focal areas of a course, and the ways in which it leaves its therapist."""
for address, view, methods in PAGES:
    courses.add_url_rule(f"/<uuid:course_id>{address}", view_func=view, methods=methods)


def _to_course(course_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("courses.show", course_id=course_id), 303)
