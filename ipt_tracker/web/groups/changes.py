"""What the views that change a group share: open it, try, and show the form again."""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from flask.typing import ResponseReturnValue

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission
from ipt_tracker.services.group_doors import open_group
from ipt_tracker.services.group_page import standing
from ipt_tracker.services.groups import require_seen
from ipt_tracker.services.unit_of_work import ChangedMeanwhile, UnitOfWork
from ipt_tracker.web.change_form import ChangeForm
from ipt_tracker.web.drafts.kept import drop_draft, take_up
from ipt_tracker.web.groups.page import Row, group_page
from ipt_tracker.web.groups.record_forms import RecordForm
from ipt_tracker.web.work import begin_reading, begin_work

RECORD = Permission.RECORD_GROUP
T = TypeVar("T")


class NotKept(Exception):
    """Ends a transaction in which something was only looked through."""


def kept(form: ChangeForm, act: Callable[[UnitOfWork], T]) -> T | None:
    """Do what the form says in one transaction; None where nothing was kept, and it says why.

    Where an answer cannot be read, the form of a meeting is looked through to the end all the
    same, so that everything that is wrong is said at once.
    """
    good = form.validate_on_submit()
    if not good and not _can_be_tried(form):
        return None
    try:
        with begin_work() as work:
            made = act(work)
            _require(good)
            drop_draft(work)
    except NotKept:
        return None
    except RuleBroken as broken:
        form.reject(broken)
    except ChangedMeanwhile:
        form.stale = True
    else:
        return made
    return None


def _require(good: bool) -> None:  # noqa: FBT001 -- whether the form was answered
    """Take back what was only looked through."""
    if not good:
        raise NotKept


def _can_be_tried(form: ChangeForm) -> bool:
    """Say whether a form that was refused can be looked through: one that says a day."""
    if not form.is_submitted() or "csrf_token" in form.errors:
        return False
    return isinstance(form, RecordForm) and form.held_on.data is not None


def changed(form: ChangeForm, group_id: UUID, change: Callable[[UnitOfWork, Row], object]) -> bool:
    """Change a group as the form says; False when nothing was kept, and the form says why."""

    def act(work: UnitOfWork) -> bool:
        group = open_group(work, group_id, RECORD)
        require_seen(group, form.version.data)
        change(work, group)
        return True

    return bool(kept(form, act))


def form_page(
    template: str,
    form: ChangeForm,
    group_id: UUID,
    prepare: Callable[[UnitOfWork, Row], object],
    **more: object,
) -> ResponseReturnValue:
    """Show a form about a group; `prepare` fills it in from the group as it is now."""
    with begin_reading() as work:
        group = open_group(work, group_id, RECORD)
        prepare(work, group)
        more["draft"] = take_up(work, form)
        page = group_page(work, template, standing(work, group), form=form, **more)
    return page, form.http_status
