"""Item sets of this clinic: which there are, a new one from a file, and which one is used."""

from collections.abc import Callable

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from ipt_tracker.clinical.fidelity.file_reading import FaultsFound
from ipt_tracker.clinical.fidelity.item_set import example_text
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission
from ipt_tracker.services.clinic_settings import change_settings, version
from ipt_tracker.services.fidelity.item_sets import (
    list_item_sets,
    load_item_set,
    look_at_file,
)
from ipt_tracker.services.unit_of_work import ChangedMeanwhile, UnitOfWork
from ipt_tracker.web.admin.forms import PersonForm
from ipt_tracker.web.admin.item_set_forms import ChooseForm, FileForm, LoadForm
from ipt_tracker.web.policy import needs
from ipt_tracker.web.work import begin_reading, begin_work

item_sets = Blueprint("item_sets", __name__, url_prefix="/settings/item-sets")
SETTINGS = Permission.MANAGE_SETTINGS


@item_sets.route("", methods=["GET"])
@needs(SETTINGS)
def show() -> ResponseReturnValue:
    """List the sets of this clinic, let one be chosen, and take a file with another."""
    return _page(FileForm(), ChooseForm())


@item_sets.route("/look", methods=["POST"])
@needs(SETTINGS)
def look() -> ResponseReturnValue:
    """Show what is in a file before it is loaded, or everything that is wrong with it."""
    form = FileForm()
    if form.validate_on_submit():
        try:
            with begin_reading() as work:
                found, content = look_at_file(work, form.content())
        except RuleBroken as broken:
            _reject(form, broken)
        else:
            load_form = LoadForm(formdata=None, content=content)
            return render_template("admin/item_set_look.html", form=load_form, set=found)
    return _page(form, ChooseForm(formdata=None))


@item_sets.route("/load", methods=["POST"])
@needs(SETTINGS)
def load() -> ResponseReturnValue:
    """Load what was looked at, for good."""
    form = LoadForm()
    made: list[str] = []

    def act(work: UnitOfWork) -> None:
        found = load_item_set(work, (form.content.data or "").encode())
        made.append(f"{found.name}, version {found.version}")

    if _kept(form, act):
        flash(f"Loaded: {made[0]}. New ratings use it once you choose it below.", "success")
        return redirect(url_for("item_sets.show"), 303)
    shown = FileForm(formdata=None)
    shown.form_errors = [*form.form_errors, *(m for f in form for m in f.errors)]
    return _page(shown, ChooseForm(formdata=None))


@item_sets.route("/choose", methods=["POST"])
@needs(SETTINGS)
def choose() -> ResponseReturnValue:
    """Choose the set of new ratings. A rating keeps the one it was made with."""
    form = ChooseForm()
    with begin_reading() as work:
        form.offer(list_item_sets(work), version(work))
    if _kept(form, lambda work: change_settings(work, form.wanted(), form.seen.data)):
        flash("Saved. It holds for ratings from now on.", "success")
        return redirect(url_for("item_sets.show"), 303)
    return _page(FileForm(formdata=None), form)


@item_sets.route("/example", methods=["GET"])
@needs(SETTINGS)
def example() -> ResponseReturnValue:
    """Give a file that shows the form of an item set."""
    response = Response(example_text(), mimetype="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="example-item-set.json"'
    return response


def _page(file_form: FileForm, choose_form: ChooseForm) -> ResponseReturnValue:
    with begin_reading() as work:
        sets, number = list_item_sets(work), version(work)
    choose_form.offer(sets, number)
    choose_form.prepare(number)
    page = render_template(
        "admin/item_sets.html", sets=sets, file_form=file_form, choose_form=choose_form
    )
    return page, max(file_form.http_status, choose_form.http_status)


def _kept(form: PersonForm, act: Callable[[UnitOfWork], object]) -> bool:
    if not form.validate_on_submit():
        return False
    try:
        with begin_work() as work:
            act(work)
    except RuleBroken as broken:
        _reject(form, broken)
        return False
    except ChangedMeanwhile:
        form.stale = True
        return False
    return True


def _reject(form: PersonForm, broken: RuleBroken) -> None:
    """Put every fault of a file above the form, one sentence each."""
    if not isinstance(broken, FaultsFound):
        form.reject(broken)
        return
    for fault in broken.faults:
        form.reject(RuleBroken(fault))
