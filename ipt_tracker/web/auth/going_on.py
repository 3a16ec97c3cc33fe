"""Where somebody goes after proving who they are: on with what they were doing."""

from flask import g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from ipt_tracker.governance.access import OF_THE_CLINIC, Role
from ipt_tracker.web.addresses import is_ours
from ipt_tracker.web.auth.kept import KeptForm
from ipt_tracker.web.identity import TOKEN
from ipt_tracker.web.page import MAIN

FILES = "/download"
"""A part of the address of what a browser keeps as a file instead of showing it."""


def go_on(token: str, otherwise: str = "auth.home") -> ResponseReturnValue:
    """Take up the new token and go on: send a kept form again, or show the page asked for."""
    session[TOKEN] = token
    kept = KeptForm.carried(request)
    if kept is not None:
        return render_template("auth/send_again.html", kept=kept)
    after = safe_next()
    if after and FILES in after:  # the browser would stay on the page that asked for the password
        return render_template("auth/take_file.html", file=after)
    return redirect(after or url_for(otherwise), 303)


def safe_next() -> str | None:
    """Give the page to go back to, only ever one of this application."""
    wanted = request.args.get("next", "")
    return wanted if is_ours(wanted) else None


def first_page() -> str:
    """Give the page that somebody starts from: the first of the main navigation that is theirs."""
    if g.actor.role is Role.ADMINISTRATOR:
        return url_for("admin.accounts")
    open_to = OF_THE_CLINIC[g.actor.role]
    return url_for(next(endpoint for needed, _, endpoint in MAIN if needed in open_to))
