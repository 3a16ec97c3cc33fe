"""Same-day contact after a missed visit: reading a request, and writing down what was tried."""

from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission
from ipt_tracker.services import contact_tasks as service
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.outline import outline
from ipt_tracker.web.contact.forms import ContactForm
from ipt_tracker.web.contact.view import contact_view
from ipt_tracker.web.drafts.kept import drop_draft, take_up
from ipt_tracker.web.drafts.taking_part import keeps_draft
from ipt_tracker.web.onward import onward
from ipt_tracker.web.policy import needs
from ipt_tracker.web.strip import course_page
from ipt_tracker.web.work import begin_reading, begin_work

TITLE = "Same-day contact"
contact = Blueprint("contact", __name__, url_prefix="/courses/<uuid:course_id>/contact")


@contact.route("/<uuid:task_id>", methods=["GET"])
@needs(Permission.OPEN_COURSE)
@keeps_draft(TITLE)
def show(course_id: UUID, task_id: UUID) -> ResponseReturnValue:
    """Show why contact was asked for, the numbers, and what was tried."""
    return _page(ContactForm(), course_id, task_id, Permission.OPEN_COURSE)


@contact.route("/<uuid:task_id>", methods=["POST"])
@needs(Permission.RECORD_SESSION)
@keeps_draft(TITLE)
def record(course_id: UUID, task_id: UUID) -> ResponseReturnValue:
    """Write down an attempt, how it ended, or both."""
    form = ContactForm()
    if not _recorded(form, course_id, task_id):
        return _page(form, course_id, task_id, Permission.RECORD_SESSION)
    kept = "Closed." if form.outcome.data else "Attempt kept. The request stays open."
    flash(f"{kept} It stands here with your name and the time.", "success")
    return redirect(url_for("contact.show", course_id=course_id, task_id=task_id), 303)


def _recorded(form: ContactForm, course_id: UUID, task_id: UUID) -> bool:
    if not form.validate_on_submit():
        return False
    try:
        with begin_work() as work:
            course = open_course(work, course_id, Permission.RECORD_SESSION)
            task = service.find_contact(work, course, task_id)
            ended, seen = form.outcome.data or None, form.seen.data
            service.record_contact(work, course, task, form.attempt(), ended, seen=seen)
            drop_draft(work)
    except RuleBroken as broken:
        form.reject(broken)
        return False
    return True


def _page(
    form: ContactForm, course_id: UUID, task_id: UUID, permission: Permission
) -> ResponseReturnValue:
    with begin_reading() as work:
        course = open_course(work, course_id, permission)
        found = service.read_contact(work, course, task_id)
        form.seen.renew(len(found.attempts))
        facts, view = outline(work, course), contact_view(found)
        more: dict[str, object] = {"draft": take_up(work, form)}
        if view.ended:
            more["onward"] = onward(work, course, found.task.session_id)
        page = course_page(work, "contact/show.html", facts, form=form, view=view, **more)
    return page, form.http_status
