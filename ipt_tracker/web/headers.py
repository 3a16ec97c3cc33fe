"""Headers on every answer, errors and files included."""

from http import HTTPStatus

from flask import Flask, Response, request
from werkzeug.exceptions import SecurityError

from ipt_tracker.web.identity import FRAMEWORK_ENDPOINTS
from ipt_tracker.web.work import given

# data: images are for Bootstrap's style sheet, which draws its icons so.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; object-src 'none'"
)
ALWAYS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
A_YEAR = 31_536_000


def install(app: Flask) -> None:
    """Set them after every request."""
    app.after_request(_harden)
    app.register_error_handler(SecurityError, _other_name)


def _other_name(_: SecurityError) -> Response:
    """Refuse an address that is not ours in plain words: no link can be made under it."""
    said = "This is not an address of IPT Tracker. Whoever runs it names them in IPT_HOSTS."
    return Response(f"{said}\n", HTTPStatus.BAD_REQUEST, mimetype="text/plain")


def _harden(response: Response) -> Response:
    response.headers.update(ALWAYS)
    if not given().is_demo and request.is_secure:
        response.headers["Strict-Transport-Security"] = f"max-age={A_YEAR}; includeSubDomains"
    if request.endpoint in FRAMEWORK_ENDPOINTS and response.status_code < HTTPStatus.BAD_REQUEST:
        # Pages name the version in the address, so a new version is a new address.
        response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    else:
        response.headers["Cache-Control"] = "no-store"
    return response
