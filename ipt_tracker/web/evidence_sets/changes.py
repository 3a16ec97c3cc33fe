"""What the views that change a set share: open it, try, and show the form again."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission
from ipt_tracker.services.evidence_sets import open_set, require_seen
from ipt_tracker.services.unit_of_work import ChangedMeanwhile, UnitOfWork
from ipt_tracker.web.change_form import ChangeForm
from ipt_tracker.web.work import begin_reading, begin_work

T = TypeVar("T")
Row = Any
Fill = Callable[[UnitOfWork, Row], dict[str, object]]


def kept(form: ChangeForm, act: Callable[[UnitOfWork], T]) -> T | None:
    """Do what the form says in one transaction; None where nothing was kept, and it says why."""
    if not form.validate_on_submit():
        return None
    try:
        with begin_work() as work:
            return act(work)
    except RuleBroken as broken:
        form.reject(broken)
    except ChangedMeanwhile:
        form.stale = True
    return None


def changed(form: ChangeForm, set_id: UUID, change: Callable[[UnitOfWork, Row], object]) -> bool:
    """Change a set as the form says; False when nothing was kept, and the form says why."""

    def act(work: UnitOfWork) -> bool:
        one = open_set(work, set_id, Permission.CURATE_EVIDENCE)
        require_seen(one, form.version.data)
        change(work, one)
        return True

    return bool(kept(form, act))


def form_page(
    template: str, form: ChangeForm, set_id: UUID, fill: Fill | None = None
) -> ResponseReturnValue:
    """Show a form about a set; `fill` gives the page what else it shows."""
    with begin_reading() as work:
        one = open_set(work, set_id, Permission.CURATE_EVIDENCE)
        more = fill(work, one) if fill else {}
    form.prepare(one)
    return render_template(template, form=form, kept=one, **more), form.http_status
