"""Scores from a spreadsheet: handed in, matched, looked at, taken in as a whole, undone."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.exchange.score_template import template_csv, template_xlsx
from ipt_tracker.governance.access import Permission
from ipt_tracker.services.score_imports import staging
from ipt_tracker.services.score_imports.matching import proposed
from ipt_tracker.services.score_imports.taking import planned, take_in, taken, undo
from ipt_tracker.services.unit_of_work import ChangedMeanwhile, UnitOfWork
from ipt_tracker.web.change_form import ChangeForm
from ipt_tracker.web.policy import needs
from ipt_tracker.web.score_imports import view
from ipt_tracker.web.score_imports.forms import (
    ColumnsForm,
    DropForm,
    FileForm,
    TakeForm,
    UndoForm,
    columns_form,
)
from ipt_tracker.web.work import begin_reading, begin_work

score_imports = Blueprint("score_imports", __name__, url_prefix="/caseload/scores")
IMPORT = Permission.IMPORT_SCORES
LARGEST_REQUEST = 2_200_000
"""The largest file and what a form puts around it; all other requests stay at the usual limit."""
ONE = "/<uuid:import_id>"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@score_imports.url_value_preprocessor
def allow_a_file(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Let the one address that takes a spreadsheet have the room for it, before it is read."""
    del values
    if endpoint == "score_imports.show":
        request.max_content_length = LARGEST_REQUEST


@score_imports.route("", methods=["GET", "POST"])
@needs(IMPORT)
def show() -> ResponseReturnValue:
    """List the own spreadsheets, and read another one."""
    form = FileForm()
    if form.validate_on_submit():
        try:
            with begin_work() as work:
                kept = staging.stage(work, form.file.data.filename or "", form.content)
                import_id = kept.id
        except RuleBroken as broken:
            form.reject(RuleBroken(broken.message, "file"))
        else:
            return _to("match", import_id)
    with begin_reading() as work:
        page, found = staging.list_imports(work, request.args.get("page", 1, type=int))
    status = 422 if form.errors else 200
    return render_template("score_imports/show.html", form=form, page=page, rows=found), status


@score_imports.route("/template/table", methods=["GET"])
@needs(IMPORT)
def empty_table() -> ResponseReturnValue:
    """Give the empty table as CSV."""
    return _file(template_csv(), "text/csv; charset=utf-8", "scores.csv")


@score_imports.route("/template/workbook", methods=["GET"])
@needs(IMPORT)
def empty_workbook() -> ResponseReturnValue:
    """Give the empty table as a workbook with its explanation."""
    return _file(template_xlsx(), XLSX, "scores.xlsx")


