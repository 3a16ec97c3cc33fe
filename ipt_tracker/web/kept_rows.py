"""What the views of inventory and timeline share: change a row, take it off, put it back."""

from collections.abc import Callable
from typing import Any, TypeAlias
from uuid import UUID

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.unit_of_work import ChangedMeanwhile, UnitOfWork
from ipt_tracker.web.change_form import ChangeForm
from ipt_tracker.web.drafts.kept import drop_draft
from ipt_tracker.web.forms import Form
from ipt_tracker.web.work import begin_work

Row: TypeAlias = Any
"""A row of a table: this room works with rows and does not know the tables."""
EDIT = Permission.EDIT_COURSE


class SwitchForm(Form):
    """A single press: closer, further away, taken off, put back."""

    form_errors: list[str]


def kept(form: ChangeForm, course_id: UUID, change: Callable[[UnitOfWork, Row], object]) -> bool:
    """Change a row as the form says; False when nothing was kept, and the form says why.

    The change itself compares the version that the form was filled in for.
    """
    if not form.validate_on_submit():
        return False
    try:
        with begin_work() as work:
            change(work, open_course(work, course_id, EDIT))
            drop_draft(work)
    except RuleBroken as broken:
        form.reject(broken)
    except ChangedMeanwhile:
        form.stale = True
    else:
        return True
    return False


def pressed(course_id: UUID, change: Callable[[UnitOfWork, Row], object]) -> str | None:
    """Do what a button says; give why not, or None when it is done."""
    form = SwitchForm()
    if not form.validate_on_submit():
        return "The page was open too long. Press the button again."
    try:
        with begin_work() as work:
            change(work, open_course(work, course_id, EDIT))
    except RuleBroken as broken:
        return broken.message
    except ChangedMeanwhile:
        return "Somebody else changed this at the same moment. Look at it again."
    return None
