"""The application, wired together: read it from top to bottom."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from flask import Flask
from flask_bootstrap import Bootstrap5
from flask_wtf.csrf import CSRFProtect

from ipt_tracker import __version__
from ipt_tracker.config import Config, load
from ipt_tracker.persistence.audit_chain import anchor
from ipt_tracker.persistence.backup_folder import late, listed
from ipt_tracker.persistence.durability import require_durable
from ipt_tracker.persistence.engine import open_database
from ipt_tracker.persistence.exposure import require_safe
from ipt_tracker.persistence.schema import require_newest
from ipt_tracker.resources import folder
from ipt_tracker.web import (
    blueprints,
    converters,
    errors,
    headers,
    identity,
    logs,
    page,
    plain_words,
    proxy,
)
from ipt_tracker.web.work import Given

OWN_NAMES = ("127.0.0.1", "localhost", "[::1]")
"""This machine's own names: always answered, for its proxy and its health checks."""
LARGEST_REQUEST = 1_000_000
"""Bytes. A form with a long note is a few thousand; Flask itself sets no limit on forms."""


def now() -> datetime:
    """Give the present moment: the one clock of the application."""
    return datetime.now(UTC)


def create_app(config: Config, clock: Callable[[], datetime] = now) -> Flask:
    """Make the application for one instance.

    Raises SchemaTooOld when the database is not at the schema that this version needs, and
    UnsafeInstance or UnsafeDatabase when records of real patients would be exposed or lost.
    """
    require_safe(config)
    database = open_database(config.database_url, config.database_key, audit=config.audit)
    require_newest(database)
    if not config.is_demo:
        require_durable(database)
    with database.read() as session:
        anchor(session, config.audit, "start", clock())

    app = Flask(
        "ipt_tracker",
        template_folder=str(folder("templates")),
        static_folder=str(folder("static")),
        instance_path=str(config.instance),
    )
    app.config.update(settings(config))
    app.extensions["ipt_tracker"] = Given(
        database,
        clock,
        config.is_demo,
        __version__,
        config.keys.factor,
        config.keys.disguise,
        second_factor_required=config.second_factor_required,
        plain_records=config.is_embedded and not config.encrypted,
        backup_is_late=lambda at: not config.is_demo and late(listed(config.backups), at),
    )

    logs.install(app)  # first, so that it also tells what the others refuse
    if not config.is_demo:
        logs.to_stderr()
    Bootstrap5(app)
    CSRFProtect(app)
    converters.install(app)
    blueprints.install(app)
    identity.install(app)
    plain_words.install(app)
    errors.install(app)
    headers.install(app)
    page.install(app)
    return app


def from_environment() -> Flask:
    """Make the application for a server of several processes: "ipt_tracker.app:from_environment()".

    The server itself listens on this machine alone, behind a proxy with TLS.
    """
    config = load()
    app = create_app(config)
    if config.behind_proxy:
        vars(app)["wsgi_app"] = proxy.behind_one(app.wsgi_app)  # as Flask's own documentation does
    return app


def settings(config: Config) -> dict[str, object]:
    """Give Flask its settings. In the demo on loopback, plain HTTP, cookies go without Secure."""
    return {
        "TRUSTED_HOSTS": [*config.hosts, *OWN_NAMES],
        "SECRET_KEY": config.cookie_key,
        "MAX_CONTENT_LENGTH": LARGEST_REQUEST,
        "MAX_FORM_MEMORY_SIZE": LARGEST_REQUEST,
        "MAX_FORM_PARTS": 1000,
        "SESSION_COOKIE_NAME": "ipt_demo" if config.is_demo else "__Host-ipt",
        "SESSION_COOKIE_SECURE": not config.is_demo,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Strict",
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=12),
        "WTF_CSRF_TIME_LIMIT": None,  # the token lives as long as the sign-in
        "WTF_CSRF_SSL_STRICT": False,  # needs a Referer, which our pages never send; see identity
        "BOOTSTRAP_SERVE_LOCAL": True,
    }
