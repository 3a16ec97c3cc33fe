"""Entering a consensus: a third record, beside the ratings that it was reached from."""

from uuid import UUID

from flask import flash, render_template
from flask.typing import ResponseReturnValue

from ipt_tracker.clinical.fidelity.marks import MarksRefused
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission
from ipt_tracker.services.fidelity.comparison import Comparison, read_comparison
from ipt_tracker.services.fidelity.consensus import consensus_start, may_agree
from ipt_tracker.services.fidelity.doors import RatedKind, open_rated
from ipt_tracker.services.fidelity.ratings import may_be_recorded, record_consensus
from ipt_tracker.web.change_form import OK, REFUSED
from ipt_tracker.web.drafts.kept import drop_draft, take_up
from ipt_tracker.web.drafts.taking_part import keeps_draft
from ipt_tracker.web.fidelity.area import fidelity
from ipt_tracker.web.fidelity.compare import OF_A_SESSION, shared, to_comparison
from ipt_tracker.web.fidelity.gaps import Gaps
from ipt_tracker.web.fidelity.marked_forms import (
    FROM,
    basis_of,
    consensus_form,
    consensus_rows,
    flag_words,
)
from ipt_tracker.web.fidelity.rate_form import RatingForm
from ipt_tracker.web.fidelity.rate_rows import quality_words
from ipt_tracker.web.policy import needs
from ipt_tracker.web.work import begin_reading, begin_work


@fidelity.route(f"{OF_A_SESSION}/consensus", methods=["GET", "POST"])
@needs(Permission.SUPERVISE)
@keeps_draft("Consensus of raters")
def consensus(kind: RatedKind, rated_id: UUID) -> ResponseReturnValue:
    """Enter what raters agreed on; it begins with what they said alike."""
    with begin_reading() as work:
        found = read_comparison(work, kind, rated_id, Permission.SUPERVISE)
        recorded = may_be_recorded(work, found.rated)
    start = consensus_start(found) if may_agree(found) else None
    if start is None:
        flash(_why_not(found), "warning")
        return to_comparison(kind, rated_id)
    form = consensus_form(start, recorded=recorded)
    if _kept(form, kind, rated_id):
        flash("The consensus is kept. The first ratings stay as they are.", "success")
        return to_comparison(kind, rated_id)
    with begin_reading() as work:
        open_rated(work, kind, rated_id, Permission.SUPERVISE)
        draft = take_up(work, form)
    page = render_template(
        "fidelity/consensus.html",
        form=form,
        gaps=Gaps(form),
        draft=draft,
        rows=consensus_rows(form, start, found.rated.record.phase),
        who=form[FROM],
        flagged=flag_words(start),
        bases=[(each.rater.name, basis_of(each.row)) for each in start.ratings],
        remarks=[(each.rater.name, each.row.remark) for each in start.ratings if each.row.remark],
        best=quality_words(form.item_set),
        **shared(found),
    )
    return page, (REFUSED if form.errors else OK)


def _why_not(found: Comparison) -> str:
    if not found.is_open:
        return "Submit your own rating first, or give it up."
    if found.consensus is not None:
        return "There is a consensus of this session already. Whoever entered it can amend it."
    return "A consensus needs two raters beside the therapist, with the same item set."


def _kept(form: RatingForm, kind: RatedKind, rated_id: UUID) -> bool:
    if not form.is_submitted():
        return False
    sound = form.validate()
    form.judge()
    if not sound or form.errors:
        return False
    try:
        with begin_work() as work:
            rated = open_rated(work, kind, rated_id, Permission.SUPERVISE)
            used = [UUID(each) for each in form[FROM].data or ()]
            record_consensus(work, rated, form.entry(), used)
            drop_draft(work)
    except MarksRefused as refused:
        for fault in refused.faults:
            form.reject(fault)
        return False
    except RuleBroken as broken:
        form.reject(broken)
        return False
    return True
