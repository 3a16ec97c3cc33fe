"""Signing in, signing out, and the first page."""

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from ipt_tracker.services.identity import sign_ins, step_up
from ipt_tracker.web.auth.device import device_of
from ipt_tracker.web.auth.forms import CodeForm, ConfirmForm, LockedForm, SignInForm
from ipt_tracker.web.auth.going_on import first_page, go_on, safe_next
from ipt_tracker.web.auth.kept import KeptForm
from ipt_tracker.web.forms import Form
from ipt_tracker.web.identity import TOKEN
from ipt_tracker.web.policy import before_enrolment, public, signed_in
from ipt_tracker.web.work import given

auth = Blueprint("auth", __name__)


@auth.route("/", methods=["GET"])
@public
def home() -> ResponseReturnValue:
    """Show the sign-in form to a visitor, and everybody else their own first page."""
    if g.actor is None:
        return redirect(url_for("auth.locked"), 303) if g.who.idle else _page(SignInForm())
    return redirect(first_page(), 303)


@auth.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Take e-mail and password; a refusal does not say which of them was wrong."""
    form = SignInForm()
    if not form.validate_on_submit():
        return _page(form)
    made = given()
    email, password = form.email.data or "", form.password.data or ""
    outcome = sign_ins.sign_in(
        made.database, email, password, made.clock(), address=_address(), device=device_of(request)
    )
    if outcome.token is None:
        return _refused(form, outcome)
    if TOKEN in session:  # whoever was signed in here before is not any more
        sign_ins.sign_out(made.database, session[TOKEN], made.clock())
    session.clear()
    g.pop("csrf_token", None)  # the one made for this form belongs to the session that ended
    if outcome.needs_factor:
        session[TOKEN] = outcome.token
        return _to_second_step()
    return go_on(outcome.token)


def _to_second_step() -> ResponseReturnValue:
    """Ask for the code; what was typed before the sign-in ran out goes along."""
    kept = KeptForm.carried(request)
    if kept is None:
        return redirect(url_for("auth.second_step", next=safe_next()), 303)
    return render_template("auth/second_step.html", form=CodeForm(None), kept=kept)


@auth.route("/sign-in/code", methods=["GET", "POST"])
@public
def second_step() -> ResponseReturnValue:
    """Take the code that follows the password."""
    form = CodeForm()
    if not form.validate_on_submit():
        return _page(form) if g.who.awaits_code or form.errors else _to_sign_in()
    made = given()
    outcome = sign_ins.pass_second_step(
        made.database,
        session.get(TOKEN, ""),
        form.code.data or "",
        made.clock(),
        made.factor_key,
        address=_address(),
    )
    if outcome.token is None:
        return _refused(form, outcome) if outcome.needs_factor else _again(outcome)
    return go_on(outcome.token)


@auth.route("/locked", methods=["GET", "POST"])
@public
def locked() -> ResponseReturnValue:
    """Open a sign-in that was locked after a while without activity, by the password alone."""
    form = LockedForm()
    if not form.validate_on_submit():
        return _page(form) if g.who.idle or form.errors else _to_sign_in()
    made, token = given(), session.get(TOKEN, "")
    password = form.password.data or ""
    outcome = step_up.unlock(made.database, token, password, made.clock(), address=_address())
    if outcome.token is None:
        return _refused(form, outcome) if g.who.idle else _again(outcome)
    return go_on(outcome.token)


@auth.route("/confirm-it-is-you", methods=["GET", "POST"])
@signed_in
@before_enrolment
def confirm() -> ResponseReturnValue:
    """Ask again for the password or a code, before what needs a fresh sign-in."""
    form = ConfirmForm()
    if not form.validate_on_submit():
        return _page(form)
    made, typed = given(), form.password.data or ""
    outcome = step_up.step_up(
        made.database, session[TOKEN], typed, made.clock(), made.factor_key, address=_address()
    )
    return _refused(form, outcome) if outcome.token is None else go_on(outcome.token)


@auth.route("/still-here", methods=["POST"])
@signed_in
def still_here() -> ResponseReturnValue:
    """Count typing as activity: a page sends this while somebody writes, never by a timer."""
    return "", 204


@auth.route("/sign-out", methods=["POST"])
@signed_in
@before_enrolment
def sign_out() -> Response:
    """End this sign-in and ask the browser to forget what it kept."""
    sign_ins.sign_out(given().database, session[TOKEN], given().clock())
    session.clear()
    flash("You have signed out.", "success")
    response = redirect(url_for("auth.sign_in"), 303)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@auth.route("/healthz", methods=["GET"])
@public
def health() -> ResponseReturnValue:
    """Answer 200 when the database answers."""
    reading = given().database.engine.execution_options(ipt_access="read")
    with reading.connect() as connection:  # waits for no one who writes
        connection.exec_driver_sql("SELECT 1")
    return {"status": "ok"}


PAGES = {
    SignInForm: "auth/sign_in.html",
    CodeForm: "auth/second_step.html",
    LockedForm: "auth/locked.html",
    ConfirmForm: "auth/confirm.html",
}


def _page(form: Form) -> ResponseReturnValue:
    status = 422 if form.errors or form.form_errors else 200
    kept, back = KeptForm.carried(request), safe_next()
    return render_template(PAGES[type(form)], form=form, next=back, kept=kept, who=g.who), status


def _refused(form: Form, outcome: sign_ins.Outcome) -> ResponseReturnValue:
    form.form_errors.append(outcome.refusal)
    return _page(form)


def _again(outcome: sign_ins.Outcome) -> ResponseReturnValue:
    """Start from the beginning: the sign-in has ended meanwhile. What was typed goes along."""
    form = SignInForm(None)
    form.form_errors.append(outcome.refusal)
    return _page(form)


def _to_sign_in() -> ResponseReturnValue:
    """Send who has nothing to do here where they belong."""
    return redirect(url_for("auth.home" if g.actor else "auth.sign_in", next=safe_next()), 303)


def _address() -> str:
    return request.remote_addr or ""
