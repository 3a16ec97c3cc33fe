"""Reports of a caseload: choosing, the page that shows how far they are, and the file."""

from time import monotonic
from uuid import UUID

from flask import Blueprint, Response, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission
from ipt_tracker.governance.disguise import Disguise
from ipt_tracker.services.report_batches.asking import ask as ask_for
from ipt_tracker.services.report_batches.asking import choices_of
from ipt_tracker.services.report_batches.batches import State, own_batches, read_batch
from ipt_tracker.services.report_batches.making import cancel as cancel_batch
from ipt_tracker.services.report_batches.making import draw_next, keep_drawn, remove_expired
from ipt_tracker.services.report_batches.taking import take as take_away
from ipt_tracker.services.unit_of_work import writing
from ipt_tracker.web.batches import words
from ipt_tracker.web.batches.forms import FIRST, AskForm, PressForm
from ipt_tracker.web.policy import fresh, needs
from ipt_tracker.web.work import begin_reading, begin_work, given

batches = Blueprint("batches", __name__, url_prefix="/caseload/reports")

NEEDED = Permission.EXPORT_CASELOAD
AT_MOST = 2.0
"""Seconds of one answer: after the report that is being drawn then, the page is shown again."""


@batches.route("", methods=["GET"])
@needs(NEEDED)
def show() -> ResponseReturnValue:
    """Choose courses and kind, and see what was asked for before."""
    return _choosing(AskForm(None, data=FIRST))


@batches.route("", methods=["POST"])
@needs(NEEDED)
@fresh
def ask() -> ResponseReturnValue:
    """Ask for the reports; the next page makes them."""
    _remove_expired()
    form = AskForm()
    with begin_reading() as work:
        form.offer(choices_of(work))
    if form.validate_on_submit():
        try:
            with begin_work() as work:
                batch = ask_for(work, form.wanted())
        except RuleBroken as broken:
            form.reject(broken)
        else:
            return redirect(url_for("batches.follow", batch_id=batch.id), 303)
    return _choosing(form)


@batches.route("/<uuid:batch_id>", methods=["GET"])
@needs(NEEDED)
def follow(batch_id: UUID) -> ResponseReturnValue:
    """Show how far the reports are."""
    with begin_reading() as work:
        seen = read_batch(work, batch_id)
    return render_template(
        "batches/follow.html",
        seen=seen,
        State=State,
        words=words,
        has_reports=any(part.has_report for part in seen.parts),
        is_fresh=g.who.fresh,
        form=PressForm(None),
    )


@batches.route("/<uuid:batch_id>/next", methods=["POST"])
@needs(NEEDED)
def go_on(batch_id: UUID) -> ResponseReturnValue:
    """Make reports for about two seconds, then show how far they are."""
    until = monotonic() + AT_MOST
    while _make_one(batch_id) and monotonic() < until:
        pass
    return redirect(url_for("batches.follow", batch_id=batch_id), 303)


@batches.route("/<uuid:batch_id>/cancel", methods=["POST"])
@needs(NEEDED)
def cancel(batch_id: UUID) -> ResponseReturnValue:
    """Cancel the reports; what was made is removed."""
    try:
        with begin_work() as work:
            cancel_batch(work, batch_id)
    except RuleBroken as broken:
        flash(broken.message, "warning")
    else:
        flash("Cancelled. The reports that were made are removed.", "success")
    return redirect(url_for("batches.follow", batch_id=batch_id), 303)


@batches.route("/<uuid:batch_id>/file", methods=["POST"])
@needs(NEEDED)
@fresh
def take(batch_id: UUID) -> ResponseReturnValue:
    """Give all reports as one file; afterwards none of them is kept here."""
    try:
        with begin_work() as work:
            taken = take_away(work, batch_id, Disguise(given().disguise_key))
    except RuleBroken as broken:
        flash(broken.message, "warning")
        return redirect(url_for("batches.follow", batch_id=batch_id), 303)
    if taken is None:
        flash("There is no report left that you may take.", "warning")
        return redirect(url_for("batches.follow", batch_id=batch_id), 303)
    response = Response(taken.content, mimetype="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{taken.name}"'
    return response


def _make_one(batch_id: UUID) -> bool:
    """Draw one report, keep it, and say whether more is awaited."""
    made = given()
    with begin_reading() as work:
        drawn = draw_next(work, batch_id, made.version, Disguise(made.disguise_key))
    with begin_work() as work:
        return keep_drawn(work, batch_id, drawn)


def _remove_expired() -> None:
    """Remove what nobody took in time: the clock's work, so it is nobody's in the audit."""
    made = given()
    with writing(made.database, None, made.clock(), made.today()) as work:
        remove_expired(work)


def _choosing(form: AskForm) -> ResponseReturnValue:
    with begin_reading() as work:
        choices = choices_of(work)
        lines = own_batches(work)
    form.offer(choices)
    page = render_template(
        "batches/show.html",
        form=form,
        open_count=sum(each.is_open for each in choices),
        lines=lines,
        State=State,
        words=words,
    )
    return page, form.http_status
