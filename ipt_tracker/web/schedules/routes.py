"""The schedule of a course that is under way: what is given when, from now on."""

from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from ipt_tracker.clinical.course.schedule import default_schedule
from ipt_tracker.governance.access import Permission
from ipt_tracker.services.schedules import PointKey, change_schedule, schedule_of
from ipt_tracker.services.unit_of_work import UnitOfWork
from ipt_tracker.web.courses.changes import Row, changed, form_page
from ipt_tracker.web.policy import needs
from ipt_tracker.web.schedules.forms import ScheduleForm
from ipt_tracker.web.schedules.rows import COLUMNS, passed_words, proposed

schedules = Blueprint("schedules", __name__, url_prefix="/courses/<uuid:course_id>/schedule")


@schedules.route("", methods=["GET", "POST"])
@needs(Permission.EDIT_COURSE)
def edit(course_id: UUID) -> ResponseReturnValue:
    """Agree another schedule; the one before stays readable."""
    form = ScheduleForm()
    passed: list[PointKey] = []

    def change(work: UnitOfWork, course: Row) -> None:
        schedule = form.grid.form.schedule()
        passed.extend(change_schedule(work, course, schedule, form.reason.data))

    if changed(form, course_id, Permission.EDIT_COURSE, change):
        flash("The schedule is changed. What is due follows it from now on.", "success")
        if passed:
            flash(passed_words(passed), "warning")
        return redirect(url_for("courses.show", course_id=course_id), 303)

    def prepare(_: UnitOfWork, course: Row) -> None:
        form.prepare(course)
        now = schedule_of(course)
        usual = default_schedule(course.protocol, course.patient.primary_diagnosis)
        form.start_from(usual.schedule if now is None else now)

    more = {"columns": COLUMNS, "proposals": proposed()}
    return form_page(
        "schedules/edit.html", form, course_id, Permission.EDIT_COURSE, prepare, **more
    )
