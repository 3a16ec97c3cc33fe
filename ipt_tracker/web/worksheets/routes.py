"""Formulation and contract on one page; each sheet with its history, its form and its print."""

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ipt_tracker.clinical.course.worksheets.catalogue import SHEETS
from ipt_tracker.clinical.course.worksheets.sheet import Sheet
from ipt_tracker.governance.access import Permission
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.emergency.running import banner_of
from ipt_tracker.services.worksheet_page import read_plan, read_sheet
from ipt_tracker.web.drafts.kept import take_up
from ipt_tracker.web.drafts.meeting import hold_draft
from ipt_tracker.web.drafts.taking_part import keeps_draft
from ipt_tracker.web.policy import needs
from ipt_tracker.web.strip import course_page
from ipt_tracker.web.work import begin_reading
from ipt_tracker.web.worksheets.forms import form_of
from ipt_tracker.web.worksheets.marked import marked_risk
from ipt_tracker.web.worksheets.plan import plan_view
from ipt_tracker.web.worksheets.saving import merge_sheet, saved
from ipt_tracker.web.worksheets.view import score_words, sheet_view, switches

worksheets = Blueprint("worksheets", __name__, url_prefix="/courses/<uuid:course_id>/sheets")
SAFETY_PLAN = SHEETS["safety_plan"]


@worksheets.get("")
@needs(Permission.OPEN_COURSE)
def index(course_id: UUID) -> ResponseReturnValue:
    """Show what was agreed: formulation, goals, contract, and the sheets of each phase."""
    with begin_reading() as work:
        plan = read_plan(work, open_course(work, course_id, Permission.OPEN_COURSE))
        marked = marked_risk(plan.facts, plan.sheets, plan.risk_asked_on)
        view = plan_view(plan)
        return course_page(work, "worksheets/index.html", plan.facts, view=view, marked=marked)


@worksheets.get("/<sheet:sheet>")
@needs(Permission.OPEN_COURSE)
def show(course_id: UUID, sheet: Sheet) -> ResponseReturnValue:
    """Show one sheet, the newest edition or the one asked for, and every earlier one."""
    with begin_reading() as work:
        page = read_sheet(work, open_course(work, course_id, Permission.OPEN_COURSE), sheet)
        wanted = request.args.get("edition", type=int)
        view = sheet_view(sheet, page, wanted)
        if view is None and wanted is not None:
            abort(404)
        more = {"scores": score_words(page.change), "switches": switches(page.facts)}
        asks = sheet.key == "suitability"
        marked = marked_risk(page.facts, page.newest, page.risk_asked_on) if asks else None
        return course_page(
            work, "worksheets/show.html", page.facts, sheet=sheet, view=view, marked=marked, **more
        )


@worksheets.route("/<sheet:sheet>/edit", methods=["GET", "POST"])
@needs(Permission.EDIT_COURSE)
@keeps_draft("{sheet.label}")
def edit(course_id: UUID, sheet: Sheet) -> ResponseReturnValue:
    """Fill in a sheet, or write its next edition."""
    form = form_of(sheet)()
    if saved(form, course_id, sheet):
        flash(f"{sheet.label} saved.", "success")
        return redirect(url_for("worksheets.show", course_id=course_id, sheet=sheet.key), 303)
    held = hold_draft() if form.stale else None
    with begin_reading() as work:
        page = read_sheet(work, open_course(work, course_id, Permission.EDIT_COURSE), sheet)
        if form.stale and page.editions:
            return merge_sheet(work, page, form, held), form.http_status
        newest = page.editions[0] if page.editions else None
        form.start(newest.content if newest else {}, newest.edition if newest else 0)
        more = {"sheet": sheet, "scores": score_words(page.change), "draft": take_up(work, form)}
        shown = course_page(work, "worksheets/edit.html", page.facts, form=form, **more)
    return shown, form.http_status


@worksheets.get("/safety_plan/print")
@needs(Permission.OPEN_COURSE)
def print_plan(course_id: UUID) -> ResponseReturnValue:
    """Show the safety plan as a sheet of paper for the patient, with nothing else on it."""
    with begin_reading() as work:
        course = open_course(work, course_id, Permission.OPEN_COURSE)
        view = sheet_view(SAFETY_PLAN, read_sheet(work, course, SAFETY_PLAN), None)
        more = {"emergency": banner_of(work, course.patient_id)}
        return render_template("worksheets/print_plan.html", course=course, view=view, **more)
