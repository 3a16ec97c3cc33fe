"""One's own account: password, second factor, recovery codes, and where one is signed in."""

import io
from uuid import UUID

import segno
from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Actor
from ipt_tracker.services.identity import (
    own_password,
    own_sign_ins,
    recovery_codes,
)
from ipt_tracker.services.identity import (
    second_factor as factors,
)
from ipt_tracker.services.identity.own_account import own_account, read_own, this_sign_in
from ipt_tracker.services.identity.second_factor import Enrolment
from ipt_tracker.web.account.forms import ButtonForm, ChangePasswordForm, ConfirmFactorForm
from ipt_tracker.web.identity import TOKEN, to_confirm
from ipt_tracker.web.policy import before_enrolment, fresh, signed_in
from ipt_tracker.web.work import begin_reading, begin_work, given

account = Blueprint("account", __name__, url_prefix="/account")

ENROLLING = "enrolling"
"""The place in the cookie of a seed on its way, sealed: no browser can read it."""
GROUP = 4
OTHERS = "others"


@account.route("", methods=["GET"])
@signed_in
def show() -> ResponseReturnValue:
    """Show one's own account."""
    with begin_reading() as work:
        own = read_own(work, session[TOKEN])
    required = given().second_factor_required
    return render_template("account/show.html", own=own, required=required, form=ButtonForm(None))


@account.route("/password", methods=["GET", "POST"])
@signed_in
@before_enrolment
def password() -> ResponseReturnValue:
    """Change one's own password; every other sign-in ends."""
    form = ChangePasswordForm()
    if form.validate_on_submit():
        made, actor, address = given(), _actor(), request.remote_addr or ""
        try:
            outcome = own_password.change(
                made.database,
                actor,
                session[TOKEN],
                form.change(),
                made.clock(),
                address=address,
            )
        except RuleBroken as broken:
            form.reject(broken)
        else:
            if outcome.token:
                session[TOKEN] = outcome.token
                flash("Your password is changed. Other sign-ins have ended.", "success")
                return _back()
            form.reject(RuleBroken(outcome.refusal or "", "old"))
    return render_template("account/password.html", form=form), form.http_status


@account.route("/second-factor", methods=["GET", "POST"])
@signed_in
@before_enrolment
def second_factor() -> ResponseReturnValue:
    """Set up a second factor: begin, then confirm with a first code. The old one holds till then.

    It needs a fresh sign-in, except right after one in which nothing else is open yet.
    """
    if not g.who.fresh and (g.who.has_factor or not given().second_factor_required):
        return to_confirm()
    begun = _begun()
    if request.method == "POST" and ("begin" in request.form or begun is None):
        return _begin() if "begin" in request.form else _again()
    form = ConfirmFactorForm()
    if begun is not None and form.validate_on_submit():
        try:
            with begin_work() as work:
                own = own_account(work)
                factors.confirm(work, own, begun.sealed, form.code.data, given().factor_key)
                codes = recovery_codes.make_set(work, own)
        except RuleBroken as broken:
            form.reject(broken)
        else:
            session.pop(ENROLLING, None)
            return _codes(codes, "Your second factor is set up.")
    page = render_template(
        "account/second_factor.html",
        form=form,
        begun=begun,
        seed=_groups(begun),
        has_factor=g.who.has_factor,
    )
    return page, form.http_status


def _begin() -> ResponseReturnValue:
    with begin_work() as work:
        begun = factors.begin(work, own_account(work), given().factor_key)
    session[ENROLLING] = begun.sealed
    return _again()


def _again() -> ResponseReturnValue:
    return redirect(url_for("account.second_factor"), 303)


def _begun() -> Enrolment | None:
    """Take up the enrolment that this browser began."""
    sealed = session.get(ENROLLING)
    if not sealed:
        return None
    with begin_reading() as work:
        return factors.resume(own_account(work), sealed, given().factor_key)


def _groups(begun: Enrolment | None) -> str:
    """Write the seed in groups, for a telephone that cannot read the picture."""
    seed = begun.seed if begun else ""
    return " ".join(seed[at : at + GROUP] for at in range(0, len(seed), GROUP))


@account.route("/second-factor/picture", methods=["GET"])
@signed_in
@before_enrolment
def picture() -> ResponseReturnValue:
    """Draw what the telephone reads, while a second factor is being set up."""
    begun = _begun()
    if begun is None:
        return _again()
    drawn = io.BytesIO()
    code = segno.make(begun.uri, error="m", micro=False)
    code.save(drawn, kind="svg", scale=5, light="white", svgclass=None, lineclass=None)
    return drawn.getvalue(), 200, {"Content-Type": "image/svg+xml"}


@account.route("/second-factor/remove", methods=["GET", "POST"])
@signed_in
@fresh
def remove() -> ResponseReturnValue:
    """Take one's second factor away, with its recovery codes."""
    if not g.who.has_factor:
        return _back()
    form = ButtonForm()
    if form.validate_on_submit():
        with begin_work() as work:
            factors.remove(work, own_account(work).id)
        flash("Your second factor is removed, and its recovery codes are void.", "success")
        return _back()
    return render_template(
        "account/remove.html", form=form, required=given().second_factor_required
    )


@account.route("/recovery-codes", methods=["GET", "POST"])
@signed_in
@fresh
def new_codes() -> ResponseReturnValue:
    """Make a new set of recovery codes, shown this once; the set before it is void."""
    if not g.who.has_factor:
        return _again()
    form = ButtonForm()
    if form.validate_on_submit():
        with begin_work() as work:
            codes = recovery_codes.make_set(work, own_account(work))
        return _codes(codes, "The codes that you had before are void.")
    with begin_reading() as work:
        left = recovery_codes.left(work.session, own_account(work).id)
    return render_template("account/new_codes.html", form=form, left=left)


def _codes(codes: tuple[str, ...], said: str) -> ResponseReturnValue:
    """Show codes in the answer itself: they are kept nowhere, so no other page could show them."""
    return render_template("account/codes.html", codes=codes, said=said)


@account.route("/sign-ins", methods=["POST"])
@signed_in
def end_sign_ins() -> ResponseReturnValue:
    """End one of one's own sign-ins, or all of the others."""
    wanted = request.form.get("which", "")
    with begin_work() as work:
        if wanted == OTHERS:
            own_sign_ins.end_others(work, this_sign_in(work, session[TOKEN]))
            flash("You are signed out everywhere else.", "success")
        elif (sign_in_id := _id(wanted)) is not None:
            own_sign_ins.end_one(work, sign_in_id)
            flash("That sign-in has ended.", "success")
    return _back()


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _actor() -> Actor:
    actor: Actor = g.actor
    return actor


def _back() -> ResponseReturnValue:
    return redirect(url_for("account.show"), 303)
