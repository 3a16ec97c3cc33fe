"""The application, wired together: read it from top to bottom."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from flask import Flask
from flask_bootstrap import Bootstrap5
from flask_wtf.csrf import CSRFProtect

from ipt_tracker import __version__
from ipt_tracker.config import Config
from ipt_tracker.persistence.engine import open_database
from ipt_tracker.persistence.schema import require_newest
from ipt_tracker.resources import folder
from ipt_tracker.web import blueprints, converters, errors, headers, identity, page
from ipt_tracker.web.work import Given

LARGEST_REQUEST = 1_000_000
"""Bytes. A form with a long note is a few thousand; Flask itself sets no limit on forms."""


def now() -> datetime:
    """Give the present moment: the one clock of the application."""
    return datetime.now(UTC)


def create_app(config: Config, clock: Callable[[], datetime] = now) -> Flask:
    """Make the application for one instance.

    Raises SchemaTooOld when the database is not at the schema that this version needs.
    """
    database = open_database(config.database_url, config.database_key, audit=config.audit)
    require_newest(database)

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
        second_factor_required=config.second_factor_required,
    )

    Bootstrap5(app)
    CSRFProtect(app)
    converters.install(app)
    blueprints.install(app)
    identity.install(app)
    errors.install(app)
    headers.install(app)
    page.install(app)
    return app


def settings(config: Config) -> dict[str, object]:
    """Give Flask its settings. In the demo on loopback, plain HTTP, cookies go without Secure."""
    return {
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
