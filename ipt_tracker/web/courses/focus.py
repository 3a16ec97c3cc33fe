"""The pages of a focal area: taking one up, its work so far, leaving it, switching it."""

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from ipt_tracker.clinical.course.focal_areas import DISPUTE, ROLE_TRANSITION, focal_area_label
from ipt_tracker.governance.access import Permission
from ipt_tracker.services import focal_areas as service
from ipt_tracker.services.clinic_settings import focal_areas
from ipt_tracker.services.course_work import goals_of_spell
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.outline import outline
from ipt_tracker.services.unit_of_work import UnitOfWork
from ipt_tracker.web.courses.changes import Row, changed, form_page
from ipt_tracker.web.courses.focus_forms import CloseFocusForm, OpenFocusForm, SwitchFocusForm
from ipt_tracker.web.courses.focus_view import focus_view
from ipt_tracker.web.policy import needs
from ipt_tracker.web.strip import course_page
from ipt_tracker.web.work import begin_reading


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
        form.offer(focal_areas(work))

    return form_page("courses/open_focus.html", form, course_id, Permission.EDIT_COURSE, prepare)


@needs(Permission.OPEN_COURSE)
def show_focus(course_id: UUID, spell_id: UUID) -> ResponseReturnValue:
    """Show the work on one focal area: its goals, its strategies, its stages."""
    with begin_reading() as work:
        course = open_course(work, course_id, Permission.OPEN_COURSE)
        spell = service.find_spell(course, spell_id)
        done = service.worked_on(work, course, spell)
        view = focus_view(spell, done, goals_of_spell(work, course, spell))
        return course_page(
            work, "courses/focus.html", outline(work, course), spell=spell, view=view
        )


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


@needs(Permission.EDIT_COURSE)
def switch_focus(course_id: UUID, spell_id: UUID) -> ResponseReturnValue:
    """Leave a focal area for another one: a dispute that dissolved becomes a role transition."""
    form = SwitchFocusForm()

    def change(work: UnitOfWork, course: Row) -> None:
        service.switch_focus(work, course, service.find_spell(course, spell_id), form.switch())

    if changed(form, course_id, Permission.EDIT_COURSE, change):
        flash("The focus is switched. Write the formulation anew while it is fresh.", "success")
        return _to_course(course_id)

    def prepare(work: UnitOfWork, course: Row) -> None:
        spell = service.find_spell(course, spell_id)
        usual = ROLE_TRANSITION if spell.area == DISPUTE else None
        form.prepare(course, started_on=work.today, focal_area=usual)
        form.offer(focal_areas(work), leave_out=spell.area)
        form.area = focal_area_label(spell.area)

    return form_page("courses/switch_focus.html", form, course_id, Permission.EDIT_COURSE, prepare)


def _to_course(course_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("courses.show", course_id=course_id), 303)
