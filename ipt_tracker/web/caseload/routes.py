"""The caseload and the search for a patient."""

from typing import TypeVar

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ipt_tracker.clinical.outcome.thresholds import threshold_set
from ipt_tracker.governance.access import Permission, Role, allows
from ipt_tracker.services.caseload import Show, Sort, read_caseload
from ipt_tracker.services.finding import find_patients
from ipt_tracker.web.caseload import lists
from ipt_tracker.web.caseload.forms import FilterForm, FindForm, arguments, chosen_filters
from ipt_tracker.web.caseload.rows import USUAL, row_of
from ipt_tracker.web.policy import needs
from ipt_tracker.web.work import begin_reading

caseload = Blueprint("caseload", __name__, url_prefix="/caseload")

Choice = TypeVar("Choice", Show, Sort)


@caseload.route("", methods=["GET"])
@needs(Permission.SEE_CASELOAD)
def show() -> ResponseReturnValue:
    """Show one page of one quick list."""
    wanted = _one_of(Show, request.args.get("show"), Show.OPEN)
    sort = _one_of(Sort, request.args.get("sort"), Sort.PATIENT)
    number = request.args.get("page", 1, type=int)
    with begin_reading() as work:
        found = read_caseload(work, wanted, sort, number, chosen_filters())
    by = arguments(found.filters)
    form = FilterForm(data={**by, "show": found.show, "sort": found.sort})
    form.offer(found.choices)
    may_start = allows(work.person, Permission.START_COURSE)
    return render_template(
        "caseload/show.html",
        found=found,
        rows=[row_of(line) for line in found.lines],
        label=lists.label(found.show),
        pills=lists.pills(found),
        heads=lists.heads(found),
        summary=lists.summary(found),
        nothing=lists.nothing(found, may_start=may_start),
        may_start=may_start,
        files=lists.files(work.person),
        form=form,
        by=by,
        several=work.person.role is Role.SUPERVISOR,
        usual=threshold_set(USUAL),
    )


@caseload.route("/find", methods=["GET", "POST"])
@needs(Permission.SEE_CASELOAD)
def find() -> ResponseReturnValue:
    """Look for a patient. What was typed stands in no address: it is a person's name."""
    form = FindForm()
    if not form.validate_on_submit():
        page = render_template("caseload/find.html", form=form, found=None, rows=())
        return page, 422 if form.errors else 200
    with begin_reading() as work:
        found = find_patients(work, form.q.data)
    if found.total == 1 and not found.by_area:
        return redirect(url_for("courses.show", course_id=found.lines[0].course.id), 303)
    return render_template(
        "caseload/find.html",
        form=form,
        found=found,
        rows=[row_of(line) for line in found.lines],
        matched={row.course.id: found.by_area.get(row.course.id, "") for row in found.lines},
        words=form.q.data,
        several=work.person.role is Role.SUPERVISOR,
    )


def _one_of(choices: type[Choice], text: str | None, default: Choice) -> Choice:
    """Read a choice from the address; anything that is not one of the list is the default."""
    return choices(text) if text in set(choices) else default
