"""What the views that change a course share: open it, try, and show the form again."""

from collections.abc import Callable
from typing import Any, TypeAlias
from uuid import UUID

from flask.typing import ResponseReturnValue

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission
from ipt_tracker.services.courses import require_version
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.merging import keep_not_taken
from ipt_tracker.services.outline import outline
from ipt_tracker.services.unit_of_work import ChangedMeanwhile, UnitOfWork
from ipt_tracker.web.change_form import ChangeForm
from ipt_tracker.web.drafts.kept import drop_draft, take_up
from ipt_tracker.web.drafts.meeting import hold_draft, merge_page
from ipt_tracker.web.merging import not_taken, undecided
from ipt_tracker.web.strip import course_page
from ipt_tracker.web.work import begin_reading, begin_work

Row: TypeAlias = Any
"""A row of a table: this room works with rows and does not know the tables."""


def the_course(course: Row) -> Row:
    """Say that a form changes the course itself."""
    return course


def the_patient(course: Row) -> Row:
    """Say that a form changes the patient of the course."""
    return course.patient


def changed(
    form: ChangeForm,
    course_id: UUID,
    permission: Permission,
    change: Callable[[UnitOfWork, Row], object],
    of: Callable[[Row], Row] = the_course,
) -> bool:
    """Change a course as the form says; False when nothing was kept, and the form says why.

    `of` picks the record whose version the form carries.
    """
    if undecided():
        form.stale = True
        return False
    if not form.validate_on_submit():
        return False
    try:
        with begin_work() as work:
            course = open_course(work, course_id, permission)
            require_version(of(course), form.version.data)
            change(work, course)
            keep_not_taken(work, course, of(course), not_taken())
            drop_draft(work)
    except RuleBroken as broken:
        form.reject(broken)
    except ChangedMeanwhile:
        form.stale = True
    else:
        return True
    return False


def form_page(
    template: str,
    form: ChangeForm,
    course_id: UUID,
    permission: Permission,
    prepare: Callable[[UnitOfWork, Row], object],
    **more: object,
) -> ResponseReturnValue:
    """Show a form about a course; `prepare` fills it in from the course as it is now."""
    held = hold_draft() if form.must_merge else None
    with begin_reading() as work:
        course = open_course(work, course_id, permission)
        prepare(work, course)
        if form.must_merge:
            return merge_page(work, outline(work, course), form, held), form.http_status
        more["draft"] = take_up(work, form)
        page = course_page(work, template, outline(work, course), form=form, **more)
    return page, form.http_status
