"""How people get in: one-time codes to hand over, and what somebody's role is."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission, Role
from ipt_tracker.services.accounts import change_role
from ipt_tracker.services.courses import require_version
from ipt_tracker.services.identity import access_codes
from ipt_tracker.services.identity.access_codes import CodeFor
from ipt_tracker.services.people import find_account
from ipt_tracker.services.unit_of_work import ChangedMeanwhile
from ipt_tracker.web.admin.forms import CodeForm, RoleForm
from ipt_tracker.web.policy import fresh, needs
from ipt_tracker.web.work import begin_reading, begin_work

entrance = Blueprint("entrance", __name__, url_prefix="/people")


@entrance.route("/<uuid:account_id>/code/<any(password, second_factor):kind>", methods=["GET"])
@needs(Permission.MANAGE_USERS)
@fresh
def code(account_id: UUID, kind: str) -> ResponseReturnValue:
    """Say what a code of this kind does, before it is made."""
    form = CodeForm(None, kind=kind)
    return _code_page(form, account_id, CodeFor(kind))


@entrance.route("/<uuid:account_id>/code", methods=["POST"])
@needs(Permission.MANAGE_USERS)
@fresh
def make_code(account_id: UUID) -> ResponseReturnValue:
    """Make a code and show it in the answer itself, this once."""
    form = CodeForm()
    if form.validate_on_submit():
        try:
            with begin_work() as work:
                account = find_account(work, account_id)
                made = access_codes.make(work, account, CodeFor(form.kind.data))
        except RuleBroken as broken:
            form.reject(broken)
        else:
            return render_template("admin/code.html", account=account, code=made)
    known = form.kind.data if form.kind.data in set(CodeFor) else CodeFor.PASSWORD
    return _code_page(form, account_id, CodeFor(known))


def _code_page(form: CodeForm, account_id: UUID, kind: CodeFor) -> ResponseReturnValue:
    with begin_reading() as work:
        account = find_account(work, account_id)
    page = render_template("admin/make_code.html", form=form, account=account, kind=kind)
    return page, 422 if form.errors or form.form_errors else 200


@entrance.route("/<uuid:account_id>/role", methods=["GET", "POST"])
@needs(Permission.MANAGE_USERS)
@fresh
def role(account_id: UUID) -> ResponseReturnValue:
    """Give somebody another role; every sign-in of theirs ends."""
    form = RoleForm()
    if form.validate_on_submit():
        try:
            with begin_work() as work:
                account = find_account(work, account_id)
                require_version(account, form.version.data)
                change_role(work, account, Role(form.role.data))
        except RuleBroken as broken:
            form.reject(broken)
        except ChangedMeanwhile:
            form.stale = True
        else:
            flash("The role is changed. Every sign-in of this person has ended.", "success")
            return redirect(url_for("admin.accounts"), 303)
    with begin_reading() as work:
        account = find_account(work, account_id)
    form.prepare(account)
    return render_template("admin/role.html", form=form, account=account), form.http_status
