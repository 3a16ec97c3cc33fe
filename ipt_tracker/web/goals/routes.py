"""The goals of a course: add, reword, review, take off, put back."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from ipt_tracker.services import goals as service
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.merging import keep_not_taken
from ipt_tracker.services.outline import outline
from ipt_tracker.services.unit_of_work import UnitOfWork
from ipt_tracker.web.courses.changes import changed, form_page
from ipt_tracker.web.drafts.kept import drop_draft, take_up
from ipt_tracker.web.drafts.meeting import hold_draft, merge_page
from ipt_tracker.web.drafts.taking_part import keeps_draft
from ipt_tracker.web.goals.forms import GoalForm, ReviewForm
from ipt_tracker.web.kept_rows import EDIT, Row, kept, pressed
from ipt_tracker.web.merging import not_taken, undecided
from ipt_tracker.web.policy import needs
from ipt_tracker.web.strip import course_page
from ipt_tracker.web.work import begin_reading

goals = Blueprint("goals", __name__, url_prefix="/courses/<uuid:course_id>/goals")
Step = Callable[[UnitOfWork, Row, Row], object]


@goals.route("/new", methods=["GET", "POST"])
@needs(EDIT)
@keeps_draft("A new goal")
def add(course_id: UUID) -> ResponseReturnValue:
    """Write down a goal that was agreed."""
    form = GoalForm()
    form.mirrors = False

    def change(work: UnitOfWork, course: Row) -> None:
        service.add_goal(work, course, form.goal())

    def prepare(work: UnitOfWork, course: Row) -> None:
        area = next((f.id for f in course.focal_areas if f.ended_on is None), None)
        form.offer(course.focal_areas)
        form.prepare(course, set_on=work.today, spell_id=area)

    if changed(form, course_id, EDIT, change):
        flash("The goal is written down.", "success")
        return _back(course_id)
    return form_page("goals/edit.html", form, course_id, EDIT, prepare, goal=None)


@goals.route("/<uuid:goal_id>", methods=["GET", "POST"])
@needs(EDIT)
@keeps_draft("A goal")
def edit(course_id: UUID, goal_id: UUID) -> ResponseReturnValue:
    """Reword a goal, or tie it to another focal area; the old wording stays readable."""
    form = GoalForm()

    def change(work: UnitOfWork, course: Row, goal: Row) -> None:
        service.change_goal(work, course, goal, form.goal(), seen=form.version.data)

    if _kept(form, course_id, goal_id, change):
        flash("The goal is changed.", "success")
        return _back(course_id)
    return _page("goals/edit.html", form, course_id, goal_id)


@goals.route("/<uuid:goal_id>/review", methods=["GET", "POST"])
@needs(EDIT)
@keeps_draft("Review of a goal")
def review(course_id: UUID, goal_id: UUID) -> ResponseReturnValue:
    """Say what became of a goal."""
    form = ReviewForm()

    def change(work: UnitOfWork, course: Row, goal: Row) -> None:
        service.review_goal(work, course, goal, form.entry(), seen=form.version.data)

    if _kept(form, course_id, goal_id, change):
        flash("The goal is reviewed.", "success")
        return _back(course_id)
    return _page("goals/review.html", form, course_id, goal_id)


@goals.post("/<uuid:goal_id>/off")
@needs(EDIT)
def take_off(course_id: UUID, goal_id: UUID) -> ResponseReturnValue:
    """Take a goal off that was entered in error."""
    said = "The goal is taken off. It can be put back below the list."
    return _done(course_id, goal_id, service.take_goal_off, said)


@goals.post("/<uuid:goal_id>/back")
@needs(EDIT)
def put_back(course_id: UUID, goal_id: UUID) -> ResponseReturnValue:
    """Put a goal back that was taken off."""
    return _done(course_id, goal_id, service.put_goal_back, "The goal is back on the page.")


def _kept(form: GoalForm | ReviewForm, course_id: UUID, goal_id: UUID, step: Step) -> bool:
    """Change a goal as the form says; False when nothing was kept, and the form says why."""
    if undecided():
        form.stale = True
        return False

    def change(work: UnitOfWork, course: Row) -> None:
        goal = service.find_goal(work, course, goal_id)
        step(work, course, goal)
        keep_not_taken(work, course, goal, not_taken())
        drop_draft(work)

    return kept(form, course_id, change)


def _page(
    template: str, form: GoalForm | ReviewForm, course_id: UUID, goal_id: UUID
) -> ResponseReturnValue:
    held = hold_draft() if form.must_merge else None
    with begin_reading() as work:
        course = open_course(work, course_id, EDIT)
        goal, facts = service.find_goal(work, course, goal_id), outline(work, course)
        form.show(goal, course, work.today)
        if form.must_merge:
            return merge_page(work, facts, form, held), form.http_status
        draft = take_up(work, form)
        page = course_page(work, template, facts, form=form, goal=goal, draft=draft)
    return page, form.http_status


def _done(course_id: UUID, goal_id: UUID, step: Step, said: str) -> ResponseReturnValue:
    def change(work: UnitOfWork, course: Row) -> None:
        step(work, course, service.find_goal(work, course, goal_id))

    why_not = pressed(course_id, change)
    flash(why_not or said, "warning" if why_not else "success")
    return _back(course_id)


def _back(course_id: UUID) -> ResponseReturnValue:
    return redirect(f"{url_for('worksheets.index', course_id=course_id)}#goals", 303)
