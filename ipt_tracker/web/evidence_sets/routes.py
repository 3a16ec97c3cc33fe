"""Evidence sets: the list, one of them with its result, and the set's own forms."""

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from ipt_tracker.governance.access import OF_THE_CLINIC, Permission
from ipt_tracker.services import evidence_sets as service
from ipt_tracker.services.evidence_set_chart import note_download, set_chart, trials_csv
from ipt_tracker.services.library_trials import obtainable_trials
from ipt_tracker.services.unit_of_work import UnitOfWork
from ipt_tracker.web.evidence_sets.changes import changed, form_page, kept
from ipt_tracker.web.evidence_sets.forms import NewSetForm, SetForm
from ipt_tracker.web.evidence_sets.view import set_view
from ipt_tracker.web.pictures import attached, picture
from ipt_tracker.web.policy import fresh, needs
from ipt_tracker.web.work import begin_reading, given

evidence_sets = Blueprint("evidence_sets", __name__, url_prefix="/evidence/sets")
SEE, CURATE = Permission.SEE_EVIDENCE, Permission.CURATE_EVIDENCE
SET = "/<uuid:set_id>"
FILES = "any(svg, png, pdf)"


@evidence_sets.route("", methods=["GET"])
@needs(SEE)
def list_all() -> ResponseReturnValue:
    """List the sets of this clinic."""
    with begin_reading() as work:
        sets, may_change = service.list_sets(work), _may_change(work)
    return render_template("evidence_sets/list_all.html", sets=sets, may_change=may_change)


@evidence_sets.route("/new", methods=["GET", "POST"])
@needs(CURATE)
def new() -> ResponseReturnValue:
    """Make a set, empty or with a copy of the library's comparisons."""
    form = NewSetForm()

    def act(work: UnitOfWork) -> UUID:
        begin_with = obtainable_trials() if form.begin.data else ()
        return service.make_set(work, form.entry(), begin_with).id

    set_id = kept(form, act)
    if set_id is not None:
        flash("The set is made.", "success")
        return redirect(url_for("evidence_sets.show", set_id=set_id), 303)
    return render_template("evidence_sets/new.html", form=form), form.http_status


@evidence_sets.route(SET, methods=["GET"])
@needs(SEE)
def show(set_id: UUID) -> ResponseReturnValue:
    """Show the trials of a set and what they give together, beside the published result."""
    with begin_reading() as work:
        found = service.read_set(work, service.open_set(work, set_id, SEE))
        view = set_view(found, given().version)
        may_change = _may_change(work)
    return render_template("evidence_sets/show.html", found=found, view=view, may_change=may_change)


@evidence_sets.route(f"{SET}/edit", methods=["GET", "POST"])
@needs(CURATE)
def edit(set_id: UUID) -> ResponseReturnValue:
    """Change what is said about a set."""
    form = SetForm()
    form.mirrors = True
    if changed(form, set_id, lambda work, one: service.change_set(work, one, form.entry())):
        flash("Saved. What was said before stays readable.", "success")
        return redirect(url_for("evidence_sets.show", set_id=set_id), 303)
    return form_page("evidence_sets/edit.html", form, set_id)


@evidence_sets.route(f"{SET}/forest.svg", methods=["GET"])
@needs(SEE)
def forest(set_id: UUID) -> Response:
    """Give the picture of a set."""
    with begin_reading() as work:
        found = service.read_set(work, service.open_set(work, set_id, SEE))
    return picture(set_chart(found, given().version))


@evidence_sets.route(f"{SET}/download/forest.<{FILES}:fmt>", methods=["GET"])
@needs(SEE)
def download(set_id: UUID, fmt: str) -> Response:
    """Give the same picture as a file; that it left the building is written down first."""
    with begin_reading() as work:
        found = service.read_set(work, service.open_set(work, set_id, SEE))
        drawn = set_chart(found, given().version)
        note_download(work, found, f"forest.{fmt}")
        return attached(drawn, fmt, "evidence-set")


@evidence_sets.route(f"{SET}/download/trials.csv", methods=["GET"])
@needs(SEE)
@fresh
def download_table(set_id: UUID) -> Response:
    """Give the trials of a set as a table."""
    with begin_reading() as work:
        found = service.read_set(work, service.open_set(work, set_id, SEE))
        note_download(work, found, "trials.csv")
    response = Response(trials_csv(found), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="evidence-set.csv"'
    return response


def _may_change(work: UnitOfWork) -> bool:
    return CURATE in OF_THE_CLINIC[work.person.role]
