"""Amending one's own rating, or the consensus one entered: what it said stays readable."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import flash, render_template
from flask.typing import ResponseReturnValue

from ipt_tracker.clinical.fidelity.codes import RaterRole
from ipt_tracker.clinical.fidelity.marks import MarksRefused
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission
from ipt_tracker.services.fidelity.comparison import Comparison, read_comparison
from ipt_tracker.services.fidelity.doors import RatedKind
from ipt_tracker.services.fidelity.item_sets import item_set_for
from ipt_tracker.services.fidelity.rating_amendments import amend_rating, open_own_rating
from ipt_tracker.services.fidelity.ratings import may_be_recorded
from ipt_tracker.services.unit_of_work import ChangedMeanwhile
from ipt_tracker.web.change_form import CONFLICT, NEWER, OK, REFUSED
from ipt_tracker.web.drafts.kept import drop_draft, take_up
from ipt_tracker.web.drafts.taking_part import keeps_draft
from ipt_tracker.web.fidelity.area import fidelity
from ipt_tracker.web.fidelity.compare import OF_A_SESSION, shared, to_comparison
from ipt_tracker.web.fidelity.gaps import Gaps
from ipt_tracker.web.fidelity.marked_forms import amend_form, amended_rows, basis_of
from ipt_tracker.web.fidelity.rate_form import RatingForm
from ipt_tracker.web.fidelity.rate_rows import quality_words
from ipt_tracker.web.policy import needs
from ipt_tracker.web.work import begin_reading, begin_work

Row = Any
"""A row of a table: this room works with rows and does not know the tables."""

NO_RATING = "You have no rating of this session that could be amended."


@fidelity.route(f"{OF_A_SESSION}/amend", methods=["GET", "POST"])
@needs(Permission.RATE_SESSION)
@keeps_draft("Amending a rating")
def amend(kind: RatedKind, rated_id: UUID) -> ResponseReturnValue:
    """Amend one's own rating of a session."""
    return _amend(kind, rated_id, lambda found: found.own, "your rating")


@fidelity.route(f"{OF_A_SESSION}/consensus/amend", methods=["GET", "POST"])
@needs(Permission.SUPERVISE)
@keeps_draft("Amending a consensus")
def amend_consensus(kind: RatedKind, rated_id: UUID) -> ResponseReturnValue:
    """Amend the consensus that one entered."""
    return _amend(kind, rated_id, _entered, "the consensus")


def _entered(found: Comparison) -> Row | None:
    consensus = found.consensus
    return consensus.row if consensus and found.entered_consensus else None


def _amend(
    kind: RatedKind, rated_id: UUID, pick: Callable[[Comparison], Row | None], what: str
) -> ResponseReturnValue:
    with begin_reading() as work:
        found = read_comparison(work, kind, rated_id)
        row = pick(found)
        if row is None:
            flash(NO_RATING, "warning")
            return to_comparison(kind, rated_id)
        recorded = may_be_recorded(work, found.rated)
        form = amend_form(item_set_for(work, row.item_set), row, recorded=recorded)
    status = _kept(form, row.id)
    if status is None:
        flash("Amended. What it said before stays readable.", "success")
        return to_comparison(kind, rated_id)
    with begin_reading() as work:
        found = read_comparison(work, kind, rated_id)
        draft = take_up(work, form)
    page = render_template(
        "fidelity/amend.html",
        form=form,
        gaps=Gaps(form),
        draft=draft,
        what=what,
        is_consensus=row.role == RaterRole.CONSENSUS,
        rows=amended_rows(form, row, found.rated.record.phase),
        basis=basis_of(row),
        best=quality_words(form.item_set),
        **shared(found),
    )
    return page, status


def _kept(form: RatingForm, rating_id: UUID) -> int | None:
    """Keep what was sent; give the status of the page that shows the form, None once it is kept."""
    if not form.is_submitted():
        return OK
    if not form.validate():
        return REFUSED
    try:
        with begin_work() as work:
            rated, rating = open_own_rating(work, rating_id)
            seen = form["version"].data
            reason = form["reason"].data
            amend_rating(work, rated, rating, form.marks(), reason, seen_version=seen)
            drop_draft(work)
    except MarksRefused as refused:
        for fault in refused.faults:
            form.reject(fault)
    except RuleBroken as broken:
        form.reject(broken)
    except ChangedMeanwhile:
        form.form_errors = [*form.form_errors, NEWER]
        with begin_reading() as work:
            form["version"].renew(open_own_rating(work, rating_id)[1].version)
        return CONFLICT
    else:
        return None
    return REFUSED
