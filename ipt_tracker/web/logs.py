"""One line for each request, as JSON on stderr, and nothing in it that could name a patient.

It has the endpoint's name in place of the address, because an address can hold what was typed; no
query, no form, no referrer and no words of the browser.
"""

import json
import logging
import secrets
import sys
import time
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, g, request

from ipt_tracker.web.identity import FRAMEWORK_ENDPOINTS
from ipt_tracker.web.work import current_actor

log = logging.getLogger("ipt_tracker.requests")
METHODS = {"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"}


def install(app: Flask) -> None:
    """Number each request, write it down when it is answered, and tell error pages the number."""
    log.setLevel(logging.INFO)
    app.before_request(_begin)
    app.after_request(_write)
    app.context_processor(lambda: {"request_id": g.get("request_id")})


def _begin() -> None:
    g.request_id, g.began = secrets.token_hex(8), time.perf_counter()


def _write(response: Response) -> Response:
    if request.endpoint in FRAMEWORK_ENDPOINTS or "request_id" not in g:
        return response
    response.headers["X-Request-ID"] = g.request_id
    actor = current_actor()
    log.info(
        "request",
        extra={
            "said": {
                "request": g.request_id,
                "endpoint": request.endpoint,
                "method": request.method if request.method in METHODS else "other",
                "status": response.status_code,
                "milliseconds": round((time.perf_counter() - g.began) * 1000, 1),
                "actor": str(actor.id) if actor else None,
            }
        },
    )
    return response


class AsJson(logging.Formatter):
    """One record, one line of JSON, so that no text can pretend to be a second line."""

    def format(self, record: logging.LogRecord) -> str:
        """Write the moment, the level, and either the facts of a request or a message."""
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        said: dict[str, Any] = getattr(record, "said", None) or {"message": record.getMessage()}
        return json.dumps({"time": moment, "level": record.levelname.lower(), **said})


class Stderr(logging.Handler):
    """Writes to whatever stderr is at the moment."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        sys.stderr.write(f"{self.format(record)}\n")


def to_stderr() -> None:
    """Send the application's log to stderr, once, whoever keeps it from there."""
    ours = logging.getLogger("ipt_tracker")
    if not any(isinstance(handler, Stderr) for handler in ours.handlers):
        handler = Stderr()
        handler.setFormatter(AsJson())
        ours.addHandler(handler)