def _file(content: bytes, kind: str, name: str) -> Response:
    answer = Response(content, content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@score_imports.route(f"{ONE}/columns", methods=["GET", "POST"])
@needs(IMPORT)
def match(import_id: UUID) -> ResponseReturnValue:
    """Say which column holds what."""
    try:
        with begin_reading() as work:
            kept = staging.open_staged(work, import_id)
    except RuleBroken as broken:
        return _gone(broken, import_id)
    sheet, before = staging.sheet_of(kept), staging.matching_of(kept)
    form = columns_form(sheet, before.as_json() if before else proposed(sheet))
    if _kept(form, import_id, _keep_columns):
        return _to("look", import_id)
    form.prepare(kept, **form.filled)
    form.offer(sheet)
    shown = sheet.rows[: view.FIRST_ROWS]
    page = render_template(
        "score_imports/match.html", form=form, kept=kept, sheet=sheet, first_rows=shown
    )
    return page, form.http_status


def _keep_columns(work: UnitOfWork, kept: Any, form: ColumnsForm) -> None:  # noqa: ANN401 -- a row of a table
    staging.keep_matching(work, kept, form.matching())


@score_imports.route(f"{ONE}/rows", methods=["GET", "POST"])
@needs(IMPORT)
def look(import_id: UUID) -> ResponseReturnValue:
    """Show what becomes of each row; take all of them in, or none."""
    form = TakeForm()
    counted: list[int] = []

    def take(work: UnitOfWork, kept: Any, form: TakeForm) -> None:  # noqa: ANN401 -- a row of a table
        counted.append(take_in(work, kept, form.answers()))

    if _kept(form, import_id, take):
        flash(f"{view.counted(counted[0], 'score')} taken in.", "success")
        return _to("done", import_id)
    try:
        with begin_reading() as work:
            kept = staging.open_staged(work, import_id)
            if kept.matching is None:
                return _to("match", import_id)
            plan = planned(work, kept)
    except RuleBroken as broken:
        return _gone(broken, import_id)
    form.prepare(kept)
    form.seal.process_data(plan.seal)
    form.seal.raw_data = None
    number = request.args.get("page", 1, type=int)
    found = view.rows_of(plan, number)
    page = render_template(
        "score_imports/look.html", form=form, kept=kept, plan=plan, found=found, drop=DropForm()
    )
    return page, form.http_status


def _kept(form: ChangeForm, import_id: UUID, act: Callable[[UnitOfWork, Any, Any], None]) -> bool:
    """Do what a form says to rows that are still kept; False where nothing was, and it says why."""
    if not form.validate_on_submit():
        return False
    try:
        with begin_work() as work:
            act(work, staging.open_staged(work, import_id, form.version.data), form)
    except RuleBroken as broken:
        form.reject(broken)
    except ChangedMeanwhile:
        form.stale = True
    else:
        return True
    return False


@score_imports.route(f"{ONE}/drop", methods=["POST"])
@needs(IMPORT)
def drop(import_id: UUID) -> ResponseReturnValue:
    """Remove what was read without taking it in."""
    if DropForm().validate_on_submit():
        try:
            with begin_work() as work:
                staging.drop(work, staging.open_staged(work, import_id))
        except RuleBroken as broken:
            return _gone(broken, import_id)
        flash("The spreadsheet is dropped. Nothing of it is kept.", "success")
    return redirect(url_for("score_imports.show"), 303)


@score_imports.route(ONE, methods=["GET"])
@needs(IMPORT)
def done(import_id: UUID) -> ResponseReturnValue:
    """Show what came of a spreadsheet that was taken in."""
    with begin_reading() as work:
        kept = staging.open_import(work, import_id)
        if kept.status == staging.STAGED and not staging.is_outdated(kept, work.now):
            return _to("look", import_id)
        found = view.taken_rows(taken(work, kept), request.args.get("page", 1, type=int))
    return render_template("score_imports/done.html", kept=kept, found=found)


@score_imports.route(f"{ONE}/undo", methods=["GET", "POST"])
@needs(IMPORT)
def take_back(import_id: UUID) -> ResponseReturnValue:
    """Withdraw all that came of a spreadsheet."""
    form = UndoForm()
    if form.validate_on_submit():
        try:
            with begin_work() as work:
                kept = staging.open_import(work, import_id)
                number = undo(work, kept, form.reason.data)
        except RuleBroken as broken:
            form.reject(broken)
        else:
            flash(f"Undone: {view.counted(number, 'score')} withdrawn.", "success")
            return _to("done", import_id)
    with begin_reading() as work:
        kept = staging.open_import(work, import_id)
        number = len(taken(work, kept))
    if kept.status != staging.DONE:
        return _to("done", import_id)
    form.prepare(kept)
    page = render_template("score_imports/undo.html", form=form, kept=kept, number=number)
    return page, form.http_status


def _gone(broken: RuleBroken, import_id: UUID) -> ResponseReturnValue:
    """Say that the rows are no longer kept, where what became of them is shown."""
    flash(broken.message, "warning")
    return _to("done", import_id)


def _to(endpoint: str, import_id: UUID) -> ResponseReturnValue:
    return redirect(url_for(f"score_imports.{endpoint}", import_id=import_id), 303)
