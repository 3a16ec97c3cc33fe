"""Reports of a course: the preview, and the same as a PDF."""

from uuid import UUID

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission
from ipt_tracker.governance.disguise import Disguise
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.outline import outline
from ipt_tracker.services.reports.files import report_document, report_file
from ipt_tracker.web.policy import fresh, needs
from ipt_tracker.web.reports.forms import KINDS, Chosen, chosen
from ipt_tracker.web.reports.view import sections
from ipt_tracker.web.strip import course_page
from ipt_tracker.web.work import begin_reading, given

reports = Blueprint("reports", __name__, url_prefix="/courses/<uuid:course_id>/reports")

NAMES = {"progress": "progress-report", "letter": "letter"}
CONFLICT = 409


@reports.route("", methods=["GET"])
@needs(Permission.PRINT_REPORT)
def show(course_id: UUID) -> ResponseReturnValue:
    """Show what the chosen report says, before it is taken."""
    choice = chosen()
    with begin_reading() as work:
        course = open_course(work, course_id, Permission.PRINT_REPORT)
        problem, document = "", None
        try:
            document = report_document(
                work,
                course,
                choice.kind,
                given().version,
                _disguise(choice),
                fidelity=choice.fidelity,
            )
        except RuleBroken as broken:
            problem = broken.message
        return course_page(
            work,
            "reports/show.html",
            outline(work, course),
            document=document,
            sections=sections(document) if document else (),
            problem=problem,
            choice=choice,
            kinds=KINDS,
        )


@reports.route("/<any(progress, letter):kind>.pdf", methods=["GET"])
@needs(Permission.PRINT_REPORT)
@fresh
def download(course_id: UUID, kind: str) -> Response:
    """Give a report as a file; that it leaves the building is written down first."""
    choice = chosen(kind)
    with begin_reading() as work:
        course = open_course(work, course_id, Permission.PRINT_REPORT)
        try:
            content = report_file(
                work,
                course,
                kind,
                given().version,
                _disguise(choice),
                fidelity=choice.fidelity,
            )
        except RuleBroken as broken:
            return Response(f"{broken.message}\n", CONFLICT, mimetype="text/plain")
    response = Response(content, mimetype="application/pdf")
    name = f"{NAMES[kind]}{'-without-names' if choice.without_names else ''}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return response


def _disguise(choice: Chosen) -> Disguise | None:
    return Disguise(given().disguise_key) if choice.without_names else None
