"""The areas of the site, in the order of their addresses."""

from flask import Flask

from ipt_tracker.web.admin.routes import admin
from ipt_tracker.web.admin.settings import settings
from ipt_tracker.web.auth.routes import auth
from ipt_tracker.web.caseload.routes import caseload
from ipt_tracker.web.courses.routes import courses
from ipt_tracker.web.due.routes import due
from ipt_tracker.web.measures.routes import measures
from ipt_tracker.web.progress.routes import progress
from ipt_tracker.web.schedules.routes import schedules
from ipt_tracker.web.sessions.routes import sessions

AREAS = (auth, admin, settings, caseload, due, courses, schedules, sessions, measures, progress)


def install(app: Flask) -> None:
    """Register every area."""
    for area in AREAS:
        app.register_blueprint(area)
