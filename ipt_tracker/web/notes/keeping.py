"""What the views that do something with a note share: try it, and say why it was not kept."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission
from ipt_tracker.services.doors import open_session
from ipt_tracker.services.unit_of_work import ChangedMeanwhile, UnitOfWork
from ipt_tracker.web.drafts.kept import drop_draft
from ipt_tracker.web.work import begin_work

Row = Any
"""A row of a table: this room works with rows and does not know the tables."""


def kept(
    form: Any,  # noqa: ANN401 -- any form that knows reject and stale
    place: tuple[UUID, int],
    permission: Permission,
    act: Callable[[UnitOfWork, Row, Row], object],
) -> bool:
    """Do something with the note of a slot; False where nothing was kept, and the form says why."""
    if not form.validate_on_submit():
        return False
    try:
        with begin_work() as work:
            course, record = open_session(work, *place, permission)
            act(work, course, record)
            drop_draft(work)
    except RuleBroken as broken:
        form.reject(broken)
    except ChangedMeanwhile:
        form.stale = True
    else:
        return True
    return False
