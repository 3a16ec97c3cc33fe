"""Who has seen a patient's record: the page for those in charge, and the paper for the patient."""

from uuid import UUID

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from ipt_tracker.governance.access import Permission
from ipt_tracker.services.audit.access_log import access_log_file, read_access_log
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.outline import outline
from ipt_tracker.web.policy import needs
from ipt_tracker.web.strip import course_page
from ipt_tracker.web.work import begin_reading, given

access_log = Blueprint("access_log", __name__, url_prefix="/courses/<uuid:course_id>/access-log")
SEE = Permission.SEE_ACCESS_LOG


@access_log.route("", methods=["GET"])
@needs(SEE)
def show(course_id: UUID) -> ResponseReturnValue:
    """Show by day and person who opened the record and what they changed."""
    with begin_reading() as work:
        course = open_course(work, course_id, SEE)
        log = read_access_log(work, course, _software())
        return course_page(work, "audit/access_log.html", outline(work, course), log=log)


@access_log.route("/paper.pdf", methods=["GET"])
@needs(SEE)
def paper(course_id: UUID) -> Response:
    """Give it as a document for the patient; that it was printed is written down first."""
    with begin_reading() as work:
        course = open_course(work, course_id, SEE)
        content = access_log_file(work, course, read_access_log(work, course, _software()))
    response = Response(content, mimetype="application/pdf")
    response.headers["Content-Disposition"] = 'attachment; filename="access-log.pdf"'
    return response


def _software() -> str:
    return f"IPT Tracker {given().version}"
