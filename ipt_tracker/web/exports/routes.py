"""Tables taken out of the building, step by step: choose, look, say why, download."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.exchange.export_scores import TABLES
from ipt_tracker.exchange.xlsx import MEDIA_TYPE
from ipt_tracker.governance.access import Permission
from ipt_tracker.governance.disguise import Disguise
from ipt_tracker.services.exports.choice import Choice, Format, Which, offered
from ipt_tracker.services.exports.pieces import dictionary_csv
from ipt_tracker.services.exports.preview import look_at
from ipt_tracker.services.exports.taking import Units, take
from ipt_tracker.services.unit_of_work import reading, writing
from ipt_tracker.web.exports.forms import ChoiceForm, ReasonForm
from ipt_tracker.web.exports.words import shown
from ipt_tracker.web.policy import fresh, needs
from ipt_tracker.web.work import begin_reading, current_actor, given

exports = Blueprint("exports", __name__, url_prefix="/caseload/export")

NEEDED = Permission.EXPORT_CASELOAD
TYPES = {"xlsx": MEDIA_TYPE, "csv": "text/csv", "zip": "application/zip"}


@exports.route("", methods=["GET"])
@needs(NEEDED)
def show() -> ResponseReturnValue:
    """Choose tables, courses and form; nothing is read yet."""
    return _choosing(ChoiceForm(request.args, meta={"csrf": False}))


@exports.route("/look", methods=["GET"])
@needs(NEEDED)
def look() -> ResponseReturnValue:
    """Show the first rows of what was chosen, and ask for the reason."""
    return _looking(ReasonForm(None))


@exports.route("/look", methods=["POST"])
@needs(NEEDED)
@fresh
def download() -> ResponseReturnValue:
    """Give the tables as a file; that it was begun is written down before the first byte."""
    chosen, form = _chosen(), ReasonForm()
    if chosen.errors or not form.validate_on_submit():
        return _looking(form)
    choice = chosen.choice()
    try:
        file = take(_units(), choice, form.reason.data or "", _disguise(), _about(choice))
    except RuleBroken as broken:
        form.reject(broken)
        return _looking(form)
    response = Response(file, mimetype=TYPES[choice.file_name.rpartition(".")[2]])
    response.headers["Content-Disposition"] = f'attachment; filename="{choice.file_name}"'
    return response


@exports.route("/dictionary.csv", methods=["GET"])
@needs(NEEDED)
def dictionary() -> Response:
    """Give the meaning of every column as a table; nothing of any patient stands in it."""
    every = Choice(tuple(TABLES.values()), Which.ALL, Format.CSV, disguised=False)
    response = Response(dictionary_csv(every), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="dictionary.csv"'
    return response


def _looking(form: ReasonForm) -> ResponseReturnValue:
    chosen = _chosen()
    if chosen.errors:
        return _choosing(chosen)
    try:
        looks = look_at(begin_reading, chosen.choice(), _disguise())
    except RuleBroken as broken:
        chosen.reject(broken)
        return _choosing(chosen)
    page = render_template(
        "exports/look.html",
        form=form,
        choice=chosen.choice(),
        looks=looks,
        shown=shown,
        back=url_for("exports.show", **_arguments(chosen.choice())),
        action=url_for("exports.download", **_arguments(chosen.choice())),
    )
    return page, form.http_status


def _choosing(form: ChoiceForm) -> ResponseReturnValue:
    _offer(form)
    return render_template("exports/show.html", form=form, tables=TABLES), form.http_status


def _chosen() -> ChoiceForm:
    form = ChoiceForm(request.args, meta={"csrf": False})
    _offer(form)
    form.validate()
    return form


def _offer(form: ChoiceForm) -> None:
    actor = current_actor()
    form.offer(offered(actor) if actor else ())


def _arguments(choice: Choice) -> dict[str, Any]:
    """Give a choice as it stands in an address."""
    found: dict[str, Any] = {
        "tables": [table.name for table in choice.tables],
        "which": choice.which,
        "form": choice.form,
    }
    return found | ({"disguised": "y"} if choice.disguised else {})


def _disguise() -> Disguise:
    return Disguise(given().disguise_key)


def _units() -> Units:
    """Give units of work for after the request; emergency access takes nothing out."""
    made, actor = given(), current_actor()
    if actor is not None:
        actor = replace(actor, emergencies={})
    return Units(
        lambda: reading(made.database, actor, made.clock(), made.today()),
        lambda: writing(made.database, actor, made.clock(), made.today()),
    )


def _about(choice: Choice) -> list[tuple[str, str]]:
    """Say in the file what it is. It names nobody of the staff."""
    made = given()
    return [
        ("file", f"Tables of IPT Tracker {made.version}"),
        ("made on", made.today().isoformat()),
        ("tables", ", ".join(table.title for table in choice.tables)),
        ("courses", choice.which.label),
        ("names", "without names" if choice.disguised else "with names: keep it as a record"),
    ]
