"""The ratings of one session side by side, and the feedback on them."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ipt_tracker.clinical.fidelity.codes import RaterRole
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission
from ipt_tracker.services.fidelity.comparison import Comparison, read_comparison
from ipt_tracker.services.fidelity.consensus import may_agree
from ipt_tracker.services.fidelity.doors import RatedKind, open_rated
from ipt_tracker.services.fidelity.feedback import acknowledge_feedback, send_feedback
from ipt_tracker.services.unit_of_work import ChangedMeanwhile
from ipt_tracker.web.drafts.kept import drop_draft, take_up
from ipt_tracker.web.drafts.taking_part import keeps_draft
from ipt_tracker.web.fidelity.area import fidelity
from ipt_tracker.web.fidelity.beside import TICKS, set_view
from ipt_tracker.web.fidelity.feedback_forms import AnswerForm, FeedbackForm, feedback_views
from ipt_tracker.web.fidelity.lead import lead_of
from ipt_tracker.web.fidelity.mark_words import role_words, session_title, session_words
from ipt_tracker.web.fidelity.rating_rows import amended_rows, rating_row
from ipt_tracker.web.policy import needs
from ipt_tracker.web.work import begin_reading, begin_work

OF_A_SESSION = "/<rated:kind>/<uuid:rated_id>"
OK, REFUSED = 200, 422


def to_comparison(kind: RatedKind, rated_id: UUID) -> ResponseReturnValue:
    """Lead back to the comparison."""
    return redirect(url_for("fidelity.compare", kind=kind, rated_id=rated_id), 303)


def shared(found: Comparison) -> dict[str, object]:
    """Give what every page that starts from a comparison says about its session."""
    return {
        "found": found,
        "kind": found.rated.kind,
        "rated_id": found.rated.id,
        "where": session_words(found.rated, found.therapists),
        "title": session_title(found.rated),
    }


@fidelity.route(OF_A_SESSION, methods=["GET"])
@needs(Permission.RATE_SESSION)
def compare(kind: RatedKind, rated_id: UUID) -> ResponseReturnValue:
    """Show who rated a session; once one's own rating is in, all ratings side by side."""
    with begin_reading() as work:
        found = read_comparison(work, kind, rated_id)
    return drawn(found), OK


@fidelity.route(f"{OF_A_SESSION}/acknowledge", methods=["POST"])
@needs(Permission.RATE_SESSION)
def acknowledge(kind: RatedKind, rated_id: UUID) -> ResponseReturnValue:
    """Say that feedback was read, with an answer if there is one."""
    form = AnswerForm()
    if form.validate_on_submit():
        try:
            with begin_work() as work:
                rated = open_rated(work, kind, rated_id, Permission.RATE_SESSION)
                acknowledge_feedback(work, rated, form.feedback, form.answer.data)
        except RuleBroken as broken:
            form.reject(broken)
        except ChangedMeanwhile:
            form.reject(RuleBroken("This feedback was acknowledged already."))
        else:
            flash("Acknowledged. Your supervisor sees when, and your answer.", "success")
            return to_comparison(kind, rated_id)
    with begin_reading() as work:
        found = read_comparison(work, kind, rated_id)
    return drawn(found, form), REFUSED


def drawn(found: Comparison, answered: AnswerForm | None = None, unkept: str = "") -> str:
    """Draw the comparison as it is open to the viewer; `unkept` is what they wrote in vain."""
    if not found.is_open:
        return render_template(
            "fidelity/sealed.html", roles=role_words, form=answered, **shared(found)
        )
    rows = [rating_row(each, beside.item_set) for beside in found.sets for each in beside.ratings]
    return render_template(
        "fidelity/compare.html",
        lead=lead_of(found),
        rows=rows,
        sets=[set_view(each) for each in found.sets],
        remarks=[each for each in found.ratings if each.row.remark],
        roles=role_words,
        amended=amended_rows(found.sets, is_told=found.is_told),
        feedback=feedback_views(found, answered),
        answered=answered,
        unkept=unkept,
        may_agree=may_agree(found),
        ticks=TICKS,
        **shared(found),
    )


@fidelity.route(f"{OF_A_SESSION}/feedback", methods=["GET", "POST"])
@needs(Permission.SUPERVISE)
@keeps_draft("Feedback on a rating")
def feedback(kind: RatedKind, rated_id: UUID) -> ResponseReturnValue:
    """Give feedback on one's own rating of a supervisee's session."""
    return _give_feedback(kind, rated_id, of_consensus=False)


@fidelity.route(f"{OF_A_SESSION}/consensus/feedback", methods=["GET", "POST"])
@needs(Permission.SUPERVISE)
@keeps_draft("Feedback on a consensus")
def feedback_on_consensus(kind: RatedKind, rated_id: UUID) -> ResponseReturnValue:
    """Give feedback on what raters agreed on."""
    return _give_feedback(kind, rated_id, of_consensus=True)


def _give_feedback(kind: RatedKind, rated_id: UUID, *, of_consensus: bool) -> ResponseReturnValue:
    form = FeedbackForm()
    good = form.validate_on_submit()
    with begin_reading() as work:
        found = read_comparison(work, kind, rated_id, Permission.SUPERVISE)
    meant = [e for e in found.to_answer if (e.role == RaterRole.CONSENSUS) is of_consensus]
    if not meant:
        flash(
            "There is no rating here on which you can give feedback, or it was given already.",
            "warning",
        )
        return to_comparison(kind, rated_id)
    if good:
        try:
            with begin_work() as work:
                rated = open_rated(work, kind, rated_id, Permission.SUPERVISE)
                send_feedback(work, rated, meant[0].id, form.entry())
                drop_draft(work)
        except RuleBroken as broken:
            form.reject(broken)
        else:
            flash("Sent. The therapist reads it under the comparison.", "success")
            return to_comparison(kind, rated_id)
    with begin_reading() as work:
        open_rated(work, kind, rated_id, Permission.SUPERVISE)
        form.start_from(meant[0].remark)
        draft = take_up(work, form)
    status = REFUSED if request.method == "POST" else OK
    return render_template(
        "fidelity/feedback.html", form=form, draft=draft, **shared(found)
    ), status
