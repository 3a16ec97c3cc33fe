"""Trials of a set: one by a form, many by a file that is looked at first, out and back in."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission
from ipt_tracker.services import evidence_sets as service
from ipt_tracker.services.trial_files import add_file, look_at_file
from ipt_tracker.services.unit_of_work import UnitOfWork
from ipt_tracker.web.evidence_sets.changes import Row, changed, form_page
from ipt_tracker.web.evidence_sets.forms import FileForm, LoadForm, ReasonForm, TrialForm
from ipt_tracker.web.evidence_sets.view import preview_rows
from ipt_tracker.web.policy import needs
from ipt_tracker.web.work import begin_reading

evidence_trials = Blueprint(
    "evidence_trials", __name__, url_prefix="/evidence/sets/<uuid:set_id>/trials"
)
CURATE = Permission.CURATE_EVIDENCE
TRIAL = "/<uuid:trial_id>"


@evidence_trials.route("/new", methods=["GET", "POST"])
@needs(CURATE)
def add(set_id: UUID) -> ResponseReturnValue:
    """Add one trial by its numbers."""
    form = TrialForm()
    if changed(form, set_id, lambda work, one: service.add_trials(work, one, [form.trial()])):
        flash("The trial is added.", "success")
        return _to_set(set_id)
    return form_page("evidence_sets/add.html", form, set_id)


@evidence_trials.route("/file", methods=["GET", "POST"])
@needs(CURATE)
def look(set_id: UUID) -> ResponseReturnValue:
    """Take a file, and show every row of it before anything is kept."""
    form = FileForm()
    if form.validate_on_submit():
        about = (form.source.data or "", form.population.data or "")
        try:
            with begin_reading() as work:
                one = service.open_set(work, set_id, CURATE)
                found, content = look_at_file(work, form.content, *about)
        except RuleBroken as broken:
            form.reject(RuleBroken(broken.message, "file"))
        else:
            load_form = LoadForm(
                formdata=None, content=content, source=about[0], population=about[1]
            )
            load_form.version.renew(one.version)
            rows = preview_rows(found.trials)
            return render_template(
                "evidence_sets/look.html", form=load_form, kept=one, rows=rows, notes=found.notes
            )
    return form_page("evidence_sets/file.html", form, set_id)


@evidence_trials.route("/load", methods=["POST"])
@needs(CURATE)
def load(set_id: UUID) -> ResponseReturnValue:
    """Keep the trials that were looked at."""
    form = LoadForm()

    def act(work: UnitOfWork, one: Row) -> None:
        content = (form.content.data or "").encode()
        add_file(work, one, content, form.source.data or "", form.population.data or "")

    if changed(form, set_id, act):
        flash("The trials are added.", "success")
        return _to_set(set_id)
    shown = FileForm(formdata=None, source=form.source.data, population=form.population.data)
    shown.stale = form.stale
    shown.form_errors = [*form.form_errors, *(m for f in form for m in f.errors)]
    return form_page("evidence_sets/file.html", shown, set_id)


@evidence_trials.route(f"{TRIAL}/withdraw", methods=["GET", "POST"])
@needs(CURATE)
def withdraw(set_id: UUID, trial_id: UUID) -> ResponseReturnValue:
    """Take a trial out of the pooling; it stays readable."""
    return _out_or_in(set_id, trial_id, service.withdraw, "withdraw", "The trial is withdrawn.")


@evidence_trials.route(f"{TRIAL}/restore", methods=["GET", "POST"])
@needs(CURATE)
def restore(set_id: UUID, trial_id: UUID) -> ResponseReturnValue:
    """Let a withdrawn trial count again."""
    return _out_or_in(set_id, trial_id, service.restore, "restore", "The trial counts again.")


def _out_or_in(
    set_id: UUID,
    trial_id: UUID,
    act: Callable[[UnitOfWork, Row, Row, str], None],
    page: str,
    done: str,
) -> ResponseReturnValue:
    form = ReasonForm()

    def change(work: UnitOfWork, one: Row) -> None:
        act(work, one, service.open_trial(work, one, trial_id), form.reason.data or "")

    if changed(form, set_id, change):
        flash(done, "success")
        return _to_set(set_id)

    def fill(work: UnitOfWork, one: Row) -> dict[str, object]:
        return {"study": service.open_trial(work, one, trial_id).study}

    return form_page(f"evidence_sets/{page}.html", form, set_id, fill)


def _to_set(set_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("evidence_sets.show", set_id=set_id), 303)
