"""Sampling: a therapist's plan, a draw by it, and a draw that was made."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission
from ipt_tracker.services.fidelity import draws
from ipt_tracker.services.fidelity.doors import open_therapist
from ipt_tracker.services.fidelity.plans import coverage, editions_of, plan_of, set_plan
from ipt_tracker.services.unit_of_work import ChangedMeanwhile, UnitOfWork
from ipt_tracker.web.change_form import ChangeForm
from ipt_tracker.web.policy import needs
from ipt_tracker.web.supervision.plan_forms import DrawForm, PlanForm
from ipt_tracker.web.supervision.plan_words import (
    basis_rows,
    drawn_row,
    phase_rows,
    plan_words,
)
from ipt_tracker.web.work import begin_reading, begin_work

sampling = Blueprint("sampling", __name__, url_prefix="/supervision/therapists/<uuid:therapist_id>")

SUPERVISE = Permission.SUPERVISE
YEAR = timedelta(days=365)


@sampling.route("/plan", methods=["GET", "POST"])
@needs(SUPERVISE)
def plan(therapist_id: UUID) -> ResponseReturnValue:
    """Show the plan of a therapist and what was seen of it; set another one."""
    form = PlanForm()

    def act(work: UnitOfWork) -> None:
        therapist = open_therapist(work, therapist_id, SUPERVISE)
        set_plan(work, therapist, form.plan(), form.reason.data, form.version.data)

    if _kept(form, act):
        flash("The plan is set. It holds for draws from now on.", "success")
        return redirect(url_for("sampling.plan", therapist_id=therapist_id), 303)
    with begin_reading() as work:
        therapist = open_therapist(work, therapist_id, SUPERVISE)
        editions = editions_of(work, therapist_id)
        names = {therapist.id: therapist.display_name}
        found = coverage(work, names, work.today - YEAR, work.today)
    form.fill(next(iter(editions), None))
    page = render_template(
        "supervision/plan.html",
        form=form,
        therapist=therapist,
        editions=[(each, plan_words(each.plan)) for each in editions],
        found=found,
        phases=phase_rows(found.by_therapist[0].by_phase),
        bases=basis_rows(found),
    )
    return page, form.http_status


@sampling.route("/draw", methods=["GET", "POST"])
@needs(SUPERVISE)
def draw(therapist_id: UUID) -> ResponseReturnValue:
    """Show how many sessions would be drawn from what, then draw them."""
    form = DrawForm()
    made: list[UUID] = []

    def act(work: UnitOfWork) -> None:
        therapist = open_therapist(work, therapist_id, SUPERVISE)
        made.append(draws.draw_sample(work, therapist, form.entry()).id)

    if not form.look.data and _kept(form, act):
        flash("Drawn. You are asked to rate these sessions.", "success")
        return redirect(
            url_for("sampling.show_draw", therapist_id=therapist_id, draw_id=made[0]), 303
        )
    if form.look.data:
        form.validate()
    with begin_reading() as work:
        therapist = open_therapist(work, therapist_id, SUPERVISE)
        edition = plan_of(work, therapist_id)
        form.fill(work.today)
        days = form.window(work.today)
        seed = form.seed.data or 0
        found = draws.preview(work, therapist, edition.plan, days, seed) if edition else None
        earlier = draws.draws_of(work, therapist)
    form.version.renew(found.mark if found else 0)
    page = render_template(
        "supervision/draw.html",
        form=form,
        therapist=therapist,
        edition=edition,
        words=plan_words(edition.plan) if edition else (),
        found=found,
        days=days,
        earlier=earlier,
    )
    return page, form.http_status


@sampling.route("/draws/<uuid:draw_id>", methods=["GET"])
@needs(SUPERVISE)
def show_draw(therapist_id: UUID, draw_id: UUID) -> ResponseReturnValue:
    """Show what was drawn, and repeat the draw from what was stored."""
    with begin_reading() as work:
        therapist = open_therapist(work, therapist_id, SUPERVISE)
        found = draws.stored_draw(work, therapist, draw_id)
        rows = [drawn_row(each, work.person.id, work.today) for each in found.lines]
    return render_template(
        "supervision/draw_made.html",
        therapist=therapist,
        found=found,
        rows=rows,
        words=plan_words(found.edition.plan),
    )


def _kept(form: ChangeForm, act: Callable[[UnitOfWork], object]) -> bool:
    """Do what the form says in one transaction; False where nothing was kept, and it says why."""
    if not form.validate_on_submit():
        return False
    try:
        with begin_work() as work:
            act(work)
    except RuleBroken as broken:
        form.reject(broken)
        return False
    except ChangedMeanwhile:
        form.stale = True
        return False
    return True
