"""Accounts and who supervises whom. No page here knows anything of a patient."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission, Role
from ipt_tracker.services.accounts import change_account, create_account
from ipt_tracker.services.courses import require_version
from ipt_tracker.services.emergency.notices import unseen
from ipt_tracker.services.identity import access_codes
from ipt_tracker.services.identity.access_codes import CodeFor
from ipt_tracker.services.identity.second_factor import has_factor
from ipt_tracker.services.people import (
    end_supervision,
    find_account,
    find_supervision,
    read_people,
    start_supervision,
)
from ipt_tracker.services.unit_of_work import ChangedMeanwhile
from ipt_tracker.web.admin.forms import (
    AccountForm,
    EndSupervisionForm,
    NewAccountForm,
    SupervisionForm,
)
from ipt_tracker.web.policy import fresh, needs
from ipt_tracker.web.work import begin_reading, begin_work, given

admin = Blueprint("admin", __name__, url_prefix="/people")


@admin.route("", methods=["GET"])
@needs(Permission.MANAGE_USERS)
def accounts() -> ResponseReturnValue:
    """List who works here, what they may do, and who supervises whom."""
    with begin_reading() as work:
        people = read_people(work)
        emergencies = unseen(work)
    supervisors: dict[UUID, list[str]] = {}
    for each in people.supervisions:
        if each.started_on <= given().today():
            supervisors.setdefault(each.supervisee_id, []).append(each.supervisor)
    return render_template(
        "admin/accounts.html",
        people=people,
        supervisors=supervisors,
        emergencies_unseen=emergencies,
    )


@admin.route("/new", methods=["GET", "POST"])
@needs(Permission.MANAGE_USERS)
@fresh
def new_account() -> ResponseReturnValue:
    """Add a person, and show the code for their first password, this once."""
    form = NewAccountForm()
    if form.validate_on_submit():
        try:
            with begin_work() as work:
                account = create_account(work, form.account())
                code = access_codes.make(work, account, CodeFor.PASSWORD)
        except RuleBroken as broken:
            form.reject(broken)
        else:
            return render_template("admin/code.html", account=account, code=code)
    return render_template("admin/new_account.html", form=form), form.http_status


@admin.route("/<uuid:account_id>", methods=["GET", "POST"])
@needs(Permission.MANAGE_USERS)
@fresh
def edit_account(account_id: UUID) -> ResponseReturnValue:
    """Change an account: name, e-mail, and whether it may sign in."""
    form = AccountForm()
    if form.validate_on_submit():
        try:
            with begin_work() as work:
                account = find_account(work, account_id)
                require_version(account, form.version.data)
                change_account(work, account, form.change())
        except RuleBroken as broken:
            form.reject(broken)
        except ChangedMeanwhile:
            form.stale = True
        else:
            flash("The account is changed.", "success")
            return _to_list()
    with begin_reading() as work:
        account = find_account(work, account_id)
        factor = has_factor(work.session, account.id)
    form.prepare(account)
    page = render_template("admin/edit_account.html", form=form, account=account, has_factor=factor)
    return page, form.http_status


@admin.route("/supervision", methods=["GET", "POST"])
@needs(Permission.MANAGE_USERS)
@fresh
def supervision() -> ResponseReturnValue:
    """Show who supervises whom, and let another supervision start."""
    form = SupervisionForm()
    if form.validate_on_submit():
        try:
            with begin_work() as work:
                start_supervision(work, form.supervision())
        except RuleBroken as broken:
            form.reject(broken)
        else:
            flash("The supervision is arranged.", "success")
            return redirect(url_for("admin.supervision"), 303)
    elif not form.is_submitted():
        form.started_on.data = given().today()
    with begin_reading() as work:
        people = read_people(work)
    form.offer(people.of_role(Role.SUPERVISOR), people.of_role(Role.THERAPIST))
    return render_template("admin/supervision.html", form=form, people=people), form.http_status


@admin.route("/supervision/<uuid:supervision_id>/end", methods=["GET", "POST"])
@needs(Permission.MANAGE_USERS)
@fresh
def end_of_supervision(supervision_id: UUID) -> ResponseReturnValue:
    """End a supervision from a day on."""
    form = EndSupervisionForm()
    if form.validate_on_submit():
        try:
            with begin_work() as work:
                end_supervision(work, supervision_id, form.ended_on.data)
        except RuleBroken as broken:
            form.reject(broken)
        else:
            flash("The end of the supervision is arranged.", "success")
            return redirect(url_for("admin.supervision"), 303)
    elif not form.is_submitted():
        form.ended_on.data = given().today()
    with begin_reading() as work:
        found = find_supervision(work, supervision_id)
    return render_template("admin/end_supervision.html", form=form, found=found), form.http_status


def _to_list() -> ResponseReturnValue:
    return redirect(url_for("admin.accounts"), 303)
