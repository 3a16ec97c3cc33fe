"""Setting a password with a one-time code, before any sign-in."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.services.identity import password_by_code
from ipt_tracker.web.account.forms import SetPasswordForm
from ipt_tracker.web.policy import public
from ipt_tracker.web.work import given

by_code = Blueprint("by_code", __name__)


@by_code.route("/set-password", methods=["GET", "POST"])
@public
def set_password() -> ResponseReturnValue:
    """Set a first or a forgotten password; the answer is the same for people who are unknown."""
    form = SetPasswordForm()
    if form.validate_on_submit():
        made, address = given(), request.remote_addr or ""
        try:
            refusal = password_by_code.set_password(
                made.database, form.entered(), made.clock(), made.factor_key, address=address
            )
        except RuleBroken as broken:
            form.reject(broken)
        else:
            if refusal is None:
                session.clear()
                flash("Your password is set. Sign in with it.", "success")
                return redirect(url_for("auth.sign_in"), 303)
            form.form_errors.append(refusal)
    return render_template("account/set_password.html", form=form), form.http_status
