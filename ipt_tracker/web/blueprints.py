"""The areas of the site, in the order of their addresses."""

from flask import Flask

from ipt_tracker.web.account.by_code import by_code
from ipt_tracker.web.account.routes import account
from ipt_tracker.web.admin.entrance import entrance
from ipt_tracker.web.admin.item_sets import item_sets
from ipt_tracker.web.admin.routes import admin
from ipt_tracker.web.admin.settings import settings
from ipt_tracker.web.appointments.routes import appointments
from ipt_tracker.web.assessments.asking import asking
from ipt_tracker.web.assessments.routes import assessments
from ipt_tracker.web.audit.access_log import access_log
from ipt_tracker.web.audit.routes import audit
from ipt_tracker.web.auth.routes import auth
from ipt_tracker.web.batches.routes import batches
from ipt_tracker.web.benchmark.routes import benchmark
from ipt_tracker.web.caseload.routes import caseload
from ipt_tracker.web.contact.routes import contact
from ipt_tracker.web.courses.routes import courses
from ipt_tracker.web.drafts.routes import drafts
from ipt_tracker.web.due.routes import due
from ipt_tracker.web.emergency.routes import emergency
from ipt_tracker.web.evidence.routes import evidence
from ipt_tracker.web.evidence_sets.routes import evidence_sets
from ipt_tracker.web.evidence_sets.trials import evidence_trials
from ipt_tracker.web.exports.routes import exports
from ipt_tracker.web.fidelity.routes import fidelity
from ipt_tracker.web.files.routes import files
from ipt_tracker.web.goals.routes import goals
from ipt_tracker.web.groups.meetings import group_sessions
from ipt_tracker.web.groups.routes import groups
from ipt_tracker.web.health.routes import health
from ipt_tracker.web.inventory.routes import inventory
from ipt_tracker.web.measures.routes import measures
from ipt_tracker.web.notes.process import process_notes
from ipt_tracker.web.notes.routes import notes
from ipt_tracker.web.progress.routes import progress
from ipt_tracker.web.records.routes import records
from ipt_tracker.web.reports.routes import reports
from ipt_tracker.web.schedules.routes import schedules
from ipt_tracker.web.score_imports.routes import score_imports
from ipt_tracker.web.sessions.routes import sessions
from ipt_tracker.web.supervision.figures import fidelity_figures
from ipt_tracker.web.supervision.meetings import meetings
from ipt_tracker.web.supervision.plans import sampling
from ipt_tracker.web.supervision.portfolio import portfolio
from ipt_tracker.web.supervision.routes import supervision
from ipt_tracker.web.supervision.takeover import takeover
from ipt_tracker.web.timeline.routes import timeline
from ipt_tracker.web.today.routes import today
from ipt_tracker.web.worksheets.routes import worksheets

AREAS = (
    auth,
    by_code,
    account,
    health,
    drafts,
    admin,
    entrance,
    settings,
    records,
    item_sets,
    today,
    caseload,
    score_imports,
    batches,
    exports,
    benchmark,
    due,
    courses,
    schedules,
    sessions,
    appointments,
    notes,
    process_notes,
    contact,
    measures,
    progress,
    reports,
    files,
    inventory,
    timeline,
    worksheets,
    goals,
    groups,
    group_sessions,
    evidence,
    evidence_sets,
    evidence_trials,
    fidelity,
    takeover,
    fidelity_figures,
    supervision,
    meetings,
    portfolio,
    sampling,
    emergency,
    audit,
    access_log,
    asking,
    assessments,
)


def install(app: Flask) -> None:
    """Register every area."""
    for area in AREAS:
        app.register_blueprint(area)
