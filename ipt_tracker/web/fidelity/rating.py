"""Rating a session: the form, blind to every other rating of it."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ipt_tracker.clinical.fidelity.codes import RaterRole
from ipt_tracker.clinical.fidelity.marks import NOT_RECORDED, MarksRefused
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission
from ipt_tracker.services import drafts
from ipt_tracker.services.fidelity.comparison import read_comparison
from ipt_tracker.services.fidelity.doors import RatedKind, open_rated
from ipt_tracker.services.fidelity.rating_sheet import RatingSheet, read_sheet
from ipt_tracker.services.fidelity.ratings import AlreadyRated, AlreadyWaived, submit_rating
from ipt_tracker.services.unit_of_work import UnitOfWork
from ipt_tracker.web.change_form import CONFLICT, OK, REFUSED
from ipt_tracker.web.drafts.kept import drop_draft, take_up
from ipt_tracker.web.drafts.meeting import hold_draft
from ipt_tracker.web.drafts.taking_part import keeps_draft
from ipt_tracker.web.fidelity.compare import drawn
from ipt_tracker.web.fidelity.gaps import Gaps
from ipt_tracker.web.fidelity.rate_form import RatingForm, rating_form, set_of
from ipt_tracker.web.fidelity.rate_rows import pad_rows, quality_words, rated_words
from ipt_tracker.web.policy import needs
from ipt_tracker.web.work import begin_reading, begin_work

SECOND_NOT_KEPT = (
    "You had submitted your rating of this session already, so this second one was not kept. "
    "Amend the first if it should say something else."
)
KEPT = "The draft is kept. It stands in this list until you submit it or throw it away."
OWN_WORDS = {
    RaterRole.SELF: "for yourself and your supervisor, once both are submitted",
    RaterRole.SUPERVISOR: "the therapist reads it once they have rated the session too",
    RaterRole.INDEPENDENT: "read by those who compare the ratings of this session",
}


@needs(Permission.RATE_SESSION)
@keeps_draft("Rating")
def rate(kind: RatedKind, rated_id: UUID) -> ResponseReturnValue:
    """Rate one session; when it is submitted, its ratings open side by side."""
    with begin_reading() as work:
        sheet = read_sheet(work, kind, rated_id, _set_begun(work))
    if sheet.is_settled:
        return _settled(sheet)
    form = rating_form(sheet.item_set)(sheet.role, recorded=sheet.recorded)
    if "leave" in request.form and hold_draft() is not None:
        flash(
            "The draft is kept. It stands in your list until you submit or discard it.", "success"
        )
        return redirect(url_for("fidelity.mine"), 303)
    if _submitted(form, kind, rated_id):
        return _to_compare(kind, rated_id)
    with begin_reading() as work:
        draft = take_up(work, form)
        page = render_template(
            "fidelity/rate.html",
            form=form,
            gaps=Gaps(form),
            draft=draft,
            rated=sheet.rated,
            words=rated_words(sheet),
            rows=pad_rows(form, sheet.rated.record.phase),
            name=f"{len(sheet.item_set.items)} items: was it delivered, and how well",
            best=quality_words(sheet.item_set),
            own_words=OWN_WORDS[sheet.role],
            refused=NOT_RECORDED,
            second=sheet.role is RaterRole.INDEPENDENT,
        )
    return page, (REFUSED if form.errors else OK)


def _submitted(form: RatingForm, kind: RatedKind, rated_id: UUID) -> bool:
    """Keep the rating; False where nothing was kept, and the form says why."""
    sound = form.validate_on_submit()
    if not form.is_submitted() or "leave" in request.form:
        return False
    form.judge()
    if not sound or form.errors:
        return False
    try:
        with begin_work() as work:
            rated = open_rated(work, kind, rated_id, Permission.RATE_SESSION)
            submit_rating(work, rated, form.entry())
            drop_draft(work)
    except (AlreadyRated, AlreadyWaived):
        flash(SECOND_NOT_KEPT, "error")
        return True
    except MarksRefused as refused:
        for fault in refused.faults:
            form.reject(fault)
        return False
    except RuleBroken as broken:
        form.reject(broken)
        return False
    flash("Your rating is submitted. The ratings of this session are open to you now.", "success")
    return True


def _settled(sheet: RatingSheet) -> ResponseReturnValue:
    if request.method == "POST":
        flash(SECOND_NOT_KEPT if sheet.is_rated else AlreadyWaived().message, "error")
        unkept = request.form.get("remark", "").strip()
        if unkept:
            rated = sheet.rated
            with begin_reading() as work:
                found = read_comparison(work, rated.kind, rated.id)
            return drawn(found, unkept=unkept), CONFLICT
    return _to_compare(sheet.rated.kind, sheet.rated.id)


def _to_compare(kind: RatedKind, rated_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("fidelity.compare", kind=kind, rated_id=rated_id), 303)


def _set_begun(work: UnitOfWork) -> str | None:
    """Give the item set that this form, or the draft of it, was begun with."""
    if request.method == "POST":
        return set_of(request.form)
    draft = drafts.find_draft(work, request.path)
    return set_of(dict(drafts.pairs_of(draft))) if draft else None
