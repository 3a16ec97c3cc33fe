"""The progress page, its chart on the page, and the same chart as a file."""

from uuid import UUID

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from ipt_tracker.charts import export
from ipt_tracker.charts.progress import Progress
from ipt_tracker.clinical.evidence.patient_benchmark import subgroup_words
from ipt_tracker.governance.access import Permission
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.progress import note_download, read_chart, read_progress
from ipt_tracker.web.policy import needs
from ipt_tracker.web.progress.forms import chosen
from ipt_tracker.web.progress.view import beside_view
from ipt_tracker.web.strip import course_page
from ipt_tracker.web.work import begin_reading, given

progress = Blueprint("progress", __name__, url_prefix="/courses/<uuid:course_id>/progress")

FORMATS = {"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf"}
PRINT_DPI = 300
MOST_LINES = 60
"""Longer tables show the first and the newest scores, and all of them on request."""


@progress.route("", methods=["GET"])
@needs(Permission.OPEN_COURSE)
def show(course_id: UUID) -> ResponseReturnValue:
    """Show the verdict, the chart, the scores and the trials beside them."""
    choice = chosen()
    with begin_reading() as work:
        course = open_course(work, course_id, Permission.OPEN_COURSE)
        facts, found = read_progress(work, course, choice.chart, given().version)
        beside = beside_view(found, facts, choice.sd) if found else None
        page = course_page(
            work,
            "progress/show.html",
            facts,
            progress=found,
            alt=export.alt(found.picture) if found else "",
            choice=choice,
            beside=beside,
            subgroups=subgroup_words("dx_ptsd"),
            most=10**6 if request.args.get("rows") == "all" else MOST_LINES,
        )
    return page, 422 if beside and beside.problem else 200


@progress.route("/chart.svg", methods=["GET"])
@needs(Permission.OPEN_COURSE)
def chart(course_id: UUID) -> Response:
    """Give the picture that the page shows."""
    with begin_reading() as work:
        course = open_course(work, course_id, Permission.OPEN_COURSE)
        picture = read_chart(work, course, chosen().chart, given().version)
    return Response(_bytes(picture, "svg"), mimetype=FORMATS["svg"])


@progress.route("/download/chart.<any(svg, png, pdf):fmt>", methods=["GET"])
@needs(Permission.DOWNLOAD_CHART)
def download(course_id: UUID, fmt: str) -> Response:
    """Give the same picture as a file; that it left the building is written down first."""
    choice = chosen().chart
    with begin_reading() as work:
        course = open_course(work, course_id, Permission.DOWNLOAD_CHART)
        content = _bytes(read_chart(work, course, choice, given().version), fmt)
        note_download(work, course, fmt, choice)
    response = Response(content, mimetype=FORMATS[fmt])
    response.headers["Content-Disposition"] = f'attachment; filename="progress-chart.{fmt}"'
    return response


def _bytes(picture: Progress | None, fmt: str) -> bytes:
    if picture is None:
        raise NotFound
    if fmt == "png":
        return export.png(picture, PRINT_DPI)
    return export.pdf(picture) if fmt == "pdf" else export.svg(picture)
