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
from ipt_tracker.services import accounts
from ipt_tracker.web.auth.forms import SignInForm
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
    g.actor, g.was_idle = None, False
    token = session.get(TOKEN)
    if token is None or request.endpoint in FRAMEWORK_ENDPOINTS:
        return
    made, active = given(), not is_by_itself(request)
    found = accounts.recognise(made.database, token, made.clock(), made.today(), active=active)
    g.actor, g.was_idle = found.actor, found.idle


def _refuse_other_sites() -> None:
    """Refuse a change that another site asked for, whatever its token says."""
    if request.method in SAFE_METHODS:
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        # Browsers that send this say "null" as Origin, because our pages send no referrer.
        allowed = site in {"same-origin", "none"}
    else:
        origin = request.headers.get("Origin")
        own = request.host_url.rstrip("/")
        allowed = origin == own or (given().is_demo and origin is None)
    if not allowed:
        raise Forbidden


def _check_policy() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None  # no such address: the 404 page answers
    policy = getattr(current_app.view_functions[request.endpoint], "policy", None)
    if policy == "public":
        return None
    if policy is None:
        raise Forbidden
    if g.actor is None:
        return to_sign_in()
    if isinstance(policy, Permission) and not _role_can(g.actor, policy):
        raise AccessDenied(policy)
    return None


def _role_can(actor: Actor, permission: Permission) -> bool:
    role = actor.role
    return permission in OF_THE_CLINIC[role] | OF_A_COURSE[role] | OF_A_GROUP[role]


def to_sign_in() -> ResponseReturnValue:
    """Ask for the sign-in, and carry through it whatever form was sent too late."""
    if request.method == "GET":
        return redirect(url_for("auth.sign_in", next=request.path), 303)
    if is_script(request):
        return "Sign in again.", 401
    kept = KeptForm.of_refused(request)
    if kept is None:
        return redirect(url_for("auth.sign_in"), 303)
    page = render_template("auth/sign_in.html", form=SignInForm(None), kept=kept, idle=g.was_idle)
    return page, 401
