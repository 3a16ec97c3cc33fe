"""Signing in, signing out, and the first page."""

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from ipt_tracker.governance.access import Role
from ipt_tracker.services import accounts
from ipt_tracker.web.addresses import is_ours
from ipt_tracker.web.auth.forms import SignInForm
from ipt_tracker.web.auth.kept import KeptForm
from ipt_tracker.web.identity import TOKEN
from ipt_tracker.web.policy import public, signed_in
from ipt_tracker.web.work import given

auth = Blueprint("auth", __name__)

REFUSED = "The e-mail and the password do not belong together. Check both and try again."


@auth.route("/", methods=["GET"])
@public
def home() -> ResponseReturnValue:
    """Show the sign-in form to a visitor, and everybody else their own first page."""
    if g.actor is None:
        return _form(SignInForm())
    return redirect(_first_page(), 303)


@auth.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Take e-mail and password; a refusal does not say which of them was wrong."""
    form = SignInForm()
    if not form.validate_on_submit():
        return _form(form)
    made = given()
    token = accounts.sign_in(made.database, form.email.data, form.password.data, made.clock())
    if token is None:
        form.form_errors.append(REFUSED)
        return _form(form)
    if TOKEN in session:  # whoever was signed in here before is not any more
        accounts.sign_out(made.database, session[TOKEN], made.clock())
    session.clear()
    g.pop("csrf_token", None)  # a new person, a new request token
    g.pop("csrf_token", None)  # the one made for this form belongs to the session that ended
    session[TOKEN] = token
    kept = KeptForm.carried(request)
    if kept is not None:
        return render_template("auth/send_again.html", kept=kept)
    return redirect(_safe_next() or url_for("auth.home"), 303)


@auth.route("/still-here", methods=["POST"])
@signed_in
def still_here() -> ResponseReturnValue:
    """Count typing as activity: a page sends this while somebody writes, never by a timer."""
    return "", 204


@auth.route("/sign-out", methods=["POST"])
@signed_in
def sign_out() -> Response:
    """End this sign-in and ask the browser to forget what it kept."""
    accounts.sign_out(given().database, session[TOKEN], given().clock())
    session.clear()
    flash("You have signed out.", "success")
    response = redirect(url_for("auth.sign_in"), 303)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@auth.route("/healthz", methods=["GET"])
@public
def health() -> ResponseReturnValue:
    """Answer 200 when the database answers."""
    with given().database.engine.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
    return {"status": "ok"}


def _form(form: SignInForm) -> ResponseReturnValue:
    status = 422 if form.errors or form.form_errors else 200
    kept = KeptForm.carried(request)
    back = _safe_next()
    page = render_template("auth/sign_in.html", form=form, next=back, kept=kept, idle=g.was_idle)
    return page, status


def _safe_next() -> str | None:
    """Give the page to go back to, only ever one of this application."""
    wanted = request.args.get("next", "")
    return wanted if is_ours(wanted) else None


def _first_page() -> str:
    if g.actor.role is Role.ADMINISTRATOR:
        return url_for("admin.accounts")
    if g.actor.role is Role.SUPERVISOR:
        return url_for("supervision.show")
    return url_for("today.show")
