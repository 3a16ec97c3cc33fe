"""Taking over supervision: opening the ratings from before, all at once and for one reason."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from ipt_tracker.clinical.fidelity.codes import RaterRole
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission
from ipt_tracker.services.fidelity.doors import open_therapist
from ipt_tracker.services.fidelity.facts import RatedSession
from ipt_tracker.services.fidelity.takeover import sealed_before, supervised_since, waive_before
from ipt_tracker.web.change_form import OK, REFUSED
from ipt_tracker.web.fidelity.rate_rows import session_words
from ipt_tracker.web.fields import Day, text
from ipt_tracker.web.forms import Form, Needed, WholeNumber
from ipt_tracker.web.policy import needs
from ipt_tracker.web.sessions.rows import phase_label
from ipt_tracker.web.work import begin_reading, begin_work

takeover = Blueprint(
    "takeover", __name__, url_prefix="/supervision/therapists/<uuid:therapist_id>/waive"
)


class BeforeForm(Form):
    """From before which day the ratings are wanted."""

    before = Day("Sessions held before")


class OpenForm(Form):
    """Why all of them are given up; `seen` is how many were on the page."""

    before = Day("Sessions held before", [Needed("Choose a day.")])
    seen = WholeNumber("Sessions")
    reason = text("Reason", 500, Needed("Say why you give up rating them."))
    form_errors: list[str]


@takeover.route("", methods=["GET", "POST"])
@needs(Permission.SUPERVISE)
def waive(therapist_id: UUID) -> ResponseReturnValue:
    """Give up rating the sessions of a therapist from before a day, so that they open."""
    form = OpenForm()
    with begin_reading() as work:
        account = open_therapist(work, therapist_id, Permission.SUPERVISE)
        begun = supervised_since(work, therapist_id)
    count = _opened(form, therapist_id)
    if count:
        opened = "1 session is" if count == 1 else f"The ratings of {count} sessions are"
        flash(f"{opened} open to you now. You cannot rate them any more.", "success")
        return redirect(url_for("fidelity_figures.therapist", therapist_id=therapist_id), 303)
    asked, day = _day(form, begun)
    with begin_reading() as work:
        found = sealed_before(work, therapist_id, day)
        page = render_template(
            "supervision/takeover.html",
            form=form,
            asked=asked,
            therapist=account,
            day=day,
            rows=[_row(each) for each in found],
        )
    return page, (REFUSED if form.errors else OK)


def _opened(form: OpenForm, therapist_id: UUID) -> int:
    """Open them, and say how many; 0 where nothing was, and the form says why."""
    if not form.validate_on_submit():
        return 0
    try:
        with begin_work() as work:
            seen = form.seen.data or 0
            return waive_before(work, therapist_id, form.before.data, form.reason.data, seen)
    except RuleBroken as broken:
        form.reject(broken)
    return 0


def _day(form: OpenForm, begun: date) -> tuple[BeforeForm, date]:
    """Give the day that was asked for; without one it is when one's own supervision began."""
    typed = form.before.data if form.is_submitted() else None
    fields = MultiDict({"before": typed.isoformat()}) if typed else request.args
    asked = BeforeForm(fields, meta={"csrf": False})
    day: date = (asked.before.data if asked.validate() else None) or begun
    asked.before.data = asked.before.data or day
    return asked, day


def _row(each: RatedSession) -> dict[str, Any]:
    roles = [RaterRole(sealed.role).label.lower() for sealed in each.sealed]
    return {
        "name": f"{each.code}, {session_words(each.session_kind, each.number, each.held_on)}",
        "held_on": each.held_on,
        "phase": phase_label(each.phase),
        "ratings": ", ".join(sorted(roles)),
    }
