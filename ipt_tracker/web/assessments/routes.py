"""The pages of a blinded assessor: what they were asked, and nothing else of any patient."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission
from ipt_tracker.services.assessments import assigned as service
from ipt_tracker.services.unit_of_work import ChangedMeanwhile
from ipt_tracker.web.assessments.forms import (
    AssessmentForm,
    WhyForm,
    assessment_form,
    correction_form,
)
from ipt_tracker.web.drafts.kept import drop_draft, take_up
from ipt_tracker.web.drafts.taking_part import keeps_draft
from ipt_tracker.web.measures.asking import note_for
from ipt_tracker.web.policy import needs
from ipt_tracker.web.work import begin_reading, begin_work, given

assessments = Blueprint("assessments", __name__, url_prefix="/assessments")


@assessments.route("", methods=["GET"])
@needs(Permission.ASSESS)
def list_all() -> ResponseReturnValue:
    """List what waits for the assessor, and what they did today."""
    with begin_reading() as work:
        waiting, done = service.list_asked(work)
    return render_template("assessments/list_all.html", waiting=waiting, done=done)


@assessments.route("/<uuid:request_id>", methods=["GET"])
@needs(Permission.ASSESS)
def show(request_id: UUID) -> ResponseReturnValue:
    """Show what was asked; on the day it was done, what an answer calls for."""
    with begin_reading() as work:
        found = service.open_assigned(work, request_id)
        prompts = service.asks_of(work, found)
    return render_template("assessments/show.html", asked=found.asked, prompts=prompts)


@assessments.route("/<uuid:request_id>/entry", methods=["GET", "POST"])
@needs(Permission.ASSESS)
@keeps_draft("An assessment")
def record(request_id: UUID) -> ResponseReturnValue:
    """Enter the form that was asked for."""
    with begin_reading() as work:
        found = service.open_assigned(work, request_id)
    if not found.is_open:
        return _to(request_id)
    form = assessment_form(found.asked.instrument, given().today())
    if _recorded(form, request_id):
        return _to(request_id)
    return _entry_page(form, found.asked, "assessments/record.html")


def _recorded(form: AssessmentForm, request_id: UUID) -> bool:
    if not form.validate_on_submit():
        return False
    try:
        with begin_work() as work:
            found = service.open_assigned(work, request_id)
            service.record_assessment(work, found, form.entry())
            drop_draft(work)
    except RuleBroken as broken:
        form.reject(broken)
        return False
    flash("Saved. The request is closed.", "success")
    return True


@assessments.route("/<uuid:request_id>/correction", methods=["GET", "POST"])
@needs(Permission.ASSESS)
@keeps_draft("Correcting an assessment")
def correct(request_id: UUID) -> ResponseReturnValue:
    """Correct one's own entry on the day of entry."""
    with begin_reading() as work:
        found = service.open_assigned(work, request_id)
    if found.measure is None:
        return _to(request_id)
    form = correction_form(found.asked.instrument, given().today(), found.measure)
    if _corrected(form, request_id):
        return _to(request_id)
    if form.stale:
        form.version.renew(found.measure.version)
    return _entry_page(form, found.asked, "assessments/correct.html")


def _corrected(form: AssessmentForm, request_id: UUID) -> bool:
    if not form.validate_on_submit():
        return False
    try:
        with begin_work() as work:
            found = service.open_assigned(work, request_id)
            service.correct_assessment(work, found, form.entry(), form.version.data)
            drop_draft(work)
    except RuleBroken as broken:
        form.reject(broken)
        return False
    except ChangedMeanwhile:
        form.reject_as_stale()
        return False
    flash("Corrected. What it said before is kept.", "success")
    return True


def _entry_page(form: AssessmentForm, asked: service.Asked, template: str) -> ResponseReturnValue:
    """Draw the keypad with the code of the patient and nothing else."""
    with begin_reading() as work:
        draft = take_up(work, form)
    part = form.answers_part
    page = render_template(
        template,
        form=form,
        asked=asked,
        instrument=asked.instrument,
        part=part,
        note=note_for(part),
        draft=draft,
    )
    return page, form.http_status


@assessments.route("/<uuid:request_id>/decline", methods=["GET", "POST"])
@needs(Permission.ASSESS)
def decline(request_id: UUID) -> ResponseReturnValue:
    """Decline what was asked, with a reason."""
    form = WhyForm()
    if form.validate_on_submit():
        with begin_work() as work:
            service.decline(work, service.open_assigned(work, request_id), form.why.data)
        flash("Declined. Whoever asked sees your reason.", "success")
        return redirect(url_for("assessments.list_all"), 303)
    with begin_reading() as work:
        found = service.open_assigned(work, request_id)
    if not found.is_open:
        return _to(request_id)
    page = render_template("assessments/decline.html", form=form, asked=found.asked)
    return page, form.http_status


def _to(request_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("assessments.show", request_id=request_id), 303)
