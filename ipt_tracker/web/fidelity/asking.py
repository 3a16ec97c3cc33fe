"""Asking a colleague to rate one session, and taking that back."""

from collections.abc import Iterable
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField
from wtforms.fields.choices import SelectChoice

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission
from ipt_tracker.services.fidelity.comparison import compare
from ipt_tracker.services.fidelity.doors import RatedKind, open_rated
from ipt_tracker.services.fidelity.requests import withdraw_request
from ipt_tracker.services.fidelity.second_raters import (
    AskedOf,
    SecondEntry,
    ask_second_rater,
    asked_of,
    colleagues,
)
from ipt_tracker.web.change_form import OK, REFUSED
from ipt_tracker.web.fidelity.area import fidelity
from ipt_tracker.web.fidelity.compare import OF_A_SESSION, shared
from ipt_tracker.web.fields import Day, drop_down, text
from ipt_tracker.web.forms import Form, Needed
from ipt_tracker.web.policy import needs
from ipt_tracker.web.work import begin_reading, begin_work

GONE = "This request is answered or was taken back."


class AssignForm(Form):
    """Whom to ask, why, and until when."""

    rater = drop_down("Who rates it", [])
    due_on = Day("Until", description="May be left empty")
    reason = text("Why this session", 500, Needed("Say why this session was chosen."))
    form_errors: list[str]

    def offer(self, people: Iterable[tuple[UUID, str]]) -> None:
        """Offer the colleagues who can be asked."""
        named = [SelectChoice(str(id_), name) for id_, name in people]
        self.rater.choices = [SelectChoice("", "Choose"), *named]

    def entry(self) -> SecondEntry:
        """Give what was entered."""
        chosen = UUID(self.rater.data) if self.rater.data else None
        return SecondEntry(chosen, self.reason.data, self.due_on.data)


class WithdrawForm(Form):
    """Why a request is taken back."""

    request_id = HiddenField()
    reason = text("Why you take it back", 500, Needed("Say why you take it back."))
    form_errors: list[str]


def _to_assign(kind: RatedKind, rated_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("fidelity.assign", kind=kind, rated_id=rated_id), 303)


@fidelity.route(f"{OF_A_SESSION}/assign", methods=["GET", "POST"])
@needs(Permission.SUPERVISE)
def assign(kind: RatedKind, rated_id: UUID) -> ResponseReturnValue:
    """Ask a colleague to rate this one session, and show who was asked before."""
    form = AssignForm()
    with begin_reading() as work:
        rated = open_rated(work, kind, rated_id, Permission.SUPERVISE)
        form.offer(colleagues(work, rated))
        asked, found = asked_of(work, rated), compare(work, rated)
    if form.validate_on_submit():
        try:
            with begin_work() as work:
                rated = open_rated(work, kind, rated_id, Permission.SUPERVISE)
                ask_second_rater(work, rated, form.entry())
        except RuleBroken as broken:
            form.reject(broken)
        else:
            flash(
                "Asked. They see the form of this one session, and its ratings after theirs.",
                "success",
            )
            return _to_assign(kind, rated_id)
    page = render_template("fidelity/assign.html", form=form, asked=asked, **shared(found))
    return page, (REFUSED if form.errors else OK)


@fidelity.route(f"{OF_A_SESSION}/withdraw", methods=["GET", "POST"])
@needs(Permission.SUPERVISE)
def withdraw(kind: RatedKind, rated_id: UUID) -> ResponseReturnValue:
    """Take back a request that is not answered yet; ?request= in the address says which."""
    form = WithdrawForm()
    with begin_reading() as work:
        rated = open_rated(work, kind, rated_id, Permission.SUPERVISE)
        asked, found = _meant(asked_of(work, rated)), compare(work, rated)
    if asked is None:
        flash(GONE, "warning")
        return _to_assign(kind, rated_id)
    if form.validate_on_submit():
        try:
            with begin_work() as work:
                rated = open_rated(work, kind, rated_id, Permission.SUPERVISE)
                withdraw_request(work, rated, asked.row.id, form.reason.data)
        except RuleBroken as broken:
            form.reject(broken)
        else:
            flash("Taken back. The form of this session is closed to them.", "success")
            return _to_assign(kind, rated_id)
    form.request_id.data = str(asked.row.id)
    page = render_template("fidelity/withdraw.html", form=form, asked=asked, **shared(found))
    return page, (REFUSED if form.errors else OK)


def _meant(asked: Iterable[AskedOf]) -> AskedOf | None:
    """Find the open request that the address or the form names."""
    named = request.form.get("request_id") or request.args.get("request")
    still = (each for each in asked if not each.is_answered)
    return next((each for each in still if str(each.row.id) == named), None)
