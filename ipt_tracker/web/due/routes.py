"""What is due: the list, and saying at once that something was not done."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import OF_A_COURSE, Permission, Role
from ipt_tracker.services import due as service
from ipt_tracker.services.due import Show, read_due
from ipt_tracker.services.measure_entries import NOT_DONE
from ipt_tracker.services.unit_of_work import UnitOfWork
from ipt_tracker.web.due import rows
from ipt_tracker.web.due.forms import NotDoneForm
from ipt_tracker.web.policy import needs
from ipt_tracker.web.work import begin_reading, begin_work

due = Blueprint("due", __name__, url_prefix="/due")


@due.route("", methods=["GET"])
@needs(Permission.SEE_CASELOAD)
def show() -> ResponseReturnValue:
    """List what is due in every course that the actor may see."""
    wanted, number = _wanted(), request.args.get("page", 1, type=int)
    with begin_reading() as work:
        found = read_due(work, wanted, number)
    may_record = Permission.RECORD_MEASURE in OF_A_COURSE[work.person.role]
    return render_template(
        "due/show.html",
        found=found,
        groups=rows.groups(found),
        pills=rows.pills(found),
        summary=rows.summary(found.counts),
        nothing=rows.nothing(found),
        may_record=may_record,
        several=work.person.role is Role.SUPERVISOR,
        form=NotDoneForm(formdata=None),
    )


def _wanted() -> Show:
    text = request.args.get("show")
    return Show(text) if text in set(Show) else Show.WAITING


@due.route("/<uuid:course_id>/sessions/<int:slot>/<instrument:instrument>", methods=["POST"])
@needs(Permission.RECORD_MEASURE)
def settle_session(course_id: UUID, slot: int, instrument: Instrument) -> ResponseReturnValue:
    """Say why the form of a session is not there."""

    def settle(work: UnitOfWork, why: str) -> None:
        service.settle_session(work, course_id, slot, instrument, why)

    return _settled(settle)


@due.route("/<uuid:course_id>/assessments/<uuid:measure_id>", methods=["POST"])
@needs(Permission.RECORD_MEASURE)
def settle_planned(course_id: UUID, measure_id: UUID) -> ResponseReturnValue:
    """Say why a planned assessment was not made."""

    def settle(work: UnitOfWork, why: str) -> None:
        service.settle_planned(work, course_id, measure_id, why)

    return _settled(settle)


def _settled(settle: Callable[[UnitOfWork, str], None]) -> ResponseReturnValue:
    """Keep the answer and go back to the list, which says what was kept."""
    form = NotDoneForm()
    why = form.not_done.data or ""
    try:
        with begin_work() as work:
            settle(work, why)
    except RuleBroken as broken:
        flash(broken.message, "warning")
    else:
        said = NOT_DONE[why].lower()
        flash(f"Kept as “{said}”. A slip is mended under Measures of the course.", "success")
    return redirect(url_for("due.show", show=_wanted()), 303)
