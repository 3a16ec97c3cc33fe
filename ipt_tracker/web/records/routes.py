"""Retention and legal hold, for administrators: patients by their code, nothing of their care."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission
from ipt_tracker.services.retention import (
    Kept,
    find_hold,
    lift_hold,
    read_kept,
    set_hold,
    set_years,
)
from ipt_tracker.web.policy import fresh, needs
from ipt_tracker.web.records.forms import HoldForm, LiftForm, PeriodForm
from ipt_tracker.web.work import begin_reading, begin_work

records = Blueprint("records", __name__, url_prefix="/records")


@records.route("", methods=["GET"])
@needs(Permission.HOLD_RECORDS)
def show() -> ResponseReturnValue:
    """Show the period, who is past it, and every hold."""
    kept = _kept()
    return _page(kept, PeriodForm(data={"years": kept.years}), HoldForm())


@records.route("/period", methods=["POST"])
@needs(Permission.HOLD_RECORDS)
@fresh
def period() -> ResponseReturnValue:
    """Choose for how many years records are kept."""
    form = PeriodForm()
    if form.validate_on_submit():
        try:
            with begin_work() as work:
                set_years(work, form.years.data or 0)
        except RuleBroken as broken:
            form.reject(broken)
        else:
            flash("The period is saved. Nothing was removed.", "success")
            return redirect(url_for("records.show"), 303)
    return _page(_kept(), form, HoldForm(formdata=None))


@records.route("/holds", methods=["POST"])
@needs(Permission.HOLD_RECORDS)
@fresh
def hold() -> ResponseReturnValue:
    """Hold the records of one patient."""
    form = HoldForm()
    if form.validate_on_submit():
        try:
            with begin_work() as work:
                set_hold(work, form.code.data, form.reason.data)
        except RuleBroken as broken:
            form.reject(broken)
        else:
            flash("The records are held. Nobody can remove them.", "success")
            return redirect(url_for("records.show"), 303)
    kept = _kept()
    return _page(kept, PeriodForm(formdata=None, data={"years": kept.years}), form)


@records.route("/holds/<uuid:hold_id>/lift", methods=["GET", "POST"])
@needs(Permission.HOLD_RECORDS)
@fresh
def lift(hold_id: UUID) -> ResponseReturnValue:
    """Lift one hold, for a reason."""
    form = LiftForm()
    if form.validate_on_submit():
        with begin_work() as work:
            lift_hold(work, find_hold(work, hold_id), form.why.data)
        flash("The hold is lifted.", "success")
        return redirect(url_for("records.show"), 303)
    with begin_reading() as work:
        find_hold(work, hold_id)
        found = next(each for each in read_kept(work).holds if each.id == hold_id)
    return render_template("records/lift.html", form=form, found=found), form.http_status


def _kept() -> Kept:
    with begin_reading() as work:
        return read_kept(work)


def _page(kept: Kept, years: PeriodForm, held: HoldForm) -> ResponseReturnValue:
    status = max(years.http_status, held.http_status)
    return render_template("records/show.html", kept=kept, years=years, held=held), status
