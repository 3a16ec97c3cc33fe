"""Who is asking, and may they use this view at all? Closed by default."""

from typing import Any

from flask import Flask, current_app, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Forbidden

from ipt_tracker.governance.access import (
    OF_A_COURSE,
    OF_A_GROUP,
    OF_THE_CLINIC,
    AccessDenied,
    Actor,
    Permission,
)
from ipt_tracker.services.identity.recognition import NOBODY, recognise
from ipt_tracker.web.auth.forms import ConfirmForm, LockedForm, SignInForm
from ipt_tracker.web.auth.kept import KeptForm, is_by_itself, is_script
from ipt_tracker.web.policy import public
from ipt_tracker.web.work import given

TOKEN = "token"  # noqa: S105 -- the name of a place in the cookie
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
FRAMEWORK_ENDPOINTS = {"static", "bootstrap.static"}
"""Endpoints that come with the framework: style sheets and scripts."""


def install(app: Flask) -> None:
    """Ask these questions before every request."""
    for endpoint in FRAMEWORK_ENDPOINTS:
        app.view_functions[endpoint] = public(_own(app.view_functions[endpoint]))
    app.before_request(_recognise)
    app.before_request(_refuse_other_sites)
    app.before_request(_check_policy)


def _own(view: Any) -> Any:  # noqa: ANN401 -- a view of the framework
    def serve(**values: Any) -> Any:  # noqa: ANN401 -- a view of the framework
        return view(**values)

    return serve


def _recognise() -> None:
    g.who = NOBODY
    token = session.get(TOKEN)
    if token is not None and request.endpoint not in FRAMEWORK_ENDPOINTS:
        made, active = given(), not is_by_itself(request)
        g.who = recognise(made.database, token, made.clock(), made.today(), active=active)
    g.actor = g.who.actor


def _refuse_other_sites() -> None:
    """Refuse a change that another site asked for, whatever its token says."""
    if request.method in SAFE_METHODS:
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    is_own = origin == request.host_url.rstrip("/")
    if site is not None:
        # Browsers that send this say "null" as Origin, because our pages send no referrer.
        allowed = site in {"same-origin", "none"} and (is_own or origin in {None, "null"})
    else:
        allowed = is_own or (given().is_demo and origin is None)
    if not allowed:
        raise Forbidden


def _check_policy() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None  # no such address: the 404 page answers
    view = current_app.view_functions[request.endpoint]
    policy = getattr(view, "policy", None)
    if policy == "public":
        return None
    if policy is None:
        raise Forbidden
    if g.actor is None:
        return to_sign_in()
    if isinstance(policy, Permission) and not _role_can(g.actor, policy):
        raise AccessDenied(policy)
    if _has_to_enrol(view):
        return redirect(url_for("account.second_factor"), 303)
    if hasattr(view, "fresh") and not g.who.fresh:
        return to_confirm()
    return None


def _has_to_enrol(view: object) -> bool:
    return must_enrol() and not hasattr(view, "before_enrolment")


def must_enrol() -> bool:
    """Say whether the second factor that the clinic asks for has to be set up first."""
    return given().second_factor_required and not g.who.has_factor


def _role_can(actor: Actor, permission: Permission) -> bool:
    role = actor.role
    return permission in OF_THE_CLINIC[role] | OF_A_COURSE[role] | OF_A_GROUP[role]


def to_sign_in() -> ResponseReturnValue:
    """Ask for the sign-in, or for the password alone where it is only locked.

    Whatever form was sent too late is carried through it.
    """
    place = "auth.locked" if g.who.idle else "auth.sign_in"
    if request.method in SAFE_METHODS:
        return redirect(url_for(place, next=wanted()), 303)
    if is_script(request):
        return "Sign in again.", 401
    kept = KeptForm.of_refused(request)
    if kept is None:
        return redirect(url_for(place), 303)
    form = LockedForm(None) if g.who.idle else SignInForm(None)
    page = render_template(f"{place.replace('.', '/')}.html", form=form, kept=kept, who=g.who)
    return page, 401


def to_confirm() -> ResponseReturnValue:
    """Ask for the password or a one-time code; a form that was sent is carried through it."""
    if request.method in SAFE_METHODS:
        return redirect(url_for("auth.confirm", next=wanted()), 303)
    kept = KeptForm.of_refused(request)
    if kept is None:
        return redirect(url_for("auth.confirm"), 303)
    page = render_template("auth/confirm.html", form=ConfirmForm(None), kept=kept, who=g.who)
    return page, 401


def wanted() -> str:
    """Give the address that was asked for, as it goes into the one that asks to sign in."""
    return request.full_path if request.query_string else request.path
