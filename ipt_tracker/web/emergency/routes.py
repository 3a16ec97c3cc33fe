"""Reading a record in an emergency, ending it, and the notices of it."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from ipt_tracker.governance.access import Permission
from ipt_tracker.services.emergency.notices import list_notices, mark_seen, read_notice
from ipt_tracker.services.emergency.opening import open_in_emergency
from ipt_tracker.services.emergency.running import LASTS, end_emergency, running
from ipt_tracker.web.emergency.forms import EmergencyForm, PressForm
from ipt_tracker.web.emergency.view import notice_row, read_rows
from ipt_tracker.web.policy import fresh, needs
from ipt_tracker.web.work import begin_reading, begin_work

emergency = Blueprint("emergency", __name__, url_prefix="/emergency")
MINUTES = LASTS.seconds // 60


@emergency.route("", methods=["GET", "POST"])
@needs(Permission.BREAK_GLASS)
@fresh
def show() -> ResponseReturnValue:
    """Ask whose record cannot wait and why; show what is open by such access now."""
    form = EmergencyForm()
    course_id = _opened(form)
    if course_id is not None:
        flash(f"The record is open to you for {MINUTES} minutes, for reading only.", "success")
        return redirect(url_for("courses.show", course_id=course_id), 303)
    with begin_reading() as work:
        open_now = running(work)
    page = render_template(
        "emergency/show.html", form=form, press=PressForm(None), running=open_now, minutes=MINUTES
    )
    return page, form.http_status


def _opened(form: EmergencyForm) -> UUID | None:
    if not form.validate_on_submit():
        return None
    with begin_work() as work:
        answer = open_in_emergency(work, form.entry())
    if answer.refusal is not None:
        form.reject(answer.refusal)
    return answer.course_id


@emergency.route("/<uuid:emergency_id>/end", methods=["POST"])
@needs(Permission.BREAK_GLASS)
def end(emergency_id: UUID) -> ResponseReturnValue:
    """End one's own access before its time."""
    with begin_work() as work:
        end_emergency(work, emergency_id)
    flash("The emergency access has ended. The record is closed to you again.", "success")
    return redirect(url_for("emergency.show"), 303)


@emergency.route("/notices", methods=["GET"])
@needs(Permission.SEE_EMERGENCIES)
def notices() -> ResponseReturnValue:
    """List who read what in an emergency, as far as the actor has to know."""
    with begin_reading() as work:
        found = list_notices(work)
        role = work.person.role
    rows = [notice_row(each) for each in found]
    return render_template("emergency/notices.html", rows=rows, role=role, press=PressForm(None))


@emergency.route("/notices/<uuid:emergency_id>", methods=["GET"])
@needs(Permission.SEE_EMERGENCIES)
def notice(emergency_id: UUID) -> ResponseReturnValue:
    """Show one emergency access and which pages were read under it."""
    with begin_reading() as work:
        found, pages = read_notice(work, emergency_id)
    row, read = notice_row(found), read_rows(pages)
    return render_template("emergency/notice.html", row=row, read=read, press=PressForm(None))


@emergency.route("/notices/<uuid:emergency_id>/seen", methods=["POST"])
@needs(Permission.SEE_EMERGENCIES)
def seen(emergency_id: UUID) -> ResponseReturnValue:
    """Write down that a notice was seen."""
    with begin_work() as work:
        mark_seen(work, emergency_id)
    flash("Marked as seen, with your name and the time.", "success")
    return redirect(url_for("emergency.notices"), 303)
