"""A therapist's portfolio for accreditation: the page, its report text, and the files."""

from typing import cast
from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ipt_tracker.clinical.fidelity.accreditation import CAVEAT, status_lines
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import OF_FIDELITY, Permission
from ipt_tracker.persistence.queries.portfolio import TextFound
from ipt_tracker.reports import portfolio as words
from ipt_tracker.reports import portfolio_tables as tables
from ipt_tracker.services.fidelity.doors import open_therapist
from ipt_tracker.services.fidelity.portfolio import Format, portfolio_file, read_portfolio
from ipt_tracker.services.fidelity.portfolio_text import editions_of, write_text
from ipt_tracker.services.unit_of_work import ChangedMeanwhile
from ipt_tracker.web.change_form import NEWER
from ipt_tracker.web.drafts.kept import drop_draft, take_up
from ipt_tracker.web.drafts.taking_part import keeps_draft
from ipt_tracker.web.policy import fresh, needs
from ipt_tracker.web.supervision.portfolio_forms import PeriodForm, TextForm
from ipt_tracker.web.work import begin_reading, begin_work, given

portfolio = Blueprint(
    "portfolio", __name__, url_prefix="/supervision/therapists/<uuid:therapist_id>/portfolio"
)

SEE, WRITE = Permission.SEE_FIDELITY, Permission.SUPERVISE
FILES = {"pdf": "application/pdf", "csv": "text/csv"}
SAVED = "The report is saved. The therapist can read it; earlier editions stay readable."


@portfolio.route("", methods=["GET"])
@needs(SEE)
def show(therapist_id: UUID) -> ResponseReturnValue:
    """Show what was counted, by which rules, and the report text."""
    form = _period()
    with begin_reading() as work:
        account = open_therapist(work, therapist_id, SEE)
        facts = read_portfolio(work, account, form.period, _software())
        may_write = WRITE in OF_FIDELITY[work.person.role]
    page = render_template(
        "supervision/portfolio.html",
        therapist=account,
        facts=facts,
        form=form,
        words=words,
        tables=tables,
        requirements=status_lines(facts.counted),
        caveat=CAVEAT,
        may_write=may_write,
    )
    return page, 422 if form.errors else 200


@portfolio.route("/text", methods=["GET", "POST"])
@needs(WRITE)
@keeps_draft("The report of a portfolio")
def write(therapist_id: UUID) -> ResponseReturnValue:
    """Write the report text, or its next edition."""
    form = TextForm()
    if _saved(form, therapist_id):
        flash(SAVED, "success")
        return redirect(url_for("portfolio.show", therapist_id=therapist_id), 303)
    with begin_reading() as work:
        account = open_therapist(work, therapist_id, WRITE)
        editions = editions_of(work, account)
        newest = editions[0] if editions else None
        _fill(form, newest)
        draft = take_up(work, form)
    page = render_template(
        "supervision/portfolio_text.html",
        therapist=account,
        newest=newest,
        words=words,
        form=form,
        draft=draft,
    )
    return page, form.http_status


@portfolio.route("/download.<any(pdf, csv):fmt>", methods=["GET"])
@needs(SEE)
@fresh
def download(therapist_id: UUID, fmt: str) -> Response:
    """Give the portfolio as a file; that it left the building is written down first."""
    form = _period()
    if form.errors:
        abort(400)
    with begin_reading() as work:
        account = open_therapist(work, therapist_id, SEE)
        facts = read_portfolio(work, account, form.period, _software())
        content = portfolio_file(work, account, facts, cast("Format", fmt))
    response = Response(content, mimetype=FILES[fmt])
    response.headers["Content-Disposition"] = f'attachment; filename="portfolio.{fmt}"'
    return response


def _period() -> PeriodForm:
    form = PeriodForm(request.args, meta={"csrf": False})
    form.validate()
    return form


def _software() -> str:
    return f"IPT Tracker {given().version}"


def _saved(form: TextForm, therapist_id: UUID) -> bool:
    if not form.validate_on_submit():
        return False
    try:
        with begin_work() as work:
            write_text(work, open_therapist(work, therapist_id, WRITE), form.entry())
            drop_draft(work)
    except RuleBroken as broken:
        form.reject(broken)
    except ChangedMeanwhile:
        form.stale = True
        form.form_errors = [*form.form_errors, NEWER]
    else:
        return True
    return False


def _fill(form: TextForm, newest: TextFound | None) -> None:
    """Start a form that nobody has typed in from the newest edition."""
    if not form.is_submitted() and newest:
        form.process(data={"body": newest.body, "text": newest.text})
    form.version.renew(newest.edition if newest else 0)
