"""Giving up to rate a session, for those who gave or supervise it and for those asked."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from ipt_tracker.clinical.fidelity.codes import RaterRole
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission
from ipt_tracker.services.fidelity.doors import RatedKind, open_rated
from ipt_tracker.services.fidelity.rating_sheet import read_sheet
from ipt_tracker.services.fidelity.ratings import waive as give_up
from ipt_tracker.web.change_form import OK, REFUSED
from ipt_tracker.web.fidelity.rate_rows import rated_words
from ipt_tracker.web.fields import text
from ipt_tracker.web.forms import Form, Needed
from ipt_tracker.web.policy import needs
from ipt_tracker.web.work import begin_reading, begin_work

GIVEN_UP = "You gave up rating this session. Its ratings are open to you now."
GIVEN_BACK = "You gave up rating this session. Whoever asked you can read why."


class WaiveForm(Form):
    """Why somebody does not rate a session."""

    reason = text("Reason", 500, Needed("Say why."))
    form_errors: list[str]


@needs(Permission.RATE_SESSION)
def waive(kind: RatedKind, rated_id: UUID) -> ResponseReturnValue:
    """Give up rating one session, for a reason."""
    with begin_reading() as work:
        sheet = read_sheet(work, kind, rated_id)
    second = sheet.role is RaterRole.INDEPENDENT
    onward = url_for("fidelity.compare", kind=kind, rated_id=rated_id)
    if sheet.is_settled:
        return redirect(onward, 303)
    form = WaiveForm()
    if _waived(form, kind, rated_id):
        flash(GIVEN_BACK if second else GIVEN_UP, "success")
        return redirect(url_for("fidelity.mine") if second else onward, 303)
    page = render_template(
        "fidelity/waive.html",
        form=form,
        words=rated_words(sheet),
        rated=sheet.rated,
        role=sheet.role,
        second=second,
    )
    return page, (REFUSED if form.errors else OK)


def _waived(form: WaiveForm, kind: RatedKind, rated_id: UUID) -> bool:
    if not form.validate_on_submit():
        return False
    try:
        with begin_work() as work:
            give_up(
                work, open_rated(work, kind, rated_id, Permission.RATE_SESSION), form.reason.data
            )
    except RuleBroken as broken:
        form.reject(broken)
        return False
    return True
