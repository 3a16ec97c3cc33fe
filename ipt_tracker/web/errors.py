"""What a person sees when something cannot be done. No page tells what it must not."""

import logging
import secrets

from flask import Flask, g, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, generate_csrf
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from ipt_tracker.governance.access import AccessDenied
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.trouble import trouble_of
from ipt_tracker.services.identity.recognition import NOBODY
from ipt_tracker.services.unit_of_work import ChangedMeanwhile, DatabaseFailed, Subject
from ipt_tracker.web.auth.kept import KeptForm, is_script
from ipt_tracker.web.identity import TOKEN, to_sign_in
from ipt_tracker.web.not_saved import not_saved
from ipt_tracker.web.work import begin_work, current_actor

PAGES = {400: "400", 403: "403", 404: "404", 405: "404", 413: "413", 503: "503"}
log = logging.getLogger("ipt_tracker")


def install(app: Flask) -> None:
    """Answer every failure with a page of our own."""
    app.register_error_handler(AccessDenied, _denied)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(ChangedMeanwhile, _changed_meanwhile)
    app.register_error_handler(DatabaseFailed, _database)
    app.register_error_handler(Exception, _bug)
    for logger in (log, logging.getLogger("waitress")):
        logger.addFilter(WITHOUT_WORDS)  # added once, however many applications there are


def _denied(denied: AccessDenied) -> ResponseReturnValue:
    """Write the refusal down, then answer exactly as if there were no such record."""
    if current_actor() is not None:
        ids = "/".join(str(v) for v in (request.view_args or {}).values())
        with begin_work() as work:
            work.audit(
                Event.ACCESS_REFUSED,
                Subject("page", ids[:60]),
                endpoint=request.endpoint,
                permission=str(denied),
            )
    return render_template("errors/404.html"), 404


def _stale_form(_: CSRFError) -> ResponseReturnValue:
    """Ask for a sign-in that ended elsewhere, in another tab; what was typed goes through it."""
    ours = request.headers.get("Sec-Fetch-Site") == "same-origin"
    if ours and TOKEN not in session and request.endpoint not in {None, "auth.sign_in"}:
        g.actor, g.who = None, NOBODY
        return to_sign_in()
    if ours and TOKEN in session:
        return _other_token()
    return render_template("errors/400.html"), 400


def _other_token() -> ResponseReturnValue:
    """Offer a form of ours again whose token is of an older sign-in, in another tab of the browser.

    Only this site's own pages can ask so: what they sent goes back to them, with today's token.
    """
    if is_script(request):
        return {"csrf_token": generate_csrf()}, 400
    kept = KeptForm.of_refused(request)
    if kept is None or request.endpoint is None:
        return render_template("errors/400.html"), 400
    return render_template("auth/send_again.html", kept=kept), 400


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or isinstance(error, RequestRedirect):
        return error
    return render_template(f"errors/{PAGES.get(error.code, '400')}.html"), error.code


def _changed_meanwhile(_: ChangedMeanwhile) -> ResponseReturnValue:
    return render_template("errors/409.html"), 409


def _database(error: DatabaseFailed) -> ResponseReturnValue:
    """Say what is wrong with the database, and offer what was typed again; else it is a bug."""
    trouble = trouble_of(error)
    if trouble is None:
        return _bug(error)
    log.error("database: %s, %s", trouble, type(error.orig).__name__)
    return not_saved(trouble)


def _bug(error: Exception) -> ResponseReturnValue:
    """Log where it happened, never what was in it: exception texts can hold a patient's words."""
    incident = secrets.token_hex(4)
    log.error("incident %s %s", incident, _where(error))
    return render_template("errors/500.html", incident=incident), 500


def _where(error: BaseException) -> str:
    """Give the type of an error and the places that it came through."""
    trace = error.__traceback__
    places = []
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return f"{type(error).__name__} at {' < '.join(places[-6:])}"


class _WithoutWords(logging.Filter):
    """Keep to that also where the framework or the server logs an error by itself."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and record.exc_info[1]:
            said = f"{record.getMessage()}: {_where(record.exc_info[1])}"
            record.msg, record.args = said, ()
            record.exc_info = record.exc_text = None
        return True


WITHOUT_WORDS = _WithoutWords()
